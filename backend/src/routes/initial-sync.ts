// The initial sync of a profile, for an administrator: what it would look at, start, pause, resume, stop, and how far it is.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { countChanged, countItems, mostCounted } from '../azure/count-items.ts';
import { openAzureClient } from '../azure/side.ts';
import { createJiraClient } from '../jira/client.ts';
import { countIssues } from '../jira/count-issues.ts';
import { isUnderWay, pauseInitialSync, sameOptions, stopInitialSync } from '../reconcile/initial-sync.ts';
import type { InitialSyncOptions, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { instantsOf } from '../sync/date-range.ts';
import { linkFieldProblems } from '../sync/link-fields.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { initialSyncCountSchema, initialSyncInputSchema, initialSyncSchema } from './initial-sync-schemas.ts';
import { invalidField, invalidRequest, notFound, Problem } from './problem.ts';
import { beginInitialSync, continueInitialSync } from './profile-lifecycle.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';
import { shownInitialSync } from './shown.ts';

const ofOne = { tags: ['profiles'], ...fromPerson, request: { params: z.object({ id: idSchema }) } };
/** Without a body a run takes every item that has no pair. */
const asked = { ...ofOne, request: { ...ofOne.request, body: json(initialSyncInputSchema) } };
const refused = { ...personProblems, ...problems(404) };
const sync = { 200: { description: 'The initial sync', ...json(initialSyncSchema) }, ...refused };

const routes = {
  state: createRoute({
    method: 'get',
    path: '/{id}/initial-sync',
    summary: 'How far the initial sync is',
    ...ofOne,
    responses: sync,
  }),
  start: createRoute({
    method: 'post',
    path: '/{id}/initial-sync',
    summary: 'Bring existing items into pairs; asked for again while it is under way, the same run is told',
    ...asked,
    responses: { ...sync, ...problems(400, 409, 415, 422) },
  }),
  count: createRoute({
    method: 'post',
    path: '/{id}/initial-sync/count',
    summary: 'How many items of each side a run would look at; Jira’s is an estimate of its own',
    ...asked,
    responses: {
      200: { description: 'Nothing was started', ...json(initialSyncCountSchema) },
      ...refused,
      ...problems(400, 415, 422),
    },
  }),
  pause: createRoute({
    method: 'post',
    path: '/{id}/initial-sync/pause',
    summary: 'Pause the initial sync: its items wait, while the profile goes on with what people change',
    ...ofOne,
    responses: { ...sync, ...problems(409) },
  }),
  resume: createRoute({
    method: 'post',
    path: '/{id}/initial-sync/resume',
    summary: 'Go on with a paused initial sync from where it was',
    ...ofOne,
    responses: { ...sync, ...problems(409) },
  }),
  stop: createRoute({
    method: 'post',
    path: '/{id}/initial-sync/stop',
    summary: 'Stop the initial sync: what is paired stays, what waits is left alone',
    ...ofOne,
    responses: sync,
  }),
};

export function initialSyncRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state, deps, opener, transport } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  const syncOf = async (scope: Scope, id: string) => {
    await requireProfile(config, scope, id);
    const found = await state.getInitialSync(scope, id);
    if (!found) throw notFound('initial sync');
    return shownInitialSync(found, deps.now());
  };

  app.openapi(routes.state, async (c) => c.json(await syncOf(c.get('caller').scope, c.req.valid('param').id), 200));

  app.openapi(routes.start, async (c) => {
    const { scope } = c.get('caller');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    if (record.status !== 'enabled') {
      throw new Problem(409, 'not-enabled', 'Enable the profile first: an initial sync writes to both sides.');
    }
    const options = initialSyncInputSchema.parse(c.req.valid('json'));
    const present = await state.getInitialSync(scope, record.id);
    if (present && isUnderWay(present) && !sameOptions(present.options, options)) {
      const which = present.status === 'paused' ? 'is paused' : 'is running';
      throw new Problem(409, 'initial-sync', `Another initial sync ${which}: stop it before you start this one.`);
    }
    await requireLinkFields(record, options);
    return c.json(shownInitialSync(await beginInitialSync(service, scope, record.id, options), deps.now()), 200);
  });

  app.openapi(routes.count, async (c) => {
    const { scope } = c.get('caller');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    const { range } = initialSyncInputSchema.parse(c.req.valid('json'));
    const { jira, azure, timeZone } = record.settings;
    const within = range === null ? null : instantsOf(range, timeZone);
    const [site, organization] = await Promise.all([
      opener.jira(scope, record.jiraConnectionId),
      opener.azure(scope, record.azureConnectionId),
    ]);
    const jiraClient = createJiraClient(site, transport, 'pages', {}, deps.now);
    const azureClient = openAzureClient(organization, transport, 'pages');
    const [issues, workItems] = await Promise.all([
      countIssues(jiraClient, jira.project, jira.filter, within ?? {}),
      within === null
        ? countItems(azureClient, azure.project, azure.filter)
        : countChanged(azureClient, azure.project, azure.filter, within),
    ]);
    return c.json({ jira: issues, azure: workItems, atLeast: workItems >= mostCounted }, 200);
  });

  app.openapi(routes.pause, async (c) => {
    const { scope } = c.get('caller');
    const { id } = await requireProfile(config, scope, c.req.valid('param').id);
    if (!(await pauseInitialSync(deps, scope, id))) throw noneThat('runs');
    return c.json(await syncOf(scope, id), 200);
  });

  app.openapi(routes.resume, async (c) => {
    const { scope } = c.get('caller');
    const { id } = await requireProfile(config, scope, c.req.valid('param').id);
    if (!(await continueInitialSync(service, scope, id))) throw noneThat('is paused');
    return c.json(await syncOf(scope, id), 200);
  });

  app.openapi(routes.stop, async (c) => {
    const { scope } = c.get('caller');
    const { id } = await requireProfile(config, scope, c.req.valid('param').id);
    await stopInitialSync(deps, scope, id);
    return c.json(await syncOf(scope, id), 200);
  });

  /** Against both sites as they are now. Throws Problem that names the field. */
  async function requireLinkFields(record: ProfileRecord, { linkBy }: InitialSyncOptions): Promise<void> {
    if (linkBy === null) return;
    const sides = await deps.openSides(record);
    const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
    const [first] = linkFieldProblems(linkBy, record.settings, { jira, azure });
    if (first) throw invalidField(`linkBy.${first.path}`, `${first.problem} ${first.remedy}`);
  }
  return app;
}

const noneThat = (does: string) => new Problem(409, 'initial-sync', `There is no initial sync that ${does}.`);
