import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { keyFile } from '../../backend/src/store/key-file.ts';
import { postgresWrappedKeys } from '../../backend/src/store/postgres-wrapped-keys.ts';
import { envelopeSecrets } from '../../backend/src/store/secrets.ts';
import { tenantConfigStore } from '../../backend/src/store/tenant-stores.ts';
import { describeConfigStore } from './config-store.contract.ts';
import { testConfigStrangers } from './config-store.strangers.ts';
import { testDatabase } from './postgres.ts';

const { pool, tenants } = await testDatabase();
const folder = await mkdtemp(join(tmpdir(), 'tandem-key-'));
afterAll(() => rm(folder, { recursive: true }));

/** Every row of every table of ours. */
async function dump(): Promise<string> {
  const { rows: tables } = await pool.query<{ name: string }>(
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'tandem'`,
  );
  const contents = await Promise.all(tables.map(({ name }) => pool.query(`select * from ${name}`)));
  return JSON.stringify(contents.map((content) => content.rows));
}

const sealing = async () => envelopeSecrets(await keyFile(join(folder, 'tandem.key')), postgresWrappedKeys(tenants));

testConfigStrangers('PostgreSQL', async () => tenantConfigStore({ pool: tenants, secrets: await sealing() }));

describeConfigStore('PostgreSQL', async () => {
  let now = 1_700_000_000_000;
  const secrets = await sealing();
  return {
    store: tenantConfigStore({ pool: tenants, secrets, now: () => now }),
    advance: (ms) => {
      now += ms;
    },
    dump,
  };
});
