// Pairs items that exist on both sides already, before the initial sync creates anything: a unique pair of unpaired items
// with the same title and mapped types is one thing. What differs between the two is settled by the seeding policy.

import { sameName } from '../sync/catalog.ts';
import { normalText } from '../sync/fingerprint.ts';
import { type BySide, type ItemSnapshot, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import type { ItemJob, Pair } from './ports.ts';
import { passedSides } from './scope.ts';
import { unpairedItems } from './unpaired.ts';
import { unsynced } from './unsynced.ts';

const titleFields: BySide<string> = { jira: 'summary', azure: 'System.Title' };

/** Links what can be linked and returns the jobs that bring the new pairs to agreement. Safe to run again. Throws SyncFailure. */
export async function linkExisting(context: ProfileContext): Promise<readonly ItemJob[]> {
  const { deps, scope, profile, sites } = context;
  const jobs: ItemJob[] = [];
  for (const pair of await findTwins(context)) {
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
  const [jira, azure] = [await candidates(context, 'jira', goesOn), await candidates(context, 'azure', goesOn)];
  if (!goesOn()) return [];
  const workItems = uniqueByTitle(azure);
  return [...uniqueByTitle(jira)].flatMap(([title, issue]) => {
    const workItem = workItems.get(title);
    return workItem && typesFit(context, issue.type, workItem.type) ? [linkedPair(context, issue, workItem)] : [];
  });
}

/** Only what matching needs is kept of each. */
interface Candidate {
  readonly id: string;
  readonly key: string;
  readonly type: string;
  readonly title: string;
}

async function candidates(context: ProfileContext, side: Side, goesOn: () => boolean): Promise<readonly Candidate[]> {
  const found: Candidate[] = [];
  for await (const item of unpairedItems(context, side)) {
    found.push(...candidate(context, item));
    if (!goesOn()) break;
  }
  return found;
}

/** An item with a marker is the counterpart of something else, or a copy of one. */
function candidate(context: ProfileContext, item: ItemSnapshot): readonly Candidate[] {
  const value = item.fields[titleFields[item.side]];
  if (value?.kind !== 'text' || item.marker || item.restricted) return [];
  if (item.projectKey !== projectOf(context, item.side)) return [];
  return [{ id: item.id, key: item.key, type: item.type, title: normalText(value.text) }];
}

/** A title that several items share tells none of them from the others. */
function uniqueByTitle(items: readonly Candidate[]): ReadonlyMap<string, Candidate> {
  const counts = new Map<string, number>();
  for (const { title } of items) counts.set(title, (counts.get(title) ?? 0) + 1);
  return new Map(items.filter(({ title }) => counts.get(title) === 1).map((item) => [item.title, item]));
}

const typesFit = ({ profile }: ProfileContext, jira: string, azure: string): boolean =>
  profile.settings.types.some((type) => sameName(type.jira, jira) && sameName(type.azure, azure));

/** Without a baseline: the first run adopts what is equal and seeds what differs. */
function linkedPair(context: ProfileContext, issue: Candidate, workItem: Candidate): Pair {
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
