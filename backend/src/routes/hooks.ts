// Service hooks of Azure DevOps: each connection has a secret of its own, compared in constant time.

import { createHash, timingSafeEqual } from 'node:crypto';
import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { z } from 'zod';
import { readHookEvent } from '../azure/events.ts';
import { parseOrganization } from '../azure/organization.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Connection } from '../store/config-store.ts';
import { body, json, problems } from './described.ts';
import { queueHints } from './events.ts';
import { bodyTooLarge, invalidRequest, Problem } from './problem.ts';
import { acceptedSchema } from './schemas.ts';

/**
 * Payloads are whole (the reduced form has no revision, see azure/hooks.ts): a changed text of a million characters comes
 * three times. A refusal would put the subscription on probation.
 */
const mostBytes = 16 * 1024 * 1024;

export interface HookEnv {
  Variables: { hook: { readonly scope: Scope; readonly connection: Connection } };
}

const path = '/azure/{installation}/{connection}';
const hookRoute = createRoute({
  method: 'post',
  path,
  summary: 'One event of a service hook, of any resource version',
  tags: ['hooks'],
  security: [{ hook: [] }],
  request: {
    params: z.object({ installation: z.string(), connection: z.string() }),
    body: body(z.looseObject({ eventType: z.string() })),
  },
  responses: {
    202: { description: 'Queued: how many jobs followed; none for what is of no concern', ...json(acceptedSchema) },
    ...problems(400, 401, 413, 415, 500, 503),
  },
});

export function hookRoutes(service: Service): OpenAPIHono<HookEnv> {
  const { config } = service;
  const app = new OpenAPIHono<HookEnv>({ defaultHook: invalidRequest });
  // The secret first: nobody else's body is read.
  app.use('/azure/:installation/:connection', knownHook(service));
  app.use('/azure/*', bodyLimit({ maxSize: mostBytes, onError: bodyTooLarge(mostBytes) }));

  app.openapi(hookRoute, async (c) => {
    const { scope, connection } = c.get('hook');
    const event = readHookEvent(c.req.valid('json'));
    if (event.kind === 'invalid') throw new Problem(400, 'invalid-request', event.detail);
    if (event.kind === 'ignored') return c.json({ accepted: 0 }, 202);
    if ((await config.installation(scope))?.status !== 'active') return c.json({ accepted: 0 }, 202);
    const concerned = await profilesOf(scope, connection, event.projectId);
    const { url } = parseOrganization(connection.url);
    const accepted = await queueHints(service, scope, { side: 'azure', siteId: url }, event.hints, () => concerned);
    return c.json({ accepted }, 202);
  });

  /** Enabled profiles of the event's project; one whose project's id is not known yet counts, its run looks itself. */
  async function profilesOf(scope: Scope, connection: Connection, projectId: string | undefined) {
    const profiles = await config.enabledProfiles(scope, { connectionId: connection.id });
    const concerned = await Promise.all(
      profiles.map(async ({ id }) => {
        const known = (await config.catalogs(scope, id))?.azure.project.id;
        return known === undefined || projectId === undefined || known === projectId ? [id] : [];
      }),
    );
    return concerned.flat();
  }
  return app;
}

const digest = (text: string) => createHash('sha256').update(text).digest();

const basicOf = (secret: string) => `Basic ${Buffer.from(`tandem:${secret}`).toString('base64')}`;

/**
 * An unknown connection is compared with too, and answered like a wrong secret. Two comparisons always: during a rotation the
 * secret before is taken as well.
 */
function knownHook({ config }: Service): MiddlewareHandler<HookEnv> {
  return async (c, next) => {
    const scope = { installationId: c.req.param('installation') ?? '' };
    const connection = await config.connection(scope, c.req.param('connection') ?? '');
    const secrets = connection?.side === 'azure' ? await config.hookSecrets(scope, connection.id) : [];
    const given = digest(c.req.header('authorization') ?? '');
    const [newest, before] = [0, 1].map((place) => timingSafeEqual(given, digest(basicOf(secrets[place] ?? ''))));
    const matches = (newest && secrets.length > 0) || (before && secrets.length > 1);
    if (!connection || !matches) throw new Problem(401, 'unauthorized', 'The hook carries no valid secret.');
    c.set('hook', { scope, connection });
    await next();
  };
}
