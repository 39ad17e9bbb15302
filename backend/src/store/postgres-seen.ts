// People and deliveries that were seen, in PostgreSQL: a part of postgres-config-store.ts.

import type { EngineConfig } from '../reconcile/ports.ts';
import type { ConfigContext } from './config-context.ts';
import type { SeenStore } from './config-store.ts';
import { jsonb } from './database.ts';

export const seenTables = ({ pool, now }: ConfigContext): SeenStore & Pick<EngineConfig, 'rememberPeople'> => ({
  async rememberPeople(scope, side, people) {
    // The same person twice in one statement would be refused.
    const byId = new Map(people.map((person) => [person.id, person]));
    await pool.query(
      `insert into tandem.people as known (installation_id, side, person_id, name, email, active, seen_in, seen_at)
       select i.installation_id, $2, given.id, given.name, given.email, given.active, given."seenIn", $4
       from tandem.installations i
       cross join jsonb_to_recordset($3::jsonb) as given
         (id text, name text, email text, active boolean, "seenIn" text[])
       where i.installation_id = $1
       on conflict (installation_id, side, person_id) do update set
         name = excluded.name, email = coalesce(excluded.email, known.email),
         active = coalesce(excluded.active, known.active), seen_at = excluded.seen_at,
         seen_in = array(select distinct unnest(known.seen_in || excluded.seen_in) order by 1)`,
      [scope.installationId, side, jsonb([...byId.values()]), now()],
    );
  },

  async people(scope, side) {
    const { rows } = await pool.query<{
      person_id: string;
      name: string;
      email: string | null;
      active: boolean | null;
      seen_in: readonly string[];
    }>('select * from tandem.people where installation_id = $1 and side = $2 order by name, person_id', [
      scope.installationId,
      side,
    ]);
    return rows.map((row) => ({
      id: row.person_id,
      name: row.name,
      ...(row.email === null ? {} : { email: row.email }),
      ...(row.active === null ? {} : { active: row.active }),
      seenIn: row.seen_in,
    }));
  },

  async takeDelivery(scope, source, deliveryId) {
    const { rowCount } = await pool.query(
      `insert into tandem.deliveries (installation_id, source, delivery_id, received_at)
       select installation_id, $2, $3, $4 from tandem.installations where installation_id = $1
       on conflict do nothing`,
      [scope.installationId, source, deliveryId, now()],
    );
    return rowCount === 1;
  },

  async purgeDeliveries(before) {
    const { rowCount } = await pool.query('delete from tandem.deliveries where received_at < $1', [before]);
    return rowCount ?? 0;
  },
});
