import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { beat, freeDead } from '../../backend/src/jobs/heartbeat.ts';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { startRunner } from '../../backend/src/jobs/runner.ts';
import { testDatabase } from '../store/postgres.ts';
import { collector, handlers, itemJob, recordedLog } from './jobs.ts';

const { pool, url } = await testDatabase();
const queue = postgresQueue(pool);

afterEach(async () => {
  await pool.query('truncate tandem.pending_items, tandem.taken_items, tandem.worker_heartbeats, tandem.running_tasks');
  await pool.query('delete from graphile_worker._private_jobs');
});

const lockJobs = (poolId: string, ago = '0 s') =>
  pool.query(`update graphile_worker._private_jobs set locked_by = $1, locked_at = now() - $2::interval`, [
    poolId,
    ago,
  ]);

describe('a worker killed in the middle of a job', () => {
  test('has its job, with all hints, run by the next worker on the machine at once', async () => {
    await queue.addItems([itemJob('10', [{ version: { seq: 3 } }])]);
    const script = fileURLToPath(new URL('./hanging-worker.ts', import.meta.url));
    const child = spawn(process.execPath, [script, url], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
    expect(await queue.waiting()).toEqual(new Map());

    const runs = collector<unknown>();
    const runner = await startRunner({
      pool,
      handlers: handlers({
        'reconcile-item': async (job) => {
          runs.add(job);
          return 'done';
        },
      }),
      concurrency: 2,
      log: recordedLog(),
    });
    expect(await runs.until(1)).toEqual([itemJob('10', [{ version: { seq: 3 } }])]);
    await runner.stop();
  });
});

describe('a worker of another machine', () => {
  const elsewhere = (poolId: string, ago: string) =>
    pool.query(
      `insert into tandem.worker_heartbeats (pool_id, machine, process, beat_at)
       values ($1, 'elsewhere', '1 1', now() - $2::interval)`,
      [poolId, ago],
    );

  test('is dead when it was silent for too long', async () => {
    await queue.addItems([itemJob('10')]);
    await lockJobs('far');
    await elsewhere('far', '61 s');
    expect(await freeDead(pool, 60_000)).toEqual(['far']);
    expect((await queue.waiting()).get('reconcile-item')).toBe(1);
    expect((await pool.query('select from tandem.worker_heartbeats')).rowCount).toBe(0);
  });

  test('is left alone while it beats, whatever its pid is here', async () => {
    await queue.addItems([itemJob('10')]);
    await lockJobs('far', '3 h');
    await elsewhere('far', '59 s');
    expect(await freeDead(pool, 60_000)).toEqual([]);
    expect(await queue.waiting()).toEqual(new Map());
  });

  test('that never wrote a heartbeat is dead when it holds a job for longer than a heartbeat may take', async () => {
    await queue.addItems([itemJob('10')]);
    await lockJobs('mute', '30 s');
    expect(await freeDead(pool, 60_000)).toEqual([]);
    await lockJobs('mute', '61 s');
    expect(await freeDead(pool, 60_000)).toEqual(['mute']);
  });
});

describe('a living worker', () => {
  test('is never freed by its neighbours', async () => {
    await queue.addItems([itemJob('10')]);
    await lockJobs('here', '3 h');
    await beat(pool, 'here');
    expect(await freeDead(pool, 60_000)).toEqual([]);
  });
});
