// Saves one work item: the whole way from a patch document to a new revision, or to a refusal that changes nothing.
import { EFFECTS, type WorkItemEventType } from '../changes.ts';
import type { FieldDefinition } from '../data/fields.ts';
import type { TypeDefinition } from '../data/types.ts';
import { addComment } from './comments.ts';
import { linkFields, visibleRelations } from './derived.ts';
import { Draft } from './draft.ts';
import { applyRelations, farEnd, type LinkLimits } from './links.ts';
import {
  type Comment,
  type Fields,
  type FieldValue,
  isIdentity,
  latest,
  type Person,
  type Project,
  type Relation,
  type RelationChanges,
  type Revision,
  type Update,
  type WorkItem,
  type World,
} from './model.ts';
import { applyPatch, type PatchOp } from './patch.ts';
import { demand } from './people.ts';
import { noteTags } from './tags.ts';
import { sameValue, type TextLimits } from './values.ts';

/** What happened to an item, for whoever tells the outside. */
export interface WorkItemHappening {
  readonly type: WorkItemEventType;
  readonly item: WorkItem;
  readonly revision: Revision;
  readonly update: Update | undefined;
  readonly comment: Comment | undefined;
  readonly by: string;
  readonly at: number;
}

export interface SaveContext {
  readonly world: World;
  readonly now: number;
  readonly actor: Person;
  readonly textLimits: TextLimits;
  readonly linkLimits: LinkLimits;
  readonly emit: (happening: WorkItemHappening) => void;
}

export interface SaveOptions {
  readonly bypassRules: boolean;
  readonly suppressNotifications: boolean;
  readonly validateOnly: boolean;
  /** Negative ids of a batch to the items made for them. */
  readonly temporaryIds?: ReadonlyMap<number, number>;
}

export type SaveTarget =
  | { readonly kind: 'create'; readonly project: Project; readonly type: TypeDefinition }
  | { readonly kind: 'update'; readonly item: WorkItem };

export interface SaveResult {
  readonly item: WorkItem;
  readonly revision: Revision;
  readonly comment: Comment | undefined;
  /** The negative id that the patch gave its new item. */
  readonly temporaryId: number | undefined;
}

export function saveWorkItem(
  context: SaveContext,
  target: SaveTarget,
  ops: readonly PatchOp[],
  options: SaveOptions,
): SaveResult {
  const { world, actor } = context;
  if (options.bypassRules) demand(world, actor.id, 'bypassRules');
  if (options.suppressNotifications) demand(world, actor.id, 'suppressNotifications');

  const item = target.kind === 'update' ? target.item : undefined;
  const before = item === undefined ? undefined : latest(item);
  const patch = applyPatch(world, before, ops, (field) => shown(world, before, field));
  const draft = new Draft(context, target, before, patch, options);
  draft.readFields();
  draft.applyRulesAndTrees();
  draft.demandRights();
  // A patch counts the relations that are shown; the others stay.
  const relations = before?.relations ?? [];
  const visible = visibleRelations(world, relations);
  const hidden = relations
    .filter((relation) => !visible.includes(relation))
    .map((relation) => ({ kind: 'existing', relation, attributes: relation.attributes }) as const);
  const related = applyRelations(
    {
      world,
      personId: actor.id,
      itemId: item?.id ?? 0,
      at: draft.at,
      limits: context.linkLimits,
      temporaryIds: options.temporaryIds ?? new Map(),
    },
    relations,
    [...hidden, ...patch.relations],
  );

  const unchanged = before !== undefined && !draft.anyFieldChanged() && draft.history === undefined;
  if (item !== undefined && before !== undefined && unchanged && isEmpty(related.changes)) {
    return { item, revision: before, comment: undefined, temporaryId: undefined };
  }
  const revision = draft.revision(related.relations);
  if (options.validateOnly) {
    const shownItem = item ?? { id: 0, revisions: [revision], updates: [], comments: [], deleted: undefined };
    return { item: shownItem, revision, comment: undefined, temporaryId: patch.temporaryId };
  }
  return { ...commit(context, draft, item, revision, related.changes, options), temporaryId: patch.temporaryId };
}

/** A value as clients see it, for `test`, `copy` and `move`. */
function shown(world: World, revision: Revision | undefined, field: FieldDefinition): unknown {
  const value = revision?.fields[field.referenceName];
  if (!isIdentity(value)) return value;
  const person = world.people.get(value.identity);
  return person === undefined ? undefined : { uniqueName: person.uniqueName, descriptor: person.descriptor };
}

const isEmpty = ({ added, removed, updated }: RelationChanges): boolean =>
  added.length + removed.length + updated.length === 0;

/** From here on nothing may fail. */
function commit(
  context: SaveContext,
  draft: Draft,
  existing: WorkItem | undefined,
  made: Revision,
  changes: RelationChanges,
  options: SaveOptions,
): { item: WorkItem; revision: Revision; comment: Comment | undefined } {
  const { world, actor } = context;
  const before = existing === undefined ? undefined : latest(existing);
  const item = existing ?? newItem(world);
  const revision: Revision = { ...made, fields: { ...made.fields, 'System.Id': item.id } };
  item.revisions.push(revision);
  noteTags(world, revision.fields['System.Tags'], revision.at);
  const update: Update = {
    id: item.updates.length + 1,
    rev: revision.rev,
    at: revision.at,
    by: actor.id,
    fields: difference(before, revision),
    ...(isEmpty(changes) ? {} : { relations: changes }),
  };
  item.updates.push(update);
  world.revisionFeed.push({ watermark: revision.watermark, at: revision.at, itemId: item.id, rev: revision.rev });
  const comment =
    draft.history === undefined ? undefined : addComment(world, item, revision, draft.history, revision.at, actor.id);
  const tell = options.suppressNotifications ? () => {} : context.emit;
  const base = { item, revision, update, comment, by: actor.id, at: revision.at };
  for (const type of (existing === undefined ? EFFECTS.created : EFFECTS.fieldsChanged).events) tell({ ...base, type });
  if (comment !== undefined) tell({ ...base, type: 'workitem.commented' });
  linkFarEnds(context, item, changes, revision.at, tell);
  return { item, revision, comment };
}

function newItem(world: World): WorkItem {
  world.counters.item += 1;
  const item: WorkItem = { id: world.counters.item, revisions: [], updates: [], comments: [], deleted: undefined };
  world.items.set(item.id, item);
  return item;
}

/** Old and new of every field that differs, the link-made ones included. */
export function difference(before: Revision | undefined, after: Revision): NonNullable<Update['fields']> {
  const old: Fields = before === undefined ? {} : { ...before.fields, ...linkFields(before.relations) };
  const now: Fields = { ...after.fields, ...linkFields(after.relations) };
  const changes: Record<string, { oldValue?: FieldValue; newValue?: FieldValue }> = {};
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)])) {
    const oldValue = old[name];
    const newValue = now[name];
    if (sameValue(oldValue, newValue) && name !== 'System.History') continue;
    if (before === undefined && newValue === 0) continue;
    changes[name] = {
      ...(oldValue === undefined || name === 'System.History' ? {} : { oldValue }),
      ...(newValue === undefined ? {} : { newValue }),
    };
  }
  return changes;
}

function linkFarEnds(
  { world, actor }: SaveContext,
  item: WorkItem,
  changes: RelationChanges,
  at: number,
  tell: (happening: WorkItemHappening) => void,
): void {
  const record = (relation: Relation, isActive: boolean): void => {
    const other = relation.target === undefined ? undefined : world.items.get(relation.target);
    if (other === undefined) return;
    const back = farEnd(relation, item.id);
    const there = latest(other);
    const without = there.relations.filter((one) => one.rel !== back.rel || one.target !== item.id);
    const existed = there.relations.find((one) => one.rel === back.rel && one.target === item.id);
    there.relations = isActive ? [...without, back] : without;
    const update: Update = {
      id: other.updates.length + 1,
      rev: there.rev,
      at,
      by: actor.id,
      relations: {
        added: isActive && existed === undefined ? [back] : [],
        removed: isActive ? [] : [back],
        updated: isActive && existed !== undefined ? [back] : [],
      },
    };
    other.updates.push(update);
    for (const [source, target, rel] of [
      [item.id, other.id, relation.rel],
      [other.id, item.id, back.rel],
    ] as const) {
      world.counters.watermark += 1;
      const comment = String(relation.attributes.comment ?? '');
      const watermark = world.counters.watermark;
      world.linkFeed.push({ watermark, at, by: actor.id, rel, source, target, comment, isActive });
    }
    for (const type of EFFECTS.linkChangedThere.events) {
      tell({ type, item: other, revision: there, update, comment: undefined, by: actor.id, at });
    }
  };
  for (const relation of changes.removed) record(relation, false);
  for (const relation of [...changes.added, ...changes.updated]) record(relation, true);
}
