// Profiles: saving without losing anybody's change, what enabling, pausing and deleting leave, and the pages of errors.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { errorRecord, storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
beforeAll(async () => {
  backend = await startBackend({ seed: 'empty' });
});
afterAll(() => backend.close());

let sites = 0;
async function made(): Promise<{
  owner: Tenant;
  profile: string;
  connection: string;
  scope: { installationId: string };
}> {
  sites += 1;
  const owner = backend.tenant({ cloudId: `profiles-${sites}` });
  const ids = await madeProfile(backend, owner);
  return { owner, ...ids, scope: { installationId: await owner.installationId() } };
}
const waiting = async (task: string) => (await backend.service.queue.waiting()).get(task) ?? 0;

describe('a profile', () => {
  it('is a draft first, of the app’s own Jira and the chosen organization', async () => {
    const { owner, profile, connection, scope } = await made();
    const { body } = await owner.admin('GET', `/api/profiles/${profile}`);
    expect(body).toMatchObject({
      status: 'draft',
      azureConnectionId: connection,
      revision: 1,
      pairs: { paired: 0, failing: 0 },
      initialSync: null,
      settings: { name: 'Team', types: [{ jira: 'Task' }] },
    });
    const record = await backend.service.config.profileRecord(scope, profile);
    const jira = await backend.service.config.connection(scope, record?.jiraConnectionId ?? '');
    expect(jira).toMatchObject({ side: 'jira', auth: 'app' });
  });

  it('lists the people who have no counterpart, and only its own administrator sees them', async () => {
    const { owner, profile, scope } = await made();
    const people = [
      { id: 'vi@acme.test', name: 'Vi', email: 'vi@acme.test', seenIn: ['System.AssignedTo', 'mention'] },
      { id: 'nobody@acme.test', name: 'Nobody', active: false, seenIn: ['mention'] },
    ];
    await backend.service.config.rememberPeople(scope, 'azure', people);
    const { body } = await owner.admin('GET', `/api/profiles/${profile}/people`);
    expect(body.people).toEqual([
      { side: 'azure', id: 'nobody@acme.test', name: 'Nobody', email: null, active: false, seenIn: ['mention'] },
      {
        side: 'azure',
        id: 'vi@acme.test',
        name: 'Vi',
        email: 'vi@acme.test',
        active: null,
        seenIn: ['System.AssignedTo', 'mention'],
      },
    ]);
    const stranger = backend.tenant({ cloudId: 'people-of-others' });
    expect((await stranger.admin('GET', `/api/profiles/${profile}/people`)).status).toBe(404);
  });

  it('saved by two at once keeps the first and tells the second', async () => {
    const { owner, profile } = await made();
    const save = (name: string, revision: number) =>
      owner.admin('PUT', `/api/profiles/${profile}`, { body: { settings: { ...settings, name }, revision } });
    const outcomes = await Promise.all([save('One', 1), save('Two', 1)]);
    expect(outcomes.map(({ status }) => status).sort()).toEqual([200, 409]);
    const refused = outcomes.find(({ status }) => status === 409);
    expect(refused?.body.error).toMatchObject({ code: 'revision-conflict', path: 'revision' });
    expect(refused?.body.error.message).toContain('revision 2');
    expect((await save('Three', 2)).body).toMatchObject({ name: 'Three', revision: 3 });
  });

  it('with pairs stays with its projects', async () => {
    const { owner, profile, scope } = await made();
    const moved = { ...settings, azure: { project: 'Elsewhere' } };
    const save = (revision: number, to: object) =>
      owner.admin('PUT', `/api/profiles/${profile}`, { body: { settings: to, revision } });
    expect((await save(1, moved)).status).toBe(200);
    expect((await save(2, settings)).status).toBe(200);
    await storedPair(backend.service, scope, profile);
    const refused = await save(3, moved);
    expect(refused).toMatchObject({
      status: 409,
      body: { error: { code: 'has-pairs', path: 'settings.azure.project' } },
    });
  });

  it('that is enabled registers its hooks and scans; enabled again, it looks for what it missed', async () => {
    const { owner, profile } = await made();
    const before = await Promise.all([waiting('register-hooks'), waiting('scan-profile'), waiting('inventory')]);
    const enabled = await owner.admin('POST', `/api/profiles/${profile}/enable`);
    expect(enabled.body).toMatchObject({ status: 'enabled', reason: null });
    expect(await waiting('register-hooks')).toBe(before[0] + 1);
    expect(await waiting('scan-profile')).toBe(before[1] + 1);
    expect(await waiting('inventory')).toBe(before[2]);
    expect((await owner.admin('POST', `/api/profiles/${profile}/pause`)).body.status).toBe('paused');
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    expect(await waiting('inventory')).toBe(before[2] + 1);
  });

  it('has its hooks in Azure DevOps while it is enabled', async () => {
    const { owner, profile, scope } = await made();
    const hooks = async (): Promise<readonly string[]> => {
      const response = await fetch(`${backend.azure.url}/_apis/hooks/subscriptions?api-version=7.1`, {
        headers: { authorization: `Basic ${Buffer.from(`:${backend.azure.synchronizer.pat}`).toString('base64')}` },
      });
      const { value }: Body = await response.json();
      return value
        .filter(({ consumerInputs }: Body) => consumerInputs.url.includes(scope.installationId))
        .map(({ eventType }: Body) => eventType)
        .sort();
    };
    const settle = () =>
      backend.service.handlers['register-hooks'](
        { ...scope, profileId: profile },
        { signal: new AbortController().signal, attempts: 0, initialJobs: 0 },
      );
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    await settle();
    expect(await hooks()).toEqual([
      'workitem.commented',
      'workitem.created',
      'workitem.deleted',
      'workitem.restored',
      'workitem.updated',
    ]);
    await owner.admin('POST', `/api/profiles/${profile}/pause`);
    expect(await hooks()).toEqual([]);
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    await settle();
    expect(await hooks()).toHaveLength(5);
    await owner.send('POST', '/forge/pre-uninstall');
    await settle();
    expect(await hooks()).toEqual([]);
  });

  it('that is deleted takes its errors and its initial sync along, and keeps its pairs claimed', async () => {
    const { owner, profile, scope } = await made();
    const { config, state } = backend.service;
    const pair = await storedPair(backend.service, scope, profile);
    await state.putItemError(scope, profile, 'jira', '9', 'TAN-9', errorRecord('e9', 'unmapped-type'));
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    await owner.admin('POST', `/api/profiles/${profile}/initial-sync`);
    expect((await owner.admin('DELETE', `/api/profiles/${profile}`)).status).toBe(204);
    expect((await owner.admin('GET', `/api/profiles/${profile}`)).status).toBe(404);
    expect(await config.profileRecord(scope, profile)).toBeNull();
    expect(await state.listItemErrors(scope, profile)).toEqual([]);
    expect((await state.getInitialSync(scope, profile))?.status).toBe('stopped');
    expect(await state.getPair(scope, pair)).not.toBeNull();
  });
});

async function newIssue(): Promise<void> {
  const { url, accounts } = backend.jira;
  const { email, token } = accounts.ordinary;
  const made = await fetch(`${url}/rest/api/3/issue`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${email}:${token}`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({ fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'One' } }),
  });
  expect(made.status).toBe(201);
}

describe('an initial sync', () => {
  it('needs an enabled profile', async () => {
    const { owner, profile } = await made();
    const refused = await owner.admin('POST', `/api/profiles/${profile}/initial-sync`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: 'not-enabled' } } });
    expect((await owner.admin('GET', `/api/profiles/${profile}/initial-sync`)).status).toBe(404);
  });

  it('is started once, told of, and stopped', async () => {
    const { owner, profile } = await made();
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    const started = await owner.admin('POST', `/api/profiles/${profile}/initial-sync`);
    backend.clock.advance(1_000);
    const again = await owner.admin('POST', `/api/profiles/${profile}/initial-sync`);
    expect(started).toMatchObject({ status: 200, body: { status: 'running', finishedAt: null } });
    expect(again.body).toEqual(started.body);
    const stopped = await owner.admin('POST', `/api/profiles/${profile}/initial-sync/stop`);
    expect(stopped.body.status).toBe('stopped');
    expect((await owner.admin('GET', `/api/profiles/${profile}/initial-sync`)).body).toEqual(stopped.body);
  });

  const enabled = async () => {
    const { owner, profile } = await made();
    const path = `/api/profiles/${profile}/initial-sync`;
    await owner.admin('POST', `/api/profiles/${profile}/enable`);
    return { owner, path, start: (body: unknown) => owner.admin('POST', path, { body }) };
  };

  it('says what it was asked for, and is paused and resumed', async () => {
    const { owner, path, start } = await enabled();
    const linkBy = { jira: 'issuekey', azure: 'Custom.JiraKey' };
    const asked = { mode: 're-sync', linkBy, range: { from: '2026-01-01' } };
    const started = await start(asked);
    const told = { ...asked, range: { from: '2026-01-01', to: null }, itemsPerMinute: null, secondsLeft: null };
    expect(started).toMatchObject({ status: 200, body: { ...told, status: 'running', phase: 'linking' } });
    expect((await start(asked)).body).toEqual(started.body);
    expect(await start({})).toMatchObject({ status: 409, body: { error: { code: 'initial-sync' } } });

    const nothing = { status: 409, body: { error: { code: 'initial-sync' } } };
    expect(await owner.admin('POST', `${path}/resume`)).toMatchObject(nothing);
    expect((await owner.admin('POST', `${path}/pause`)).body).toMatchObject({ ...told, status: 'paused' });
    expect(await owner.admin('POST', `${path}/pause`)).toMatchObject(nothing);
    expect((await owner.admin('POST', `${path}/resume`)).body).toMatchObject({ status: 'running' });
    await owner.admin('POST', `${path}/pause`);
    expect((await owner.admin('POST', `${path}/stop`)).body).toMatchObject({ status: 'stopped' });
    expect(await owner.admin('POST', `${path}/resume`)).toMatchObject(nothing);
  });

  it.each([
    [{ mode: 'all' }, 'mode', 'choose "unpaired"'],
    [{ linkBy: { jira: 'summary' } }, 'linkBy.azure', ''],
    [{ linkBy: { jira: ' ', azure: 'System.Id' } }, 'linkBy.jira', 'name a field by its id.'],
    [{ range: { from: '2026-02-30' } }, 'range.from', 'write a day as in 2026-03-31.'],
    [{ range: { from: '2026-03-02', to: '2026-03-01' } }, 'range.from', 'must not be after the last one.'],
    [{ days: 3 }, undefined, 'days'],
    [
      { linkBy: { jira: 'issuekey', azure: 'Custom.JiraKei' } },
      'linkBy.azure',
      'Did you mean "Custom.JiraKey" (Jira Key)?',
    ],
    [{ linkBy: { jira: 'labels', azure: 'Custom.JiraKey' } }, 'linkBy.jira', 'holds no single text or number'],
  ])('is not started with %j', async (body, path, message) => {
    const { owner, path: of, start } = await enabled();
    const refused = await start(body);
    expect(refused).toMatchObject({ status: 400, body: { error: { code: 'invalid-request' } } });
    expect(refused.body.error.path).toBe(path);
    expect(refused.body.error.message).toContain(message);
    expect((await owner.admin('GET', of)).status).toBe(404);
  });

  it('tells beforehand how many items it would look at', async () => {
    const { owner, path } = await enabled();
    const count = async (body: unknown) => (await owner.admin('POST', `${path}/count`, { body })).body;
    await newIssue();
    await backend.clock.advance(3 * 24 * 3_600_000);
    const before = await count({});
    const range = { from: new Date(backend.clock.now()).toISOString().slice(0, 10) };
    expect(before).toEqual({ jira: 1, azure: 0, atLeast: false });
    expect(await count({ range })).toEqual({ jira: 0, azure: 0, atLeast: false });
    expect(await count({ range: { to: range.from } })).toEqual(before);
  });
});

describe('the errors of a profile', () => {
  it('come in pages, those of items first, each once', async () => {
    const { owner, profile, scope } = await made();
    for (let n = 0; n < 5; n += 1) {
      const record = errorRecord(`i${n}`, 'unmapped-type');
      await backend.service.state.putItemError(scope, profile, 'jira', `${100 + n}`, `TAN-${100 + n}`, record);
      await storedPair(backend.service, scope, profile, { jira: `${200 + n}`, azure: `${n + 1}` });
    }
    const seen: string[] = [];
    const sizes: number[] = [];
    let after = '';
    do {
      const { status, body } = await owner.admin('GET', `/api/profiles/${profile}/errors?limit=3${after}`);
      expect(status).toBe(200);
      sizes.push(body.errors.length);
      seen.push(...body.errors.map(({ ref }: Body) => ref));
      after = body.next === null ? '' : `&after=${encodeURIComponent(body.next)}`;
    } while (after !== '');
    expect(new Set(seen).size).toBe(10);
    expect(sizes).toEqual([3, 3, 3, 1]);
  });

  it('say where their items are, why, and what to do', async () => {
    const { owner, profile, scope } = await made();
    await storedPair(backend.service, scope, profile, { jira: '11', azure: '22' });
    const { body } = await owner.admin('GET', `/api/profiles/${profile}/errors`);
    expect(body).toMatchObject({
      errors: [
        {
          code: 'conflict',
          cause: expect.stringMatching(/\w/),
          remedy: expect.stringMatching(/\w/),
          jiraKey: 'TAN-11',
          jiraUrl: `${backend.jira.url}/browse/TAN-11`,
          azureUrl: `${backend.azure.url}/Tandem/_workitems/edit/22`,
          choosable: true,
          ignored: false,
        },
      ],
      next: null,
    });
  });

  it('refuse a page that none named, and a limit out of bounds', async () => {
    const { owner, profile } = await made();
    const wrong = (query: string) => owner.admin('GET', `/api/profiles/${profile}/errors?${query}`);
    expect(await wrong('after=x')).toMatchObject({ status: 400, body: { error: { path: 'after' } } });
    expect(await wrong('limit=0')).toMatchObject({ status: 400, body: { error: { path: 'limit' } } });
    expect(await wrong('limit=many')).toMatchObject({ status: 400, body: { error: { path: 'limit' } } });
  });

  it('are retried, ignored and settled by their references', async () => {
    const { owner, profile, scope } = await made();
    const pair = await storedPair(backend.service, scope, profile);
    const list = async () => (await owner.admin('GET', `/api/profiles/${profile}/errors`)).body.errors;
    const [{ ref }] = await list();
    expect((await owner.admin('POST', '/api/errors/ignore', { body: { refs: [ref], reason: 'known' } })).body).toEqual({
      accepted: 1,
    });
    expect((await list())[0]).toMatchObject({ ignored: true, ignoredFor: 'known' });
    expect((await owner.admin('GET', '/api/overview')).body.errors).toBe(0);
    await owner.admin('POST', '/api/errors/choose', { body: { ref, side: 'azure' } });
    expect((await backend.service.state.getPair(scope, pair))?.choices).toEqual({ summary: 'azure' });
    expect((await owner.admin('POST', '/api/errors/retry', { body: { refs: [ref] } })).status).toBe(202);
    const { rowCount } = await backend.service.pool.query('select 1 from tandem.pending_items where pair_id = $1', [
      pair,
    ]);
    expect(rowCount).toBe(1);
  });

  it.each([
    ['retry', { refs: ['x'] }, 'refs.0'],
    ['retry', { refs: [] }, 'refs'],
    ['ignore', { refs: [Buffer.from('{"pair":1}').toString('base64url')] }, 'refs.0'],
    ['choose', { ref: 'x', side: 'jira' }, 'ref'],
    ['choose', { ref: 'x', side: 'left' }, 'side'],
  ])('refuse a reference that is none: %s', async (action, body, path) => {
    const { owner } = await made();
    expect(await owner.admin('POST', `/api/errors/${action}`, { body })).toMatchObject({
      status: 400,
      body: { error: { path } },
    });
  });
});

describe('mapping help', () => {
  it('lists projects, both catalogs, a suggestion and what is wrong with a given profile', async () => {
    const owner = backend.tenant();
    const { connection } = await madeProfile(backend, owner);
    const body = { jiraProject: 'TAN', azureConnectionId: connection, azureProject: 'Tandem' };
    const projects = await owner.admin('GET', '/api/jira/projects');
    expect(projects.body.projects).toContainEqual(expect.objectContaining({ key: 'TAN' }));
    const catalogs = await owner.admin('POST', '/api/catalogs', { body });
    expect(catalogs.body.azure.types.map(({ name }: Body) => name)).toContain('User Story');
    const suggestion = await owner.admin('POST', '/api/suggest', { body });
    expect(suggestion.body.settings.types.length).toBeGreaterThan(2);
    const suggested = await owner.admin('POST', '/api/profiles', {
      body: { azureConnectionId: connection, settings: suggestion.body.settings },
    });
    expect(suggested.status).toBe(201);
    const flawed = { ...settings, types: [{ jira: 'Task', azure: 'Nothing' }] };
    const validated = await owner.admin('POST', '/api/validate', {
      body: { azureConnectionId: connection, settings: flawed },
    });
    expect(validated.body.problems).toContainEqual(expect.objectContaining({ path: 'types.0.azure', level: 'error' }));
  });

  it('names a project that is not there', async () => {
    const owner = backend.tenant();
    const { connection } = await madeProfile(backend, owner);
    const body = { jiraProject: 'TAN', azureConnectionId: connection, azureProject: 'Nowhere' };
    const { status, body: answer } = await owner.admin('POST', '/api/catalogs', { body });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(answer.error.message).toMatch(/Azure DevOps/);
  });
});
