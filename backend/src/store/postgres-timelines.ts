// The timelines of pairs in PostgreSQL: a part of postgres-state-store.ts. Decisions are added by the statement that commits
// the result which they tell of.

import { type Decision, type Scope, type StateStore, timelineLimits } from '../reconcile/ports.ts';
import { jsonb, type Pool, type Queryable } from './database.ts';

/**
 * Parts of a `with`: adds the decisions in the parameter `json` to the pair that `head` selects, and drops those that are
 * too many or too old by then. Without decisions it touches nothing.
 */
export const appendDecisions = (head: string, json: string): string => `
     given as (
       select ordinality, (value ->> 'at')::bigint as at, value
       from jsonb_array_elements(${json}::jsonb) with ordinality
     ), decided as (
       insert into tandem.decisions (installation_id, pair_id, at, decision)
       select ${head}.installation_id, ${head}.pair_id, given.at, given.value from ${head} cross join given
       order by given.ordinality
     ), trimmed as (
       delete from tandem.decisions d using ${head}
       where d.installation_id = ${head}.installation_id and d.pair_id = ${head}.pair_id
         and exists (select from given)
         and (d.at < (select max(at) from given) - ${timelineLimits.keptMs} or d.seq <= (
           select seq from tandem.decisions
           where installation_id = ${head}.installation_id and pair_id = ${head}.pair_id
           order by seq desc offset greatest(0, ${timelineLimits.decisions} - (select count(*) from given)) limit 1))
     )`;

export async function addDecisions(
  client: Queryable,
  scope: Scope,
  pairId: string,
  decisions: readonly Decision[],
): Promise<void> {
  if (decisions.length === 0) return;
  await client.query(
    `with head as (select $1::text as installation_id, $2::text as pair_id), ${appendDecisions('head', '$3')}
     select from head`,
    [scope.installationId, pairId, jsonb(decisions)],
  );
}

export const timelineTable = (pool: Pool): Pick<StateStore, 'timeline' | 'purgeTimelines'> => ({
  async timeline(scope, pairId, now) {
    const { rows } = await pool.query<{ decision: Decision }>(
      `select decision from tandem.decisions
       where installation_id = $1 and pair_id = $2 and at >= $3 order by seq desc limit $4`,
      [scope.installationId, pairId, now - timelineLimits.keptMs, timelineLimits.decisions],
    );
    return rows.map(({ decision }) => decision);
  },

  async purgeTimelines(now) {
    await pool.query('delete from tandem.decisions where at < $1', [now - timelineLimits.keptMs]);
  },
});
