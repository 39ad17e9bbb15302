// Plans the attachments of a pair: each file once on the other side, and a deleted one gone from both where the profile
// says so. A file never changes: one that was replaced is another one.

import type { Fingerprint } from './baseline.ts';
import { type ChildRecord, type ChildrenPlan, childSubject, type FoundChild } from './child-records.ts';
import { type SyncError, syncError } from './errors.ts';
import { storedName } from './file-names.ts';
import { verifyToken } from './marker.ts';
import { type AttachmentSnapshot, type BySide, otherSide, type Side, sides } from './model.ts';
import type { Operation } from './plan.ts';
import type { PlanContext } from './plan-input.ts';
import { allowsTo } from './rules.ts';

export interface AttachmentsInput extends PlanContext {
  readonly itemIds: BySide<string>;
  readonly children: readonly ChildRecord[];
  /** All of the item, and in Azure those that only its texts show. */
  readonly jira: readonly AttachmentSnapshot[];
  readonly azure: readonly AttachmentSnapshot[];
  /** Bytes that each side takes, where it tells. */
  readonly maxSize?: Partial<BySide<number>>;
  /** Sources that a side refused to take, or to delete, with the error: it is not asked again and again. */
  readonly refused?: ReadonlyMap<string, SyncError>;
  readonly settleMs?: number;
  /**
   * Fingerprints of contents by `contentName`, where files of one name and size must be told apart. Without it such files
   * count as the same.
   */
  readonly contents?: ReadonlyMap<string, Fingerprint>;
  /** Azure's files that its texts show: gone from the attachments, they are not deleted yet. */
  readonly shown?: ReadonlySet<string>;
}

export interface AttachmentsPlan extends ChildrenPlan {
  readonly forgotten: readonly Pick<ChildRecord, 'source' | 'sourceId'>[];
  /** Contents to be looked at before the plan can be trusted: plan again with them. */
  readonly unknown: readonly { readonly side: Side; readonly id: string }[];
}

export const contentName = (side: Side, id: string): string => `${side} ${id}`;

interface Draft {
  readonly operations: Operation[];
  readonly found: FoundChild[];
  readonly forgotten: Pick<ChildRecord, 'source' | 'sourceId'>[];
  readonly waiting: string[];
  readonly errors: SyncError[];
  readonly unknown: Map<string, { readonly side: Side; readonly id: string }>;
  /** Copies that have their source, by `contentName`. */
  readonly taken: Set<string>;
}

export function planAttachments(input: AttachmentsInput): AttachmentsPlan {
  const draft: Draft = {
    operations: [],
    found: [],
    forgotten: [],
    waiting: [],
    errors: [],
    unknown: new Map(),
    taken: new Set(),
  };
  const children = input.children.filter(({ kind }) => kind === 'attachment');
  if (input.profile.settings.attachments.enabled) {
    for (const { source, targetId } of children) {
      if (targetId !== undefined) draft.taken.add(contentName(otherSide(source), targetId));
    }
    // Open creations first: a file that one of them made must not be met as a source of its own.
    for (const from of sides) for (const file of input[from]) findLost(input, draft, children, from, file);
    for (const from of sides) for (const file of input[from]) planFile(input, draft, children, from, file);
    for (const child of children) planDeletion(input, draft, child);
  }
  const { taken: _, unknown, ...plan } = draft;
  return { ...plan, agreed: [], unknown: [...unknown.values()] };
}

const childOf = (children: readonly ChildRecord[], from: Side, id: string): ChildRecord | undefined =>
  children.find(({ source, sourceId }) => source === from && sourceId === id);

function findLost(
  input: AttachmentsInput,
  draft: Draft,
  children: readonly ChildRecord[],
  from: Side,
  file: AttachmentSnapshot,
): void {
  const child = childOf(children, from, file.id);
  if (child === undefined || child.targetId !== undefined) return;
  const twin = twinOf(input, draft, children, from, file);
  if (twin === undefined) return;
  draft.taken.add(contentName(otherSide(from), twin.id));
  draft.found.push({ source: from, sourceId: file.id, targetId: twin.id, token: twin.marker?.token ?? child.token });
}

function planFile(
  input: AttachmentsInput,
  draft: Draft,
  children: readonly ChildRecord[],
  from: Side,
  file: AttachmentSnapshot,
): void {
  const target = otherSide(from);
  if (draft.found.some(({ source, sourceId }) => source === from && sourceId === file.id)) return;
  if (draft.taken.has(contentName(from, file.id)) || isCopy(input, from, file)) return;
  const child = childOf(children, from, file.id);
  if (child?.targetId !== undefined) return;
  const twin = twinOf(input, draft, children, from, file);
  if (twin !== undefined) {
    draft.taken.add(contentName(target, twin.id));
    const token = twin.marker?.token ?? child?.token;
    const known = token === undefined ? {} : { token };
    draft.found.push({ source: from, sourceId: file.id, targetId: twin.id, ...known });
    return;
  }
  if (!allowsTo(input.profile.settings.attachments.direction, target)) return;
  const max = input.maxSize?.[target];
  const refused = input.refused?.get(file.id);
  if (child !== undefined && input.now - child.intentAt < (input.settleMs ?? 0)) draft.waiting.push(file.id);
  else if (max !== undefined && file.size > max) {
    draft.errors.push(syncError('too-large', { side: target, field: file.id, value: sizeWords(max) }));
  } else if (refused !== undefined) draft.errors.push(refused);
  else {
    const name = storedName(file.name);
    draft.operations.push({ kind: 'add-attachment', side: target, sourceId: file.id, name, size: file.size });
  }
}

/** Whole units where they are whole: `100 MB`, `1000 bytes`. */
export const sizeWords = (bytes: number): string =>
  bytes >= 1024 * 1024 && bytes % (1024 * 1024) === 0 ? `${bytes / (1024 * 1024)} MB` : `${bytes} bytes`;

/**
 * Both lists are whole, so one that is in neither was deleted. A file of which nothing is left is forgotten; of two of which
 * one is left, the policy says whether it goes too.
 */
function planDeletion(input: AttachmentsInput, draft: Draft, child: ChildRecord): void {
  const { source, sourceId, targetId } = child;
  const target = otherSide(source);
  const isThere = (side: Side, id: string) =>
    input[side].some((file) => file.id === id) || (side === 'azure' && (input.shown?.has(id) ?? false));
  const there = {
    // Nothing tells when the text that shows it is not read.
    source: isThere(source, sourceId) || (child.file?.inline === true && source === 'azure'),
    target: targetId !== undefined && isThere(target, targetId),
  };
  if (there.source && (there.target || targetId === undefined)) return;
  if (!there.source && !there.target) {
    // A copy whose answer was lost may still land without its source: it is found by its marker, or stays a file of its own.
    draft.forgotten.push({ source, sourceId });
    return;
  }
  const { deleted, direction } = input.profile.settings.attachments;
  const side = there.source ? source : target;
  const isInline = there.source && child.file?.inline === true;
  if (deleted !== 'delete' || targetId === undefined || !allowsTo(direction, side) || isInline) return;
  const refused = input.refused?.get(sourceId);
  if (refused !== undefined) {
    draft.errors.push(refused);
    return;
  }
  draft.operations.push(
    there.source
      ? { kind: 'delete-attachment', side, sourceId: targetId, targetId: sourceId, returning: true }
      : { kind: 'delete-attachment', side, sourceId, targetId },
  );
}

const isOurs = (input: AttachmentsInput, source: Side, fileId: string, token: string): boolean =>
  verifyToken(input.key, token, childSubject(input.profile, source, input.itemIds[source], fileId));

/** A file that carries our marker of a source on the other side. */
const isCopy = (input: AttachmentsInput, side: Side, file: AttachmentSnapshot): boolean =>
  file.marker !== undefined && isOurs(input, otherSide(side), file.marker.sourceId, file.marker.token);

/**
 * Our copy by its marker; else, as Jira's attachments carry none, one of the same name, size and content that no source of
 * its own claims.
 */
function twinOf(
  input: AttachmentsInput,
  draft: Draft,
  children: readonly ChildRecord[],
  from: Side,
  file: AttachmentSnapshot,
): AttachmentSnapshot | undefined {
  const target = otherSide(from);
  const free = input[target].filter(({ id }) => !draft.taken.has(contentName(target, id)));
  const marked = free.find(
    ({ marker }) => marker?.sourceId === file.id && isOurs(input, from, marker.sourceId, marker.token),
  );
  if (marked !== undefined) return marked;
  return free.find((other) => {
    if (other.marker !== undefined && isOurs(input, from, other.marker.sourceId, other.marker.token)) return false;
    if (children.some(({ source, sourceId }) => source === target && sourceId === other.id)) return false;
    if (file.inline || other.inline) return false;
    const [name, copied] = [storedName(file.name), storedName(other.name)];
    const alike = (other.name === name || file.name === copied) && other.size === file.size;
    return alike && sameContent(input, draft, from, file, other);
  });
}

function sameContent(
  input: AttachmentsInput,
  draft: Draft,
  from: Side,
  file: AttachmentSnapshot,
  other: AttachmentSnapshot,
): boolean {
  if (input.contents === undefined || file.size === 0) return true;
  const prints = [
    { side: from, id: file.id },
    { side: otherSide(from), id: other.id },
  ].map((one) => {
    const name = contentName(one.side, one.id);
    const print = input.contents?.get(name);
    if (print === undefined) draft.unknown.set(name, one);
    return print;
  });
  return prints[0] === prints[1];
}
