// Opens the stores that the settings name: those of one machine, or Google Cloud's. Nothing behind it knows which ones they
// are. Clients of the cloud are loaded only where they are used.

import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Log, StateStore } from './reconcile/ports.ts';
import type { Settings } from './settings.ts';
import type { ConfigStore } from './store/config-store.ts';
import { openPool, openSibling, type Pool, type Server } from './store/database.ts';
import { startEmbeddedPostgres } from './store/embedded-postgres.ts';
import { keyFile } from './store/key-file.ts';
import { migrate } from './store/migrate.ts';
import { postgresWrappedKeys } from './store/postgres-wrapped-keys.ts';
import { type Rewrapped, rewrapKeys } from './store/rewrap-keys.ts';
import { envelopeSecrets, type KeyEncryption, type SecretStore } from './store/secrets.ts';
import { mayUseTenantRole, tenantPool, tenantRole } from './store/tenancy.ts';
import { tenantConfigStore, tenantStateStore } from './store/tenant-stores.ts';

export interface Stores {
  /** The queue's and everybody's: not bound to installations. */
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

/** Connections that a hanging run still holds are nobody's to wait for. */
const closeWaitMs = 500;

/** Migrates the database. Throws when the key or one of the stores can't be used. */
export async function openStores(settings: Settings, { log, now, newId }: StoreOptions): Promise<Stores> {
  const { server, stop } = await openServer(settings);
  const onError = () => log.warn({}, 'a database connection broke');
  // Adds jobs and asks for blocks, in single short statements; the stores' own pool has the rest.
  const pool = openPool(server, { max: Math.ceil(settings.poolSize / 2), onError });
  await migrate(pool);
  const bound = await mayUseTenantRole(pool);
  if (!bound) log.warn({}, `no row-level security: this account may not work as the role ${tenantRole}`);
  const tenants = openSibling(pool, { max: settings.poolSize, onError, ...(bound ? { role: tenantRole } : {}) });
  const scoped = tenantPool(tenants);
  const keys = await openKeys(settings);
  const wrapped = postgresWrappedKeys(scoped);
  const secrets = envelopeSecrets(keys.keys, wrapped, now);
  return {
    pool,
    config: tenantConfigStore({ pool: scoped, secrets, now, newId }),
    state: await openState(settings, scoped),
    secrets,
    rewrap: () => rewrapKeys(keys.keys, wrapped),
    close: async () => {
      await Promise.race([tenants.end(), delay(closeWaitMs, undefined, { ref: false })]);
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
  // Data keys that the file wrapped before the move; it is not made here.
  const before = path === null ? null : await keyFile(path, { make: false });
  const [{ openKmsClient }, { kmsKeys }, { movedKeys }] = await Promise.all([
    import('./store/kms-client.ts'),
    import('./store/kms-keys.ts'),
    import('./store/moved-keys.ts'),
  ]);
  const client = openKmsClient(kms.endpoint);
  const keys = kmsKeys({ client, keyName: kms.keyName });
  return { keys: before === null ? keys : movedKeys(keys, before), close: () => client.close() };
}

async function openState({ cloud: { datastore } }: Settings, pool: Pool): Promise<StateStore> {
  if (datastore === null) return tenantStateStore(pool);
  const [{ openDatastore }, { datastoreStateStore }] = await Promise.all([
    import('./store/datastore-client.ts'),
    import('./store/datastore-state-store.ts'),
  ]);
  return datastoreStateStore(openDatastore(datastore));
}
