// What the viewer of an issue sees of its synchronization. The rights are those of the viewer, asked of Jira.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { parseOrganization, workItemPage } from '../azure/organization.ts';
import type { Pair } from '../reconcile/ports.ts';
import { retryPair } from '../reconcile/settle-errors.ts';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { issueOf, issueParams, known } from './panel-issue.ts';
import { panelSchema } from './panel-schemas.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { timelineOf } from './profiles.ts';
import { may, requirePerson } from './rights.ts';
import { acceptedSchema } from './schemas.ts';
import { timelineSchema } from './timeline-schemas.ts';

const common = { tags: ['panel'], ...fromPerson, request: { params: issueParams } };
const refused = { ...personProblems, ...problems(400, 404, 422) };

const readRoute = createRoute({
  method: 'get',
  path: '/{issueId}',
  summary: 'Counterpart, last sync and problems of an issue',
  ...common,
  responses: { 200: { description: 'The panel', ...json(panelSchema) }, ...refused },
});
const syncRoute = createRoute({
  method: 'post',
  path: '/{issueId}/sync',
  summary: 'Synchronize the issue now',
  ...common,
  responses: { 202: { description: 'Queued', ...json(acceptedSchema) }, ...refused },
});

const timelineRoute = createRoute({
  method: 'get',
  path: '/{issueId}/timeline',
  summary: 'What was decided for the issue, and by which rules, without content',
  ...common,
  responses: { 200: { description: 'The timeline', ...json(timelineSchema) }, ...refused },
});

export function panelRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, queue, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(readRoute, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    const { pair, profile } = await known(service, caller, issue);
    const errors = pair?.errors.filter(({ ignored }) => !ignored) ?? [];
    const connection = profile ? await config.connection(caller.scope, profile.azureConnectionId) : null;
    const id = pair?.ids.azure ?? null;
    const mayEdit = profile !== null && (await may(jira, 'EDIT_ISSUES', issue.id));
    const status = statusOf(pair, profile !== null);
    const direction = profile?.settings.direction;
    return c.json(
      {
        status,
        profile: profile?.settings.name ?? null,
        workItem:
          id !== null && connection !== null && profile !== null
            ? { id, url: workItemPage(parseOrganization(connection.url), profile.settings.azure.project, id) }
            : null,
        syncedAt: pair?.syncedAt ? new Date(pair.syncedAt).toISOString() : null,
        problems: errors.map(({ error, subject }) => ({ ...describeError(error), subject: subject ?? null })),
        maySync: mayEdit && status !== 'unlinked',
        mayCreate: mayEdit && pair === null && direction !== 'azure-to-jira',
        mayLink: mayEdit && profile.status === 'enabled' && (pair === null || status === 'unlinked'),
        mayUnlink: status === 'paired' && (await may(jira, 'ADMINISTER')),
      },
      200,
    );
  });

  app.openapi(timelineRoute, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    const { pair } = await known(service, caller, issue);
    if (!pair) throw notFound('pair');
    return c.json(await timelineOf(service, caller.scope, pair), 200);
  });

  app.openapi(syncRoute, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    if (!(await may(jira, 'EDIT_ISSUES', issue.id))) {
      throw new Problem(403, 'forbidden', 'This needs the permission Edit issues on the issue.');
    }
    const { pair, profile } = await known(service, caller, issue);
    if (!profile) throw notFound('profile for this issue');
    if (pair) await retryPair(deps, caller.scope, pair.id, null);
    else {
      const job = { ...caller.scope, profileId: profile.id, side: 'jira' as const, itemId: issue.id, hints: [] };
      await queue.addItems([job], { runAt: new Date(deps.now()) });
    }
    return c.json({ accepted: 1 }, 202);
  });
  return app;
}

function statusOf(pair: Pair | null, covered: boolean): z.infer<typeof panelSchema>['status'] {
  if (!covered) return 'none';
  if (pair?.unlinkedAt != null) return 'unlinked';
  return pair === null || pair.status === 'creating' ? 'waiting' : pair.status;
}
