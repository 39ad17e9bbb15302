// What of one profile is left in the queue: for a command that works until nothing is, and for those that tell how far
// things are.

import type { Queryable } from '../store/database.ts';
import { itemJobKeys } from './pending-items.ts';

export interface Backlog {
  /** Jobs that run or could run now: items, and tasks of the profile or its installation. */
  readonly busy: number;
  /** Those that are due later, the next first, a thousand at most. Items by `itemKey`, tasks by their whole key. */
  readonly later: readonly { readonly key: string; readonly at: number }[];
}

export async function backlogOf(pool: Queryable, installationId: string, profileId: string): Promise<Backlog> {
  const items = itemJobKeys(installationId, profileId);
  const { rows } = await pool.query<{ key: string; due: boolean; at: string }>(
    `select key, locked_at is not null or run_at <= now() as due, (extract(epoch from run_at) * 1000)::bigint as at
     from graphile_worker.jobs
     where (starts_with(key, $1) or key like $2 or key like $3) and (locked_at is not null or attempts < max_attempts)
     order by run_at`,
    [items, `task/%/${installationId}/${profileId}/%`, `task/%/${installationId}//%`],
  );
  const later = rows.filter(({ due }) => !due);
  return {
    busy: rows.length - later.length,
    later: later.slice(0, 1000).map(({ key, at }) => ({
      key: key.startsWith(items) ? key.slice(items.length) : key,
      at: Number(at),
    })),
  };
}

/** Processes that work on the queue now. */
export async function liveWorkers(pool: Queryable, deadAfterMs: number): Promise<number> {
  const { rows } = await pool.query<{ count: string }>(
    `select count(*) from tandem.worker_heartbeats where beat_at > now() - $1 * interval '1 ms'`,
    [deadAfterMs],
  );
  return Number(rows[0]?.count ?? 0);
}
