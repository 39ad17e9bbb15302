// Checkpoints and counters of initial syncs, in PostgreSQL: a part of postgres-state-store.ts.

import type { InitialSync, StateStore } from '../reconcile/ports.ts';
import { numberOf, numberOrNull, type Pool } from './database.ts';

interface InitialSyncRow {
  readonly profile_id: string;
  readonly status: InitialSync['status'];
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly phase: InitialSync['phase'];
  readonly next: string | null;
  readonly seen: number;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
}

export const initialSyncTable = (
  pool: Pool,
): Pick<StateStore, 'getInitialSync' | 'putInitialSync' | 'countInitialSync'> => ({
  async getInitialSync(scope, profileId) {
    const { rows } = await pool.query<InitialSyncRow>(
      'select * from tandem.initial_syncs where installation_id = $1 and profile_id = $2',
      [scope.installationId, profileId],
    );
    const row = rows[0];
    if (!row) return null;
    return {
      profileId: row.profile_id,
      status: row.status,
      startedAt: numberOf(row.started_at),
      finishedAt: numberOrNull(row.finished_at),
      phase: row.phase,
      next: row.next,
      seen: row.seen,
      queued: row.queued,
      done: row.done,
      failed: row.failed,
    };
  },

  async putInitialSync(scope, sync) {
    await pool.query(
      `insert into tandem.initial_syncs as known
         (installation_id, profile_id, status, started_at, finished_at, phase, next, seen, queued, done, failed)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (installation_id, profile_id) do update set
         status = excluded.status, started_at = excluded.started_at, finished_at = excluded.finished_at,
         phase = excluded.phase, next = excluded.next, seen = excluded.seen, queued = excluded.queued,
         done = case when known.started_at = excluded.started_at then known.done else excluded.done end,
         failed = case when known.started_at = excluded.started_at then known.failed else excluded.failed end`,
      [
        scope.installationId,
        sync.profileId,
        sync.status,
        sync.startedAt,
        sync.finishedAt,
        sync.phase,
        sync.next,
        sync.seen,
        sync.queued,
        sync.done,
        sync.failed,
      ],
    );
  },

  async countInitialSync(scope, profileId, add) {
    await pool.query(
      `update tandem.initial_syncs set done = done + $3, failed = failed + $4
       where installation_id = $1 and profile_id = $2`,
      [scope.installationId, profileId, add.done ?? 0, add.failed ?? 0],
    );
  },
});
