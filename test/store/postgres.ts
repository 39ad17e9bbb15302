// A database of its own for a test file: one embedded PostgreSQL for the whole run, started by the first file that
// asks, and each database a quick copy of one that was migrated once.

import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, inject } from 'vitest';
import { migrateQueue } from '../../backend/src/jobs/queue-schema.ts';
import { openPool, type Pool } from '../../backend/src/store/database.ts';
import { startEmbeddedPostgres } from '../../backend/src/store/embedded-postgres.ts';
import { withFolderLock } from '../../backend/src/store/folder-lock.ts';
import { migrate } from '../../backend/src/store/migrate.ts';
import { tenantPool, tenantRole } from '../../backend/src/store/tenancy.ts';

export interface TestDatabase {
  readonly url: string;
  /** As the owner of the tables. */
  readonly pool: Pool;
  /** As the stores work: bound to installations by row-level security. */
  readonly tenants: Pool;
}

const template = 'tandem_template';

/** What a test can lose without loss: durability. And room for the pools of all files that run at once. */
const quick = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'max_connections=400'];

function named(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.toString();
}

/** Makes the migrated database that the others are copies of, once for the run. */
async function ensureTemplate(admin: Pool, url: string): Promise<void> {
  const { rowCount } = await admin.query('select 1 from pg_database where datname = $1', [template]);
  if (rowCount) return;
  await admin.query(`create database ${template}_new`);
  const pool = openPool(named(url, `${template}_new`), { max: 2 });
  await migrate(pool);
  await migrateQueue(pool);
  await pool.end();
  await admin.query(`alter database ${template}_new rename to ${template}`);
}

/** A database without any schema, for tests of what makes one; as `testDatabase` otherwise. */
export async function emptyDatabase(owner?: { readonly name: string; readonly password: string }): Promise<string> {
  const server = await startEmbeddedPostgres({ dataDir: inject('postgresFolder'), settings: quick });
  const admin = openPool(server.url, { max: 1 });
  const name = `empty_${randomBytes(6).toString('hex')}`;
  if (owner) await admin.query(`create role ${owner.name} login password '${owner.password}'`);
  await admin.query(`create database ${name} template template0 ${owner ? `owner ${owner.name}` : ''}`);
  afterAll(async () => {
    await admin.query(`drop database ${name} with (force)`);
    if (owner) await admin.query(`drop role ${owner.name}`);
    await admin.end();
  });
  const url = new URL(named(server.url, name));
  if (owner) [url.username, url.password] = [owner.name, owner.password];
  return url.toString();
}

/** Call it in `beforeAll` or at the top of a test file; the database goes when the file ends. */
export async function testDatabase(): Promise<TestDatabase> {
  const folder = inject('postgresFolder');
  const server = await startEmbeddedPostgres({ dataDir: folder, settings: quick });
  const admin = openPool(server.url, { max: 2 });
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withFolderLock(join(folder, 'template.lock'), async () => {
    await ensureTemplate(admin, server.url);
    await admin.query(`create database ${name} template ${template}`);
  });
  const url = named(server.url, name);
  const pool = openPool(url, { max: 20 });
  const bound = openPool(url, { max: 20, role: tenantRole });
  afterAll(async () => {
    await Promise.all([pool.end(), bound.end()]);
    await admin.query(`drop database ${name} with (force)`);
    await admin.end();
    // The server stays for the files to come: postgres-run.ts ends it.
  });
  return { url, pool, tenants: tenantPool(bound) };
}
