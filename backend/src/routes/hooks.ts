// Service hooks of Azure DevOps: each connection has a secret of its own, compared in constant time.

import { createHash, timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { readHookEvent } from '../azure/events.ts';
import { parseOrganization } from '../azure/organization.ts';
import type { Service } from '../service.ts';
import { queueHints } from './events.ts';
import { Problem } from './problem.ts';

/**
 * Payloads are whole (the reduced form has no revision, see azure/hooks.ts): a changed text of a million characters comes
 * three times. A refusal would put the subscription on probation.
 */
const mostBytes = 16 * 1024 * 1024;

const digest = (text: string) => createHash('sha256').update(text).digest();

export function hookRoutes(service: Service): Hono {
  const { config, log } = service;
  const app = new Hono();
  const refuse = () => new Problem(401, 'unauthorized', 'The hook carries no valid secret.');

  app.post('/azure/:installation/:connection', bodyLimit({ maxSize: mostBytes, onError: tooLarge }), async (c) => {
    const scope = { installationId: c.req.param('installation') };
    const connection = await config.connection(scope, c.req.param('connection'));
    const secret = connection ? await config.hookSecret(scope, connection.id) : null;
    const given = c.req.header('authorization') ?? '';
    const expected = `Basic ${Buffer.from(`tandem:${secret ?? ''}`).toString('base64')}`;
    const matches = timingSafeEqual(digest(given), digest(expected));
    if (!connection || secret === null || !matches) throw refuse();

    const event = readHookEvent(await c.req.json().catch(() => null));
    if (event.kind === 'invalid') throw new Problem(400, 'invalid-request', event.detail);
    if (event.kind === 'ignored') return c.json({ accepted: 0 }, 202);
    const profiles = await config.enabledProfiles(scope, { connectionId: connection.id });
    const { url } = parseOrganization(connection.url);
    const inProject = await Promise.all(
      profiles.map(async (profile) => {
        const known = (await config.catalogs(scope, profile.id))?.azure.project.id;
        return known === undefined || event.projectId === undefined || known === event.projectId;
      }),
    );
    const concerned = profiles.filter((_, index) => inProject[index]);
    const accepted = await queueHints(service, scope, { side: 'azure', siteId: url }, event.hints, concerned);
    log.info({ installation: scope.installationId, connection: connection.id, count: accepted }, 'hook');
    return c.json({ accepted }, 202);
  });
  return app;
}

const tooLarge = () => {
  throw new Problem(413, 'too-large', `A hook's body has at most ${mostBytes} bytes.`);
};
