// What the viewer of an issue may do about its counterpart, by their own rights in Jira: see it as it stands now, link an existing
// work item, and, for those who administer Jira, let go of it.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { openContext } from '../reconcile/context.ts';
import { type LinkRefusal, linkByHand, relinkByHand, unlinkByHand } from '../reconcile/link-by-hand.ts';
import type { Service } from '../service.ts';
import { sameName } from '../sync/catalog.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { issueOf, issueParams, known } from './panel-issue.ts';
import { counterpartSchema, linkInputSchema } from './panel-schemas.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { may, requirePerson } from './rights.ts';
import { acceptedSchema } from './schemas.ts';
import { shownValue } from './shown-value.ts';

const common = { tags: ['panel'], ...fromPerson };
const refused = { ...personProblems, ...problems(400, 404, 422) };
const queued = { 202: { description: 'Done, and queued where something follows', ...json(acceptedSchema) } };

const routes = {
  counterpart: createRoute({
    method: 'get',
    path: '/{issueId}/counterpart',
    summary: 'The counterpart of an issue as it stands now, read from Azure DevOps',
    ...common,
    request: { params: issueParams },
    responses: { 200: { description: 'The counterpart', ...json(counterpartSchema) }, ...refused },
  }),
  link: createRoute({
    method: 'post',
    path: '/{issueId}/link',
    summary: 'Link the issue to a work item that exists, within the profile’s project, filter and types',
    ...common,
    request: { params: issueParams, body: body(linkInputSchema) },
    responses: { ...queued, ...refused, ...problems(409, 415) },
  }),
  unlink: createRoute({
    method: 'post',
    path: '/{issueId}/unlink',
    summary: 'Stop keeping the issue and its work item the same; both stay as they are',
    ...common,
    request: { params: issueParams },
    responses: { ...queued, ...refused },
  }),
};

const words = {
  unreadable: 'The project that the profile keeps the same has no such work item, or hides it from Tandem.',
  filter: 'The issue or the work item does not pass the filter of the profile.',
  types: 'The profile does not map the types of the two to each other.',
  restricted: 'The issue has a security level, and the profile leaves such issues alone.',
  paired: 'The issue or the work item is in a pair already.',
  copy: 'The issue or the work item is the counterpart of another one.',
} satisfies Record<LinkRefusal, string>;

export function panelLinkRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.counterpart, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const { pair, profile } = await known(service, caller, await issueOf(jira, c.req.valid('param').issueId));
    // Of one that was let go of, or was moved to another project, the viewer is told nothing.
    if (!profile || !pair?.ids.azure || pair.status !== 'paired') throw notFound('work item for this issue');
    const { azure } = await deps.openSides(profile);
    const read = await azure.reader.read(pair.ids.azure, { comments: false });
    if (read.kind !== 'found' || !sameName(read.item.projectKey, profile.settings.azure.project)) {
      throw notFound('work item in Azure DevOps');
    }
    const { type, state, fields } = read.item;
    return c.json(
      {
        title: shownValue(fields['System.Title'] ?? null),
        type,
        state,
        assignee: shownValue(fields['System.AssignedTo'] ?? null),
      },
      200,
    );
  });

  app.openapi(routes.link, async (c) => {
    const caller = c.get('caller');
    const { scope } = caller;
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    if (!(await may(jira, 'EDIT_ISSUES', issue.id))) {
      throw new Problem(403, 'forbidden', 'This needs the permission Edit issues on the issue.');
    }
    const { workItem } = c.req.valid('json');
    const { pair, profile } = await known(service, caller, issue);
    if (profile?.status !== 'enabled') throw notFound('enabled profile for this issue');
    const context = await openContext(deps, scope, profile);
    const outcome =
      pair !== null && pair.unlinkedAt != null && pair.ids.azure === workItem
        ? await relinkByHand(context, pair)
        : await linkByHand(context, { jira: issue.id, azure: workItem });
    if (outcome.kind === 'refused') throw new Problem(409, `link-${outcome.why}`, words[outcome.why], 'workItem');
    return c.json({ accepted: 1 }, 202);
  });

  app.openapi(routes.unlink, async (c) => {
    const caller = c.get('caller');
    const { jira } = requirePerson(caller, 'a person who views the issue');
    const issue = await issueOf(jira, c.req.valid('param').issueId);
    if (!(await may(jira, 'ADMINISTER'))) {
      throw new Problem(403, 'forbidden', 'This needs the global permission Administer Jira.');
    }
    const { pair } = await known(service, caller, issue);
    if (!pair || !(await unlinkByHand(deps, caller.scope, pair.id))) throw notFound('pair');
    return c.json({ accepted: 1 }, 202);
  });
  return app;
}
