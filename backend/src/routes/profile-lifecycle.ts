// What happens around a profile's own state: enabling registers hooks and starts scans, pausing and deleting take the hooks
// away again. Shared by the admin API and the command line.

import { removeHooks } from '../azure/hooks.ts';
import { openAzureClient } from '../azure/side.ts';
import { hookUrl } from '../jobs/hook-url.ts';
import { startInitialSync } from '../reconcile/initial-sync.ts';
import type { InitialSync, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { SyncFailure } from '../sync/errors.ts';

export async function enableProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  await service.config.setStatus(scope, profile.id, 'enabled', null);
  await service.queue.wake(scope, profile.id);
  const target = { installationId: scope.installationId, profileId: profile.id };
  await service.queue.addTask('register-hooks', target);
  // Where it was paused before, events were missed: the scan and the inventory find what they told.
  await service.queue.addTask('scan-profile', target);
  if (profile.status === 'paused' || profile.status === 'stopped') await service.queue.addTask('inventory', target);
}

export async function pauseProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  await service.config.setStatus(scope, profile.id, 'paused', null);
  await forgetHooks(service, scope, profile);
}

/** The pairs stay in the store with their items: a new profile of the two projects finds them by their markers. */
export async function deleteProfile(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  await service.config.setStatus(scope, profile.id, 'stopped', null);
  await forgetHooks(service, scope, profile);
  await service.config.deleteProfile(scope, profile.id);
}

export async function beginInitialSync(service: Service, scope: Scope, profileId: string): Promise<InitialSync> {
  const sync = await startInitialSync(service.deps, scope, profileId);
  await service.queue.addTask('initial-sync', { installationId: scope.installationId, profileId });
  return sync;
}

/** Hooks of a project stay while another enabled profile of the connection needs them. What can't be reached is left. */
async function forgetHooks(service: Service, scope: Scope, profile: ProfileRecord): Promise<void> {
  const { publicUrl } = service.settings;
  if (publicUrl === null) return;
  const { project } = profile.settings.azure;
  const others = await service.config.enabledProfiles(scope, {
    connectionId: profile.azureConnectionId,
    azureProject: project,
  });
  if (others.some(({ id }) => id !== profile.id)) return;
  try {
    const connection = await service.opener.azure(scope, profile.azureConnectionId);
    const url = hookUrl(publicUrl, scope.installationId, connection.id);
    await removeHooks(openAzureClient(connection, service.transport, profile.id), { project, url });
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    const ids = { installation: scope.installationId, profile: profile.id };
    service.log.warn({ ...ids, code: error.error.code }, 'service hooks could not be removed');
  }
}
