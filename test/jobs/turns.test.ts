// Fair shares: one installation with very many jobs does not starve another.

import { afterAll, expect, test } from 'vitest';
import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { type Runner, startRunner } from '../../backend/src/jobs/runner.ts';
import { priorities } from '../../backend/src/jobs/tasks.ts';
import { addJobs } from '../../backend/src/jobs/turns.ts';
import { testDatabase } from '../store/postgres.ts';
import { collector, handlers, itemJob, recordedLog } from './jobs.ts';

const { pool } = await testDatabase();
const queue = postgresQueue(pool);
let runner: Runner | undefined;
afterAll(() => runner?.stop());

const jobsOf = (installationId: string, count: number) =>
  Array.from({ length: count }, (_, index) => itemJob(String(index), [{ version: { seq: 1 } }], { installationId }));

/** As `addItems` adds them, but for the hints that they would bring along: quick to add, and nothing to do when they run. */
const addBare = (installationId: string, count: number) =>
  addJobs(
    pool,
    Array.from({ length: count }, (_, index) => ({
      installationId,
      identifier: 'reconcile-item',
      payload: { installationId, profileId: 'p1', key: `bare ${index}` },
      key: `bare/${index}`,
      priority: priorities.bulk,
    })),
    0,
  );

const waiting = async () =>
  Number((await pool.query('select count(*) as left from graphile_worker.jobs where locked_at is null')).rows[0].left);

/** How many jobs ran until the last of an installation's were done; as many more may be in hand as there are workers. */
async function runUntilDone(wanted: string, count: number): Promise<number> {
  const before = await waiting();
  const ran = Promise.withResolvers<number>();
  let own = 0;
  runner = await startRunner({
    pool,
    handlers: handlers({
      'reconcile-item': async ({ installationId }) => {
        if (installationId === wanted) own += 1;
        if (own === count) ran.resolve(before - (await waiting()));
        return 'done';
      },
    }),
    concurrency: 4,
    log: recordedLog(),
  });
  const result = await ran.promise;
  await runner.stop();
  return result;
}

test('long runs of one installation leave a worker to the others', { timeout: 30_000 }, async () => {
  const [held, seen] = [Promise.withResolvers<void>(), collector<string>()];
  const work = await startRunner({
    pool,
    handlers: handlers({
      'reconcile-item': async ({ installationId }) => {
        seen.add(installationId);
        if (installationId === 'uploads') await held.promise;
        return 'done';
      },
    }),
    concurrency: 4,
    log: recordedLog(),
    pollMs: 50,
    longAfterMs: 0,
  });
  await queue.addItems(jobsOf('other', 1));
  await seen.until(1);
  await queue.addItems(jobsOf('uploads', 3));
  await seen.until(4);
  await queue.addItems(jobsOf('uploads', 9));
  await queue.addItems(jobsOf('other', 1));
  expect(await seen.until(5)).toEqual(['other', 'uploads', 'uploads', 'uploads', 'other']);
  held.resolve();
  await seen.until(11);
  await work.stop();
});

test('ten jobs behind 50,000 of another installation are done within the next few', { timeout: 120_000 }, async () => {
  await queue.addItems(jobsOf('busy', 500), { bulk: true });
  await addBare('busy', 49_500);
  await queue.addItems(jobsOf('small', 10), { bulk: true });
  // In between stand those turns that passed while the 50,000 were added.
  expect(await runUntilDone('small', 10)).toBeLessThan(1_000);
  const { rows } = await pool.query('select 1 from graphile_worker.jobs where run_at > now()');
  expect(rows).toEqual([]);
});

test('an hour later, those of the first come before new ones of the others', { timeout: 60_000 }, async () => {
  await pool.query(`update graphile_worker._private_jobs set run_at = run_at - interval '1 hour'`);
  await pool.query(`delete from graphile_worker._private_jobs where key like 'bare/%' or id % 5 <> 0`);
  const left = await waiting();
  expect(left).toBeGreaterThan(50);
  await queue.addItems(jobsOf('small', 10), { bulk: true });
  await queue.addItems(jobsOf('busy', 1));
  expect(await runUntilDone('small', 10)).toBeGreaterThanOrEqual(left + 1);
});
