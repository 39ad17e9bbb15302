// How a running profile keeps up: what it carried over, what failed, and how long after the change; by ten minutes, gathered in
// memory and added to the rows when flushed.

import type { Scope } from '../reconcile/ports.ts';
import { jsonb, numberOf, type Pool } from '../store/database.ts';

export interface FigurePoint {
  /** Start of the step, epoch ms. */
  readonly at: number;
  readonly changes: number;
  readonly failed: number;
  /** Null where no time is known. */
  readonly lag: { readonly averageMs: number; readonly longestMs: number } | null;
}

export interface ProfileFigures {
  /** `lagMs`: from the change to its counterpart's, where it is known. Never waits and never throws for the store's sake. */
  count(scope: Scope, profileId: string, run: { readonly failed: boolean; readonly lagMs: number | null }): void;
  /** Writes what was counted; when it fails it is kept for the next time. */
  flush(): Promise<void>;
  /** Every step from `from` (inclusive) to `to` (exclusive), epoch ms, those in which nothing happened too. */
  read(scope: Scope, profileId: string, from: number, to: number, stepMs: number): Promise<readonly FigurePoint[]>;
  /**
   * By profile, when it last carried something over, epoch ms; only of the last 8 days. The end of the ten minutes, or now
   * while they last: nothing that came of it, such as the end of an initial sync, seems to be later.
   */
  lastChanges(scope: Scope): Promise<ReadonlyMap<string, number>>;
  purge(): Promise<void>;
}

const slotMs = 10 * 60_000;
const keptMs = 8 * 24 * 60 * 60_000;

interface Row {
  readonly installation_id: string;
  readonly profile_id: string;
  readonly at: number;
  changes: number;
  failed: number;
  timed: number;
  lag_ms: number;
  longest_ms: number;
}

/** `pool` is the queue's. `now` in epoch ms. */
export function profileFigures(pool: Pool, now: () => number): ProfileFigures {
  let rows = new Map<string, Row>();
  const add = (row: Row) => {
    const key = JSON.stringify([row.installation_id, row.profile_id, row.at]);
    const known = rows.get(key);
    if (!known) {
      rows.set(key, row);
      return;
    }
    for (const name of ['changes', 'failed', 'timed', 'lag_ms'] as const) known[name] += row[name];
    known.longest_ms = Math.max(known.longest_ms, row.longest_ms);
  };

  return {
    count({ installationId }, profileId, { failed, lagMs }) {
      add({
        installation_id: installationId,
        profile_id: profileId,
        at: Math.floor(now() / slotMs) * slotMs,
        changes: failed ? 0 : 1,
        failed: failed ? 1 : 0,
        timed: lagMs === null ? 0 : 1,
        lag_ms: lagMs ?? 0,
        longest_ms: lagMs ?? 0,
      });
    },

    async flush() {
      const taken = rows;
      if (taken.size === 0) return;
      rows = new Map();
      try {
        await pool.query(
          `insert into tandem.profile_figures as known
             (installation_id, profile_id, at, changes, failed, timed, lag_ms, longest_ms)
           select given.* from jsonb_to_recordset($1::jsonb) as given (installation_id text, profile_id text, at bigint,
             changes int, failed int, timed int, lag_ms bigint, longest_ms bigint)
           join tandem.profiles using (installation_id, profile_id)
           order by 1, 2, 3
           on conflict (installation_id, profile_id, at) do update set changes = known.changes + excluded.changes,
             failed = known.failed + excluded.failed, timed = known.timed + excluded.timed,
             lag_ms = known.lag_ms + excluded.lag_ms, longest_ms = greatest(known.longest_ms, excluded.longest_ms)`,
          [jsonb([...taken.values()])],
        );
      } catch (error) {
        for (const row of taken.values()) add(row);
        throw error;
      }
    },

    async read({ installationId }, profileId, from, to, stepMs) {
      const found = await pool.query<Record<'step' | 'changes' | 'failed' | 'timed' | 'lag' | 'longest', string>>(
        `select (at - $3) / $5 as step, sum(changes) as changes, sum(failed) as failed, sum(timed) as timed,
           sum(lag_ms) as lag, max(longest_ms) as longest
         from tandem.profile_figures
         where installation_id = $1 and profile_id = $2 and at >= $3 and at < $4 group by 1`,
        [installationId, profileId, from, to, stepMs],
      );
      const byStep = new Map(found.rows.map((row) => [numberOf(row.step), row]));
      return Array.from({ length: Math.ceil((to - from) / stepMs) }, (_, step): FigurePoint => {
        const row = byStep.get(step);
        const timed = numberOf(row?.timed ?? 0);
        return {
          at: from + step * stepMs,
          changes: numberOf(row?.changes ?? 0),
          failed: numberOf(row?.failed ?? 0),
          lag:
            row === undefined || timed === 0
              ? null
              : { averageMs: Math.round(numberOf(row.lag) / timed), longestMs: numberOf(row.longest) },
        };
      });
    },

    async lastChanges({ installationId }) {
      const found = await pool.query<{ profile_id: string; at: string }>(
        `select profile_id, max(at) as at from tandem.profile_figures
         where installation_id = $1 and changes > 0 group by profile_id`,
        [installationId],
      );
      return new Map(found.rows.map((row) => [row.profile_id, Math.min(numberOf(row.at) + slotMs, now())]));
    },

    async purge() {
      await pool.query('delete from tandem.profile_figures where at < $1', [now() - keptMs]);
    },
  };
}
