// Opens the stores that the settings name: those of one machine, or Google Cloud's. Nothing behind it knows which ones they
// are. Clients of the cloud are loaded only where they are used.

import { join } from 'node:path';
import type { Log, StateStore } from './reconcile/ports.ts';
import type { Settings } from './settings.ts';
import type { ConfigStore } from './store/config-store.ts';
import { openPool, type Pool, type Server } from './store/database.ts';
import { startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { keyFile } from './store/key-file.ts';
import { migrate } from './store/migrate.ts';
import { postgresConfigStore } from './store/postgres-config-store.ts';
import { postgresStateStore } from './store/postgres-state-store.ts';
import { postgresWrappedKeys } from './store/postgres-wrapped-keys.ts';
import { type Rewrapped, rewrapKeys } from './store/rewrap-keys.ts';
import { envelopeSecrets, type KeyEncryption, type SecretStore } from './store/secrets.ts';

export interface Stores {
  readonly pool: Pool;
  readonly config: ConfigStore;
  readonly state: StateStore;
  readonly secrets: SecretStore;
  /** Wraps again what lies under an older key-encryption key. */
  rewrap(): Promise<Rewrapped>;
  /** Once nothing uses the pool any more, which is ended before. */
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
  readonly newId: () => string;
}

/** Migrates the database. Throws when the key or one of the stores can't be used. */
export async function openStores(settings: Settings, { log, now, newId }: StoreOptions): Promise<Stores> {
  const { server, stop } = await openServer(settings);
  const pool = openPool(server, {
    max: settings.poolSize,
    onError: () => log.warn({}, 'a database connection broke'),
  });
  await migrate(pool);
  const keys = await openKeys(settings);
  const wrapped = postgresWrappedKeys(pool);
  const secrets = envelopeSecrets(keys.keys, wrapped, now);
  return {
    pool,
    config: postgresConfigStore({ pool, secrets, now, newId }),
    state: await openState(settings, pool),
    secrets,
    rewrap: () => rewrapKeys(keys.keys, wrapped),
    close: async () => {
      await keys.close();
      await stop();
    },
  };
}

async function openServer({ cloud, databaseUrl, dataDir }: Settings): Promise<{
  readonly server: Server;
  readonly stop: () => Promise<void>;
}> {
  if (cloud.cloudSql !== null) {
    const { cloudSql } = await import('./store/cloud-sql.ts');
    const { server, close } = await cloudSql(cloud.cloudSql);
    return { server, stop: async () => close() };
  }
  if (databaseUrl !== null) return { server: databaseUrl, stop: async () => {} };
  const own = await startEmbeddedPostgres({ dataDir });
  return { server: own.url, stop: own.stop };
}

async function openKeys({ cloud: { kms }, keyFile: path, dataDir }: Settings): Promise<{
  readonly keys: KeyEncryption;
  readonly close: () => Promise<void>;
}> {
  if (kms === null) return { keys: await keyFile(path ?? join(dataDir, 'key')), close: async () => {} };
  const [{ openKmsClient }, { kmsKeys }] = await Promise.all([
    import('./store/kms-client.ts'),
    import('./store/kms-keys.ts'),
  ]);
  const client = openKmsClient(kms.endpoint);
  return { keys: kmsKeys({ client, keyName: kms.keyName }), close: () => client.close() };
}

async function openState({ cloud: { datastore } }: Settings, pool: Pool): Promise<StateStore> {
  if (datastore === null) return postgresStateStore(pool);
  const [{ openDatastore }, { datastoreStateStore }] = await Promise.all([
    import('./store/datastore-client.ts'),
    import('./store/datastore-state-store.ts'),
  ]);
  return datastoreStateStore(openDatastore(datastore));
}
