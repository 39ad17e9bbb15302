// Support: who is let in, what is shown and what never is, and an audit log that nobody can change.

import { createLocalJWKSet, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../backend/src/app.ts';
import { supportQueriesKept } from '../../backend/src/data-policy/cloud-sql.ts';
import { remoteKeys } from '../../backend/src/routes/forge-token.ts';
import { supportVerifier } from '../../backend/src/routes/support-token.ts';
import { purgeSupportQueries } from '../../backend/src/store/support-queries.ts';
import { syncError } from '../../backend/src/sync/errors.ts';
import { type Backend, type Body, madeProfile, startBackend, type Tenant } from './kit.ts';
import { errorRecord, storedPair } from './stored.ts';

const audience = 'https://tandem.example.com';
const ann = 'ann@support.example';
type Keys = Awaited<ReturnType<typeof generateKeyPair>>;

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let keys: Keys;
let app: ReturnType<typeof createApp>;
let installation: string;
let made: { connection: string; profile: string };
let pair: string;

beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  keys = await generateKeyPair('RS256');
  const jwks = createLocalJWKSet({ keys: [{ ...(await exportJWK(keys.publicKey)), kid: 'g1', alg: 'RS256' }] });
  app = createApp(backend.service, null, { support: supportVerifier({ audience, people: [ann], keys: jwks }) });
  made = await madeProfile(backend, owner);
  installation = await owner.installationId();
  const scope = { installationId: installation };
  const told = {
    ...errorRecord('e1', 'unmapped-value', 'priority~Priority'),
    error: syncError('unmapped-value', {
      side: 'azure',
      field: 'priority',
      value: 'Umbrella',
      detail: 'said Umbrella',
    }),
  };
  pair = await storedPair(backend.service, scope, made.profile, { errors: [told] });
  await backend.service.state.putItemError(scope, made.profile, 'jira', '10009', 'TAN-9', errorRecord('e2'));
});
afterAll(() => backend.close());

interface Change {
  readonly claims?: Record<string, unknown>;
  readonly key?: Keys['privateKey'] | Uint8Array;
  readonly header?: Record<string, unknown>;
}

async function bearer({ claims = {}, key = keys.privateKey, header = {} }: Change = {}): Promise<string> {
  const at = Math.floor(Date.now() / 1000);
  const all = {
    iss: 'https://accounts.google.com',
    aud: audience,
    email: ann,
    email_verified: true,
    iat: at,
    exp: at + 3600,
    ...claims,
  };
  const given = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return `Bearer ${await new SignJWT(given).setProtectedHeader({ alg: 'RS256', kid: 'g1', ...header }).sign(key)}`;
}

async function ask(method: string, path: string, authorization?: string, body?: unknown) {
  const response = await app.request(path, {
    method,
    headers: {
      ...(authorization === undefined ? {} : { authorization }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, text, body: (text === '' ? null : JSON.parse(text)) as Body };
}

const get = async (path: string) => ask('GET', `/support${path}`, await bearer());
const queries = async () =>
  (
    await backend.service.pool.query(
      'select person, method, path, installation_id from tandem.support_queries order by query_id',
    )
  ).rows;

describe('a token of support', () => {
  const past = Math.floor(Date.now() / 1000) - 60;
  it.each<[string, () => Promise<string | undefined>]>([
    ['none', async () => undefined],
    ['no bearer', async () => 'Basic YTpi'],
    ['a stranger’s signature', async () => bearer({ key: (await generateKeyPair('RS256')).privateKey })],
    ['HS256', () => bearer({ key: new TextEncoder().encode('x'.repeat(32)), header: { alg: 'HS256' } })],
    [
      'alg none',
      async () => `${(await bearer()).replace(/^Bearer [^.]+/, 'Bearer eyJhbGciOiJub25lIn0').replace(/[^.]+$/, '')}`,
    ],
    ['the end long ago', () => bearer({ claims: { exp: past } })],
    ['a beginning to come', () => bearer({ claims: { nbf: past + 600 } })],
    ['no end', () => bearer({ claims: { exp: undefined } })],
    ['another audience', () => bearer({ claims: { aud: 'https://other.example.com' } })],
    ['another issuer', () => bearer({ claims: { iss: 'https://accounts.example.com' } })],
    ['no address', () => bearer({ claims: { email: undefined } })],
    ['an address that is not verified', () => bearer({ claims: { email_verified: false } })],
    ['verified in words', () => bearer({ claims: { email_verified: 'true' } })],
    ['a person who is not on the list', () => bearer({ claims: { email: 'eve@support.example' } })],
    ['an address that ends alike', () => bearer({ claims: { email: `x${ann}` } })],
    ['a Forge token', async () => `Bearer ${await owner.token()}`],
  ])('that is wrong is refused, and asks nothing: %s', async (_, authorization) => {
    expect(await ask('GET', '/support/installations?query=acme', await authorization())).toMatchObject({
      status: 401,
      body: { error: { code: 'unauthorized' } },
    });
    expect(await queries()).toEqual([]);
  });

  it('can’t be judged while Google’s keys can’t be had', async () => {
    const verify = supportVerifier({ audience, people: [ann], keys: remoteKeys('http://127.0.0.1:9') });
    const blind = createApp(backend.service, null, { support: verify });
    const response = await blind.request('/support/installations?query=acme', {
      headers: { authorization: await bearer() },
    });
    expect(response.status).toBe(503);
  });

  it('opens nothing else, and without a list there are no such routes', async () => {
    expect((await backend.send('GET', '/support/installations?query=acme')).status).toBe(404);
    const refused = await backend.send('GET', '/api/overview', {
      headers: { authorization: await bearer({ claims: { email: ann.toUpperCase() } }) },
    });
    expect(refused.status).toBe(401);
  });
});

describe('support', () => {
  it('finds an installation and its health', async () => {
    const { body } = await get(`/installations?query=${backend.jira.cloudId}`);
    expect(body.installations).toMatchObject([{ id: installation, status: 'active' }]);
    const site = new URL(backend.jira.url).host;
    expect((await get(`/installations?query=${site}`)).body.installations).toHaveLength(1);
    expect((await get(`/installations/${installation}`)).body).toMatchObject({
      extendedLoggingUntil: null,
      connections: expect.arrayContaining([
        expect.objectContaining({ id: made.connection, side: 'azure', hasSecret: true, reachable: true }),
      ]),
      profiles: [
        {
          id: made.profile,
          jiraProject: 'TAN',
          status: 'draft',
          pairs: { paired: 1, failing: 1 },
          itemErrors: 1,
          queue: { now: 0, later: 0 },
        },
      ],
    });
  });

  it.each(['TAN-10001', '10001', '1'])('finds a pair by %s, with its timeline and errors', async (key) => {
    expect((await get(`/installations/${installation}/items/${key}`)).body.items).toMatchObject([
      { pair: { id: pair, jira: { key: 'TAN-10001' }, azure: { id: '1' } }, errors: [{ code: 'unmapped-value' }] },
    ]);
  });

  it('lists errors as codes', async () => {
    const { body } = await get(`/installations/${installation}/profiles/${made.profile}/errors`);
    expect(body).toMatchObject({
      errors: [
        { code: 'conflict', jiraKey: 'TAN-9', pairId: null },
        { code: 'unmapped-value', pairId: pair },
      ],
      next: null,
    });
  });

  it('has more logged for a time', async () => {
    const path = `/support/installations/${installation}/extended-logging`;
    expect((await ask('PUT', path, await bearer(), { hours: 25 })).status).toBe(400);
    const on = await ask('PUT', path, await bearer(), { hours: 2 });
    const hours = (Date.parse(on.body.until) - backend.clock.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1.9);
    expect(hours).toBeLessThanOrEqual(2);
    expect(await backend.service.extendedLogging.status({ installationId: installation })).toMatchObject({ by: ann });
    expect((await ask('DELETE', path, await bearer())).body).toEqual({ until: null });
    expect(await backend.service.extendedLogging.status({ installationId: installation })).toBeNull();
  });

  it('sees nothing of what is not there', async () => {
    for (const path of [
      '/installations/nobody',
      '/installations/nobody/items/TAN-1',
      `/installations/${installation}/items/TAN-404`,
      `/installations/${installation}/profiles/nobody/errors`,
    ]) {
      expect(await get(path), path).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } });
    }
  });

  it('sees no secret, no name that an admin chose, and no words of a service', async () => {
    const pages = await Promise.all(
      [
        `/installations/${installation}`,
        `/installations/${installation}/items/TAN-10001`,
        `/installations/${installation}/profiles/${made.profile}/errors`,
      ].map(get),
    );
    const shown = pages.map(({ text }) => text).join();
    const hidden = [backend.azure.synchronizer.pat, backend.jira.appSystemToken, '"Team"', '"Acme"', 'Umbrella'];
    expect(hidden.filter((text) => shown.includes(text))).toEqual([]);
  });
});

describe('the audit log', () => {
  it('has each query before its answer', async () => {
    const before = (await queries()).length;
    await get(`/installations/${installation}/items/TAN-404`);
    expect((await queries()).slice(before)).toEqual([
      {
        person: ann,
        method: 'GET',
        path: `/support/installations/${installation}/items/TAN-404`,
        installation_id: installation,
      },
    ]);
    const failing = { ...backend.service.pool, query: () => Promise.reject(new Error('no space')) };
    const deaf = createApp({ ...backend.service, pool: failing as never }, null, {
      support: async () => ann,
    });
    const response = await deaf.request(`/support/installations/${installation}`, {
      headers: { authorization: await bearer() },
    });
    expect(response.status).toBe(500);
  });

  it('lets go what is over 400 days old', async () => {
    const { pool } = backend.service;
    const before = await queries();
    const old =
      "insert into tandem.support_queries (asked_at, person, method, path) values (now() - interval '401 days', 'a@b.example', 'GET', '/')";
    await pool.query(old);
    expect(await purgeSupportQueries(pool, supportQueriesKept)).toBe(1);
    expect(await queries()).toEqual(before);
  });

  it.each([
    "update tandem.support_queries set person = 'nobody@support.example'",
    'delete from tandem.support_queries',
    'truncate tandem.support_queries',
  ])('can’t be changed, not even by the owner of the table: %s', async (statement) => {
    const before = await queries();
    await expect(backend.service.pool.query(statement)).rejects.toThrow('never changed');
    expect(await queries()).toEqual(before);
  });
});
