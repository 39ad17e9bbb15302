import { describe, expect, it } from 'vitest';
import { parsePairs } from '../../forge-app/admin/editor/lines.ts';
import { becomes, letBecome, letBecomeNothing } from '../../forge-app/admin/editor/state-pairs.ts';
import type { Side, ValuePair } from '../../forge-app/contract.ts';
import fc from '../property.ts';

const pairs = (text: string): readonly ValuePair[] => {
  const parsed = parsePairs(text.split(', ').join('\n'));
  if (!parsed.ok) throw new Error(parsed.text);
  return parsed.value;
};
const usual = pairs('To Do = New, In Progress = Active, Done = Closed, In Review = Active, Done = Resolved');

describe('a state that is chosen', () => {
  it('decides for its own side and leaves all others as they are', () => {
    const after = letBecome(usual, 'jira', 'In Review', 'Resolved');
    expect(becomes(after, 'jira', 'In Review')).toBe('Resolved');
    expect(becomes(after, 'azure', 'Resolved')).toBe('Done');
    expect(becomes(after, 'azure', 'Active')).toBe('In Progress');
    expect(becomes(after, 'jira', 'Done')).toBe('Closed');
  });

  it('gives a state of the other side that had nothing its counterpart too', () => {
    const after = letBecome(pairs('To Do = New'), 'azure', 'Closed', 'Done');
    expect(after).toEqual(pairs('To Do = New, Done = Closed'));
  });

  it('wins where no order of pairs can say it all', () => {
    const knot = pairs('s2 = a2, s2 = a1, s1 = a1');
    const after = letBecome(letBecome(knot, 'azure', 'a2', 's1'), 'jira', 's1', 'a1');
    expect(becomes(after, 'jira', 's1')).toBe('a1');
  });

  it('can become nothing', () => {
    const after = letBecomeNothing(usual, 'azure', 'Active');
    expect(becomes(after, 'azure', 'Active')).toBeUndefined();
    expect(becomes(after, 'jira', 'In Review')).toBeUndefined();
    expect(becomes(after, 'jira', 'Done')).toBe('Closed');
  });
});

it('keeps every other decision wherever an order of pairs can say it', () => {
  const states = { jira: ['j1', 'j2', 'j3'], azure: ['a1', 'a2', 'a3'] };
  const pair = fc.record({ jira: fc.constantFrom(...states.jira), azure: fc.constantFrom(...states.azure) });
  const side = fc.constantFrom<Side>('jira', 'azure');
  fc.assert(
    fc.property(
      fc.uniqueArray(pair, { minLength: 1, maxLength: 6, selector: (one) => one.jira + one.azure }),
      side,
      pair,
      (before, from, wish) => {
        const [state, target] = from === 'jira' ? [wish.jira, wish.azure] : [wish.azure, wish.jira];
        const after = letBecome(before, from, state, target);
        expect(becomes(after, from, state)).toBe(target);
        expect(new Set(after.map((one) => `${one.jira} ${one.azure}`)).size).toBe(after.length);
        // The state's own side is never knotted but by the other side's decisions.
        for (const known of before.map((one) => one[from])) expect(becomes(after, from, known)).toBeDefined();
      },
    ),
  );
});
