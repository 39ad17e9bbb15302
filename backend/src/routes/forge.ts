// What Forge calls by itself: item events cut to ids, lifecycle, and the scheduled calls whose worth is the token they carry.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { jiraHint } from '../jira/events.ts';
import type { Service } from '../service.ts';
import type { Profile } from '../sync/profile.ts';
import { type CallerEnv, install } from './caller.ts';
import { body, forgeProblems, fromForge, json, problems } from './described.ts';
import { queueHints } from './events.ts';
import { invalidRequest } from './problem.ts';
import { retireInstallation } from './profile-lifecycle.ts';
import { acceptedSchema, jiraEventsSchema } from './schemas.ts';

const eventsRoute = createRoute({
  method: 'post',
  path: '/events',
  summary: 'Item events, cut to ids by the app',
  tags: ['forge'],
  ...fromForge,
  request: { body: body(jiraEventsSchema) },
  responses: {
    202: { description: 'Queued: how many jobs followed', ...json(acceptedSchema) },
    ...forgeProblems,
    ...problems(400, 415),
  },
});

/** Forge's lifecycle payload names the event; everything else of it is in the token's claims. */
const lifecycleSchema = z.looseObject({ eventType: z.string().max(100) });

const emptyRoute = (path: string, summary: string) =>
  createRoute({
    method: 'post',
    path,
    summary,
    tags: ['forge'],
    ...fromForge,
    responses: { 204: { description: 'Taken in' }, ...forgeProblems },
  });

export function forgeRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, log } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(eventsRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    if (installation.status !== 'active') return c.json({ accepted: 0 }, 202);
    const events = c.req.valid('json').events.flatMap((event) => {
      const hint = jiraHint(event);
      return hint ? [{ hint, projectKey: event.projectKey }] : [];
    });
    const replanned = c.req.valid('json').events.some(({ event }) => /:(?:sprint|version)$/.test(event));
    const profiles = events.length > 0 || replanned ? await config.enabledProfiles(scope) : [];
    if (replanned) await followPlanning(service, profiles);
    const projectOf = new Map(events.map(({ hint, projectKey }) => [hint, projectKey]));
    const accepted = await queueHints(
      service,
      scope,
      { side: 'jira', siteId: installation.cloudId },
      events.map(({ hint }) => hint),
      (hint) => {
        const project = projectOf.get(hint);
        return profiles
          .filter(({ settings }) => project === undefined || settings.jira.project === project)
          .map(({ id }) => id);
      },
    );
    return c.json({ accepted }, 202);
  });

  app.openapi(emptyRoute('/lifecycle', 'The app was installed, upgraded or uninstalled'), async (c) => {
    const { scope, claims } = c.get('caller');
    const event = lifecycleSchema.safeParse(await c.req.json().catch(() => null)).data?.eventType;
    log.info({ installation: scope.installationId, event }, 'lifecycle');
    if (event === 'avi:forge:installed:app') await install(service, claims);
    if (event === 'avi:forge:uninstalled:app') await retireInstallation(service, scope);
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/pre-uninstall', 'The app is about to be uninstalled'), async (c) => {
    await retireInstallation(service, c.get('caller').scope);
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/tick', 'Every five minutes: resumes what waits for a token'), async (c) => {
    const { scope, installation } = c.get('caller');
    if (installation.status === 'active') {
      await service.queue.addTask('sweep', { installationId: scope.installationId }, { unlessRunning: true });
    }
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/token', 'Every hour: brings a fresh system token'), (c) => c.body(null, 204));

  return app;
}

/** Days and names of sprints and versions are looked at anew where their counterparts follow them. */
async function followPlanning({ queue }: Service, profiles: readonly Profile[]): Promise<void> {
  for (const { id, installationId, settings } of profiles) {
    if (!settings.fields.some(({ createMissing }) => createMissing)) continue;
    await queue.addTask('refresh-catalogs', { installationId, profileId: id });
  }
}
