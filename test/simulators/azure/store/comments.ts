// A work item's comments: added with a revision, edited and deleted without one.
import { EFFECTS } from '../changes.ts';
import {
  type Comment,
  type CommentVersion,
  latest,
  type Revision,
  type TextFormat,
  type Update,
  type WorkItem,
  type World,
} from './model.ts';
import type { SaveContext } from './save.ts';

export interface CommentText {
  readonly text: string;
  readonly format: TextFormat;
}

export function addComment(
  world: World,
  item: WorkItem,
  revision: Revision,
  said: CommentText,
  at: number,
  by: string,
): Comment {
  world.counters.comment += 1;
  const comment: Comment = {
    id: world.counters.comment,
    workItemId: item.id,
    createdInRevision: revision.rev,
    versions: [{ version: 1, ...said, at, by, isDeleted: false }],
    reactions: new Map(),
  };
  item.comments.push(comment);
  world.commentsById.set(comment.id, comment);
  tellDiscussion(world, item, comment, at);
  return comment;
}

export function latestVersion(comment: Comment): CommentVersion {
  const version = comment.versions.at(-1);
  if (version === undefined) throw new Error(`comment ${comment.id} has no version`);
  return version;
}

export function firstVersion(comment: Comment): CommentVersion {
  const version = comment.versions[0];
  if (version === undefined) throw new Error(`comment ${comment.id} has no version`);
  return version;
}

/** `said` undefined deletes; the text stays in the versions. */
export function changeComment(
  context: SaveContext,
  item: WorkItem,
  comment: Comment,
  said: CommentText | undefined,
): void {
  const { world, actor } = context;
  const old = latestVersion(comment);
  const at = Math.max(context.now, old.at + 1);
  comment.versions.push({
    version: old.version + 1,
    text: said?.text ?? old.text,
    format: said?.format ?? old.format,
    at,
    by: actor.id,
    isDeleted: said === undefined,
  });
  const revision = latest(item);
  const update: Update = { id: item.updates.length + 1, rev: revision.rev, at, by: actor.id };
  item.updates.push(update);
  tellDiscussion(world, item, comment, at);
  for (const type of EFFECTS[said === undefined ? 'commentDeleted' : 'commentEdited'].events) {
    context.emit({ type, item, revision, update, comment, by: actor.id, at });
  }
}

function tellDiscussion(world: World, item: WorkItem, comment: Comment, at: number): void {
  world.counters.watermark += 1;
  const { watermark } = world.counters;
  world.discussionFeed.push({ watermark, at, itemId: item.id, rev: latest(item).rev, comment });
}
