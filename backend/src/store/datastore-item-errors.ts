// Errors of items that have no pair yet, in Datastore: a part of datastore-state-store.ts.

import { type Datastore, PropertyFilter } from '@google-cloud/datastore';
import { z } from 'zod';
import type { ErrorRecord, RetryState, StateStore } from '../reconcile/ports.ts';
import type { Side } from '../sync/model.ts';
import { hashed, keyOf, namespaceOf } from './datastore-entities.ts';

const entitySchema = z.object({ error: z.string() });

interface ItemError {
  readonly side: Side;
  readonly itemId: string;
  readonly key: string;
  readonly record: ErrorRecord;
  readonly retry: RetryState | null;
}

/** Indexed by the item, so that all of its errors are found at once. */
const itemOf = (profileId: string, side: Side, itemId: string) => hashed(profileId, side, itemId);

const order = (one: ItemError) => `${one.side}\n${one.itemId}\n${one.record.id}`;

export const itemErrorEntities = (
  datastore: Datastore,
): Pick<StateStore, 'putItemError' | 'clearItemError' | 'listItemErrors'> => ({
  async putItemError(scope, profileId, side, itemId, key, record, retry = null) {
    const item = itemOf(profileId, side, itemId);
    const error: ItemError = { side, itemId, key, record, retry };
    await datastore.upsert({
      key: keyOf(datastore, scope, 'ItemError', hashed(item, record.id)),
      data: { profile: profileId, item, error: JSON.stringify(error) },
      excludeFromIndexes: ['error'],
    });
  },

  async clearItemError(scope, profileId, side, itemId) {
    const [found] = await datastore.runQuery(
      datastore
        .createQuery(namespaceOf(scope), 'ItemError')
        .filter(new PropertyFilter('item', '=', itemOf(profileId, side, itemId)))
        .select('__key__'),
    );
    await datastore.delete(found.map((entity: Record<symbol, unknown>) => entity[datastore.KEY]));
  },

  async listItemErrors(scope, profileId, item) {
    const filter = item
      ? new PropertyFilter('item', '=', itemOf(profileId, item.side, item.itemId))
      : new PropertyFilter('profile', '=', profileId);
    const [found] = await datastore.runQuery(datastore.createQuery(namespaceOf(scope), 'ItemError').filter(filter));
    return found
      .map((entity: unknown): ItemError => JSON.parse(entitySchema.parse(entity).error) as ItemError)
      .sort((a: ItemError, b: ItemError) => (order(a) < order(b) ? -1 : 1));
  },
});
