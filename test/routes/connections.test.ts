// Connections: what may be one, what an Azure DevOps that means ill can do, and that a token which went in never comes out.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { json, startServer, type TestServer } from '../http/server.ts';
import { type Backend, madeProfile, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let hostile: TestServer;
let answer: Parameters<typeof startServer>[0] = (_, response) => json(response, 404, {});
/** A server that must never be called. */
let inner: TestServer;

beforeAll(async () => {
  hostile = await startServer((request, response) => answer(request, response));
  inner = await startServer((_, response) => json(response, 200, { secret: 'inner' }));
  backend = await startBackend({ origins: [hostile.origin] });
});
afterAll(async () => {
  await backend.close();
  await Promise.all([hostile.close(), inner.close()]);
});
beforeEach(() => {
  backend.calls.length = 0;
});

let sites = 0;
/** Each test with a tenant of its own: what they store does not meet. */
const tenant = (): Tenant => {
  sites += 1;
  return backend.tenant({ cloudId: `connections-${sites}` });
};
const input = (change: object = {}) => ({
  name: 'Acme',
  url: backend.azure.url,
  pat: backend.azure.synchronizer.pat,
  ...change,
});

describe('a connection', () => {
  it('is added, tested, listed, changed and deleted', async () => {
    const { admin } = tenant();
    const added = await admin('POST', '/api/connections', { body: input({ expiresOn: '2027-01-31' }) });
    expect(added).toMatchObject({ status: 201, body: { name: 'Acme', status: 'ok', expiresOn: '2027-01-31' } });
    const { id } = added.body;
    const test = await admin('POST', '/api/connections/test', { body: { id } });
    expect(test.body).toMatchObject({ reachable: true, authenticated: true, problem: null });
    const { pat: _, ...withoutPat } = input({ name: 'Acme 2' });
    const changed = await admin('PUT', `/api/connections/${id}`, { body: withoutPat });
    expect(changed.body).toMatchObject({ name: 'Acme 2', status: 'ok', expiresOn: null });
    const projects = await admin('GET', `/api/connections/${id}/projects?query=tand`);
    expect(projects.body).toMatchObject({ projects: [{ name: 'Tandem' }], next: null });
    expect((await admin('DELETE', `/api/connections/${id}`)).status).toBe(204);
    expect((await admin('GET', '/api/connections')).body).toEqual({ connections: [] });
  });

  it('with a wrong token is kept, and says what is wrong', async () => {
    const added = await tenant().admin('POST', '/api/connections', { body: input({ pat: 'wrong' }) });
    expect(added).toMatchObject({ status: 201, body: { status: 'failing', problem: { cause: expect.any(String) } } });
  });

  it('needs a token when it is new', async () => {
    const { pat: _, ...body } = input();
    const refused = { status: 400, body: { error: { path: 'pat' } } };
    expect(await tenant().admin('POST', '/api/connections', { body })).toMatchObject(refused);
    expect(await tenant().admin('POST', '/api/connections/test', { body })).toMatchObject(refused);
  });

  it('in use is not deleted', async () => {
    const owner = tenant();
    const { connection, profile } = await madeProfile(backend, owner);
    const refused = await owner.admin('DELETE', `/api/connections/${connection}`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'in-use' } } });
    await owner.admin('DELETE', `/api/profiles/${profile}`);
    expect((await owner.admin('DELETE', `/api/connections/${connection}`)).status).toBe(204);
  });

  it('in use stays with its organization, whose work items the pairs are', async () => {
    const owner = tenant();
    const { connection, profile } = await madeProfile(backend, owner);
    await storedPair(backend.service, { installationId: await owner.installationId() }, profile);
    const other = input({ url: `${hostile.origin}/other` });
    const refused = await owner.admin('PUT', `/api/connections/${connection}`, { body: other });
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'in-use', path: 'url' } } });
    const spelt = input({ url: `${backend.azure.url}/Tandem/_boards` });
    expect((await owner.admin('PUT', `/api/connections/${connection}`, { body: spelt })).status).toBe(200);
  });

  it('keeps its token from another organization', async () => {
    const { admin } = tenant();
    const { body } = await admin('POST', '/api/connections', { body: input() });
    const { pat: _, ...moved } = input({ url: `${hostile.origin}/acme` });
    hostile.seen.length = 0;
    const refused = await admin('PUT', `/api/connections/${body.id}`, { body: moved });
    expect(refused).toMatchObject({ status: 400, body: { error: { path: 'pat' } } });
    expect(hostile.seen).toEqual([]);
  });

  it('with a new token lets paused profiles be looked at now', async () => {
    const owner = tenant();
    const { connection, profile } = await madeProfile(backend, owner);
    const scope = { installationId: await owner.installationId() };
    const reason = { code: 'unauthorized', level: 'connection', retry: 'probe' } as const;
    await backend.service.config.setStatus(scope, profile, 'paused', reason);
    const before = (await backend.service.queue.waiting()).get('probe') ?? 0;
    await owner.admin('PUT', `/api/connections/${connection}`, { body: input() });
    expect((await backend.service.queue.waiting()).get('probe')).toBe(before + 1);
  });
});

describe('no connection can be to', () => {
  it.each([
    ['an address without https', 'http://dev.azure.com/acme'],
    ['a host that is not of Azure DevOps', 'https://example.com/acme'],
    ['a host that only ends like one of its hosts', 'https://evil-visualstudio.com/acme'],
    ['a host with its name in front', 'https://dev.azure.com.example.com/acme'],
    ['the machine itself', 'https://localhost/acme'],
    ['a loopback address', 'https://127.0.0.1/acme'],
    ['a loopback address in other words', 'https://2130706433/acme'],
    ['a private address', 'https://10.0.0.1/acme'],
    ['an address of IPv6', 'https://[::1]/acme'],
    ['the metadata of the cloud', 'http://169.254.169.254/computeMetadata/v1'],
    ['another port', 'https://dev.azure.com:8443/acme'],
    ['an address with credentials', 'https://user:word@dev.azure.com/acme'],
    ['a file', 'file:///etc/passwd'],
    ['no organization', 'https://dev.azure.com/'],
  ])('%s', async (_, url) => {
    const { admin } = tenant();
    const refused = { status: 400, body: { error: { code: 'invalid-request', path: 'url' } } };
    expect(await admin('POST', '/api/connections', { body: input({ url }) })).toMatchObject(refused);
    expect(await admin('POST', '/api/connections/test', { body: input({ url }) })).toMatchObject(refused);
    expect((await admin('GET', '/api/connections')).body.connections).toEqual([]);
    expect(backend.calls.filter(({ side }) => side === 'azure')).toEqual([]);
  });

  it('a server within, by the name of the test’s own', async () => {
    const { admin } = tenant();
    expect((await admin('POST', '/api/connections', { body: input({ url: `${inner.origin}/acme` }) })).status).toBe(
      400,
    );
    expect(inner.seen).toEqual([]);
  });
});

describe('an Azure DevOps that', () => {
  const check = async () => {
    const body = input({ url: `${hostile.origin}/acme` });
    const { status, body: found } = await tenant().admin('POST', '/api/connections/test', { body });
    expect(status).toBe(200);
    expect(found.problem, 'an error that a person can read').toMatchObject({ cause: expect.stringMatching(/\w/) });
    return found;
  };
  const huge = 'x'.repeat(1024 * 1024);

  it('redirects inside is not followed, and sends no token there', async () => {
    answer = (_, response) => response.writeHead(302, { location: `${inner.origin}/acme` }).end();
    expect(await check()).toMatchObject({ authenticated: false });
    expect(inner.seen).toEqual([]);
  });

  it('answers without end is cut off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      const more = () => {
        while (!response.destroyed && response.write(huge));
      };
      response.on('drain', more);
      more();
    };
    await check();
  });

  it.each<[string, Parameters<typeof startServer>[0]]>([
    ['answers no JSON', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":')],
    ['answers another shape', (_, response) => json(response, 200, { value: 'x', authenticatedUser: 7 })],
    ['answers a page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Sign in')],
    ['breaks off', (_, response) => response.destroy()],
    ['is broken', (_, response) => json(response, 500, { message: 'x' })],
    ['asks to wait', (_, response) => json(response, 429, {}, { 'retry-after': '3600' })],
  ])('%s ends in words', async (_, given) => {
    answer = given;
    await check();
  });

  it('ends in words where a project is chosen, too', async () => {
    const { admin } = tenant();
    answer = (_, response) => json(response, 200, {});
    const { body } = await admin('POST', '/api/connections', { body: input({ url: `${hostile.origin}/chosen` }) });
    const { status, body: problem } = await admin('GET', `/api/connections/${body.id}/projects`);
    expect(status).toBeGreaterThanOrEqual(422);
    expect(problem.error.message).toMatch(/Azure DevOps/);
  });
});

describe('a token that went in', () => {
  it('is in no answer, no line of the log and no row', async () => {
    const secrets = [backend.azure.synchronizer.pat, 'wrong', backend.jira.appSystemToken];
    expect(backend.answers.length).toBeGreaterThan(60);
    for (const secret of secrets.filter((one) => one.length > 10)) {
      expect(backend.answers.filter((text) => text.includes(secret))).toEqual([]);
      expect(backend.lines.filter((line) => line.includes(secret))).toEqual([]);
      expect(backend.lines.join()).not.toContain(Buffer.from(`:${secret}`).toString('base64'));
    }
    const { rows: tables } = await backend.service.pool.query(
      "select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname in ('tandem', 'graphile_worker')",
    );
    for (const { name } of tables) {
      const { rows } = await backend.service.pool.query(`select * from ${name}`);
      expect(JSON.stringify(rows), name).not.toContain(backend.azure.synchronizer.pat);
    }
  });
});
