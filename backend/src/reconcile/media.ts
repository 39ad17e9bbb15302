// Which file of one side stands for which of the other in the texts of a pair. Files that a text shows go across before the
// texts are planned, so that a text is written once, with them in their places.

import { azureFiles, jiraMedia, mediaResolver, namesFiles, type SameFile } from '../sync/media-references.ts';
import type { AttachmentSnapshot, BySide, ItemSnapshot } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import { rawText } from '../sync/rich-text.ts';
import type { ChildrenResult } from './child-stage.ts';
import type { ProfileContext } from './context.ts';
import { textsOn } from './inline-files.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { ChildPair } from './ports.ts';
import { syncAttachments } from './sync-attachments.ts';

export interface WithMedia {
  readonly context: ProfileContext;
  /** Read again on a side that got files. */
  readonly read: BySide<ItemSnapshot>;
  /** What the attachments came to, if they had to come first. */
  readonly attachments?: ChildrenResult;
}

/** Costs nothing where no text names a file. Throws as syncAttachments does. */
export async function withMedia(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
): Promise<WithMedia> {
  const texts = sides.flatMap((side) => textsOn(context, side, read[side])).map(rawText);
  if (!texts.some(namesFiles)) return { context, read };
  const attachments = await syncAttachments(context, leased, read);
  const present = { jira: await reread('jira'), azure: await reread('azure') };
  const { files, found } = await sameFiles(context, await leased.children('attachment'), present);
  if (found.size > 0) {
    await leased.commit({
      children: [...found].map(([child, mediaId]) => ({ ...child, file: { ...child.file, mediaId } })),
    });
  }
  const media = mediaResolver(files, context.sides.jira.webUrl);
  return { context: { ...context, resolve: { ...context.resolve, media } }, read: present, attachments };

  /** A file that was added, or taken away, has moved the item: writing to it needs the version that it has now. */
  async function reread(side: 'jira' | 'azure'): Promise<ItemSnapshot> {
    if (!attachments.operations?.some((operation) => operation.side === side)) return read[side];
    const outcome = await context.sides[side].reader.read(read[side].id, { comments: false });
    return outcome.kind === 'found' ? withCommentsOf(read[side], outcome.item) : read[side];
  }
}

/** Comments as they were read before: nothing of ours has changed them. */
const withCommentsOf = (before: ItemSnapshot, now: ItemSnapshot): ItemSnapshot => ({
  ...now,
  ...(before.comments ? { comments: before.comments } : {}),
  ...(before.commentsAsked ? { commentsAsked: before.commentsAsked } : {}),
  versions: { ...now.versions, ...(before.versions.comments ? { comments: before.versions.comments } : {}) },
});

/** Of files that texts name; asks Jira for the media ids that are not known yet. `found`: those. */
export async function sameFiles(
  context: ProfileContext,
  attachments: readonly ChildPair[],
  read: BySide<ItemSnapshot>,
): Promise<{ readonly files: readonly SameFile[]; readonly found: ReadonlyMap<ChildPair, string> }> {
  const children = attachments.filter(({ targetId }) => targetId !== undefined);
  const named = namesIn(context, read);
  const known = new Map(children.map((child) => [child, child.file?.mediaId]));
  const found = new Map<ChildPair, string>();
  const ask = async (child: ChildPair) => {
    const id = await context.sides.jira.reader.mediaId?.(idOn(child, 'jira'));
    if (id) {
      known.set(child, id);
      found.set(child, id);
    }
  };
  for (const child of children) {
    if (known.get(child) === undefined && named.files.has(idOn(child, 'azure'))) await ask(child);
  }
  for (const { id, name } of named.media) {
    // Files of the name that the text gives come first; in the end each is asked for once.
    const unknown = children.filter((child) => known.get(child) === undefined);
    const isNamed = (child: ChildPair) => nameOf(read.jira, idOn(child, 'jira')) === name;
    const ordered = [...unknown.filter(isNamed), ...unknown.filter((child) => !isNamed(child))];
    for (const child of ordered) {
      if ([...known.values()].includes(id)) break;
      await ask(child);
    }
  }
  return { files: children.map((child) => sameFile(context, read, child, known.get(child))), found };
}

const idOn = (child: ChildPair, side: 'jira' | 'azure'): string =>
  child.source === side ? child.sourceId : (child.targetId ?? '');

const attachmentOf = (item: ItemSnapshot, id: string): AttachmentSnapshot | undefined =>
  item.attachments?.find((file) => file.id === id);

const nameOf = (item: ItemSnapshot, id: string): string => attachmentOf(item, id)?.name ?? '';

function sameFile(
  { sides: ports }: ProfileContext,
  read: BySide<ItemSnapshot>,
  child: ChildPair,
  mediaId: string | undefined,
): SameFile {
  const ids = { jira: idOn(child, 'jira'), azure: idOn(child, 'azure') };
  const [jira, azure] = [attachmentOf(read.jira, ids.jira), attachmentOf(read.azure, ids.azure)];
  const name = azure?.name ?? jira?.name ?? 'attachment';
  return {
    jira: { id: ids.jira, name: jira?.name ?? name, ...(mediaId === undefined ? {} : { mediaId }) },
    azure: { id: ids.azure, name, url: azure?.url ?? `${ports.azure.webUrl}/_apis/wit/attachments/${ids.azure}` },
  };
}

function namesIn(context: ProfileContext, read: BySide<ItemSnapshot>) {
  const [jira, azure] = [textsOn(context, 'jira', read.jira), textsOn(context, 'azure', read.azure)];
  const raw = [...jira, ...azure].map(rawText);
  return {
    media: jira.flatMap(jiraMedia),
    /** A text of either side may name them: what stands in Jira for a file that came later points at Azure DevOps. */
    files: new Set(raw.flatMap(azureFiles).map(({ id }) => id)),
  };
}
