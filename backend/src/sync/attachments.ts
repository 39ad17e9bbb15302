// Plans the attachments of a pair: each file once on the other side. Files don't change; deletions are left as they are.

import { type ChildRecord, type ChildrenPlan, childSubject, type FoundChild } from './comments.ts';
import { type SyncError, syncError } from './errors.ts';
import { verifyToken } from './marker.ts';
import { type AttachmentSnapshot, type BySide, otherSide, type Side, sides } from './model.ts';
import type { Operation } from './plan.ts';
import type { PlanContext } from './plan-input.ts';
import { allowsTo } from './rules.ts';

export interface AttachmentsInput extends PlanContext {
  readonly itemIds: BySide<string>;
  readonly children: readonly ChildRecord[];
  readonly jira: readonly AttachmentSnapshot[];
  readonly azure: readonly AttachmentSnapshot[];
  /** Bytes that each side takes. */
  readonly maxSize?: Partial<BySide<number>>;
  readonly settleMs?: number;
}

export function planAttachments(input: AttachmentsInput): ChildrenPlan {
  const operations: Operation[] = [];
  const found: FoundChild[] = [];
  const waiting: string[] = [];
  const errors: SyncError[] = [];
  const plan = { operations, found, agreed: [], waiting, errors };
  const { enabled, direction } = input.profile.settings.attachments;
  if (!enabled) return plan;
  const children = input.children.filter(({ kind }) => kind === 'attachment');
  const taken = new Set(
    children.flatMap(({ source, targetId }) => (targetId === undefined ? [] : [`${otherSide(source)} ${targetId}`])),
  );
  const openSource = (from: Side, id: string) =>
    children.find(({ source, sourceId, targetId }) => source === from && sourceId === id && targetId === undefined);
  for (const from of sides) {
    const target = otherSide(from);
    // Open creations first: a file that one of them made must not be met as a source of its own.
    for (const file of input[from]) {
      const child = openSource(from, file.id);
      const twin = child && input[target].find((other) => isTwin(input, from, file, other, children));
      if (!twin || taken.has(`${target} ${twin.id}`)) continue;
      taken.add(`${target} ${twin.id}`);
      found.push({ source: from, sourceId: file.id, targetId: twin.id, token: twin.marker?.token ?? child.token });
    }
  }
  for (const from of sides) {
    const target = otherSide(from);
    for (const file of input[from]) {
      if (found.some(({ source, sourceId }) => source === from && sourceId === file.id)) continue;
      if (taken.has(`${from} ${file.id}`) || isCopy(input, from, file)) continue;
      const child = children.find(({ source, sourceId }) => source === from && sourceId === file.id);
      if (child?.targetId !== undefined) continue;
      const twin = input[target].find(
        (other) => !taken.has(`${target} ${other.id}`) && isTwin(input, from, file, other, children),
      );
      if (twin !== undefined) {
        taken.add(`${target} ${twin.id}`);
        const token = twin.marker?.token ?? child?.token;
        found.push({ source: from, sourceId: file.id, targetId: twin.id, ...(token === undefined ? {} : { token }) });
      } else if (allowsTo(direction, target)) {
        const max = input.maxSize?.[target];
        if (child !== undefined && input.now - child.intentAt < (input.settleMs ?? 0)) waiting.push(file.id);
        else if (max !== undefined && file.size > max) {
          errors.push(syncError('too-large', { side: target, field: file.id, value: `${max} bytes` }));
        } else
          operations.push({
            kind: 'add-attachment',
            side: target,
            sourceId: file.id,
            name: file.name,
            size: file.size,
          });
      }
    }
  }
  return plan;
}

const isOurs = (input: AttachmentsInput, source: Side, fileId: string, token: string): boolean =>
  verifyToken(input.key, token, childSubject(input.profile, source, input.itemIds[source], fileId));

/** A file that carries our marker of a source on the other side. */
const isCopy = (input: AttachmentsInput, side: Side, file: AttachmentSnapshot): boolean =>
  file.marker !== undefined && isOurs(input, otherSide(side), file.marker.sourceId, file.marker.token);

/** Our copy by its marker; else, where Jira's attachments carry none, the same name and size that no source of its own claims. */
function isTwin(
  input: AttachmentsInput,
  from: Side,
  file: AttachmentSnapshot,
  other: AttachmentSnapshot,
  children: readonly ChildRecord[],
): boolean {
  if (other.marker !== undefined && isOurs(input, from, other.marker.sourceId, other.marker.token)) {
    return other.marker.sourceId === file.id;
  }
  const isSource = children.some(({ source, sourceId }) => source !== from && sourceId === other.id);
  return !isSource && other.name === file.name && other.size === file.size;
}
