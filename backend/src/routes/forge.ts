// What Forge calls by itself: item events cut to ids, lifecycle, and the scheduled calls whose worth is the token they carry.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { jiraHint } from '../jira/events.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { queueHints } from './events.ts';
import { invalidRequest } from './problem.ts';
import { jiraEventsSchema } from './schemas.ts';

const eventsRoute = createRoute({
  method: 'post',
  path: '/events',
  summary: 'Item events, cut to ids by the app',
  request: { body: { required: true, content: { 'application/json': { schema: jiraEventsSchema } } } },
  responses: {
    202: { description: 'Queued', content: { 'application/json': { schema: z.object({ accepted: z.int() }) } } },
  },
});

/** Forge's lifecycle payload names the event; everything else of it is in the token's claims. */
const lifecycleSchema = z.looseObject({ eventType: z.string().max(100).optional() });

const emptyRoute = (path: string, summary: string) =>
  createRoute({ method: 'post', path, summary, responses: { 204: { description: 'Taken in' } } });

export function forgeRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, settings, log } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(eventsRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    const { events } = c.req.valid('json');
    const profiles = await config.enabledProfiles(scope);
    let accepted = 0;
    for (const event of events) {
      const hint = jiraHint(event);
      if (!hint) continue;
      const concerned = profiles.filter(
        ({ settings: { jira } }) => event.projectKey === undefined || jira.project === event.projectKey,
      );
      accepted += await queueHints(service, scope, { side: 'jira', siteId: installation.cloudId }, [hint], concerned);
    }
    return c.json({ accepted }, 202);
  });

  app.openapi(emptyRoute('/lifecycle', 'The app was installed, upgraded or uninstalled'), async (c) => {
    const { scope } = c.get('caller');
    const parsed = lifecycleSchema.safeParse(await c.req.json().catch(() => ({})));
    const event = parsed.success ? (parsed.data.eventType ?? '') : '';
    log.info({ installation: scope.installationId, event }, 'lifecycle');
    if (event === 'avi:forge:uninstalled:app') await uninstall(service, scope.installationId);
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/pre-uninstall', 'The app is about to be uninstalled'), async (c) => {
    await uninstall(service, c.get('caller').scope.installationId);
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/tick', 'Every five minutes: resumes what waits for a token'), async (c) => {
    const { scope } = c.get('caller');
    await service.queue.addTask('sweep', { installationId: scope.installationId }, { unlessRunning: true });
    return c.body(null, 204);
  });

  app.openapi(emptyRoute('/token', 'Every hour: brings a fresh system token'), (c) => c.body(null, 204));

  async function uninstall(of: Service, installationId: string): Promise<void> {
    await of.config.uninstall({ installationId }, of.deps.now() + settings.timing.graceMs);
  }
  return app;
}
