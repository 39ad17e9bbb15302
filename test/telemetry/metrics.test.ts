import { describe, expect, test } from 'vitest';
import { openPool } from '../../backend/src/store/database.ts';
import { postgresMetrics } from '../../backend/src/telemetry/postgres-metrics.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const hour = 3_600_000;
const installed = (id: string) =>
  pool.query(
    `insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
     values ($1, $1, 'PRODUCTION', 'active', 0, 0)`,
    [id],
  );

describe('counters', () => {
  test('add up by installation and hour, over instances', async () => {
    let now = 10 * hour + 5;
    for (const id of ['m1', 'm2']) await installed(id);
    const [one, two] = [postgresMetrics(pool, () => now), postgresMetrics(pool, () => now)];
    const [first, second] = [{ installationId: 'm1' }, { installationId: 'm2' }];
    one.count(first, 'calls.jira', 2);
    one.count(first, 'calls.jira');
    two.count(first, 'calls.jira', 10);
    two.count(second, 'calls.jira', 100);
    one.count(null, 'jobs');
    await Promise.all([one.flush(), two.flush()]);
    now += hour;
    one.count(first, 'calls.jira');
    await one.flush();
    await one.flush();
    expect(await one.read(first, 0, 100 * hour)).toEqual([
      { hour: 10 * hour, name: 'calls.jira', value: 13 },
      { hour: 11 * hour, name: 'calls.jira', value: 1 },
    ]);
    expect(await one.read(first, 11 * hour, 12 * hour)).toHaveLength(1);
    expect(await one.read(null, 0, 100 * hour)).toEqual([{ hour: 10 * hour, name: 'jobs', value: 1 }]);
    expect(await one.purge(11 * hour)).toBe(3);
  });

  test('of an installation that was erased meanwhile are not stored again', async () => {
    const metrics = postgresMetrics(pool, () => hour);
    const [erased, other] = [{ installationId: 'erased' }, { installationId: 'other' }];
    for (const { installationId } of [erased, other]) await installed(installationId);
    for (const scope of [erased, other]) metrics.count(scope, 'calls.jira');
    await pool.query("delete from tandem.installations where installation_id = 'erased'");
    await metrics.flush();
    expect(await metrics.read(erased, 0, 2 * hour)).toEqual([]);
    expect(await metrics.read(other, 0, 2 * hour)).toHaveLength(1);
  });

  test.each(['Customer text', 'calls.', '', 'Überschrift', 'a b'])('refuse %j as a name', (name) => {
    expect(() => postgresMetrics(pool).count(null, name)).toThrow(TypeError);
  });

  test('are kept while the database is away', async () => {
    const away = openPool('postgresql://nobody@127.0.0.1:1/none');
    const metrics = postgresMetrics(away);
    metrics.count(null, 'lost');
    await expect(metrics.flush()).rejects.toThrow();
    await expect(metrics.flush()).rejects.toThrow();
    await away.end();
  });
});
