// Runs a parsed WIQL query over the work items as the index has them.
import type { FieldDefinition } from '../data/fields.ts';
import { relationType } from '../data/relations.ts';
import { queryTooLarge, wiqlSyntax } from '../errors.ts';
import { textOf } from '../html.ts';
import { parseDate, startOfDay } from '../store/clock-text.ts';
import { allFields, visibleRelations } from '../store/derived.ts';
import {
  type FieldValue,
  isIdentity,
  type Person,
  type Project,
  type Relation,
  type Revision,
  type Team,
  type WorkItem,
  type World,
} from '../store/model.ts';
import { mayRead, resolvePerson } from '../store/people.ts';
import { nodeByPath, pathOf } from '../store/tree.ts';
import { splitTags } from '../store/values.ts';
import type { Condition, Operand, Query, SortColumn } from './parser.ts';

export interface QueryContext {
  readonly world: World;
  readonly person: Person;
  readonly project: Project | undefined;
  readonly team: Team | undefined;
  /** The query sees what was saved up to here, milliseconds. */
  readonly indexedUntil: number;
  readonly now: number;
  /** Without it, dates compare by day and may not carry a time. */
  readonly timePrecision: boolean;
  readonly limit: number;
  readonly top: number | undefined;
}

export interface Row {
  readonly item: WorkItem;
  readonly revision: Revision;
  readonly fields: Readonly<Record<string, FieldValue>>;
}

export interface LinkRow {
  readonly source: Row | undefined;
  readonly target: Row;
  readonly rel: string | undefined;
}

export type QueryResult =
  | { readonly kind: 'items'; readonly rows: readonly Row[] }
  | { readonly kind: 'links'; readonly rows: readonly LinkRow[]; readonly recursive: boolean };

const DAY_MS = 86_400_000;

export function findField(world: World, name: string): FieldDefinition {
  const wanted = name.toLowerCase();
  const field = world.fields.get(wanted) ?? [...world.fields.values()].find((one) => one.name.toLowerCase() === wanted);
  if (field === undefined) throw wiqlSyntax(51005, 'The query references a field that does not exist.', `[${name}]`);
  return field;
}

export function runQuery(context: QueryContext, query: Query): QueryResult {
  for (const name of [...query.columns, ...query.orderBy.map((column) => column.field)]) findField(context.world, name);
  const at = query.asOf === undefined ? context.indexedUntil : asOfTime(context, query.asOf);
  const test = query.where === undefined ? () => true : compile(context, query.where, query);
  if (query.from === 'WorkItemLinks') return runLinks(context, query, at, test);
  const rows: Row[] = [];
  for (const row of indexed(context, at)) {
    if (!test({ item: row, source: row, target: row, rel: '' })) continue;
    rows.push(row);
    // `$top` cuts the answer, and the limit holds for what is answered.
    if (context.top === undefined && rows.length > context.limit) throw queryTooLarge(context.limit);
  }
  const sorted = sortRows(context, rows, query.orderBy);
  return { kind: 'items', rows: sorted.slice(0, Math.min(context.top ?? context.limit, context.limit)) };
}

function asOfTime(context: QueryContext, operand: Operand): number {
  const ms = dateOf(context, operand);
  if (ms === undefined) throw wiqlSyntax(51009, 'The ASOF clause needs a date.', shownOperand(operand));
  return Math.min(ms, context.indexedUntil);
}

/** Items as they stood at `at`, without those deleted by then or hidden from the caller. */
function* indexed(context: QueryContext, at: number): Generator<Row> {
  for (const item of context.world.items.values()) {
    const revision = revisionAt(item, at);
    if (revision === undefined || revision.fields['System.IsDeleted'] === true) continue;
    if (!mayRead(context.world, context.person.id, item)) continue;
    yield { item, revision, fields: allFields(context.world, item, revision) };
  }
}

function revisionAt(item: WorkItem, at: number): Revision | undefined {
  const last = item.revisions.at(-1);
  if (last !== undefined && last.at <= at) return last;
  return item.revisions.findLast((revision) => revision.at <= at);
}

interface Subject {
  readonly item: Row;
  readonly source: Row;
  readonly target: Row;
  readonly rel: string;
}

type Test = (subject: Subject) => boolean;

function compile(context: QueryContext, condition: Condition, query: Query): Test {
  switch (condition.kind) {
    case 'and': {
      const left = compile(context, condition.left, query);
      const right = compile(context, condition.right, query);
      return (subject) => left(subject) && right(subject);
    }
    case 'or': {
      const left = compile(context, condition.left, query);
      const right = compile(context, condition.right, query);
      return (subject) => left(subject) || right(subject);
    }
    case 'not': {
      const inner = compile(context, condition.inner, query);
      return (subject) => !inner(subject);
    }
    case 'compare': {
      if (condition.side === 'link') return linkTest(condition.operator, condition.operands);
      if (condition.side !== 'item' && query.from === 'WorkItems') {
        throw wiqlSyntax(51000, 'The query has an incorrect expression.', condition.side);
      }
      const { side } = condition;
      const test = fieldTest(context, findField(context.world, condition.field), condition);
      return (subject) => test(subject[side]);
    }
    default:
      return condition satisfies never;
  }
}

function linkTest(operator: string, operands: readonly Operand[]): Test {
  const names = operands.map((operand) => (operand.kind === 'string' ? operand.text : ''));
  const references = names.map((name) => relationType(name)?.referenceName ?? name.toLowerCase());
  const negative = operator === '<>';
  return ({ rel }) => {
    const known = references.some((name) => name === rel || name === rel.replace(/-(?:Forward|Reverse)$/, ''));
    return negative ? !known : known || references.includes('');
  };
}

type Compare = Extract<Condition, { kind: 'compare' }>;

function fieldTest(context: QueryContext, field: FieldDefinition, condition: Compare): (row: Row) => boolean {
  const { operator, operands } = condition;
  const [operand] = operands;
  const value = (row: Row): FieldValue | undefined => row.fields[field.referenceName];
  switch (operator) {
    case 'is empty':
      return (row) => value(row) === undefined;
    case 'contains':
    case 'contains words':
      return containing(context, field, operator === 'contains words', operand);
    case 'under':
      return under(context, field, operand);
    case 'in group':
      return inGroup(context, field, operand);
    case 'ever': {
      const same = comparison(context, field, '=', operand);
      return ({ item, revision }) =>
        item.revisions.some((one) => one.rev <= revision.rev && same({ item, revision: one, fields: one.fields }));
    }
    case 'in': {
      const tests = operands.map((one) => comparison(context, field, '=', one));
      return (row) => tests.some((test) => test(row));
    }
    default:
      return comparison(context, field, operator, operand);
  }
}

function containing(
  context: QueryContext,
  field: FieldDefinition,
  words: boolean,
  operand: Operand | undefined,
): (row: Row) => boolean {
  const wanted = String(textOperand(context, operand) ?? '').toLowerCase();
  if (field.referenceName === 'System.Tags') {
    const names = wanted.split(';').map((name) => name.trim());
    return (row) => {
      const tags = splitTags(row.fields['System.Tags']).map((tag) => tag.toLowerCase());
      return names.every((name) => tags.includes(name));
    };
  }
  if (field.type === 'integer' || field.type === 'double' || field.type === 'dateTime' || field.type === 'boolean') {
    throw wiqlSyntax(51011, 'The CONTAINS operator is not supported for this field.', `[${field.referenceName}]`);
  }
  const text = (row: Row): string => {
    const value = row.fields[field.referenceName];
    if (isIdentity(value)) return context.world.people.get(value.identity)?.displayName.toLowerCase() ?? '';
    return textOf(String(value ?? '')).toLowerCase();
  };
  if (!words) return (row) => text(row).includes(wanted);
  const prefix = wanted.endsWith('*');
  const parts = wanted
    .replaceAll('*', '')
    .split(/\s+/)
    .filter((part) => part !== '');
  return (row) => {
    const have = text(row).split(/[^\p{L}\p{N}]+/u);
    return parts.every((part, index) =>
      have.some((word) => (prefix && index === parts.length - 1 ? word.startsWith(part) : word === part)),
    );
  };
}

function under(context: QueryContext, field: FieldDefinition, operand: Operand | undefined): (row: Row) => boolean {
  if (field.type !== 'treePath') {
    throw wiqlSyntax(51012, 'The UNDER operator is only supported for tree paths.', `[${field.referenceName}]`);
  }
  const wanted = String(textOperand(context, operand) ?? '');
  const kind = field.referenceName === 'System.AreaPath' ? 'area' : 'iteration';
  const node = context.world.projects
    .map((project) => nodeByPath(project, kind, wanted))
    .find((one) => one !== undefined);
  if (node === undefined) {
    const what = kind === 'area' ? 'area' : 'iteration';
    throw wiqlSyntax(51011, `The specified ${what} path does not exist.`, wanted);
  }
  const prefix = pathOf(node).toLowerCase();
  return (row) => {
    const path = String(row.fields[field.referenceName] ?? '').toLowerCase();
    return path === prefix || path.startsWith(`${prefix}\\`);
  };
}

/** A category of types (`Microsoft.BugCategory`) or a team of people (`[Tandem]\Tandem Team`). */
function inGroup(context: QueryContext, field: FieldDefinition, operand: Operand | undefined): (row: Row) => boolean {
  const wanted = String(textOperand(context, operand) ?? '').toLowerCase();
  const teamName = wanted.replace(/^\[[^\]]*\]\\/, '');
  const team = context.world.projects
    .flatMap((project) => project.teams)
    .find((one) => one.name.toLowerCase() === teamName);
  if (field.isIdentity) {
    const members = new Set(team?.members.map((member) => member.personId) ?? []);
    return (row) => {
      const value = row.fields[field.referenceName];
      return isIdentity(value) && members.has(value.identity);
    };
  }
  const word = /^microsoft\.(\w+)category$/.exec(wanted)?.[1] ?? '';
  const name = word === 'requirement' ? 'user story' : word === 'testcase' ? 'test case' : word;
  return (row) => String(row.fields[field.referenceName] ?? '').toLowerCase() === name;
}

type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

function comparison(
  context: QueryContext,
  field: FieldDefinition,
  operator: Comparator,
  operand: Operand | undefined,
): (row: Row) => boolean {
  const value = (row: Row): FieldValue | undefined => row.fields[field.referenceName];
  const decide = (order: number): boolean => {
    switch (operator) {
      case '=':
        return order === 0;
      case '<>':
        return order !== 0;
      case '<':
        return order < 0;
      case '<=':
        return order <= 0;
      case '>':
        return order > 0;
      case '>=':
        return order >= 0;
      default:
        return operator satisfies never;
    }
  };
  if (operand === undefined) return () => false;
  if (operand.kind === 'field') {
    const other = findField(context.world, operand.name);
    return (row) => {
      const left = value(row);
      const right = row.fields[other.referenceName];
      if (left === undefined || right === undefined) return operator === '<>' && left !== right;
      return decide(order(comparable(left), comparable(right)));
    };
  }
  if (field.isIdentity) return identityTest(context, field, operator, operand);
  const wanted = field.type === 'dateTime' ? dateText(context, operand) : scalar(context, field, operand);
  if (wanted === undefined) {
    return (row) => (operator === '=' ? value(row) === undefined : operator === '<>' && value(row) !== undefined);
  }
  if (field.type === 'dateTime') return dateTest(context, field, decide, operator, Number(wanted));
  if (field.referenceName === 'System.Tags' && (operator === '=' || operator === '<>')) {
    return (row) => decide(order(String(value(row) ?? '').toLowerCase(), String(wanted).toLowerCase()));
  }
  return (row) => {
    const left = value(row);
    if (left === undefined) return operator === '<>';
    return decide(order(comparable(left), comparable(wanted)));
  };
}

const comparable = (value: FieldValue): string | number =>
  isIdentity(value) ? value.identity : typeof value === 'number' ? value : String(value).toLowerCase();

const order = (a: string | number, b: string | number): number =>
  typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b), 'en');

function identityTest(
  context: QueryContext,
  field: FieldDefinition,
  operator: Comparator,
  operand: Operand,
): (row: Row) => boolean {
  if (operator !== '=' && operator !== '<>') {
    throw wiqlSyntax(51013, 'The operator is not supported for identities.', `[${field.referenceName}]`);
  }
  const text = String(textOperand(context, operand) ?? '');
  const found = text === '' ? undefined : resolvePerson(context.world, text);
  const wanted = found?.kind === 'found' ? found.person.id : undefined;
  return (row) => {
    const value = row.fields[field.referenceName];
    const same = text === '' ? value === undefined : isIdentity(value) && value.identity === wanted;
    return operator === '=' ? same : !same;
  };
}

function dateTest(
  context: QueryContext,
  field: FieldDefinition,
  decide: (order: number) => boolean,
  operator: Comparator,
  wanted: number,
): (row: Row) => boolean {
  const zone = context.person.timeZone;
  const reduce = (ms: number): number => (context.timePrecision ? ms : startOfDay(ms, zone));
  const right = reduce(wanted);
  return (row) => {
    const value = row.fields[field.referenceName];
    const ms = value === undefined ? undefined : Date.parse(String(value));
    if (ms === undefined || Number.isNaN(ms)) return operator === '<>';
    return decide(reduce(ms) - right);
  };
}

/** Milliseconds; undefined for an empty string. */
function dateText(context: QueryContext, operand: Operand): number | undefined {
  if (operand.kind === 'string' && operand.text.trim() === '') return undefined;
  const ms = dateOf(context, operand);
  if (ms === undefined) throw wiqlSyntax(51014, 'The query has a date that cannot be read.', shownOperand(operand));
  const hasTime = operand.kind === 'string' && /\d:\d/.test(operand.text);
  if (hasTime && !context.timePrecision) {
    throw wiqlSyntax(
      51015,
      'You cannot supply a time with the date when running a query using date precision.',
      shownOperand(operand),
    );
  }
  return ms;
}

function dateOf(context: QueryContext, operand: Operand): number | undefined {
  const zone = context.person.timeZone;
  if (operand.kind === 'string') {
    const ms = parseDate(operand.text);
    const dayOnly = !/\d:\d/.test(operand.text);
    // A day without a time is a day of the caller's own calendar.
    return ms !== undefined && dayOnly ? startOfDay(ms + DAY_MS / 2, zone) : ms;
  }
  if (operand.kind !== 'macro') return undefined;
  const today = new Date(startOfDay(context.now, zone) + DAY_MS / 2);
  const month = today.getUTCMonth();
  switch (operand.name.toLowerCase()) {
    case 'today':
      return startOfDay(today.getTime() + operand.offset * DAY_MS, zone);
    case 'startofday':
      return startOfDay(today.getTime() + operand.offset * DAY_MS, zone);
    case 'startofweek':
      return startOfDay(today.getTime() + (operand.offset * 7 - today.getUTCDay()) * DAY_MS, zone);
    case 'startofmonth':
      return Date.UTC(today.getUTCFullYear(), month + operand.offset, 1);
    case 'startofyear':
      return Date.UTC(today.getUTCFullYear() + operand.offset, 0, 1);
    default:
      return undefined;
  }
}

function scalar(context: QueryContext, field: FieldDefinition, operand: Operand): FieldValue | undefined {
  const given = textOperand(context, operand);
  if (given === undefined || given === '') return undefined;
  if (field.type === 'integer' || field.type === 'double') {
    const number = Number(given);
    if (Number.isNaN(number)) {
      throw wiqlSyntax(51016, 'The query compares a number with something else.', shownOperand(operand));
    }
    return number;
  }
  if (field.type === 'boolean') return /^(?:true|1)$/i.test(String(given));
  return String(given);
}

function textOperand(context: QueryContext, operand: Operand | undefined): string | number | boolean | undefined {
  if (operand === undefined) return undefined;
  switch (operand.kind) {
    case 'string':
      return operand.text;
    case 'number':
    case 'boolean':
      return operand.value;
    case 'field':
      throw wiqlSyntax(51000, 'The query has an incorrect expression.', `[${operand.name}]`);
    case 'macro':
      return macroText(context, operand);
    default:
      return operand satisfies never;
  }
}

function macroText(context: QueryContext, macro: Extract<Operand, { kind: 'macro' }>): string {
  switch (macro.name.toLowerCase()) {
    case 'me':
      return context.person.uniqueName;
    case 'project':
      if (context.project === undefined) {
        throw wiqlSyntax(51017, 'The @Project macro needs a project in the path.', '@project');
      }
      return context.project.name;
    case 'currentiteration': {
      const iteration = currentIteration(context, macro.offset);
      if (iteration === undefined) {
        throw wiqlSyntax(
          51018,
          'The @CurrentIteration macro needs a team with a current iteration.',
          '@currentIteration',
        );
      }
      return iteration;
    }
    default:
      throw wiqlSyntax(51019, 'The query has a macro that is not known.', `@${macro.name}`);
  }
}

function currentIteration(context: QueryContext, offset: number): string | undefined {
  const team = context.team ?? context.project?.teams[0];
  const dated = (team?.iterations ?? [])
    .filter((node) => node.startDate !== undefined)
    .toSorted((a, b) => String(a.startDate).localeCompare(String(b.startDate)));
  const at = dated.findIndex(
    (node) =>
      Date.parse(String(node.startDate)) <= context.now && context.now < Date.parse(String(node.finishDate)) + DAY_MS,
  );
  const node = at === -1 ? undefined : dated[at + offset];
  return node === undefined ? undefined : pathOf(node);
}

function shownOperand(operand: Operand): string {
  switch (operand.kind) {
    case 'string':
      return operand.text;
    case 'number':
    case 'boolean':
      return String(operand.value);
    case 'field':
      return `[${operand.name}]`;
    case 'macro':
      return `@${operand.name}`;
    default:
      return operand satisfies never;
  }
}

function sortRows(context: QueryContext, rows: readonly Row[], columns: readonly SortColumn[]): readonly Row[] {
  if (columns.length === 0) return rows;
  const fields = columns.map((column) => ({ ...column, field: findField(context.world, column.field) }));
  const key = (row: Row, field: FieldDefinition): string | number | undefined => {
    const value = row.fields[field.referenceName];
    if (isIdentity(value)) return context.world.people.get(value.identity)?.displayName;
    return typeof value === 'boolean' ? Number(value) : value;
  };
  return rows.toSorted((a, b) => {
    for (const { field, descending } of fields) {
      const [left, right] = [key(a, field), key(b, field)];
      if (left === right) continue;
      const sign = left === undefined ? -1 : right === undefined ? 1 : order(left, right);
      if (sign !== 0) return descending ? -sign : sign;
    }
    return a.item.id - b.item.id;
  });
}

function runLinks(context: QueryContext, query: Query, at: number, test: Test): QueryResult {
  const rows = new Map([...indexed(context, at)].map((row) => [row.item.id, row]));
  const links = (row: Row): { rel: string; target: Row }[] =>
    visibleRelations(context.world, row.revision.relations).flatMap((relation: Relation) => {
      const target = relation.target === undefined ? undefined : rows.get(relation.target);
      return target === undefined ? [] : [{ rel: relation.rel, target }];
    });
  const found: LinkRow[] = [];
  for (const source of sortRows(context, [...rows.values()], query.orderBy)) {
    const matching = links(source).filter(({ rel, target }) => test({ item: source, source, target, rel }));
    // An item that satisfies the conditions on sources shows itself before its links.
    const alone = query.mode !== 'MustContain' && matching.length === 0 && query.mode !== 'Recursive';
    if (matching.length > 0 || (alone && query.mode === 'DoesNotContain')) {
      found.push({ source: undefined, target: source, rel: undefined });
    }
    if (query.mode === 'DoesNotContain') continue;
    for (const { rel, target } of matching) found.push({ source, target, rel });
    if (found.length > context.limit) throw queryTooLarge(context.limit);
  }
  return { kind: 'links', rows: found, recursive: query.mode === 'Recursive' };
}
