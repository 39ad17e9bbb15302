// What every run of the engine reads of an installation, in one statement: a part of postgres-config-store.ts.

import { type ConfigContext, openColumn } from './config-context.ts';
import type { ConnectionStore } from './config-store.ts';
import { type ConnectionRow, connectionOf, secretPlace } from './postgres-connections.ts';
import { keyPlace } from './postgres-engine-config.ts';

type AccessRow = ConnectionRow & {
  readonly cloud_id: string;
  readonly fingerprint_key_id: string | null;
  readonly fingerprint_key_sealed: string | null;
};

export function accessTables(context: ConfigContext): Pick<ConnectionStore, 'access'> {
  const { pool, secrets } = context;
  return {
    async access(scope, connectionIds) {
      const { rows } = await pool.query<AccessRow>(
        `select i.cloud_id, i.fingerprint_key_id, i.fingerprint_key_sealed, c.*
         from tandem.installations i
         left join tandem.connections c on c.installation_id = i.installation_id and c.connection_id = any($2)
         where i.installation_id = $1`,
        [scope.installationId, connectionIds],
      );
      const [first] = rows;
      if (!first) return { cloudId: null, fingerprintKey: null, connections: [] };
      const { fingerprint_key_id: keyId, fingerprint_key_sealed: sealed } = first;
      const [fingerprintKey, ...connections] = await Promise.all([
        keyId === null || sealed === null
          ? null
          : { id: keyId, secret: await secrets.open(scope, keyPlace(keyId), sealed) },
        ...rows
          // Without a connection the joined columns are null.
          .filter((row) => row.connection_id !== null)
          .map(async (row) => ({
            connection: connectionOf(row),
            secret: await openColumn(context, scope, secretPlace(row.connection_id), row.secret_sealed),
          })),
      ]);
      return { cloudId: first.cloud_id, fingerprintKey, connections };
    },
  };
}
