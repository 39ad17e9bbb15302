// Checkpoints and counters of initial syncs, in PostgreSQL: a part of postgres-state-store.ts.

import type { InitialSync, InitialSyncPatch, PaceSample, StateStore } from '../reconcile/ports.ts';
import { jsonb, numberOf, numberOrNull, type Pool } from './database.ts';

interface InitialSyncRow {
  readonly profile_id: string;
  readonly mode: InitialSync['options']['mode'];
  readonly link_jira: string | null;
  readonly link_azure: string | null;
  readonly range_from: string | null;
  readonly range_to: string | null;
  readonly status: InitialSync['status'];
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly phase: InitialSync['phase'];
  readonly next: string | null;
  readonly seen: number;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
  readonly linked: number;
  readonly ambiguous: number;
  readonly samples: readonly PaceSample[];
  readonly took_all_before: boolean;
}

export const initialSyncTable = (
  pool: Pool,
): Pick<StateStore, 'getInitialSync' | 'putInitialSync' | 'patchInitialSync' | 'countInitialSync'> => ({
  async getInitialSync(scope, profileId) {
    const { rows } = await pool.query<InitialSyncRow>(
      'select * from tandem.initial_syncs where installation_id = $1 and profile_id = $2',
      [scope.installationId, profileId],
    );
    return rows[0] ? syncOf(rows[0]) : null;
  },

  async putInitialSync(scope, sync) {
    const { linkBy, range, mode } = sync.options;
    await pool.query(
      `insert into tandem.initial_syncs as known
         (installation_id, profile_id, status, started_at, finished_at, phase, next, seen, queued, done, failed,
          mode, link_jira, link_azure, range_from, range_to, linked, ambiguous, samples, took_all_before)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
       on conflict (installation_id, profile_id) do update set
         status = excluded.status, started_at = excluded.started_at, finished_at = excluded.finished_at,
         phase = excluded.phase, next = excluded.next, seen = excluded.seen, queued = excluded.queued,
         mode = excluded.mode, link_jira = excluded.link_jira, link_azure = excluded.link_azure,
         range_from = excluded.range_from, range_to = excluded.range_to,
         linked = excluded.linked, ambiguous = excluded.ambiguous, samples = excluded.samples,
         took_all_before = excluded.took_all_before,
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
        mode,
        linkBy?.jira ?? null,
        linkBy?.azure ?? null,
        range?.from ?? null,
        range?.to ?? null,
        sync.linked,
        sync.ambiguous,
        jsonb(sync.samples),
        sync.tookAllBefore,
      ],
    );
  },

  async patchInitialSync(scope, { profileId, startedAt }, patch, when) {
    const set = assignments(patch);
    if (set.length === 0) return false;
    const { rowCount } = await pool.query(
      `update tandem.initial_syncs set ${set.map(({ column }, index) => `${column} = $${index + 5}`).join(', ')}
       where installation_id = $1 and profile_id = $2 and started_at = $3 and ($4::text[] is null or status = any($4))`,
      [scope.installationId, profileId, startedAt, when ?? null, ...set.map(({ value }) => value)],
    );
    return rowCount === 1;
  },

  async countInitialSync(scope, profileId, add) {
    await pool.query(
      `update tandem.initial_syncs set done = done + $3, failed = failed + $4
       where installation_id = $1 and profile_id = $2`,
      [scope.installationId, profileId, add.done ?? 0, add.failed ?? 0],
    );
  },
});

const columns = {
  status: 'status',
  finishedAt: 'finished_at',
  phase: 'phase',
  next: 'next',
  seen: 'seen',
  queued: 'queued',
  linked: 'linked',
  ambiguous: 'ambiguous',
  samples: 'samples',
} as const satisfies Record<keyof InitialSyncPatch, string>;

const assignments = (patch: InitialSyncPatch) =>
  Object.entries(columns).flatMap(([part, column]) => {
    const value = patch[part as keyof InitialSyncPatch];
    return value === undefined ? [] : [{ column, value: part === 'samples' ? jsonb(value) : value }];
  });

const syncOf = (row: InitialSyncRow): InitialSync => ({
  profileId: row.profile_id,
  options: {
    mode: row.mode,
    linkBy: row.link_jira === null || row.link_azure === null ? null : { jira: row.link_jira, azure: row.link_azure },
    range: row.range_from === null && row.range_to === null ? null : { from: row.range_from, to: row.range_to },
  },
  status: row.status,
  startedAt: numberOf(row.started_at),
  finishedAt: numberOrNull(row.finished_at),
  phase: row.phase,
  next: row.next,
  seen: row.seen,
  queued: row.queued,
  done: row.done,
  failed: row.failed,
  linked: row.linked,
  ambiguous: row.ambiguous,
  samples: row.samples,
  tookAllBefore: row.took_all_before,
});
