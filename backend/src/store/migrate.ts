// Brings the schema `tandem` to this version: numbered files, forward only, each once, all in one transaction.

import { readdir, readFile } from 'node:fs/promises';
import { type Pool, transaction } from './database.ts';
import { ensureTenantRole, mayUseTenantRole } from './tenancy.ts';

const folder = new URL('./migrations/', import.meta.url);

/** Any number that nothing else locks: instances that start together wait for one another. */
const lockId = 7_426_336;

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

/** The files `NNN-name.sql` in order; a gap or a number used twice is a defect of the build. */
export async function loadMigrations(from: URL = folder): Promise<readonly Migration[]> {
  const names = (await readdir(from)).filter((name) => name.endsWith('.sql')).sort();
  return Promise.all(
    names.map(async (name, index) => {
      const number = Number(/^(\d{3})-[a-z0-9-]+\.sql$/.exec(name)?.[1]);
      if (number !== index + 1) throw new Error(`migration ${name}: expected number ${index + 1}`);
      return { number, name, sql: await readFile(new URL(name, from), 'utf8') };
    }),
  );
}

/** Applies what is missing; returns the names of what it applied. Refuses a database that a newer version has moved on. */
export async function migrate(pool: Pool, migrations?: readonly Migration[]): Promise<readonly string[]> {
  const all = migrations ?? (await loadMigrations());
  return transaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [lockId]);
    await client.query('create schema if not exists tandem');
    await client.query(
      `create table if not exists tandem.migrations (
         number int primary key, name text not null, applied_at timestamptz not null default now())`,
    );
    const { rows } = await client.query<{ number: number }>('select number from tandem.migrations order by number');
    const newest = rows.at(-1)?.number ?? 0;
    if (newest > all.length) {
      throw new Error(
        `the database is at migration ${newest}, this version of Tandem knows ${all.length}: use a newer one`,
      );
    }
    const missing = all.filter((migration) => migration.number > newest);
    for (const migration of missing) {
      await client.query(migration.sql);
      await client.query('insert into tandem.migrations (number, name) values ($1, $2)', [
        migration.number,
        migration.name,
      ]);
    }
    if (missing.length > 0 || !(await mayUseTenantRole(client))) await ensureTenantRole(client);
    return missing.map((migration) => migration.name);
  });
}
