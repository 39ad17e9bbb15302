// Turns the WHERE clause of a query into a test of rows.
import type { FieldDefinition } from '../data/fields.ts';
import { relationType } from '../data/relations.ts';
import { wiqlSyntax } from '../errors.ts';
import { textOf } from '../html.ts';
import { startOfDay } from '../store/clock-text.ts';
import { latestVersion } from '../store/comments.ts';
import { type FieldValue, isIdentity, type TreeNode } from '../store/model.ts';
import { resolvePerson } from '../store/people.ts';
import { nodeByPath, pathOf } from '../store/tree.ts';
import { splitTags } from '../store/values.ts';
import { findField, type QueryContext, type Row } from './context.ts';
import { dateOperand, scalarOperand, textOperand } from './operands.ts';
import type { Condition, Operand, Query } from './parser.ts';

export interface Subject {
  readonly item: Row;
  readonly source: Row;
  readonly target: Row;
  readonly rel: string;
}

export type Test = (subject: Subject) => boolean;

export function compile(context: QueryContext, condition: Condition, query: Query): Test {
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
    // What was said of the item, wherever it stands in its history.
    if (field.type === 'history') return discussion(row);
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

const discussion = ({ item, revision }: Row): string =>
  item.comments
    .filter((comment) => comment.createdInRevision <= revision.rev && !latestVersion(comment).isDeleted)
    .map((comment) => textOf(latestVersion(comment).text).toLowerCase())
    .join('\n');

/** https://github.com/nkdAgility/azure-devops-migration-tools/issues/2171 has the words. */
function nodeOf(context: QueryContext, field: FieldDefinition, wanted: string): TreeNode {
  const kind = field.referenceName === 'System.AreaPath' ? 'area' : 'iteration';
  for (const project of context.world.projects) {
    const node = nodeByPath(project, kind, wanted);
    if (node !== undefined) return node;
  }
  throw wiqlSyntax(51011, `The specified ${kind} path does not exist.`, `'${wanted}'`);
}

function under(context: QueryContext, field: FieldDefinition, operand: Operand | undefined): (row: Row) => boolean {
  if (field.type !== 'treePath') {
    throw wiqlSyntax(51012, 'The UNDER operator is only supported for tree paths.', `[${field.referenceName}]`);
  }
  const wanted = String(textOperand(context, operand) ?? '');
  const prefix = pathOf(nodeOf(context, field, wanted)).toLowerCase();
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
  const wanted = field.type === 'dateTime' ? dateOperand(context, operand) : scalarOperand(context, field, operand);
  if (wanted === undefined) {
    return (row) => (operator === '=' ? value(row) === undefined : operator === '<>' && value(row) !== undefined);
  }
  if (field.type === 'treePath') nodeOf(context, field, String(wanted));
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

export const order = (a: string | number, b: string | number): number =>
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
