// Takes one person out of an installation's configuration: a part of postgres-config-store.ts. The operational state knows no
// people.

import type { Scope } from '../reconcile/ports.ts';
import type { Side } from '../sync/model.ts';
import type { ConfigContext } from './config-context.ts';
import type { PersonErasureStore } from './config-store.ts';
import { jsonb, type Queryable, transaction } from './database.ts';

/** Where settings lie that may map the person, and their key. */
const settingsTables = [
  { table: 'profiles', key: ['profile_id'] },
  { table: 'profile_history', key: ['profile_id', 'revision'] },
  { table: 'profile_drafts', key: ['profile_id'] },
] as const;

/** Columns that name the account of whoever did something. */
const accountColumns = [
  { table: 'profile_history', column: 'saved_by' },
  { table: 'profile_drafts', column: 'saved_by' },
] as const;

export const personErasure = ({ pool }: ConfigContext): PersonErasureStore => ({
  erasePerson: (scope, side, personId) =>
    transaction(pool, async (client) => {
      const erased: Record<string, number> = {};
      const count = (place: string, rows: number | null) => {
        if (rows) erased[place] = rows;
      };
      const at = [scope.installationId, personId];
      const people = await client.query(
        'delete from tandem.people where installation_id = $1 and person_id = $2 and side = $3',
        [...at, side],
      );
      count('people', people.rowCount);
      for (const { table, key } of settingsTables) {
        count(`${table}.settings`, await unmap(client, scope, table, key, side, personId));
      }
      if (side === 'jira') {
        for (const { table, column } of accountColumns) {
          const { rowCount } = await client.query(
            `update tandem.${table} set ${column} = null where installation_id = $1 and ${column} = $2`,
            at,
          );
          count(`${table}.${column}`, rowCount);
        }
      }
      // Read again from the sites when they are needed.
      const catalogs = await client.query(
        'delete from tandem.catalogs where installation_id = $1 and strpos(catalogs::text, to_jsonb($2::text)::text) > 0',
        at,
      );
      count('catalogs', catalogs.rowCount);
      return { erased, left: await leftOf(client, scope, personId) };
    }),
});

/** Takes the person's pair out of `users`. */
async function unmap(
  client: Queryable,
  scope: Scope,
  table: string,
  key: readonly string[],
  side: Side,
  personId: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `update tandem.${table} t set settings = jsonb_set(t.settings, '{users}', kept.users)
     from (
       select ${key.join(', ')}, coalesce(
         (select jsonb_agg(one) from jsonb_array_elements(settings -> 'users') as one where one ->> $3 is distinct from $2),
         '[]'::jsonb) as users
       from tandem.${table} where installation_id = $1 and settings @> jsonb_build_object('users', $4::jsonb)
     ) kept
     where t.installation_id = $1 and ${key.map((column) => `t.${column} = kept.${column}`).join(' and ')}`,
    [scope.installationId, personId, side, jsonb([{ [side]: personId }])],
  );
  return rowCount ?? 0;
}

/** Profiles whose settings name the person elsewhere: in a value map, or as a default. A person has to change those. */
async function leftOf(client: Queryable, scope: Scope, personId: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ profile_id: string }>(
    `select distinct profile_id from (
       select profile_id, settings from tandem.profiles where installation_id = $1
       union all select profile_id, settings from tandem.profile_history where installation_id = $1
       union all select profile_id, settings from tandem.profile_drafts where installation_id = $1
     ) every where strpos(settings::text, to_jsonb($2::text)::text) > 0 order by 1`,
    [scope.installationId, personId],
  );
  return rows.map((row) => row.profile_id);
}
