// The admin's profiles: create, read, change, enable, pause, delete, preview of one item.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { parseOrganization } from '../azure/organization.ts';
import { openForPreview } from '../reconcile/context.ts';
import type { Pair, Scope } from '../reconcile/ports.ts';
import { noTwins, previewNamed } from '../reconcile/preview-all.ts';
import { childrenPlan } from '../reconcile/preview-count.ts';
import { linesOf, titleOf } from '../reconcile/preview-text.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { planJson } from '../sync/diff.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { previewQuerySchema, previewSchema } from './preview-schemas.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { deleteProfile, enableProfile, pauseProfile } from './profile-lifecycle.ts';
import {
  profileDetailSchema,
  profileInputSchema,
  profileSummarySchema,
  profileUpdateSchema,
} from './profile-schemas.ts';
import { requireProfile } from './require-profile.ts';
import { createProfile, saveProfile } from './save-profile.ts';
import { acceptedSchema, idSchema } from './schemas.ts';
import { shownDecision, shownInitialSync, shownProfile } from './shown.ts';
import { timelineSchema } from './timeline-schemas.ts';

const idParam = z.object({ id: idSchema });
const common = { tags: ['profiles'], ...fromPerson };
const ofOne = { ...common, request: { params: idParam } };
const refused = { ...personProblems, ...problems(404) };
const written = { ...refused, ...problems(400, 409, 415, 422) };
const detail = { 200: { description: 'The profile', ...json(profileDetailSchema) } };
const act = (path: string, summary: string) =>
  createRoute({ method: 'post', path, summary, ...ofOne, responses: { ...detail, ...refused } });

const routes = {
  list: createRoute({
    method: 'get',
    path: '/',
    summary: 'All profiles',
    ...common,
    responses: {
      200: { description: 'Profiles', ...json(z.object({ profiles: z.array(profileSummarySchema) })) },
      ...personProblems,
    },
  }),
  create: createRoute({
    method: 'post',
    path: '/',
    summary: 'Create a profile as a draft',
    ...common,
    request: { body: body(profileInputSchema) },
    responses: { 201: { description: 'Created', ...json(profileDetailSchema) }, ...written },
  }),
  get: createRoute({
    method: 'get',
    path: '/{id}',
    summary: 'One profile',
    ...ofOne,
    responses: { ...detail, ...refused },
  }),
  save: createRoute({
    method: 'put',
    path: '/{id}',
    summary: 'Save settings, if nobody saved since they were read',
    ...common,
    request: { params: idParam, body: body(profileUpdateSchema) },
    responses: { ...detail, ...written },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/{id}',
    summary: 'Delete a profile; the items stay as they are',
    ...ofOne,
    responses: { 204: { description: 'Deleted' }, ...refused },
  }),
  enable: createRoute({
    method: 'post',
    path: '/{id}/enable',
    summary: 'Enable: hooks are registered and changes travel; refused where another profile takes the same items',
    ...ofOne,
    responses: { ...detail, ...refused, ...problems(409) },
  }),
  pause: act('/{id}/pause', 'Pause: nothing travels until it is enabled again'),
  hooks: createRoute({
    method: 'post',
    path: '/{id}/hooks',
    summary: 'Register the service hooks of an enabled profile again',
    ...ofOne,
    responses: { 202: { description: 'Queued', ...json(acceptedSchema) }, ...refused, ...problems(409) },
  }),
  preview: createRoute({
    method: 'get',
    path: '/{id}/preview',
    summary: 'The exact writes that a run would make for one item',
    ...common,
    request: { params: idParam, query: previewQuerySchema },
    responses: { 200: { description: 'The plan', ...json(previewSchema) }, ...refused, ...problems(400, 422) },
  }),
  timeline: createRoute({
    method: 'get',
    path: '/{id}/timeline',
    summary: 'What was decided for the pair of one item, and by which rules: the last 200 of 30 days, without content',
    ...common,
    request: { params: idParam, query: previewQuerySchema },
    responses: { 200: { description: 'The timeline', ...json(timelineSchema) }, ...refused, ...problems(400) },
  }),
};

/** What was decided for a pair, newest first. */
export async function timelineOf({ state, deps }: Pick<Service, 'state' | 'deps'>, scope: Scope, pair: Pair) {
  const decisions = await state.timeline(scope, pair.id, deps.now());
  return {
    pairId: pair.id,
    jiraKey: pair.keys.jira,
    azureId: pair.ids.azure,
    decisions: decisions.map(shownDecision),
  };
}

export function profileRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state, queue, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  const detailOf = async (scope: Scope, id: string) => {
    const record = await requireProfile(config, scope, id);
    return { ...(await summaryOf(service, scope, record)), settings: record.settings };
  };

  app.openapi(routes.list, async (c) => c.json({ profiles: await summariesOf(service, c.get('caller').scope) }, 200));

  app.openapi(routes.create, async (c) => {
    const caller = c.get('caller');
    const { azureConnectionId, settings } = c.req.valid('json');
    const record = await createProfile(service, caller, azureConnectionId, settings);
    return c.json(await detailOf(caller.scope, record.id), 201);
  });

  app.openapi(routes.get, async (c) => c.json(await detailOf(c.get('caller').scope, c.req.valid('param').id), 200));

  app.openapi(routes.save, async (c) => {
    const caller = c.get('caller');
    const { id } = c.req.valid('param');
    const { settings, revision } = c.req.valid('json');
    await saveProfile(service, caller, id, revision, settings);
    return c.json(await detailOf(caller.scope, id), 200);
  });

  app.openapi(routes.remove, async (c) => {
    const { scope } = c.get('caller');
    await deleteProfile(service, scope, await requireProfile(config, scope, c.req.valid('param').id));
    return c.body(null, 204);
  });

  app.openapi(routes.enable, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await enableProfile(service, scope, await requireProfile(config, scope, id));
    return c.json(await detailOf(scope, id), 200);
  });

  app.openapi(routes.pause, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await pauseProfile(service, scope, await requireProfile(config, scope, id));
    return c.json(await detailOf(scope, id), 200);
  });

  app.openapi(routes.hooks, async (c) => {
    const { scope } = c.get('caller');
    const { id, status } = await requireProfile(config, scope, c.req.valid('param').id);
    if (status !== 'enabled') {
      throw new Problem(
        409,
        'not-enabled',
        'Only an enabled profile has service hooks: enable it, and they are registered.',
      );
    }
    await queue.addTask('register-hooks', { installationId: scope.installationId, profileId: id });
    return c.json({ accepted: 1 }, 202);
  });

  app.openapi(routes.preview, async (c) => {
    const { scope } = c.get('caller');
    const { side, key } = c.req.valid('query');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    const entry = await previewNamed(await openForPreview(deps, scope, record), side, key, noTwins);
    if (!entry) throw notFound(side === 'jira' ? 'issue' : 'work item');
    const { action } = entry;
    const plans = action.kind === 'plan' ? [action.plan, childrenPlan(action)] : [];
    return c.json(
      {
        text: [titleOf(entry), ...linesOf(entry).map((line) => `  ${line}`)].join('\n'),
        operations: plans.flatMap((plan) => planJson(plan).operations),
      },
      200,
    );
  });

  app.openapi(routes.timeline, async (c) => {
    const { scope, installation } = c.get('caller');
    const { side, key } = c.req.valid('query');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    const azure = await config.connection(scope, record.azureConnectionId);
    const found =
      side === 'jira'
        ? ((await state.findPairsByKey(scope, [key])).get(key) ??
          (await state.findPair(scope, installation.cloudId, 'jira', key)))
        : await state.findPair(scope, parseOrganization(azure?.url ?? '').url, 'azure', key);
    if (found?.profileId !== record.id) throw notFound('pair');
    return c.json(await timelineOf(service, scope, found), 200);
  });
  return app;
}

async function summaryOf(service: Pick<Service, 'state' | 'deps'>, scope: Scope, record: ProfileRecord) {
  const [pairs, initial] = await Promise.all([
    service.state.countPairs(scope, record.id),
    service.state.getInitialSync(scope, record.id),
  ]);
  return shownProfile(record, pairs, initial && shownInitialSync(initial, service.deps.now()));
}

export async function summariesOf(service: Pick<Service, 'config' | 'state' | 'deps'>, scope: Scope) {
  const records = await service.config.listProfiles(scope);
  return Promise.all(records.map((record) => summaryOf(service, scope, record)));
}
