// What the app's pages tell of their use, posted by their resolvers. Who it was is not kept.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { Service } from '../service.ts';
import { usageEventSchema } from '../telemetry/usage-events.ts';
import type { CallerEnv } from './caller.ts';
import { body, forgeProblems, fromForge, problems } from './described.ts';
import { invalidRequest } from './problem.ts';

const usageRoute = createRoute({
  method: 'post',
  path: '/usage',
  summary: 'A page and an action of closed lists, and how long it took',
  tags: ['forge'],
  ...fromForge,
  request: { body: body(usageEventSchema) },
  responses: { 204: { description: 'Taken in' }, ...forgeProblems, ...problems(400, 415) },
});

export function usageRoutes({ usage }: Pick<Service, 'usage'>): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });
  app.openapi(usageRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    if (installation.status === 'active') await usage.record(scope, c.req.valid('json'));
    return c.body(null, 204);
  });
  return app;
}
