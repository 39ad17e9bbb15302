// Makes a predicate and an order of a parsed query, or refuses it with all its errors, as Jira does.
import type { Clause, Field, Operand, OrderByField, TerminalClause } from '@atlaskit/jql-ast';
import { badRequest } from '../errors.ts';
import type { Indexed } from '../search-index.ts';
import { dateFunction } from './dates.ts';
import { type Comparable, type JqlContext, type JqlField, jqlField, type Operator } from './fields.ts';
import { listFunction } from './functions.ts';
import type { Query } from './parse.ts';
import { propertyField } from './properties.ts';
import { textMatcher } from './text.ts';

export type Predicate = (indexed: Indexed) => boolean;

export interface SortKey {
  readonly descending: boolean;
  /** Undefined: empty, which stands last when ascending. */
  readonly of: (indexed: Indexed) => Comparable | undefined;
  readonly field: string;
}

export interface CompiledQuery {
  readonly matches: Predicate;
  readonly order: readonly SortKey[];
  /** Issues that can match at all, when the query says so; undefined: any. */
  readonly only: { readonly ids: readonly number[] } | { readonly updatedFrom: number } | undefined;
}

const UNBOUNDED = 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.';

export function compileQuery(context: JqlContext, query: Query): CompiledQuery {
  const errors: string[] = [];
  const { where } = query;
  const matches = where === undefined ? () => true : compileClause(context, where, errors);
  const order = (query.orderBy?.fields ?? []).flatMap((field) => sortKey(context, field, errors));
  if (errors.length > 0) throw badRequest(...new Set(errors));
  // Only a query without any condition counts as unbounded: raycast/extensions issue 21425.
  if (where === undefined) throw badRequest(UNBOUNDED);
  return { matches, order, only: restriction(context, where) };
}

/** The errors alone, for jql/parse. */
export function queryErrors(context: JqlContext, query: Query): readonly string[] {
  const errors: string[] = [];
  if (query.where !== undefined) compileClause(context, query.where, errors);
  for (const field of query.orderBy?.fields ?? []) sortKey(context, field, errors);
  return [...new Set(errors)];
}

function compileClause(context: JqlContext, clause: Clause, errors: string[]): Predicate {
  switch (clause.clauseType) {
    case 'compound': {
      const parts = clause.clauses.map((part) => compileClause(context, part, errors));
      return clause.operator.value === 'and'
        ? (indexed) => parts.every((part) => part(indexed))
        : (indexed) => parts.some((part) => part(indexed));
    }
    case 'not': {
      const inner = compileClause(context, clause.clause, errors);
      return (indexed) => !inner(indexed);
    }
    case 'terminal':
      return compileTerminal(context, clause, errors);
    default:
      return clause satisfies never;
  }
}

const NEVER: Predicate = () => false;

function findField(context: JqlContext, field: Field): JqlField | undefined {
  const property = field.properties?.[0];
  if (property === undefined) return jqlField(context, field.value);
  if (field.value.toLowerCase() !== 'issue.property' || property.key === undefined) return undefined;
  return propertyField(context, property.key.value, property.path?.map(({ value }) => value).join('') ?? '');
}

const noField = (context: JqlContext, name: string): string =>
  context.caller.person === undefined
    ? `Field '${name}' does not exist or this field cannot be viewed by anonymous users.`
    : `Field '${name}' does not exist or you do not have permission to view it.`;

function compileTerminal(context: JqlContext, clause: TerminalClause, errors: string[]): Predicate {
  const name = clause.field.text.replace(/^"|"$/g, '');
  const field = findField(context, clause.field);
  if (field === undefined) {
    errors.push(noField(context, name));
    return NEVER;
  }
  const operator = clause.operator?.value;
  const operand = clause.operand;
  if (operator === undefined || operator === 'changed' || operator.startsWith('was')) {
    errors.push(`History searches do not support the '${name}' field.`);
    return NEVER;
  }
  if (!field.operators.includes(operator as Operator)) {
    errors.push(`The operator '${operator}' is not supported by the '${name}' field.`);
    return NEVER;
  }
  if (!operand) {
    errors.push(`The operator '${operator}' needs a value for the field '${name}'.`);
    return NEVER;
  }
  const wanted = readOperand(context, field, name, operand, errors);
  if (field.kind === 'text' && (operator === '~' || operator === '!~') && wanted.some((value) => value === '')) {
    errors.push(`The field '${name}' does not support searching for an empty string.`);
    return NEVER;
  }
  return compare(field, operator as Operator, wanted);
}

/** Undefined stands for EMPTY. */
function readOperand(
  context: JqlContext,
  field: JqlField,
  name: string,
  operand: Operand,
  errors: string[],
): readonly (Comparable | undefined)[] {
  switch (operand.operandType) {
    case 'keyword':
      return [undefined];
    case 'list':
      return operand.values.flatMap((value) => readOperand(context, field, name, value, errors));
    case 'function': {
      const { value: called } = operand.function;
      const zone = context.caller.zone;
      const args = operand.arguments.map(({ value }) => value);
      const list = listFunction(context, field, name, called, args);
      if (list !== undefined) {
        if ('values' in list) return list.values;
        errors.push(list.error);
        return [];
      }
      const at = dateFunction(called, args, { now: context.now, zone });
      if (at !== undefined && field.kind === 'instant') return [at];
      if (at !== undefined && field.kind === 'date') return asComparable(field.resolve(String(at)), errors);
      errors.push(`Unable to find JQL function '${called}(${args.join(', ')})'.`);
      return [];
    }
    case 'value':
      if (field.emptyWord !== undefined && operand.value.toLowerCase() === field.emptyWord) return [undefined];
      return asComparable(field.resolve(operand.value), errors);
    default:
      return operand satisfies never;
  }
}

function asComparable(resolved: Comparable | { readonly error: string }, errors: string[]): readonly Comparable[] {
  if (typeof resolved !== 'object') return [resolved];
  errors.push(resolved.error);
  return [];
}

/** A negated comparison does not match what is empty, unlike NOT around the comparison. */
function compare(field: JqlField, operator: Operator, wanted: readonly (Comparable | undefined)[]): Predicate {
  const set = new Set(wanted);
  const [first] = wanted;
  const holds = (values: readonly Comparable[]): boolean =>
    values.length === 0 ? set.has(undefined) : values.some((value) => set.has(value));
  const ordered = (test: (value: Comparable, bound: Comparable) => boolean): Predicate =>
    first === undefined
      ? NEVER
      : (indexed) => field.values(indexed).some((value) => typeof value === typeof first && test(value, first));
  switch (operator) {
    case '=':
    case 'in':
      return (indexed) => holds(field.values(indexed));
    case '!=':
    case 'not in':
      return (indexed) => {
        const values = field.values(indexed);
        return values.length > 0 && !holds(values);
      };
    case 'is':
      return (indexed) => field.values(indexed).length === 0;
    case 'is not':
      return (indexed) => field.values(indexed).length > 0;
    case '<':
      return ordered((value, bound) => value < bound);
    case '<=':
      return ordered((value, bound) => value <= bound);
    case '>':
      return ordered((value, bound) => value > bound);
    case '>=':
      return ordered((value, bound) => value >= bound);
    case '~':
    case '!~': {
      const contains = textMatcher(String(first ?? ''));
      const wants = operator === '~';
      return (indexed) => {
        const values = field.values(indexed);
        return values.length > 0 && values.some((value) => contains(String(value))) === wants;
      };
    }
    default:
      return operator satisfies never;
  }
}

function sortKey(context: JqlContext, { field: named, direction }: OrderByField, errors: string[]): readonly SortKey[] {
  const name = named.text.replace(/^"|"$/g, '');
  const field = findField(context, named);
  if (field === undefined) errors.push(noField(context, name));
  else if (!field.sortable) errors.push(`Not able to sort using field '${name}'.`);
  else {
    const descending = direction?.value.toLowerCase() === 'desc';
    const of = (indexed: Indexed): Comparable | undefined => {
      const value = field.values(indexed)[0];
      return value === undefined || field.rank === undefined ? value : field.rank(value);
    };
    return [{ descending, of, field: named.value.toLowerCase() }];
  }
  return [];
}

const UPDATED = new Set(['updated', 'updateddate']);
const ISSUE = new Set(['key', 'issuekey', 'issue', 'id']);

/** Looks for a condition, at the top or in an AND there, that leaves few issues. */
function restriction(context: JqlContext, clause: Clause): CompiledQuery['only'] {
  if (clause.clauseType === 'compound' && clause.operator.value === 'and') {
    for (const part of clause.clauses) {
      const found = restriction(context, part);
      if (found !== undefined) return found;
    }
    return undefined;
  }
  if (clause.clauseType !== 'terminal' || !clause.operand) return undefined;
  const name = clause.field.value.toLowerCase();
  const operator = clause.operator?.value;
  const field = jqlField(context, name);
  if (field === undefined) return undefined;
  const values = (): readonly Comparable[] =>
    clause.operand ? readOperand(context, field, name, clause.operand, []).filter((value) => value !== undefined) : [];
  if (ISSUE.has(name) && (operator === '=' || operator === 'in')) {
    return { ids: values().filter((value) => typeof value === 'number') };
  }
  if (UPDATED.has(name) && (operator === '>' || operator === '>=')) {
    const [from] = values();
    return typeof from === 'number' ? { updatedFrom: from } : undefined;
  }
  return undefined;
}
