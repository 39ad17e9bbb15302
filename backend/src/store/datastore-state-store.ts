// Pairs, claims, leases and children in Google Datastore (Firestore in Datastore mode, whose queries are consistent). Every
// key lies in the installation's own namespace.

import type { Datastore, Transaction } from '@google-cloud/datastore';
import { z } from 'zod';
import {
  type ChildPair,
  type CommitOptions,
  childKinds,
  type Decision,
  type Lease,
  LeaseLost,
  type Pair,
  type PairPatch,
  type Scope,
  type StateStore,
} from '../reconcile/ports.ts';
import { otherSide } from '../sync/model.ts';
import {
  type ChildName,
  childShardName,
  childShardOf,
  childShards,
  claimName,
  claimNames,
  decodeHead,
  decodeShard,
  encodeHead,
  encodeShard,
  type Head,
  hashed,
  type Kind,
  keyOf,
  kinds,
  mergeChildren,
  namespaceOf,
  patchHead,
  type Sites,
} from './datastore-entities.ts';
import { initialSyncEntities } from './datastore-initial-syncs.ts';
import { itemErrorEntities } from './datastore-item-errors.ts';
import { pairLists } from './datastore-pair-lists.ts';
import { timelineEntities } from './datastore-timelines.ts';
import { getAll, inTransaction } from './datastore-transaction.ts';
import { waiterEntities } from './datastore-waiters.ts';

const ownerSchema = z.object({ pairId: z.string() });

/** Datastore takes 500 entities in a commit and 1,000 keys in a look-up. */
const batch = 500;

/** The key where it is new: what texts name the pair by. */
const keysOf = ({ pair }: Head, before: Head | null): readonly string[] =>
  pair.keys.jira === null || pair.keys.jira === before?.pair.keys.jira ? [] : [hashed(pair.keys.jira)];

export function datastoreStateStore(datastore: Datastore): StateStore {
  const key = (scope: Scope, kind: Kind, name: string) => keyOf(datastore, scope, kind, name);
  const pairKey = (scope: Scope, pairId: string) => key(scope, 'Pair', pairId);
  const timelines = timelineEntities(datastore);

  const readHead = async (from: Datastore | Transaction, scope: Scope, pairId: string): Promise<Head | null> => {
    const [entity] = await getAll(from, [pairKey(scope, pairId)], datastore.KEY);
    return entity === undefined ? null : decodeHead(entity);
  };

  const getPairs = async (scope: Scope, pairIds: readonly string[]): Promise<ReadonlyMap<string, Pair>> => {
    const entities = await getAll(
      datastore,
      pairIds.map((id) => pairKey(scope, id)),
      datastore.KEY,
    );
    const found = entities.filter((entity) => entity !== undefined).map((entity) => decodeHead(entity).pair);
    return new Map(found.map((pair) => [pair.id, pair]));
  };

  /** The head under this lease; null when the lease is not the newest or was released. */
  const leasedHead = async (transaction: Transaction, scope: Scope, lease: Lease): Promise<Head | null> => {
    const head = await readHead(transaction, scope, lease.pairId);
    return head && head.fence === lease.fence && head.leaseExpiresAt !== null ? head : null;
  };

  /** Who owns one of these claims, other than this pair. */
  const otherOwner = async (
    transaction: Transaction,
    scope: Scope,
    names: readonly string[],
    pairId: string,
  ): Promise<string | null> => {
    const entities = await getAll(
      transaction,
      names.map((name) => key(scope, 'Claim', name)),
      datastore.KEY,
    );
    for (const entity of entities) {
      if (entity === undefined) continue;
      const owner = ownerSchema.parse(entity).pairId;
      if (owner !== pairId) return owner;
    }
    return null;
  };

  /** Writes a head with its claims, the look-up of its tokens and the children of the patch. */
  const write = async (
    transaction: Transaction,
    scope: Scope,
    head: Head,
    before: Head | null,
    children: readonly ChildPair[],
    forgotten: readonly ChildName[] = [],
    decisions: readonly Decision[] = [],
  ): Promise<void> => {
    const owner = (kind: Kind, name: string) => ({
      key: key(scope, kind, name),
      data: { pairId: head.pair.id },
      excludeFromIndexes: ['pairId'],
    });
    const claims = head.claims.filter((name) => !before?.claims.includes(name));
    const tokens = head.tokens.filter((token) => !before?.tokens.includes(token));
    transaction.upsert([
      ...claims.map((name) => owner('Claim', name)),
      ...tokens.map((token) => owner('Token', hashed(token))),
      ...keysOf(head, before).map((name) => owner('Key', name)),
      ...(await changedShards(transaction, scope, head.pair.id, children, forgotten)),
      ...timelines.append(scope, head, decisions),
    ]);
    const entity = encodeHead(pairKey(scope, head.pair.id), head);
    if (before) transaction.upsert(entity);
    else transaction.insert(entity);
  };

  const children: StateStore['children'] = async (scope, pairId, kind) => {
    const names = Array.from({ length: childShards }, (_, shard) => childShardName(pairId, kind, shard));
    const entities = await getAll(
      datastore,
      names.map((name) => key(scope, 'Children', name)),
      datastore.KEY,
    );
    const order = (child: ChildPair) => `${child.source} ${child.sourceId}`;
    return entities.flatMap(decodeShard).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  };

  const changedShards = async (
    transaction: Transaction,
    scope: Scope,
    pairId: string,
    children: readonly ChildPair[],
    forgotten: readonly ChildName[],
  ) => {
    const shardOf = (child: ChildName) => childShardName(pairId, child.kind, childShardOf(child));
    const [groups, gone] = [Map.groupBy(children, shardOf), Map.groupBy(forgotten, shardOf)];
    const names = [...new Set([...groups.keys(), ...gone.keys()])];
    const known = await getAll(
      transaction,
      names.map((name) => key(scope, 'Children', name)),
      datastore.KEY,
    );
    return names.map((name, index) =>
      encodeShard(
        key(scope, 'Children', name),
        mergeChildren(decodeShard(known[index]), groups.get(name) ?? [], gone.get(name)),
      ),
    );
  };

  const applyPatch = async (
    scope: Scope,
    lease: Lease,
    patch: PairPatch,
    sites: Sites | null,
    options: CommitOptions = {},
  ): Promise<'written' | 'lost' | { claimedBy: string }> =>
    inTransaction(datastore, async (transaction) => {
      const before = await leasedHead(transaction, scope, lease);
      if (!before) return 'lost';
      const patched = patchHead(before, patch);
      const names = sites ? claimNames(sites, patched.pair.ids) : [];
      const owner = await otherOwner(transaction, scope, names, lease.pairId);
      if (owner !== null) return { claimedBy: owner };
      const claims = [...new Set([...patched.claims, ...names])];
      const ending = options.release ? { leaseExpiresAt: null } : {};
      const after = { ...patched, claims, ...ending };
      await write(transaction, scope, after, before, patch.children ?? [], patch.forgotten, patch.decisions);
      return 'written';
    });

  const ownerOf = async (scope: Scope, kind: Kind, name: string): Promise<string | null> => {
    const [entity] = await getAll(datastore, [key(scope, kind, name)], datastore.KEY);
    return entity === undefined ? null : ownerSchema.parse(entity).pairId;
  };

  const getPair = async (scope: Scope, pairId: string) => (await readHead(datastore, scope, pairId))?.pair ?? null;

  return {
    createPair: (scope, sites, pair, decisions = [], children = []) =>
      inTransaction(datastore, async (transaction) => {
        const claims = claimNames(sites, pair.ids);
        const owner = await otherOwner(transaction, scope, claims, pair.id);
        if (owner !== null) return { claimedBy: owner };
        const head: Head = {
          pair: { ...pair, installationId: scope.installationId },
          fence: 0,
          leaseExpiresAt: null,
          dirtyAtFence: pair.dirty ? 0 : null,
          claims,
          tokens: pair.intent ? [pair.intent.token] : [],
          decided: decisions.length,
        };
        await write(transaction, scope, head, null, children, [], decisions);
        return null;
      }),

    async completePair(scope, lease, sites, patch) {
      const outcome = await applyPatch(scope, lease, patch, sites);
      if (outcome === 'lost') throw new LeaseLost(lease.pairId);
      return outcome === 'written' ? null : outcome;
    },

    getPair,

    async findPair(scope, siteId, side, itemId) {
      const pairId = await ownerOf(scope, 'Claim', claimName(siteId, side, itemId));
      return pairId === null ? null : getPair(scope, pairId);
    },

    async findPairs(scope, siteId, side, itemIds) {
      const found = new Map<string, Pair>();
      for (let start = 0; start < itemIds.length; start += batch) {
        const items = itemIds.slice(start, start + batch);
        const claims = await getAll(
          datastore,
          items.map((item) => key(scope, 'Claim', claimName(siteId, side, item))),
          datastore.KEY,
        );
        const owners = claims.map((claim) => (claim === undefined ? null : ownerSchema.parse(claim).pairId));
        const pairs = await getPairs(scope, [...new Set(owners.filter((owner) => owner !== null))]);
        items.forEach((item, index) => {
          const pair = pairs.get(owners[index] ?? '');
          if (pair) found.set(item, pair);
        });
      }
      return found;
    },

    async findPairsByKey(scope, jiraKeys) {
      const entities = await getAll(
        datastore,
        jiraKeys.map((name) => key(scope, 'Key', hashed(name))),
        datastore.KEY,
      );
      const owners = entities.map((entity) => (entity === undefined ? null : ownerSchema.parse(entity).pairId));
      const pairs = await getPairs(scope, [...new Set(owners.filter((owner) => owner !== null))]);
      return new Map(
        jiraKeys.flatMap((name, index) => {
          const pair = pairs.get(owners[index] ?? '');
          return pair?.keys.jira === name ? [[name, pair] as const] : [];
        }),
      );
    },

    async findByToken(scope, token) {
      const pairId = await ownerOf(scope, 'Token', hashed(token));
      return pairId === null ? null : getPair(scope, pairId);
    },

    children,

    async findChildren(scope, pairId, kind, names) {
      if (names.length === 0) return [];
      const wanted = new Set(names.map(({ side, id }) => `${side} ${id}`));
      // A copy lies in its source's shard, which its own id does not tell.
      return (await children(scope, pairId, kind)).filter(
        ({ source, sourceId, targetId }) =>
          wanted.has(`${source} ${sourceId}`) || wanted.has(`${otherSide(source)} ${targetId}`),
      );
    },

    acquireLease: (scope, pairId, now, ttlMs) =>
      inTransaction(datastore, async (transaction) => {
        const head = await readHead(transaction, scope, pairId);
        if (!head || (head.leaseExpiresAt !== null && head.leaseExpiresAt > now)) return null;
        const next = { ...head, fence: head.fence + 1, leaseExpiresAt: now + ttlMs };
        transaction.upsert(encodeHead(pairKey(scope, pairId), next));
        return { lease: { pairId, fence: next.fence, expiresAt: next.leaseExpiresAt }, pair: head.pair };
      }),

    releaseLease: (scope, lease) =>
      inTransaction(datastore, async (transaction) => {
        const head = await leasedHead(transaction, scope, lease);
        if (!head) return;
        transaction.upsert(encodeHead(pairKey(scope, lease.pairId), { ...head, leaseExpiresAt: null }));
      }),

    renewLease: (scope, lease, now, ttlMs) =>
      inTransaction(datastore, async (transaction) => {
        const head = await leasedHead(transaction, scope, lease);
        if (!head) return false;
        transaction.upsert(encodeHead(pairKey(scope, lease.pairId), { ...head, leaseExpiresAt: now + ttlMs }));
        return true;
      }),

    async commit(scope, lease, patch, options) {
      if (patch.ids) throw new TypeError('only completePair may change the ids of a pair: they are claimed');
      return (await applyPatch(scope, lease, patch, null, options)) === 'written';
    },

    markDirty: (scope, pairId) =>
      inTransaction(datastore, async (transaction) => {
        const head = await readHead(transaction, scope, pairId);
        if (!head || head.dirtyAtFence === head.fence) return;
        transaction.upsert(encodeHead(pairKey(scope, pairId), { ...head, dirtyAtFence: head.fence }));
      }),

    releaseItem: (scope, lease, siteId, side) =>
      inTransaction(datastore, async (transaction) => {
        const head = await leasedHead(transaction, scope, lease);
        if (!head) throw new LeaseLost(lease.pairId);
        const itemId = head.pair.ids[side];
        if (itemId === null) return;
        const released = claimName(siteId, side, itemId);
        const pair = { ...head.pair, ids: { ...head.pair.ids, [side]: null } };
        const claims = head.claims.filter((name) => name !== released);
        transaction.upsert(encodeHead(pairKey(scope, lease.pairId), { ...head, pair, claims }));
        transaction.delete(key(scope, 'Claim', released));
      }),

    handOver: (scope, lease, profileId) =>
      inTransaction(datastore, async (transaction) => {
        const head = await leasedHead(transaction, scope, lease);
        if (!head) throw new LeaseLost(lease.pairId);
        const pair = { ...head.pair, profileId };
        transaction.upsert(encodeHead(pairKey(scope, lease.pairId), { ...head, pair }));
      }),

    async removePair(scope, lease) {
      await inTransaction(datastore, async (transaction) => {
        const head = await leasedHead(transaction, scope, lease);
        if (!head) throw new LeaseLost(lease.pairId);
        transaction.delete([
          pairKey(scope, lease.pairId),
          ...head.claims.map((name) => key(scope, 'Claim', name)),
          ...head.tokens.map((token) => key(scope, 'Token', hashed(token))),
          ...(head.pair.keys.jira === null ? [] : [key(scope, 'Key', hashed(head.pair.keys.jira))]),
        ]);
      });
      // More than a transaction may touch. Nothing finds them without their pair, whose id is never used again.
      const shards = childKinds.flatMap((kind) =>
        Array.from({ length: childShards }, (_, shard) => childShardName(lease.pairId, kind, shard)),
      );
      await datastore.delete([
        ...shards.map((name) => key(scope, 'Children', name)),
        ...timelines.keys(scope, lease.pairId),
      ]);
    },

    ...pairLists(datastore),
    ...waiterEntities(datastore),

    async timeline(scope, pairId, now) {
      const head = await readHead(datastore, scope, pairId);
      return head === null ? [] : timelines.read(scope, head, now);
    },

    /** Datastore's own expiry removes them: see datastore-timelines.ts. */
    purgeTimelines: async () => {},

    ...itemErrorEntities(datastore),
    ...initialSyncEntities(datastore),

    async erase(scope) {
      const erased: Record<string, number> = {};
      for (const kind of kinds) {
        for (;;) {
          const keysOnly = datastore.createQuery(namespaceOf(scope), kind).select('__key__').limit(batch);
          const [found] = await datastore.runQuery(keysOnly);
          if (found.length === 0) break;
          await datastore.delete(found.map((entity: Record<symbol, unknown>) => entity[datastore.KEY]));
          erased[kind] = (erased[kind] ?? 0) + found.length;
        }
      }
      return erased;
    },
  };
}
