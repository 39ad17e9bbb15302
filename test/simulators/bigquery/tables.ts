// The tables of the BigQuery stand-in: made from the statements that an operator runs, they take a row or say what is wrong
// with it, and know a row that comes again. The calls are in server.ts.

import { readFileSync } from 'node:fs';

type Type = 'TIMESTAMP' | 'STRING' | 'INT64' | 'FLOAT64';

export interface Table {
  readonly name: string;
  readonly columns: ReadonlyMap<string, { readonly type: Type; readonly required: boolean }>;
  readonly rows: Record<string, unknown>[];
  /** When an insert id was last seen, epoch ms. */
  readonly seen: Map<string, number>;
}

/** https://cloud.google.com/bigquery/docs/reference/rest/v2/ErrorProto */
export interface RowError {
  readonly reason: 'invalid' | 'stopped';
  readonly location: string;
  readonly debugInfo: string;
  readonly message: string;
}

/** Throws on anything that is no `create table` of the form that the product writes. */
export function readTables(path: string): readonly Table[] {
  const statements = readFileSync(path, 'utf8')
    .replaceAll(/^--.*$/gm, '')
    .split(/;\s*$/m)
    .filter((text) => text.trim() !== '');
  return statements.map((text) => {
    const found =
      /^\s*create table if not exists \w+\.(\w+) \(\n([\s\S]*?)\n\)\npartition by timestamp_trunc\((\w+), day\)\n/.exec(
        text,
      );
    const [, name, columns, partition] = found ?? [];
    if (name === undefined || columns === undefined) throw new Error(`no table can be read from ${text.slice(0, 60)}`);
    const read = columns.split(',\n').map((line) => {
      const [, column, type, required] =
        /^ {2}(\w+) (TIMESTAMP|STRING|INT64|FLOAT64)( not null)? options \(.+\)$/.exec(line) ?? [];
      if (column === undefined) throw new Error(`no column can be read from ${line}`);
      return [column, { type: type as Type, required: required !== undefined }] as const;
    });
    const table = { name, columns: new Map(read), rows: [], seen: new Map() };
    if (table.columns.get(partition ?? '')?.type !== 'TIMESTAMP') throw new Error(`${name} is partitioned by no time`);
    return table;
  });
}

const invalid = (location: string, message: string): RowError => ({
  reason: 'invalid',
  location,
  debugInfo: '',
  message,
});

export const stopped: RowError = { reason: 'stopped', location: '', debugInfo: '', message: '' };

/** What is wrong with a row. "no such field": googleapis/google-cloud-ruby issue 8119. */
export function problemsOf(table: Table, row: Readonly<Record<string, unknown>>): readonly RowError[] {
  const unknown = Object.keys(row).filter((name) => !table.columns.has(name));
  const wrong = [...table.columns].flatMap(([name, { type, required }]) => {
    const value = row[name];
    if (value === undefined || value === null)
      return required ? [invalid(name, `Missing required field: ${name}.`)] : [];
    return fits(type, value)
      ? []
      : [invalid(name, `Cannot convert value to ${type} (bad value): ${JSON.stringify(value)}`)];
  });
  return [...unknown.map((name) => invalid(name, `no such field: ${name}.`)), ...wrong];
}

const canonicalTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2}| UTC)?$/;

/** https://cloud.google.com/bigquery/docs/reference/standard-sql/data-types */
function fits(type: Type, value: unknown): boolean {
  switch (type) {
    case 'TIMESTAMP':
      return typeof value === 'number' || (typeof value === 'string' && canonicalTime.test(value));
    case 'STRING':
      return typeof value === 'string';
    case 'INT64':
      return Number.isSafeInteger(value) || (typeof value === 'string' && /^-?\d{1,19}$/.test(value));
    case 'FLOAT64':
      return typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value));
  }
}

/** "BigQuery remembers this ID for at least one minute": https://cloud.google.com/bigquery/docs/streaming-data-into-bigquery */
const rememberedMs = 60_000;

/** Puts the row in, unless it came with the same insert id within the last minute. */
export function take(table: Table, insertId: string | undefined, row: Record<string, unknown>, now: number): void {
  if (insertId !== undefined) {
    const last = table.seen.get(insertId);
    table.seen.set(insertId, now);
    if (last !== undefined && now - last <= rememberedMs) return;
  }
  table.rows.push(row);
}
