// The timelines of pairs in Datastore: a ring of entities beside each pair's head, one a decision, so that a decision is written
// with its pair's commit without reading anything before, and the newest takes the oldest's place. `expireAt` is for Datastore's
// own expiry, which needs no index of it: https://cloud.google.com/datastore/docs/ttl

import type { Datastore, Key } from '@google-cloud/datastore';
import { z } from 'zod';
import { type Decision, type Scope, timelineLimits } from '../reconcile/ports.ts';
import { type Head, namespaceOf } from './datastore-entities.ts';
import { getAll } from './datastore-transaction.ts';

const ring = timelineLimits.decisions;

/** `decision` is JSON of a shape that only this file writes, `number` counts all that the pair ever had. */
const entitySchema = z.object({ number: z.number(), decision: z.string() });

export function timelineEntities(datastore: Datastore) {
  /** Below the pair, so that a transaction touches one group of entities, however many decisions it brings. */
  const entityKey = (scope: Scope, pairId: string, place: number): Key =>
    datastore.key({ namespace: namespaceOf(scope), path: ['Pair', pairId, 'Timeline', String(place)] });
  const keys = (scope: Scope, pairId: string): readonly Key[] =>
    Array.from({ length: ring }, (_, place) => entityKey(scope, pairId, place));

  return {
    /** The entities to write with a head that counts these decisions already. */
    append(scope: Scope, head: Head, decisions: readonly Decision[]) {
      const first = head.decided - decisions.length;
      const numbered = decisions.map((decision, index) => ({ number: first + index, decision }));
      return numbered.slice(-ring).map(({ number, decision }) => ({
        key: entityKey(scope, head.pair.id, number % ring),
        data: {
          number,
          decision: JSON.stringify(decision),
          expireAt: new Date(decision.at + timelineLimits.keptMs),
        },
        excludeFromIndexes: ['number', 'decision', 'expireAt'],
      }));
    },

    async read(scope: Scope, head: Head, now: number): Promise<readonly Decision[]> {
      const entities = await getAll(datastore, keys(scope, head.pair.id), datastore.KEY);
      return entities
        .filter((entity) => entity !== undefined)
        .map((entity) => {
          const { number, decision } = entitySchema.parse(entity);
          return { number, decision: JSON.parse(decision) as Decision };
        })
        .filter(({ decision: { at } }) => at >= now - timelineLimits.keptMs)
        .sort((a, b) => b.number - a.number)
        .map(({ decision }) => decision);
    },

    keys,
  };
}
