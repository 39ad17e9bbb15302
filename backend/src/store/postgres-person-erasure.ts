// Takes one person out of an installation's configuration: a part of postgres-config-store.ts. The operational state knows no
// people.

import type { Scope } from '../reconcile/ports.ts';
import type { Side } from '../sync/model.ts';
import type { ConfigContext } from './config-context.ts';
import type { PersonErasureStore } from './config-store.ts';
import { jsonb, type Queryable, transaction } from './database.ts';

interface SettingsTable {
  readonly table: string;
  readonly key: readonly string[];
  /** Of the mapped people within the column. */
  readonly path: readonly string[];
}

/** Where settings lie that may map the person. A draft of the wizard has its step beside the settings. */
const settingsTables: readonly SettingsTable[] = [
  { table: 'profiles', key: ['profile_id'], path: ['users'] },
  { table: 'profile_history', key: ['profile_id', 'revision'], path: ['users'] },
  { table: 'profile_drafts', key: ['profile_id'], path: ['users'] },
  { table: 'profile_drafts', key: ['profile_id'], path: ['settings', 'users'] },
];

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
        if (rows) erased[place] = (erased[place] ?? 0) + rows;
      };
      const at = [scope.installationId, personId];
      const people = await client.query(
        'delete from tandem.people where installation_id = $1 and person_id = $2 and side = $3',
        [...at, side],
      );
      count('people', people.rowCount);
      for (const place of settingsTables) {
        count(`${place.table}.settings`, await unmap(client, scope, place, side, personId));
      }
      if (side === 'jira') {
        for (const { table, column } of accountColumns) {
          const { rowCount } = await client.query(
            `update tandem.${table} set ${column} = null where installation_id = $1 and ${column} = $2`,
            at,
          );
          count(`${table}.${column}`, rowCount);
        }
        const reported = await client.query(
          'delete from tandem.reported_accounts where installation_id = $1 and account_id = $2',
          at,
        );
        count('reported_accounts', reported.rowCount);
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

/** Takes the person's pair out of the mapped people. */
async function unmap(
  client: Queryable,
  scope: Scope,
  { table, key, path }: SettingsTable,
  side: Side,
  personId: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `update tandem.${table} t set settings = jsonb_set(t.settings, $5, kept.users)
     from (
       select ${key.join(', ')}, coalesce(
         (select jsonb_agg(one) from jsonb_array_elements(settings #> $5) as one where one ->> $3 is distinct from $2),
         '[]'::jsonb) as users
       from tandem.${table} where installation_id = $1 and settings #> $5 @> $4::jsonb
     ) kept
     where t.installation_id = $1 and ${key.map((column) => `t.${column} = kept.${column}`).join(' and ')}`,
    [scope.installationId, personId, side, jsonb([{ [side]: personId }]), path],
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
