// Who waits for an item to be paired, in Datastore: a part of datastore-state-store.ts.

import { type Datastore, PropertyFilter } from '@google-cloud/datastore';
import { z } from 'zod';
import type { ItemName, StateStore, Waiter } from '../reconcile/ports.ts';
import { hashed, keyOf, namespaceOf } from './datastore-entities.ts';

const entitySchema = z.object({ waiter: z.string() });

/** Indexed by the name, hashed, so that all who wait for it are found at once. */
const nameOf = ({ side, name }: ItemName) => hashed(side, name);

const identity = ({ profileId, side, itemId }: Waiter) => hashed(profileId, side, itemId);

export const waiterEntities = (
  datastore: Datastore,
): Pick<StateStore, 'awaitItems' | 'waitersOf' | 'forgetWaiters'> => {
  const entityKey: (scope: { installationId: string }, name: ItemName, waiter: Waiter) => ReturnType<typeof keyOf> = (
    scope,
    name,
    waiter,
  ) => keyOf(datastore, scope, 'Waiters', hashed(nameOf(name), identity(waiter)));
  return {
    async awaitItems(scope, names, waiter) {
      if (names.length === 0) return;
      await datastore.upsert(
        names.map((name) => ({
          key: entityKey(scope, name, waiter),
          data: { name: nameOf(name), waiter: JSON.stringify(waiter) },
          excludeFromIndexes: ['waiter'],
        })),
      );
    },

    async waitersOf(scope, names) {
      const found = new Map<string, Waiter>();
      for (const name of names) {
        const query = datastore
          .createQuery(namespaceOf(scope), 'Waiters')
          .filter(new PropertyFilter('name', '=', nameOf(name)));
        const [entities] = await datastore.runQuery(query);
        for (const entity of entities) {
          const waiter = JSON.parse(entitySchema.parse(entity).waiter) as Waiter;
          found.set(identity(waiter), waiter);
        }
      }
      return [...found.values()];
    },

    async forgetWaiters(scope, names, waiters) {
      const keys = names.flatMap((name) => waiters.map((waiter) => entityKey(scope, name, waiter)));
      for (let from = 0; from < keys.length; from += 500) await datastore.delete(keys.slice(from, from + 500));
    },
  };
};
