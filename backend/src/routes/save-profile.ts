// Stores a profile's settings for an admin, whether they come from the page or from a file: never over somebody else's change,
// never for other projects than its pairs are of, never over the items of another profile.

import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { appConnection, type Caller } from './caller.ts';
import { azureConnection } from './connections.ts';
import { notFound, Problem } from './problem.ts';
import { requireApart } from './profile-lifecycle.ts';
import { requireProfile } from './require-profile.ts';

/** A draft, of the app's own Jira. Throws Problem. */
export async function createProfile(
  service: Service,
  { scope, installation, claims }: Caller,
  azureConnectionId: string,
  settings: ProfileSettings,
): Promise<ProfileRecord> {
  await azureConnection(service, scope, azureConnectionId);
  await requireApart(service, scope, { id: null, settings, azureConnectionId });
  const jiraConnectionId = await appConnection(service, installation, claims);
  return service.config.createProfile(scope, { jiraConnectionId, azureConnectionId, settings }, claims.principal);
}

/** `revision` is the one that was edited. Throws Problem. */
export async function saveProfile(
  service: Service,
  { scope, claims }: Caller,
  id: string,
  revision: number,
  settings: ProfileSettings,
): Promise<ProfileRecord> {
  const { config } = service;
  const record = await requireProfile(config, scope, id);
  await requireSameProjects(service, scope, record, settings);
  await requireApart(service, scope, { ...record, settings });
  const outcome = await config.saveProfile(scope, id, revision, settings, claims.principal);
  switch (outcome.kind) {
    case 'saved':
      await service.watch.saved(scope, id);
      return outcome.profile;
    case 'missing':
      throw notFound('profile');
    case 'conflict':
      throw new Problem(
        409,
        'revision-conflict',
        `Somebody saved this profile in the meantime (revision ${outcome.revision}). Load it again to see the change.`,
        'revision',
      );
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

/** Pairs are of two projects: with others they would all be outside. */
async function requireSameProjects(
  { state }: Service,
  scope: Scope,
  record: ProfileRecord,
  settings: ProfileSettings,
): Promise<void> {
  const moved = (['jira', 'azure'] as const).find((side) => settings[side].project !== record.settings[side].project);
  if (!moved) return;
  const { paired, creating, orphaned } = await state.countPairs(scope, record.id);
  if (paired + creating + orphaned === 0) return;
  const path = `settings.${moved}.project`;
  throw new Problem(
    409,
    'has-pairs',
    `${path}: the profile keeps pairs of its present projects. Make another profile for other ones.`,
    path,
  );
}
