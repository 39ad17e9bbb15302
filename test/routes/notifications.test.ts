// Told outside the page: a stop and a token about to end arrive once, signed, again after a failure, and without a word of items.

import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { syncError } from '../../backend/src/sync/errors.ts';
import { json, startServer, type TestServer } from '../http/server.ts';
import { type Backend, madeProfile, startBackend, type Tenant } from './kit.ts';

let backend: Backend & { close(): Promise<void> };
let receiver: TestServer;
let status = 200;

beforeAll(async () => {
  receiver = await startServer((_, response) => json(response, status, {}, { location: 'https://example.com/' }));
  backend = await startBackend({ origins: [receiver.origin] });
});
afterAll(async () => {
  await backend.close();
  await receiver.close();
});
beforeEach(() => {
  receiver.seen.length = 0;
  status = 200;
});

let sites = 0;
const tenant = (): Tenant => {
  sites += 1;
  return backend.tenant({ cloudId: `notices-${sites}` });
};
const webhook = (format = 'json') => ({ url: `${receiver.origin}/hook?secret=of-the-address`, format });
const deliver = () => backend.service.handlers['send-notices']({ installationId: '' }, context);
const context = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };
const minutes = (n: number) => backend.clock.advance(n * 60_000);

async function withProfile(format?: string) {
  const owner = tenant();
  const { profile, connection } = await madeProfile(backend, owner);
  const scope = { installationId: await owner.installationId() };
  await backend.service.config.setStatus(scope, profile, 'enabled', null);
  const { body } = await owner.admin('PUT', '/api/notifications/webhook', { body: webhook(format) });
  const stop = (code: 'brake' | 'storage-empty' = 'brake') =>
    backend.service.config.setStatus(scope, profile, 'stopped', syncError(code, { side: 'azure', detail: 'words' }));
  return { ...owner, scope, profile, connection, stop, signingKey: String(body.signingKey) };
}

describe('a webhook', () => {
  it('is left to a newer version for what only that one knows, and told of the rest', async () => {
    const { stop } = await withProfile();
    await stop();
    await backend.service.pool.query(
      `insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
       select installation_id, channel, 'newer', '{"kind":"of-tomorrow"}', made_at, due_at - 1 from tandem.notices
       where ended_at is null`,
    );
    await deliver();
    expect(receiver.seen).toHaveLength(1);
    await backend.service.pool.query(`delete from tandem.notices where event_key = 'newer'`);
  });

  it('is told once of a stop, signed over time and body', async () => {
    const { profile, signingKey, stop, admin } = await withProfile();
    await Promise.all([stop(), stop(), stop()]);
    await deliver();
    await deliver();
    expect(receiver.seen).toHaveLength(1);
    const [seen] = receiver.seen;
    const { headers = {}, body = '' } = seen ?? {};
    expect(seen?.url).toBe('/hook?secret=of-the-address');
    expect(JSON.parse(body)).toMatchObject({
      title: 'Tandem stopped the profile “Team”',
      event: { kind: 'profile-stopped', profileId: profile, reason: { code: 'brake' } },
    });
    expect(body).not.toContain('words');
    const signed = createHmac('sha256', signingKey).update(`${headers['x-tandem-timestamp']}.${body}`).digest('hex');
    expect(headers).toMatchObject({ 'x-tandem-event': 'profile-stopped', 'x-tandem-signature': `sha256=${signed}` });
    expect((await admin('GET', '/api/notifications')).body).toMatchObject({
      webhook: { host: new URL(receiver.origin).host, format: 'json' },
      issueKey: null,
      recent: [{ channel: 'webhook', state: 'arrived', failure: null }],
    });
    expect(backend.answers.join()).not.toContain('of-the-address');
  });

  it('is told of the next stop, and of the same one again only after an hour', async () => {
    const { scope, profile, stop } = await withProfile();
    const resume = () => backend.service.config.setStatus(scope, profile, 'enabled', null);
    await stop();
    await resume();
    minutes(5);
    await stop();
    await resume();
    await stop('storage-empty');
    await resume();
    minutes(61);
    await stop();
    await deliver();
    const codes = receiver.seen.map(({ body }) => JSON.parse(body).event.reason.code);
    expect(codes).toEqual(['brake', 'storage-empty', 'brake']);
  });

  it('is told of a pause that a run found, not of one that an admin made', async () => {
    const { scope, profile } = await withProfile();
    const { config } = backend.service;
    await config.setStatus(scope, profile, 'paused', null);
    await config.setStatus(scope, profile, 'enabled', null);
    await config.halt(scope, profile, 'paused', syncError('unauthorized', { side: 'azure' }), backend.clock.now() + 1);
    await deliver();
    expect(receiver.seen.map(({ body }) => JSON.parse(body).title)).toEqual(['Tandem paused the profile “Team”']);
  });

  it.each([500, 404, 302])('that answers %i is asked again, with growing delay, for a day', async (answered) => {
    const { stop, admin } = await withProfile();
    status = answered;
    await stop();
    await deliver();
    await deliver();
    expect(receiver.seen).toHaveLength(1);
    minutes(1.1);
    await deliver();
    minutes(1.1);
    await deliver();
    expect(receiver.seen).toHaveLength(2);
    expect(new Set(receiver.seen.map(({ headers }) => headers['x-tandem-delivery'])).size).toBe(1);
    minutes(25 * 60);
    await deliver();
    await deliver();
    expect(receiver.seen).toHaveLength(3);
    const { body } = await admin('GET', '/api/notifications');
    expect(body.recent).toMatchObject([{ state: 'given-up', failure: `http-${answered}` }]);
  });

  it.each([
    ['slack', (body: Record<string, unknown>) => expect(body).toMatchObject({ blocks: [{ type: 'header' }, {}, {}] })],
    [
      'teams',
      (body: Record<string, unknown>) =>
        expect(body).toMatchObject({
          type: 'message',
          attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', content: { type: 'AdaptiveCard' } }],
        }),
    ],
  ])('speaks %s', async (format, check) => {
    const { stop } = await withProfile(format);
    await stop();
    await deliver();
    check(JSON.parse(receiver.seen[0]?.body ?? ''));
  });

  it('is told within a week before a token ends, once', async () => {
    const { admin, connection } = await withProfile();
    const day = 24 * 3_600_000;
    const expiresOn = new Date(backend.clock.now() + 9 * day).toISOString().slice(0, 10);
    const { name, url, pat } = { name: 'Acme', url: backend.azure.url, pat: backend.azure.synchronizer.pat };
    await admin('PUT', `/api/connections/${connection}`, { body: { name, url, pat, expiresOn } });
    await deliver();
    expect(receiver.seen).toHaveLength(0);
    minutes(3 * 24 * 60);
    await deliver();
    await deliver();
    expect(receiver.seen.map(({ body }) => JSON.parse(body).event)).toEqual([
      { kind: 'token-ends', connectionId: connection, connection: 'Acme', expiresOn },
    ]);
  });

  it('is told although that of another installation can’t be opened, which is tried again later', async () => {
    const broken = await withProfile();
    const { installationId } = broken.scope;
    await backend.service.pool.query(
      "update tandem.notice_channels set webhook_url_sealed = 'unreadable' where installation_id = $1",
      [installationId],
    );
    await broken.stop();
    const { stop } = await withProfile();
    await stop();
    await deliver();
    expect(receiver.seen).toHaveLength(1);
    const { rows } = await backend.service.pool.query(
      'select attempts, failure from tandem.notices where installation_id = $1',
      [installationId],
    );
    expect(rows).toEqual([{ attempts: 1, failure: expect.stringMatching(/^[\w:-]+$/) }]);
    await broken.admin('DELETE', '/api/notifications/webhook');
  });

  it('is told in the same round as one of an installation that has very many waiting', async () => {
    const busy = await withProfile();
    const at = backend.clock.now() - 60_000;
    await backend.service.pool.query(
      `insert into tandem.notices (installation_id, channel, event_key, event, made_at, due_at)
       select $1, 'webhook', 'many/' || n, '{"kind": "test"}', $2::bigint + n, $2::bigint + n from generate_series(1, 130) n`,
      [busy.scope.installationId, at],
    );
    const { stop } = await withProfile();
    await stop();
    await deliver();
    expect(receiver.seen.map(({ headers }) => headers['x-tandem-event']).toSorted()).toEqual([
      'profile-stopped',
      ...Array(10).fill('test'),
    ]);
    await busy.admin('DELETE', '/api/notifications/webhook');
  });

  it('that was removed is told nothing', async () => {
    const { admin, stop } = await withProfile();
    await stop();
    expect((await admin('DELETE', '/api/notifications/webhook')).status).toBe(204);
    await deliver();
    expect(receiver.seen).toHaveLength(0);
    const { body } = await admin('POST', '/api/notifications/test', { body: { channel: 'webhook' } });
    expect(body).toEqual({ arrived: false, failure: 'not-set' });
  });

  it.each([
    'http://example.com/x',
    'https://127.0.0.1/x',
    'https://localhost/x',
    'https://a:b@example.com/',
    'nothing',
  ])('is not %s', async (url) => {
    const refused = await tenant().admin('PUT', '/api/notifications/webhook', { body: { url, format: 'json' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { path: 'url' } } });
  });
});

describe('those who follow an issue', () => {
  it('are told by Jira’s own notification; a refusal is kept as a code', async () => {
    const owner = backend.tenant();
    const authorization = backend.jira.authorizationOf(backend.jira.accounts.ordinary.accountId);
    const created = await fetch(`${backend.jira.url}/rest/api/3/issue`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({
        fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'Where Tandem tells' },
      }),
    });
    const { key } = (await created.json()) as { key: string };
    expect((await owner.admin('PUT', '/api/notifications/issue', { body: { key: key.toLowerCase() } })).status).toBe(
      204,
    );
    const test = () => owner.admin('POST', '/api/notifications/test', { body: { channel: 'issue' } });
    expect((await test()).body).toEqual({ arrived: true, failure: null });
    const state = await (await fetch(`${backend.jira.url}/_control/state`)).json();
    expect((state as { mails: unknown[] }).mails).toMatchObject([{ issue: key, subject: 'A test message of Tandem' }]);
    await owner.admin('PUT', '/api/notifications/issue', { body: { key: 'TAN-99999' } });
    expect((await test()).body).toEqual({ arrived: false, failure: 'unreachable' });
    const refused = await owner.admin('PUT', '/api/notifications/issue', { body: { key: 'no key' } });
    expect(refused).toMatchObject({ status: 400, body: { error: { path: 'key' } } });
  });
});
