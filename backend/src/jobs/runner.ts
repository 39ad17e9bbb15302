// Runs the queue's jobs: N at a time, each through the handler of its task, and stops in time when asked. What a handler
// does is not known here.

import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, type Task, type WorkerEvents } from 'graphile-worker';
import { z } from 'zod';
import type { Log } from '../reconcile/ports.ts';
import { openSibling, type Pool, transaction } from '../store/database.ts';
import { beat, defaultHeartbeat, type HeartbeatTiming, releasePools, startHeartbeat } from './heartbeat.ts';
import { forgetTaken, type PendingItem, putPending, takePending } from './pending-items.ts';
import { addTaskJob, taskKey } from './queue.ts';
import { errorCodeOf, reduceError } from './reduce-error.ts';
import {
  type ItemHandler,
  type TargetHandler,
  type TargetTask,
  type TaskHandlers,
  type TaskOutcome,
  targetTasks,
  taskTargetSchema,
} from './tasks.ts';

export interface RunnerOptions {
  readonly pool: Pool;
  readonly handlers: TaskHandlers;
  /** Jobs at a time. They wait for the services most of the time. */
  readonly concurrency: number;
  readonly log: Log;
  /** Epoch ms. */
  readonly now?: () => number;
  readonly heartbeat?: HeartbeatTiming;
  /** How often jobs that became due are looked for; new ones are told at once. */
  readonly pollMs?: number;
  /**
   * Jobs fetched ahead. 0: each when it is run, so that a live edit never waits behind bulk jobs already fetched. Only
   * jobs that are quick by themselves gain from more.
   */
  readonly localQueueSize?: number;
  readonly stop?: StopTiming;
}

export interface StopTiming {
  /** After the request to stop, running handlers are told by their signal. */
  readonly abortAfterMs: number;
  /** Then what still runs is given back to the queue. */
  readonly killAfterMs: number;
}

const defaultStop: StopTiming = { abortAfterMs: 3_000, killAfterMs: 7_000 };

export interface Runner {
  /** The name under which its jobs are locked. */
  readonly poolId: string;
  /** Takes no new jobs, waits for those in hand, returns what does not end in time; within 10 s. */
  stop(): Promise<void>;
}

export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { log } = options;
  // What the queue loses in a crash of the database it does again, so its many small commits need not wait for the disk.
  // What handlers commit goes through their own, durable pool.
  const pool = openSibling(options.pool, {
    max: options.concurrency + 4,
    durable: false,
    onError: () => log.warn({}, 'a database connection of the queue broke'),
  });
  const stopTiming = options.stop ?? defaultStop;
  const context: Context = { pool, log, now: options.now ?? Date.now };
  const events: WorkerEvents = new EventEmitter();
  const created = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  );
  const localQueueSize = options.localQueueSize ?? 0;
  const running = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    noHandleSignals: true,
    events,
    logger: queueLogger(log),
    pollInterval: options.pollMs ?? 1_000,
    gracefulShutdownAbortTimeout: stopTiming.abortAfterMs,
    taskList: taskList(context, options.handlers),
    parsedCronItems: [],
    preset: {
      worker: {
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        ...(localQueueSize > 0 ? { localQueue: { size: localQueueSize } } : {}),
      },
    },
  });
  // Ends with the runner; a failure there is logged by the library and shows in `stop`.
  running.promise.catch(() => log.error({}, 'the queue runner ended by itself'));
  const poolId = await created;
  await beat(pool, poolId);
  const heartbeat = startHeartbeat(pool, poolId, options.heartbeat ?? defaultHeartbeat, log);

  let stopping: Promise<void> | undefined;
  const stop = async () => {
    heartbeat.stop();
    // The library's own stop never ends while a handler hangs, not even after a kill.
    let timer: NodeJS.Timeout | undefined;
    const killed = new Promise<void>((resolve) => {
      timer = setTimeout(
        () => void running.kill('not stopped in time').then(resolve, () => resolve()),
        stopTiming.killAfterMs,
      );
    });
    await Promise.race([running.stop().catch(() => {}), killed]);
    clearTimeout(timer);
    await releasePools(options.pool, [poolId]);
    // Handlers that hang may still hold a connection: nobody waits for them.
    await Promise.race([pool.end(), delay(500, undefined, { ref: false })]);
  };
  return {
    poolId,
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

interface Context {
  readonly pool: Pool;
  readonly log: Log;
  readonly now: () => number;
}

function taskList(context: Context, handlers: TaskHandlers): Record<string, Task> {
  const list: Record<string, Task> = { 'reconcile-item': itemTask(context, handlers['reconcile-item']) };
  for (const task of targetTasks) list[task] = targetTask(context, task, handlers[task]);
  return list;
}

const itemRefSchema = z.object({ installationId: z.string(), profileId: z.string(), key: z.string() });

/** The delay of the run after the n-th unexpected error: 5 s, doubled up to 10 min. */
const errorDelayMs = (attempts: number) => Math.min(600_000, 5_000 * 2 ** Math.min(attempts, 10));

function itemTask(context: Context, handler: ItemHandler): Task {
  const { pool, log, now } = context;
  return async (payload, { job, abortSignal }) => {
    try {
      const taken = await takePending(pool, itemRefSchema.parse(payload), {
        id: job.id,
        poolId: job.locked_by ?? '',
        priority: job.priority,
      });
      // Another run under the same key had it all.
      if (!taken) return;
      const { initialJobs, attempts, priority: _, ...item } = taken;
      let outcome: TaskOutcome;
      let failures = 0;
      try {
        outcome = await handler(item, { signal: signalOf(abortSignal), attempts, initialJobs });
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
      await finishItem(pool, job.id, taken, failures, delayOf(outcome, now));
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
  taken: PendingItem,
  attempts: number,
  delayMs: number | null,
): Promise<void> {
  if (delayMs === null) return forgetTaken(pool, jobId);
  await transaction(pool, async (client) => {
    await forgetTaken(client, jobId);
    await putPending(client, [{ ...taken, attempts }], { delayMs, sooner: false });
  });
}

/** How soon a task is tried again when one of its kind and target runs. */
const overlapDelayMs = 1_000;

function targetTask(context: Context, task: TargetTask, handler: TargetHandler): Task {
  const { pool, now } = context;
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
        outcome = await handler(target, {
          signal: signalOf(abortSignal),
          attempts: job.attempts - 1,
          initialJobs: 0,
        });
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

/** The library's own words, its debugging and each success left out. They hold codes only: see reduce-error.ts. */
const queueLogger = (log: Log) =>
  new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, `queue: ${message}`);
    if (level === 'warning') log.warn({}, `queue: ${message}`);
  });
