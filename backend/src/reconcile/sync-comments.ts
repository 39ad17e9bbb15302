// Brings the comments of a leased pair across, each once, with their edits and deletions. What was not read of a side is
// read here as far as the other side's comments tell something new.

import { planComments } from '../sync/comments.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { notNewer } from '../sync/versions.ts';
import { type ChildrenResult, nothingJudged, Stage } from './child-stage.ts';
import { type ProfileContext, planContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { ChildPair } from './ports.ts';

/** Throws SyncFailure for what concerns the whole connection; what concerns one comment becomes a complaint. */
export async function syncComments(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
): Promise<ChildrenResult> {
  if (!context.profile.settings.comments.enabled || sides.every((side) => !read[side].comments)) return nothingJudged;
  const children = await recordsFor(context, leased, read);
  const views = await viewsOf(context, read, children);
  if (views === null) return nothingJudged;
  const comments = { jira: views.jira.comments, azure: views.azure.comments };
  const planned = planComments({
    ...planContext(context),
    itemIds: { jira: read.jira.id, azure: read.azure.id },
    children,
    ...comments,
    asked: { jira: views.jira.asked, azure: views.azure.asked },
    choices: leased.pair.choices,
    settleMs: context.deps.timing.settleMs,
  });
  const plan = { ...planned, operations: await withProof(context, read, views, planned.operations) };
  const stage = new Stage(context, leased, read, children, 'comment', comments);
  await stage.record(plan);
  const result = await stage.run(plan, async (operation, child) => {
    switch (operation.kind) {
      case 'add-comment':
        return stage.add(operation.side, operation.sourceId, child, async (marker) => {
          const { writer } = context.sides[operation.side];
          return writer.addComment(read[operation.side].id, operation.body, marker);
        });
      case 'update-comment':
        return stage.update(operation, child);
      case 'delete-comment':
        return stage.remove(operation, child);
      default:
        throw new Error(`Comments are not planned as ${operation.kind}.`);
    }
  });
  return sides.every((side) => views[side].asked === undefined)
    ? result
    : { ...result, judged: judgedIn(views, children) };
}

/** What is known of one side's comments: all, or of those that were asked for. */
interface View {
  readonly comments: readonly CommentSnapshot[];
  readonly asked?: readonly string[];
}

const nothing: View = { comments: [], asked: [] };

const viewOf = ({ comments, commentsAsked }: ItemSnapshot): View | null =>
  comments ? { comments, ...(commentsAsked ? { asked: commentsAsked } : {}) } : null;

/** All records where all comments of a side were read, else those of the comments that were asked for. */
async function recordsFor(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
): Promise<readonly ChildPair[]> {
  const asked = sides.map((side) => ({ side, ...(viewOf(read[side]) ?? nothing) }));
  if (asked.some((view) => view.asked === undefined)) return leased.children('comment');
  const names = asked.flatMap((view) => (view.asked ?? []).map((id) => ({ side: view.side, id })));
  return context.deps.state.findChildren(context.scope, leased.pair.id, 'comment', names);
}

/** Null when neither side's comments tell anything new. */
async function viewsOf(
  context: ProfileContext,
  read: BySide<ItemSnapshot>,
  children: readonly ChildPair[],
): Promise<BySide<View> | null> {
  const own = { jira: viewOf(read.jira), azure: viewOf(read.azure) };
  if (own.jira && own.azure) {
    const unread = sides.find((side) => own[side]?.asked && copiesUnknown(own, otherSide(side), children));
    if (unread === undefined) return { jira: own.jira, azure: own.azure };
    return { jira: own.jira, azure: own.azure, [unread]: await wholeView(context, read[unread]) };
  }
  const side = own.jira ? 'azure' : 'jira';
  const others = own[otherSide(side)] ?? nothing;
  const news = newsIn(otherSide(side), others, children);
  if (news === null) return null;
  const view = news === 'all' ? await wholeView(context, read[side]) : await viewById(context, read[side], news);
  return side === 'jira' ? { jira: view, azure: others } : { jira: others, azure: view };
}

async function wholeView(context: ProfileContext, item: ItemSnapshot): Promise<View> {
  return { comments: item.commentCount === 0 ? [] : await context.sides[item.side].reader.comments(item.id) };
}

async function viewById(context: ProfileContext, item: ItemSnapshot, asked: readonly string[]): Promise<View> {
  return { comments: await context.sides[item.side].reader.commentsById(item, asked), asked };
}

/** An edited comment without a record may have a copy all the same: its record was lost with a restored store. */
function copiesUnknown(own: BySide<View | null>, side: Side, children: readonly ChildPair[]): boolean {
  const known = knownOn(side, children);
  return (own[side]?.comments ?? []).some(
    ({ id, createdAt, updatedAt, restricted, marker }) =>
      !restricted && !marker && createdAt !== updatedAt && !known.has(id),
  );
}

/**
 * The ids of the other side's comments that belong to what is new here; `all` where a copy may be there that nothing names;
 * null when there is nothing new.
 */
function newsIn(side: Side, { comments }: View, children: readonly ChildPair[]): readonly string[] | 'all' | null {
  const known = knownOn(side, children);
  const there = new Map(comments.map((comment) => [comment.id, comment]));
  if (comments.some(({ id }) => !known.has(id)) || children.some(({ targetId }) => targetId === undefined))
    return 'all';
  const moved = [...known].flatMap(([id, { version, counterpart }]) => {
    const comment = there.get(id);
    const same = comment !== undefined && notNewer(comment.version, version);
    return same || counterpart === undefined ? [] : [counterpart];
  });
  return moved.length === 0 ? null : moved;
}

/** By the id that a comment has on this side. */
function knownOn(side: Side, children: readonly ChildPair[]) {
  return new Map(
    children.flatMap(({ source, sourceId, targetId, sourceVersion, targetVersion }) => {
      const [id, version, counterpart] =
        source === side ? [sourceId, sourceVersion, targetId] : [targetId, targetVersion, sourceId];
      return id === undefined ? [] : [[id, { version, counterpart }] as const];
    }),
  );
}

/**
 * Without deletions of what is there after all. A list that was read in pages may lack a comment since another one was
 * deleted meanwhile: what is absent from a list is asked for by its id before anything is deleted for it.
 */
async function withProof(
  context: ProfileContext,
  read: BySide<ItemSnapshot>,
  views: BySide<View>,
  operations: readonly Operation[],
): Promise<readonly Operation[]> {
  const there = new Set<Operation>();
  for (const side of sides) {
    const unproven = operations.flatMap((operation) =>
      operation.kind === 'delete-comment' &&
      !operation.hidden &&
      otherSide(operation.side) === side &&
      !views[side].asked?.includes(operation.sourceId)
        ? [operation]
        : [],
    );
    if (unproven.length === 0) continue;
    const ids = unproven.map(({ sourceId }) => sourceId);
    const found = new Set((await context.sides[side].reader.commentsById(read[side], ids)).map(({ id }) => id));
    for (const operation of unproven) if (found.has(operation.sourceId)) there.add(operation);
  }
  return operations.filter((operation) => !there.has(operation));
}

/** Comments of which this run knows what has become of them, and of their copies. */
function judgedIn(views: BySide<View>, children: readonly ChildPair[]): readonly string[] {
  const isKnown = (side: Side, id: string) => views[side].asked?.includes(id) ?? true;
  const paired = children.filter(
    ({ source, sourceId, targetId }) =>
      isKnown(source, sourceId) && (targetId === undefined || isKnown(otherSide(source), targetId)),
  );
  const present = sides.flatMap((side) => {
    const known = knownOn(side, children);
    return views[side].comments.filter(({ id }) => !known.has(id));
  });
  return [...paired.map(({ sourceId }) => sourceId), ...present.map(({ id }) => id)].map((id) => `comment:${id}`);
}
