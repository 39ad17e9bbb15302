// Pairs items that exist on both sides already, before the initial sync creates anything: a unique pair of unpaired items
// with the same title, or the same value of two fields, and mapped types is one thing. What differs between the two is
// settled by the seeding policy.

import { sameName } from '../sync/catalog.ts';
import { type ChangedWithin, isWithin } from '../sync/date-range.ts';
import type { LinkFields } from '../sync/link-fields.ts';
import { type BySide, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import { matchExisting } from './match-existing.ts';
import type { ItemJob, Pair } from './ports.ts';
import { passedSides } from './scope.ts';
import { readUnpaired, type UnpairedItem } from './unpaired.ts';
import { unsynced } from './unsynced.ts';

export interface LinkOptions {
  /** By which the values of the items were read. */
  readonly linkBy: LinkFields | null;
  /** One item of the two at least changed last in that time: a counterpart made for it would be one too many. */
  readonly within?: ChangedWithin | undefined;
}

export interface Linked {
  /** Bring the new pairs to agreement. */
  readonly jobs: readonly ItemJob[];
  /** Left alone, since others hold the same value. */
  readonly ambiguous: readonly UnpairedItem[];
}

/** Links what can be linked of these. Safe to run again. */
export async function linkExisting(
  context: ProfileContext,
  unpaired: BySide<readonly UnpairedItem[]>,
  options: LinkOptions,
): Promise<Linked> {
  const { deps, scope, profile, sites } = context;
  const { pairs, ambiguous } = matchesAmong(context, unpaired, options);
  const jobs: ItemJob[] = [];
  for (const pair of pairs) {
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
  return { jobs, ambiguous };
}

/**
 * The pairs that linking would make, not stored; none when `goesOn` says that there is no time to read both sides to their
 * end. Throws SyncFailure.
 */
export async function findTwins(context: ProfileContext, goesOn: () => boolean = () => true): Promise<readonly Pair[]> {
  if (context.profile.settings.policies.linkExisting === 'none') return [];
  const unpaired = await readUnpaired(context, { goesOn });
  return goesOn() ? matchesAmong(context, unpaired, { linkBy: null }).pairs : [];
}

function matchesAmong(
  context: ProfileContext,
  unpaired: BySide<readonly UnpairedItem[]>,
  { linkBy, within }: LinkOptions,
): { readonly pairs: readonly Pair[]; readonly ambiguous: readonly UnpairedItem[] } {
  const candidates = (side: Side) => unpaired[side].filter((item) => isCandidate(context, item));
  const { matched, ambiguous } = matchExisting(
    { jira: candidates('jira'), azure: candidates('azure') },
    {
      byValue: linkBy !== null,
      byTitle: context.profile.settings.policies.linkExisting === 'title',
      fits: (issue, workItem) => typesFit(context, issue.type, workItem.type),
      takes: ({ updatedAt }) => within === undefined || isWithin(within, updatedAt),
    },
  );
  return { pairs: matched.map(({ jira, azure }) => joinedPair(context, jira, azure)), ambiguous };
}

/** An item with a marker is the counterpart of something else, or a copy of one. */
const isCandidate = (context: ProfileContext, item: UnpairedItem): boolean =>
  !item.marker && !item.restricted && item.projectKey === projectOf(context, item.side);

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
