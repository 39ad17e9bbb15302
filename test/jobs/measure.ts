// Measures the queue by itself: item jobs with keys, added in batches and run by handlers that do nothing. Part of
// `npm run bench`.

import { postgresQueue } from '../../backend/src/jobs/queue.ts';
import { startRunner } from '../../backend/src/jobs/runner.ts';
import type { Pool } from '../../backend/src/store/database.ts';
import { handlers, itemJob, recordedLog } from './jobs.ts';

export interface QueueMeasurement {
  readonly jobs: number;
  readonly addedPerSecond: number;
  readonly runPerSecond: number;
}

/** On a database that is migrated and whose queue is empty; leaves it empty. */
export async function measureQueue(
  pool: Pool,
  options: { readonly jobs: number; readonly concurrency: number; readonly localQueueSize?: number },
): Promise<QueueMeasurement> {
  const all = Array.from({ length: options.jobs }, (_, index) => itemJob(String(index), [{ version: { seq: 1 } }]));
  const addStart = performance.now();
  await postgresQueue(pool).addItems(all);
  const addMs = performance.now() - addStart;

  const finished = Promise.withResolvers<void>();
  let ran = 0;
  const runStart = performance.now();
  const runner = await startRunner({
    pool,
    handlers: handlers({
      'reconcile-item': async () => {
        ran += 1;
        if (ran === options.jobs) finished.resolve();
        return 'done';
      },
    }),
    concurrency: options.concurrency,
    log: recordedLog(),
    ...(options.localQueueSize === undefined ? {} : { localQueueSize: options.localQueueSize }),
  });
  await finished.promise;
  const runMs = performance.now() - runStart;
  await runner.stop();
  const perSecond = (ms: number) => Math.round((options.jobs / ms) * 1_000);
  return { jobs: options.jobs, addedPerSecond: perSecond(addMs), runPerSecond: perSecond(runMs) };
}
