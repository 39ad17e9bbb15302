// Erases installations from every store of ours; backups and logs expire by date.

import type { Log, Scope, StateStore } from '../reconcile/ports.ts';
import type { ConfigStore } from '../store/config-store.ts';
import type { SecretStore } from '../store/secrets.ts';

export interface EraseDeps {
  readonly config: ConfigStore;
  readonly state: StateStore;
  readonly secrets: SecretStore;
  readonly log: Log;
}

/**
 * The data key goes first: from then on what backups hold is unreadable. The installation's own row goes last: it is what
 * an erasure that was killed is found again by.
 */
export async function eraseInstallation({ config, state, secrets, log }: EraseDeps, scope: Scope): Promise<void> {
  await secrets.destroy(scope);
  await state.erase(scope);
  await config.eraseInstallation(scope);
  log.info({ installation: scope.installationId }, 'an installation was erased');
}

/** Those whose grace period is over at `now` (epoch ms); returns how many. */
export async function eraseExpired(deps: EraseDeps, now: number): Promise<number> {
  const expired = (await deps.config.listInstallations()).filter(
    ({ status, graceUntil }) => status === 'uninstalled' && graceUntil !== null && graceUntil <= now,
  );
  let erased = 0;
  for (const { id } of expired) {
    // Somebody may have installed the app again while the ones before were erased.
    const present = await deps.config.installation({ installationId: id });
    if (present?.status !== 'uninstalled') continue;
    await eraseInstallation(deps, { installationId: id });
    erased += 1;
  }
  return erased;
}
