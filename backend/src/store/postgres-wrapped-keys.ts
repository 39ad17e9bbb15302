// Wrapped data keys in PostgreSQL. Other than the stores it is given no scope, so it binds its calls itself.

import type { Pool } from './database.ts';
import type { WrappedKeys } from './secrets.ts';
import { acrossInstallations, within } from './tenancy.ts';

export function postgresWrappedKeys(pool: Pool): WrappedKeys {
  const keys = wrappedKeys(pool);
  return {
    get: (id) => within(id, () => keys.get(id)),
    putIfAbsent: (id, wrapped) => within(id, () => keys.putIfAbsent(id, wrapped)),
    replace: (id, before, after) => within(id, () => keys.replace(id, before, after)),
    list: (after, limit) => acrossInstallations(() => keys.list(after, limit)),
    remove: (id) => within(id, () => keys.remove(id)),
  };
}

function wrappedKeys(pool: Pool): WrappedKeys {
  const get = async (installationId: string) => {
    const { rows } = await pool.query<{ wrapped: string }>(
      'select wrapped from tandem.data_keys where installation_id = $1',
      [installationId],
    );
    return rows[0]?.wrapped ?? null;
  };
  return {
    get,
    async putIfAbsent(installationId, wrapped) {
      await pool.query(
        'insert into tandem.data_keys (installation_id, wrapped) values ($1, $2) on conflict do nothing',
        [installationId, wrapped],
      );
      const kept = await get(installationId);
      if (kept === null) throw new Error('the data key was destroyed as it was made');
      return kept;
    },
    async replace(installationId, before, after) {
      const { rowCount } = await pool.query(
        'update tandem.data_keys set wrapped = $3 where installation_id = $1 and wrapped = $2',
        [installationId, before, after],
      );
      return rowCount === 1;
    },
    async list(after, limit) {
      const { rows } = await pool.query<{ installation_id: string; wrapped: string }>(
        'select installation_id, wrapped from tandem.data_keys where installation_id > $1 order by installation_id limit $2',
        [after, limit],
      );
      return rows.map((row) => ({ installationId: row.installation_id, wrapped: row.wrapped }));
    },
    async remove(installationId) {
      await pool.query('delete from tandem.data_keys where installation_id = $1', [installationId]);
    },
  };
}
