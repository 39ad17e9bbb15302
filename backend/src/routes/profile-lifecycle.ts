// What happens around a profile's own state: enabling registers hooks and starts scans, pausing and deleting take the hooks
// away again.

import { settleHooks } from '../jobs/profile-hooks.ts';
import { overlapWithOthers } from '../overlaps.ts';
import { resumeInitialSync, startInitialSync, stopInitialSync } from '../reconcile/initial-sync.ts';
import type { InitialSync, InitialSyncOptions, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { overlapText } from '../sync/overlap.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { Problem } from './problem.ts';

/** An item is in one pair: with an overlap it would be chance which profile gets it. Throws Problem that names it. */
export async function requireApart(
  { config }: Pick<Service, 'config'>,
  scope: Scope,
  profile: { readonly id: string | null; readonly settings: ProfileSettings; readonly azureConnectionId: string },
): Promise<void> {
  const organization = (await config.connection(scope, profile.azureConnectionId))?.url ?? '';
  const overlap = await overlapWithOthers(config, scope, { ...profile, organization });
  if (!overlap) return;
  const { problem, remedy } = overlapText(overlap);
  throw new Problem(409, 'overlap', `${problem} ${remedy}`, `settings.${overlap.side}.filter`);
}

/** Throws Problem when another profile takes the same items. */
export async function enableProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  await requireApart(service, scope, profile);
  // Whoever lets a profile go on that stopped itself lets go on what waits: without its budget it would stop at once.
  if (profile.status === 'stopped') await service.config.renewBudget(scope, profile.id);
  await service.config.setStatus(scope, profile.id, 'enabled', null);
  await service.queue.wake(scope, profile.id);
  const target = { installationId: scope.installationId, profileId: profile.id };
  await service.queue.addTask('register-hooks', target);
  // Where it was paused before, events were missed: the scan and the inventory find what they told.
  await service.queue.addTask('scan-profile', target);
  if (profile.status === 'paused' || profile.status === 'stopped') await service.queue.addTask('inventory', target);
  const sync = await service.state.getInitialSync(scope, profile.id);
  if (sync?.status === 'running') await service.queue.addTask('initial-sync', target);
}

export async function pauseProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  await service.config.setStatus(scope, profile.id, 'paused', null);
  await removeHooks(service, scope, profile);
}

/**
 * The settings go, with catalogs, watermarks and errors of items without a pair. The pairs and their claims stay: without
 * them another profile of the two projects would take the counterparts, whose markers no pair answers for, for new items
 * and make every one of them twice.
 */
export async function deleteProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  const { config, deps, state } = service;
  await config.setStatus(scope, profile.id, 'stopped', null);
  await removeHooks(service, scope, profile);
  await stopInitialSync(deps, scope, profile.id);
  for (const { side, itemId } of await state.listItemErrors(scope, profile.id)) {
    await state.clearItemError(scope, profile.id, side, itemId);
  }
  await config.deleteProfile(scope, profile.id);
}

/**
 * The installation is uninstalled: its profiles pause, so that nothing travels without the app, and stay paused if it comes
 * back. The hooks are taken away by a job, since Forge waits seconds only.
 */
export async function retireInstallation(service: Service, scope: Scope): Promise<void> {
  const { config, deps, queue, settings } = service;
  const present = await config.installation(scope);
  // Told twice, by the pre-uninstall and the event: the grace period runs from the first.
  if (present?.status !== 'active') return;
  for (const { id } of await config.enabledProfiles(scope)) {
    await config.setStatus(scope, id, 'paused', null);
    await queue.addTask('register-hooks', { installationId: scope.installationId, profileId: id });
  }
  await config.uninstall(scope, deps.now() + settings.timing.graceMs);
}

export async function beginInitialSync(
  service: Service,
  scope: Scope,
  profileId: string,
  options?: InitialSyncOptions,
): Promise<InitialSync> {
  const sync = await startInitialSync(service.deps, scope, profileId, options);
  await service.queue.addTask('initial-sync', { installationId: scope.installationId, profileId });
  return sync;
}

/** False when none is paused. */
export async function continueInitialSync(service: Service, scope: Scope, profileId: string): Promise<boolean> {
  const resumed = await resumeInitialSync(service.deps, scope, profileId);
  if (resumed) await service.queue.addTask('initial-sync', { installationId: scope.installationId, profileId });
  return resumed;
}

const removeHooks = (service: Service, scope: Scope, profile: ProfileRecord): Promise<void> =>
  settleHooks({ ...service, publicUrl: service.settings.publicUrl }, scope, { ...profile, status: 'paused' });
