// Runs the queue's jobs, N at a time: starts the workers, starts them again when the library gave up (as it does when the
// database was away), and stops them in time when asked.

import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Logger, run, type WorkerEvents } from 'graphile-worker';
import type { Log } from '../reconcile/ports.ts';
import { openSibling, type Pool } from '../store/database.ts';
import { beat, defaultHeartbeat, type HeartbeatTiming, releasePools, startHeartbeat } from './heartbeat.ts';
import { longRuns } from './long-runs.ts';
import { taskList } from './task-list.ts';
import type { TaskHandlers } from './tasks.ts';

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
  /** A run that took so long counts as a long one: see long-runs.ts. */
  readonly longAfterMs?: number;
}

export interface StopTiming {
  /** After the request to stop, running handlers are told by their signal. */
  readonly abortAfterMs: number;
  /** Then what still runs is given back to the queue. */
  readonly killAfterMs: number;
}

const defaultStop: StopTiming = { abortAfterMs: 3_000, killAfterMs: 7_000 };

export interface Runner {
  /** Takes no new jobs, waits for those in hand, returns what does not end in time; within 10 s. */
  stop(): Promise<void>;
}

/** How soon workers that ended by themselves are started again. */
const restartDelayMs = 1_000;

export async function startRunner(options: RunnerOptions): Promise<Runner> {
  const { log } = options;
  // What the queue loses in a crash of the database it does again, so its many small commits need not wait for the disk.
  // What handlers commit goes through their own, durable pool.
  const pool = openSibling(options.pool, {
    max: options.concurrency + 4,
    durable: false,
    onError: () => log.warn({}, 'a database connection of the queue broke'),
  });
  const stopAsked = new AbortController();
  let workers = await startWorkers(options, pool).catch(async (error: unknown) => {
    await pool.end();
    throw error;
  });

  const restart = async () => {
    while (!stopAsked.signal.aborted) {
      try {
        await releasePools(pool, [workers.poolId]);
        workers = await startWorkers(options, pool);
        return;
      } catch {
        await delay(restartDelayMs, undefined, { signal: stopAsked.signal }).catch(() => {});
      }
    }
  };
  let restarting = Promise.resolve();
  const supervise = async () => {
    for (;;) {
      await workers.ended;
      if (stopAsked.signal.aborted) return;
      log.error({}, 'the workers ended by themselves and are started again');
      workers.heartbeat.stop();
      restarting = restart();
      await restarting;
    }
  };
  void supervise();

  const stop = async () => {
    stopAsked.abort();
    await Promise.race([restarting, delay(restartDelayMs, undefined, { ref: false })]);
    await stopWorkers(workers, options.stop ?? defaultStop);
    await releasePools(options.pool, [workers.poolId]);
    // Handlers that hang may still hold a connection: nobody waits for them.
    await Promise.race([pool.end(), delay(500, undefined, { ref: false })]);
  };
  let stopping: Promise<void> | undefined;
  return {
    stop: () => {
      stopping ??= stop();
      return stopping;
    },
  };
}

type Library = Awaited<ReturnType<typeof run>>;

interface Workers {
  /** The name under which their jobs are locked. */
  readonly poolId: string;
  readonly library: Library;
  readonly heartbeat: { stop(): void };
  /** Resolves when they no longer work, whatever the reason. */
  readonly ended: Promise<void>;
}

async function startWorkers(options: RunnerOptions, pool: Pool): Promise<Workers> {
  const { log } = options;
  const events: WorkerEvents = new EventEmitter();
  const created = new Promise<string>((resolve) =>
    events.once('pool:create', ({ workerPool }) => resolve(workerPool.id)),
  );
  const localQueueSize = options.localQueueSize ?? 0;
  const long = longRuns(
    options.concurrency,
    options.longAfterMs === undefined ? {} : { longAfterMs: options.longAfterMs },
  );
  const library = await run({
    pgPool: pool,
    concurrency: options.concurrency,
    noHandleSignals: true,
    events,
    logger: queueLogger(log),
    pollInterval: options.pollMs ?? 1_000,
    gracefulShutdownAbortTimeout: (options.stop ?? defaultStop).abortAfterMs,
    taskList: taskList({ pool, log, now: options.now ?? Date.now, longRuns: long }, options.handlers),
    // Any list, an empty one too, keeps the library from fetching jobs in batches.
    forbiddenFlags: () => {
      const held = long.heldBack();
      return held.length > 0 ? [...held] : null;
    },
    parsedCronItems: [],
    preset: {
      worker: {
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
        ...(localQueueSize > 0 ? { localQueue: { size: localQueueSize } } : {}),
      },
    },
  });
  const ended = library.promise.catch(() => {});
  const poolId = await created;
  // Another instance frees a pool without a heartbeat only after a while, so a first beat that fails does no harm.
  await beat(pool, poolId).catch(() => {});
  return {
    poolId,
    library,
    ended,
    heartbeat: startHeartbeat(pool, poolId, options.heartbeat ?? defaultHeartbeat, log),
  };
}

async function stopWorkers({ library, heartbeat }: Workers, timing: StopTiming): Promise<void> {
  heartbeat.stop();
  // The library's own stop never ends while a handler hangs, not even after a kill.
  let timer: NodeJS.Timeout | undefined;
  const killed = new Promise<void>((resolve) => {
    timer = setTimeout(
      () => void library.kill('not stopped in time').then(resolve, () => resolve()),
      timing.killAfterMs,
    );
  });
  await Promise.race([library.stop().catch(() => {}), killed]);
  clearTimeout(timer);
}

/** The library's own words, its debugging and each success left out. They hold codes only: see reduce-error.ts. */
const queueLogger = (log: Log) =>
  new Logger(() => (level, message) => {
    if (level === 'error') log.error({}, `queue: ${message}`);
    if (level === 'warning') log.warn({}, `queue: ${message}`);
  });
