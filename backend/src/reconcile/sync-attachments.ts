// Brings the attachments of a leased pair across, each once, and takes away what was deleted where the profile says so.

import { createHash } from 'node:crypto';
import { type AttachmentsPlan, contentName, planAttachments } from '../sync/attachments.ts';
import type { Fingerprint } from '../sync/baseline.ts';
import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import { contentFingerprint } from '../sync/fingerprint.ts';
import { type AttachmentSnapshot, type BySide, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { type ChildrenResult, nothingJudged, Stage } from './child-stage.ts';
import { type ProfileContext, planContext } from './context.ts';
import { hashed } from './hashed.ts';
import { shownOnAzure } from './inline-files.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { AttachmentContent, ChildPair, Pair } from './ports.ts';

/** Throws SyncFailure for what concerns the whole connection; what concerns one file becomes a complaint. */
export async function syncAttachments(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
): Promise<ChildrenResult> {
  const { jira, azure: attached } = { jira: read.jira.attachments, azure: read.azure.attachments };
  if (!context.profile.settings.attachments.enabled || !jira || !attached) return nothingJudged;
  const shown = shownOnAzure(context, read.azure);
  const none = jira.length === 0 && attached.length === 0 && shown.length === 0;
  if (none && leased.pair.syncedAt === null) return nothingJudged;
  if (shown.length === 0 && !isWanted(context, leased.pair, read)) return nothingJudged;
  const children = await leased.children('attachment');
  const inline = shown.filter(({ id }) => !attached.some((file) => file.id === id));
  const files = { jira, azure: [...attached, ...inline] };
  const plan = await planOf(context, leased, read, children, files);
  const stage = new Stage(context, leased, read, children, 'attachment', null);
  await stage.record(plan);
  const answers: ItemSnapshot[] = [];
  const result = await stage.run(plan, async (operation, child) => {
    switch (operation.kind) {
      case 'add-attachment':
        return copy(context, stage, { read, files, answers }, operation, child);
      case 'delete-attachment': {
        const item = await stage.removeFile(operation, child);
        if (item) answers.push(item);
        return;
      }
      default:
        throw new Error(`Attachments are not planned as ${operation.kind}.`);
    }
  });
  return { ...result, answers };
}

/**
 * Files are looked at when an event tells of them, when a read shows others than before, where one is unfinished, and in a
 * run without hints: an edit of a field costs no look-up of them.
 */
function isWanted({ hints = [], profile }: ProfileContext, pair: Pair, read: BySide<ItemSnapshot>): boolean {
  if (hints.length === 0 || hints.some(({ aspect }) => aspect === 'attachments' || aspect === 'any')) return true;
  if (pair.syncedAt === null || pair.dirty || pair.retry !== null) return true;
  if (pair.errors.some(({ subject }) => subject?.startsWith('attachment:'))) return true;
  // A file that a text of Azure DevOps no longer shows is deleted with that edit.
  if (profile.settings.attachments.deleted === 'delete' && read.jira.attachments?.length !== 0) return true;
  return sides.some((side) => pair.versions[side].attachments?.set !== read[side].versions.attachments?.set);
}

type Files = BySide<readonly AttachmentSnapshot[]>;

/** Plans, looks at the contents that must be told apart, and plans again. */
async function planOf(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
  children: readonly ChildPair[],
  files: Files,
): Promise<AttachmentsPlan> {
  const { deps, catalogs } = context;
  const input = {
    ...planContext(context),
    itemIds: { jira: read.jira.id, azure: read.azure.id },
    children,
    ...files,
    // Azure DevOps tells its limit nowhere: it is asked by sending.
    maxSize: { jira: catalogs.jira.maxAttachmentSize },
    refused: refusedOf(leased.pair),
    settleMs: deps.timing.settleMs,
    shown: new Set(await stillShown(context, read.azure, children)),
  };
  const contents = new Map<string, Fingerprint>();
  let plan = planAttachments({ ...input, contents });
  while (plan.unknown.length > 0) {
    for (const { side, id } of plan.unknown) {
      const file = files[side].find((one) => one.id === id);
      if (!file) throw new Error('A content is asked for that was listed.');
      contents.set(contentName(side, id), await lookAt(context, side, file));
    }
    plan = planAttachments({ ...input, contents });
  }
  return plan;
}

/** What was refused before, by the source's id. Retry and Ignore of an admin take the error away, or leave it so. */
export function refusedOf({ errors }: Pick<Pair, 'errors'>): ReadonlyMap<string, SyncError> {
  const refused = errors.flatMap(({ subject, error }) => {
    const id = /^attachment:(.+)$/.exec(subject ?? '')?.[1];
    const stands = (error.code === 'too-large' && error.side === 'azure') || error.retry === 'on-admin';
    return id !== undefined && stands ? [[id, { ...error, field: id }] as const] : [];
  });
  return new Map(refused);
}

/** A file that left Azure's attachments is not deleted as long as a text shows it; comments are read only to prove it. */
export async function stillShown(
  context: ProfileContext,
  azure: ItemSnapshot,
  children: readonly ChildPair[],
): Promise<readonly string[]> {
  const { attachments, comments } = context.profile.settings;
  const isGone = ({ source, sourceId, targetId }: ChildPair) =>
    !azure.attachments?.some(({ id }) => id === (source === 'azure' ? sourceId : targetId));
  if (attachments.deleted !== 'delete' || !children.some(isGone)) return [];
  const partly = azure.comments === undefined || azure.commentsAsked !== undefined;
  const unread = partly && comments.enabled && azure.commentCount !== 0;
  const whole = unread ? { ...azure, comments: await context.sides.azure.reader.comments(azure.id) } : azure;
  return shownOnAzure(context, whole, { copies: true }).map(({ id }) => id);
}

/** The fingerprint of a content, read once and kept nowhere. */
async function lookAt(context: ProfileContext, side: Side, file: AttachmentSnapshot): Promise<Fingerprint> {
  const { stream } = await context.sides[side].reader.openAttachment(file);
  const hash = createHash('sha256');
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) hash.update(part);
  return contentFingerprint(context.key, hash.digest());
}

interface Copying {
  readonly read: BySide<ItemSnapshot>;
  readonly files: Files;
  /** Gets the item as the service answers. */
  readonly answers: ItemSnapshot[];
}

/**
 * Streams one file across. Its hash is made on the way and kept as a fingerprint; the copy counts once the other side
 * stores as many bytes as were sent. Reading every copy back would double the traffic for what TLS and Content-Length
 * already prove, so contents are compared only where an answer was lost (see planOf).
 */
async function copy(
  context: ProfileContext,
  stage: Stage,
  { read, files, answers }: Copying,
  operation: Operation & { kind: 'add-attachment' },
  child: ChildPair | undefined,
): Promise<void> {
  const { side, sourceId, name } = operation;
  const from = otherSide(side);
  const file = files[from].find(({ id }) => id === sourceId);
  if (!file) throw new Error('A planned attachment was read.');
  return stage.add(side, sourceId, child, async (marker) => {
    const { stream, size } = await open(context, side, file);
    const { content, digest } = hashed(stream);
    const kind = file.mediaType === undefined ? {} : { mediaType: file.mediaType };
    const { writer } = context.sides[side];
    const { attachment: made, item } = await writer.addAttachment(read[side], { name, size, ...kind }, content, marker);
    if (item) answers.push(item);
    // Azure DevOps shows 0 for a while, and for ever where a relation has no comment.
    if (made.size !== size && made.size !== 0) {
      await writer.removeAttachment(read[side].id, made.id);
      throw new SyncFailure(
        syncError('unavailable', {
          side,
          level: 'child',
          value: 'size',
          detail: `${made.size} bytes arrived of ${size}.`,
        }),
        { mayHaveLanded: false },
      );
    }
    return {
      id: made.id,
      file: { content: contentFingerprint(context.key, digest()), ...(file.inline ? { inline: true } : {}) },
    };
  });
}

/** A file of unknown length is read whole first, if it is no larger: uploads need their length before they begin. */
const mostUnmeasured = 32 * 1024 * 1024;

async function open(
  context: ProfileContext,
  target: Side,
  file: AttachmentSnapshot,
): Promise<Required<AttachmentContent>> {
  const from = otherSide(target);
  const opened = await openSource(context, from, file);
  const measured = opened.size === undefined && file.inline ? await readWhole(opened.stream, from) : opened;
  const size = measured.size ?? file.size;
  const max = target === 'jira' ? context.catalogs.jira.maxAttachmentSize : undefined;
  if (max === undefined || size <= max) return { stream: measured.stream, size };
  await measured.stream.cancel();
  throw new SyncFailure(syncError('too-large', { side: target, value: `${max} bytes` }), { mayHaveLanded: false });
}

/** What cannot be opened was not sent. A file that only a text shows is not looked for again until the text changes. */
async function openSource(context: ProfileContext, from: Side, file: AttachmentSnapshot): Promise<AttachmentContent> {
  try {
    return await context.sides[from].reader.openAttachment(file);
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure)) throw thrown;
    const lost = file.inline && thrown.error.code === 'unreachable';
    throw new SyncFailure(lost ? { ...thrown.error, retry: 'on-change' } : thrown.error, {
      cause: thrown,
      mayHaveLanded: false,
    });
  }
}

async function readWhole(stream: ReadableStream<Uint8Array>, side: Side): Promise<Required<AttachmentContent>> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream as unknown as AsyncIterable<Uint8Array>) {
    size += part.byteLength;
    if (size > mostUnmeasured) {
      throw new SyncFailure(syncError('too-large', { side, value: `${mostUnmeasured} bytes of unknown length` }), {
        mayHaveLanded: false,
      });
    }
    parts.push(part);
  }
  const again = new ReadableStream<Uint8Array>({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
  return { stream: again, size };
}
