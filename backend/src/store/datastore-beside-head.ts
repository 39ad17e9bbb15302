// What is written together with a pair's head in Datastore: look-ups of what is new in it, changed shards of children, and
// what was decided.

import type { Datastore, Transaction } from '@google-cloud/datastore';
import type { PairPatch, Scope } from '../reconcile/ports.ts';
import { childEntities } from './datastore-children.ts';
import { type EncodedEntity, type Head, hashed, type Kind, keyOf } from './datastore-entities.ts';
import { timelineEntities } from './datastore-timelines.ts';

export type Beside = Pick<PairPatch, 'children' | 'forgotten' | 'decisions'>;

export function besideHead(datastore: Datastore) {
  const timelines = timelineEntities(datastore);
  const children = childEntities(datastore);

  return async (
    from: Datastore | Transaction,
    scope: Scope,
    head: Head,
    before: Head | null,
    { children: given, forgotten, decisions = [] }: Beside,
  ): Promise<readonly EncodedEntity[]> => {
    const owner = (kind: Kind, name: string) => ({
      key: keyOf(datastore, scope, kind, name),
      data: { pairId: head.pair.id },
      excludeFromIndexes: ['pairId'],
    });
    const claims = head.claims.filter((name) => !before?.claims.includes(name));
    const tokens = head.tokens.filter((token) => !before?.tokens.includes(token));
    return [
      ...claims.map((name) => owner('Claim', name)),
      ...tokens.map((token) => owner('Token', hashed(token))),
      ...keysOf(head, before).map((name) => owner('Key', name)),
      ...(await children.changed(from, scope, head.pair.id, given, forgotten)),
      ...timelines.append(scope, head, decisions),
    ];
  };
}

/** The key where it is new: what texts name the pair by. */
const keysOf = ({ pair }: Head, before: Head | null): readonly string[] =>
  pair.keys.jira === null || pair.keys.jira === before?.pair.keys.jira ? [] : [hashed(pair.keys.jira)];
