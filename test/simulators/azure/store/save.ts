// Saves one work item: the whole way from a patch document to a new revision, or to a refusal that changes nothing.
import { EFFECTS, type WorkItemEventType } from '../changes.ts';
import type { FieldDefinition } from '../data/fields.ts';
import type { TypeDefinition } from '../data/types.ts';
import {
  fieldInvalid,
  fieldNotFound,
  invalidArgument,
  invalidTreeName,
  type RuleViolation,
  ruleErrors,
  typeNotFound,
} from '../errors.ts';
import { dateText, parseDate } from './clock-text.ts';
import { addComment } from './comments.ts';
import { linkFields, treeFields } from './derived.ts';
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
  type TextFormat,
  type Update,
  type WorkItem,
  type World,
} from './model.ts';
import { applyPatch, type PatchOp, type PatchResult } from './patch.ts';
import { demand, demandAreaWrite } from './people.ts';
import { applyRules } from './rules.ts';
import { noteTags } from './tags.ts';
import { nodeByPath, pathOf } from './tree.ts';
import { demandWritable, parseValue, sameValue, type TextLimits } from './values.ts';

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
  const related = applyRelations(
    {
      world,
      personId: actor.id,
      itemId: item?.id ?? 0,
      at: draft.at,
      limits: context.linkLimits,
      temporaryIds: options.temporaryIds ?? new Map(),
    },
    before?.relations ?? [],
    patch.relations,
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

/** Fields that no client sets and that say nothing of a change by themselves. */
const BOOKKEEPING = new Set([
  'System.Rev',
  'System.AuthorizedDate',
  'System.AuthorizedAs',
  'System.RevisedDate',
  'System.ChangedDate',
  'System.ChangedBy',
  'System.Watermark',
  'System.PersonId',
  'System.History',
]);

/** One save in the making; its methods run in the order of saveWorkItem. */
class Draft {
  readonly at: number;
  readonly fields: Record<string, FieldValue>;
  readonly formats: Record<string, TextFormat>;
  readonly changed = new Set<string>();
  history: { readonly text: string; readonly format: TextFormat } | undefined;
  project: Project;
  type: TypeDefinition;
  private readonly violations: RuleViolation[] = [];
  private readonly context: SaveContext;
  private readonly target: SaveTarget;
  private readonly before: Revision | undefined;
  private readonly patch: PatchResult;
  private readonly options: SaveOptions;

  constructor(
    context: SaveContext,
    target: SaveTarget,
    before: Revision | undefined,
    patch: PatchResult,
    options: SaveOptions,
  ) {
    this.context = context;
    this.target = target;
    this.before = before;
    this.patch = patch;
    this.options = options;
    // Two saves in one millisecond still have dates that increase.
    this.at = Math.max(context.now, (before?.at ?? 0) + 1);
    const { 'System.History': _said, ...kept } = before?.fields ?? {};
    this.fields = { ...kept };
    this.formats = { ...(before?.formats ?? {}) };
    this.project = target.kind === 'create' ? target.project : projectOf(context.world, before);
    this.type = target.kind === 'create' ? target.type : typeOf(context.world, String(kept['System.WorkItemType']), '');
  }

  readFields(): void {
    const { world } = this.context;
    const wantedProject = this.patch.fields.get('System.TeamProject');
    if (typeof wantedProject === 'string') {
      const project = world.projects.find((one) => one.name.toLowerCase() === wantedProject.toLowerCase());
      if (project === undefined) throw invalidTreeName(this.id(), 'System.TeamProject');
      this.project = project;
      // A new project has none of the old one's areas.
      if (!this.patch.fields.has('System.AreaPath')) this.fields['System.AreaPath'] = project.name;
      if (!this.patch.fields.has('System.IterationPath')) this.fields['System.IterationPath'] = project.name;
    }
    const wantedType = this.patch.fields.get('System.WorkItemType');
    if (typeof wantedType === 'string') this.type = typeOf(world, wantedType, this.project.name);
    this.fields['System.TeamProject'] = this.project.name;
    this.fields['System.WorkItemType'] = this.type.name;

    this.readFormats();
    const ofType = new Set(this.type.fields.map((field) => field.referenceName));
    for (const [name, given] of this.patch.fields) {
      const field = world.fields.get(name.toLowerCase());
      if (field === undefined) throw fieldNotFound(name);
      if (name === 'System.TeamProject' || name === 'System.WorkItemType') continue;
      demandWritable(field, this.options.bypassRules);
      if (!ofType.has(name)) throw fieldNotFound(name);
      this.readField(field, given);
    }
  }

  private readFormats(): void {
    for (const [name, wanted] of this.patch.formats) {
      const format = String(wanted).toLowerCase();
      const field = this.context.world.fields.get(name.toLowerCase());
      if ((format !== 'markdown' && format !== 'html') || (field?.type !== 'html' && field?.type !== 'history')) {
        throw invalidArgument(`The multiline field format '${String(wanted)}' is not valid for field '${name}'.`);
      }
      // https://learn.microsoft.com/azure/devops/release-notes/2025/sprint-254-update: a field that became Markdown stays so.
      if (format === 'html' && this.formats[name] === 'markdown') {
        throw invalidArgument(`The field '${name}' is in Markdown and cannot be turned back to HTML.`);
      }
      if (format !== (this.formats[name] ?? 'html') && !this.patch.fields.has(name)) {
        throw invalidArgument(`The type changed without a value for field '${name}'.`);
      }
      if (format === 'markdown') this.formats[name] = 'markdown';
    }
  }

  private readField(field: FieldDefinition, given: unknown): void {
    const { world, textLimits } = this.context;
    const name = field.referenceName;
    const previous = this.before?.fields[name];
    const parsed = parseValue(world, field, given, this.formats[name] ?? 'html', textLimits, previous);
    switch (parsed.kind) {
      case 'violation':
        this.violations.push(parsed.violation);
        return;
      case 'empty':
        if (field.type === 'treePath') throw invalidTreeName(this.id(), name);
        delete this.fields[name];
        break;
      case 'value':
        this.readValue(field, parsed.value);
        break;
      default:
        parsed satisfies never;
    }
    this.changed.add(name);
  }

  private readValue(field: FieldDefinition, value: FieldValue): void {
    const name = field.referenceName;
    if (field.type === 'history') {
      this.history = { text: String(value), format: this.patch.formats.has(name) ? 'markdown' : 'html' };
      return;
    }
    if (field.type === 'treePath') {
      const node = nodeByPath(this.project, name === 'System.AreaPath' ? 'area' : 'iteration', String(value));
      if (node === undefined) throw invalidTreeName(this.id(), name);
      this.fields[name] = pathOf(node);
      return;
    }
    if (name === 'System.AreaId' || name === 'System.IterationId') {
      const node = this.context.world.nodes.get(Number(value));
      const kind = name === 'System.AreaId' ? 'area' : 'iteration';
      if (node?.kind !== kind) throw invalidTreeName(this.id(), name);
      this.fields[kind === 'area' ? 'System.AreaPath' : 'System.IterationPath'] = pathOf(node);
      this.changed.add(kind === 'area' ? 'System.AreaPath' : 'System.IterationPath');
      return;
    }
    this.fields[name] = value;
  }

  applyRulesAndTrees(): void {
    const { world, actor } = this.context;
    this.fields['System.AreaPath'] ??= this.project.name;
    this.fields['System.IterationPath'] ??= this.project.name;
    const found = applyRules({
      world,
      type: this.type,
      before: this.before?.fields,
      after: this.fields,
      changed: this.changed,
      at: dateText(this.at),
      by: { identity: actor.id },
      bypassRules: this.options.bypassRules,
    });
    const [first, ...rest] = [...this.violations, ...found];
    if (first !== undefined) throw ruleErrors([first, ...rest]);
  }

  demandRights(): void {
    const { world, actor } = this.context;
    if (this.before !== undefined) demandAreaWrite(world, actor.id, String(this.before.fields['System.AreaPath']));
    demandAreaWrite(world, actor.id, String(this.fields['System.AreaPath']));
  }

  anyFieldChanged(): boolean {
    const names = new Set([...Object.keys(this.fields), ...Object.keys(this.before?.fields ?? {})]);
    for (const name of names) {
      if (!BOOKKEEPING.has(name) && !sameValue(this.before?.fields[name], this.fields[name])) return true;
    }
    return JSON.stringify(this.formats) !== JSON.stringify(this.before?.formats ?? {});
  }

  revision(relations: readonly Relation[]): Revision {
    const { world, actor } = this.context;
    const rev = (this.before?.rev ?? 0) + 1;
    const changedAt = this.changedAt();
    const by = this.givenIdentity('System.ChangedBy') ?? { identity: actor.id };
    world.counters.watermark += 1;
    const fields: Record<string, FieldValue> = {
      ...withoutLevels(this.fields),
      'System.Id': this.id(),
      'System.Rev': rev,
      ...treeFields(this.project, this.fields),
      'System.CreatedDate': this.createdDate(changedAt),
      'System.CreatedBy': this.givenIdentity('System.CreatedBy') ?? this.before?.fields['System.CreatedBy'] ?? by,
      'System.ChangedDate': dateText(changedAt),
      'System.ChangedBy': by,
      'System.AuthorizedDate': dateText(changedAt),
      'System.AuthorizedAs': { identity: actor.id },
      'System.PersonId': personNumber(actor),
      'System.Watermark': world.counters.watermark,
      ...(this.history === undefined ? {} : { 'System.History': this.history.text }),
    };
    return { rev, at: changedAt, watermark: world.counters.watermark, fields, relations, formats: this.formats };
  }

  private id(): number {
    return this.target.kind === 'update' ? this.target.item.id : -1;
  }

  private changedAt(): number {
    const given = this.changed.has('System.ChangedDate')
      ? parseDate(String(this.fields['System.ChangedDate']))
      : undefined;
    if (given === undefined) return this.at;
    if (given <= (this.before?.at ?? 0) || given > this.context.now) {
      throw fieldInvalid('VS402625: Dates must be increasing with each revision.');
    }
    return given;
  }

  private createdDate(changedAt: number): FieldValue {
    const given = this.changed.has('System.CreatedDate') ? this.fields['System.CreatedDate'] : undefined;
    return given ?? this.before?.fields['System.CreatedDate'] ?? dateText(changedAt);
  }

  private givenIdentity(name: string): FieldValue | undefined {
    return this.changed.has(name) ? this.fields[name] : undefined;
  }
}

/** A move to a shallower node must leave no level of the old one behind. */
const withoutLevels = (fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !/^System\.(?:Area|Iteration)Level\d$/.test(name)));

const personNumber = (person: Person): number => Number.parseInt(person.id.slice(0, 7), 16);

export function projectOf(world: World, revision: Revision | undefined): Project {
  const name = revision?.fields['System.TeamProject'];
  const project = world.projects.find((one) => one.name === name);
  if (project === undefined) throw new Error(`no project is named ${String(name)}`);
  return project;
}

export function typeOf(world: World, name: string, project: string): TypeDefinition {
  const wanted = name.toLowerCase();
  const type =
    world.types.get(wanted) ?? [...world.types.values()].find((one) => one.referenceName.toLowerCase() === wanted);
  if (type === undefined) throw typeNotFound(name, project);
  return type;
}

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
