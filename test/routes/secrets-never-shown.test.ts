// A PAT can be written and used, never read back: every route is called with all of a tenant's ids, and no answer and no line of
// the log holds a credential in any form.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exportInstallation } from '../../backend/src/export-data.ts';
import { eraseInstallation } from '../../backend/src/jobs/erase.ts';
import { KeyServiceFailed } from '../../backend/src/store/key-service-failed.ts';
import { rowsOf } from '../../backend/src/store/postgres-row-counts.ts';
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

describe('what an owner asks for', () => {
  const scope = () => ({ installationId: ids.installation });

  it('is all that is kept, without a credential', async () => {
    // The walk before deleted the first one.
    const { profile } = await madeProfile(backend, owner);
    await storedPair(backend.service, scope(), profile, { jira: '10002', azure: '2' });
    const secrets = await forbidden();
    const all = await exportInstallation(backend.service, scope(), backend.clock.now());
    expect(all).toMatchObject({
      format: 'tandem-export-1',
      installation: { id: ids.installation },
      notifications: { issueKey: null },
      connections: expect.arrayContaining([expect.objectContaining({ side: 'azure', hasSecret: true })]),
    });
    expect(all?.profiles.flatMap(({ pairs }) => pairs)).toMatchObject([{ ids: { jira: '10002', azure: '2' } }]);
    const text = JSON.stringify(all);
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([]);
    expect(await exportInstallation(backend.service, { installationId: 'nobody' }, 0)).toBeNull();
  });

  it('is erased everywhere, with a proof by store', async () => {
    const { config, state, secrets, queue, log, pool } = backend.service;
    const jobs = async () => (await pool.query('select key from graphile_worker.jobs order by key')).rows;
    const own = { ...scope(), profileId: ids.profile };
    await queue.addItems([{ ...own, side: 'jira', itemId: '10002', hints: [] }]);
    await queue.addTask('scan-profile', own, { runAt: new Date(backend.clock.now() + 1e9) });
    await queue.addTask('purge', { installationId: '' });
    const before = await jobs();
    const at = Date.parse('2026-11-24T12:00:00Z');
    const proof = await eraseInstallation({ config, state, secrets, queue, log, now: () => at }, scope());
    expect(proof).toMatchObject({
      installation: ids.installation,
      dataKey: 'destroyed',
      erased: { state: { pairs: 2, claims: 4 }, configuration: { installations: 1, connections: expect.any(Number) } },
      left: { state: {}, configuration: {}, queue: {} },
      expires: { logs: '2026-12-24', backups: '2026-12-01', copies: '2026-12-31' },
    });
    const after = await jobs();
    expect(proof.erased.queue).toEqual({ jobs: before.length - after.length });
    expect(before.length - after.length).toBeGreaterThanOrEqual(2);
    expect(after).toContainEqual({ key: 'task/purge///' });
    expect(JSON.stringify(after)).not.toContain(ids.installation);
    expect(await rowsOf(pool, scope())).toEqual({});
    const { rowCount } = await pool.query('select 1 from tandem.data_keys where installation_id = $1', [
      ids.installation,
    ]);
    expect(rowCount).toBe(0);
  });
});
