// What each task of the queue does: the engine's functions with their results turned into the queue's words.

import { metricsRetention } from '../data-policy/bigquery.ts';
import type { Transport } from '../http/transport.ts';
import type { ConnectionOpener } from '../open-sides.ts';
import { adoptProfile } from '../reconcile/adopt-profile.ts';
import { loadCatalogs, openProfile } from '../reconcile/context.ts';
import { holdOf } from '../reconcile/initial-sync-hold.ts';
import { takeInventory } from '../reconcile/inventory.ts';
import type { JobResult } from '../reconcile/outcome.ts';
import type { EngineDeps } from '../reconcile/ports.ts';
import { probeProfile } from '../reconcile/probe.ts';
import { endsInitialSync, reconcileItem } from '../reconcile/reconcile.ts';
import { scanProfile } from '../reconcile/scan.ts';
import { stepInitialSync } from '../reconcile/step-initial-sync.ts';
import { sweep } from '../reconcile/sweep.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { Rewrapped } from '../store/rewrap-keys.ts';
import type { SecretStore } from '../store/secrets.ts';
import { errorCodeOf } from '../sync/error-code.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { ExtendedLogging } from '../telemetry/extended-logging.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { eraseExpired } from './erase.ts';
import { settleHooks } from './profile-hooks.ts';
import type { TandemQueue } from './queue.ts';
import type { TaskHandlers, TaskOutcome, TaskTarget } from './tasks.ts';

export interface HandlerOptions {
  readonly deps: EngineDeps;
  readonly config: ConfigStore;
  readonly secrets: SecretStore;
  readonly queue: Pick<TandemQueue, 'forget'>;
  readonly opener: ConnectionOpener;
  readonly transport: Transport;
  readonly metrics: Metrics;
  /** Removes what nobody needs any more from the queue and the governor's blocks. */
  readonly purge: () => Promise<void>;
  /** Takes to admins what waits for them outside the page. */
  readonly sendNotices: () => Promise<void>;
  readonly extendedLogging: Pick<ExtendedLogging, 'isOn'>;
  /** Wraps data keys again that lie under an older key-encryption key. */
  readonly rewrapKeys: () => Promise<Rewrapped>;
  /** Null where Azure DevOps can't reach us: scans find the changes then. */
  readonly publicUrl: string | null;
  /** How soon an initial sync whose items are still under way is looked at again, in ms. */
  readonly initialSyncPollMs: number;
}

const day = 24 * 60 * 60 * 1000;
/** Repeated deliveries come within minutes. */
const deliveriesKeptMs = day;
const metricsKeptMs = metricsRetention * day;
/** How soon an initial sync looks whether its profile runs again, should nobody tell. */
const profileLookMs = 60_000;

export function taskHandlers(options: HandlerOptions): TaskHandlers {
  const { deps, config, metrics } = options;
  const nextStepIn = { again: 0, draining: options.initialSyncPollMs, waiting: profileLookMs } as const;
  const outcomeOf = (result: JobResult): TaskOutcome =>
    result.kind === 'done'
      ? 'done'
      : {
          requeueIn: Math.max(0, result.at - deps.now()),
          counted: endsInitialSync(result),
          parked: result.parked === true,
        };

  /** A service's failure ends the run; the schedule brings the next. One of the whole connection pauses the profile. */
  const forProfile =
    (work: (scope: TaskTarget, profileId: string) => Promise<TaskOutcome>) =>
    async (target: TaskTarget): Promise<TaskOutcome> => {
      const { profileId } = target;
      if (profileId === undefined) return 'done';
      const startedAt = deps.now();
      try {
        return await work(target, profileId);
      } catch (thrown) {
        if (!(thrown instanceof SyncFailure)) throw thrown;
        const { error } = thrown;
        const ids = { installation: target.installationId, profile: profileId };
        deps.log.warn({ ...ids, code: error.code, detail: error.detail }, 'a task could not reach a service');
        metrics.count(target, `errors.${error.code}`);
        if (error.level === 'connection' && error.code !== 'rate-limited') {
          await config.halt(target, profileId, 'paused', error, startedAt);
        }
        return { requeueIn: Math.max(error.retryAfterMs ?? 0, deps.timing.retryBaseMs) };
      }
    };

  const adopt = (keyLost: boolean) =>
    forProfile(async (scope, profileId) => {
      const context = await openProfile(deps, scope, profileId);
      if (!context) return 'done';
      const { plan, adopted } = await adoptProfile(context, { keyLost });
      const ids = { installation: scope.installationId, profile: profileId };
      deps.log.info({ ...ids, count: adopted }, 'pairs were rebuilt from the markers');
      for (const [code, { length }] of Map.groupBy(plan.left, ({ why }) => why)) {
        deps.log.info({ ...ids, code, count: length }, 'marked items were left without a pair');
      }
      return 'done';
    });

  return {
    'reconcile-item': async (job, { initialJobs, lifted }) => {
      const held = lifted ? null : await holdOf(deps, job);
      if (held === 'leave') return 'done';
      if (held) return held;
      const started = performance.now();
      const result = await reconcileItem(deps, job, initialJobs);
      const ms = Math.round(performance.now() - started);
      metrics.count(job, result.failed ? 'items.failed' : `items.${result.kind}`);
      metrics.count(job, 'ms.items', ms);
      if (options.extendedLogging.isOn(job.installationId)) {
        const { installationId: installation, profileId: profile, side, itemId: item, pairId: pair } = job;
        const event = result.failed ? 'failed' : result.kind;
        deps.log.info({ installation, profile, side, item, pair, event, ms }, 'extended: run');
      }
      return outcomeOf(result);
    },
    'scan-profile': forProfile(async (scope, profileId) => {
      await scanProfile(deps, scope, profileId);
      return 'done';
    }),
    'initial-sync': forProfile(async (scope, profileId) => {
      const step = await stepInitialSync(deps, scope, profileId);
      return step === 'done' ? 'done' : { requeueIn: nextStepIn[step] };
    }),
    inventory: forProfile(async (scope, profileId) => {
      await takeInventory(deps, scope, profileId);
      return 'done';
    }),
    adopt: adopt(false),
    'adopt-without-key': adopt(true),
    sweep: async (target) => {
      await sweep(deps, target);
      return 'done';
    },
    probe: forProfile(async (scope, profileId) => {
      const record = await config.profileRecord(scope, profileId);
      await probeProfile(deps, scope, profileId, record?.reason?.code ?? null);
      return 'done';
    }),
    'register-hooks': forProfile(async (scope, profileId) => {
      const profile = await config.profileRecord(scope, profileId);
      if (profile) await settleHooks({ ...options, log: deps.log }, scope, profile);
      return 'done';
    }),
    'refresh-catalogs': forProfile(async (scope, profileId) => {
      const profile = await config.profile(scope, profileId);
      if (!profile) return 'done';
      await loadCatalogs(deps, scope, profile, await deps.openSides(profile));
      return 'done';
    }),
    purge: async () => {
      await config.purgeDeliveries(deps.now() - deliveriesKeptMs);
      await metrics.purge(deps.now() - metricsKeptMs);
      await deps.state.purgeTimelines(deps.now());
      await options.purge();
      return 'done';
    },
    'erase-expired': async () => {
      await eraseExpired({ ...options, state: deps.state, log: deps.log }, deps.now());
      return 'done';
    },
    'send-notices': async () => {
      await options.sendNotices();
      return 'done';
    },
    'rewrap-keys': async () => {
      const { rewrapped, failed } = await options.rewrapKeys();
      if (rewrapped > 0) deps.log.info({ count: rewrapped }, 'data keys were wrapped again under the newest key');
      for (const { installationId, error } of failed) {
        const code = errorCodeOf(error);
        deps.log.error({ installation: installationId, code }, 'a data key could not be wrapped again');
      }
      return 'done';
    },
  };
}
