// Plans the edits of a comment that has its copy: which of the two texts goes to the other, and in what form.

import { addAttribution } from './attribution.ts';
import type { Fingerprint, FingerprintKey } from './baseline.ts';
import type { ChildRecord, FoundChild } from './child-records.ts';
import { type SyncError, syncError } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { lateMedia } from './media-references.ts';
import { type BySide, type CommentSnapshot, otherSide, type Side } from './model.ts';
import { type CommentSource, ownWords } from './own-words.ts';
import type { Operation } from './plan.ts';
import type { PlanContext } from './plan-input.ts';
import type { ConflictPolicy } from './profile.ts';
import { convertText, isEmptyText, type RichText, rawText, textLines } from './rich-text.ts';
import { possibleNames } from './richtext/links.ts';
import { allowsTo } from './rules.ts';

export interface CommentsInput extends PlanContext {
  readonly itemIds: BySide<string>;
  readonly children: readonly ChildRecord[];
  readonly jira: readonly CommentSnapshot[];
  readonly azure: readonly CommentSnapshot[];
  /** The ids that were asked for on a side; absent: its comments are all there are. */
  readonly asked?: Partial<BySide<readonly string[] | undefined>>;
  /** How an admin settled a conflict, by `comment:` and the source's id. */
  readonly choices?: Readonly<Record<string, Side>>;
  /** How long a creation without an answer may still land, in ms. */
  readonly settleMs?: number;
}

export interface CommentsDraft {
  readonly operations: Operation[];
  readonly found: FoundChild[];
  readonly agreed: { source: Side; sourceId: string; bodies: BySide<Fingerprint> }[];
  readonly forgotten: Pick<ChildRecord, 'source' | 'sourceId'>[];
  readonly waiting: string[];
  readonly errors: SyncError[];
}

/** Of what a person wrote: the attribution line is not part of it. `copied`: what the comment is a copy of. */
export const commentFingerprint = (
  key: FingerprintKey,
  side: Side,
  itemId: string,
  body: RichText,
  copied?: CommentSource,
): Fingerprint => fingerprintOf(key, side, itemId, 'comment', ownWords(body, copied));

type Child = Pick<ChildRecord, 'source' | 'sourceId'>;

/** Of the comment or of its copy, by the side it is on. */
export const printOf = (input: CommentsInput, side: Side, comment: CommentSnapshot, child: Child) =>
  commentFingerprint(input.key, side, input.itemIds[side], comment.body, copiedFrom(side, child));

const copiedFrom = (side: Side, { source, sourceId }: Child) =>
  side === source ? undefined : { side: source, id: sourceId };

/**
 * As a comment of the other side, with its attribution line. The copy that it replaces says which form the text has there,
 * and gives back what the other form can't carry.
 */
export function travelling(
  input: CommentsInput,
  from: Side,
  comment: CommentSnapshot,
  copy?: CommentSnapshot,
): RichText {
  const present = copy && ownWords(copy.body, { side: from, id: comment.id });
  const body = convertText(ownWords(comment.body), otherSide(from), input.resolve ?? {}, present);
  const { name } = comment.author;
  const line = { name, side: from, at: comment.createdAt, url: comment.url };
  return addAttribution(body, line, input.profile.settings.timeZone);
}

/** Who wins where both were changed. */
export function rulingOf({ profile, choices }: CommentsInput, { sourceId }: Child): ConflictPolicy {
  const { comments, policies } = profile.settings;
  return choices?.[`comment:${sourceId}`] ?? comments.conflict ?? policies.conflict;
}

export const conflictOf = ({ sourceId }: Child): SyncError =>
  syncError('conflict', { level: 'child', field: sourceId });

/** An edit of the source goes to the copy, an edit of the copy to the source; of two, the policy's. */
export function planEdit(
  input: CommentsInput,
  draft: CommentsDraft,
  child: ChildRecord,
  source: CommentSnapshot,
  copy: CommentSnapshot,
): void {
  const { source: from, sourceId, bodies: recorded } = child;
  const target = otherSide(from);
  const prints = { [from]: printOf(input, from, source, child), [target]: printOf(input, target, copy, child) };
  const bodies = { jira: prints.jira ?? '', azure: prints.azure ?? '' };
  const edited = {
    source: recorded?.[from] !== bodies[from],
    copy: recorded !== undefined && recorded[target] !== bodies[target],
  };
  const untouched = !edited.source && !edited.copy;
  const named = untouched && (namesOnly(input, from, source, copy) || filesOnly(input, from, source, copy));
  if (!edited.source && !edited.copy && !named) return;
  const body = travelling(input, from, source, copy);
  if (commentFingerprint(input.key, target, input.itemIds[target], body) === bodies[target]) {
    draft.agreed.push({ source: from, sourceId, bodies });
    return;
  }
  const { direction } = input.profile.settings.comments;
  const back = convertText(ownWords(copy.body, { side: from, id: sourceId }), from, input.resolve ?? {}, source.body);
  // No side takes an empty comment: an emptied copy gets its text again.
  const emptied = edited.copy && isEmptyText(back);
  const may = {
    go: (edited.source || named || emptied) && allowsTo(direction, target),
    comeBack: edited.copy && !emptied && !copy.restricted && allowsTo(direction, from),
  };
  const winner = may.go && may.comeBack ? winnerOf(input, child, source, copy) : may.go ? from : target;
  if (winner === 'ask') draft.errors.push(conflictOf(child));
  else if (winner === from) update(draft, target, sourceId, { sourceId, targetId: copy.id, body });
  else if (may.comeBack) {
    update(draft, from, sourceId, { sourceId: copy.id, targetId: sourceId, body: back, returning: true });
  }
}

function winnerOf(input: CommentsInput, child: Child, source: CommentSnapshot, copy: CommentSnapshot): Side | 'ask' {
  const ruling = rulingOf(input, child);
  if (ruling !== 'newest') return ruling;
  const lead = Date.parse(source.updatedAt) - Date.parse(copy.updatedAt);
  if (Math.abs(lead) <= 5_000) return input.profile.settings.policies.winner;
  return lead > 0 ? child.source : otherSide(child.source);
}

function update(
  draft: CommentsDraft,
  side: Side,
  errorField: string,
  more: {
    readonly sourceId: string;
    readonly targetId: string;
    readonly body: RichText;
    readonly returning?: true;
  },
): void {
  const error = tooLong(side, errorField, more.body);
  if (error) draft.errors.push(error);
  else draft.operations.push({ kind: 'update-comment', side, ...more });
}

/** Nobody edited either, and an item that the source names has got its counterpart since the copy was made. */
function namesOnly(input: CommentsInput, from: Side, source: CommentSnapshot, copy: CommentSnapshot): boolean {
  const { links } = input.resolve ?? {};
  if (links === undefined) return false;
  const target = otherSide(from);
  const stale = possibleNames(rawText(source.body))[from].flatMap((name) => {
    const url = links.pairOf(from, name)?.[target].url;
    return url === undefined || rawText(copy.body).includes(url) ? [] : [url];
  });
  return stale.length > 0 && stale.some((url) => rawText(travelling(input, from, source)).includes(url));
}

/** The same for a file that the source shows: it has come across since the copy was made. */
function filesOnly(input: CommentsInput, from: Side, source: CommentSnapshot, copy: CommentSnapshot): boolean {
  const texts = from === 'jira' ? { jira: source.body, azure: copy.body } : { jira: copy.body, azure: source.body };
  return lateMedia(texts, input.resolve?.media).includes(otherSide(from));
}

/** Jira takes 32,767 characters in a comment. */
const jiraMax = 32_767;

/** Only Jira's limit can be met: a comment that fits there is far below Azure DevOps' million. */
export function tooLong(side: Side, sourceId: string, body: RichText): SyncError | undefined {
  const length = side === 'jira' ? textLines(body).join('\n').length : 0;
  if (length <= jiraMax) return undefined;
  const detail = `It has ${length} characters with its attribution; Jira takes ${jiraMax} in a comment.`;
  return syncError('too-long', { side, level: 'child', field: sourceId, value: String(jiraMax), detail });
}
