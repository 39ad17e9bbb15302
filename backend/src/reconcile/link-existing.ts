// Pairs items that exist on both sides already, before the initial sync creates anything: a unique pair of unpaired items
// with the same title and mapped types is one thing. What differs between the two is settled by the seeding policy.

import { sameName } from '../sync/catalog.ts';
import { type BySide, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import type { ItemJob, Pair } from './ports.ts';
import { passedSides } from './scope.ts';
import { readUnpaired, type UnpairedItem } from './unpaired.ts';
import { unsynced } from './unsynced.ts';

/** Links what can be linked of these and returns the jobs that bring the new pairs to agreement. Safe to run again. */
export async function linkExisting(
  context: ProfileContext,
  unpaired: BySide<readonly UnpairedItem[]>,
): Promise<readonly ItemJob[]> {
  const { deps, scope, profile, sites } = context;
  const jobs: ItemJob[] = [];
  for (const pair of twinsAmong(context, unpaired)) {
    const { jira } = pair.ids;
    const linked = decision({ ...context, seen: [{ by: 'initial-sync' }] }, 'linked');
    const taken = await deps.state.createPair(scope, sites, pair, [linked]);
    if (taken || jira === null) continue;
    const job = {
      profileId: profile.id,
      pairId: pair.id,
      side: 'jira',
      itemId: jira,
      hints: [],
      initial: true,
    } as const;
    jobs.push({ ...scope, ...job });
  }
  return jobs;
}

/**
 * The pairs that linking would make, not stored; none when `goesOn` says that there is no time to read both sides to their
 * end. Throws SyncFailure.
 */
export async function findTwins(context: ProfileContext, goesOn: () => boolean = () => true): Promise<readonly Pair[]> {
  if (context.profile.settings.policies.linkExisting === 'none') return [];
  const unpaired = await readUnpaired(context, goesOn);
  return goesOn() ? twinsAmong(context, unpaired) : [];
}

function twinsAmong(context: ProfileContext, unpaired: BySide<readonly UnpairedItem[]>): readonly Pair[] {
  if (context.profile.settings.policies.linkExisting === 'none') return [];
  const candidates = (side: Side) => uniqueByTitle(unpaired[side].filter((item) => isCandidate(context, item)));
  const workItems = candidates('azure');
  return [...candidates('jira')].flatMap(([title, issue]) => {
    const workItem = workItems.get(title);
    return workItem && typesFit(context, issue.type, workItem.type) ? [joinedPair(context, issue, workItem)] : [];
  });
}

/** An item with a marker is the counterpart of something else, or a copy of one. */
const isCandidate = (context: ProfileContext, item: UnpairedItem): boolean =>
  !item.marker && !item.restricted && item.projectKey === projectOf(context, item.side);

/** A title that several items share tells none of them from the others. */
function uniqueByTitle(items: readonly UnpairedItem[]): ReadonlyMap<string, UnpairedItem> {
  const byTitle = Map.groupBy(items, ({ title }) => title);
  return new Map(
    [...byTitle].flatMap(([title, [only, ...others]]) =>
      title !== null && only !== undefined && others.length === 0 ? [[title, only] as const] : [],
    ),
  );
}

const typesFit = ({ profile }: ProfileContext, jira: string, azure: string): boolean =>
  profile.settings.types.some((type) => sameName(type.jira, jira) && sameName(type.azure, azure));

/** Without a baseline: the first run adopts what is equal and seeds what differs. */
export function joinedPair(
  context: ProfileContext,
  issue: Pick<UnpairedItem, 'id' | 'key'>,
  workItem: Pick<UnpairedItem, 'id' | 'key'>,
): Pair {
  return {
    id: context.deps.newId(),
    installationId: context.scope.installationId,
    profileId: context.profile.id,
    status: 'paired',
    source: 'jira',
    ids: { jira: issue.id, azure: workItem.id },
    keys: { jira: issue.key, azure: workItem.key },
    ...unsynced,
    choices: {},
    errors: [],
    retry: null,
    // Found by the sweeper even if the job that follows is lost.
    dirty: true,
    passed: passedSides(context.profile.settings, sides),
    syncedAt: null,
  };
}
