// Pairs items that exist on both sides already, before the initial sync creates anything: a unique pair of unpaired items
// with the same title and mapped types is one thing. What differs between the two is settled by the seeding policy.

import { sameName } from '../sync/catalog.ts';
import { normalText } from '../sync/fingerprint.ts';
import type { BySide, ItemSnapshot, Side } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import type { ItemJob, Pair } from './ports.ts';

const titleFields: BySide<string> = { jira: 'summary', azure: 'System.Title' };
/** What one bulk read takes on both sides. */
const batch = 100;

/** Links what can be linked and returns the jobs that bring the new pairs to agreement. Safe to run again. Throws SyncFailure. */
export async function linkExisting(context: ProfileContext): Promise<readonly ItemJob[]> {
  const { deps, scope, profile, sites } = context;
  const jobs: ItemJob[] = [];
  for (const pair of await findTwins(context)) {
    const { jira } = pair.ids;
    const taken = await deps.state.createPair(scope, sites, pair);
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

/** The pairs that linking would make, not stored. Throws SyncFailure. */
export async function findTwins(context: ProfileContext): Promise<readonly Pair[]> {
  if (context.profile.settings.policies.linkExisting === 'none') return [];
  const [jira, azure] = [await unpairedItems(context, 'jira'), await unpairedItems(context, 'azure')];
  const candidates = uniqueByTitle(azure);
  return [...uniqueByTitle(jira)].flatMap(([title, issue]) => {
    const workItem = candidates.get(title);
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

async function unpairedItems(context: ProfileContext, side: Side): Promise<readonly Candidate[]> {
  const { deps, scope, sites } = context;
  const { reader } = context.sides[side];
  const found: Candidate[] = [];
  let next: string | undefined;
  do {
    const page = await reader.inventory(next);
    const pairs = await deps.state.findPairs(scope, sites[side], side, page.ids);
    const unpaired = page.ids.filter((id) => !pairs.has(id));
    for (let start = 0; start < unpaired.length; start += batch) {
      const read = await reader.readMany(unpaired.slice(start, start + batch));
      for (const outcome of read.values())
        if (outcome.kind === 'found') found.push(...candidate(context, outcome.item));
    }
    next = page.next;
  } while (next !== undefined);
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
    baseline: null,
    versions: { jira: {}, azure: {} },
    writeIntents: [],
    held: {},
    replaced: {},
    late: [],
    choices: {},
    errors: [],
    retry: null,
    // Found by the sweeper even if the job that follows is lost.
    dirty: true,
    timeline: [],
    syncedAt: null,
  };
}
