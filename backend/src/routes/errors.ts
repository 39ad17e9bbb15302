// The admin's sync errors: list, retry, ignore, and the choice between two values that a person has to make.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type BothValues, readBothValues } from '../reconcile/conflict-values.ts';
import type { Scope } from '../reconcile/ports.ts';
import { chooseSide, ignoreError, retryItem, retryPair } from '../reconcile/settle-errors.ts';
import type { Service } from '../service.ts';
import type { SideValue } from '../sync/rules.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { type ErrorRef, readErrorRef } from './error-ref.ts';
import {
  chooseSchema,
  errorPageSchema,
  errorQuerySchema,
  errorRefsSchema,
  errorValuesSchema,
  ignoreSchema,
  valueRefsSchema,
} from './error-schemas.ts';
import { invalidField, invalidRequest, notFound } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { acceptedSchema, idSchema } from './schemas.ts';
import { pagesOf, shownItemError, shownPairError } from './shown.ts';
import { shownValue } from './shown-value.ts';

const common = { tags: ['errors'], ...fromPerson };
const queued = {
  202: { description: 'How many of them are still there, and were taken on', ...json(acceptedSchema) },
  ...personProblems,
  ...problems(400, 404, 415),
};

const listRoute = createRoute({
  method: 'get',
  path: '/profiles/{id}/errors',
  summary: 'Errors of a profile, in pages: first of items without a pair, then of pairs',
  ...common,
  request: { params: z.object({ id: idSchema }), query: errorQuerySchema },
  responses: {
    200: { description: 'A page of errors', ...json(errorPageSchema) },
    ...personProblems,
    ...problems(400, 404),
  },
});
const retryRoute = createRoute({
  method: 'post',
  path: '/errors/retry',
  summary: 'Try again now',
  ...common,
  request: { body: body(errorRefsSchema) },
  responses: queued,
});
const ignoreRoute = createRoute({
  method: 'post',
  path: '/errors/ignore',
  summary: 'Keep these out of the counts until they change',
  ...common,
  request: { body: body(ignoreSchema) },
  responses: queued,
});
const chooseRoute = createRoute({
  method: 'post',
  path: '/errors/choose',
  summary: 'Settle a field that waits for a person: the named side’s value stays',
  ...common,
  request: { body: body(chooseSchema) },
  responses: queued,
});

const valuesRoute = createRoute({
  method: 'post',
  path: '/errors/values',
  summary: 'Both values of fields that wait for a choice, read from the sites now; nothing of them is kept',
  ...common,
  request: { body: body(valueRefsSchema) },
  responses: {
    200: { description: 'In the order asked', ...json(z.object({ values: z.array(errorValuesSchema) })) },
    ...personProblems,
    ...problems(400, 404, 415, 422),
  },
});

/** Errors of items come first, by their number; then those of pairs, by the store's own cursor. */
const itemCursor = /^items:(\d{1,9})$/;
const pairsBegin = 'pairs:';

export function errorRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(listRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    const { id } = c.req.valid('param');
    const { after = 'items:0', limit } = c.req.valid('query');
    const record = await requireProfile(config, scope, id);
    const connection = await config.connection(scope, record.azureConnectionId);
    const pages = pagesOf(
      installation.siteUrl ?? installation.cloudId,
      connection?.url ?? '',
      record.settings.azure.project,
    );
    const start = itemCursor.exec(after)?.[1];
    if (start === undefined && !after.startsWith(pairsBegin)) {
      throw invalidField('after', 'use the `next` of the page before.');
    }
    const items = start === undefined ? [] : await state.listItemErrors(scope, id);
    const end = Number(start ?? 0) + limit;
    const shown = items.slice(Number(start ?? 0), end).map((entry) => shownItemError(id, entry, pages));
    if (end < items.length) return c.json({ errors: shown, next: `items:${end}` }, 200);
    if (shown.length === limit) return c.json({ errors: shown, next: pairsBegin }, 200);
    const cursor = after.startsWith(pairsBegin) ? after.slice(pairsBegin.length) : '';
    const page = await state.listErrors(scope, id, {
      limit: limit - shown.length,
      ...(cursor === '' ? {} : { after: cursor }),
    });
    return c.json(
      {
        errors: [...shown, ...page.errors.map(({ pair, record: error }) => shownPairError(pair, error, pages))],
        next: page.next === undefined ? null : pairsBegin + page.next,
      },
      200,
    );
  });

  app.openapi(retryRoute, async (c) => {
    const { scope } = c.get('caller');
    const refs = await present(scope, readRefs(c.req.valid('json').refs));
    for (const ref of refs) {
      if ('pair' in ref) await retryPair(deps, scope, ref.pair, ref.subject ?? null);
      else await retryItem(deps, scope, ref.profile, ref.side, ref.item);
    }
    return c.json({ accepted: refs.length }, 202);
  });

  app.openapi(ignoreRoute, async (c) => {
    const { scope } = c.get('caller');
    const { refs: texts, reason } = c.req.valid('json');
    const refs = await present(scope, readRefs(texts));
    for (const ref of refs) await ignoreError(deps, scope, ref, reason);
    return c.json({ accepted: refs.length }, 202);
  });

  app.openapi(chooseRoute, async (c) => {
    const { scope } = c.get('caller');
    const input = c.req.valid('json');
    const one = 'ref' in input;
    const fields = (one ? [input.ref] : input.refs).flatMap((text, index) => {
      const ref = readErrorRef(text);
      if (ref && 'pair' in ref && ref.subject !== undefined) return [{ ...ref, subject: ref.subject }];
      if (ref && !one) return [];
      throw invalidField(one ? 'ref' : `refs.${index}`, 'only an error of one field of a pair can be settled.');
    });
    await present(scope, fields);
    let accepted = 0;
    for (const { pair, record, subject } of fields) {
      const known = await state.getPair(scope, pair);
      // Of many, some may have been settled since the page was read.
      if (!one && !known?.errors.some(({ id }) => id === record)) continue;
      await chooseSide(deps, scope, pair, subject, input.side);
      accepted += 1;
    }
    return c.json({ accepted }, 202);
  });

  app.openapi(valuesRoute, async (c) => {
    const { scope } = c.get('caller');
    const { refs } = c.req.valid('json');
    const asked = refs.map((text, index) => {
      const ref = readErrorRef(text);
      if (ref && 'pair' in ref && ref.subject !== undefined) return { ...ref, subject: ref.subject };
      throw invalidField(`refs.${index}`, 'only an error of one field of a pair has two values.');
    });
    await present(scope, asked);
    const read = await readBothValues(
      deps,
      scope,
      asked.map(({ pair, subject }) => ({ pairId: pair, mapping: subject })),
    );
    const values = refs.map((ref, index) => shownValues(ref, read[index] ?? null));
    return c.json({ values }, 200);
  });

  /** Those whose pair or profile is there: some may have gone since the page was read. Throws when none is left. */
  async function present(scope: Scope, refs: readonly ErrorRef[]): Promise<readonly ErrorRef[]> {
    const known = await Promise.all(
      refs.map((ref) => ('pair' in ref ? state.getPair(scope, ref.pair) : config.profileRecord(scope, ref.profile))),
    );
    const found = refs.filter((_, index) => known[index] !== null);
    if (found.length === 0) throw notFound('error');
    return found;
  }
  return app;
}

function shownValues(ref: string, both: BothValues | null): z.infer<typeof errorValuesSchema> {
  if (both === null) return { ref, fields: null, jira: null, azure: null, readable: false };
  const { names, values } = both;
  const shown = (value: SideValue) => (value === 'unavailable' ? null : shownValue(value));
  return { ref, fields: names, jira: shown(values.jira), azure: shown(values.azure), readable: true };
}

function readRefs(texts: readonly string[]): readonly ErrorRef[] {
  return texts.map((text, index) => {
    const ref = readErrorRef(text);
    if (!ref) throw invalidField(`refs.${index}`, 'not a reference of an error.');
    return ref;
  });
}
