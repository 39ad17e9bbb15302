// The tasks in the form that the queue's library calls: what was merged is taken in hand, the handler runs, and its answer
// is written back. Starting and stopping the workers is runner.ts.

import type { Task } from 'graphile-worker';
import { z } from 'zod';
import { rememberingReads } from '../http/read-values.ts';
import type { Log } from '../reconcile/ports.ts';
import { type Pool, type Queryable, transaction } from '../store/database.ts';
import { errorCodeOf } from '../sync/error-code.ts';
import type { LongRuns } from './long-runs.ts';
import { forgetTaken, type PendingItem, putPending, takePending } from './pending-items.ts';
import { addTaskJob, taskKey } from './queue.ts';
import { reduceError } from './reduce-error.ts';
import {
  type ItemHandler,
  priorities,
  type TargetHandler,
  type TargetTask,
  type TaskHandlers,
  type TaskOutcome,
  targetTasks,
  taskTargetSchema,
} from './tasks.ts';

export interface TaskDeps {
  readonly pool: Pool;
  readonly log: Log;
  readonly now: () => number;
  readonly longRuns: Pick<LongRuns, 'during'>;
}

export function taskList(deps: TaskDeps, handlers: TaskHandlers): Record<string, Task> {
  const list: Record<string, Task> = { 'reconcile-item': itemTask(deps, handlers['reconcile-item']) };
  for (const task of targetTasks) list[task] = targetTask(deps, task, handlers[task]);
  return list;
}

const itemRefSchema = z.object({ installationId: z.string(), profileId: z.string(), key: z.string() });

/** The delay of the run after the n-th unexpected error: 5 s, doubled up to 10 min. */
const errorDelayMs = (attempts: number) => Math.min(600_000, 5_000 * 2 ** Math.min(attempts, 10));

function itemTask(deps: TaskDeps, handler: ItemHandler): Task {
  const { pool, log, now, longRuns } = deps;
  return async (payload, { job, abortSignal }) => {
    try {
      const taken = await takePending(pool, itemRefSchema.parse(payload), {
        id: job.id,
        poolId: job.locked_by ?? '',
        priority: job.priority,
      });
      // Another run under the same key had it all.
      if (!taken) return;
      const { initialJobs, attempts, priority, ...item } = taken;
      const lifted = priority < priorities.bulk;
      let outcome: TaskOutcome;
      let failures = 0;
      try {
        const signal = signalOf(abortSignal);
        // A job may still be fetched while the process stops.
        outcome = signal.aborted
          ? { requeueIn: 0 }
          : await longRuns.during(item.installationId, () =>
              rememberingReads(() => handler(item, { signal, attempts, initialJobs, lifted })),
            );
      } catch (error) {
        failures = attempts + 1;
        outcome = { requeueIn: errorDelayMs(attempts) };
        log.error(
          {
            installation: item.installationId,
            profile: item.profileId,
            side: item.side,
            item: item.itemId,
            code: errorCodeOf(error),
            attempts: failures,
          },
          'a run ended with an unexpected error',
        );
      }
      const waits = typeof outcome === 'object' && 'requeueIn' in outcome ? outcome : null;
      const { counted = false, parked = false } = waits ?? {};
      const rest = { ...taken, attempts: failures, ...(counted ? { initialJobs: 0 } : {}) };
      await finishItem(pool, job.id, rest, { delayMs: delayOf(outcome, now), parked });
      // Who ended the wait woke those that were in the queue: this one may have come back after that.
      if (await waits?.isOver?.()) await bringForward(pool, rest);
    } catch (error) {
      throw reduceError(error);
    }
  };
}

/** The delay of the next run in ms; null when there is none. */
function delayOf(outcome: TaskOutcome, now: () => number): number | null {
  if (outcome === 'done') return null;
  return 'requeueIn' in outcome ? outcome.requeueIn : Math.max(0, outcome.retryAt.getTime() - now());
}

async function finishItem(
  pool: Pool,
  jobId: string,
  rest: PendingItem,
  { delayMs, parked }: { readonly delayMs: number | null; readonly parked: boolean },
): Promise<void> {
  if (delayMs === null) return forgetTaken(pool, jobId);
  await transaction(pool, async (client) => {
    await forgetTaken(client, jobId);
    const resumed = parked && (await isEnabled(client, rest));
    await putPending(client, [rest], { delayMs: resumed ? 0 : delayMs, sooner: false });
  });
}

const bringForward = (pool: Pool, item: PendingItem): Promise<void> =>
  transaction(pool, (client) => putPending(client, [{ ...item, initialJobs: 0 }], { delayMs: 0, sooner: true }));

/** Who resumes the profile after this waits for the transaction's end, and wakes what it put. */
async function isEnabled(client: Queryable, { installationId, profileId }: PendingItem): Promise<boolean> {
  const { rows } = await client.query<{ status: string }>(
    'select status from tandem.profiles where installation_id = $1 and profile_id = $2 for share',
    [installationId, profileId],
  );
  return rows[0]?.status === 'enabled';
}

/** How soon a task is tried again when one of its kind and target runs. */
const overlapDelayMs = 1_000;

function targetTask(deps: TaskDeps, task: TargetTask, handler: TargetHandler): Task {
  const { pool, now, longRuns } = deps;
  return async (payload, { job, abortSignal }) => {
    try {
      const target = taskTargetSchema.parse(payload);
      const key = taskKey(task, target);
      const { rowCount: free } = await pool.query(
        'insert into tandem.running_tasks (task_key, pool_id) values ($1, $2) on conflict do nothing',
        [key, job.locked_by],
      );
      if (!free) return await addTaskJob(pool, task, target, overlapDelayMs, false);
      let outcome: TaskOutcome;
      try {
        const signal = signalOf(abortSignal);
        outcome = signal.aborted
          ? { requeueIn: 0 }
          : await longRuns.during(target.installationId, () =>
              rememberingReads(() => handler(target, { signal, attempts: job.attempts - 1, initialJobs: 0 })),
            );
      } finally {
        await pool.query('delete from tandem.running_tasks where task_key = $1', [key]);
      }
      const delayMs = delayOf(outcome, now);
      if (delayMs !== null) await addTaskJob(pool, task, target, delayMs, false);
    } catch (error) {
      throw reduceError(error);
    }
  };
}

const never = new AbortController().signal;
const signalOf = (signal: AbortSignal | undefined): AbortSignal => signal ?? never;
