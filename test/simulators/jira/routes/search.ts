// Search by JQL, the approximate count, and the parser as an operation.
import { Hono } from 'hono';
import { z } from 'zod';
import { isRecord } from '../adf.ts';
import { badRequest } from '../errors.ts';
import { BAD_PAYLOAD, type Ctx, type Env, expandOf, type Routes, readObjectBody, strings } from '../http.ts';
import { checkPropertyCount, issueView, namesOf, readList, schemaOf, selectFields } from '../issue-view.ts';
import { queryErrors } from '../jql/compile.ts';
import type { JqlContext } from '../jql/fields.ts';
import { parseJql } from '../jql/parse.ts';
import { queryStructure } from '../jql/structure.ts';
import { countMatches, searchPage } from '../search.ts';
import type { View } from '../views.ts';
import type { World } from '../world.ts';

/** Pages with fields are cut to 100, with ids or keys alone to 5,000: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ */
const PAGE_WITH_FIELDS = 100;
const PAGE_OF_IDS = 5_000;
const DEFAULT_PAGE = 50;
const RECONCILABLE = 50;

/**
 * Another `maxResults` is refused, not cut: https://github.com/jenkinsci/jira-plugin/issues/646. A body with anything unknown, or of
 * the wrong type, is refused as a whole; digits in quotes do as a number: https://github.com/brekkylab/backlot/pull/286.
 */
const number = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d+$/)
    .transform(Number),
]);
const bodySchema = z.strictObject({
  jql: z.string().nullish(),
  nextPageToken: z.string().nullish(),
  maxResults: number.nullish(),
  fields: z.array(z.string()).nullish(),
  expand: z.string().nullish(),
  properties: z.array(z.string()).nullish(),
  fieldsByKeys: z.boolean().nullish(),
  failFast: z.boolean().nullish(),
  reconcileIssues: z.array(number).nullish(),
});

interface SearchRequest {
  readonly jql: string;
  readonly token: string | undefined;
  readonly maxResults: number;
  readonly fields: readonly string[];
  readonly expand: ReadonlySet<string>;
  readonly properties: readonly string[];
  readonly reconcile: readonly number[];
}

export function searchRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const contextOf = (c: Ctx): JqlContext => ({ world, caller: c.var.caller, now: world.clock.now() });

  app.get('/search/jql', (c) =>
    answer(c, {
      jql: c.req.query('jql') ?? '',
      token: c.req.query('nextPageToken'),
      maxResults: numberOf(c.req.query('maxResults')),
      fields: (c.req.queries('fields') ?? []).flatMap(readList),
      expand: expandOf(c.req.query('expand')),
      properties: (c.req.queries('properties') ?? []).flatMap(readList),
      reconcile: (c.req.queries('reconcileIssues') ?? []).flatMap(readList).map(Number),
    }),
  );

  app.post('/search/jql', async (c) => {
    const read = bodySchema.safeParse(await readObjectBody(c));
    if (!read.success) throw badRequest(BAD_PAYLOAD);
    const body = read.data;
    return answer(c, {
      jql: body.jql ?? '',
      token: body.nextPageToken ?? undefined,
      maxResults: body.maxResults ?? DEFAULT_PAGE,
      fields: body.fields ?? [],
      expand: expandOf(body.expand ?? undefined),
      properties: body.properties ?? [],
      reconcile: body.reconcileIssues ?? [],
    });
  });

  function answer(c: Ctx, request: SearchRequest): Response {
    if (request.reconcile.length > RECONCILABLE) throw badRequest(`At most ${RECONCILABLE} issues can be reconciled.`);
    const properties = checkPropertyCount(request.properties);
    const idsOnly =
      request.fields.every((field) => field === 'id' || field === 'key') &&
      properties.length === 0 &&
      request.expand.size === 0;
    const greatest = idsOnly ? PAGE_OF_IDS : PAGE_WITH_FIELDS;
    if (!(request.maxResults >= 1 && request.maxResults <= PAGE_OF_IDS)) {
      throw badRequest('The max results parameter has to be between 1 and 5,000.');
    }
    const maxResults = Math.min(request.maxResults, greatest);
    const { found, nextPageToken } = searchPage(contextOf(c), request.jql, {
      maxResults,
      token: request.token,
      reconcile: new Set(request.reconcile),
    });
    const fields = idsOnly ? [] : selectFields(world, request.fields, '*all');
    const { expand } = request;
    // Names and schemas stand once in the answer, not in each issue.
    const perIssue = {
      expand: new Set([...expand].filter((name) => name !== 'names' && name !== 'schema')),
      properties,
    };
    c.set('points', found.length);
    const issues = found.map(({ record, properties: stored }): View => {
      if (!idsOnly) return issueView(world, c.var.caller, record, fields, perIssue, stored);
      const id = String(record.id);
      if (!request.fields.includes('key')) return { id };
      return { id, key: world.store.keyOf(record), self: `${world.url}/rest/api/3/issue/${id}` };
    });
    return c.json({
      issues,
      ...(nextPageToken === undefined ? {} : { nextPageToken }),
      isLast: nextPageToken === undefined,
      ...(expand.has('names') ? { names: namesOf(fields) } : {}),
      ...(expand.has('schema') ? { schema: schemaOf(fields) } : {}),
    });
  }

  app.post('/search/approximate-count', async (c) => {
    const { jql } = await readObjectBody(c);
    return c.json({ count: countMatches(contextOf(c), typeof jql === 'string' ? jql : '') });
  });

  app.post('/jql/parse', async (c) => {
    const validation = c.req.query('validation') ?? 'strict';
    if (!['strict', 'warn', 'none'].includes(validation)) {
      throw badRequest(`Invalid validation mode '${validation}': strict, warn or none.`);
    }
    const { queries } = await readObjectBody(c);
    const listed = strings(queries, 'queries');
    if (listed.length === 0) throw badRequest('The list of queries must not be empty.');
    return c.json({ queries: listed.map((query) => parsed(contextOf(c), query, validation)) });
  });

  return app;
}

/** NaN for what is no whole number. */
const numberOf = (text: string | undefined): number =>
  text === undefined || text === '' ? DEFAULT_PAGE : /^-?\d+$/.test(text) ? Number(text) : Number.NaN;

function parsed(context: JqlContext, query: string, validation: string): View {
  const result = parseJql(query);
  if (!result.ok) return { query, errors: [result.message] };
  const problems = validation === 'none' ? [] : queryErrors(context, result.query);
  if (problems.length > 0 && validation === 'strict') return { query, errors: problems };
  const structure = queryStructure(result.query);
  return {
    query,
    ...(isRecord(structure) ? { structure } : {}),
    ...(problems.length > 0 ? { warnings: problems } : {}),
  };
}
