import { expect, it } from 'vitest';
import { breakable } from '../../forge-app/ui/breakable.ts';

it.each([
  ['TAN ↔ Tandem', 'TAN ↔ Tandem'],
  ['x'.repeat(30), 'x'.repeat(30)],
  ['x'.repeat(31), `${'x'.repeat(30)}\u200bx`],
  [`${'😀'.repeat(31)} short`, `${'😀'.repeat(30)}\u200b😀 short`],
])('a name such as %s may be broken where it is too long', (name, shown) => {
  expect(breakable(name)).toBe(shown);
});
