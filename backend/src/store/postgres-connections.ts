// Connections with their secrets, health and blocks, in PostgreSQL: a part of postgres-config-store.ts.

import { randomBytes } from 'node:crypto';
import type { Scope } from '../reconcile/ports.ts';
import { type ConfigContext, openColumn } from './config-context.ts';
import type { Connection, ConnectionStore } from './config-store.ts';
import { jsonb, numberOrNull } from './database.ts';

export interface ConnectionRow {
  readonly installation_id: string;
  readonly connection_id: string;
  readonly side: Connection['side'];
  readonly name: string;
  readonly url: string;
  readonly auth: Connection['auth'];
  readonly account: string | null;
  readonly secret_sealed: string | null;
  readonly secret_expires_on: string | null;
  readonly hook_secret_sealed: string | null;
  readonly hook_secret_before_sealed: string | null;
  readonly hook_secret_before_until: string | null;
  readonly health: Connection['health'];
  readonly health_at: string | null;
}

export const connectionOf = (row: ConnectionRow): Connection => ({
  id: row.connection_id,
  installationId: row.installation_id,
  side: row.side,
  name: row.name,
  url: row.url,
  auth: row.auth,
  account: row.account,
  hasSecret: row.secret_sealed !== null,
  secretExpiresOn: row.secret_expires_on,
  health: row.health,
  healthAt: numberOrNull(row.health_at),
});

export const secretPlace = (connectionId: string) => `connections.secret/${connectionId}`;
const hookSecretPlace = (connectionId: string) => `connections.hook_secret/${connectionId}`;
/** The subscriptions are renewed one by one, by a job that may have to wait for Azure DevOps. */
const overlapMs = 24 * 60 * 60 * 1000;
const withoutSlash = (url: string) => url.replace(/\/+$/, '');

export function connectionTable(context: ConfigContext): Omit<ConnectionStore, 'access'> {
  const { pool, secrets, now, newId } = context;

  const row = async (scope: Scope, connectionId: string): Promise<ConnectionRow | null> => {
    const { rows } = await pool.query<ConnectionRow>(
      'select * from tandem.connections where installation_id = $1 and connection_id = $2',
      [scope.installationId, connectionId],
    );
    return rows[0] ?? null;
  };

  const newHookSecret = async (scope: Scope, connectionId: string, keepKnown: boolean): Promise<string | null> => {
    if (!(await row(scope, connectionId))) return null;
    const sealed = await secrets.seal(scope, hookSecretPlace(connectionId), randomBytes(32).toString('base64url'));
    const { rows } = await pool.query<ConnectionRow>(
      `update tandem.connections
       set hook_secret_sealed = case when $4 then coalesce(hook_secret_sealed, $3) else $3 end,
         hook_secret_before_sealed = case when $4 then hook_secret_before_sealed else hook_secret_sealed end,
         hook_secret_before_until = case when $4 then hook_secret_before_until else $5 end
       where installation_id = $1 and connection_id = $2 returning *`,
      [scope.installationId, connectionId, sealed, keepKnown, now() + overlapMs],
    );
    return openColumn(context, scope, hookSecretPlace(connectionId), rows[0]?.hook_secret_sealed);
  };

  return {
    async createConnection(scope, input) {
      const id = newId();
      const sealed = input.secret === undefined ? null : await secrets.seal(scope, secretPlace(id), input.secret);
      const { rows } = await pool.query<ConnectionRow>(
        `insert into tandem.connections (installation_id, connection_id, side, name, url, auth, account, secret_sealed,
           secret_expires_on, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10) returning *`,
        [
          scope.installationId,
          id,
          input.side,
          input.name,
          withoutSlash(input.url),
          input.auth,
          input.account ?? null,
          sealed,
          input.secretExpiresOn ?? null,
          now(),
        ],
      );
      const made = rows[0];
      if (!made) throw new Error('the connection was not written');
      return connectionOf(made);
    },

    async changeConnection(scope, connectionId, change) {
      const known = await row(scope, connectionId);
      if (!known) return null;
      const url = change.url === undefined ? known.url : withoutSlash(change.url);
      const kept = url === known.url ? known.secret_sealed : null;
      const sealed =
        change.secret === undefined ? kept : await secrets.seal(scope, secretPlace(connectionId), change.secret);
      const { rows } = await pool.query<ConnectionRow>(
        `update tandem.connections set name = $3, url = $4, auth = $5, account = $6, secret_sealed = $7,
           secret_expires_on = $8, updated_at = $9
         where installation_id = $1 and connection_id = $2 returning *`,
        [
          scope.installationId,
          connectionId,
          change.name ?? known.name,
          url,
          change.auth ?? known.auth,
          change.account === undefined ? known.account : change.account,
          sealed,
          change.secretExpiresOn === undefined ? known.secret_expires_on : change.secretExpiresOn,
          now(),
        ],
      );
      return rows[0] ? connectionOf(rows[0]) : null;
    },

    async deleteConnection(scope, connectionId) {
      const { rows } = await pool.query<{ profile_id: string }>(
        `select profile_id from tandem.profiles
         where installation_id = $1 and (jira_connection_id = $2 or azure_connection_id = $2) order by profile_id`,
        [scope.installationId, connectionId],
      );
      if (rows.length > 0) return { kind: 'in-use', profileIds: rows.map((profile) => profile.profile_id) };
      // A profile made in this moment keeps the connection by its foreign key; the error tells the caller to look again.
      const { rowCount } = await pool.query(
        'delete from tandem.connections where installation_id = $1 and connection_id = $2',
        [scope.installationId, connectionId],
      );
      return { kind: rowCount ? 'deleted' : 'missing' };
    },

    async connection(scope, connectionId) {
      const found = await row(scope, connectionId);
      return found && connectionOf(found);
    },

    async listConnections(scope) {
      const { rows } = await pool.query<ConnectionRow>(
        'select * from tandem.connections where installation_id = $1 order by created_at, connection_id',
        [scope.installationId],
      );
      return rows.map(connectionOf);
    },

    connectionSecret: async (scope, connectionId) =>
      openColumn(context, scope, secretPlace(connectionId), (await row(scope, connectionId))?.secret_sealed),

    async hookSecret(scope, connectionId) {
      const sealed = (await row(scope, connectionId))?.hook_secret_sealed;
      return sealed
        ? openColumn(context, scope, hookSecretPlace(connectionId), sealed)
        : newHookSecret(scope, connectionId, true);
    },

    async hookSecrets(scope, connectionId) {
      const found = await row(scope, connectionId);
      if (!found) return [];
      const before = (numberOrNull(found.hook_secret_before_until) ?? 0) > now();
      const sealed = [found.hook_secret_sealed, ...(before ? [found.hook_secret_before_sealed] : [])];
      const opened = await Promise.all(
        sealed.map((one) => openColumn(context, scope, hookSecretPlace(connectionId), one)),
      );
      return opened.filter((secret) => secret !== null);
    },

    rotateHookSecret: (scope, connectionId) => newHookSecret(scope, connectionId, false),

    async saveHealth(scope, connectionId, health, at) {
      await pool.query(
        `update tandem.connections set health = $3, health_at = $4 where installation_id = $1 and connection_id = $2`,
        [scope.installationId, connectionId, jsonb(health), at],
      );
    },
  };
}
