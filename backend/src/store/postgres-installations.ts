// Installations, their handshake and their tokens, in PostgreSQL: a part of postgres-config-store.ts.

import { type ConfigContext, openColumn } from './config-context.ts';
import type { Installation, InstallationStore } from './config-store.ts';
import { numberOf, numberOrNull, transaction } from './database.ts';
import { rowsOf } from './postgres-row-counts.ts';

interface InstallationRow {
  readonly installation_id: string;
  readonly cloud_id: string;
  readonly environment: string;
  readonly site_url: string | null;
  readonly status: Installation['status'];
  readonly grace_until: string | null;
  readonly forge_installation_ids: readonly string[];
  readonly site_key_sealed: string | null;
  readonly shared_secret_sealed: string | null;
  readonly system_token_sealed: string | null;
  readonly system_token_expires_at: string | null;
  readonly api_base_url: string | null;
  readonly created_at: string;
}

const installationOf = (row: InstallationRow): Installation => ({
  id: row.installation_id,
  cloudId: row.cloud_id,
  environment: row.environment,
  siteUrl: row.site_url,
  status: row.status,
  graceUntil: numberOrNull(row.grace_until),
  forgeInstallationIds: row.forge_installation_ids,
  createdAt: numberOf(row.created_at),
});

export function installationTable(context: ConfigContext): InstallationStore {
  const { pool, secrets, now, newId } = context;

  const row = async (installationId: string): Promise<InstallationRow | null> => {
    const { rows } = await pool.query<InstallationRow>(
      'select * from tandem.installations where installation_id = $1',
      [installationId],
    );
    return rows[0] ?? null;
  };

  return {
    async install(request) {
      const { rows } = await pool.query<InstallationRow>(
        `insert into tandem.installations as known
           (installation_id, cloud_id, environment, site_url, status, forge_installation_ids, created_at, updated_at)
         values ($1, $2, $3, $4, 'active', $5, $6, $6)
         on conflict (cloud_id, environment) do update set
           status = 'active', grace_until = null, updated_at = excluded.updated_at,
           site_url = coalesce(excluded.site_url, known.site_url),
           forge_installation_ids = array_remove(known.forge_installation_ids, excluded.forge_installation_ids[1])
             || excluded.forge_installation_ids
         returning *`,
        [
          newId(),
          request.cloudId,
          request.environment,
          request.siteUrl ?? null,
          request.forgeInstallationId === undefined ? [] : [request.forgeInstallationId],
          now(),
        ],
      );
      const made = rows[0];
      if (!made) throw new Error('the installation was not written');
      const scope = { installationId: made.installation_id };
      if (request.siteKey !== undefined || request.sharedSecret !== undefined) {
        const seal = async (place: string, secret: string | undefined) =>
          secret === undefined ? null : secrets.seal(scope, place, secret);
        await pool.query(
          `update tandem.installations set site_key_sealed = coalesce($2, site_key_sealed),
             shared_secret_sealed = coalesce($3, shared_secret_sealed) where installation_id = $1`,
          [
            scope.installationId,
            await seal('installations.site_key', request.siteKey),
            await seal('installations.shared_secret', request.sharedSecret),
          ],
        );
      }
      return installationOf(made);
    },

    async installation(scope) {
      const found = await row(scope.installationId);
      return found && installationOf(found);
    },

    async findInstallation(cloudId, environment) {
      const { rows } = await pool.query<InstallationRow>(
        'select * from tandem.installations where cloud_id = $1 and environment = $2',
        [cloudId, environment],
      );
      return rows[0] ? installationOf(rows[0]) : null;
    },

    async listInstallations() {
      const { rows } = await pool.query<InstallationRow>(
        'select * from tandem.installations order by created_at, installation_id',
      );
      return rows.map(installationOf);
    },

    siteKey: async (scope) =>
      openColumn(context, scope, 'installations.site_key', (await row(scope.installationId))?.site_key_sealed),

    sharedSecret: async (scope) =>
      openColumn(
        context,
        scope,
        'installations.shared_secret',
        (await row(scope.installationId))?.shared_secret_sealed,
      ),

    async uninstall(scope, graceUntil) {
      await pool.query(
        `update tandem.installations set status = 'uninstalled', grace_until = $2, updated_at = $3
         where installation_id = $1`,
        [scope.installationId, graceUntil, now()],
      );
    },

    async saveSystemToken(scope, token) {
      const known = await row(scope.installationId);
      if (!known || (numberOrNull(known.system_token_expires_at) ?? 0) >= token.expiresAt) return;
      await pool.query(
        `update tandem.installations set system_token_sealed = $2, system_token_expires_at = $3, api_base_url = $4
         where installation_id = $1 and coalesce(system_token_expires_at, 0) < $3`,
        [
          scope.installationId,
          await secrets.seal(scope, 'installations.system_token', token.token),
          token.expiresAt,
          token.apiBaseUrl,
        ],
      );
    },

    async systemToken(scope, at) {
      const found = await row(scope.installationId);
      const expiresAt = numberOrNull(found?.system_token_expires_at ?? null);
      if (expiresAt === null || expiresAt <= at) return null;
      const token = await openColumn(context, scope, 'installations.system_token', found?.system_token_sealed);
      return token === null ? null : { token, expiresAt, apiBaseUrl: found?.api_base_url ?? '' };
    },

    async eraseInstallation(scope) {
      await secrets.destroy(scope);
      return transaction(pool, async (client) => {
        const rows = await rowsOf(client, scope);
        const at = [scope.installationId];
        // Profiles refer to connections, so they go before them; the rest goes with what it belongs to.
        await client.query('delete from tandem.profiles where installation_id = $1', at);
        await client.query('delete from tandem.installations where installation_id = $1', at);
        for (const table of ['pending_items', 'taken_items', 'turns', 'schedules', 'metrics', 'outbox']) {
          await client.query(`delete from tandem.${table} where installation_id = $1`, at);
        }
        return rows;
      });
    },
  };
}
