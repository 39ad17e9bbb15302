import { afterEach, describe, expect, test } from 'vitest';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { queueDue, type ScheduleEntry } from '../../backend/src/jobs/schedule.ts';
import { testDatabase } from '../store/postgres.ts';

const { pool } = await testDatabase();
const queue = postgresQueue(pool);

const targets = [
  { installationId: 'i1', profileId: 'p1' },
  { installationId: 'i1', profileId: 'p2' },
  { installationId: 'i2', profileId: 'p1' },
];
const entries: readonly ScheduleEntry[] = [{ task: 'scan-profile', everyMs: 60_000, targets: async () => targets }];

const finishAll = () => pool.query('delete from graphile_worker._private_jobs');

afterEach(async () => {
  await pool.query('truncate tandem.schedules');
  await finishAll();
});

describe('periodic tasks', () => {
  test('are queued once per target, however many instances look at once', async () => {
    const queued = await Promise.all([1, 2, 3, 4].map(() => queueDue(pool, queue, entries, 1_000_000)));
    expect(queued.reduce((sum, one) => sum + one)).toBe(3);
    expect((await queue.waiting()).get('scan-profile')).toBe(3);
  });

  test('come again when their time is over, not before', async () => {
    await queueDue(pool, queue, entries, 1_000_000);
    await finishAll();
    expect(await queueDue(pool, queue, entries, 1_059_999)).toBe(0);
    expect(await queueDue(pool, queue, entries, 1_060_000)).toBe(3);
  });

  test('that still run are not queued on top', async () => {
    await queueDue(pool, queue, entries, 1_000_000);
    await pool.query(`update graphile_worker._private_jobs set locked_by = 'pool', locked_at = now()`);
    await queueDue(pool, queue, entries, 2_000_000);
    expect(await queue.waiting()).toEqual(new Map());
  });

  test('of a target that was added later start at once', async () => {
    await queueDue(pool, queue, entries, 1_000_000);
    const more = [{ ...entries[0], targets: async () => [...targets, { installationId: 'i3' }] }] as ScheduleEntry[];
    expect(await queueDue(pool, queue, more, 1_000_001)).toBe(1);
  });

  test('follow the clock of the database when none is given', async () => {
    expect(await queueDue(pool, queue, entries)).toBe(3);
    expect(await queueDue(pool, queue, entries)).toBe(0);
  });
});
