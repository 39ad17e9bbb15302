// Counts and usage events on their way into BigQuery: once each, whatever fails in between.

import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type BigQueryOptions, bigQueryWarehouse } from '../../backend/src/telemetry/bigquery.ts';
import { createLog } from '../../backend/src/telemetry/log.ts';
import { postgresOutbox } from '../../backend/src/telemetry/outbox.ts';
import { postgresMetrics } from '../../backend/src/telemetry/postgres-metrics.ts';
import { metricsSender } from '../../backend/src/telemetry/send-metrics.ts';
import { warehouseUsage } from '../../backend/src/telemetry/usage.ts';
import { usageEventSchema } from '../../backend/src/telemetry/usage-events.ts';
import { type BigQueryServer, startBigQueryServer } from '../simulators/bigquery/server.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const hour = 3_600_000;
const scope = { installationId: 'b1' };
await pool.query(
  `insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
   values ('b1', 'b1', 'PRODUCTION', 'active', 0, 0)`,
);

let now = 500 * hour;
let bigQuery: BigQueryServer;
let lines: string[];
beforeEach(async () => {
  await bigQuery?.close();
  bigQuery = await startBigQueryServer({ now: () => now });
  lines = [];
  await pool.query('truncate tandem.outbox, tandem.metrics');
});
afterAll(() => bigQuery.close());

function process(change: Partial<BigQueryOptions> = {}) {
  const log = createLog({ level: 'info', write: (line) => lines.push(line) });
  const outbox = postgresOutbox(pool, log, () => now);
  const metrics = postgresMetrics(pool, () => now);
  const options = { project: bigQuery.project, dataset: bigQuery.dataset, endpoint: bigQuery.address, ...change };
  const send = metricsSender({ outbox, log, open: async () => bigQueryWarehouse(options) });
  return { outbox, metrics, usage: warehouseUsage(outbox, () => now), send };
}

const waiting = async (): Promise<number> => {
  const { rows } = await pool.query<{ count: number }>('select count(*)::int as count from tandem.outbox');
  return rows[0]?.count ?? 0;
};
const counted = (name: string): number =>
  bigQuery
    .rows('metrics')
    .filter((row) => row.name === name)
    .reduce((sum, { value }) => sum + Number(value), 0);
const told = () => lines.map((line) => JSON.parse(line));

describe('what is measured', () => {
  test('reaches BigQuery by installation and hour, and only what is new of it the next time', async () => {
    const { metrics, usage, send } = process();
    metrics.count(scope, 'calls.jira', 3);
    metrics.count(null, 'jobs');
    await metrics.flush();
    await usage.record(scope, { page: 'wizard', action: 'next', durationMs: 1_200 });
    await send();
    metrics.count(scope, 'calls.jira', 4);
    await metrics.flush();
    await send();
    await send();
    expect(bigQuery.rows('metrics')).toEqual(
      expect.arrayContaining([
        { id: expect.any(String), hour: '1970-01-21T20:00:00Z', installation: 'b1', name: 'calls.jira', value: 3 },
        { id: expect.any(String), hour: '1970-01-21T20:00:00Z', installation: null, name: 'jobs', value: 1 },
        { id: expect.any(String), hour: '1970-01-21T20:00:00Z', installation: 'b1', name: 'calls.jira', value: 4 },
      ]),
    );
    expect(bigQuery.rows('metrics')).toHaveLength(3);
    expect(bigQuery.rows('usage')).toEqual([
      {
        id: expect.any(String),
        told_at: '1970-01-21T20:00:00.000Z',
        installation: 'b1',
        page: 'wizard',
        action: 'next',
        duration_ms: 1200,
      },
    ]);
    expect(await waiting()).toBe(0);
    expect(lines).toEqual([]);
  });

  test('goes in batches, and is all there though the answer of one got lost', async () => {
    const { metrics, send } = process();
    for (let number = 0; number < 1_201; number += 1) metrics.count(scope, `n.${number}`);
    await metrics.flush();
    bigQuery.fault('lost');
    await send();
    expect(await waiting()).toBe(1_201);
    expect(bigQuery.rows('metrics')).toHaveLength(500);
    // Another process, after a crash.
    await process().send();
    expect(bigQuery.rows('metrics')).toHaveLength(1_201);
    expect(new Set(bigQuery.rows('metrics').map(({ name }) => name)).size).toBe(1_201);
    expect(bigQuery.calls.filter((call) => call.startsWith('POST'))).toHaveLength(4);
    expect(await waiting()).toBe(0);
  });

  test('is lost by no crash between its arrival and the word of it', async () => {
    const { metrics, outbox } = process();
    for (let number = 0; number < 700; number += 1) metrics.count(scope, `n.${number}`);
    await metrics.flush();
    await outbox.handOnCounts();
    const arrived = Promise.withResolvers<void>();
    const warehouse = bigQueryWarehouse({
      project: bigQuery.project,
      dataset: bigQuery.dataset,
      endpoint: bigQuery.address,
    });
    const dying = async (...given: Parameters<typeof warehouse.insert>) => {
      await warehouse.insert(...given);
      arrived.resolve();
      return new Promise<never>(() => {});
    };
    void outbox.send({ insert: dying });
    await arrived.promise;
    // What the dead one had in hand is left to it for a while, the rest is not.
    await process().send();
    expect(await waiting()).toBe(500);
    now += 3 * 60_000;
    await process().send();
    expect(await waiting()).toBe(0);
    const rows = bigQuery.rows('metrics');
    expect(new Set(rows.map(({ id }) => id)).size).toBe(700);
    expect(new Set(rows.map(({ name }) => name)).size).toBe(700);
  });

  test('is sent by one of two instances that send at once', async () => {
    const { metrics, send } = process();
    for (let number = 0; number < 1_201; number += 1) metrics.count(scope, `n.${number}`);
    await metrics.flush();
    await Promise.all([send(), process().send()]);
    expect(bigQuery.rows('metrics')).toHaveLength(1_201);
    expect(bigQuery.calls.filter((call) => call.startsWith('POST'))).toHaveLength(3);
  });

  test('comes twice at most with one id, where an answer got lost for longer than BigQuery remembers', async () => {
    const { metrics, send } = process();
    metrics.count(scope, 'calls.jira', 3);
    await metrics.flush();
    bigQuery.fault('lost');
    await send();
    now += 10 * 60_000;
    await send();
    expect(bigQuery.rows('metrics')).toHaveLength(2);
    expect(new Set(bigQuery.rows('metrics').map(({ id }) => id)).size).toBe(1);
  });

  test.each(['unavailable', 'exhausted'] as const)('waits while BigQuery is %s, and that is told', async (fault) => {
    const { metrics, send } = process();
    metrics.count(scope, 'calls.azure', 2);
    await metrics.flush();
    bigQuery.fault(fault);
    await send();
    expect(await waiting()).toBe(1);
    expect(told()).toMatchObject([{ severity: 'WARNING', code: expect.stringMatching(/backendError|quotaExceeded/) }]);
    await send();
    expect(counted('calls.azure')).toBe(2);
  });

  test('that is refused stays with growing delay while the rest goes in, and is given up with a word', async () => {
    const { metrics, usage, outbox, send } = process();
    bigQuery.dropColumn('usage', 'duration_ms');
    await usage.record(scope, { page: 'home', action: 'open', durationMs: 5 });
    metrics.count(scope, 'calls.jira');
    await metrics.flush();
    await send();
    expect(counted('calls.jira')).toBe(1);
    expect(await waiting()).toBe(1);
    expect(told()).toMatchObject([{ severity: 'ERROR', code: 'invalid', count: 1, event: 'usage' }]);
    await send();
    expect(bigQuery.refusals).toHaveLength(1);
    now += 61_000;
    await send();
    expect(bigQuery.refusals).toHaveLength(2);
    bigQuery.restore();
    now += 121_000;
    await send();
    expect(bigQuery.rows('usage')).toHaveLength(1);

    bigQuery.dropColumn('usage', 'duration_ms');
    await usage.record(scope, { page: 'home', action: 'open', durationMs: 5 });
    now += 31 * 24 * hour;
    expect(await outbox.purge()).toBe(1);
    expect(told().at(-1)).toMatchObject({ severity: 'ERROR', count: 1 });
  });

  test.each([
    ['a data set of another region', {}, 'europe-west1', 'wrong-region'],
    ['a data set that is not there', { dataset: 'other' }, 'europe-west3', 'notFound'],
    ['a project that is not ours', { project: 'other-project' }, 'europe-west3', 'notFound'],
  ] as const)('never goes to %s', async (_, change, location, code) => {
    await bigQuery.close();
    bigQuery = await startBigQueryServer({ location });
    const { metrics, send } = process({ endpoint: bigQuery.address, ...change });
    metrics.count(scope, 'calls.jira');
    await metrics.flush();
    await send();
    expect(told()).toMatchObject([{ code }]);
    expect(bigQuery.rows('metrics')).toEqual([]);
    expect(await waiting()).toBe(1);
  });

  test('waits without the right to add rows, without a server, and loses nothing', async () => {
    const { metrics, send } = process();
    metrics.count(scope, 'calls.jira');
    await metrics.flush();
    bigQuery.deny('bigquery.tables.updateData');
    await send();
    const { address } = bigQuery;
    await bigQuery.close();
    await send();
    expect(told().map(({ code }) => code)).toEqual(['accessDenied', expect.stringMatching(/^E?[A-Z]+/)]);
    bigQuery = await startBigQueryServer({ port: Number(address.split(':')[1]) });
    await send();
    expect(counted('calls.jira')).toBe(1);
  });
});

describe('a usage event', () => {
  test.each([
    { page: 'Customer text', action: 'open', durationMs: 1 },
    { page: 'home', action: 'Customer text', durationMs: 1 },
    { page: 'home', action: 'open', durationMs: 1.5 },
    { page: 'home', action: 'open', durationMs: -1 },
    { page: 'home', action: 'open', durationMs: 1, account: 'somebody' },
  ])('is refused when it is %j', (event) => expect(usageEventSchema.safeParse(event).success).toBe(false));

  test('is not stored with a column more', async () => {
    const { outbox } = process();
    const row = {
      told_at: new Date(now).toISOString(),
      installation: 'b1',
      page: 'home',
      action: 'open',
      duration_ms: 1,
    };
    await expect(outbox.add('b1', 'usage', { ...row, note: 'x' })).rejects.toThrow();
    await outbox.add('b1', 'usage', row);
    expect(await waiting()).toBe(1);
  });
});
