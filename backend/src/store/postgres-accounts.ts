// Which people's accounts of Jira are kept, since when, and when Atlassian was last asked about each: a part of
// postgres-config-store.ts.

import type { ConfigContext } from './config-context.ts';
import type { AccountStore } from './config-store.ts';
import { numberOf } from './database.ts';

/**
 * Every place where an account id of Jira stands, with the time at which it was written there. In settings, of which a draft of
 * the wizard holds some beneath its own: mapped people, values of fields that hold people, and who stands for the unmapped.
 */
const stored = `
  with named as (
    select settings, updated_at as at from tandem.profiles where installation_id = $1
    union all select settings, saved_at from tandem.profile_history where installation_id = $1
    union all select settings, saved_at from tandem.profile_drafts where installation_id = $1
  ), stored as (
    select person_id as id, seen_at as at from tandem.people where installation_id = $1 and side = 'jira'
    union all select account #>> '{}', at from named
      cross join (values ('$.**.users[*].jira'), ('$.**.fields[*] ? (@.kind == "user").values[*].jira'),
        ('$.**.unmapped.set.jira'), ('$.**.unmappedUser.set.jira')) as place (path)
      cross join lateral jsonb_path_query(settings, path::jsonpath) as account
    union all select saved_by, saved_at from tandem.profile_history where installation_id = $1
    union all select saved_by, saved_at from tandem.profile_drafts where installation_id = $1
    union all select one ->> 'id', loaded_at from tandem.catalogs, jsonb_array_elements(catalogs -> 'jira' -> 'people') as one
      where installation_id = $1
  )`;

/** What Atlassian takes for an account id; a draft may hold anything. */
const accountId = '^[0-9A-Za-z:_-]{1,128}$';

export const accountTables = ({ pool }: ConfigContext): AccountStore => ({
  async accountsDue(scope, reportedBefore, limit) {
    const { rows } = await pool.query<{ id: string; at: string }>(
      `${stored}
       select stored.id, max(stored.at) as at from stored
       left join tandem.reported_accounts r on r.installation_id = $1 and r.account_id = stored.id
       where stored.id ~ $4 and (r.reported_at is null or r.reported_at < $2)
       group by stored.id order by stored.id limit $3`,
      [scope.installationId, reportedBefore, limit, accountId],
    );
    return rows.map(({ id, at }) => ({ id, storedAt: numberOf(at) }));
  },

  async accountsReported(scope, ids, at) {
    // Of an account that stands nowhere else any more, its report is not to be kept either.
    await pool.query(
      `${stored}, gone as (
         delete from tandem.reported_accounts known where installation_id = $1
           and not exists (select 1 from stored where stored.id = known.account_id)
       )
       insert into tandem.reported_accounts (installation_id, account_id, reported_at)
       select installation_id, given.id, $3 from tandem.installations cross join unnest($2::text[]) as given (id)
       where installation_id = $1 and exists (select 1 from stored where stored.id = given.id)
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
