// Composes the searches of a profile. The admin's filter is kept apart in parentheses, so that it can never reach outside its project.

import type { ChangedWithin } from '../sync/date-range.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';

/** A string as JQL takes it: quoted, with backslashes and quotes escaped. */
export const jqlString = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;

/**
 * Checks that the filter stands for itself: quotes closed, parentheses paired, no ordering. What it means is Jira's to judge.
 * Returns it trimmed; null when it is empty. Throws `invalid-value` of the profile with what is wrong.
 */
export function checkedFilter(filter: string | undefined): string | null {
  const text = filter?.trim() ?? '';
  if (text === '') return null;
  let depth = 0;
  let bare = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text[index] ?? '';
    if (character === '"' || character === "'") {
      const end = endOfString(text, index);
      if (end === null) throw invalid(`the quotation mark at character ${index + 1} is never closed`);
      index = end;
      bare += ' ';
    } else if (character === '(') depth += 1;
    else if (character === ')') {
      depth -= 1;
      if (depth < 0) throw invalid(`the parenthesis at character ${index + 1} was never opened`);
    } else bare += character;
  }
  if (depth > 0) throw invalid('a parenthesis is never closed');
  if (/(^|\s)order\s+by(\s|$)/i.test(bare)) throw invalid('it must not have an ORDER BY');
  return text;
}

function endOfString(text: string, start: number): number | null {
  for (let index = start + 1; index < text.length; index += 1) {
    if (text[index] === '\\') index += 1;
    else if (text[index] === text[start]) return index;
  }
  return null;
}

const invalid = (why: string) =>
  new SyncFailure(
    syncError('invalid-value', {
      side: 'jira',
      level: 'profile',
      retry: 'on-admin',
      field: 'jira.filter',
      detail: `The filter cannot be used: ${why}.`,
    }),
  );

export interface Search {
  readonly project: string;
  readonly filter?: string | undefined;
  readonly and?: readonly string[];
  readonly order?: string;
}

/**
 * What changed last in that time. A bare date-time would be read in the zone of the account that asks, and to the minute
 * (https://support.atlassian.com/jira-software-cloud/docs/jql-fields/, "Updated"); epoch milliseconds mean one instant
 * whoever asks (https://github.com/mojira/arisa-kt/pull/214).
 */
export const changedWithin = ({ from, before }: ChangedWithin): readonly string[] => [
  ...(from === undefined ? [] : [`updated >= ${from}`]),
  ...(before === undefined ? [] : [`updated < ${before}`]),
];

export function composeJql({ project, filter, and = [], order }: Search): string {
  const checked = checkedFilter(filter);
  const clauses = [`project = ${jqlString(project)}`, ...and, ...(checked === null ? [] : [`(${checked})`])];
  return `${clauses.join(' AND ')}${order === undefined ? '' : ` ORDER BY ${order}`}`;
}
