// What each task of the queue does: the engine's functions with their results turned into the queue's words.

import { registerHooks } from '../azure/hooks.ts';
import { openAzureClient } from '../azure/side.ts';
import type { Transport } from '../http/transport.ts';
import type { ConnectionOpener } from '../open-sides.ts';
import { stepInitialSync } from '../reconcile/initial-sync.ts';
import { takeInventory } from '../reconcile/inventory.ts';
import type { JobResult } from '../reconcile/outcome.ts';
import type { EngineDeps } from '../reconcile/ports.ts';
import { probeProfile } from '../reconcile/probe.ts';
import { endsInitialSync, reconcileItem } from '../reconcile/reconcile.ts';
import { scanProfile } from '../reconcile/scan.ts';
import { sweep } from '../reconcile/sweep.ts';
import type { ConfigStore } from '../store/config-store.ts';
import { SyncFailure } from '../sync/errors.ts';
import { hookUrl } from './hook-url.ts';
import type { TaskHandlers, TaskOutcome, TaskTarget } from './tasks.ts';

export interface HandlerOptions {
  readonly deps: EngineDeps;
  readonly config: ConfigStore;
  readonly opener: ConnectionOpener;
  readonly transport: Transport;
  /** Null where Azure DevOps can't reach us: scans find the changes then. */
  readonly publicUrl: string | null;
  /** How soon an initial sync whose items are still under way is looked at again, in ms. */
  readonly initialSyncPollMs: number;
}

const day = 24 * 60 * 60 * 1000;

export function taskHandlers(options: HandlerOptions): TaskHandlers {
  const { deps, config } = options;
  const outcomeOf = (result: JobResult): TaskOutcome =>
    result.kind === 'done'
      ? 'done'
      : { requeueIn: Math.max(0, result.at - deps.now()), counted: endsInitialSync(result) };

  /** A service's failure ends the run; the schedule brings the next. */
  const forProfile =
    (work: (scope: TaskTarget, profileId: string) => Promise<TaskOutcome>) =>
    async (target: TaskTarget): Promise<TaskOutcome> => {
      if (target.profileId === undefined) return 'done';
      try {
        return await work(target, target.profileId);
      } catch (thrown) {
        if (!(thrown instanceof SyncFailure)) throw thrown;
        const { error } = thrown;
        const ids = { installation: target.installationId, profile: target.profileId };
        deps.log.warn({ ...ids, code: error.code, detail: error.detail }, 'a task could not reach a service');
        if (error.level === 'connection' && error.code !== 'rate-limited') {
          await config.setStatus(target, target.profileId, 'paused', error);
        }
        return { requeueIn: Math.max(error.retryAfterMs ?? 0, deps.timing.retryBaseMs) };
      }
    };

  return {
    'reconcile-item': async (job, { initialJobs }) => outcomeOf(await reconcileItem(deps, job, initialJobs)),
    'scan-profile': forProfile(async (scope, profileId) => {
      await scanProfile(deps, scope, profileId);
      return 'done';
    }),
    'initial-sync': forProfile(async (scope, profileId) => {
      const step = await stepInitialSync(deps, scope, profileId);
      if (step === 'done') return 'done';
      return { requeueIn: step === 'again' ? 0 : options.initialSyncPollMs };
    }),
    inventory: forProfile(async (scope, profileId) => {
      await takeInventory(deps, scope, profileId);
      return 'done';
    }),
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
      await registerProfileHooks(options, scope, profileId);
      return 'done';
    }),
    'refresh-catalogs': forProfile(async (scope, profileId) => {
      const profile = await config.profile(scope, profileId);
      if (!profile) return 'done';
      const sides = await deps.openSides(profile);
      const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
      await config.saveCatalogs(scope, profileId, { jira, azure });
      return 'done';
    }),
    purge: async () => {
      await config.purgeDeliveries(deps.now() - day);
      return 'done';
    },
  };
}

async function registerProfileHooks(options: HandlerOptions, scope: TaskTarget, profileId: string): Promise<void> {
  const { config, opener, publicUrl, transport } = options;
  const profile = await config.profile(scope, profileId);
  if (profile?.status !== 'enabled' || publicUrl === null) return;
  const connection = await opener.azure(scope, profile.azureConnectionId);
  const password = await config.hookSecret(scope, connection.id);
  if (password === null) return;
  await registerHooks(openAzureClient(connection, transport, profileId), {
    project: profile.settings.azure.project,
    url: hookUrl(publicUrl, scope.installationId, connection.id),
    username: 'tandem',
    password,
  });
}
