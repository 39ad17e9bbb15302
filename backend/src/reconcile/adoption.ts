// Rebuilds pairs from the markers that Tandem left on what it created, after the table of pairs was lost or went back to an
// older copy. Writes to the store alone: what differs between the two items is settled by the run that follows.
//
// | who made the item | its token                  | the source that it names       | result                            |
// | ----------------- | -------------------------- | ------------------------------ | --------------------------------- |
// | somebody else     |                            |                                | left: a copy of a counterpart     |
// | our account       | of this key and profile    | there, in no pair              | adopted                           |
// | our account       | of another key             | there, in no pair              | left; adopted if the key was lost |
// | our account       | of another profile         | or of another project          | no matter of this profile         |
// | our account       | fits                       | named by a second item as well | both left: a person tells which   |
// | our account       | fits                       | gone, hidden, or elsewhere     | left                              |
// | our account       | fits                       | in another pair                | left                              |

import { verifyToken } from '../sync/marker.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import { joinedPair } from './link-existing.ts';
import type { ChildPair, Pair } from './ports.ts';
import { namesOwnProject, type UnpairedItem, unpairedItem } from './unpaired.ts';

export type LeftReason = 'copy' | 'other-key' | 'ambiguous' | 'no-source' | 'taken';

export interface Adoption {
  readonly created: UnpairedItem;
  readonly source: UnpairedItem;
}

export interface AdoptionPlan {
  readonly pairs: readonly Adoption[];
  /** Marked items that stay without a pair. */
  readonly left: readonly { readonly item: UnpairedItem; readonly why: LeftReason }[];
}

export interface AdoptOptions {
  /**
   * The key that made the tokens is gone for good, so they prove nothing: who made an item, and that its marker's address
   * lies in the profile's project, must do. A person has to say so: another Tandem may keep these pairs.
   */
  readonly keyLost: boolean;
}

/** Whether items are left that may be counterparts: to go on would make them again. */
export const isUndecided = ({ left }: AdoptionPlan): boolean =>
  left.some(({ why }) => why === 'other-key' || why === 'ambiguous');

/** Throws SyncFailure. */
export async function planAdoption(
  context: ProfileContext,
  unpaired: BySide<readonly UnpairedItem[]>,
  options: AdoptOptions,
): Promise<AdoptionPlan> {
  const pairs: Adoption[] = [];
  const left: { item: UnpairedItem; why: LeftReason }[] = [];
  const enabled = await context.deps.config.enabledProfiles(context.scope);
  const profileIds = enabled.map(({ id }) => id);
  for (const side of sides) {
    const fitting: UnpairedItem[] = [];
    for (const item of unpaired[side]) {
      if (!item.marker || (await isAwaited(context, item.marker.token))) continue;
      const why = await objection(context, item, profileIds, options);
      if (why === null) fitting.push(item);
      else if (why !== 'foreign') left.push({ item, why });
    }
    const tokens = Map.groupBy(fitting, ({ marker }) => marker?.token ?? '');
    const groups = Map.groupBy(fitting, ({ marker }) => marker?.sourceId ?? '');
    const sources = await readSources(context, otherSide(side), [...groups.keys()]);
    for (const [id, items] of groups) {
      const source = sources.get(id);
      const [created, ...more] = items;
      // Without the key, a token may stand beside the id of another source.
      const isOnly = more.length === 0 && tokens.get(created?.marker?.token ?? '')?.length === 1;
      if (source !== undefined && typeof source !== 'string' && created !== undefined && isOnly) {
        pairs.push({ created, source });
      } else {
        const why: LeftReason = typeof source === 'string' ? source : source === undefined ? 'no-source' : 'ambiguous';
        left.push(...items.map((item) => ({ item, why })));
      }
    }
  }
  return { pairs, left };
}

/** An intent is open, or a pair has it: then it is the engine's to resolve. */
const isAwaited = async ({ deps, scope }: ProfileContext, token: string): Promise<boolean> =>
  (await deps.state.findByToken(scope, token)) !== null;

async function objection(
  context: ProfileContext,
  item: UnpairedItem,
  /** Of the installation's enabled profiles. */
  profileIds: readonly string[],
  { keyLost }: AdoptOptions,
): Promise<LeftReason | 'foreign' | null> {
  const { key, scope, profile } = context;
  if (!item.marker || item.createdBy !== (await context.sides[item.side].accountId())) return 'copy';
  const { token, sourceId } = item.marker;
  const isOf = (profileId: string) =>
    verifyToken(key, token, { ...scope, profileId, side: otherSide(item.side), sourceId });
  if (isOf(profile.id)) return null;
  // Made from an item of another project: for this profile it is an item like any other, since chains of projects work.
  if (!namesOwnProject(context, item)) return 'foreign';
  if (profileIds.some(isOf)) return 'foreign';
  return keyLost ? null : 'other-key';
}

/** What one bulk read takes. */
const batch = 100;

async function readSources(
  context: ProfileContext,
  side: Side,
  ids: readonly string[],
): Promise<ReadonlyMap<string, UnpairedItem | 'taken'>> {
  const { deps, scope, sites } = context;
  const found = new Map<string, UnpairedItem | 'taken'>();
  for (let start = 0; start < ids.length; start += batch) {
    const some = ids.slice(start, start + batch);
    const read = await context.sides[side].reader.readMany(some);
    const taken = await deps.state.findPairs(scope, sites[side], side, some);
    for (const id of some) {
      const outcome = read.get(id);
      if (taken.has(id)) found.set(id, 'taken');
      else if (outcome?.kind === 'found' && outcome.item.projectKey === projectOf(context, side)) {
        found.set(id, unpairedItem(outcome.item));
      }
    }
  }
  return found;
}

/** Returns how many pairs were made. Throws SyncFailure. */
export async function storeAdoption(
  context: ProfileContext,
  { pairs }: AdoptionPlan,
  { keyLost }: AdoptOptions,
): Promise<number> {
  const { deps, scope, sites } = context;
  let made = 0;
  for (const adoption of pairs) {
    // With the key, the run that follows knows comments by their own tokens.
    const children = keyLost ? await markedComments(context, adoption) : [];
    const found = decision({ ...context, seen: [{ by: 'retry' }] }, 'found');
    const taken = await deps.state.createPair(scope, sites, pairOf(context, adoption), [found], children);
    if (taken === null) made += 1;
  }
  return made;
}

/** The intent stays with the pair: its token tells the counterpart from copies of it. */
function pairOf(context: ProfileContext, { created, source }: Adoption): Pair {
  const both = { [created.side]: created, [source.side]: source } as unknown as BySide<UnpairedItem>;
  const intent = {
    side: created.side,
    token: created.marker?.token ?? '',
    sourceId: source.id,
    at: Date.parse(created.createdAt),
    highestKnown: null,
  };
  // Whether they pass the filter now is for the next run to see: neither has left it.
  return { ...joinedPair(context, both.jira, both.azure), source: source.side, intent, passed: [] };
}

/** Comments that our account made as copies of comments that are still there. Attachments are known by name and content. */
async function markedComments(context: ProfileContext, { created, source }: Adoption): Promise<readonly ChildPair[]> {
  if (!context.profile.settings.comments.enabled) return [];
  const read = await Promise.all(
    [created, source].map(({ side, id }) => context.sides[side].reader.read(id, { comments: true })),
  );
  const items = read.flatMap((outcome) => (outcome.kind === 'found' ? [outcome.item] : []));
  const children: ChildPair[] = [];
  for (const item of items) {
    const others = items.find(({ side }) => side !== item.side);
    const account = await context.sides[item.side].accountId();
    for (const comment of item.comments ?? []) {
      if (comment.author.id !== account) continue;
      const original = others?.comments?.find(({ id }) => id === comment.marker?.sourceId);
      if (original && others && comment.marker) children.push(childOf(others, original, comment, comment.marker.token));
    }
  }
  return children;
}

const childOf = (
  { side }: ItemSnapshot,
  original: CommentSnapshot,
  copy: CommentSnapshot,
  token: string,
): ChildPair => ({
  kind: 'comment',
  source: side,
  sourceId: original.id,
  targetId: copy.id,
  token,
  sourceVersion: original.version,
  targetVersion: copy.version,
  intentAt: Date.parse(copy.createdAt),
});
