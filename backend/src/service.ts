// Puts a process together: database, stores, transport, engine, queue. What main.ts, the CLI and the tests share; it
// starts no server and runs no job by itself.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { publicAddresses } from './http/addresses.ts';
import { createGovernor } from './http/governor.ts';
import { type CallRecord, createTransport, type Transport } from './http/transport.ts';
import { type HandlerOptions, taskHandlers } from './jobs/handlers.ts';
import { postgresQueue, type TandemQueue } from './jobs/queue.ts';
import { migrateQueue } from './jobs/queue-schema.ts';
import { type Runner, startRunner } from './jobs/runner.ts';
import { type Schedule, startSchedule } from './jobs/schedule.ts';
import type { TaskHandlers, TaskTarget } from './jobs/tasks.ts';
import { type ConnectionOpener, connectionOpener } from './open-sides.ts';
import type { EngineDeps, Log, ReachStep, StateStore } from './reconcile/ports.ts';
import type { Settings } from './settings.ts';
import type { ConfigStore } from './store/config-store.ts';
import { openPool, type Pool } from './store/database.ts';
import { externalPostgres, startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { keyFile } from './store/key-file.ts';
import { migrate } from './store/migrate.ts';
import { postgresBlocks } from './store/postgres-blocks.ts';
import { postgresConfigStore } from './store/postgres-config-store.ts';
import { postgresStateStore } from './store/postgres-state-store.ts';
import { postgresWrappedKeys } from './store/postgres-wrapped-keys.ts';
import { envelopeSecrets } from './store/secrets.ts';

export interface Service {
  readonly settings: Settings;
  readonly pool: Pool;
  readonly config: ConfigStore;
  readonly state: StateStore;
  readonly queue: TandemQueue;
  readonly transport: Transport;
  readonly opener: ConnectionOpener;
  readonly deps: EngineDeps;
  readonly handlers: TaskHandlers;
  readonly log: Log;
  /** Runs the queue's jobs, with its own handlers unless given others, and queues the periodic tasks until stopped. */
  work(handlers?: TaskHandlers): Promise<Workers>;
  /** Closes everything; stop the workers before. */
  close(): Promise<void>;
}

export interface Workers {
  /** Within 10 s. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly log: Log;
  /** Epoch ms; the real clock by default. */
  readonly now?: () => number;
  readonly newId?: () => string;
  /** Called after each step of a run; does nothing by default. */
  readonly reached?: ReachStep;
  readonly onCall?: (call: CallRecord) => void;
}

/**
 * Jira gives an app 65,000 points an hour over all its sites, and a call costs one or more
 * (https://developer.atlassian.com/cloud/jira/platform/rate-limiting/). The burst lets a quiet hour's share go at once.
 */
const appPoints = { concurrency: 64, perSecond: 18, burst: 10_000 };

/** An initial sync whose items are under way is looked at again this soon. */
const initialSyncPollMs = 500;

/** Starts or joins the database and brings it up to date. Throws when the key file or the database can't be used. */
export async function openService(settings: Settings, options: ServiceOptions): Promise<Service> {
  const { log } = options;
  const now = options.now ?? Date.now;
  const newId = options.newId ?? randomUUID;
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const server = settings.databaseUrl
    ? externalPostgres(settings.databaseUrl)
    : await startEmbeddedPostgres({ dataDir: settings.dataDir });
  const pool = openPool(server.url, { onError: () => log.warn({}, 'a database connection broke') });
  await migrate(pool);
  await migrateQueue(pool);

  const keys = await keyFile(settings.keyFile ?? join(settings.dataDir, 'key'));
  const secrets = envelopeSecrets(keys, postgresWrappedKeys(pool));
  const config = postgresConfigStore({ pool, secrets });
  const state = postgresStateStore(pool);
  const queue = postgresQueue(pool, now);
  const transport = createTransport({
    addresses: { ...publicAddresses, origins: settings.allowedOrigins },
    governor: createGovernor({ blocks: postgresBlocks(pool, now), now, quotaLimits: () => appPoints }),
    ...(options.onCall ? { onCall: options.onCall } : {}),
  });
  const { timing } = settings;
  const opener = connectionOpener({
    config,
    transport,
    now,
    scanOverlapMs: timing.scanOverlapMs,
    ...(settings.forge.appId === null ? {} : { appQuota: settings.forge.appId }),
  });
  const deps: EngineDeps = {
    openSides: opener.openSides,
    state,
    config,
    queue,
    timing,
    now,
    newId,
    reached: options.reached ?? (async () => {}),
    log,
  };
  const handlerOptions: HandlerOptions = {
    deps,
    config,
    opener,
    transport,
    publicUrl: settings.publicUrl,
    initialSyncPollMs,
  };
  const handlers = taskHandlers(handlerOptions);
  return {
    settings,
    pool,
    config,
    state,
    queue,
    transport,
    opener,
    deps,
    handlers,
    log,
    work: (given = handlers) => startWorkers({ settings, pool, config, queue, handlers: given, log, now }),
    close: async () => {
      await transport.close();
      await pool.end();
      await server.stop();
    },
  };
}

async function startWorkers(
  service: Pick<Service, 'settings' | 'pool' | 'config' | 'queue' | 'handlers' | 'log'> & { now: () => number },
): Promise<Workers> {
  const { settings, pool, config, queue, handlers, log, now } = service;
  const { timing } = settings;
  const runner: Runner = await startRunner({
    pool,
    handlers,
    concurrency: settings.workers,
    log,
    now,
    heartbeat: { everyMs: timing.heartbeatMs, deadAfterMs: timing.deadAfterMs },
  });
  const installations = async (): Promise<readonly TaskTarget[]> =>
    (await config.listInstallations())
      .filter(({ status }) => status === 'active')
      .map(({ id }) => ({ installationId: id }));
  const paused = async (): Promise<readonly TaskTarget[]> => {
    const targets: TaskTarget[] = [];
    for (const { installationId } of await installations()) {
      for (const profile of await config.listProfiles({ installationId })) {
        if (profile.status === 'paused' && profile.reason) targets.push({ installationId, profileId: profile.id });
      }
    }
    return targets;
  };
  const enabled = () => config.allEnabledProfiles();
  const schedule: Schedule = startSchedule({
    pool,
    queue,
    log,
    entries: [
      { task: 'scan-profile', everyMs: timing.scanEveryMs, targets: enabled },
      { task: 'inventory', everyMs: timing.inventoryEveryMs, targets: enabled },
      { task: 'sweep', everyMs: timing.sweepEveryMs, targets: installations },
      { task: 'probe', everyMs: timing.probeEveryMs, targets: paused },
    ],
  });
  return {
    stop: async () => {
      await schedule.stop();
      await runner.stop();
    },
  };
}
