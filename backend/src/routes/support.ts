// What support may ask: of one installation its health, an item's pair and timeline, its errors. It can change one thing, that
// more is logged of an installation for a time; each query stands in the audit log.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import type { Installation } from '../store/config-store.ts';
import { longestExtendedHours } from '../telemetry/extended-logging.ts';
import { body, json, problems } from './described.ts';
import { invalidRequest, notFound } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';
import type { SupportEnv } from './support-caller.ts';
import {
  supportErrorSchema,
  supportHealthSchema,
  supportInstallationSchema,
  supportItemSchema,
} from './support-schemas.ts';
import { findPairs, healthOf, shownInstallation, shownItem, shownSupportError } from './support-shown.ts';

const common = { tags: ['support'], security: [{ support: [] }] };
const refusals = problems(401, 500, 503);
const one = z.object({ installation: idSchema });

const findRoute = createRoute({
  method: 'get',
  path: '/installations',
  summary: 'Find installations by id, cloud id, Forge installation or a part of the site’s address',
  ...common,
  request: { query: z.object({ query: z.string().trim().min(3).max(200) }) },
  responses: {
    200: { description: 'At most 20', ...json(z.object({ installations: z.array(supportInstallationSchema) })) },
    ...refusals,
    ...problems(400),
  },
});
const healthRoute = createRoute({
  method: 'get',
  path: '/installations/{installation}',
  summary: 'Connections, profiles, queue, quotas and counts of an installation',
  ...common,
  request: { params: one },
  responses: { 200: { description: 'Its health', ...json(supportHealthSchema) }, ...refusals, ...problems(404) },
});
const itemRoute = createRoute({
  method: 'get',
  path: '/installations/{installation}/items/{key}',
  summary: 'The pairs of an issue (by key or id) or of a work item (by id), with timeline and errors',
  ...common,
  request: { params: one.extend({ key: z.string().min(1).max(100) }) },
  responses: {
    200: { description: 'What is known', ...json(z.object({ items: z.array(supportItemSchema) })) },
    ...refusals,
    ...problems(404),
  },
});
const pairErrorSchema = supportErrorSchema.extend({
  pairId: z.string().nullable(),
  jiraKey: z.string().nullable(),
  azureId: z.string().nullable(),
});
const errorsRoute = createRoute({
  method: 'get',
  path: '/installations/{installation}/profiles/{profile}/errors',
  summary: 'Errors of a profile: of its unpaired items with the first page, then of pairs',
  ...common,
  request: {
    params: one.extend({ profile: idSchema }),
    query: z.object({ after: z.string().max(500).optional() }),
  },
  responses: {
    200: {
      description: 'A page',
      ...json(z.object({ errors: z.array(pairErrorSchema), next: z.string().nullable() })),
    },
    ...refusals,
    ...problems(404),
  },
});
const loggingPath = '/installations/{installation}/extended-logging';
const untilSchema = z.object({ until: z.iso.datetime().nullable() });
const logMoreRoute = createRoute({
  method: 'put',
  path: loggingPath,
  summary: `Log more of an installation, for at most ${longestExtendedHours} hours; still no content`,
  ...common,
  request: { params: one, body: body(z.object({ hours: z.int().min(1).max(longestExtendedHours) })) },
  responses: { 200: { description: 'Until when', ...json(untilSchema) }, ...refusals, ...problems(400, 404, 415) },
});
const logLessRoute = createRoute({
  method: 'delete',
  path: loggingPath,
  summary: 'End that more is logged',
  ...common,
  request: { params: one },
  responses: { 200: { description: 'Ended', ...json(untilSchema) }, ...refusals, ...problems(404) },
});

const mostFound = 20;
const errorsPerPage = 100;

export function supportRoutes(service: Service): OpenAPIHono<SupportEnv> {
  const { config, extendedLogging, state } = service;
  const app = new OpenAPIHono<SupportEnv>({ defaultHook: invalidRequest });

  const installationOf = async (id: string): Promise<Installation> => {
    const found = await config.installation({ installationId: id });
    if (!found) throw notFound('installation');
    return found;
  };

  app.openapi(findRoute, async (c) => {
    const query = c.req.valid('query').query.toLowerCase();
    const matches = ({ id, cloudId, siteUrl, forgeInstallationIds }: Installation) =>
      [id, cloudId, ...forgeInstallationIds].some((name) => name.toLowerCase() === query) ||
      (siteUrl?.toLowerCase().includes(query) ?? false);
    const found = (await config.listInstallations()).filter(matches).slice(0, mostFound);
    return c.json({ installations: found.map(shownInstallation) }, 200);
  });

  app.openapi(healthRoute, async (c) =>
    c.json(await healthOf(service, await installationOf(c.req.valid('param').installation)), 200),
  );

  app.openapi(itemRoute, async (c) => {
    const { installation: id, key } = c.req.valid('param');
    const pairs = await findPairs(service, await installationOf(id), key);
    if (pairs.length === 0) throw notFound('item');
    const items = await Promise.all(pairs.map((pair) => shownItem(service, { installationId: id }, pair)));
    return c.json({ items }, 200);
  });

  app.openapi(errorsRoute, async (c) => {
    const { installation, profile } = c.req.valid('param');
    const { after } = c.req.valid('query');
    const scope = { installationId: (await installationOf(installation)).id };
    await requireProfile(config, scope, profile);
    const items = after === undefined ? await state.listItemErrors(scope, profile) : [];
    const page = await state.listErrors(scope, profile, {
      limit: errorsPerPage,
      ...(after === undefined ? {} : { after }),
    });
    const errors = [
      ...items.map(({ side, itemId, key, record }) => ({
        ...shownSupportError(record),
        pairId: null,
        jiraKey: side === 'jira' ? key : null,
        azureId: side === 'azure' ? itemId : null,
      })),
      ...page.errors.map(({ pair, record }) => ({
        ...shownSupportError(record),
        pairId: pair.id,
        jiraKey: pair.keys.jira,
        azureId: pair.ids.azure,
      })),
    ];
    return c.json({ errors, next: page.next ?? null }, 200);
  });

  app.openapi(logMoreRoute, async (c) => {
    const { id } = await installationOf(c.req.valid('param').installation);
    const { hours } = c.req.valid('json');
    const until = await extendedLogging.switchOn({ installationId: id }, hours, c.get('support'));
    return c.json({ until: new Date(until).toISOString() }, 200);
  });

  app.openapi(logLessRoute, async (c) => {
    const { id } = await installationOf(c.req.valid('param').installation);
    await extendedLogging.switchOff({ installationId: id }, c.get('support'));
    return c.json({ until: null }, 200);
  });
  return app;
}
