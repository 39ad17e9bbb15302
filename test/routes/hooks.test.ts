// Azure DevOps' service hooks: whose they are, what they may say, and that they cost nobody a call.

import crypto from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Backend, madeProfile, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let path: string;
let secret: string;
let scope: { installationId: string };
let profile: string;

beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  const made = await madeProfile(backend, owner);
  profile = made.profile;
  scope = { installationId: await owner.installationId() };
  await backend.service.config.setStatus(scope, profile, 'enabled', null);
  path = `/hooks/azure/${scope.installationId}/${made.connection}`;
  secret = (await backend.service.config.hookSecret(scope, made.connection)) ?? '';
});
afterAll(() => backend.close());
beforeEach(async () => {
  backend.calls.length = 0;
  await backend.service.pool.query('delete from tandem.pending_items');
});

const basic = (user: string, word: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${word}`).toString('base64')}`,
});
const post = (body: unknown, headers: Record<string, string> = basic('tandem', secret)) =>
  backend.send('POST', path, { body, headers });

/** As Azure DevOps sends it, with the fields that matter; `version` shapes people and comments. */
const updated = (more: object = {}, project?: string) => ({
  subscriptionId: '11111111-1111-4111-8111-111111111111',
  notificationId: 1,
  id: '22222222-2222-4222-8222-222222222222',
  eventType: 'workitem.updated',
  publisherId: 'tfs',
  resource: {
    id: 9,
    workItemId: 7,
    rev: 12,
    revisedBy: { id: 'x', displayName: 'Dana' },
    fields: { 'System.Title': { oldValue: 'a', newValue: 'b' }, 'System.Rev': { oldValue: 11, newValue: 12 } },
    ...more,
  },
  resourceVersion: '1.0',
  resourceContainers: project === undefined ? {} : { project: { id: project } },
  createdDate: '2026-11-24T07:00:00Z',
});

const pending = async () =>
  (
    await backend.service.pool.query(
      'select item_key, side, item_id, hints from tandem.pending_items order by item_key',
    )
  ).rows;

describe('a hook without its secret', () => {
  it.each<[string, () => Record<string, string>]>([
    ['none', () => ({})],
    ['a wrong one', () => basic('tandem', 'wrong')],
    ['an empty one', () => basic('tandem', '')],
    ['another user', () => basic('admin', secret)],
    ['one that is longer', () => basic('tandem', `${secret}x`)],
    ['the beginning of it', () => basic('tandem', secret.slice(0, -1))],
    ['a bearer token', () => ({ authorization: `Bearer ${secret}` })],
  ])('is refused: %s', async (_, headers) => {
    expect(await post(updated(), headers())).toMatchObject({ status: 401, body: { error: { code: 'unauthorized' } } });
    expect(await pending()).toEqual([]);
  });

  it('is refused before its body is read', async () => {
    let read = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          read = true;
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const response = await backend.app.request(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...basic('tandem', 'wrong') },
      body,
      duplex: 'half',
    } as RequestInit);
    expect(response.status).toBe(401);
    expect(read).toBe(false);
  });

  it('is compared in constant time', async () => {
    const compare = vi.spyOn(crypto, 'timingSafeEqual');
    const { syncBuiltinESMExports } = await import('node:module');
    syncBuiltinESMExports();
    try {
      await post(updated(), basic('tandem', 'wrong'));
      // With the newest secret and the one before, which there is not.
      expect(compare).toHaveBeenCalledTimes(2);
      for (const [given, expected] of compare.mock.calls) expect(given.byteLength).toBe(expected.byteLength);
    } finally {
      compare.mockRestore();
      syncBuiltinESMExports();
    }
  });
});

describe('a secret that is replaced', () => {
  it('is taken for a day yet, and no longer; the one before it at once no more', async () => {
    const { config } = backend.service;
    const connection = path.split('/').at(-1) ?? '';
    const accepted = async (word: string) => (await post(updated(), basic('tandem', word))).status === 202;
    const renewed = await owner.admin('POST', `/api/connections/${connection}/hook-secret`);
    expect(renewed).toMatchObject({ status: 202, body: { accepted: 1 } });
    const [second = ''] = await config.hookSecrets(scope, connection);
    expect([second === secret, await accepted(second), await accepted(secret)]).toEqual([false, true, true]);
    await owner.admin('POST', `/api/connections/${connection}/hook-secret`);
    const [third = ''] = await config.hookSecrets(scope, connection);
    expect([await accepted(third), await accepted(second), await accepted(secret)]).toEqual([true, true, false]);
    await backend.clock.advance(25 * 60 * 60 * 1000);
    expect([await accepted(third), await accepted(second)]).toEqual([true, false]);
    secret = third;
    // The hooks of its enabled profiles are registered anew, which brings the secret along.
    const { rows } = await backend.service.pool.query(
      "select 1 from graphile_worker.jobs where key like '%register-hooks%'",
    );
    expect(rows).toHaveLength(1);
  });
});

describe('a hook to', () => {
  it('an unknown connection or installation is refused like a wrong secret', async () => {
    const headers = basic('tandem', secret);
    const unknown = '33333333-3333-4333-8333-333333333333';
    for (const address of [
      path.replace(/[^/]+$/, unknown),
      path.replace(scope.installationId, unknown),
      `/hooks/azure/${unknown}/${unknown}`,
    ]) {
      expect((await backend.send('POST', address, { body: updated(), headers })).status).toBe(401);
    }
  });

  it('an unknown connection is not opened by an empty secret', async () => {
    const address = path.replace(/[^/]+$/, 'none');
    const headers = basic('tandem', '');
    expect((await backend.send('POST', address, { body: updated(), headers })).status).toBe(401);
  });

  it('the connection of another tenant is refused with a secret of one’s own', async () => {
    const other = backend.tenant({ cloudId: 'other' });
    const made = await madeProfile(backend, other);
    const own = await backend.service.config.hookSecret(
      { installationId: await other.installationId() },
      made.connection,
    );
    expect((await post(updated(), basic('tandem', own ?? ''))).status).toBe(401);
  });
});

describe('the body of a hook', () => {
  it.each<[string, string]>([
    ['no JSON', '{'],
    ['no object', '[]'],
    ['no event', '{"resource":{}}'],
    ['an event without its item', JSON.stringify({ eventType: 'workitem.updated', resource: { rev: 1 } })],
    ['an item of another kind', JSON.stringify({ eventType: 'workitem.created', resource: { id: 'x' } })],
  ])('that is %s is refused', async (_, raw) => {
    const answer = await backend.send('POST', path, { raw, headers: basic('tandem', secret) });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } });
  });

  it('may be as large as a work item’s, and no larger', async () => {
    const text = 'ü'.repeat(1_000_000);
    const large = updated({ fields: { 'System.Description': { oldValue: text, newValue: text } }, x: text });
    expect((await post(large)).status).toBe(202);
    expect((await post({ ...large, more: 'x'.repeat(17 * 1024 * 1024) })).status).toBe(413);
  });

  it('repeats no content in an answer or the log', async () => {
    await backend.send('POST', path, {
      raw: JSON.stringify({ eventType: 'workitem.updated', resource: { rev: 'geheim' } }),
      headers: basic('tandem', secret),
    });
    expect(backend.answers.join()).not.toContain('geheim');
    expect(backend.lines.join()).not.toContain('geheim');
  });
});

describe('an event', () => {
  it('of an unpaired item waits for the profile of its project', async () => {
    expect((await post(updated())).body).toEqual({ accepted: 1 });
    expect(await pending()).toMatchObject([
      { side: 'azure', item_id: '7', hints: [{ aspect: 'fields', version: { seq: 12 } }] },
    ]);
  });

  it('of a paired item waits for its pair', async () => {
    const pair = await storedPair(backend.service, scope, profile, { jira: '10500', azure: '500', errors: [] });
    await post(updated({ workItemId: 500 }));
    expect(await pending()).toMatchObject([{ item_key: pair, item_id: '500' }]);
  });

  it('that comes again, or out of order, leaves one job with the newest version', async () => {
    for (const rev of [12, 14, 13, 14, 12]) await post(updated({ rev }));
    expect(await pending()).toMatchObject([{ hints: [{ aspect: 'fields', version: { seq: 14 } }] }]);
  });

  it('of a foreign project is ignored as soon as the project is known', async () => {
    const catalog = { types: [], people: [], maxAttachmentSize: 1 };
    await backend.service.config.saveCatalogs(scope, profile, {
      jira: { side: 'jira', project: { id: '1', key: 'TAN', name: 'Tandem' }, ...catalog },
      azure: { side: 'azure', project: { id: 'ours', key: 'Tandem', name: 'Tandem' }, ...catalog },
    });
    expect((await post(updated({}, 'foreign'))).body).toEqual({ accepted: 0 });
    expect((await post(updated({}, 'ours'))).body).toEqual({ accepted: 1 });
  });

  it('of a kind that nobody needs is taken and dropped', async () => {
    const push = { eventType: 'git.push', resource: { pushId: 1 } };
    expect(await post(push)).toMatchObject({ status: 202, body: { accepted: 0 } });
  });

  const person = { displayName: 'Dana', uniqueName: 'dana@acme.example' };
  it.each<[string, object, object]>([
    [
      '1.0, people as text',
      { revision: { id: 7, rev: 12, fields: { 'System.ChangedBy': 'Dana <dana@acme.example>' } } },
      {},
    ],
    [
      '2.0, people as objects',
      { revisedBy: person, revision: { id: 7, rev: 12, fields: { 'System.ChangedBy': person } } },
      {},
    ],
    ['3.1-preview.3, without revisedBy', { revisedBy: null, revision: { id: 7, rev: 12 } }, { workItemId: undefined }],
  ])('of resource version %s is understood', async (version, more, change) => {
    const body = { ...updated({ ...more, ...change }), resourceVersion: version.split(',')[0] };
    expect(await post(body)).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await pending()).toMatchObject([{ item_id: '7', hints: [{ aspect: 'fields', version: { seq: 12 } }] }]);
  });

  it('of a paused profile’s unpaired item starts nothing', async () => {
    await backend.service.config.setStatus(scope, profile, 'paused', null);
    expect((await post(updated())).body).toEqual({ accepted: 0 });
    await backend.service.config.setStatus(scope, profile, 'enabled', null);
  });

  it('asks neither service, however many come', async () => {
    await Promise.all(Array.from({ length: 50 }, (_, index) => post(updated({ workItemId: 1000 + (index % 10) }))));
    expect(await pending()).toHaveLength(10);
    expect(backend.calls).toEqual([]);
  });

  it('of an uninstalled app is dropped', async () => {
    await owner.send('POST', '/forge/pre-uninstall');
    // Of a pair, which has a job whatever its profile does.
    expect(await post(updated({ workItemId: 500 }))).toMatchObject({ status: 202, body: { accepted: 0 } });
    expect(await pending()).toEqual([]);
  });
});
