// The working part of a process: runs the queue's jobs, queues the periodic tasks and measures, until stopped.

import type { TandemQueue } from './jobs/queue.ts';
import { startRunner } from './jobs/runner.ts';
import { type ScheduleEntry, startSchedule } from './jobs/schedule.ts';
import { everywhere, type TaskHandlers, type TaskTarget } from './jobs/tasks.ts';
import type { Log } from './reconcile/ports.ts';
import type { Settings } from './settings.ts';
import type { ConfigStore } from './store/config-store.ts';
import type { Pool } from './store/database.ts';
import { type MeasuringOptions, startMeasuring } from './telemetry/measuring.ts';

export interface Workers {
  /** Finishes what is in hand or gives it back to the queue; within 10 s. */
  stop(): Promise<void>;
}

export interface WorkerDeps {
  readonly settings: Settings;
  readonly pool: Pool;
  readonly config: ConfigStore;
  readonly queue: TandemQueue;
  readonly measuring: MeasuringOptions;
  readonly handlers: TaskHandlers;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

const hour = 60 * 60 * 1000;
/** An admin learns of a stop within about this time. */
const noticesEveryMs = 15_000;

export async function startWorkers(deps: WorkerDeps): Promise<Workers> {
  const { settings, pool, queue, handlers, log, now } = deps;
  const runner = await startRunner({
    pool,
    handlers,
    concurrency: settings.workers,
    log,
    now,
    heartbeat: { everyMs: settings.timing.heartbeatMs, deadAfterMs: settings.timing.deadAfterMs },
  });
  const schedule = startSchedule({ pool, queue, log, entries: periodicTasks(deps) });
  const measuring = startMeasuring(deps.measuring);
  return {
    stop: async () => {
      await schedule.stop();
      await runner.stop();
      await measuring.stop();
    },
  };
}

function periodicTasks({ settings: { timing }, config, now }: WorkerDeps): readonly ScheduleEntry[] {
  const installations = async (): Promise<readonly TaskTarget[]> =>
    (await config.listInstallations())
      .filter(({ status }) => status === 'active')
      .map(({ id }) => ({ installationId: id }));
  /** Those that an error paused a while ago: an admin's pause has no reason. */
  const pausedByErrors = async (): Promise<readonly TaskTarget[]> => {
    const targets: TaskTarget[] = [];
    for (const { installationId } of await installations()) {
      for (const profile of await config.listProfiles({ installationId })) {
        const rested = profile.updatedAt <= now() - timing.probeEveryMs;
        if (profile.status === 'paused' && profile.reason && rested)
          targets.push({ installationId, profileId: profile.id });
      }
    }
    return targets;
  };
  const enabled = () => config.allEnabledProfiles();
  const once = async () => [everywhere];
  return [
    { task: 'scan-profile', everyMs: timing.scanEveryMs, targets: enabled },
    { task: 'inventory', everyMs: timing.inventoryEveryMs, targets: enabled },
    { task: 'sweep', everyMs: timing.sweepEveryMs, targets: installations },
    { task: 'probe', everyMs: timing.probeEveryMs, targets: pausedByErrors },
    { task: 'send-notices', everyMs: noticesEveryMs, targets: once },
    { task: 'purge', everyMs: hour, targets: once },
    { task: 'erase-expired', everyMs: hour, targets: once },
    { task: 'rewrap-keys', everyMs: 24 * hour, targets: once },
  ];
}
