// Errors as a file's text: a table for a spreadsheet, or JSON for programs. Pure.

import type { ErrorRecord } from '../contract.ts';

export type FileFormat = 'csv' | 'json';

const columns = [
  'code',
  'level',
  'cause',
  'remedy',
  'detail',
  'subject',
  'jiraKey',
  'jiraUrl',
  'azureId',
  'azureUrl',
  'firstAt',
  'lastAt',
  'count',
  'retryAt',
  'ignored',
  'ignoredFor',
] as const satisfies readonly (keyof ErrorRecord)[];

export function errorFile(errors: readonly ErrorRecord[], format: FileFormat): string {
  const rows = errors.map((error) => Object.fromEntries(columns.map((name) => [name, error[name]])));
  switch (format) {
    case 'json':
      return JSON.stringify(rows, null, 2);
    case 'csv':
      return [columns.join(','), ...errors.map((error) => columns.map((name) => cell(error[name])).join(','))].join(
        '\r\n',
      );
    default:
      return format satisfies never;
  }
}

/**
 * What begins a formula in a spreadsheet: https://owasp.org/www-community/attacks/CSV_Injection (signs, their full-width forms,
 * tab, carriage return, line feed); OWASP's ASVS 5.0, 1.2.10, adds the null character.
 */
const formulaStart = /^[=+\-@＝＋－＠\t\r\n\0]/;

/** RFC 4180. A text that a spreadsheet would take for a formula gets an apostrophe before it, since items' owners may have written it. */
function cell(value: string | number | boolean | null): string {
  if (value === null) return '';
  const text = String(value);
  const safe = typeof value === 'string' && formulaStart.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
