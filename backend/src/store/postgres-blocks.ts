// How long services asked to wait, shared by all instances through PostgreSQL: what the governor of http/governor.ts
// asks before a call.

import { numberOf, type Pool } from './database.ts';

/** Epoch ms; `now` is the clock that the ends are compared with. */
export function postgresBlocks(pool: Pool, now: () => number = Date.now) {
  return {
    /** The latest end that is in force under any of the keys; null when there is none. */
    async blockedUntil(keys: readonly string[]): Promise<number | null> {
      const { rows } = await pool.query<{ until: string | null }>(
        'select max(blocked_until) as until from tandem.governor_blocks where block_key = any($1) and blocked_until > $2',
        [keys, now()],
      );
      return rows[0]?.until == null ? null : numberOf(rows[0].until);
    },

    /** Keeps the later end. */
    async block(key: string, until: number): Promise<void> {
      await pool.query(
        `insert into tandem.governor_blocks as known (block_key, blocked_until) values ($1, $2)
         on conflict (block_key) do update set blocked_until = excluded.blocked_until
           where known.blocked_until < excluded.blocked_until`,
        [key, until],
      );
    },

    /** Forgets ends that are over; returns how many. */
    async purge(): Promise<number> {
      const { rowCount } = await pool.query('delete from tandem.governor_blocks where blocked_until <= $1', [now()]);
      return rowCount ?? 0;
    },
  };
}
