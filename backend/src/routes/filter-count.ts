// How many items a filter takes, asked of the site itself; and, where the site can't read the filter, why, in its own words.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { countItems, mostCounted } from '../azure/count-items.ts';
import { openAzureClient } from '../azure/side.ts';
import { createJiraClient } from '../jira/client.ts';
import { countIssues } from '../jira/count-issues.ts';
import type { Service } from '../service.ts';
import { describeError, SyncFailure } from '../sync/errors.ts';
import { appConnection, type CallerEnv } from './caller.ts';
import { azureConnection } from './connections.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { filterCountSchema, filterInputSchema } from './editing-schemas.ts';
import { invalidRequest } from './problem.ts';

const route = createRoute({
  method: 'post',
  path: '/filter-count',
  summary: 'How many items of a project pass a filter, or why the site refuses it',
  tags: ['mapping'],
  ...fromPerson,
  request: { body: body(filterInputSchema) },
  responses: {
    200: { description: 'The count, or the problem', ...json(filterCountSchema) },
    ...personProblems,
    ...problems(400, 404, 415, 422),
  },
});

export function filterCountRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { deps, opener, transport } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });
  app.openapi(route, async (c) => {
    const { scope, installation, claims } = c.get('caller');
    const input = c.req.valid('json');
    const count = async (): Promise<number> => {
      if (input.side === 'jira') {
        const connection = await opener.jira(scope, await appConnection(service, installation, claims));
        return countIssues(createJiraClient(connection, transport, 'pages', {}, deps.now), input.project, input.filter);
      }
      const { id } = await azureConnection(service, scope, input.azureConnectionId);
      return countItems(
        openAzureClient(await opener.azure(scope, id), transport, 'pages'),
        input.project,
        input.filter,
      );
    };
    return c.json(await counted(count), 200);
  });
  return app;
}

/** What is wrong with the filter is an answer, not a failure; all else stays one. */
async function counted(count: () => Promise<number>): Promise<z.infer<typeof filterCountSchema>> {
  try {
    const found = await count();
    return { count: found, atLeast: found === mostCounted, problem: null };
  } catch (error) {
    if (!(error instanceof SyncFailure) || error.error.code !== 'invalid-value') throw error;
    return { count: null, atLeast: false, problem: error.error.detail ?? describeError(error.error).cause };
  }
}
