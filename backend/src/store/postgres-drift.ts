// The last look at what no longer fits each profile, in PostgreSQL.

import { z } from 'zod';
import type { Scope } from '../reconcile/ports.ts';
import type { DriftCheck } from '../sync/drift.ts';
import { jsonb, numberOf, type Pool } from './database.ts';

export interface DriftStore {
  get(scope: Scope, profileId: string): Promise<DriftCheck | null>;
  /** Of all profiles of the installation, by the profile's id. */
  all(scope: Scope): Promise<ReadonlyMap<string, DriftCheck>>;
  /** Nothing is stored for a profile that is no longer. */
  put(scope: Scope, profileId: string, check: DriftCheck): Promise<void>;
}

const problemsSchema = z.array(
  z.object({
    path: z.string(),
    level: z.enum(['error', 'warning']),
    problem: z.string(),
    remedy: z.string(),
    since: z.number(),
    drifted: z.boolean(),
  }),
);

interface DriftRow {
  readonly profile_id: string;
  readonly revision: number;
  readonly checked_at: string;
  readonly problems: unknown;
}

const checkOf = (row: DriftRow): DriftCheck => ({
  revision: row.revision,
  checkedAt: numberOf(row.checked_at),
  problems: problemsSchema.parse(row.problems),
});

/** `pool` is the queue's. */
export function postgresDrift(pool: Pool): DriftStore {
  return {
    async get({ installationId }, profileId) {
      const { rows } = await pool.query<DriftRow>(
        'select * from tandem.drift_checks where installation_id = $1 and profile_id = $2',
        [installationId, profileId],
      );
      return rows[0] ? checkOf(rows[0]) : null;
    },

    async all({ installationId }) {
      const { rows } = await pool.query<DriftRow>('select * from tandem.drift_checks where installation_id = $1', [
        installationId,
      ]);
      return new Map(rows.map((row) => [row.profile_id, checkOf(row)]));
    },

    async put({ installationId }, profileId, { revision, checkedAt, problems }) {
      await pool.query(
        `insert into tandem.drift_checks (installation_id, profile_id, revision, checked_at, problems)
         select installation_id, profile_id, $3, $4, $5 from tandem.profiles
         where installation_id = $1 and profile_id = $2
         on conflict (installation_id, profile_id) do update set revision = excluded.revision,
           checked_at = excluded.checked_at, problems = excluded.problems`,
        [installationId, profileId, revision, checkedAt, jsonb(problems)],
      );
    },
  };
}
