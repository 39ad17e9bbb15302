// The timelines of pairs in Datastore: a ring of entities beside each pair's head, so that a decision reads and writes one
// small entity and nothing has to be deleted. `expireAt` is for Datastore's own expiry, which needs no index of it:
// https://cloud.google.com/datastore/docs/ttl

import type { Datastore, Key, Transaction } from '@google-cloud/datastore';
import { z } from 'zod';
import { type Decision, type Scope, timelineLimits } from '../reconcile/ports.ts';
import { type Head, hashed, keyOf } from './datastore-entities.ts';
import { getAll } from './datastore-transaction.ts';

/** Decisions of one entity. */
const perEntity = 20;
/** One more than is kept, since the newest is filled while the oldest is still needed. */
const ring = timelineLimits.decisions / perEntity + 1;

const entitySchema = z.object({ decisions: z.string() });

/** JSON of a shape that only this file writes: each with its number, by which what a turn of the ring left is told. */
type Numbered = readonly [number: number, decision: Decision];

const decode = (entity: unknown): readonly Numbered[] =>
  entity === undefined ? [] : (JSON.parse(entitySchema.parse(entity).decisions) as readonly Numbered[]);

export function timelineEntities(datastore: Datastore) {
  const entityKey = (scope: Scope, pairId: string, place: number): Key =>
    keyOf(datastore, scope, 'Timeline', hashed(pairId, String(place)));
  const keys = (scope: Scope, pairId: string): readonly Key[] =>
    Array.from({ length: ring }, (_, place) => entityKey(scope, pairId, place));

  return {
    /** The entities to write with a head that counts these decisions already. */
    async append(transaction: Transaction, scope: Scope, head: Head, decisions: readonly Decision[]) {
      const first = head.decided - decisions.length;
      const numbered = decisions.map((decision, index): Numbered => [first + index, decision]);
      const turns = Map.groupBy(numbered, ([number]) => Math.floor(number / perEntity));
      const places = [...turns.keys()].map((turn) => entityKey(scope, head.pair.id, turn % ring));
      const known = await getAll(transaction, places, datastore.KEY);
      return [...turns].map(([turn, added], index) => {
        const before = decode(known[index]).filter(([number]) => Math.floor(number / perEntity) === turn);
        const all = [...before, ...added];
        const newest = Math.max(...all.map(([, { at }]) => at));
        return {
          key: entityKey(scope, head.pair.id, turn % ring),
          data: { decisions: JSON.stringify(all), expireAt: new Date(newest + timelineLimits.keptMs) },
          excludeFromIndexes: ['decisions', 'expireAt'],
        };
      });
    },

    async read(scope: Scope, head: Head, now: number): Promise<readonly Decision[]> {
      const entities = await getAll(datastore, keys(scope, head.pair.id), datastore.KEY);
      return entities
        .flatMap(decode)
        .filter(
          ([number, { at }]) => number >= head.decided - timelineLimits.decisions && at >= now - timelineLimits.keptMs,
        )
        .sort(([a], [b]) => b - a)
        .map(([, decision]) => decision);
    },

    keys,
  };
}
