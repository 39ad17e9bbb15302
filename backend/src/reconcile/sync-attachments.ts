// Brings the attachments of a leased pair across, each once.

import { planAttachments } from '../sync/attachments.ts';
import { type BySide, type ItemSnapshot, otherSide } from '../sync/model.ts';
import { type ChildrenResult, nothingJudged, Stage } from './child-stage.ts';
import { type ProfileContext, planContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';

/** Throws SyncFailure for what concerns the whole connection; what concerns one file becomes a complaint. */
export async function syncAttachments(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
): Promise<ChildrenResult> {
  const { jira, azure } = { jira: read.jira.attachments, azure: read.azure.attachments };
  if (!context.profile.settings.attachments.enabled || !jira || !azure) return nothingJudged;
  if (jira.length === 0 && azure.length === 0) return nothingJudged;
  const children = await leased.children('attachment');
  const plan = planAttachments({
    ...planContext(context),
    itemIds: { jira: read.jira.id, azure: read.azure.id },
    children,
    jira,
    azure,
    maxSize: { jira: context.catalogs.jira.maxAttachmentSize, azure: context.catalogs.azure.maxAttachmentSize },
    settleMs: context.deps.timing.settleMs,
  });
  const stage = new Stage(context, leased, read, children, 'attachment', null);
  await stage.record(plan);
  return stage.run(plan, async (operation, child) => {
    if (operation.kind !== 'add-attachment') throw new Error(`Attachments are not planned as ${operation.kind}.`);
    const from = otherSide(operation.side);
    const file = read[from].attachments?.find(({ id }) => id === operation.sourceId);
    if (!file) throw new Error('A planned attachment was read.');
    return stage.add(operation.side, operation.sourceId, child, async (marker) => {
      const content = await context.sides[from].reader.openAttachment(file);
      const { name, size, mediaType } = file;
      const kind = mediaType === undefined ? {} : { mediaType };
      const copy = await context.sides[operation.side].writer.addAttachment(
        read[operation.side],
        { name, size, ...kind },
        content,
        marker,
      );
      return { id: copy.id };
    });
  });
}
