// Profiles as files over the API, profiles that would take the same items, and the timelines of pairs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Decision } from '../../backend/src/reconcile/ports.ts';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
beforeAll(async () => {
  backend = await startBackend({ seed: 'empty' });
});
afterAll(() => backend.close());

let sites = 0;
async function made() {
  sites += 1;
  const owner = backend.tenant({ cloudId: `files-${sites}` });
  const ids = await madeProfile(backend, owner);
  return { owner, ...ids, scope: { installationId: await owner.installationId() } };
}
const exported = async (owner: Tenant, profile: string): Promise<string> =>
  (await owner.admin('GET', `/api/profiles/${profile}/export`)).body.yaml;

describe('a profile as a file', () => {
  it('is exported without secrets, and names the schema that the backend serves', async () => {
    const { owner, profile } = await made();
    const { status, body } = await owner.admin('GET', `/api/profiles/${profile}/export`);
    expect(status).toBe(200);
    expect(body.fileName).toBe('team.yml');
    expect(body.yaml.split('\n')[0]).toBe(
      '# yaml-language-server: $schema=https://tandem.example.com/profile.schema.json',
    );
    expect(parse(body.yaml)).toEqual({
      ...settings,
      jira: { url: backend.jira.url, project: 'TAN' },
      azure: { url: backend.azure.url, project: 'Tandem' },
    });
    expect(body.yaml).not.toContain(backend.azure.synchronizer.pat);
    const schema = await backend.send('GET', '/profile.schema.json');
    expect(schema).toMatchObject({ status: 200, body: { title: 'Tandem profile', type: 'object' } });
  });

  it('is checked with the lines of its problems, compared, and imported as an edit or anew', async () => {
    const { owner, profile, connection } = await made();
    const yaml = await exported(owner, profile);
    const changed = stringify({ ...parse(yaml), policies: { deleted: 'close' } });
    const check = (text: string) =>
      owner.admin('POST', '/api/profile-files/check', { body: { yaml: text, profileId: profile } });
    expect((await check(yaml)).body).toMatchObject({ settings: { name: 'Team' }, problems: [], differences: [] });
    expect((await check(changed)).body.differences).toEqual([
      { path: 'policies.deleted', before: 'mark', after: 'close' },
    ]);
    const wrong = await check(yaml.replace('kind: text', 'kind: txt'));
    expect(wrong.body).toMatchObject({ settings: null, differences: [] });
    expect(wrong.body.problems).toEqual([
      expect.objectContaining({
        path: 'fields.0.kind',
        level: 'error',
        message: expect.stringContaining('Use one of'),
      }),
    ]);
    expect(wrong.body.problems[0].line).toBeGreaterThan(5);

    const imported = (input: object) =>
      owner.admin('POST', '/api/profile-files/import', { body: { yaml: changed, ...input } });
    expect(await imported({ profileId: profile, revision: 7 })).toMatchObject({
      status: 409,
      body: { error: { code: 'revision-conflict' } },
    });
    expect((await imported({ profileId: profile, revision: 1 })).body).toMatchObject({ id: profile, revision: 2 });
    const anew = await imported({ azureConnectionId: connection });
    expect(anew).toMatchObject({ status: 200, body: { status: 'draft', revision: 1 } });
    expect(anew.body.id).not.toBe(profile);
  });

  it('with a secret is refused, and the secret is not repeated', async () => {
    const { owner, connection } = await made();
    const yaml = stringify({ ...settings, azure: { ...settings.azure, pat: 'very-secret' } });
    const refused = await owner.admin('POST', '/api/profile-files/import', {
      body: { yaml, azureConnectionId: connection },
    });
    expect(refused).toMatchObject({ status: 422, body: { error: { code: 'profile-invalid', path: 'azure.pat' } } });
    expect(refused.text).not.toContain('very-secret');
    const named = stringify({ ...settings, azure: { ...settings.azure, pat: `\${AZURE_DEVOPS_PAT}` } });
    const taken = await owner.admin('POST', '/api/profile-files/import', {
      body: { yaml: named, azureConnectionId: connection },
    });
    expect(taken.status).toBe(200);
  });
});

describe('profiles that would take the same items', () => {
  it('are refused when one is stored or enabled, with the overlap named, until something keeps them apart', async () => {
    const { owner, profile, connection } = await made();
    const rival = { ...settings, name: 'Rival' };
    const create = (more: object) =>
      owner.admin('POST', '/api/profiles', {
        body: { azureConnectionId: connection, settings: { ...rival, ...more } },
      });
    // Two drafts take nothing: the first that is enabled has the items.
    const draft = (await create({})).body;
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    const enabled = await owner.admin('POST', `/api/profiles/${draft.id}/enable`);
    expect(enabled).toMatchObject({ status: 409, body: { error: { code: 'overlap', path: 'settings.jira.filter' } } });
    expect(enabled.body.error.message).toContain('New issues of TAN in Jira (Task) would enter the profile "Team"');
    expect(await create({})).toMatchObject({ status: 409, body: { error: { code: 'overlap' } } });
    expect(await create({ direction: 'azure-to-jira' })).toMatchObject({
      status: 409,
      body: { error: { path: 'settings.azure.filter' } },
    });

    const save = (id: string, revision: number, to: object) =>
      owner.admin('PUT', `/api/profiles/${id}`, { body: { settings: to, revision } });
    const oneWay = { direction: 'jira-to-azure' };
    const apart = { ...rival, ...oneWay, jira: { project: 'TAN', filter: 'labels != sync' } };
    expect((await save(draft.id, 1, apart)).status).toBe(409);
    const sync = { ...settings, ...oneWay, jira: { project: 'TAN', filter: 'labels = sync' } };
    expect((await save(profile, 1, sync)).status).toBe(200);
    expect((await save(draft.id, 1, apart)).status).toBe(200);
    expect((await owner.admin('POST', `/api/profiles/${draft.id}/enable`)).status).toBe(200);
    const back = await save(profile, 2, { ...sync, jira: { project: 'TAN', filter: 'labels = other' } });
    expect(back.body.error.message).toContain('nothing in the filters keeps them apart');
  });
});

describe('a timeline', () => {
  it('is told to admins by issue key, issue id and work item, newest first; of others it does not exist', async () => {
    const { owner, profile, scope } = await made();
    const { state } = backend.service;
    const id = await storedPair(backend.service, scope, profile, { jira: '10007', azure: '77' });
    const at = backend.clock.now();
    const leased = await state.acquireLease(scope, id, at, 1_000);
    if (!leased) throw new Error('the pair is free');
    const decision: Decision = {
      at,
      what: 'updated',
      seen: [{ by: 'event', side: 'jira', aspect: 'fields' }],
      versions: { jira: 5 },
      operations: [{ side: 'azure', kind: 'update', fields: ['System.Title'] }],
      rules: [{ mapping: 'summary~System.Title', rule: 'jira-changed' }],
      codes: [],
    };
    await state.commit(scope, leased.lease, { decisions: [{ ...decision, what: 'created', at: at - 1 }, decision] });
    const look = (query: string, from = owner) => from.admin('GET', `/api/profiles/${profile}/timeline?${query}`);
    const { body } = await look('side=jira&key=TAN-10007');
    expect(body).toMatchObject({ pairId: id, jiraKey: 'TAN-10007', azureId: '77' });
    expect(body.decisions.map(({ what }: Body) => what)).toEqual(['updated', 'created']);
    expect(body.decisions[0]).toEqual({
      at: new Date(at).toISOString(),
      what: 'updated',
      seen: [{ by: 'event', side: 'jira', aspect: 'fields' }],
      versions: { jira: 5, azure: null },
      operations: [{ side: 'azure', kind: 'update', fields: ['System.Title'], from: null, to: null, child: null }],
      rules: [{ mapping: 'summary~System.Title', rule: 'jira-changed' }],
      codes: [],
      more: 0,
    });
    expect((await look('side=jira&key=10007')).body).toEqual(body);
    expect((await look('side=azure&key=77')).body).toEqual(body);
    expect((await look('side=azure&key=78')).status).toBe(404);
    expect((await look('side=azure&key=77', backend.tenant({ cloudId: 'stranger' }))).status).toBe(404);
  });
});
