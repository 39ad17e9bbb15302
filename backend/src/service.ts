// Puts a process together: database, stores, transport, engine, queue. What main.ts, the CLI and the tests share; it
// starts no server and runs no job by itself.

import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { countCall, visitorOf } from './call-counts.ts';
import { countedState } from './counted-state.ts';
import { supportQueriesKept } from './data-policy/cloud-sql.ts';
import { type AddressPolicy, makeDispatchers, publicAddresses } from './http/addresses.ts';
import { createGovernor } from './http/governor.ts';
import { type CallRecord, createTransport, type Transport } from './http/transport.ts';
import { type HandlerOptions, taskHandlers } from './jobs/handlers.ts';
import { postgresQueue, type TandemQueue } from './jobs/queue.ts';
import { migrateQueue } from './jobs/queue-schema.ts';
import type { TaskHandlers } from './jobs/tasks.ts';
import { measuredState } from './measured-state.ts';
import { deliverNotices, tell } from './notifications/deliver.ts';
import type { Notice } from './notifications/events.ts';
import { type Channel, type NoticeStore, postgresNotices } from './notifications/notice-store.ts';
import { throughJira } from './notifications/through-jira.ts';
import { type Delivered, webhookSender } from './notifications/webhook.ts';
import { type ConnectionOpener, connectionOpener } from './open-sides.ts';
import { openStores } from './open-stores.ts';
import type { EngineDeps, Log, ReachStep, Scope, StateStore } from './reconcile/ports.ts';
import type { Settings } from './settings.ts';
import type { ConfigStore } from './store/config-store.ts';
import type { Pool } from './store/database.ts';
import { postgresBlocks } from './store/postgres-blocks.ts';
import { type DriftStore, postgresDrift } from './store/postgres-drift.ts';
import type { SecretStore } from './store/secrets.ts';
import { purgeSupportQueries } from './store/support-queries.ts';
import { type ExtendedLogging, extendedLogging } from './telemetry/extended-logging.ts';
import { type Measuring, type MeasuringOptions, startMeasuring } from './telemetry/measuring.ts';
import type { Metrics } from './telemetry/metrics.ts';
import { postgresOutbox } from './telemetry/outbox.ts';
import { postgresMetrics } from './telemetry/postgres-metrics.ts';
import { type ProfileFigures, profileFigures } from './telemetry/profile-figures.ts';
import { metricsSender } from './telemetry/send-metrics.ts';
import { countedUsage, type Usage, warehouseUsage } from './telemetry/usage.ts';
import { type DriftWatch, watchDrift } from './watch-drift.ts';
import { startWorkers, type Workers } from './workers.ts';

export type { Workers } from './workers.ts';

export interface Service {
  readonly settings: Settings;
  readonly pool: Pool;
  readonly config: ConfigStore;
  readonly state: StateStore;
  readonly secrets: SecretStore;
  readonly queue: TandemQueue;
  readonly transport: Transport;
  /** Where requests may go. */
  readonly addresses: AddressPolicy;
  readonly metrics: Metrics;
  readonly figures: ProfileFigures;
  readonly usage: Usage;
  readonly extendedLogging: ExtendedLogging;
  readonly drift: DriftStore;
  /** To be told of settings that were saved. */
  readonly watch: Pick<DriftWatch, 'saved'>;
  readonly notices: NoticeStore;
  /** Tells an admin at once, outside the page. */
  readonly tell: (scope: Scope, channel: Channel, notice: Notice) => Promise<Delivered>;
  readonly opener: ConnectionOpener;
  readonly deps: EngineDeps;
  readonly handlers: TaskHandlers;
  readonly log: Log;
  /** Runs the queue's jobs, with its own handlers unless given others, and queues the periodic tasks until stopped. */
  work(handlers?: TaskHandlers): Promise<Workers>;
  /** Writes and sends what this process counts, which workers do by themselves: for one without. */
  measure(): Measuring;
  /** Closes everything; stop the workers before. */
  close(): Promise<void>;
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

/** Jobs that were given up stay this long for whoever looks into them. */
const givenUpKeptMs = 7 * 24 * 60 * 60 * 1000;

const closeWaitMs = 500;

/** Starts or joins the database and brings it up to date. Throws when the keys or one of the stores can't be used. */
export async function openService(settings: Settings, options: ServiceOptions): Promise<Service> {
  const { log } = options;
  const now = options.now ?? Date.now;
  const newId = options.newId ?? randomUUID;
  await mkdir(settings.dataDir, { recursive: true, mode: 0o700 });
  const stores = await openStores(settings, { log, now, newId });
  const { pool, config, secrets } = stores;
  await migrateQueue(pool);

  const queue = postgresQueue(pool, now);
  const metrics = postgresMetrics(pool, now);
  const figures = profileFigures(pool, now);
  const state = measuredState(countedState(stores.state, metrics), figures, now);
  const outbox = postgresOutbox(pool, log, now);
  const extended = extendedLogging(pool, log, now);
  const { bigQuery } = settings.cloud;
  const blocks = postgresBlocks(pool, now);
  const addresses = { ...publicAddresses, origins: settings.allowedOrigins };
  const transport = createTransport({
    addresses,
    governor: createGovernor({ blocks, now, quotaLimits: () => appPoints }),
    timeoutMs: settings.timing.requestMs,
    onCall: (call) => {
      const owner = opener.ownerOf(call.connection) ?? visitorOf(call.connection);
      countCall(metrics, owner, call);
      if (owner && extended.isOn(owner.installationId)) logCall(log, owner, call);
      options.onCall?.(call);
    },
  });
  const { timing } = settings;
  const opener = connectionOpener({
    config,
    transport,
    now,
    scanOverlapMs: timing.scanOverlapMs,
    ...(settings.forge.appId === null ? {} : { appQuota: settings.forge.appId }),
  });
  const drift = postgresDrift(pool);
  const notices = postgresNotices(pool, secrets, now);
  const watch = watchDrift({ config, drift, notices, log, now });
  const deps: EngineDeps = {
    openSides: opener.openSides,
    state,
    config: watch.config,
    queue,
    timing,
    now,
    newId,
    reached: options.reached ?? (async () => {}),
    log,
  };
  const dispatchers = makeDispatchers(addresses);
  const delivery = {
    notices,
    sendWebhook: webhookSender({ addresses, dispatchers, now }),
    notifyIssue: throughJira({ config, openJira: opener.jira, transport }),
    installation: config.installation,
    log,
    now,
  };
  const handlerOptions: HandlerOptions = {
    deps,
    config,
    secrets,
    queue,
    opener,
    transport,
    metrics,
    purge: async () => {
      await queue.purge(givenUpKeptMs);
      await blocks.purge();
      await purgeSupportQueries(pool, supportQueriesKept);
      await outbox.purge();
      await extended.purge();
      await notices.purge();
      await figures.purge();
    },
    sendNotices: () => deliverNotices(delivery),
    extendedLogging: extended,
    rewrapKeys: stores.rewrap,
    publicUrl: settings.publicUrl,
    initialSyncPollMs,
  };
  const handlers = taskHandlers(handlerOptions);
  const flush = async () => {
    await Promise.all([metrics.flush(), figures.flush()]);
  };
  const measuring: MeasuringOptions = {
    metrics: { flush },
    send:
      bigQuery === null
        ? null
        : metricsSender({
            outbox,
            log,
            open: async () => (await import('./telemetry/bigquery.ts')).bigQueryWarehouse(bigQuery),
          }),
    sendEveryMs: timing.metricsEveryMs,
    log,
  };
  return {
    settings,
    pool,
    config,
    state,
    secrets,
    queue,
    transport,
    addresses,
    metrics,
    figures,
    usage: bigQuery === null ? countedUsage(metrics) : warehouseUsage(outbox, now),
    extendedLogging: extended,
    drift,
    watch,
    notices,
    tell: (scope, channel, notice) => tell(delivery, scope, channel, notice),
    opener,
    deps,
    handlers,
    log,
    work: (given = handlers) => startWorkers({ settings, pool, config, queue, measuring, handlers: given, log, now }),
    measure: () => startMeasuring(measuring),
    close: async () => {
      // Calls and connections that a hanging run still holds are nobody's to wait for.
      await Promise.race([
        Promise.all([transport.close(), dispatchers.close()]),
        delay(closeWaitMs, undefined, { ref: false }),
      ]);
      await flush().catch(() => log.warn({}, 'the last counts could not be stored'));
      await Promise.race([pool.end(), delay(closeWaitMs, undefined, { ref: false })]);
      await stores.close();
    },
  };
}

function logCall(log: Log, { installationId }: Scope, { side, connection, operation, status, ms, bytes }: CallRecord) {
  log.info(
    { installation: installationId, side, connection, route: operation, status, ms: Math.round(ms), bytes },
    'extended: call',
  );
}
