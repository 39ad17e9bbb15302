// What an admin decides by: the preview of a profile, both values of a conflict, and why a profile stopped itself.

import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Workers } from '../../backend/src/workers.ts';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { errorRecord, storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let profile: string;
let scope: { installationId: string };
let workers: Workers | undefined;

beforeAll(async () => {
  backend = await startBackend({ seed: 'empty', environment: { TANDEM_SETTLE_MS: '100' } });
  owner = backend.tenant();
  ({ profile } = await madeProfile(backend, owner));
  scope = { installationId: await owner.installationId() };
});
afterAll(async () => {
  await workers?.stop();
  await backend.close();
});

const asDana = async (method: string, path: string, body?: unknown): Promise<Body> => {
  const { email, token } = backend.jira.accounts.ordinary;
  const response = await fetch(`${backend.jira.url}/rest/api/3/${path}`, {
    method,
    headers: { authorization: `Basic ${btoa(`${email}:${token}`)}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === '' ? {} : JSON.parse(text);
};
const inAzure = async (method: string, path: string, body: unknown): Promise<Body> => {
  const response = await fetch(`${backend.azure.url}/Tandem/_apis/wit/workitems/${path}?api-version=7.1`, {
    method,
    headers: {
      authorization: `Basic ${btoa(`:${backend.azure.ordinary.pat}`)}`,
      'content-type': 'application/json-patch+json',
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
  return response.json();
};
const issue = (summary: string, type = 'Task') =>
  asDana('POST', 'issue', { fields: { project: { key: 'TAN' }, issuetype: { name: type }, summary } });
const title = (value: string) => [{ op: 'add', path: '/fields/System.Title', value }];
const errors = async (): Promise<Body[]> => (await owner.admin('GET', `/api/profiles/${profile}/errors`)).body.errors;

async function until<T>(look: () => Promise<T | false | undefined>): Promise<T> {
  for (let turn = 0; turn < 200; turn += 1) {
    const found = await look();
    if (found) return found;
    // The retry times of the backend follow this clock.
    backend.clock.advance(1_000);
    await delay(50);
  }
  throw new Error('it did not come to be');
}

describe('the preview of a draft', () => {
  it('counts what a run would do and shows the writes field by field, and nothing is written', async () => {
    await issue('Weigh the parcel');
    await issue('On both sides');
    await issue('Nobody maps a bug', 'Bug');
    await inAzure('POST', '$Task', title('On both sides'));
    // Search lags behind.
    backend.clock.advance(60_000);
    const { status, body } = await owner.admin('GET', `/api/profiles/${profile}/plan`);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      counts: { items: 3, create: 1, link: 1, skip: 1, error: 0 },
      complete: true,
      twinsKnown: true,
    });
    expect(body.sample).toContainEqual({
      jiraKey: 'TAN-1',
      azureId: null,
      jiraUrl: `${backend.jira.url}/browse/TAN-1`,
      azureUrl: null,
      action: 'create',
      note: 'Task',
      writes: [
        { side: 'azure', field: 'Title', before: null, after: 'Weigh the parcel', drawn: null, why: 'new item' },
      ],
      waitsFor: [],
      problems: [],
    });
    expect(body.sample).toContainEqual(expect.objectContaining({ action: 'link', jiraKey: 'TAN-2' }));
    expect(body.sample).toContainEqual(
      expect.objectContaining({ action: 'skip', note: 'its type has no counterpart in the profile' }),
    );
    const writes = /\b(PUT|PATCH|DELETE)\b|POST (issue|workitems\/)(?!.*bulkfetch)/;
    expect(backend.calls.map(({ operation }) => operation).filter((name) => writes.test(name))).toEqual([]);
    expect((await owner.admin('GET', `/api/profiles/${profile}`)).body.pairs.paired).toBe(0);
  });
});

describe('a field that was changed on both sides', () => {
  it('shows both values as they are now, and the chosen one stays', async () => {
    const asking = { ...settings, policies: { conflict: 'ask' } };
    await owner.admin('PUT', `/api/profiles/${profile}`, { body: { settings: asking, revision: 1 } });
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    workers = await backend.service.work();
    await owner.admin('POST', `/api/profiles/${profile}/initial-sync`);
    const pairs = await until(async () => {
      const { pairs: found } = await backend.service.state.listPairs(scope, profile, { limit: 10 });
      return found.length === 2 && found.every(({ syncedAt }) => syncedAt !== null) && found;
    });
    for (const pair of pairs) {
      await asDana('PUT', `issue/${pair.ids.jira}`, { fields: { summary: `Jira’s ${pair.keys.jira}` } });
      await inAzure('PATCH', pair.ids.azure ?? '', title(`Azure’s ${pair.keys.jira}`));
      const { keys: _, ...job } = { ...scope, profileId: profile, pairId: pair.id, keys: pair.keys };
      await backend.service.queue.addItems([{ ...job, side: 'jira', itemId: pair.ids.jira ?? '', hints: [] }]);
    }
    const found = await until(async () => {
      const listed = await errors();
      return listed.length === 2 && listed;
    });
    expect(found.every(({ choosable }) => choosable)).toBe(true);
    const refs = found.map(({ ref }) => ref);
    const { body } = await owner.admin('POST', '/api/errors/values', { body: { refs } });
    expect(body.values).toEqual(
      found.map(({ ref, jiraKey }) => ({
        ref,
        fields: { jira: 'Summary', azure: 'Title' },
        jira: `Jira’s ${jiraKey}`,
        azure: `Azure’s ${jiraKey}`,
        readable: true,
      })),
    );
    expect(backend.lines.join('\n')).not.toContain('Azure’s');

    expect((await owner.admin('POST', '/api/errors/choose', { body: { refs, side: 'azure' } })).body).toEqual({
      accepted: 2,
    });
    await until(async () => (await errors()).length === 0);
    for (const { ids, keys } of pairs) {
      expect((await asDana('GET', `issue/${ids.jira}?fields=summary`)).fields.summary).toBe(`Azure’s ${keys.jira}`);
    }
    const again = await owner.admin('POST', '/api/errors/choose', { body: { refs, side: 'jira' } });
    expect(again.body).toEqual({ accepted: 0 });
  });

  it('is told as gone when one of the items is', async () => {
    const pair = await storedPair(backend.service, scope, profile, { jira: '99999', azure: '99999' });
    const ref = (await errors()).find(({ pairId }) => pairId === pair)?.ref;
    const { body } = await owner.admin('POST', '/api/errors/values', { body: { refs: [ref] } });
    expect(body.values).toEqual([{ ref, fields: null, jira: null, azure: null, readable: false }]);
  });
});

describe('a value that was overwritten', () => {
  it('is settled by a choice: it is seen to, and nothing counts as agreed', async () => {
    const id = await storedPair(backend.service, scope, profile, {
      jira: '99990',
      azure: '99990',
      errors: [errorRecord('e1', 'overwritten', 'summary~System.Title')],
    });
    const listed = (await errors()).find(({ pairId }) => pairId === id);
    expect(listed).toMatchObject({ code: 'overwritten', choosable: true });
    await owner.admin('POST', '/api/errors/choose', { body: { refs: [listed.ref], side: 'jira' } });
    const pair = await backend.service.state.getPair(scope, id);
    expect(pair?.errors.filter(({ error }) => error.code === 'overwritten')).toEqual([]);
  });
});

describe('a profile that stopped itself', () => {
  it('tells why, how many were done and which items wait; going on gives the whole budget', async () => {
    await workers?.stop();
    workers = undefined;
    const { config, queue } = backend.service;
    const asked = () => owner.admin('GET', `/api/profiles/${profile}/stop`);
    expect((await asked()).body).toMatchObject({ reason: null, since: null });
    const pair = await storedPair(backend.service, scope, profile, { jira: '501', azure: '601', errors: [] });
    await config.takeBudget(scope, profile, backend.clock.now(), 100);
    await config.setStatus(scope, profile, 'stopped', { code: 'brake', level: 'profile', retry: 'on-admin' });
    const hint = { side: 'jira', itemId: '501', aspect: 'deleted' } as const;
    await queue.addItems([{ ...scope, profileId: profile, pairId: pair, side: 'jira', itemId: '501', hints: [hint] }]);
    const { body } = await asked();
    expect(body).toMatchObject({
      reason: { code: 'brake', cause: expect.stringMatching(/deletions/), remedy: expect.stringMatching(/Resume/) },
      since: expect.stringMatching(/^\d{4}-/),
      done: 100,
      limit: 100,
      windowMinutes: 60,
      deleted: 1,
    });
    expect(body.items[0]).toEqual({
      side: 'jira',
      jiraKey: 'TAN-501',
      azureId: '601',
      jiraUrl: `${backend.jira.url}/browse/TAN-501`,
      azureUrl: `${backend.azure.url}/Tandem/_workitems/edit/601`,
      deleted: true,
    });
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    expect((await asked()).body).toMatchObject({ reason: null, done: 0 });
  });
});
