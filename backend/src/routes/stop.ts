// Why a profile stopped itself, and what waits until a person lets it go on.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest } from './problem.ts';
import { stopSchema } from './profile-schemas.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';
import { pagesOf } from './shown.ts';

const route = createRoute({
  method: 'get',
  path: '/{id}/stop',
  summary: 'Why the profile stopped itself, and which items wait',
  tags: ['profiles'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }) },
  responses: { 200: { description: 'The stop', ...json(stopSchema) }, ...personProblems, ...problems(404) },
});

const shownItems = 50;

export function stopRoutes({ config, deps, queue, state }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(route, async (c) => {
    const { scope, installation } = c.get('caller');
    const { id } = c.req.valid('param');
    const record = await requireProfile(config, scope, id);
    const [connection, done, waiting] = await Promise.all([
      config.connection(scope, record.azureConnectionId),
      config.takenBudget(scope, id, deps.now()),
      queue.waitingItems(scope, id, shownItems),
    ]);
    const pages = pagesOf(
      installation.siteUrl ?? installation.cloudId,
      connection?.url ?? '',
      record.settings.azure.project,
    );
    const pairs = await Promise.all(
      waiting.items.map(({ pairId }) => (pairId === null ? null : state.getPair(scope, pairId))),
    );
    const items = waiting.items.map(({ side, itemId, deleted }, index) => {
      const pair = pairs[index];
      const jiraKey = pair?.keys.jira ?? (side === 'jira' ? itemId : null);
      const azureId = pair?.ids.azure ?? (side === 'azure' ? itemId : null);
      return {
        side,
        jiraKey,
        azureId,
        jiraUrl: jiraKey === null ? null : pages.jira(jiraKey),
        azureUrl: azureId === null ? null : pages.azure(azureId),
        deleted,
      };
    });
    const { limit, windowMinutes } = record.settings.policies.brake;
    const reason = record.status === 'stopped' ? record.reason : null;
    return c.json(
      {
        reason: reason && { code: reason.code, ...describeError(reason) },
        since: reason && new Date(record.updatedAt).toISOString(),
        done,
        limit,
        windowMinutes,
        waiting: waiting.count,
        deleted: waiting.deleted,
        items,
      },
      200,
    );
  });
  return app;
}
