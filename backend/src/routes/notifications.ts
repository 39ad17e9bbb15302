// Where an admin is told outside the page. The webhook's address goes in and never comes out; the key that signs is shown once.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type AddressPolicy, refusalOf } from '../http/addresses.ts';
import { type Notice, wordsOf } from '../notifications/events.ts';
import { webhookFormats } from '../notifications/formats.ts';
import type { Channel } from '../notifications/notice-store.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { invalidField, invalidRequest } from './problem.ts';

const channelSchema = z.enum(['webhook', 'issue']);
const formatSchema = z.enum(webhookFormats);

export const notificationsSchema = z
  .object({
    webhook: z.object({ host: z.string(), format: formatSchema }).nullable(),
    issueKey: z.string().nullable(),
    recent: z.array(
      z.object({
        id: z.string(),
        channel: channelSchema,
        title: z.string(),
        at: z.string(),
        state: z.enum(['waiting', 'arrived', 'given-up']),
        failure: z.string().nullable().describe('Why the last attempt failed: a code'),
      }),
    ),
  })
  .openapi('Notifications');

export const webhookInputSchema = z.object({ url: z.string().trim().min(1).max(2_000), format: formatSchema });

export const signingKeySchema = z
  .object({ signingKey: z.string().describe('Signs each message; shown this once') })
  .openapi('SigningKey');

/** A project key and a number: https://support.atlassian.com/jira-software-cloud/docs/what-is-an-issue/ */
const issueSchema = z.object({
  key: z
    .string()
    .trim()
    .toUpperCase()
    .regex(/^[A-Z][A-Z0-9_]{0,254}-[1-9]\d{0,14}$/, 'must be the key of an issue, such as OPS-12'),
});

export const triedSchema = z
  .object({ arrived: z.boolean(), failure: z.string().nullable() })
  .openapi('TriedNotification');

const common = { tags: ['profiles'], ...fromPerson };
const refused = { ...personProblems, ...problems(400, 415) };

const routes = {
  read: createRoute({
    method: 'get',
    path: '/',
    summary: 'Where an admin is told outside the page, and what was told lately',
    ...common,
    responses: { 200: { description: 'The newest first', ...json(notificationsSchema) }, ...personProblems },
  }),
  setWebhook: createRoute({
    method: 'put',
    path: '/webhook',
    summary: 'Tell by a webhook; its key is new each time',
    ...common,
    request: { body: body(webhookInputSchema) },
    responses: { 200: { description: 'Set', ...json(signingKeySchema) }, ...refused },
  }),
  removeWebhook: createRoute({
    method: 'delete',
    path: '/webhook',
    summary: 'Tell by no webhook',
    ...common,
    responses: { 204: { description: 'Removed' }, ...personProblems },
  }),
  setIssue: createRoute({
    method: 'put',
    path: '/issue',
    summary: 'Tell those who follow an issue, by Jira’s own notification',
    ...common,
    request: { body: body(issueSchema) },
    responses: { 204: { description: 'Set' }, ...refused },
  }),
  removeIssue: createRoute({
    method: 'delete',
    path: '/issue',
    summary: 'Tell by no issue',
    ...common,
    responses: { 204: { description: 'Removed' }, ...personProblems },
  }),
  test: createRoute({
    method: 'post',
    path: '/test',
    summary: 'Send a test message now',
    ...common,
    request: { body: body(z.object({ channel: channelSchema })) },
    responses: { 200: { description: 'Whether it arrived', ...json(triedSchema) }, ...refused },
  }),
};

const shownNotices = 20;

export function notificationRoutes({ addresses, deps, notices, tell }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.read, async (c) => {
    const { scope } = c.get('caller');
    const [channels, recent] = await Promise.all([notices.channels(scope), notices.recent(scope, shownNotices)]);
    const shown = recent.map(({ id, channel, event, madeAt, endedAt, failure }) => ({
      id,
      channel,
      title: wordsOf(event).title,
      at: new Date(madeAt).toISOString(),
      state: stateOf(endedAt, failure),
      failure,
    }));
    return c.json({ ...channels, recent: shown }, 200);
  });

  app.openapi(routes.setWebhook, async (c) => {
    const { url, format } = c.req.valid('json');
    const signingKey = await notices.setWebhook(c.get('caller').scope, webhookUrl(url, addresses), format);
    return c.json({ signingKey }, 200);
  });

  app.openapi(routes.removeWebhook, async (c) => {
    await notices.removeWebhook(c.get('caller').scope);
    return c.body(null, 204);
  });

  app.openapi(routes.setIssue, async (c) => {
    await notices.setIssue(c.get('caller').scope, c.req.valid('json').key);
    return c.body(null, 204);
  });

  app.openapi(routes.removeIssue, async (c) => {
    await notices.setIssue(c.get('caller').scope, null);
    return c.body(null, 204);
  });

  app.openapi(routes.test, async (c) => {
    const { scope, installation } = c.get('caller');
    return c.json(await tried(scope, c.req.valid('json').channel, installation.siteUrl), 200);
  });

  async function tried(scope: Scope, channel: Channel, siteUrl: string | null) {
    const notice: Notice = { id: deps.newId(), event: { kind: 'test' }, madeAt: deps.now(), siteUrl };
    const outcome = await tell(scope, channel, notice);
    return outcome.kind === 'arrived' ? { arrived: true, failure: null } : { arrived: false, failure: outcome.failure };
  }
  return app;
}

function stateOf(endedAt: number | null, failure: string | null) {
  if (endedAt === null) return 'waiting' as const;
  return failure === null ? ('arrived' as const) : ('given-up' as const);
}

function webhookUrl(text: string, addresses: AddressPolicy): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  const wrong = url === null ? 'it is no address' : refusalOf(url, addresses, 'webhook');
  if (url === null || wrong !== null) {
    throw invalidField('url', `a public address such as https://hooks.example.com/… is needed: ${wrong}.`);
  }
  return url.href;
}
