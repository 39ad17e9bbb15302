// The children of pairs in Datastore: comments, attachments and links in hashed shards beside their pair's head. A shard is
// written only together with the head, whose lease or version guards it.

import type { Datastore, Transaction } from '@google-cloud/datastore';
import { type ChildPair, childKinds, type Scope, type StateStore } from '../reconcile/ports.ts';
import { otherSide } from '../sync/model.ts';
import {
  type ChildName,
  childShardName,
  childShardOf,
  childShards,
  decodeShard,
  type EncodedEntity,
  encodeShard,
  keyOf,
  mergeChildren,
} from './datastore-entities.ts';
import { getAll } from './datastore-transaction.ts';

export function childEntities(datastore: Datastore) {
  const key = (scope: Scope, name: string) => keyOf(datastore, scope, 'Children', name);

  const children: StateStore['children'] = async (scope, pairId, kind) => {
    const names = Array.from({ length: childShards }, (_, shard) => childShardName(pairId, kind, shard));
    const entities = await getAll(
      datastore,
      names.map((name) => key(scope, name)),
      datastore.KEY,
    );
    const order = (child: ChildPair) => `${child.source} ${child.sourceId}`;
    return entities.flatMap(decodeShard).sort((a, b) => (order(a) < order(b) ? -1 : 1));
  };

  const findChildren: StateStore['findChildren'] = async (scope, pairId, kind, names) => {
    if (names.length === 0) return [];
    const wanted = new Set(names.map(({ side, id }) => `${side} ${id}`));
    // A copy lies in its source's shard, which its own id does not tell.
    return (await children(scope, pairId, kind)).filter(
      ({ source, sourceId, targetId }) =>
        wanted.has(`${source} ${sourceId}`) || wanted.has(`${otherSide(source)} ${targetId}`),
    );
  };

  return {
    children,
    findChildren,

    /** The shards as they are to be written with the head. Reads those that change, in one look-up. */
    async changed(
      from: Datastore | Transaction,
      scope: Scope,
      pairId: string,
      given: readonly ChildPair[] = [],
      forgotten: readonly ChildName[] = [],
    ): Promise<readonly EncodedEntity[]> {
      const shardOf = (child: ChildName) => childShardName(pairId, child.kind, childShardOf(child));
      const [groups, gone] = [Map.groupBy(given, shardOf), Map.groupBy(forgotten, shardOf)];
      const names = [...new Set([...groups.keys(), ...gone.keys()])];
      const known = await getAll(
        from,
        names.map((name) => key(scope, name)),
        datastore.KEY,
      );
      return names.map((name, index) =>
        encodeShard(key(scope, name), mergeChildren(decodeShard(known[index]), groups.get(name) ?? [], gone.get(name))),
      );
    },

    keys: (scope: Scope, pairId: string) =>
      childKinds.flatMap((kind) =>
        Array.from({ length: childShards }, (_, shard) => key(scope, childShardName(pairId, kind, shard))),
      ),
  };
}
