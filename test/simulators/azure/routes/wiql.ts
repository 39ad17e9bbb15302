// Queries: WIQL as text, and saved ones by id. The query language itself is in wiql/.
import { z } from 'zod';
import { invalidArgument } from '../errors.ts';
import { type Call, json, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { findField, type LinkRow } from '../wiql/context.ts';
import { runQuery } from '../wiql/evaluate.ts';
import { parseWiql } from '../wiql/parser.ts';
import { body, boolean, integer } from './read.ts';

/** Characters of a query, https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits */
const QUERY_LENGTH = 32_000;

async function byWiql(call: Call): Promise<Response> {
  const { query: text } = await body(call, z.object({ query: z.string() }));
  if (text.trim() === '') throw invalidArgument('The query must not be empty.');
  if (text.length > QUERY_LENGTH) throw invalidArgument(`A query can have at most ${QUERY_LENGTH} characters.`);
  return run(call, text);
}

export function run(call: Call, text: string): Response {
  const { simulator } = call;
  const { world, settings } = simulator;
  const now = simulator.clock.now();
  const query = parseWiql(text);
  const result = runQuery(
    {
      world,
      person: call.caller.person,
      project: call.project,
      team: call.team,
      indexedUntil: now - settings.indexLagMs,
      now,
      timePrecision: boolean(call, 'timePrecision'),
      limit: settings.queryResults,
      top: integer(call, '$top'),
    },
    query,
  );
  const { base } = viewOf(simulator);
  const home = call.project === undefined ? base : `${base}/${call.project.id}`;
  const reference = (name: string) => {
    const field = findField(world, name);
    return {
      referenceName: field.referenceName,
      name: field.name,
      url: `${base}/_apis/wit/fields/${field.referenceName}`,
    };
  };
  const item = (id: number) => ({ id, url: `${home}/_apis/wit/workItems/${id}` });
  const head = {
    asOf: dateText(now),
    columns: query.columns.map(reference),
    ...(query.orderBy.length === 0
      ? {}
      : { sortColumns: query.orderBy.map(({ field, descending }) => ({ field: reference(field), descending })) }),
  };
  if (result.kind === 'items') {
    return json({
      queryType: 'flat',
      queryResultType: 'workItem',
      ...head,
      workItems: result.rows.map((row) => item(row.item.id)),
    });
  }
  const link = ({ source, target, rel }: LinkRow) => ({
    rel: rel ?? null,
    source: source === undefined ? null : item(source.item.id),
    target: item(target.item.id),
  });
  return json({
    queryType: result.recursive ? 'tree' : 'oneHop',
    queryResultType: 'workItemLink',
    ...head,
    workItemRelations: result.rows.map(link),
  });
}

export const WIQL_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: 'wit/wiql', scope: 'vso.work', handler: byWiql },
];
