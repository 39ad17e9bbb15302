// Stores catalogs that were just loaded. What changed of sprints, versions and iterations since the stored ones is first
// carried to its counterpart, so that a renamed one is not taken for a new one. A run that dies before the end finds the
// same changes again, and a counterpart that has them already.

import { SyncFailure } from '../sync/errors.ts';
import { type BySide, sides } from '../sync/model.ts';
import { nodeChanges } from '../sync/planning-changes.ts';
import type { Profile } from '../sync/profile.ts';
import type { EngineDeps, Scope, SideCatalog, SidePort } from './ports.ts';

/** Answers the catalogs as they are stored. Throws SyncFailure when a side can't be reached. */
export async function keepCatalogs(
  deps: EngineDeps,
  scope: Scope,
  profile: Profile,
  ports: BySide<SidePort>,
  loaded: BySide<SideCatalog>,
): Promise<BySide<SideCatalog>> {
  const before = await deps.config.lastCatalogs(scope, profile.id);
  const changes = before === null ? [] : nodeChanges(profile.settings, before, loaded);
  for (const change of changes) {
    const error = await ports[change.side].writer.changeNode(change);
    const at = { installation: scope.installationId, profile: profile.id, side: change.side };
    if (error === null) deps.log.info({ ...at, kind: change.native }, 'followed a change of its counterpart');
    else if (error.retry === 'later' && error.code !== 'forbidden') throw new SyncFailure(error);
    else
      deps.log.warn({ ...at, kind: change.native, code: error.code }, 'could not follow a change of its counterpart');
  }
  const current = { ...loaded };
  for (const side of sides) {
    if (changes.some((change) => change.side === side)) current[side] = await ports[side].catalog.load();
  }
  await deps.config.saveCatalogs(scope, profile.id, current);
  return current;
}
