// One save in the making: fields, formats and history of the next revision, read from a patch and held against the rules.
// Nothing is written into the world here.
import type { FieldDefinition } from '../data/fields.ts';
import type { TypeDefinition } from '../data/types.ts';
import {
  fieldInvalid,
  fieldNotFound,
  formatNotSupported,
  invalidArgument,
  invalidTreeName,
  type RuleViolation,
  ruleErrors,
} from '../errors.ts';
import { dateText, parseDate } from './clock-text.ts';
import { treeFields } from './derived.ts';
import { projectOf, typeOf } from './lookups.ts';
import type { Fields, FieldValue, Person, Project, Relation, Revision, TextFormat } from './model.ts';
import type { PatchResult } from './patch.ts';
import { demandAreaWrite } from './people.ts';
import { applyRules } from './rules.ts';
import type { SaveContext, SaveOptions, SaveTarget } from './save.ts';
import { nodeByPath, pathOf } from './tree.ts';
import { demandWritable, parseValue, sameValue } from './values.ts';

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

/** Its methods run in the order of saveWorkItem. */
export class Draft {
  readonly at: number;
  readonly fields: Record<string, FieldValue>;
  readonly formats: Record<string, TextFormat>;
  readonly changed = new Set<string>();
  history: { readonly text: string; readonly format: TextFormat } | undefined;
  project: Project;
  type: TypeDefinition;
  private historyFormat: TextFormat = 'html';
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
      if (field?.type !== 'html' && field?.type !== 'history') throw formatNotSupported(name);
      if (format !== 'markdown' && format !== 'html') {
        throw invalidArgument(`The multiline field format '${String(wanted)}' is not valid for field '${name}'.`);
      }
      // A comment has its format in itself: the next one is HTML again.
      if (field.type === 'history') {
        this.historyFormat = format;
        continue;
      }
      if (format !== (this.formats[name] ?? 'html') && !this.patch.fields.has(name)) {
        throw invalidArgument(`The type changed without a value for field '${name}'.`);
      }
      if (format === 'markdown') this.formats[name] = 'markdown';
      else delete this.formats[name];
    }
  }

  private readField(field: FieldDefinition, given: unknown): void {
    const { world, textLimits } = this.context;
    const name = field.referenceName;
    const previous = this.before?.fields[name];
    const format = field.type === 'history' ? this.historyFormat : (this.formats[name] ?? 'html');
    const parsed = parseValue(world, field, given, format, textLimits, previous);
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
      this.history = { text: String(value), format: this.historyFormat };
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
    // A value that could not be read is not also missing.
    const told = new Set(this.violations.map(({ referenceName }) => referenceName));
    const [first, ...rest] = [...this.violations, ...found.filter(({ referenceName }) => !told.has(referenceName))];
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
