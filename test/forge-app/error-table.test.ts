import { expect, it } from 'vitest';
import { errorFile } from '../../forge-app/admin/error-table.ts';
import type { ErrorRecord } from '../../forge-app/contract.ts';

const error: ErrorRecord = {
  ref: 'r',
  pairId: 'p',
  code: 'conflict',
  level: 'field',
  cause: 'Changed on both sides, “a, b”.',
  remedy: 'Choose.\nOr "ask".',
  detail: '=HYPERLINK("https://evil.example")',
  subject: 'summary~System.Title',
  jiraKey: 'TAN-1',
  azureId: '7',
  jiraUrl: null,
  azureUrl: null,
  firstAt: '2026-11-24T10:00:00.000Z',
  lastAt: '2026-11-24T11:00:00.000Z',
  count: 2,
  retryAt: null,
  ignored: true,
  ignoredFor: 'known',
  choosable: true,
};

it('writes a table that a spreadsheet reads and runs nothing of', () => {
  const [head, row] = errorFile([error], 'csv').split('\r\n');
  expect(head).toMatch(/^code,level,cause,remedy,detail,subject,jiraKey/);
  expect(row).toBe(
    `conflict,field,"Changed on both sides, “a, b”.","Choose.\nOr ""ask"".","'=HYPERLINK(""https://evil.example"")",` +
      'summary~System.Title,TAN-1,,7,,2026-11-24T10:00:00.000Z,2026-11-24T11:00:00.000Z,2,,true,known',
  );
  expect(errorFile([], 'csv')).toBe(head);
});

it('writes the same as JSON, without references of the API', () => {
  expect(JSON.parse(errorFile([error], 'json'))).toMatchObject([{ jiraKey: 'TAN-1', count: 2, ignoredFor: 'known' }]);
  expect(errorFile([error], 'json')).not.toContain('"ref"');
});

it.each(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n', '\0'])('lets no cell begin with %j', (start) => {
  const file = errorFile([{ ...error, detail: `${start}1+1` }], 'csv');
  expect(file).toMatch(new RegExp(`",(")?'[${start}]1\\+1(")?,summary~`));
});
