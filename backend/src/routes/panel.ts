// What the viewer of an issue sees of its synchronization. The rights are those of the viewer, asked of Jira.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { parseOrganization, workItemPage } from '../azure/organization.ts';
import type { JiraClient } from '../jira/client.ts';
import type { Pair } from '../reconcile/ports.ts';
import { retryPair } from '../reconcile/settle-errors.ts';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import type { Caller, CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { timelineOf } from './profiles.ts';
import { may, requirePerson, withUserToken } from './rights.ts';
import { acceptedSchema, panelSchema, timelineSchema } from './schemas.ts';

/** Jira's id or key of the issue. */
const params = z.object({
  issueId: z.string().regex(/^(\d{1,19}|[A-Z][A-Z0-9_]{1,19}-\d{1,19})$/, 'an issue id or key'),
});
const common = { tags: ['panel'], ...fromPerson, request: { params } };
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

const issueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: z.object({ project: z.object({ key: z.string() }) }),
});

export function panelRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state, queue, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  /** Seen with the viewer's own token: an issue that they may not see does not exist here either. */
  const issueOf = (jira: JiraClient, issueId: string) =>
    withUserToken(() =>
      jira.get(issueSchema, {
        operation: 'GET issue/{id}',
        method: 'GET',
        path: `issue/${encodeURIComponent(issueId)}`,
        query: { fields: 'project' },
        endpoint: 'read',
      }),
    );

  const stateOf = async ({ scope, installation }: Caller, issue: z.infer<typeof issueSchema>) => {
    const pair = await state.findPair(scope, installation.cloudId, 'jira', issue.id);
    const [covering] = await config.enabledProfiles(scope, { jiraProject: issue.fields.project.key });
    const profile = pair ? await config.profileRecord(scope, pair.profileId) : (covering ?? null);
    return { pair, profile };
  };

  app.openapi(readRoute, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    const { pair, profile } = await stateOf(caller, issue);
    const errors = pair?.errors.filter(({ ignored }) => !ignored) ?? [];
    const connection = profile ? await config.connection(caller.scope, profile.azureConnectionId) : null;
    const id = pair?.ids.azure ?? null;
    const maySync = profile !== null && (await may(jira, 'EDIT_ISSUES', issue.id));
    return c.json(
      {
        status: statusOf(pair, profile !== null),
        profile: profile?.settings.name ?? null,
        workItem:
          id !== null && connection !== null && profile !== null
            ? { id, url: workItemPage(parseOrganization(connection.url), profile.settings.azure.project, id) }
            : null,
        syncedAt: pair?.syncedAt ? new Date(pair.syncedAt).toISOString() : null,
        problems: errors.map(({ error, subject }) => ({ ...describeError(error), subject: subject ?? null })),
        maySync,
      },
      200,
    );
  });

  app.openapi(timelineRoute, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    const { pair } = await stateOf(caller, issue);
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
    const { pair, profile } = await stateOf(caller, issue);
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
  return pair === null || pair.status === 'creating' ? 'waiting' : pair.status;
}
