// Brings the comments of a leased pair across, each once. A side whose comments cost a call of their own is read only where
// the other's tell something new.

import { planComments } from '../sync/comments.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import { notNewer } from '../sync/versions.ts';
import { type ChildrenResult, type Comments, nothingJudged, Stage } from './child-stage.ts';
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
  const children = await leased.children('comment');
  const comments = await commentsOfBoth(context, read, children);
  if (comments === null) return nothingJudged;
  const plan = planComments({
    ...planContext(context),
    itemIds: { jira: read.jira.id, azure: read.azure.id },
    children,
    ...comments,
    settleMs: context.deps.timing.settleMs,
  });
  const stage = new Stage(context, leased, read, children, 'comment', comments);
  await stage.record(plan);
  return stage.run(plan, async (operation, child) => {
    switch (operation.kind) {
      case 'add-comment':
        return stage.add(operation.side, operation.sourceId, child, async (marker) => {
          const { writer } = context.sides[operation.side];
          return writer.addComment(read[operation.side].id, operation.body, marker);
        });
      case 'update-comment':
        return stage.update(operation, child);
      default:
        throw new Error(`Comments are not planned as ${operation.kind}.`);
    }
  });
}

/**
 * Both sides' comments. One that was not read, since it costs a call of its own, is read only if the other's tell
 * something new; null when they do not.
 */
async function commentsOfBoth(
  context: ProfileContext,
  read: BySide<ItemSnapshot>,
  children: readonly ChildPair[],
): Promise<Comments | null> {
  const of = async (side: Side): Promise<readonly CommentSnapshot[] | null> => {
    const own = read[side].comments;
    if (own) return own;
    const others = read[otherSide(side)].comments ?? [];
    return hasNews(otherSide(side), others, children) ? context.sides[side].reader.comments(read[side].id) : null;
  };
  const [jira, azure] = await Promise.all([of('jira'), of('azure')]);
  return jira && azure ? { jira, azure } : null;
}

function hasNews(side: Side, comments: readonly CommentSnapshot[], children: readonly ChildPair[]): boolean {
  const known = new Map(
    children.map((child) =>
      child.source === side
        ? [child.sourceId, child.targetId === undefined ? undefined : child.sourceVersion]
        : [child.targetId, child.targetVersion],
    ),
  );
  return comments.some((comment) => !notNewer(comment.version, known.get(comment.id)));
}
