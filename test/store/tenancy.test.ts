// Row-level security: what the database itself keeps apart, whatever a query forgets.

import { randomBytes } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { configurationTables, stateTables, workTables } from '../../backend/src/data-policy/cloud-sql.ts';
import { openPool, transaction } from '../../backend/src/store/database.ts';
import { migrate } from '../../backend/src/store/migrate.ts';
import {
  acrossInstallations,
  boundToInstallation,
  mayUseTenantRole,
  tenantPool,
  tenantRole,
  within,
} from '../../backend/src/store/tenancy.ts';
import { tenantStateStore } from '../../backend/src/store/tenant-stores.ts';
import { newPair, sites } from './pairs.ts';
import { emptyDatabase, testDatabase } from './postgres.ts';

const { url, pool, tenants } = await testDatabase();

const install = (id: string) =>
  pool.query(
    `insert into tandem.installations (installation_id, cloud_id, environment, status, created_at, updated_at)
     values ($1, $1, 'PRODUCTION', 'active', 0, 0)`,
    [id],
  );
await install('a');
await install('b');
const state = tenantStateStore(tenants);
await state.createPair({ installationId: 'a' }, sites, newPair({ installationId: 'a' }, 'p', '1'));
await state.createPair({ installationId: 'b' }, sites, newPair({ installationId: 'b' }, 'p', '1'));

const seen = async (table: string): Promise<readonly string[]> => {
  const { rows } = await tenants.query<{ id: string }>(
    `select distinct installation_id as id from tandem.${table} order by 1`,
  );
  return rows.map(({ id }) => id);
};

describe('a query of a store', () => {
  test.each(['installations', 'pairs', 'claims'])('of %s without an installation sees nothing', async (table) => {
    expect(await seen(table)).toEqual([]);
    expect(await within('a', () => seen(table))).toEqual(['a']);
    expect(await within('b', () => seen(table))).toEqual(['b']);
    expect(await within('nobody', () => seen(table))).toEqual([]);
    expect(await acrossInstallations(() => seen(table))).toEqual(['a', 'b']);
    // The connection that saw all of them is the next one's as well.
    expect(await seen(table)).toEqual([]);
  });

  test('changes, adds and removes nothing of another installation', async () => {
    const { rowCount } = await within('a', () => tenants.query(`update tandem.pairs set fence = 99`));
    expect(rowCount).toBe(1);
    await within('a', () => tenants.query(`delete from tandem.claims where installation_id = 'b'`));
    expect(await acrossInstallations(() => seen('claims'))).toEqual(['a', 'b']);
    await expect(
      within('a', () => tenants.query(`update tandem.pairs set installation_id = 'b', pair_id = 'stolen'`)),
    ).rejects.toThrow('row-level security');
    const given = `insert into tandem.waiters values ('b', 'jira', '1', 'p', 'jira', '2')`;
    await expect(within('a', () => tenants.query(given))).rejects.toThrow('row-level security');
    await expect(tenants.query(given)).rejects.toThrow('row-level security');
  });

  test('is bound in a transaction too, also after one that failed', async () => {
    const count = () =>
      transaction(tenants, async (client) => (await client.query('select 1 from tandem.installations')).rowCount);
    expect(await within('a', count)).toBe(1);
    await expect(
      within('a', () => transaction(tenants, (client) => client.query('select 1 / 0 from tandem.installations'))),
    ).rejects.toThrow('division by zero');
    expect(await within('b', count)).toBe(1);
    expect(await acrossInstallations(count)).toBe(2);
    expect(await count()).toBe(0);
  });

  test('costs one more statement only when its connection worked for another installation before', async () => {
    const one = openPool(url, { max: 1, role: tenantRole });
    const statements: string[] = [];
    one.on('connect', (client) => {
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      Object.assign(client, {
        query: (...args: unknown[]) => {
          statements.push(String(args[0]).includes('set_config') ? 'set' : 'work');
          return query(...args);
        },
      });
    });
    const bound = tenantPool(one);
    for (const id of ['a', 'a', 'a', 'b', 'b', 'a']) await within(id, () => bound.query('select 1'));
    expect(statements).toEqual(['set', 'work', 'work', 'work', 'set', 'work', 'work', 'set', 'work']);
    await one.end();
  });

  test('runs at the same time for many installations without mixing them', async () => {
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const id = index % 2 === 0 ? 'a' : 'b';
        return within(id, async () => ({ id, seen: await seen('pairs') }));
      }),
    );
    expect(all.every((one) => one.seen.length === 1 && one.seen[0] === one.id)).toBe(true);
  });
});

describe('the policies', () => {
  test('are on every table of installations but those of the queue, and all the same', async () => {
    const { rows } = await pool.query<{ table: string; secured: boolean; policy: string | null }>(
      `select c.relname as table, c.relrowsecurity as secured, p.qual || coalesce(p.with_check, '') as policy
       from pg_class c left join pg_policies p on p.schemaname = 'tandem' and p.tablename = c.relname
       where c.relnamespace = 'tandem'::regnamespace and c.relkind = 'r'`,
    );
    const secured = rows.filter((row) => row.secured && row.policy !== null).map((row) => row.table);
    expect(secured.sort()).toEqual([...Object.keys(configurationTables), ...Object.keys(stateTables)].sort());
    expect(new Set(rows.map((row) => row.policy).filter((policy) => policy !== null)).size).toBe(1);
    const open = rows.filter((row) => !row.secured).map((row) => row.table);
    expect(open.sort()).toEqual(Object.keys(workTables).sort());
  });
});

describe('a bound store', () => {
  const asked: unknown[] = [];
  const store = {
    one: async (scope: { installationId: string }) => asked.push(scope),
    all: async () => asked.push('all'),
    stray: async (id: string) => asked.push(id),
  };
  const bound = boundToInstallation(store, ['all']);

  test('throws where a method that is not for all of them comes without an installation', async () => {
    await bound.one({ installationId: 'a' });
    await bound.all();
    expect(() => bound.stray('a')).toThrow('stray was called without an installation');
    expect(asked).toEqual([{ installationId: 'a' }, 'all']);
  });
});

describe('an account that may not make roles', () => {
  const owner = { name: `plain_${randomBytes(4).toString('hex')}`, password: 'word' };

  test('migrates all the same, and is told that it can’t work as the role until somebody grants it', async () => {
    const own = openPool(await emptyDatabase(owner), { max: 2 });
    afterAll(() => own.end());
    expect((await migrate(own)).length).toBeGreaterThan(5);
    expect(await mayUseTenantRole(own)).toBe(false);
    await pool.query(`grant ${tenantRole} to ${owner.name}`);
    // The next start finds it and gives it the tables.
    expect(await migrate(own)).toEqual([]);
    expect(await mayUseTenantRole(own)).toBe(true);
  });
});
