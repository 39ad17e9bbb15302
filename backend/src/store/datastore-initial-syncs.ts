// Checkpoints and counters of initial syncs, in Datastore: a part of datastore-state-store.ts. Counters are spread over
// shards, as every job of a sync adds to them: https://cloud.google.com/datastore/docs/best-practices#sharding_and_replication

import type { Datastore, Transaction } from '@google-cloud/datastore';
import { z } from 'zod';
import type { InitialSync, Scope, StateStore } from '../reconcile/ports.ts';
import { hashed, keyOf } from './datastore-entities.ts';
import { getAll, inTransaction } from './datastore-transaction.ts';

const shards = 16;

const syncSchema = z.object({ sync: z.string() });
const countSchema = z.object({ done: z.number(), failed: z.number() });

/** Of runs that were stored before there was anything to ask for. */
const before: Pick<InitialSync, 'options' | 'linked' | 'ambiguous' | 'samples' | 'tookAllBefore'> = {
  options: { mode: 'unpaired', linkBy: null, range: null },
  linked: 0,
  ambiguous: 0,
  samples: [],
  tookAllBefore: false,
};

export const initialSyncEntities = (
  datastore: Datastore,
): Pick<StateStore, 'getInitialSync' | 'putInitialSync' | 'patchInitialSync' | 'countInitialSync'> => {
  const key = (scope: Scope, profileId: string) => keyOf(datastore, scope, 'InitialSync', profileId);
  /** The start is part of the name: a new sync counts in shards of its own. */
  const countKey = (scope: Scope, sync: InitialSync, shard: number) =>
    keyOf(datastore, scope, 'InitialCount', hashed(sync.profileId, String(sync.startedAt), String(shard)));
  const countKeys = (scope: Scope, sync: InitialSync) =>
    Array.from({ length: shards }, (_, shard) => countKey(scope, sync, shard));

  /** As it was put: without what workers counted since. */
  const stored = async (
    scope: Scope,
    profileId: string,
    from: Datastore | Transaction = datastore,
  ): Promise<InitialSync | null> => {
    const [entity] = await getAll(from, [key(scope, profileId)], datastore.KEY);
    return entity === undefined ? null : { ...before, ...JSON.parse(syncSchema.parse(entity).sync) };
  };
  const entityOf = (scope: Scope, sync: InitialSync) => ({
    key: key(scope, sync.profileId),
    data: { sync: JSON.stringify(sync) },
    excludeFromIndexes: ['sync'],
  });

  return {
    async getInitialSync(scope, profileId) {
      const sync = await stored(scope, profileId);
      if (!sync) return null;
      const counts = (await getAll(datastore, countKeys(scope, sync), datastore.KEY))
        .filter((entity) => entity !== undefined)
        .map((entity) => countSchema.parse(entity));
      const sum = (part: 'done' | 'failed') => counts.reduce((total, count) => total + count[part], sync[part]);
      return { ...sync, done: sum('done'), failed: sum('failed') };
    },

    async putInitialSync(scope, sync) {
      const known = await stored(scope, sync.profileId);
      const same = known !== null && known.startedAt === sync.startedAt;
      // What was counted lies in the shards; here stays what the sync began with.
      const kept = same ? { ...sync, done: known.done, failed: known.failed } : sync;
      await datastore.upsert(entityOf(scope, kept));
      if (known && !same) await datastore.delete(countKeys(scope, known));
    },

    patchInitialSync: (scope, { profileId, startedAt }, patch, when) =>
      inTransaction(datastore, async (transaction) => {
        const sync = await stored(scope, profileId, transaction);
        if (sync?.startedAt !== startedAt || when?.includes(sync.status) === false) return false;
        transaction.upsert(entityOf(scope, { ...sync, ...patch }));
        return true;
      }),

    async countInitialSync(scope, profileId, add) {
      const sync = await stored(scope, profileId);
      if (!sync) return;
      const shard = countKey(scope, sync, Math.floor(Math.random() * shards));
      await inTransaction(datastore, async (transaction) => {
        const [entity] = await getAll(transaction, [shard], datastore.KEY);
        const known = entity === undefined ? { done: 0, failed: 0 } : countSchema.parse(entity);
        transaction.upsert({
          key: shard,
          data: { done: known.done + (add.done ?? 0), failed: known.failed + (add.failed ?? 0) },
          excludeFromIndexes: ['done', 'failed'],
        });
      });
    },
  };
};
