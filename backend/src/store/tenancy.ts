// Row-level security as the stores use it: each call of a store runs for the installation that it was given, and the
// database shows its connection no row of another. The queries name the installation as well; this holds should one forget to.
// The policies are in migrations/007-tenants.sql.

import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { Pool, Queryable } from './database.ts';

/** Bound by the policies; the owner of the tables is not. Without login, and one for all databases of a server. */
export const tenantRole = 'tandem_app';

/** What a connection is set to that may go over all installations. */
const everyInstallation = '*';

const current = new AsyncLocalStorage<string>();

/**
 * Makes the role and gives it the tables, as far as the account of this process may. Part of the migrations' transaction, as
 * tables come with them.
 */
export async function ensureTenantRole(client: Queryable): Promise<void> {
  await client.query(
    `do $$
     begin
       begin
         if to_regrole('${tenantRole}') is null then create role ${tenantRole} nologin; end if;
       exception when insufficient_privilege or duplicate_object or unique_violation then null;
       end;
       begin
         if not pg_has_role(current_user, '${tenantRole}', 'MEMBER') then
           execute format('grant ${tenantRole} to %I', current_user);
         end if;
       exception when insufficient_privilege or undefined_object then null;
       end;
       if to_regrole('${tenantRole}') is not null then
         grant usage on schema tandem to ${tenantRole};
         grant select, insert, update, delete on all tables in schema tandem to ${tenantRole};
       end if;
     end $$`,
  );
}

/** Whether this process may work as the role. An account that may not make roles needs it from an operator. */
export async function mayUseTenantRole(pool: Queryable): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select 1 from pg_roles where rolname = $1 and pg_has_role(current_user, oid, 'MEMBER')
       and has_table_privilege(oid, 'tandem.installations', 'select')`,
    [tenantRole],
  );
  return rowCount === 1;
}

/** What a connection is set to now; unknown ones are set to nothing. */
const entered = new WeakMap<pg.PoolClient, string>();

/**
 * The same pool for stores: a connection that is taken out names the installation of the call. It stays set, so that one more
 * statement is needed only when the connection last worked for another.
 */
export function tenantPool(pool: Pool): Pool {
  const connect = async (): Promise<pg.PoolClient> => {
    const client = await pool.connect();
    const wanted = current.getStore() ?? '';
    if ((entered.get(client) ?? '') === wanted) return client;
    // Unknown until it is done.
    entered.delete(client);
    try {
      await client.query(`select set_config('tandem.installation', $1, false)`, [wanted]);
    } catch (error) {
      client.release(error instanceof Error ? error : true);
      throw error;
    }
    entered.set(client, wanted);
    return client;
  };
  const query = async (text: string, values?: unknown[]): Promise<pg.QueryResult> => {
    const client = await connect();
    let broken: Error | undefined;
    try {
      return await client.query(text, values);
    } catch (error) {
      // What the server refused leaves the connection well.
      if (!(error instanceof pg.DatabaseError)) broken = error instanceof Error ? error : new Error('a query failed');
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return Object.create(pool, { connect: { value: connect }, query: { value: query } }) as Pool;
}

/** Runs `work` for one installation: what it asks of a tenant pool, and nothing beyond, is that one's. */
export const within = <T>(installationId: string, work: () => T): T => current.run(installationId, work);

/** Runs `work` for all of them. */
export const acrossInstallations = <T>(work: () => T): T => current.run(everyInstallation, work);

type Method = (...args: never[]) => unknown;

const installationOf = (value: unknown): string | null =>
  typeof value === 'object' && value !== null && 'installationId' in value && typeof value.installationId === 'string'
    ? value.installationId
    : null;

/**
 * The store with each call bound to the installation of its first argument. Only the methods that are named go over all of
 * them; any other without an installation throws.
 */
export function boundToInstallation<T extends object>(store: T, across: readonly (keyof T)[]): T {
  const bound = Object.entries(store).map(([name, method]: [string, Method]) => {
    const everywhere = across.some((one) => one === name);
    const call = (...args: never[]): unknown => {
      if (everywhere) return acrossInstallations(() => method(...args));
      const installation = installationOf(args[0]);
      if (installation === null) throw new TypeError(`${name} was called without an installation`);
      return within(installation, () => method(...args));
    };
    return [name, call];
  });
  return Object.fromEntries(bound) as T;
}
