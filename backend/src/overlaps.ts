// Looks through an installation's profiles for one that would take the same new items as another.

import type { Scope } from './reconcile/ports.ts';
import type { ConfigStore, ProfileRecord } from './store/config-store.ts';
import { findOverlap, type Overlap } from './sync/overlap.ts';
import type { ProfileSettings } from './sync/profile.ts';

export interface Candidate {
  /** Null for one that is not stored yet. */
  readonly id: string | null;
  readonly settings: ProfileSettings;
  /** The Azure DevOps organization's URL. */
  readonly organization: string;
}

/** With any profile that was ever enabled: a draft takes nothing. */
export async function overlapWithOthers(
  config: Pick<ConfigStore, 'listProfiles' | 'listConnections'>,
  scope: Scope,
  candidate: Candidate,
): Promise<Overlap | null> {
  const [profiles, connections] = await Promise.all([config.listProfiles(scope), config.listConnections(scope)]);
  const urlOf = ({ azureConnectionId }: ProfileRecord) =>
    connections.find(({ id }) => id === azureConnectionId)?.url ?? '';
  for (const other of profiles) {
    if (other.id === candidate.id || other.status === 'draft') continue;
    const overlap = findOverlap(candidate, { settings: other.settings, organization: urlOf(other) });
    if (overlap) return overlap;
  }
  return null;
}
