// Who a call is for, and what its person may do: tenants, the system token, Jira's administrators, uninstall and return.

import { SignJWT } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { eraseExpired } from '../../backend/src/jobs/erase.ts';
import { syncError } from '../../backend/src/sync/errors.ts';
import { type Backend, madeProfile, startBackend } from './kit.ts';

let backend: Backend & { close(): Promise<void> };
beforeAll(async () => {
  backend = await startBackend();
});
afterAll(() => backend.close());
beforeEach(() => {
  backend.calls.length = 0;
});

const minute = 60_000;
const grace = 30 * 24 * 60 * minute;

describe('a call without a valid token', () => {
  it.each(['/forge/token', '/api/overview', '/panel/10001', '/api/nowhere'])('of %s is refused', async (path) => {
    const method = path.startsWith('/forge') ? 'POST' : 'GET';
    const refused = { status: 401, body: { error: { code: 'unauthorized' } } };
    expect(await backend.send(method, path)).toMatchObject(refused);
    expect(await backend.send(method, path, { token: 'a.b.c' })).toMatchObject(refused);
  });

  it('is not helped by a token for Jira', async () => {
    const answer = await backend.send('GET', '/api/overview', { as: backend.jira.accounts.admin.accountId });
    expect(answer.status).toBe(401);
  });
});

describe('an installation', () => {
  it('is known by site and environment, not by the id that Forge gives it', async () => {
    const first = backend.tenant({ cloudId: 'site-a', installationId: 'forge-1' });
    const again = backend.tenant({ cloudId: 'site-a', installationId: 'forge-2' });
    await first.send('POST', '/forge/token');
    const id = await first.installationId();
    await again.send('POST', '/forge/token');
    expect(await again.installationId()).toBe(id);
    const stored = await backend.service.config.installation({ installationId: id });
    expect(stored?.forgeInstallationIds).toEqual(['forge-1', 'forge-2']);
  });

  it('of another environment is another tenant', async () => {
    const one = backend.tenant({ cloudId: 'site-b' });
    const other = backend.tenant({ cloudId: 'site-b', environment: { type: 'STAGING', id: 's' } });
    await one.send('POST', '/forge/token');
    await other.send('POST', '/forge/token');
    expect(await one.installationId()).not.toBe(await other.installationId());
  });

  it('of an environment that is not served here does not come to be', async () => {
    const tenant = backend.tenant({ cloudId: 'site-c', environment: { type: 'PRODUCTION', id: 'p' } });
    expect((await tenant.send('POST', '/forge/token')).status).toBe(401);
    expect(await backend.service.config.findInstallation('site-c', 'PRODUCTION')).toBeNull();
  });

  it('has one connection to its own Jira, whose address is known as soon as a page calls', async () => {
    const tenant = backend.tenant({ cloudId: 'site-d', siteUrl: 'https://acme.atlassian.net' });
    await tenant.send('POST', '/forge/token', { token: await tenant.token({ withContext: false }) }).catch(() => {});
    const early = await backend.service.config.findInstallation(backend.jira.cloudId, 'DEVELOPMENT');
    const scope = { installationId: early?.id ?? '' };
    const urls = async () => (await backend.service.config.listConnections(scope)).map(({ url }) => url);
    expect(await urls()).toEqual([backend.jira.apiBaseUrl]);
    await backend.tenant({ siteUrl: backend.jira.url }).send('POST', '/forge/token');
    expect(await urls()).toEqual([backend.jira.url]);
    await backend.tenant({ siteUrl: backend.jira.url }).send('POST', '/forge/token');
    expect(await urls()).toEqual([backend.jira.url]);
  });

  it('is stored with the handshake at the installed event', async () => {
    const tenant = backend.tenant({ cloudId: 'site-e' });
    const event = { eventType: 'avi:forge:installed:app', id: 'x', installerAccountId: 'y' };
    expect((await tenant.send('POST', '/forge/lifecycle', { body: event })).status).toBe(204);
    expect(await tenant.installationId()).toBeTruthy();
  });
});

describe('the system token', () => {
  const signed = (seconds: number) =>
    new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(Math.floor(backend.clock.now() / 1000) + seconds)
      .sign(Buffer.alloc(32));

  it('that lasts longest is kept, of whichever call', async () => {
    const tenant = backend.tenant({ cloudId: 'site-f' });
    const [short, long, middle] = await Promise.all([signed(600), signed(7200), signed(3600)]);
    const bring = (token: string, path = '/forge/token') =>
      tenant.send('POST', path, { headers: { 'x-forge-oauth-system': token } });
    await bring(short);
    await bring(long, '/forge/tick');
    await bring(middle);
    const scope = { installationId: await tenant.installationId() };
    expect((await backend.service.config.systemToken(scope, backend.clock.now()))?.token).toBe(long);
  });

  it('is encrypted at rest', async () => {
    const { rows } = await backend.service.pool.query('select * from tandem.installations');
    expect(JSON.stringify(rows)).not.toContain(backend.jira.appSystemToken);
  });

  it('does not count once it has ended', async () => {
    const tenant = backend.tenant({ cloudId: 'site-g' });
    await tenant.send('POST', '/forge/token', { headers: { 'x-forge-oauth-system': await signed(60) } });
    const scope = { installationId: await tenant.installationId() };
    expect(await backend.service.config.systemToken(scope, backend.clock.now() + 61_000)).toBeNull();
  });
});

describe('a profile whose system token ended while Forge’s schedules stalled', () => {
  it('waits without a call, and goes on after whichever call brings a token', async () => {
    const tenant = backend.tenant();
    const { profile } = await madeProfile(backend, tenant);
    const scope = { installationId: await tenant.installationId() };
    const { config, deps, handlers } = backend.service;
    const job = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };
    const probe = () => handlers.probe({ ...scope, profileId: profile }, job);
    await config.setStatus(scope, profile, 'enabled', null);
    backend.clock.advance(61 * minute);
    backend.calls.length = 0;
    const known = await config.profile(scope, profile);
    const opened = known === null ? Promise.resolve() : deps.openSides(known);
    await expect(opened).rejects.toMatchObject({ error: { code: 'unauthorized', side: 'jira', level: 'connection' } });
    await config.setStatus(scope, profile, 'paused', syncError('unauthorized', { side: 'jira' }));
    await probe();
    expect([(await config.profile(scope, profile))?.status, backend.calls.length]).toEqual(['paused', 0]);
    await tenant.send('POST', '/forge/events', { body: { events: [] } });
    await probe();
    expect((await config.profile(scope, profile))?.status).toBe('enabled');
  });
});

describe('the admin API', () => {
  it('is for a person: a call that none started is refused', async () => {
    const { send } = backend.tenant();
    expect(await send('GET', '/api/overview')).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    expect(backend.calls).toEqual([]);
  });

  it('is for administrators of Jira, and it is Jira that says who is', async () => {
    const { send, admin, token } = backend.tenant();
    const { ordinary, admin: administrator } = backend.jira.accounts;
    // The claim names an administrator; the token for Jira is of somebody else.
    const claimed = await token({ principal: administrator.accountId });
    expect((await send('GET', '/api/overview', { as: ordinary.accountId, token: claimed })).status).toBe(403);
    expect((await admin('GET', '/api/overview')).status).toBe(200);
    expect(backend.calls.map(({ operation }) => operation)).toEqual(['GET mypermissions', 'GET mypermissions']);
  });

  it('refuses a token that Jira does not take', async () => {
    const answer = await backend.tenant().send('GET', '/api/overview', { headers: { 'x-forge-oauth-user': 'stale' } });
    const message = expect.stringContaining('Sign in to Jira in another tab, then try again');
    expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden', message } } });
  });

  it('asks Jira again after a minute', async () => {
    const { admin } = backend.tenant({ cloudId: backend.jira.cloudId, environment: { type: 'STAGING', id: 's' } });
    await admin('GET', '/api/overview');
    await admin('GET', '/api/profiles');
    expect(backend.calls).toHaveLength(1);
    backend.clock.advance(59_000);
    await admin('GET', '/api/overview');
    expect(backend.calls).toHaveLength(1);
    backend.clock.advance(2_000);
    await admin('GET', '/api/overview');
    expect(backend.calls).toHaveLength(2);
  });

  it('believes no grant of another tenant', async () => {
    const as = backend.jira.accounts.admin.accountId;
    await backend.tenant({ cloudId: 'site-h' }).send('GET', '/api/overview', { as });
    await backend.tenant({ cloudId: 'site-i' }).send('GET', '/api/overview', { as });
    expect(backend.calls).toHaveLength(2);
  });
});

describe('an uninstalled app', () => {
  it('stops at once, and what was still on its way changes nothing', async () => {
    const tenant = backend.tenant({ cloudId: 'site-j' });
    const { profile } = await madeProfile(backend, tenant);
    await tenant.admin('POST', `/api/profiles/${profile}/enable`);
    const scope = { installationId: await tenant.installationId() };
    const status = async () => (await backend.service.config.installation(scope))?.status;
    const waiting = async () => (await backend.service.queue.waiting()).get('reconcile-item') ?? 0;

    await tenant.send('POST', '/forge/pre-uninstall');
    const until = (await backend.service.config.installation(scope))?.graceUntil;
    backend.clock.advance(minute);
    await tenant.send('POST', '/forge/lifecycle', { body: { eventType: 'avi:forge:uninstalled:app' } });
    expect((await backend.service.config.installation(scope))?.graceUntil).toBe(until);
    expect((await backend.service.config.profile(scope, profile))?.status).toBe('paused');
    const before = await waiting();
    const events = [{ event: 'avi:jira:updated:issue', issueId: '10001', projectKey: 'TAN', aspect: 'fields' }];
    expect((await tenant.send('POST', '/forge/events', { body: { events } })).body).toEqual({ accepted: 0 });
    expect(await waiting()).toBe(before);
    expect(await status()).toBe('uninstalled');
  });

  it('comes back as the same tenant under a new id of Forge', async () => {
    const tenant = backend.tenant({ cloudId: 'site-k', installationId: 'old' });
    const { connection } = await madeProfile(backend, tenant);
    const id = await tenant.installationId();
    await tenant.send('POST', '/forge/pre-uninstall');
    const returned = backend.tenant({ cloudId: 'site-k', installationId: 'new' });
    await returned.send('POST', '/forge/lifecycle', { body: { eventType: 'avi:forge:installed:app' } });
    expect(await returned.installationId()).toBe(id);
    const { body } = await returned.admin('GET', '/api/connections');
    expect(body.connections.map((one: { id: string }) => one.id)).toEqual([connection]);
    const stored = await backend.service.config.installation({ installationId: id });
    expect(stored).toMatchObject({ status: 'active', graceUntil: null });
  });

  it.each([
    ['lifecycle', { eventType: 'avi:forge:uninstalled:app' }],
    ['pre-uninstall', undefined],
    ['people/reported', { asked: [], updates: [{ accountId: 'u1', status: 'closed' }] }],
    ['people/due', undefined],
    ['events', { events: [{ event: 'avi:jira:deleted:issue', issueId: '10001' }] }],
  ])('is no more than what Forge itself tells: nobody at a page may call /forge/%s', async (path, body) => {
    const tenant = backend.tenant({ cloudId: 'site-p' });
    for (const as of [backend.jira.accounts.ordinary.accountId, backend.jira.accounts.admin.accountId]) {
      const answer = await tenant.send('POST', `/forge/${path}`, { as, ...(body === undefined ? {} : { body }) });
      expect(answer).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    }
    const scope = { installationId: await tenant.installationId() };
    expect((await backend.service.config.installation(scope))?.status).toBe('active');
  });

  it('that still calls a quarter of an hour later was never uninstalled', async () => {
    const tenant = backend.tenant({ cloudId: 'site-l' });
    await tenant.send('POST', '/forge/token');
    await tenant.send('POST', '/forge/pre-uninstall');
    const scope = { installationId: await tenant.installationId() };
    backend.clock.advance(10 * minute);
    await tenant.send('POST', '/forge/tick');
    expect((await backend.service.config.installation(scope))?.status).toBe('uninstalled');
    backend.clock.advance(6 * minute);
    await tenant.send('POST', '/forge/tick');
    expect((await backend.service.config.installation(scope))?.status).toBe('active');
  });

  it('is erased after its grace period, the data key first', async () => {
    const tenant = backend.tenant({ cloudId: 'site-m' });
    const { profile, connection } = await madeProfile(backend, tenant);
    await tenant.send('POST', '/forge/pre-uninstall');
    const scope = { installationId: await tenant.installationId() };
    const { config, state, handlers, pool } = backend.service;
    await state.putItemError(scope, profile, 'jira', '1', 'TAN-1', {
      id: 'e1',
      error: { code: 'unmapped-type', level: 'item', retry: 'on-change' },
      firstAt: 1,
      lastAt: 1,
      count: 1,
      ignored: false,
    });
    const run = () =>
      handlers['erase-expired'](
        { installationId: '' },
        { signal: new AbortController().signal, attempts: 0, initialJobs: 0 },
      );
    backend.clock.advance(grace - minute);
    await run();
    expect(await config.installation(scope)).not.toBeNull();
    expect(await config.connectionSecret(scope, connection)).toBe(backend.azure.synchronizer.pat);
    backend.clock.advance(2 * minute);
    await run();
    expect(await config.installation(scope)).toBeNull();
    expect(await state.listItemErrors(scope, profile)).toEqual([]);
    const { rowCount } = await pool.query('select 1 from tandem.data_keys where installation_id = $1', [
      scope.installationId,
    ]);
    expect(rowCount).toBe(0);
  });

  it('is erased in an order that a killed run can take up again', async () => {
    const order: string[] = [];
    const { config, deps } = backend.service;
    const installation = await config.install({ cloudId: 'site-n', environment: 'DEVELOPMENT' });
    await config.uninstall({ installationId: installation.id }, 0);
    const step = (name: string) => async () => {
      order.push(name);
      if (name === 'state' && order.length === 2) throw new Error('killed');
      return {};
    };
    const parts = {
      config: { ...config, eraseInstallation: step('config') },
      state: { ...deps.state, erase: step('state') },
      secrets: { destroy: step('key') } as unknown as Parameters<typeof eraseExpired>[0]['secrets'],
      queue: { forget: async () => 0 },
      log: deps.log,
    };
    const only = {
      ...parts,
      config: {
        ...parts.config,
        listInstallations: async () => [{ ...installation, status: 'uninstalled' as const, graceUntil: 0 }],
      },
    };
    await expect(eraseExpired(only, 1)).rejects.toThrow('killed');
    expect(await eraseExpired(only, 1)).toBe(1);
    // The second time around finds nothing: that is the proof.
    expect(order).toEqual(['key', 'state', 'key', 'state', 'config', 'state', 'config']);
  });
});
