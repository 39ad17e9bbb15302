// Writes WIQL. The only foreign text that enters a query is the profile's filter, which is checked here to be one closed
// condition, and values, which are quoted.

import type { ChangedWithin } from '../sync/date-range.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';

/** A text literal; a quote is doubled (learn.microsoft.com, "WIQL syntax reference"). */
export const quote = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/**
 * Why a text can't stand as `(filter)` in a WHERE clause, in words for the person who typed it; undefined when it can. What
 * the fields and operators mean is the service's to judge.
 */
export function filterProblem(filter: string): string | undefined {
  if (filter.trim() === '') return 'The filter is empty.';
  let depth = 0;
  for (const token of filter.matchAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|\[[^[\]]*\]|[A-Za-z_@][\w@.]*|[\s\S]/g)) {
    const [text] = token;
    const place = `at character ${token.index + 1}`;
    if (text === '(') depth += 1;
    else if (text === ')') depth -= 1;
    else if (text === "'" || text === '"') return `The text that begins ${place} is not closed.`;
    else if (text === '[' || text === ']') return `The field name ${place} is not closed.`;
    else if (text === ';') return `A semicolon is not allowed (${place}).`;
    else if (clauses.has(text.toUpperCase())) {
      return `Only the condition of a WHERE clause is allowed, without ${text.toUpperCase()} (${place}).`;
    }
    if (depth < 0) return `The bracket ${place} closes nothing.`;
  }
  return depth > 0 ? 'A bracket is not closed.' : undefined;
}

const clauses: ReadonlySet<string> = new Set(['SELECT', 'FROM', 'WHERE', 'ORDER', 'GROUP', 'ASOF', 'MODE']);

/** `(filter)`, or nothing when there is none. Throws `invalid-value` for the profile when it is not one condition. */
export function filterCondition(filter: string | undefined): string | undefined {
  if (filter === undefined || filter.trim() === '') return undefined;
  const problem = filterProblem(filter);
  if (problem !== undefined) {
    throw new SyncFailure(
      syncError('invalid-value', {
        side: 'azure',
        level: 'profile',
        retry: 'on-change',
        field: 'filter',
        detail: problem,
      }),
    );
  }
  return `(${filter})`;
}

/**
 * What changed last in that time, for a query with `timePrecision`: without it a literal with a time is refused ("You cannot
 * supply a time with the date when running a query using date precision", https://github.com/gastownhall/beads/issues/2831),
 * and a day would be one of the zone of the account that asks. The `Z` makes it one instant whoever asks:
 * https://learn.microsoft.com/azure/devops/boards/queries/wiql-syntax ("Date-time pattern").
 */
export const changedWithin = ({ from, before }: ChangedWithin): readonly string[] => [
  ...(from === undefined ? [] : [`[System.ChangedDate] >= ${quote(instant(from))}`]),
  ...(before === undefined ? [] : [`[System.ChangedDate] < ${quote(instant(before))}`]),
];

const instant = (ms: number): string => new Date(ms).toISOString();

/** Ids of the items for which every condition holds, ascending or descending by id. */
export const selectIds = (conditions: readonly (string | undefined)[], order: 'ASC' | 'DESC' = 'ASC'): string => {
  const where = conditions.filter((condition) => condition !== undefined).join(' AND ');
  return `SELECT [System.Id] FROM WorkItems WHERE ${where} ORDER BY [System.Id] ${order}`;
};
