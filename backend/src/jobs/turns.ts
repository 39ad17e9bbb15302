// Fair shares: jobs are added so that an installation with many of them does not keep the others waiting. The queue runs the
// jobs of one priority by the time at which they are due; here that time becomes a turn.
//
// A job that may run at once gets its installation's next turn, and the turns of one installation follow each other at a
// distance. The first one lies an hour back, so that 50,000 jobs have turns in the past and none waits for its own. Somebody
// else's ten, added later, get turns of an hour ago as well, and run before all of the 50,000 but the few that were added
// some seconds earlier. An hour later new jobs come after all of these: nobody waits for ever.

import type { Queryable } from '../store/database.ts';
import { jsonb } from '../store/database.ts';

/** How far back turns begin. */
const leadMs = 3_600_000;
/** Between two jobs of one installation. */
const stepMs = 72;

export interface QueuedJob {
  readonly installationId: string;
  readonly identifier: string;
  readonly payload: unknown;
  readonly key: string;
  readonly priority: number;
}

/**
 * Adds jobs that are due after `delayMs`; those due at once by turns. In the caller's transaction. The installation is their
 * flag, by which long-runs.ts holds them back.
 */
export async function addJobs(client: Queryable, jobs: readonly QueuedJob[], delayMs: number): Promise<void> {
  if (jobs.length === 0) return;
  const given = jsonb(
    jobs.map(({ installationId, identifier, payload, key, priority }, place) => ({
      installation_id: installationId,
      identifier,
      payload,
      job_key: key,
      priority,
      place,
    })),
  );
  const add = (due: string, from: string, values: readonly unknown[]) =>
    client.query(
      `with given as (
         select * from jsonb_to_recordset($1::jsonb) as given (
           installation_id text, identifier text, payload json, job_key text, priority smallint, place int)
       )${from}
       select 1 from graphile_worker.add_jobs(array(
         select (identifier, payload, null, ${due}, null, job_key, priority, array[installation_id])::graphile_worker.job_spec
         from given ${from === '' ? '' : 'join turns using (installation_id, priority)'} order by place))`,
      [given, ...values],
    );
  if (delayMs > 0) await add(`now() + $2 * interval '1 ms'`, '', [delayMs]);
  else await add(turnOf, turns, [leadMs, stepMs]);
}

/** Takes as many turns as there are jobs; rows in one order, so that two callers never wait for each other. */
const turns = `, wanted as (
         select installation_id, priority, count(*) * $3 * interval '1 ms' as span
         from given group by 1, 2 order by 1, 2
       ), turns as (
         insert into tandem.turns as known (installation_id, priority, next_at)
         select installation_id, priority, now() - $2 * interval '1 ms' + span from wanted
         on conflict (installation_id, priority) do update set next_at = least(now(),
           greatest(known.next_at, now() - $2 * interval '1 ms') + (excluded.next_at - (now() - $2 * interval '1 ms')))
         returning installation_id, priority, next_at
       )`;

const turnOf = `turns.next_at - $3 * interval '1 ms' *
           count(*) over (partition by installation_id, priority order by place desc rows unbounded preceding)`;
