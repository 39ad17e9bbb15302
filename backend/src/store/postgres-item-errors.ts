// Errors of items that have no pair yet, in PostgreSQL: a part of postgres-state-store.ts.

import type { ErrorRecord, StateStore } from '../reconcile/ports.ts';
import type { Side } from '../sync/model.ts';
import { jsonb, numberOf, type Pool } from './database.ts';

interface ItemErrorRow {
  readonly side: Side;
  readonly item_id: string;
  readonly item_key: string;
  readonly record: ErrorRecord;
  readonly retry_attempts: number | null;
  readonly retry_due_at: string | null;
}

export const itemErrorTable = (pool: Pool): Pick<StateStore, 'putItemError' | 'clearItemError' | 'listItemErrors'> => ({
  async putItemError(scope, profileId, side, itemId, key, record, retry = null) {
    await pool.query(
      `insert into tandem.item_errors
         (installation_id, profile_id, side, item_id, record_id, item_key, record, retry_attempts, retry_due_at)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
       on conflict (installation_id, profile_id, side, item_id, record_id) do update set
         item_key = excluded.item_key, record = excluded.record,
         retry_attempts = excluded.retry_attempts, retry_due_at = excluded.retry_due_at`,
      [
        scope.installationId,
        profileId,
        side,
        itemId,
        record.id,
        key,
        jsonb(record),
        retry?.attempts ?? null,
        retry?.dueAt ?? null,
      ],
    );
  },

  async clearItemError(scope, profileId, side, itemId) {
    await pool.query(
      'delete from tandem.item_errors where installation_id = $1 and profile_id = $2 and side = $3 and item_id = $4',
      [scope.installationId, profileId, side, itemId],
    );
  },

  async listItemErrors(scope, profileId, item) {
    const { rows } = await pool.query<ItemErrorRow>(
      `select * from tandem.item_errors where installation_id = $1 and profile_id = $2
         and ($3::text is null or (side = $3 and item_id = $4))
       order by side, item_id, record_id`,
      [scope.installationId, profileId, item?.side ?? null, item?.itemId ?? null],
    );
    return rows.map((row) => ({
      side: row.side,
      itemId: row.item_id,
      key: row.item_key,
      record: row.record,
      retry:
        row.retry_due_at === null ? null : { attempts: row.retry_attempts ?? 0, dueAt: numberOf(row.retry_due_at) },
    }));
  },
});
