// The operators' queries, in the words that BigQuery and PostgreSQL share: run here on PostgreSQL over tables alike.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();

await pool.query(`create schema warehouse`);
await pool.query(
  'create table warehouse.metrics (id text, hour timestamptz, installation text, name text, value double precision)',
);
const rows = [
  ['1', '2026-11-02T10:00:00Z', 'large', 'calls.jira', 900_000],
  ['2', '2026-11-02T11:00:00Z', 'large', 'calls.jira', 100_000],
  // Came twice.
  ['2', '2026-11-02T11:00:00Z', 'large', 'calls.jira', 100_000],
  ['3', '2026-11-02T11:00:00Z', 'large', 'calls.jira.limited', 70],
  ['4', '2026-11-02T11:00:00Z', 'large', 'points.jira', 30],
  ['5', '2026-11-02T11:00:00Z', 'large', 'ms.items', 4_000],
  ['6', '2026-11-02T11:00:00Z', 'small', 'points.jira', 10],
  ['7', '2026-11-02T11:00:00Z', 'small', 'items.done', 2_000],
  ['8', '2026-11-02T11:00:00Z', 'small', 'bytes.azure', 1_073_741_824],
  ['9', '2026-10-31T23:00:00Z', 'small', 'calls.jira', 5],
  ['10', '2026-10-31T23:00:00Z', 'small', 'errors.forbidden', 5],
  ['11', '2026-10-31T23:00:00Z', 'small', 'errors.conflict', 5],
  ['12', '2026-11-02T23:00:00Z', 'small', 'errors.conflict', 4],
  ['13', '2026-11-02T23:00:00Z', 'small', 'errors.forbidden', 8],
  ['14', '2026-11-02T23:00:00Z', 'large', 'errors.forbidden', 7],
  ['15', '2026-11-02T23:00:00Z', 'large', 'errors.too-long', 1],
  ['16', '2026-11-02T23:00:00Z', null, 'jobs', 1],
] as const;
for (const row of rows) await pool.query('insert into warehouse.metrics values ($1, $2, $3, $4, $5)', [...row]);

/** Every row of the answer, with the parameters that the query names. */
async function ask(file: string, parameters: Readonly<Record<string, string>>) {
  let text = readFileSync(join(import.meta.dirname, '../../backend/infra/bigquery', file), 'utf8');
  for (const [name, value] of Object.entries(parameters)) {
    text = text.replaceAll(new RegExp(`@${name}\\b`, 'g'), `timestamptz '${value}'`);
  }
  return (await pool.query(text.replaceAll('tandem.metrics', 'warehouse.metrics'))).rows;
}

test('what each tenant costs, the most expensive first, each row once', async () => {
  const found = await ask('cost-by-tenant.sql', { from: '2026-11-01T00:00:00Z', to: '2026-12-01T00:00:00Z' });
  expect(found).toMatchObject([
    { tenant: 'large', calls: 1_000_000, points: 30, share_of_points: 0.75, work_seconds: 4, errors: 8 },
    { tenant: 'small', calls: 0, points: 10, share_of_points: 0.25, items: 2_000, bytes: 1_073_741_824, errors: 12 },
    { tenant: '', calls: 0 },
  ]);
  expect(found.map(({ cost }) => Number(cost))).toEqual([expect.closeTo(0.5001), expect.closeTo(0.108), 0]);
});

test('which errors grow, by how much and at how many tenants', async () => {
  const found = await ask('growing-errors.sql', {
    before: '2026-10-01T00:00:00Z',
    from: '2026-11-01T00:00:00Z',
    to: '2026-12-01T00:00:00Z',
  });
  expect(found).toEqual([
    { code: 'forbidden', earlier: 5, later: 15, growth: 10, factor: 3, tenants: '2' },
    { code: 'too-long', earlier: 0, later: 1, growth: 1, factor: null, tenants: '1' },
  ]);
});
