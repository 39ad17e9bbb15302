// What changed on either site after a mapping was made: tasks of an administrator, before items fail.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import { acceptDrift, driftTasks } from '../sync/drift.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

export const driftSchema = z
  .object({
    profiles: z
      .array(
        z.object({
          profileId: z.string(),
          profile: z.string(),
          checkedAt: z.string(),
          tasks: z.array(
            z.object({
              path: z.string().describe('In the settings: `fields.3.azure`'),
              level: z.enum(['error', 'warning']),
              problem: z.string(),
              remedy: z.string(),
              since: z.string(),
            }),
          ),
        }),
      )
      .describe('Those that have something to do'),
  })
  .openapi('Drift');

const common = { tags: ['profiles'], ...fromPerson };
const ofProfile = { request: { params: z.object({ id: idSchema }) } };

const routes = {
  list: createRoute({
    method: 'get',
    path: '/drift',
    summary: 'What no longer fits a profile on either site, as the last look found it',
    ...common,
    responses: { 200: { description: 'By profile', ...json(driftSchema) }, ...personProblems },
  }),
  check: createRoute({
    method: 'post',
    path: '/profiles/{id}/drift/check',
    summary: 'Look at both sites again, by a job',
    ...common,
    ...ofProfile,
    responses: { 202: { description: 'Queued' }, ...personProblems, ...problems(404) },
  }),
  accept: createRoute({
    method: 'post',
    path: '/profiles/{id}/drift/accept',
    summary: 'Leave the warnings as they are; errors stay until they are fixed',
    ...common,
    ...ofProfile,
    responses: { 204: { description: 'Noted' }, ...personProblems, ...problems(404) },
  }),
};

export function driftRoutes({ config, drift, queue }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.list, async (c) => {
    const { scope } = c.get('caller');
    const [profiles, checks] = await Promise.all([config.listProfiles(scope), drift.all(scope)]);
    const shown = profiles.flatMap(({ id, settings: { name } }) => {
      const check = checks.get(id);
      const tasks = check ? driftTasks(check) : [];
      if (!check || tasks.length === 0) return [];
      const since = (at: number) => new Date(at).toISOString();
      return [
        {
          profileId: id,
          profile: name,
          checkedAt: since(check.checkedAt),
          tasks: tasks.map(({ drifted: _, ...task }) => ({ ...task, since: since(task.since) })),
        },
      ];
    });
    return c.json({ profiles: shown }, 200);
  });

  app.openapi(routes.check, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await requireProfile(config, scope, id);
    await queue.addTask('refresh-catalogs', { ...scope, profileId: id });
    return c.body(null, 202);
  });

  app.openapi(routes.accept, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await requireProfile(config, scope, id);
    const check = await drift.get(scope, id);
    if (check) await drift.put(scope, id, acceptDrift(check));
    return c.body(null, 204);
  });
  return app;
}
