// What a run would do to all of an item but its fields: comments, attachments and links; and the context to plan its texts
// with, in which files and named items stand as the run would put them. Writes nothing.

import { planAttachments } from '../sync/attachments.ts';
import { planComments } from '../sync/comments.ts';
import type { SyncError } from '../sync/errors.ts';
import { mediaResolver, namesFiles, type SameFile } from '../sync/media-references.ts';
import { type AttachmentSnapshot, type BySide, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { rawText } from '../sync/rich-text.ts';
import { type ProfileContext, planContext } from './context.ts';
import { shownOnAzure, textsOn } from './inline-files.ts';
import { sameFiles } from './media.ts';
import { awaitedIn, withNames } from './named-items.ts';
import type { ChildPair, ItemName, Pair } from './ports.ts';
import { previewLinks } from './preview-links.ts';
import { refusedOf, stillShown } from './sync-attachments.ts';

export interface Parts {
  readonly context: ProfileContext;
  readonly operations: readonly Operation[];
  readonly errors: readonly SyncError[];
  /** Items without a counterpart that links lead to or texts name. */
  readonly waitsFor: readonly ItemName[];
}

type Read = BySide<ItemSnapshot | null>;

/** Of a pair, or of a source whose counterpart does not exist yet. `named`: the one item is asked for, calls are no matter. */
export async function previewParts(
  profileContext: ProfileContext,
  items: Read,
  pair: Pair | null,
  named: boolean,
): Promise<Parts> {
  const read = {
    jira: await withComments(profileContext, items.jira),
    azure: await withComments(profileContext, items.azure),
  };
  const files = { jira: read.jira?.attachments ?? [], azure: azureFilesOf(profileContext, read.azure) };
  const attachments = await previewAttachments(profileContext, read, pair, files);
  const context = await withTexts(profileContext, read, pair, { files, operations: attachments.operations });
  const [comments, links] = await Promise.all([
    previewComments(context, read, pair),
    previewLinks(context, read, pair, named),
  ]);
  const present = sides.flatMap((side) => read[side] ?? []);
  const waitsFor = [...links.waitsFor, ...awaitedIn(context, present)];
  return {
    context,
    operations: [...comments.operations, ...attachments.operations, ...links.operations],
    errors: [...comments.errors, ...attachments.errors, ...links.errors],
    waitsFor: [...new Map(waitsFor.map((one) => [`${one.side} ${one.name}`, one])).values()],
  };
}

/** A call of its own only where the bulk read left out comments that exist. */
async function withComments(context: ProfileContext, item: ItemSnapshot | null): Promise<ItemSnapshot | null> {
  if (!item || item.comments || !context.profile.settings.comments.enabled) return item;
  const { reader } = context.sides[item.side];
  return { ...item, comments: item.commentCount === 0 ? [] : await reader.comments(item.id) };
}

/** With those that only its texts show. */
function azureFilesOf(context: ProfileContext, azure: ItemSnapshot | null): readonly AttachmentSnapshot[] {
  if (azure === null) return [];
  const attached = azure.attachments ?? [];
  const shown = shownOnAzure(context, azure);
  return [...attached, ...shown.filter(({ id }) => !attached.some((file) => file.id === id))];
}

interface Files {
  readonly files: BySide<readonly AttachmentSnapshot[]>;
  readonly operations: readonly Operation[];
}

const noPlan = { operations: [], errors: [] };

const childrenOf = async ({ deps, scope }: ProfileContext, pair: Pair | null, kind: ChildPair['kind']) =>
  pair ? deps.state.children(scope, pair.id, kind) : [];

const shared = (context: ProfileContext, read: Read) => ({
  ...planContext(context),
  itemIds: { jira: read.jira?.id ?? '', azure: read.azure?.id ?? '' },
  settleMs: context.deps.timing.settleMs,
});

async function previewComments(context: ProfileContext, read: Read, pair: Pair | null) {
  if (!context.profile.settings.comments.enabled) return noPlan;
  return planComments({
    ...shared(context, read),
    children: await childrenOf(context, pair, 'comment'),
    jira: read.jira?.comments ?? [],
    azure: read.azure?.comments ?? [],
    ...(pair ? { choices: pair.choices } : {}),
  });
}

/** Files of one name and size count as the same: a preview reads no contents. */
async function previewAttachments(
  context: ProfileContext,
  read: Read,
  pair: Pair | null,
  files: BySide<readonly AttachmentSnapshot[]>,
) {
  if (!context.profile.settings.attachments.enabled) return noPlan;
  const children = await childrenOf(context, pair, 'attachment');
  return planAttachments({
    ...shared(context, read),
    children,
    ...files,
    maxSize: { jira: context.catalogs.jira.maxAttachmentSize },
    ...(pair ? { refused: refusedOf(pair) } : {}),
    ...(read.azure ? { shown: new Set(await stillShown(context, read.azure, children)) } : {}),
  });
}

/** As a run has it once the files are across: those that it would copy count as copied. */
async function withTexts(
  profileContext: ProfileContext,
  read: Read,
  pair: Pair | null,
  planned: Files,
): Promise<ProfileContext> {
  const present = sides.flatMap((side) => read[side] ?? []);
  const context = await withNames(profileContext, present);
  const texts = present.flatMap((item) => textsOn(context, item.side, item)).map(rawText);
  if (!texts.some(namesFiles)) return context;
  const known =
    read.jira && read.azure && pair
      ? (
          await sameFiles(context, await childrenOf(context, pair, 'attachment'), {
            jira: read.jira,
            azure: read.azure,
          })
        ).files
      : [];
  const coming = await Promise.all(planned.operations.map((one) => copyOf(context, one, planned.files)));
  const media = mediaResolver([...known, ...coming.flatMap((one) => one ?? [])], context.sides.jira.webUrl);
  return { ...context, resolve: { ...context.resolve, media } };
}

/** The source's id stands for the one that the copy will get. */
async function copyOf(
  { sides: ports }: ProfileContext,
  operation: Operation,
  files: Files['files'],
): Promise<SameFile | null> {
  if (operation.kind !== 'add-attachment') return null;
  const { side, sourceId: id, name } = operation;
  const from: Side = otherSide(side);
  const mediaId = from === 'jira' ? await ports.jira.reader.mediaId?.(id) : id;
  const url = files.azure.find((file) => file.id === id)?.url ?? `${ports.azure.webUrl}/_apis/wit/attachments/${id}`;
  return { jira: { id, name, ...(mediaId ? { mediaId } : {}) }, azure: { id, name, url } };
}
