// How many rows of an installation there are, by table: the proof of an erasure is asked of the database itself, so that a new
// table is counted without a line here.

import type { Scope } from '../reconcile/ports.ts';
import { numberOf, type Queryable } from './database.ts';

/** What support asked of it stays: see migrations/014-support-queries.sql. */
const kept: readonly string[] = ['support_queries'];

/** Only tables that have some. */
export async function rowsOf(client: Queryable, scope: Scope): Promise<Readonly<Record<string, number>>> {
  const { rows: tables } = await client.query<{ name: string }>(
    `select c.table_name as name from information_schema.columns c join information_schema.tables t using (table_schema, table_name)
     where c.table_schema = 'tandem' and c.column_name = 'installation_id' and t.table_type = 'BASE TABLE'
       and c.table_name <> all($1) order by 1`,
    [kept],
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    const { rows } = await client.query<{ count: string }>(
      `select count(*) from tandem."${name}" where installation_id = $1`,
      [scope.installationId],
    );
    const count = numberOf(rows[0]?.count ?? 0);
    if (count > 0) counts[name] = count;
  }
  return counts;
}
