// Reads both items of a pair with as many of their comments as the hints call for: none, those that are named with their
// counterparts, or all. An item may have 5,000, and one new one must not cost a reading of the others.

import { SyncFailure } from '../sync/errors.ts';
import { type BySide, type CommentSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import { isNotice } from './notices.ts';
import type { ChildPair, Hint, ItemChild, Pair, ReadOutcome, ReadWant } from './ports.ts';

/** `hints` may be empty: then everything is read. */
export async function readBoth(
  context: ProfileContext,
  { pair }: LeasedPair,
  hints: readonly Hint[],
): Promise<BySide<ReadOutcome>> {
  const told = hints.filter(({ aspect }) => aspect === 'comments' || aspect === 'any');
  const { enabled } = context.profile.settings.comments;
  if (!enabled || (hints.length > 0 && told.length === 0)) return readItems(context, pair, () => none);
  if (hints.length > 0 && told.every(({ aspect }) => aspect === 'comments')) {
    const named = await namedComments(context, pair, told);
    if (named) return readNamed(context, pair, named);
  }
  // Of 5,000, a whole read costs 25 calls in Azure DevOps and 50 in Jira. The other side's are read later, as far as there
  // is news that concerns them.
  return readItems(context, pair, (side) =>
    hints.length === 0 || told.some((hint) => hint.side === side) ? { comments: true } : freeOnly,
  );
}

const none: ReadWant = { comments: false };
const freeOnly: ReadWant = { comments: true, freeOnly: true };

/** The comment's id of a hint, whether it tells that it is there or that it is gone. */
export const commentIdOf = (childId: string): string => childId.replace(/^-/, '');

async function readItems(
  context: ProfileContext,
  pair: Pair,
  want: (side: Side) => ReadWant,
): Promise<BySide<ReadOutcome>> {
  const read = (side: Side) => context.sides[side].reader.read(idOn(pair, side), want(side));
  const [jira, azure] = await Promise.all([read('jira'), read('azure')]);
  return { jira, azure };
}

function idOn(pair: Pair, side: Side): string {
  const id = pair.ids[side];
  if (id === null) throw new Error('A completed pair names both items.');
  return id;
}

type Ids = BySide<ReadonlySet<string>>;

/** The comments that the hints are about, with their counterparts; null where only a read of all can tell. */
async function namedComments(context: ProfileContext, pair: Pair, hints: readonly Hint[]): Promise<Ids | null> {
  const names: ItemChild[] = [];
  const unnamed = new Set<Side>();
  for (const { side, childId } of hints) {
    if (childId === undefined) unnamed.add(side);
    else names.push({ side, id: commentIdOf(childId) });
  }
  for (const side of unnamed) {
    const newest = await newestComments(context, pair, side);
    if (newest === null) return null;
    names.push(...newest);
  }
  const children = await recordsOf(context, pair, names);
  // A creation in doubt is looked for among all.
  if (children.some(({ targetId }) => targetId === undefined)) return null;
  return idsOf(names, children);
}

/** What a side's newest comments are, as far back as one that is known; null if they don't lead that far. */
async function newestComments(context: ProfileContext, pair: Pair, side: Side): Promise<readonly ItemChild[] | null> {
  const { newestComments: newest } = context.sides[side].reader;
  if (newest === undefined) return null;
  const { ids, all } = await newest(idOn(pair, side));
  const names = ids.map((id) => ({ side, id }));
  const reaches = all || (await recordsOf(context, pair, names)).length > 0;
  return reaches ? names : null;
}

const recordsOf = ({ deps, scope }: ProfileContext, pair: Pair, names: readonly ItemChild[]) =>
  deps.state.findChildren(scope, pair.id, 'comment', names);

function idsOf(names: readonly ItemChild[], children: readonly ChildPair[]): Ids {
  const ids = { jira: new Set<string>(), azure: new Set<string>() };
  for (const { side, id } of names) ids[side].add(id);
  for (const { source, sourceId, targetId } of children) {
    ids[source].add(sourceId);
    if (targetId !== undefined) ids[otherSide(source)].add(targetId);
  }
  return ids;
}

async function readNamed(context: ProfileContext, pair: Pair, named: Ids): Promise<BySide<ReadOutcome>> {
  const [items, first] = await Promise.all([
    readItems(context, pair, () => none),
    Promise.all(sides.map((side) => commentsById(context, pair, side, named[side]))),
  ]);
  // A copy whose answer was lost names its source.
  const marked = first.flatMap(({ side, comments }) =>
    comments.flatMap(({ marker }) =>
      marker && !isNotice(marker) ? [{ side: otherSide(side), id: marker.sourceId }] : [],
    ),
  );
  const unknown = marked.filter(({ side, id }) => !named[side].has(id));
  const more = unknown.length === 0 ? null : idsOf(unknown, await recordsOf(context, pair, unknown));
  const second = more
    ? await Promise.all(sides.map((side) => commentsById(context, pair, side, more[side].difference(named[side]))))
    : [];
  const withComments = (side: Side): ReadOutcome => {
    const outcome = items[side];
    if (outcome.kind !== 'found') return outcome;
    const answers = [...first, ...second].filter((answer) => answer.side === side);
    const comments = answers.flatMap((answer) => answer.comments);
    return { kind: 'found', item: { ...outcome.item, comments, commentsAsked: answers.flatMap(({ asked }) => asked) } };
  };
  return { jira: withComments('jira'), azure: withComments('azure') };
}

interface Answer {
  readonly side: Side;
  readonly comments: readonly CommentSnapshot[];
  readonly asked: readonly string[];
}

/** Nothing was asked where the item's comments can't be read: its own read tells why, and nothing counts as gone. */
async function commentsById(
  context: ProfileContext,
  pair: Pair,
  side: Side,
  wanted: ReadonlySet<string>,
): Promise<Answer> {
  const asked = [...wanted];
  if (asked.length === 0) return { side, comments: [], asked };
  const id = idOn(pair, side);
  try {
    const { reader } = context.sides[side];
    return { side, comments: await reader.commentsById({ id, key: pair.keys[side] ?? id }, asked), asked };
  } catch (thrown) {
    if (thrown instanceof SyncFailure && thrown.error.code === 'unreachable') return { side, comments: [], asked: [] };
    throw thrown;
  }
}
