// Replacing the secret that a connection's service hooks bring: the hooks are registered anew with it, and what Azure DevOps
// had queued with the one before is taken for a day.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest, notFound } from './problem.ts';
import { acceptedSchema, idSchema } from './schemas.ts';

const route = createRoute({
  method: 'post',
  path: '/{id}/hook-secret',
  summary: 'Give the service hooks of the connection a new secret',
  tags: ['connections'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }) },
  responses: {
    202: { description: 'How many profiles’ hooks are registered anew', ...json(acceptedSchema) },
    ...personProblems,
    ...problems(404),
  },
});

export function hookSecretRoutes({ config, log, queue }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(route, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    const connection = await config.connection(scope, id);
    if (connection?.side !== 'azure') throw notFound('connection');
    await config.rotateHookSecret(scope, id);
    log.info({ installation: scope.installationId, connection: id }, 'the secret of service hooks was replaced');
    const profiles = await config.enabledProfiles(scope, { connectionId: id });
    for (const profile of profiles) await queue.addTask('register-hooks', { ...scope, profileId: profile.id });
    return c.json({ accepted: profiles.length }, 202);
  });
  return app;
}
