// The admin's sync errors: list, retry, ignore, and the choice between two values that a person has to make.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { chooseSide, ignoreError, retryItem, retryPair } from '../reconcile/settle-errors.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { chooseSchema, errorPageSchema, errorRefsSchema } from './schemas.ts';
import { type ErrorRef, pagesOf, readErrorRef, shownItemError, shownPairError } from './shown.ts';

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
const queued = { 202: { description: 'Queued', ...json(z.object({ accepted: z.int() })) } };

const listRoute = createRoute({
  method: 'get',
  path: '/profiles/{id}/errors',
  summary: 'Errors of a profile, in pages',
  request: {
    params: z.object({ id: z.string() }),
    query: z.object({
      after: z.string().max(500).optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
  },
  responses: { 200: { description: 'A page of errors', ...json(errorPageSchema) } },
});
const retryRoute = createRoute({
  method: 'post',
  path: '/errors/retry',
  summary: 'Try again now',
  request: { body: { required: true, ...json(errorRefsSchema) } },
  responses: queued,
});
const ignoreRoute = createRoute({
  method: 'post',
  path: '/errors/ignore',
  summary: 'Keep these out of the counts until they change',
  request: { body: { required: true, ...json(errorRefsSchema) } },
  responses: queued,
});
const chooseRoute = createRoute({
  method: 'post',
  path: '/errors/choose',
  summary: 'Settle a field that waits for a person: the named side’s value stays',
  request: { body: { required: true, ...json(chooseSchema) } },
  responses: queued,
});

export function errorRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(listRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    const { id } = c.req.valid('param');
    const { after, limit } = c.req.valid('query');
    const record = await config.profileRecord(scope, id);
    if (!record) throw notFound('profile');
    const connection = await config.connection(scope, record.azureConnectionId);
    const pages = pagesOf(
      installation.siteUrl ?? installation.cloudId,
      connection?.url ?? '',
      record.settings.azure.project,
    );
    const page = await state.listErrors(scope, id, { limit, ...(after === undefined ? {} : { after }) });
    const items = after === undefined ? await state.listItemErrors(scope, id) : [];
    return c.json(
      {
        errors: [
          ...items.map((entry) => shownItemError(id, entry, pages)),
          ...page.errors.map(({ pair, record: error }) => shownPairError(pair, error, pages)),
        ],
        next: page.next ?? null,
      },
      200,
    );
  });

  app.openapi(retryRoute, async (c) => {
    const { scope } = c.get('caller');
    const refs = readRefs(c.req.valid('json').refs);
    for (const ref of refs) {
      if ('pair' in ref) await retryPair(deps, scope, ref.pair, ref.subject ?? null);
      else await retryItem(deps, scope, ref.profile, ref.side, ref.item);
    }
    return c.json({ accepted: refs.length }, 202);
  });

  app.openapi(ignoreRoute, async (c) => {
    const { scope } = c.get('caller');
    const refs = readRefs(c.req.valid('json').refs);
    for (const ref of refs) await ignoreError(deps, scope, ref);
    return c.json({ accepted: refs.length }, 202);
  });

  app.openapi(chooseRoute, async (c) => {
    const { scope } = c.get('caller');
    const { ref: text, side } = c.req.valid('json');
    const [ref] = readRefs([text]);
    if (!ref || !('pair' in ref) || ref.subject === undefined) {
      throw new Problem(400, 'invalid-request', 'ref: only an error of one field of a pair can be settled.', 'ref');
    }
    await chooseSide(deps, scope, ref.pair, ref.subject, side);
    return c.json({ accepted: 1 }, 202);
  });
  return app;
}

function readRefs(texts: readonly string[]): readonly ErrorRef[] {
  return texts.map((text, index) => {
    const ref = readErrorRef(text);
    if (!ref) throw new Problem(400, 'invalid-request', `refs.${index}: not a reference of an error.`, `refs.${index}`);
    return ref;
  });
}
