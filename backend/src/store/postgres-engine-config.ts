// What the engine keeps beside a profile: keys, catalogs, learned workflows, watermarks, budgets; in PostgreSQL, as a
// part of postgres-config-store.ts.

import { randomBytes } from 'node:crypto';
import type { EngineConfig, Scope, SideCatalog } from '../reconcile/ports.ts';
import type { BySide } from '../sync/model.ts';
import type { ConfigContext } from './config-context.ts';
import type { BudgetStore, ProfileStore } from './config-store.ts';
import { jsonb, numberOf, transaction } from './database.ts';
import { tellOfStop } from './stop-notices.ts';

export const keyPlace = (keyId: string) => `installations.fingerprint_key/${keyId}`;

const placeOf = (scope: Scope, profileId: string) => JSON.stringify([scope.installationId, profileId]);

/** A catalog may take a megabyte. */
const mostHeldCatalogs = 50;

export function engineTables(
  { pool, secrets, now, newId, catalogMaxAgeMs }: ConfigContext,
  profiles: Pick<ProfileStore, 'profileRecord'>,
): Omit<EngineConfig, 'enabledProfiles' | 'rememberPeople'> & BudgetStore {
  const fingerprintRow = async (installationId: string) => {
    const { rows } = await pool.query<{ fingerprint_key_id: string | null; fingerprint_key_sealed: string | null }>(
      'select fingerprint_key_id, fingerprint_key_sealed from tandem.installations where installation_id = $1',
      [installationId],
    );
    return rows[0];
  };

  /** By installation and profile, the least recently used first; `loadedAt` is the column as it is stored. */
  const heldCatalogs = new Map<string, { readonly loadedAt: string; readonly catalogs: BySide<SideCatalog> }>();

  return {
    profile: (scope, profileId) => profiles.profileRecord(scope, profileId),

    async fingerprintKey(scope) {
      let row = await fingerprintRow(scope.installationId);
      if (row && row.fingerprint_key_id === null) {
        const id = newId();
        await pool.query(
          `update tandem.installations set fingerprint_key_id = $2, fingerprint_key_sealed = $3
           where installation_id = $1 and fingerprint_key_id is null`,
          [scope.installationId, id, await secrets.seal(scope, keyPlace(id), randomBytes(32))],
        );
        // Of two that make it at once the first one's stays.
        row = await fingerprintRow(scope.installationId);
      }
      if (!row?.fingerprint_key_id || !row.fingerprint_key_sealed) {
        throw new Error(`installation ${scope.installationId} is not known`);
      }
      const id = row.fingerprint_key_id;
      return { id, secret: await secrets.open(scope, keyPlace(id), row.fingerprint_key_sealed) };
    },

    async catalogs(scope, profileId) {
      const place = placeOf(scope, profileId);
      const held = heldCatalogs.get(place);
      // Large and seldom new: they travel only when others are stored than those at hand.
      const { rows } = await pool.query<{ loaded_at: string; catalogs: BySide<SideCatalog> | null }>(
        `select loaded_at, case when loaded_at = $4::bigint then null else catalogs end as catalogs
         from tandem.catalogs where installation_id = $1 and profile_id = $2 and loaded_at > $3`,
        [scope.installationId, profileId, now() - catalogMaxAgeMs, held?.loadedAt ?? null],
      );
      const [row] = rows;
      heldCatalogs.delete(place);
      const catalogs = row?.catalogs ?? held?.catalogs;
      if (!row || !catalogs) return null;
      heldCatalogs.set(place, { loadedAt: row.loaded_at, catalogs });
      const [oldest] = heldCatalogs.keys();
      if (heldCatalogs.size > mostHeldCatalogs && oldest !== undefined) heldCatalogs.delete(oldest);
      return catalogs;
    },

    async lastCatalogs(scope, profileId) {
      const { rows } = await pool.query<{ catalogs: BySide<SideCatalog> }>(
        'select catalogs from tandem.catalogs where installation_id = $1 and profile_id = $2',
        [scope.installationId, profileId],
      );
      return rows[0]?.catalogs ?? null;
    },

    async saveCatalogs(scope, profileId, catalogs) {
      // Two saves may fall into one millisecond.
      heldCatalogs.delete(placeOf(scope, profileId));
      await pool.query(
        `insert into tandem.catalogs (installation_id, profile_id, catalogs, loaded_at)
         select installation_id, profile_id, $3, $4 from tandem.profiles where installation_id = $1 and profile_id = $2
         on conflict (installation_id, profile_id)
           do update set catalogs = excluded.catalogs, loaded_at = excluded.loaded_at`,
        [scope.installationId, profileId, jsonb(catalogs), now()],
      );
    },

    async learnedWorkflow(scope, { connectionId, project, type }) {
      const { rows } = await pool.query<{ from_status: string; to_statuses: readonly string[] }>(
        `select from_status, to_statuses from tandem.workflows
         where installation_id = $1 and connection_id = $2 and project = $3 and item_type = $4`,
        [scope.installationId, connectionId, project, type],
      );
      return Object.fromEntries(rows.map((row) => [row.from_status, row.to_statuses]));
    },

    async learnTransitions(scope, { connectionId, project, type }, from, to) {
      // The newest listing stands: a transition that was taken out must not be tried for ever.
      await pool.query(
        `insert into tandem.workflows as known
           (installation_id, connection_id, project, item_type, from_status, to_statuses)
         select installation_id, connection_id, $3, $4, $5, $6 from tandem.connections
         where installation_id = $1 and connection_id = $2
         on conflict (installation_id, connection_id, project, item_type, from_status)
           do update set to_statuses = excluded.to_statuses where known.to_statuses <> excluded.to_statuses`,
        [scope.installationId, connectionId, project, type, from, [...new Set(to)].sort()],
      );
    },

    async watermark(scope, profileId, side) {
      const { rows } = await pool.query<{ watermark: string }>(
        'select watermark from tandem.watermarks where installation_id = $1 and profile_id = $2 and side = $3',
        [scope.installationId, profileId, side],
      );
      return rows[0]?.watermark ?? null;
    },

    async setWatermark(scope, profileId, side, watermark) {
      await pool.query(
        `insert into tandem.watermarks (installation_id, profile_id, side, watermark)
         select installation_id, profile_id, $3, $4 from tandem.profiles where installation_id = $1 and profile_id = $2
         on conflict (installation_id, profile_id, side) do update set watermark = excluded.watermark`,
        [scope.installationId, profileId, side, watermark],
      );
    },

    async highestKnown(scope, profileId, side) {
      const { rows } = await pool.query<{ item_id: string }>(
        'select item_id from tandem.highest_known where installation_id = $1 and profile_id = $2 and side = $3',
        [scope.installationId, profileId, side],
      );
      return rows[0]?.item_id ?? null;
    },

    async raiseHighestKnown(scope, profileId, side, id) {
      // Ids are numbers of any length without zeros in front: the longer one is the greater.
      await pool.query(
        `insert into tandem.highest_known as known (installation_id, profile_id, side, item_id)
         select installation_id, profile_id, $3, $4 from tandem.profiles where installation_id = $1 and profile_id = $2
         on conflict (installation_id, profile_id, side) do update set item_id = excluded.item_id
           where (length(excluded.item_id), excluded.item_id collate "C") > (length(known.item_id), known.item_id collate "C")`,
        [scope.installationId, profileId, side, id],
      );
    },

    takeBudget: (scope, profileId, at, amount) =>
      transaction(pool, async (client) => {
        // The profile's row is the lock: instances take one after another.
        const { rows } = await client.query<{ limit: number; window_minutes: number }>(
          `select (settings #>> '{policies,brake,limit}')::int as limit,
             (settings #>> '{policies,brake,windowMinutes}')::int as window_minutes
           from tandem.profiles where installation_id = $1 and profile_id = $2 for update`,
          [scope.installationId, profileId],
        );
        const brake = rows[0];
        if (!brake) return false;
        const minute = Math.floor(at / 60_000);
        const key = [scope.installationId, profileId];
        await client.query(
          'delete from tandem.budget_takes where installation_id = $1 and profile_id = $2 and minute <= $3',
          [...key, minute - brake.window_minutes],
        );
        const taken = await client.query<{ amount: string | null }>(
          'select sum(amount) as amount from tandem.budget_takes where installation_id = $1 and profile_id = $2',
          key,
        );
        if (numberOf(taken.rows[0]?.amount ?? 0) + amount > brake.limit) return false;
        await client.query(
          `insert into tandem.budget_takes as known (installation_id, profile_id, minute, amount) values ($1, $2, $3, $4)
           on conflict (installation_id, profile_id, minute) do update set amount = known.amount + excluded.amount`,
          [...key, minute, amount],
        );
        return true;
      }),

    async takenBudget(scope, profileId, at) {
      const { rows } = await pool.query<{ amount: string | null }>(
        `select sum(amount) as amount from tandem.budget_takes join tandem.profiles using (installation_id, profile_id)
         where installation_id = $1 and profile_id = $2
           and minute > $3 - (settings #>> '{policies,brake,windowMinutes}')::int`,
        [scope.installationId, profileId, Math.floor(at / 60_000)],
      );
      return numberOf(rows[0]?.amount ?? 0);
    },

    async renewBudget(scope, profileId) {
      await pool.query('delete from tandem.budget_takes where installation_id = $1 and profile_id = $2', [
        scope.installationId,
        profileId,
      ]);
    },

    async setStatus(scope, profileId, status, reason) {
      await pool.query(
        `with before as (
           select installation_id, profile_id, status as was from tandem.profiles
           where installation_id = $1 and profile_id = $2 for update
         ), changed as (
           update tandem.profiles profile set status = $3, reason = $4, updated_at = $5 from before
           where profile.installation_id = before.installation_id and profile.profile_id = before.profile_id
           returning profile.*, before.was
         ) ${tellOfStop}`,
        [scope.installationId, profileId, status, jsonb(reason), now()],
      );
    },

    async halt(scope, profileId, status, reason, since) {
      await pool.query(
        `with changed as (
           update tandem.profiles profile set status = $3, reason = $4, updated_at = $5
           where installation_id = $1 and profile_id = $2 and status = 'enabled' and not exists (
             select 1 from tandem.connections
             where installation_id = $1 and connection_id in (profile.jira_connection_id, profile.azure_connection_id)
               and updated_at >= $6 and created_at < $6)
           returning profile.*, 'enabled' as was
         ) ${tellOfStop}`,
        [scope.installationId, profileId, status, jsonb(reason), now(), since],
      );
    },
  };
}
