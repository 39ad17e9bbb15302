// Lists, counts and what is due, in Datastore: a part of datastore-state-store.ts. Every query asks for equality on indexed
// properties in the order of the keys, which the built-in indexes answer.

import { type Datastore, PropertyFilter, type Query } from '@google-cloud/datastore';
import type { Scope, StateStore } from '../reconcile/ports.ts';
import { decodeHead, type Head, keyOf, namespaceOf } from './datastore-entities.ts';

export const pairLists = (
  datastore: Datastore,
): Pick<StateStore, 'listPairs' | 'countPairs' | 'due' | 'listErrors'> => {
  const pairs = (scope: Scope): Query => datastore.createQuery(namespaceOf(scope), 'Pair');
  const pairKey = (scope: Scope, pairId: string) => keyOf(datastore, scope, 'Pair', pairId);
  const heads = async (found: Query): Promise<readonly Head[]> => {
    const [entities] = await datastore.runQuery(found);
    return entities.map(decodeHead);
  };

  return {
    async listPairs(scope, profileId, page) {
      const found = pairs(scope)
        .filter(new PropertyFilter('profile', '=', profileId))
        .order('__key__')
        .limit(page.limit + 1);
      if (page.after !== undefined) found.filter(new PropertyFilter('__key__', '>', pairKey(scope, page.after)));
      const all = await heads(found);
      const listed = all.slice(0, page.limit).map((head) => head.pair);
      const last = all.length > page.limit ? listed.at(-1) : undefined;
      return last ? { pairs: listed, next: last.id } : { pairs: listed };
    },

    async countPairs(scope, profileId) {
      // Keys cost nothing by the piece, and the emulator has no aggregation queries.
      const count = async (name: string, value: unknown): Promise<number> => {
        const counted = pairs(scope)
          .filter(new PropertyFilter('profile', '=', profileId))
          .filter(new PropertyFilter(name, '=', value))
          .select('__key__');
        return (await datastore.runQuery(counted))[0].length;
      };
      const [paired, creating, orphaned, failing] = await Promise.all([
        count('status', 'paired'),
        count('status', 'creating'),
        count('status', 'orphaned'),
        count('failing', true),
      ]);
      return { paired, creating, orphaned, failing };
    },

    async due(scope, now, limit) {
      const isDue = ({ pair, leaseExpiresAt }: Head) =>
        (pair.retry?.dueAt ?? 0) <= now && (leaseExpiresAt === null || leaseExpiresAt <= now);
      // Due times are not indexed, as they only ever grow; what is open is few.
      const open = await heads(pairs(scope).filter(new PropertyFilter('open', '=', true)));
      return open
        .filter(isDue)
        .map((head) => head.pair)
        .sort((a, b) => (a.retry?.dueAt ?? 0) - (b.retry?.dueAt ?? 0))
        .slice(0, limit);
    },

    async listErrors(scope, profileId, page) {
      const [afterPair, afterRecord = ''] = page.after?.split('\n') ?? [];
      // Every pair found has at least one error, so this many are enough, and one more when the first is used up.
      const found = pairs(scope)
        .filter(new PropertyFilter('profile', '=', profileId))
        .filter(new PropertyFilter('withErrors', '=', true))
        .order('__key__')
        .limit(page.limit + 2);
      if (afterPair !== undefined) found.filter(new PropertyFilter('__key__', '>=', pairKey(scope, afterPair)));
      const all = (await heads(found))
        .flatMap(({ pair }) =>
          pair.errors
            .filter((record) => pair.id !== afterPair || record.id > afterRecord)
            .sort((a, b) => (a.id < b.id ? -1 : 1))
            .map((record) => ({ pair, record })),
        )
        .slice(0, page.limit + 1);
      const errors = all.slice(0, page.limit);
      const last = all.length > page.limit ? errors.at(-1) : undefined;
      return last ? { errors, next: `${last.pair.id}\n${last.record.id}` } : { errors };
    },
  };
};
