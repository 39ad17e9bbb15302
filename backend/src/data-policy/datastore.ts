// The data policy of Datastore: pairs and what belongs to them, each installation in a namespace of its own.

import { type DataClass, fields, type StorePolicy, type TablePolicy, untilErased } from './policy.ts';
import { region } from './region.ts';

const kind = (about: string, byClass: Partial<Record<DataClass, string>>, retention = untilErased): TablePolicy => ({
  about,
  tenant: 'installation',
  retention,
  fields: fields(byClass),
});

export const datastoreKinds: Readonly<Record<string, TablePolicy>> = {
  Pair: kind('A pair’s head: ids, versions, fingerprints, intents, errors as codes, the lease', {
    identifier: 'profile claims tokens',
    operational: 'status failing withErrors open pair fence leaseExpiresAt dirtyAtFence decided',
  }),
  Claim: kind('One item is in one pair; the key is a hash of site and item', { identifier: 'pairId' }),
  Token: kind('Finds a pair by a hash of its marker', { identifier: 'pairId' }),
  Key: kind('Finds a pair by a hash of its issue’s key', { identifier: 'pairId' }),
  Children: kind('Comments, attachments and links of a pair: ids, versions, fingerprints, in shards', {
    operational: 'children',
  }),
  Timeline: kind(
    'What was decided for a pair, and by which rule',
    { operational: 'number decision expireAt' },
    '30 days',
  ),
  Waiters: kind('Who waits for an item to be paired', { identifier: 'name waiter' }),
  ItemError: kind('Errors of items that have no pair yet', { identifier: 'profile item', operational: 'error' }),
  InitialSync: kind('Checkpoint of an initial sync', { operational: 'sync' }),
  InitialCount: kind('Counters of an initial sync, in shards', { operational: 'done failed' }),
};

/** Kinds whose entities Datastore removes by itself, and by which property: https://cloud.google.com/datastore/docs/ttl */
export const datastoreExpiry: Readonly<Record<string, string>> = { Timeline: 'expireAt' };

export const datastorePolicy: StorePolicy = {
  name: 'Datastore',
  service: 'Firestore in Datastore mode',
  region,
  guard: 'IAM of the service alone; a namespace an installation; no content, file names as fingerprints',
  tables: datastoreKinds,
};
