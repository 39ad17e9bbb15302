// An item that was moved to a project which another enabled profile covers: the pair goes over to that profile where the
// counterpart stays in a project of it too; else the item enters there as a new one, once this profile has let it go.

import type { ItemSnapshot, Side } from '../sync/model.ts';
import { otherSide } from '../sync/model.ts';
import type { Profile } from '../sync/profile.ts';
import type { ProfileContext } from './context.ts';
import { decision } from './decide.ts';
import type { LeasedPair } from './leased-pair.ts';
import { done, type JobResult } from './outcome.ts';

export interface Heir {
  readonly profile: Profile;
  /** The counterpart's project is one of that profile too. */
  readonly sharesCounterpart: boolean;
}

/** The enabled profile that covers the item where it is now. */
export async function findHeir(
  { deps, scope, profile }: ProfileContext,
  side: Side,
  item: ItemSnapshot | undefined,
): Promise<Heir | null> {
  if (!item) return null;
  const covering = await deps.config.enabledProfiles(
    scope,
    side === 'jira'
      ? { jiraProject: item.projectKey }
      : { azureProject: item.projectKey, connectionId: profile.azureConnectionId },
  );
  const other = otherSide(side);
  const shares = (one: Profile) =>
    one.azureConnectionId === profile.azureConnectionId &&
    one.settings[other].project.toLowerCase() === profile.settings[other].project.toLowerCase();
  const heirs = covering.filter(({ id }) => id !== profile.id);
  const heir = heirs.find(shares) ?? heirs[0];
  return heir ? { profile: heir, sharesCounterpart: shares(heir) } : null;
}

export async function handOver(
  context: ProfileContext,
  leased: LeasedPair,
  heir: Profile,
  side: Side,
): Promise<JobResult> {
  const { deps, scope } = context;
  const { pair } = leased;
  const itemId = pair.ids[side];
  if (itemId === null) throw new Error('A pair whose item was read names it.');
  // Dirty, so that the sweeper finds it with its new profile even if the job is lost.
  await leased.commit({
    dirty: true,
    retry: null,
    errors: pair.errors.filter(({ subject }) => subject !== undefined),
    decisions: [decision(context, 'handed-over')],
  });
  await leased.handOver(heir.id);
  await deps.reached('handed-over');
  await deps.queue.addItems([{ ...scope, profileId: heir.id, pairId: pair.id, side, itemId, hints: [] }]);
  return done;
}
