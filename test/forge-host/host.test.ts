// What the host puts between app and backend is what Forge would: tokens, claims, limits, and what makes an event come again.

import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from '../simulators/jira/server.ts';
import { type ForgeHost, startForgeHost } from './host.ts';

interface Seen {
  readonly path: string;
  readonly headers: Headers;
  readonly body: string;
}

let jira: JiraSimulator;
let host: ForgeHost;
let answer: () => Response;
const seen: Seen[] = [];
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  jira = await startJiraSimulator({ seed: 'empty' });
  const backend = new Hono();
  backend.all('*', async (c) => {
    seen.push({ path: c.req.path, headers: c.req.raw.headers, body: await c.req.text() });
    return answer();
  });
  const server = serve({ fetch: backend.fetch, port: 0, hostname: '127.0.0.1' });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const { url, cloudId, apiBaseUrl, appSystemToken } = jira;
  host = await startForgeHost({
    backendUrl: `http://127.0.0.1:${port}`,
    jira: { url, cloudId, apiBaseUrl, appSystemToken, admin: jira.accounts.admin.accountId },
  });
  closers.push(host.close, () => new Promise((resolve) => server.close(() => resolve())), jira.close);
});
afterAll(async () => {
  for (const close of closers) await close();
});
beforeEach(() => {
  seen.length = 0;
  answer = () => Response.json({});
});

async function claimsOf({ headers }: Seen) {
  const jwks = (await (await fetch(host.jwksUrl)).json()) as JSONWebKeySet;
  const token = headers.get('authorization')?.replace(/^Bearer /, '') ?? '';
  const { payload } = await jwtVerify(token, createLocalJWKSet(jwks), {
    issuer: 'forge/invocation-token',
    audience: host.app.appId,
    algorithms: ['RS256'],
  });
  return payload;
}

const post = (path: string, body: unknown) =>
  fetch(`${host.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
const page = (user: string, more = {}) => ({ module: 'tandem-admin', user, ...more });
const last = (): Seen => {
  const call = seen.at(-1);
  if (!call) throw new Error('the backend was not called');
  return call;
};

describe('a call that a page started', () => {
  it('says who, where and from which module, with a token of the person and one of the app', async () => {
    const { accountId } = jira.accounts.ordinary;
    const response = await post('/bridge/invoke', { page: page(accountId), functionKey: 'overview', payload: {} });
    expect(await response.json()).toEqual({ result: { ok: true, value: {} } });

    const claims = await claimsOf(last());
    expect(claims).toMatchObject({
      app: {
        id: host.app.appId,
        installationId: host.app.installationId,
        apiBaseUrl: jira.apiBaseUrl,
        environment: { type: 'DEVELOPMENT' },
        module: { type: 'jira:adminPage', key: 'tandem-admin' },
      },
      context: { cloudId: jira.cloudId, moduleKey: 'tandem-admin', siteUrl: jira.url },
      principal: accountId,
    });
    expect((claims.exp ?? 0) - (claims.iat ?? 0)).toBeLessThanOrEqual(30);

    const { headers } = last();
    expect(headers.get('x-forge-oauth-system')).toBe(jira.appSystemToken);
    const me = await fetch(`${jira.apiBaseUrl}/rest/api/3/myself`, {
      headers: { authorization: `Bearer ${headers.get('x-forge-oauth-user')}` },
    });
    expect(await me.json()).toMatchObject({ accountId });
  });

  it('is refused over 500 KB, as Forge does', async () => {
    const { accountId } = jira.accounts.admin;
    const payload = { profile: { text: 'x'.repeat(600_000) } };
    const response = await post('/bridge/invoke', { page: page(accountId), functionKey: 'validate', payload });
    expect(response.status).toBe(413);
    expect(seen).toEqual([]);
  });

  it.each([
    ['redirects', () => new Response(null, { status: 302, headers: { location: '/elsewhere' } })],
    ['answers more than 5 MB', () => new Response('x'.repeat(6 * 1024 * 1024))],
  ])('fails in words when the backend %s', async (_, given) => {
    answer = given;
    const body = { page: page(jira.accounts.admin.accountId), functionKey: 'overview', payload: {} };
    const { result } = (await (await post('/bridge/invoke', body)).json()) as { result: unknown };
    expect(result).toMatchObject({ ok: false, error: { code: 'unreachable' } });
  });
});

describe('a call that nobody started', () => {
  const event = { eventType: 'avi:jira:deleted:issue', issue: { id: '10001', key: 'TAN-1' } };

  it('of a trigger has neither context nor principal nor a person’s token', async () => {
    await host.deliver(event);
    const claims = await claimsOf(last());
    expect(claims.context).toBeUndefined();
    expect(claims.principal).toBeUndefined();
    expect(claims.app).toMatchObject({ module: { key: 'jira-item-events' } });
    expect(last().headers.get('x-forge-oauth-user')).toBeNull();
    expect(JSON.parse(last().body)).toMatchObject({ events: [{ issueId: '10001', aspect: 'deleted' }] });
  });

  it('of an event that the manifest does not name is not made', async () => {
    await host.deliver({ ...event, eventType: 'avi:jira:viewed:issue' });
    expect(seen).toEqual([]);
  });

  it('makes Jira bring the event again when the backend could not take it', async () => {
    answer = () => new Response(null, { status: 503 });
    expect((await post('/jira-events', event)).status).toBe(503);
    answer = () => Response.json({ accepted: 1 }, { status: 202 });
    expect((await post('/jira-events', event)).status).toBe(204);
  });

  it.each([
    ['lifecycle', '/forge/lifecycle'],
    ['pre-uninstall-ep', '/forge/pre-uninstall'],
    ['tick-ep', '/forge/tick'],
    ['token-ep', '/forge/token'],
  ])('of the endpoint %s goes to its path with the app’s token', async (key, path) => {
    expect(await host.callEndpoint(key)).toBe(200);
    expect(last().path).toBe(path);
    expect(last().headers.get('x-forge-oauth-system')).toBe(jira.appSystemToken);
    expect((await claimsOf(last())).context).toMatchObject({ cloudId: jira.cloudId });
  });
});

it('a schedule that stalls is not called, and not made up for', async () => {
  expect(await host.runSchedule('token-hourly')).toBe(true);
  expect(seen.map(({ path }) => path)).toEqual(['/forge/token']);
  expect(await claimsOf(last())).not.toHaveProperty('principal');
  expect(last().headers.get('x-forge-oauth-system')).toBe(jira.appSystemToken);
  host.stallSchedules(true);
  expect(await host.runSchedule('token-hourly')).toBe(false);
  host.stallSchedules(false);
  expect(seen).toHaveLength(1);
});

it('serves each page as one bundle far beneath Forge’s limit', async () => {
  // 100 MB: https://developer.atlassian.com/platform/forge/limits-resource/. Beyond a few, the page itself would be slow.
  for (const page of ['admin', 'issue-panel']) {
    const bundle = await (await fetch(`${host.url}/assets/${page}.js`)).arrayBuffer();
    expect(bundle.byteLength).toBeGreaterThan(10_000);
    expect(bundle.byteLength).toBeLessThan(4_000_000);
  }
});

it('two people’s calls at once do not mix', async () => {
  const people = [jira.accounts.admin.accountId, jira.accounts.ordinary.accountId];
  await Promise.all(
    [...people, ...people, ...people].map((user) =>
      post('/bridge/invoke', { page: page(user), functionKey: 'overview', payload: {} }),
    ),
  );
  const callers = await Promise.all(seen.map(async (call) => (await claimsOf(call)).principal));
  expect(callers.sort()).toEqual([...people, ...people, ...people].sort());
});
