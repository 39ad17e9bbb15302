// Plans the comments of a pair: each comment of a person once on the other side, and later edits of either. Threads and
// deletions are left as they are.

import { addAttribution, stripAttribution } from './attribution.ts';
import type { Fingerprint, FingerprintKey } from './baseline.ts';
import { type SyncError, syncError } from './errors.ts';
import { fingerprintOf } from './fingerprint.ts';
import { type TokenSubject, verifyToken } from './marker.ts';
import { type BySide, type CommentSnapshot, otherSide, type Side, sides, type Version } from './model.ts';
import type { Operation } from './plan.ts';
import type { PlanContext } from './plan-input.ts';
import type { Profile } from './profile.ts';
import { convertText, isEmptyText, type RichText, rawText, textLines } from './rich-text.ts';
import { possibleNames } from './richtext/links.ts';
import { allowsTo } from './rules.ts';

/** What is remembered of a comment or attachment and its copy. */
export interface ChildRecord {
  readonly kind: 'comment' | 'attachment' | 'link';
  readonly source: Side;
  readonly sourceId: string;
  /** Absent while the creation is in flight. */
  readonly targetId?: string;
  readonly token: string;
  readonly sourceVersion: Version;
  readonly targetVersion?: Version;
  readonly bodies?: BySide<Fingerprint>;
  readonly intentAt: number;
}

export interface CommentsInput extends PlanContext {
  readonly itemIds: BySide<string>;
  readonly children: readonly ChildRecord[];
  readonly jira: readonly CommentSnapshot[];
  readonly azure: readonly CommentSnapshot[];
  /** How long a creation without an answer may still land, in ms. */
  readonly settleMs?: number;
}

/** A copy that was found, to be recorded: its creation had been answered to nobody. */
export interface FoundChild {
  readonly source: Side;
  readonly sourceId: string;
  readonly targetId: string;
  /** Of the marker or the open intent; absent for a file that was there before, which matched by name and size. */
  readonly token?: string;
}

export interface ChildrenPlan {
  readonly operations: readonly Operation[];
  /** Record these first: their creation is done. */
  readonly found: readonly FoundChild[];
  /** Pairs that agree as they stand, although their record says otherwise. */
  readonly agreed: readonly {
    readonly source: Side;
    readonly sourceId: string;
    readonly bodies: BySide<Fingerprint>;
  }[];
  /** Source ids whose creation may still land: look again later. */
  readonly waiting: readonly string[];
  /** `field` is the source's id. */
  readonly errors: readonly SyncError[];
}

/** Whom the token of a copy speaks of. */
export const childSubject = (
  profile: Pick<Profile, 'id' | 'installationId'>,
  source: Side,
  itemId: string,
  childId: string,
): Omit<TokenSubject, 'nonce'> => ({
  installationId: profile.installationId,
  profileId: profile.id,
  side: source,
  sourceId: `${itemId}/${childId}`,
});

/** Of what a person wrote: the attribution line is not part of it. */
export const commentFingerprint = (key: FingerprintKey, side: Side, itemId: string, body: RichText): Fingerprint =>
  fingerprintOf(key, side, itemId, 'comment', stripAttribution(body));

/** As a comment of the other side, with its attribution line. */
function travelling(input: CommentsInput, from: Side, comment: CommentSnapshot): RichText {
  const body = convertText(stripAttribution(comment.body), otherSide(from), input.resolve ?? {});
  const { name } = comment.author;
  const line = { name, side: from, at: comment.createdAt, url: comment.url };
  return addAttribution(body, line, input.profile.settings.timeZone);
}

interface Draft {
  readonly operations: Operation[];
  readonly found: FoundChild[];
  readonly agreed: { source: Side; sourceId: string; bodies: BySide<Fingerprint> }[];
  readonly waiting: string[];
  readonly errors: SyncError[];
}

export function planComments(input: CommentsInput): ChildrenPlan {
  const draft: Draft = { operations: [], found: [], agreed: [], waiting: [], errors: [] };
  const { comments, policies } = input.profile.settings;
  if (!comments.enabled) return draft;
  for (const from of sides) {
    const ordered = [...input[from]].sort((a, b) => Date.parse(a.createdAt) - Date.parse(b.createdAt));
    for (const comment of ordered) {
      if (isCopy(input, from, comment)) continue;
      if (comment.restricted && policies.restricted === 'skip') continue;
      planOne(input, draft, from, comment);
    }
  }
  return draft;
}

function planOne(input: CommentsInput, draft: Draft, from: Side, comment: CommentSnapshot): void {
  const target = otherSide(from);
  const child = input.children.find(
    ({ kind, source, sourceId }) => kind === 'comment' && source === from && sourceId === comment.id,
  );
  if (child?.targetId !== undefined) {
    const copy = input[target].find(({ id }) => id === child.targetId);
    // A copy that somebody deleted is not made again.
    if (copy !== undefined) planEdit(input, draft, from, comment, copy, child.bodies);
    return;
  }
  const copy = input[target].find((one) => one.marker && isOurs(input, from, comment.id, one.marker.token));
  if (copy?.marker !== undefined) {
    draft.found.push({ source: from, sourceId: comment.id, targetId: copy.id, token: copy.marker.token });
    return;
  }
  if (!allowsTo(input.profile.settings.comments.direction, target) || isEmptyText(comment.body)) return;
  if (child !== undefined && input.now - child.intentAt < (input.settleMs ?? 0)) {
    draft.waiting.push(comment.id);
    return;
  }
  const body = travelling(input, from, comment);
  if (fits(draft, target, comment.id, body)) {
    draft.operations.push({ kind: 'add-comment', side: target, sourceId: comment.id, body });
  }
}

/** A copy is never a source. A person who pastes a copy's line elsewhere has not made a copy: another one holds its token. */
function isCopy(input: CommentsInput, side: Side, comment: CommentSnapshot): boolean {
  const source = otherSide(side);
  const child = input.children.find(
    (one) => one.kind === 'comment' && one.source === source && one.targetId === comment.id,
  );
  if (child !== undefined) return true;
  const { marker } = comment;
  if (marker === undefined || !isOurs(input, source, marker.sourceId, marker.token)) return false;
  const owner = input.children.find((one) => one.token === marker.token)?.targetId;
  return owner === undefined || owner === comment.id || !input[side].some(({ id }) => id === owner);
}

const isOurs = (input: CommentsInput, source: Side, commentId: string, token: string): boolean =>
  verifyToken(input.key, token, childSubject(input.profile, source, input.itemIds[source], commentId));

/** An edit of the source goes to the copy, an edit of the copy to the source; of two, the newer one. */
function planEdit(
  input: CommentsInput,
  draft: Draft,
  from: Side,
  source: CommentSnapshot,
  copy: CommentSnapshot,
  recorded: BySide<Fingerprint> | undefined,
): void {
  const target = otherSide(from);
  const { direction } = input.profile.settings.comments;
  const print = (side: Side, comment: CommentSnapshot) =>
    commentFingerprint(input.key, side, input.itemIds[side], comment.body);
  const now = { [from]: print(from, source), [target]: print(target, copy) };
  const bodies = { jira: now.jira ?? '', azure: now.azure ?? '' };
  const edited = {
    source: recorded?.[from] !== bodies[from],
    copy: recorded !== undefined && recorded[target] !== bodies[target],
  };
  const named = !edited.source && !edited.copy && namesOnly(input, from, source, copy);
  if (!edited.source && !edited.copy && !named) return;
  const body = travelling(input, from, source);
  const travelled = commentFingerprint(input.key, target, input.itemIds[target], body);
  if (travelled === bodies[target]) {
    draft.agreed.push({ source: from, sourceId: source.id, bodies });
    return;
  }
  const copyWins = edited.copy && (!edited.source || isNewer(input, target, copy, source));
  if (copyWins && allowsTo(direction, from)) {
    const back = convertText(stripAttribution(copy.body), from, input.resolve ?? {});
    if (!fits(draft, from, source.id, back)) return;
    const ids = { sourceId: copy.id, targetId: source.id };
    draft.operations.push({ kind: 'update-comment', side: from, ...ids, body: back, returning: true });
  } else if ((edited.source || named) && allowsTo(direction, target) && fits(draft, target, source.id, body)) {
    draft.operations.push({ kind: 'update-comment', side: target, sourceId: source.id, targetId: copy.id, body });
  }
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

function isNewer(input: CommentsInput, side: Side, comment: CommentSnapshot, other: CommentSnapshot): boolean {
  const lead = Date.parse(comment.updatedAt) - Date.parse(other.updatedAt);
  return Math.abs(lead) <= 5_000 ? input.profile.settings.policies.winner === side : lead > 0;
}

/** Jira takes 32,767 characters in a comment. */
const commentMax = 32_767;

function fits(draft: Draft, side: Side, sourceId: string, body: RichText): boolean {
  if (side !== 'jira' || textLines(body).join('\n').length <= commentMax) return true;
  draft.errors.push(syncError('too-long', { side, level: 'child', field: sourceId, value: String(commentMax) }));
  return false;
}
