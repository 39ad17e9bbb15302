// Profiles, the history of their settings, drafts and hook registrations, in PostgreSQL: a part of postgres-config-store.ts.

import type { Scope } from '../reconcile/ports.ts';
import { type ProfileSettings, profileSchema } from '../sync/profile.ts';
import type { ConfigContext } from './config-context.ts';
import type { Draft, HookRegistration, ProfileRecord, ProfileStore } from './config-store.ts';
import { jsonb, numberOf, type Queryable, transaction } from './database.ts';

interface ProfileRow {
  readonly installation_id: string;
  readonly profile_id: string;
  readonly jira_connection_id: string;
  readonly azure_connection_id: string;
  readonly settings: unknown;
  readonly revision: number;
  readonly status: ProfileRecord['status'];
  readonly reason: ProfileRecord['reason'];
  readonly created_at: string;
  readonly updated_at: string;
}

interface DraftRow {
  readonly settings: unknown;
  readonly base_revision: number;
  readonly saved_at: string;
  readonly saved_by: string | null;
}

const draftOf = (row: DraftRow): Draft => ({
  settings: row.settings,
  baseRevision: row.base_revision,
  savedAt: numberOf(row.saved_at),
  savedBy: row.saved_by,
});

/** Settings are parsed again as they are read: an older version may lack what has a default since. */
export const profileOf = (row: ProfileRow): ProfileRecord => ({
  id: row.profile_id,
  installationId: row.installation_id,
  jiraConnectionId: row.jira_connection_id,
  azureConnectionId: row.azure_connection_id,
  settings: profileSchema.parse(row.settings),
  status: row.status,
  revision: row.revision,
  reason: row.reason,
  createdAt: numberOf(row.created_at),
  updatedAt: numberOf(row.updated_at),
});

export function profileTable({ pool, now, newId }: ConfigContext): ProfileStore {
  const record = async (scope: Scope, profileId: string): Promise<ProfileRecord | null> => {
    const { rows } = await pool.query<ProfileRow>(
      'select * from tandem.profiles where installation_id = $1 and profile_id = $2',
      [scope.installationId, profileId],
    );
    return rows[0] ? profileOf(rows[0]) : null;
  };

  const keepRevision = (client: Queryable, saved: ProfileRow, savedBy: string | null) =>
    client.query(
      `insert into tandem.profile_history (installation_id, profile_id, revision, settings, saved_at, saved_by)
       values ($1, $2, $3, $4, $5, $6)`,
      [saved.installation_id, saved.profile_id, saved.revision, jsonb(saved.settings), saved.updated_at, savedBy],
    );

  return {
    createProfile: (scope, input, savedBy) =>
      transaction(pool, async (client) => {
        const { settings } = input;
        const { rows } = await client.query<ProfileRow>(
          `insert into tandem.profiles (installation_id, profile_id, jira_connection_id, azure_connection_id, name,
             jira_project, azure_project, settings, revision, status, created_at, updated_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, 1, 'draft', $9, $9) returning *`,
          [
            scope.installationId,
            newId(),
            input.jiraConnectionId,
            input.azureConnectionId,
            settings.name,
            settings.jira.project,
            settings.azure.project,
            jsonb(settings),
            now(),
          ],
        );
        const made = rows[0];
        if (!made) throw new Error('the profile was not written');
        await keepRevision(client, made, savedBy);
        return profileOf(made);
      }),

    saveProfile: (scope, profileId, revision, settings, savedBy) =>
      transaction(pool, async (client) => {
        const { rows } = await client.query<ProfileRow>(
          `update tandem.profiles set settings = $4, name = $5, jira_project = $6, azure_project = $7,
             revision = revision + 1, updated_at = $8
           where installation_id = $1 and profile_id = $2 and revision = $3 returning *`,
          [
            scope.installationId,
            profileId,
            revision,
            jsonb(settings),
            settings.name,
            settings.jira.project,
            settings.azure.project,
            now(),
          ],
        );
        const saved = rows[0];
        if (saved) {
          await keepRevision(client, saved, savedBy);
          return { kind: 'saved', profile: profileOf(saved) } as const;
        }
        const known = await client.query<{ revision: number }>(
          'select revision from tandem.profiles where installation_id = $1 and profile_id = $2',
          [scope.installationId, profileId],
        );
        const newest = known.rows[0]?.revision;
        return newest === undefined
          ? ({ kind: 'missing' } as const)
          : ({ kind: 'conflict', revision: newest } as const);
      }),

    profileRecord: record,

    async listProfiles(scope) {
      const { rows } = await pool.query<ProfileRow>(
        'select * from tandem.profiles where installation_id = $1 order by created_at, profile_id',
        [scope.installationId],
      );
      return rows.map(profileOf);
    },

    async enabledProfiles(scope, filter = {}) {
      const { rows } = await pool.query<ProfileRow>(
        `select * from tandem.profiles
         where installation_id = $1 and status = 'enabled'
           and ($2::text is null or jira_project = $2)
           and ($3::text is null or lower(azure_project) = lower($3))
           and ($4::text is null or $4 in (jira_connection_id, azure_connection_id))
         order by created_at, profile_id`,
        [scope.installationId, filter.jiraProject ?? null, filter.azureProject ?? null, filter.connectionId ?? null],
      );
      return rows.map(profileOf);
    },

    async allEnabledProfiles() {
      const { rows } = await pool.query<{ installation_id: string; profile_id: string }>(
        `select installation_id, profile_id from tandem.profiles join tandem.installations i using (installation_id)
         where tandem.profiles.status = 'enabled' and i.status = 'active' order by installation_id, profile_id`,
      );
      return rows.map((row) => ({ installationId: row.installation_id, profileId: row.profile_id }));
    },

    async settingsHistory(scope, profileId) {
      const { rows } = await pool.query<{
        revision: number;
        settings: ProfileSettings;
        saved_at: string;
        saved_by: string | null;
      }>(
        `select revision, settings, saved_at, saved_by from tandem.profile_history
         where installation_id = $1 and profile_id = $2 order by revision desc`,
        [scope.installationId, profileId],
      );
      return rows.map((row) => ({
        revision: row.revision,
        settings: row.settings,
        savedAt: numberOf(row.saved_at),
        savedBy: row.saved_by,
      }));
    },

    async deleteProfile(scope, profileId) {
      const { rowCount } = await pool.query(
        'delete from tandem.profiles where installation_id = $1 and profile_id = $2',
        [scope.installationId, profileId],
      );
      return rowCount === 1;
    },

    async saveDraft(scope, profileId, draft, after) {
      // A later save has a later time, so that none is taken for the one before it.
      const { rows } = await pool.query<DraftRow>(
        `insert into tandem.profile_drafts as known
           (installation_id, profile_id, settings, base_revision, saved_at, saved_by)
         select installation_id, profile_id, $3, $4, $5, $6 from tandem.profiles profile
         where installation_id = $1 and profile_id = $2 and ($7::bigint is null or exists (
           select 1 from tandem.profile_drafts draft
           where draft.installation_id = profile.installation_id and draft.profile_id = profile.profile_id))
         on conflict (installation_id, profile_id) do update set settings = excluded.settings,
           base_revision = excluded.base_revision, saved_by = excluded.saved_by,
           saved_at = greatest(excluded.saved_at, known.saved_at + 1)
         where known.saved_at = $7 or known.saved_by is not distinct from excluded.saved_by
         returning *`,
        [scope.installationId, profileId, jsonb(draft.settings), draft.baseRevision, now(), draft.savedBy, after],
      );
      return rows[0] ? draftOf(rows[0]) : null;
    },

    async draft(scope, profileId) {
      const { rows } = await pool.query<DraftRow>(
        'select * from tandem.profile_drafts where installation_id = $1 and profile_id = $2',
        [scope.installationId, profileId],
      );
      return rows[0] ? draftOf(rows[0]) : null;
    },

    async discardDraft(scope, profileId) {
      await pool.query('delete from tandem.profile_drafts where installation_id = $1 and profile_id = $2', [
        scope.installationId,
        profileId,
      ]);
    },

    async addHook(scope, hook) {
      await pool.query(
        `insert into tandem.hook_registrations
           (installation_id, profile_id, connection_id, subscription_id, event, created_at)
         select installation_id, profile_id, $3, $4, $5, $6 from tandem.profiles
         where installation_id = $1 and profile_id = $2
         on conflict do nothing`,
        [scope.installationId, hook.profileId, hook.connectionId, hook.subscriptionId, hook.event, now()],
      );
    },

    async hooks(scope, profileId) {
      const { rows } = await pool.query<{ connection_id: string; subscription_id: string; event: string }>(
        `select connection_id, subscription_id, event from tandem.hook_registrations
         where installation_id = $1 and profile_id = $2 order by created_at, subscription_id`,
        [scope.installationId, profileId],
      );
      return rows.map(
        (row): HookRegistration => ({
          profileId,
          connectionId: row.connection_id,
          subscriptionId: row.subscription_id,
          event: row.event,
        }),
      );
    },

    async removeHook(scope, connectionId, subscriptionId) {
      await pool.query(
        `delete from tandem.hook_registrations
         where installation_id = $1 and connection_id = $2 and subscription_id = $3`,
        [scope.installationId, connectionId, subscriptionId],
      );
    },
  };
}
