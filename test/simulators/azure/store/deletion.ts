// The recycle bin: into it, out of it, and for good.
import { EFFECTS } from '../changes.ts';
import { dateText } from './clock-text.ts';
import { farEnd } from './links.ts';
import { type FieldValue, latest, type Revision, type WorkItem, type World } from './model.ts';
import { difference, type SaveContext } from './save.ts';

export function recycle(context: SaveContext, item: WorkItem): void {
  item.deleted = { at: context.now, by: context.actor.id };
  mark(context, item, 'deleted');
}

export function restore(context: SaveContext, item: WorkItem): void {
  item.deleted = undefined;
  mark(context, item, 'restored');
}

/** The id is never given out again; what linked to the item forgets it. */
export function destroy(world: World, item: WorkItem): void {
  for (const relation of latest(item).relations) {
    const other = relation.target === undefined ? undefined : world.items.get(relation.target);
    if (other === undefined) continue;
    const back = farEnd(relation, item.id);
    const there = latest(other);
    there.relations = there.relations.filter((one) => one.rel !== back.rel || one.target !== item.id);
  }
  for (const comment of item.comments) world.commentsById.delete(comment.id);
  world.items.delete(item.id);
}

function mark(context: SaveContext, item: WorkItem, kind: 'deleted' | 'restored'): void {
  const { world, actor } = context;
  const before = latest(item);
  const at = Math.max(context.now, before.at + 1);
  world.counters.watermark += 1;
  const { 'System.History': _said, ...kept } = before.fields;
  const fields: Record<string, FieldValue> = {
    ...kept,
    'System.Rev': before.rev + 1,
    'System.IsDeleted': kind === 'deleted',
    'System.ChangedDate': dateText(at),
    'System.ChangedBy': { identity: actor.id },
    'System.AuthorizedDate': dateText(at),
    'System.AuthorizedAs': { identity: actor.id },
    'System.Watermark': world.counters.watermark,
  };
  const revision: Revision = { ...before, rev: before.rev + 1, at, watermark: world.counters.watermark, fields };
  const update = {
    id: item.updates.length + 1,
    rev: revision.rev,
    at,
    by: actor.id,
    fields: difference(before, revision),
  };
  item.revisions.push(revision);
  item.updates.push(update);
  world.revisionFeed.push({ watermark: revision.watermark, at, itemId: item.id, rev: revision.rev });
  for (const type of EFFECTS[kind].events) {
    context.emit({ type, item, revision, update, comment: undefined, by: actor.id, at });
  }
}
