// What holds for every request: JSON in and out, limits, ids, one line in the log; health and readiness.

import { Hono } from 'hono';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { healthRoutes } from '../../backend/src/routes/health.ts';
import { answerError } from '../../backend/src/routes/problem.ts';
import { type Backend, startBackend, type Tenant } from './kit.ts';

let backend: Backend & { close(): Promise<void> };
let tenant: Tenant;
beforeAll(async () => {
  backend = await startBackend();
  tenant = backend.tenant();
});
afterAll(() => backend.close());
beforeEach(() => {
  backend.lines.length = 0;
});

describe('an answer', () => {
  it('to an unknown address is JSON', async () => {
    expect(await backend.send('GET', '/nowhere')).toMatchObject({
      status: 404,
      body: { error: { code: 'not-found', message: 'There is no such address.' } },
    });
    expect((await tenant.admin('GET', '/api/nowhere')).body.error.code).toBe('not-found');
  });

  it('to a wrong method names the right ones', async () => {
    const answer = await tenant.admin('PATCH', '/api/connections/x');
    expect(answer).toMatchObject({ status: 405, body: { error: { code: 'method-not-allowed' } } });
    expect(answer.headers.get('allow')?.split(', ').sort()).toEqual(['DELETE', 'PUT']);
    expect((await backend.send('DELETE', '/health')).status).toBe(405);
  });

  it('bears an id of the request', async () => {
    expect((await backend.send('GET', '/health')).headers.get('x-request-id')).toMatch(/^[\w-]{36}$/);
    const named = await backend.send('GET', '/nowhere', { headers: { 'x-request-id': 'trace-1' } });
    expect(named.headers.get('x-request-id')).toBe('trace-1');
    const long = await backend.send('GET', '/nowhere', { headers: { 'x-request-id': 'x'.repeat(500) } });
    expect(long.headers.get('x-request-id')).toHaveLength(36);
  });

  it('lets no page frame it and no browser guess its type', async () => {
    const { headers } = await backend.send('GET', '/health');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });

  it('to an error of our own tells nothing of it', async () => {
    const app = new Hono();
    app.onError(answerError(backend.service.log));
    app.get('/', () => {
      throw new RangeError('secret of a customer');
    });
    const answer = await app.request('/');
    expect(answer.status).toBe(500);
    expect(await answer.json()).toEqual({
      error: { code: 'internal', message: expect.stringMatching(/^Tandem met an error of its own\. Try again/) },
    });
    expect(backend.lines.join()).toContain('RangeError');
    expect(backend.lines.join()).not.toContain('secret');
  });
});

describe('a body', () => {
  const path = '/api/connections';

  it('must be JSON by its type', async () => {
    const headers = { 'content-type': 'text/plain' };
    const answer = await tenant.admin('POST', path, { raw: '{}', headers });
    expect(answer).toMatchObject({ status: 415, body: { error: { code: 'unsupported-media-type' } } });
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    expect((await tenant.admin('POST', path, { raw: 'name=a', headers: form })).status).toBe(415);
  });

  it('must be JSON by its content', async () => {
    const answer = await tenant.admin('POST', path, { raw: '{"name":' });
    expect(answer).toMatchObject({ status: 400, body: { error: { message: 'The body is not valid JSON.' } } });
  });

  it('has a limit, whether its length is told or not', async () => {
    const raw = JSON.stringify({ name: 'x'.repeat(2 * 1024 * 1024) });
    const refused = { status: 413, body: { error: { code: 'too-large' } } };
    expect(await tenant.admin('POST', path, { raw })).toMatchObject(refused);
    const length = { 'content-length': String(raw.length) };
    expect(await tenant.admin('POST', path, { raw, headers: length })).toMatchObject(refused);
  });

  it.each([
    ['a field that is missing', { url: 'https://dev.azure.com/acme' }, 'name'],
    ['a field of the wrong type', { name: 5, url: 'https://dev.azure.com/acme' }, 'name'],
    ['a field that is no address', { name: 'a', url: 'acme' }, 'url'],
    ['a date that is none', { name: 'a', url: 'https://dev.azure.com/acme', expiresOn: '2026-02-30' }, 'expiresOn'],
    ['an empty token', { name: 'a', url: 'https://dev.azure.com/acme', pat: '' }, 'pat'],
  ])('with %s is refused with its name', async (_, body, field) => {
    const { status, body: answer } = await tenant.admin('POST', path, { body });
    expect(status).toBe(400);
    expect(answer.error).toMatchObject({ code: 'invalid-request', path: field });
    expect(answer.error.message).toMatch(new RegExp(`^${field}: `));
  });

  it('names a field deep inside', async () => {
    const settings = {
      name: 'T',
      jira: { project: 'TAN' },
      azure: { project: 'Tandem' },
      types: [{ jira: 'Task', azure: 'Task' }],
      fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text', direction: 'sideways' }],
    };
    const { body } = await tenant.admin('POST', '/api/profiles', { body: { azureConnectionId: 'x', settings } });
    expect(body.error.path).toBe('settings.fields.0.direction');
  });

  it('that fits neither of two forms is told by the one that it comes closest to', async () => {
    const { body } = await tenant.admin('POST', '/api/connections/test', { body: { name: 'a', url: 'no', pat: 'x' } });
    expect(body.error.path).toBe('url');
  });

  it('or an address that holds U+0000, which no text may have, is refused and no error of ours', async () => {
    const refused = { status: 400, body: { error: { code: 'invalid-request' } } };
    const { url, synchronizer } = backend.azure;
    const input = { name: 'Acme\u0000', url, pat: synchronizer.pat };
    expect(await tenant.admin('POST', '/api/connections', { body: input })).toMatchObject(refused);
    expect(await tenant.admin('GET', '/api/profiles/a%00b')).toMatchObject(refused);
  });

  it('with fields that nobody knows is refused', async () => {
    const { status } = await tenant.admin('POST', path, {
      body: { name: 'a', url: 'https://dev.azure.com/a', admin: 1 },
    });
    expect(status).toBe(400);
  });
});

describe('the log', () => {
  it('has one line per request: route, status, time, installation', async () => {
    await tenant.admin('GET', '/api/profiles/some-id');
    const lines = backend.lines.map((line) => JSON.parse(line)).filter(({ message }) => message === 'request');
    expect(lines).toEqual([
      {
        severity: 'INFO',
        time: expect.any(String),
        request: expect.any(String),
        method: 'GET',
        route: '/api/profiles/:id',
        status: 404,
        ms: expect.any(Number),
        installation: await tenant.installationId(),
        'logging.googleapis.com/labels': { installation: await tenant.installationId() },
        message: 'request',
      },
    ]);
  });

  it('holds no body, no query, no token and no address as it was sent', async () => {
    await tenant.admin('GET', '/api/jira/projects?query=geheim');
    await tenant.admin('POST', '/api/connections', { body: { name: 'geheim', url: 'https://dev.azure.com/geheim' } });
    await backend.send('GET', '/geheim/geheim');
    expect(backend.lines.length).toBeGreaterThan(2);
    expect(backend.lines.join()).not.toMatch(/geheim|eyJ/);
    expect(backend.lines.join()).not.toContain(backend.jira.appSystemToken);
  });

  it('does not tell of health', async () => {
    await backend.send('GET', '/health');
    await backend.send('GET', '/ready');
    expect(backend.lines).toEqual([]);
  });
});

describe('health', () => {
  it('is told without a token', async () => {
    expect((await backend.send('GET', '/health')).body).toMatchObject({ status: 'ok' });
  });

  it('is readiness while the database answers and nobody asked the process to end', async () => {
    expect(await backend.send('GET', '/ready')).toMatchObject({ status: 200, body: { status: 'ready' } });
    backend.stopping.value = true;
    expect(await backend.send('GET', '/ready')).toMatchObject({ status: 503, body: { status: 'stopping' } });
    backend.stopping.value = false;
  });

  it('is no readiness without the database', async () => {
    const query = (() => Promise.reject(new Error('away'))) as unknown as Parameters<typeof healthRoutes>[0]['query'];
    const answer = await healthRoutes({ query }, () => false).request('/ready');
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ status: 'database-unreachable' });
  });
});
