// Plans the comments of a pair: each comment of a person once on the other side, later edits of either, and deletions, as
// far as the profile lets them travel. A comment that was not read is left alone: only a read proves that one is gone.
//
// | the comment | its copy | what follows                                                                    |
// | ----------- | -------- | ------------------------------------------------------------------------------- |
// | there       | none     | a copy, unless the comment is restricted, empty, or of the other direction       |
// | there       | there    | the edit of either goes to the other; of two, by policy (comment-edits.ts)       |
// | restricted  | there    | the copy is deleted, or stays as it is                                           |
// | there       | deleted  | the comment is deleted, or stays and is not copied again                         |
// | deleted     | there    | the copy is deleted, or stays                                                    |
// | deleted     | deleted  | forgotten                                                                        |
//
// Azure DevOps' API knows no threads of work item comments: a reply is a comment like any other, and reactions stay where
// they are (https://learn.microsoft.com/rest/api/azure/devops/wit/comments/get-comments, 7.1-preview.4: a comment has no
// parent).

import { type ChildRecord, type ChildrenPlan, childSubject } from './child-records.ts';
import {
  type CommentsDraft,
  type CommentsInput,
  conflictOf,
  planEdit,
  printOf,
  rulingOf,
  tooLong,
  travelling,
} from './comment-edits.ts';
import { verifyToken } from './marker.ts';
import { type BySide, type CommentSnapshot, otherSide, type Side, sides } from './model.ts';
import { isEmptyText } from './rich-text.ts';
import { allowsTo } from './rules.ts';

/** The input with what is looked up in it; an item may have 5,000 comments. */
interface Work {
  readonly input: CommentsInput;
  readonly draft: CommentsDraft;
  readonly comments: BySide<ReadonlyMap<string, CommentSnapshot>>;
  /** By side and id of the source, and of the copy. */
  readonly bySource: ReadonlyMap<string, ChildRecord>;
  readonly byTarget: ReadonlyMap<string, ChildRecord>;
  readonly byToken: ReadonlyMap<string, ChildRecord>;
  /** By side of the copy and id of the source that its marker names, which may be forged. */
  readonly byMarker: ReadonlyMap<string, readonly CommentSnapshot[]>;
}

const nameOf = (side: Side, id: string): string => `${side} ${id}`;
const byId = (comments: readonly CommentSnapshot[]) => new Map(comments.map((comment) => [comment.id, comment]));

export function planComments(input: CommentsInput): ChildrenPlan & Pick<CommentsDraft, 'forgotten'> {
  const draft: CommentsDraft = { operations: [], found: [], agreed: [], forgotten: [], waiting: [], errors: [] };
  if (!input.profile.settings.comments.enabled) return draft;
  const children = input.children.filter(({ kind }) => kind === 'comment');
  const marked = sides.flatMap((side) =>
    input[side].flatMap((comment) => (comment.marker ? [{ side, comment, marker: comment.marker }] : [])),
  );
  const groups = Map.groupBy(marked, ({ side, marker }) => nameOf(side, marker.sourceId));
  const work: Work = {
    input,
    draft,
    comments: { jira: byId(input.jira), azure: byId(input.azure) },
    bySource: new Map(children.map((child) => [nameOf(child.source, child.sourceId), child])),
    byTarget: new Map(
      children.flatMap((child) =>
        child.targetId === undefined ? [] : [[nameOf(otherSide(child.source), child.targetId), child] as const],
      ),
    ),
    byToken: new Map(children.map((child) => [child.token, child])),
    byMarker: new Map([...groups].map(([name, list]) => [name, list.map(({ comment }) => comment)])),
  };
  for (const from of sides) {
    const ordered = [...input[from]].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    for (const comment of ordered) if (!isCopy(work, from, comment)) planPresent(work, from, comment);
  }
  for (const child of children) if (isGone(work, child.source, child.sourceId)) planGone(work, child);
  return draft;
}

const isWhole = ({ input }: Work, side: Side): boolean => input.asked?.[side] === undefined;

/** Proven: it was looked for. */
const isGone = ({ input, comments }: Work, side: Side, id: string): boolean =>
  !comments[side].has(id) && (input.asked?.[side]?.includes(id) ?? true);

const isOurs = (input: CommentsInput, source: Side, commentId: string, token: string): boolean =>
  verifyToken(input.key, token, childSubject(input.profile, source, input.itemIds[source], commentId));

/** A copy is never a source. A person who pastes a copy's line elsewhere has not made a copy: another one holds its token. */
function isCopy({ input, byTarget, byToken, comments }: Work, side: Side, comment: CommentSnapshot): boolean {
  if (byTarget.has(nameOf(side, comment.id))) return true;
  const { marker } = comment;
  if (marker === undefined || !isOurs(input, otherSide(side), marker.sourceId, marker.token)) return false;
  const owner = byToken.get(marker.token)?.targetId;
  return owner === undefined || owner === comment.id || !comments[side].has(owner);
}

/** The copy of a comment, by its record, else by its marker. */
function copyOf({ input, comments, byMarker }: Work, from: Side, id: string, child: ChildRecord | undefined) {
  const target = otherSide(from);
  if (child?.targetId !== undefined) return comments[target].get(child.targetId);
  return byMarker.get(nameOf(target, id))?.find(({ marker }) => marker && isOurs(input, from, id, marker.token));
}

function planPresent(work: Work, from: Side, comment: CommentSnapshot): void {
  const { input, draft } = work;
  const child = work.bySource.get(nameOf(from, comment.id));
  const copy = copyOf(work, from, comment.id, child);
  if (isHidden(input, comment)) planHidden(work, from, comment, child, copy);
  else if (child?.targetId !== undefined) {
    if (copy !== undefined) planEdit(input, draft, child, comment, copy);
    else if (isGone(work, otherSide(from), child.targetId)) planCopyGone(work, child, child.targetId, comment);
  } else if (copy?.marker !== undefined) {
    draft.found.push({ source: from, sourceId: comment.id, targetId: copy.id, token: copy.marker.token });
  } else planNew(work, from, comment, child);
}

function planNew({ input, draft }: Work, from: Side, comment: CommentSnapshot, child: ChildRecord | undefined): void {
  const target = otherSide(from);
  if (!allowsTo(input.profile.settings.comments.direction, target) || isEmptyText(comment.body)) return;
  if (isSettling(input, child)) {
    draft.waiting.push(comment.id);
    return;
  }
  const body = travelling(input, from, comment);
  const error = tooLong(target, comment.id, body);
  if (error) draft.errors.push(error);
  else draft.operations.push({ kind: 'add-comment', side: target, sourceId: comment.id, body });
}

/** A creation without an answer, which may still land. */
const isSettling = ({ now, settleMs = 0 }: CommentsInput, child: ChildRecord | undefined): boolean =>
  child !== undefined && now - child.intentAt < settleMs;

/** For a role or a group, or internal to a service project, and the profile keeps such comments where they are. */
function isHidden({ profile }: Pick<CommentsInput, 'profile'>, comment: CommentSnapshot): boolean {
  const { comments, policies } = profile.settings;
  return comment.restricted && (comments.restricted ?? policies.restricted) === 'skip';
}

/** What became restricted must not stay readable on the other side, unless the profile leaves deleted comments there too. */
function planHidden(
  work: Work,
  from: Side,
  comment: CommentSnapshot,
  child: ChildRecord | undefined,
  copy: CommentSnapshot | undefined,
): void {
  const { input, draft } = work;
  const side = otherSide(from);
  if (copy === undefined) {
    if (child !== undefined) forgetUnlessSettling(work, child);
    return;
  }
  if (input.profile.settings.comments.deleted === 'leave') return;
  if (child === undefined && copy.marker !== undefined) {
    draft.found.push({ source: from, sourceId: comment.id, targetId: copy.id, token: copy.marker.token });
  }
  draft.operations.push({ kind: 'delete-comment', side, sourceId: comment.id, targetId: copy.id, hidden: true });
}

/** The copy is gone, or was never made. */
function forgetUnlessSettling(work: Work, child: ChildRecord): void {
  const { input, draft } = work;
  const target = otherSide(child.source);
  if (child.targetId !== undefined) {
    if (isGone(work, target, child.targetId)) draft.forgotten.push(child);
  } else if (isSettling(input, child)) draft.waiting.push(child.sourceId);
  else if (isWhole(work, target)) draft.forgotten.push(child);
}

/** Somebody deleted the copy of a comment that is there. */
function planCopyGone(work: Work, child: ChildRecord, copyId: string, comment: CommentSnapshot): void {
  const { input, draft } = work;
  const { direction, deleted } = input.profile.settings.comments;
  const from = child.source;
  if (deleted === 'leave' || !allowsTo(direction, from)) return;
  const edited = allowsTo(direction, otherSide(from)) && child.bodies?.[from] !== printOf(input, from, comment, child);
  const winner = edited && child.bodies !== undefined ? rulingOf(input, child) : 'newest';
  if (winner === 'ask') draft.errors.push(conflictOf(child));
  else if (winner === from) {
    // The edited comment stays, so it gets another copy.
    draft.forgotten.push(child);
    planNew(work, from, comment, undefined);
  } else {
    const ids = { sourceId: copyId, targetId: comment.id };
    draft.operations.push({ kind: 'delete-comment', side: from, ...ids, returning: true });
  }
}

/** The comment is gone: its copy follows. No side tells when one was deleted: after any edit that its deleter could see. */
function planGone(work: Work, child: ChildRecord): void {
  const { input, draft } = work;
  const { direction, deleted } = input.profile.settings.comments;
  const { source, sourceId, bodies } = child;
  const target = otherSide(source);
  const copy = copyOf(work, source, sourceId, child);
  if (copy === undefined) {
    forgetUnlessSettling(work, child);
    return;
  }
  if (deleted === 'leave' || !allowsTo(direction, target)) return;
  const edited =
    allowsTo(direction, source) && bodies !== undefined && bodies[target] !== printOf(input, target, copy, child);
  const winner = edited ? rulingOf(input, child) : 'newest';
  if (winner === 'ask') draft.errors.push(conflictOf(child));
  // The edited copy stays where it is: nobody can write as the person whose comment it was.
  else if (winner === target) draft.forgotten.push(child);
  else draft.operations.push({ kind: 'delete-comment', side: target, sourceId, targetId: copy.id });
}
