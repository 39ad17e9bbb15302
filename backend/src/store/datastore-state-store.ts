// Pairs, claims, leases and children in Google Datastore (Firestore in Datastore mode, whose queries are consistent). Every
// key lies in the installation's own namespace.

import type { Datastore, Transaction } from '@google-cloud/datastore';
import { z } from 'zod';
import { type Lease, LeaseLost, type Pair, type Scope, type StateStore } from '../reconcile/ports.ts';
import { type Beside, besideHead } from './datastore-beside-head.ts';
import { childEntities } from './datastore-children.ts';
import {
  claimName,
  claimNames,
  decodeHead,
  encodeHead,
  type Head,
  hashed,
  type Kind,
  keyOf,
  kinds,
  namespaceOf,
  patchHead,
} from './datastore-entities.ts';
import { initialSyncEntities } from './datastore-initial-syncs.ts';
import { itemErrorEntities } from './datastore-item-errors.ts';
import { pairLeases } from './datastore-leases.ts';
import { pairLists } from './datastore-pair-lists.ts';
import { timelineEntities } from './datastore-timelines.ts';
import { getAll, inTransaction } from './datastore-transaction.ts';
import { waiterEntities } from './datastore-waiters.ts';

const ownerSchema = z.object({ pairId: z.string() });

/** Datastore takes 500 entities in a commit and 1,000 keys in a look-up. */
const batch = 500;

export function datastoreStateStore(datastore: Datastore): StateStore {
  const key = (scope: Scope, kind: Kind, name: string) => keyOf(datastore, scope, kind, name);
  const pairKey = (scope: Scope, pairId: string) => key(scope, 'Pair', pairId);
  const timelines = timelineEntities(datastore);
  const children = childEntities(datastore);
  const beside = besideHead(datastore);
  const { forget, ...leases } = pairLeases(datastore);

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
    forget(lease);
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

  const write = async (
    transaction: Transaction,
    scope: Scope,
    head: Head,
    before: Head | null,
    more: Beside,
  ): Promise<void> => {
    transaction.upsert([...(await beside(transaction, scope, head, before, more))]);
    const entity = encodeHead(pairKey(scope, head.pair.id), head);
    if (before) transaction.upsert(entity);
    else transaction.insert(entity);
  };

  const ownerOf = async (scope: Scope, kind: Kind, name: string): Promise<string | null> => {
    const [entity] = await getAll(datastore, [key(scope, kind, name)], datastore.KEY);
    return entity === undefined ? null : ownerSchema.parse(entity).pairId;
  };

  const getPair = async (scope: Scope, pairId: string) => (await readHead(datastore, scope, pairId))?.pair ?? null;

  return {
    createPair: (scope, sites, pair, decisions = [], given = []) =>
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
        await write(transaction, scope, head, null, { children: given, decisions });
        return null;
      }),

    completePair: (scope, lease, sites, patch) =>
      inTransaction(datastore, async (transaction) => {
        const before = await leasedHead(transaction, scope, lease);
        if (!before) throw new LeaseLost(lease.pairId);
        const patched = patchHead(before, patch);
        const names = claimNames(sites, patched.pair.ids);
        const owner = await otherOwner(transaction, scope, names, lease.pairId);
        if (owner !== null) return { claimedBy: owner };
        await write(
          transaction,
          scope,
          { ...patched, claims: [...new Set([...patched.claims, ...names])] },
          before,
          patch,
        );
        return null;
      }),

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

    children: children.children,
    findChildren: children.findChildren,

    ...leases,

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
      await datastore.delete([...children.keys(scope, lease.pairId), ...timelines.keys(scope, lease.pairId)]);
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
