// Which people's accounts of Jira are kept, since when, and when Atlassian was last asked about each: a part of
// postgres-config-store.ts.

import type { ConfigContext } from './config-context.ts';
import type { AccountStore } from './config-store.ts';
import { numberOf } from './database.ts';

/** Every place where an account id of Jira stands, with the time at which it was written there. */
const stored = `
  select person_id as id, seen_at as at from tandem.people where installation_id = $1 and side = 'jira'
  union all select one ->> 'jira', updated_at from tandem.profiles, jsonb_array_elements(settings -> 'users') as one
    where installation_id = $1
  union all select saved_by, saved_at from tandem.profile_history where installation_id = $1
  union all select saved_by, saved_at from tandem.profile_drafts where installation_id = $1
  union all select one ->> 'id', loaded_at from tandem.catalogs, jsonb_array_elements(catalogs -> 'jira' -> 'people') as one
    where installation_id = $1`;

export const accountTables = ({ pool }: ConfigContext): AccountStore => ({
  async accountsDue(scope, reportedBefore, limit) {
    const { rows } = await pool.query<{ id: string; at: string }>(
      `select stored.id, max(stored.at) as at from (${stored}) as stored
       left join tandem.reported_accounts r on r.installation_id = $1 and r.account_id = stored.id
       where stored.id is not null and stored.id <> '' and (r.reported_at is null or r.reported_at < $2)
       group by stored.id order by stored.id limit $3`,
      [scope.installationId, reportedBefore, limit],
    );
    return rows.map(({ id, at }) => ({ id, storedAt: numberOf(at) }));
  },

  async accountsReported(scope, ids, at) {
    await pool.query(
      `insert into tandem.reported_accounts (installation_id, account_id, reported_at)
       select installation_id, id, $3 from tandem.installations cross join unnest($2::text[]) as id
       where installation_id = $1
       on conflict (installation_id, account_id) do update set reported_at = excluded.reported_at`,
      [scope.installationId, [...new Set(ids)], at],
    );
  },

  async forgetAccount(scope, id) {
    await pool.query(
      `with people as (
         delete from tandem.people where installation_id = $1 and side = 'jira' and person_id = $2
       )
       delete from tandem.catalogs where installation_id = $1 and strpos(catalogs::text, to_jsonb($2::text)::text) > 0`,
      [scope.installationId, id],
    );
  },
});
