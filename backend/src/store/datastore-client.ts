// Opens Google's Datastore client: with the process's own Google account, or without any on the emulator of this machine.
// Loaded only where Datastore is used, as the client takes half a second to load.

import { Datastore } from '@google-cloud/datastore';
import { PassThroughClient } from 'google-auth-library';

export interface DatastoreOptions {
  readonly project: string;
  /** '' for the project's default one. */
  readonly database: string;
  /** `127.0.0.1:<port>` of Google's emulator; null for the real service. */
  readonly emulator: string | null;
}

export function openDatastore({ project, database, emulator }: DatastoreOptions): Datastore {
  const named = { projectId: project, ...(database === '' ? {} : { databaseId: database }) };
  if (emulator === null) return new Datastore(named);
  // Nobody's: the client would look for an account in the network.
  return new Datastore({ ...named, apiEndpoint: emulator, authClient: new PassThroughClient() });
}
