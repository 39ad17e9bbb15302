// Holds a profile against its sites whenever their catalogs were loaded anew, which costs no call of its own, and whenever its
// settings were saved.

import { driftEvent, driftKey } from './notifications/drifted.ts';
import type { NoticeStore } from './notifications/notice-store.ts';
import type { EngineConfig, Log, Scope, SideCatalog } from './reconcile/ports.ts';
import type { ConfigStore } from './store/config-store.ts';
import type { DriftStore } from './store/postgres-drift.ts';
import { checkDrift } from './sync/drift.ts';
import type { BySide } from './sync/model.ts';

export interface DriftWatch {
  /** The engine's configuration, whose catalogs are watched. */
  readonly config: EngineConfig;
  /** Of settings that were just saved, held against the catalogs as they are stored: what is there now is no drift. */
  saved(scope: Scope, profileId: string): Promise<void>;
}

export interface WatchOptions {
  readonly config: ConfigStore;
  readonly drift: DriftStore;
  /** By which an admin is told outside the page. */
  readonly notices: Pick<NoticeStore, 'add'>;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

export function watchDrift({ config, drift, notices, log, now }: WatchOptions): DriftWatch {
  const look = async (scope: Scope, profileId: string, catalogs: BySide<SideCatalog>): Promise<void> => {
    const profile = await config.profile(scope, profileId);
    if (!profile) return;
    const before = await drift.get(scope, profileId);
    const check = checkDrift(profile.settings, catalogs, before, { revision: profile.revision, now: now() });
    const found = check.problems.filter(({ drifted, since }) => drifted && since === check.checkedAt);
    // Told before it is recorded as known: a process that dies between tells it again, under the same key.
    if (found.length > 0 && profile.status !== 'draft') {
      await notices.add(scope, driftKey(profile, found, check.checkedAt), driftEvent(profile, found));
    }
    await drift.put(scope, profileId, check);
    if (found.length === 0) return;
    const ids = { installation: scope.installationId, profile: profileId };
    log.warn({ ...ids, count: found.length }, 'the sites no longer fit a profile');
  };
  return {
    config: {
      ...config,
      async saveCatalogs(scope, profileId, catalogs) {
        await config.saveCatalogs(scope, profileId, catalogs);
        await look(scope, profileId, catalogs);
      },
    },
    async saved(scope, profileId) {
      const catalogs = await config.lastCatalogs(scope, profileId);
      if (catalogs) await look(scope, profileId, catalogs);
    },
  };
}
