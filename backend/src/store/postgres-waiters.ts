// Who waits for an item to be paired, in PostgreSQL: the part of the state store beside pairs.

import type { ItemName, Scope, StateStore, Waiter } from '../reconcile/ports.ts';
import { jsonb, type Pool } from './database.ts';

interface WaiterRow {
  readonly profile_id: string;
  readonly waiter_side: Waiter['side'];
  readonly waiter_id: string;
}

export const waiterTable = (pool: Pool): Pick<StateStore, 'awaitItems' | 'waitersOf' | 'forgetWaiters'> => ({
  async awaitItems(scope: Scope, names: readonly ItemName[], waiter: Waiter) {
    if (names.length === 0) return;
    await pool.query(
      `insert into tandem.waiters
       select $1, given.side, given.name, $3, $4, $5 from jsonb_to_recordset($2::jsonb) as given (side text, name text)
       on conflict do nothing`,
      [scope.installationId, jsonb(names), waiter.profileId, waiter.side, waiter.itemId],
    );
  },

  async waitersOf(scope, names) {
    if (names.length === 0) return [];
    const { rows } = await pool.query<WaiterRow>(
      `select distinct w.profile_id, w.waiter_side, w.waiter_id
       from tandem.waiters w join jsonb_to_recordset($2::jsonb) as given (side text, name text) using (side, name)
       where w.installation_id = $1`,
      [scope.installationId, jsonb(names)],
    );
    return rows.map((row) => ({ profileId: row.profile_id, side: row.waiter_side, itemId: row.waiter_id }));
  },

  async forgetWaiters(scope, names, waiters) {
    if (names.length === 0 || waiters.length === 0) return;
    await pool.query(
      `delete from tandem.waiters w
       using jsonb_to_recordset($2::jsonb) as named (side text, name text),
             jsonb_to_recordset($3::jsonb) as given ("profileId" text, side text, "itemId" text)
       where w.installation_id = $1 and w.side = named.side and w.name = named.name and w.profile_id = given."profileId"
         and w.waiter_side = given.side and w.waiter_id = given."itemId"`,
      [scope.installationId, jsonb(names), jsonb(waiters)],
    );
  },
});
