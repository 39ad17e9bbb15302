// The service hooks of a profile, brought to what its status asks for: there while it is enabled, gone otherwise.

import { registerHooks, removeHooks } from '../azure/hooks.ts';
import { openAzureClient } from '../azure/side.ts';
import type { Transport } from '../http/transport.ts';
import type { ConnectionOpener } from '../open-sides.ts';
import type { Log, Scope } from '../reconcile/ports.ts';
import type { ConfigStore, ProfileRecord } from '../store/config-store.ts';
import { SyncFailure } from '../sync/errors.ts';

export interface HookDeps {
  readonly config: ConfigStore;
  readonly opener: ConnectionOpener;
  readonly transport: Transport;
  readonly log: Log;
  /** Null where Azure DevOps can't reach us: scans find the changes then. */
  readonly publicUrl: string | null;
}

/** The address that a connection's service hooks post to. */
export const hookUrl = (publicUrl: string, installationId: string, connectionId: string): string =>
  `${publicUrl.replace(/\/+$/, '')}/hooks/azure/${installationId}/${connectionId}`;

/**
 * Registers the hooks of an enabled profile and removes those of any other. What Azure DevOps refuses is only logged:
 * without hooks changes come later, by the scans.
 */
export async function settleHooks(deps: HookDeps, scope: Scope, profile: ProfileRecord): Promise<void> {
  try {
    await (profile.status === 'enabled' ? register(deps, scope, profile) : remove(deps, scope, profile));
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    const ids = { installation: scope.installationId, profile: profile.id };
    deps.log.warn({ ...ids, code: error.error.code, detail: error.error.detail }, 'service hooks could not be changed');
  }
}

async function register(deps: HookDeps, scope: Scope, profile: ProfileRecord): Promise<void> {
  const { config, opener, publicUrl, transport } = deps;
  if (publicUrl === null) return;
  const connection = await opener.azure(scope, profile.azureConnectionId);
  const password = await config.hookSecret(scope, connection.id);
  if (password === null) return;
  await registerHooks(openAzureClient(connection, transport, profile.id), {
    project: profile.settings.azure.project,
    url: hookUrl(publicUrl, scope.installationId, connection.id),
    username: 'tandem',
    password,
  });
}

/** Hooks of a project stay while another enabled profile of the connection needs them. */
async function remove(deps: HookDeps, scope: Scope, profile: ProfileRecord): Promise<void> {
  const { config, opener, publicUrl, transport } = deps;
  if (publicUrl === null) return;
  const { project } = profile.settings.azure;
  const others = await config.enabledProfiles(scope, {
    connectionId: profile.azureConnectionId,
    azureProject: project,
  });
  if (others.some(({ id }) => id !== profile.id)) return;
  const connection = await opener.azure(scope, profile.azureConnectionId);
  const url = hookUrl(publicUrl, scope.installationId, connection.id);
  await removeHooks(openAzureClient(connection, transport, profile.id), { project, url });
}
