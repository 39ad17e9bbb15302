// The threat model names the test that shows each claim: those that it names must be there.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const docs = join(import.meta.dirname, '../../docs');

it('every test and page that docs/security.md names is there', () => {
  const text = readFileSync(join(docs, 'security.md'), 'utf8');
  const named = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, path = '']) => path);
  expect(named.filter((path) => path.startsWith('../test/')).length).toBeGreaterThan(20);
  expect(named.filter((path) => !existsSync(join(docs, path)))).toEqual([]);
});

it('every attacker has a test that shows what stops them', () => {
  const text = readFileSync(join(docs, 'security.md'), 'utf8');
  const table = text.slice(text.indexOf('| attacker'), text.indexOf('Not stopped'));
  const rows = table.split('\n').filter((line) => /^\| [a-z]/.test(line) && !line.startsWith('| attacker'));
  expect(rows.length).toBeGreaterThan(15);
  expect(rows.filter((row) => !row.includes('../test/'))).toEqual([]);
});
