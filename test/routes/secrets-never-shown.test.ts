// A PAT can be written and used, never read back: every route is called with all of a tenant's ids, and no answer and no line of
// the log holds a credential in any form.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyServiceFailed } from '../../backend/src/store/key-service-failed.ts';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let ids: { connection: string; profile: string; installation: string };
beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  const made = await madeProfile(backend, owner);
  const installation = await owner.installationId();
  await storedPair(backend.service, { installationId: installation }, made.profile);
  ids = { ...made, installation };
});
afterAll(() => backend.close());

/** As they are, and as they travel. */
async function forbidden(): Promise<readonly string[]> {
  const { config } = backend.service;
  const scope = { installationId: ids.installation };
  const pat = backend.azure.synchronizer.pat;
  const system = await config.systemToken(scope, backend.clock.now());
  const given = [pat, 'another-pat-of-the-admin', backend.jira.appSystemToken, system?.token].filter(
    (one) => one !== undefined,
  );
  const made = [
    await config.hookSecret(scope, ids.connection),
    await config.siteKey(scope),
    await config.sharedSecret(scope),
  ].filter((one) => one !== null);
  return [...given, ...made].flatMap((secret) => [
    secret,
    Buffer.from(secret).toString('base64'),
    Buffer.from(`:${secret}`).toString('base64'),
    encodeURIComponent(secret),
  ]);
}

/** Something that a route with this body may take; a refusal is as good, as it is answered as well. */
const bodies: Readonly<Record<string, () => unknown>> = {
  '/api/connections': () => ({ name: 'Two', url: backend.azure.url, pat: 'another-pat-of-the-admin' }),
  '/api/connections/test': () => ({ url: backend.azure.url, pat: 'another-pat-of-the-admin' }),
  '/api/connections/{id}': () => ({ name: 'Renamed', url: backend.azure.url, pat: backend.azure.synchronizer.pat }),
  '/api/profiles': () => ({ azureConnectionId: ids.connection, settings: { ...settings, name: 'Second' } }),
  '/api/profiles/{id}': () => ({ settings, revision: 1 }),
};

describe('a credential', () => {
  it('is in no answer of any route and in no line of the log', async () => {
    const { body: document } = await backend.send('GET', '/openapi.json');
    const operations = Object.entries<Body>(document.paths).flatMap(([path, item]) =>
      Object.keys(item)
        .filter((method) => ['get', 'post', 'put', 'patch', 'delete'].includes(method))
        .map((method) => ({ path, method: method.toUpperCase() })),
    );
    // What deletes comes last, so that the others have something to show.
    operations.sort((a, b) => Number(a.method === 'DELETE') - Number(b.method === 'DELETE'));
    const secrets = await forbidden();
    expect(secrets.length).toBeGreaterThanOrEqual(16);
    let answered = 0;
    for (const { path, method } of operations) {
      const id = path.includes('/connections/') ? ids.connection : ids.profile;
      const at = path
        .replace('{installation}', ids.installation)
        .replace('{connection}', ids.connection)
        .replaceAll(/\{[^}]+\}/g, id);
      const body = method === 'POST' || method === 'PUT' ? (bodies[path]?.() ?? {}) : undefined;
      const answer = await owner.admin(method, at, body === undefined ? {} : { body });
      if (answer.status < 300) answered += 1;
    }
    expect(answered).toBeGreaterThan(10);
    for (const text of [...backend.answers, ...backend.lines]) {
      expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    }
  });
});

describe('keys that cannot be had', () => {
  it('are told as such, with a way to find the cause in the log', async () => {
    const { config } = backend.service;
    const open = config.connectionSecret;
    const create = config.createConnection;
    const failing = async () => {
      throw new KeyServiceFailed('denied', 'projects/p/locations/europe-west3/keyRings/r/cryptoKeys/k');
    };
    Object.assign(config, { createConnection: failing, connectionSecret: failing });
    const answer = await owner.admin('POST', '/api/connections', {
      body: { name: 'Three', url: backend.azure.url, pat: backend.azure.synchronizer.pat },
    });
    Object.assign(config, { createConnection: create, connectionSecret: open });
    expect(answer).toMatchObject({ status: 503, body: { error: { code: 'keys-unavailable' } } });
    expect(answer.text).not.toContain('projects/p');
    expect(backend.lines.some((line) => line.includes('kms-denied'))).toBe(true);
  });
});
