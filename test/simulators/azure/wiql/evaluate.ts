// Runs a parsed WIQL query over the work items as the index has them.
import type { FieldDefinition } from '../data/fields.ts';
import { queryTooLarge, wiqlSyntax } from '../errors.ts';
import { allFields, visibleRelations } from '../store/derived.ts';
import { isIdentity, type Relation, type Revision, type WorkItem } from '../store/model.ts';
import { mayRead } from '../store/people.ts';
import { compile, order, type Test } from './conditions.ts';
import { findField, type LinkRow, type QueryContext, type QueryResult, type Row } from './context.ts';
import { dateOf, shownOperand } from './operands.ts';
import type { Operand, Query, SortColumn } from './parser.ts';

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
