// The audit log of support: one line before each answer. The database itself refuses to change one
// (migrations/014-support-queries.sql).

import type { Queryable } from './database.ts';

export interface SupportQuery {
  /** E-mail address. */
  readonly person: string;
  readonly method: string;
  readonly path: string;
  readonly installationId: string | null;
}

/** Throws when the line can't be written: then nothing may be answered either. */
export async function recordSupportQuery(
  pool: Queryable,
  { person, method, path, installationId }: SupportQuery,
): Promise<void> {
  await pool.query(
    'insert into tandem.support_queries (person, method, path, installation_id) values ($1, $2, $3, $4)',
    [person, method, path, installationId],
  );
}

/** Those that are older, by the database’s clock, which lets none go before its time. Returns how many. */
export async function purgeSupportQueries(pool: Queryable, keptDays: number): Promise<number> {
  const { rowCount } = await pool.query(
    `delete from tandem.support_queries where asked_at < now() - $1 * interval '1 day'`,
    [keptDays],
  );
  return rowCount ?? 0;
}
