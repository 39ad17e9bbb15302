// What the pages that make and look after a profile ask: counts of filters, people, drafts, unsaved settings, history, timelines.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { matchPeople } from '../../backend/src/routes/people-match.ts';
import { type Backend, type Body, madeProfile, settings, startBackend, type Tenant } from './kit.ts';
import { storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let ids: { connection: string; profile: string };
beforeAll(async () => {
  backend = await startBackend({ seed: 'team' });
  owner = backend.tenant();
  ids = await madeProfile(backend, owner);
});
afterAll(() => backend.close());

const scope = async () => ({ installationId: await owner.installationId() });
const other = (): Tenant => ({
  ...owner,
  admin: async (method, path, request = {}) =>
    owner.send(method, path, {
      as: backend.jira.accounts.admin.accountId,
      token: await owner.token({ principal: 'somebody-else' }),
      ...request,
    }),
});

describe('the count of a filter', () => {
  const count = (input: object) => owner.admin('POST', '/api/filter-count', { body: input });
  const azure = () => ({ side: 'azure', azureConnectionId: ids.connection, project: 'Tandem' });

  it('is the site’s own', async () => {
    const all = await count({ side: 'jira', project: 'TAN' });
    expect(all).toMatchObject({ status: 200, body: { atLeast: false, problem: null } });
    const bugs = await count({ side: 'jira', project: 'TAN', filter: 'type = Bug' });
    expect(bugs.body.count).toBeGreaterThan(0);
    expect(bugs.body.count).toBeLessThan(all.body.count);
    const items = await count(azure());
    const tasks = await count({ ...azure(), filter: "[System.WorkItemType] = 'Task'" });
    expect(tasks.body.count).toBeGreaterThan(0);
    expect(tasks.body.count).toBeLessThan(items.body.count);
  });

  it.each([
    ['jira', 'labels = ', /label|JQL|expect/i],
    ['jira', 'nosuch = 1', /nosuch/],
    ['jira', 'status = (Done', /parenthesis/],
    ['azure', '[System.Nosuch] = 1', /System\.Nosuch/],
    ['azure', "[System.Title] CONTAINS 'x", /not closed/],
  ])('says in words what %s can’t read in %s', async (side, filter, words) => {
    const input = side === 'jira' ? { side, project: 'TAN' } : azure();
    const { status, body } = await count({ ...input, filter });
    expect({ status, count: body.count }).toEqual({ status: 200, count: null });
    expect(body.problem).toMatch(words);
  });

  it('needs a connection of the caller’s', async () => {
    expect((await count({ ...azure(), azureConnectionId: 'nobody' })).status).toBe(404);
  });
});

describe('a draft', () => {
  const path = () => `/api/profiles/${ids.profile}/draft`;

  it('is kept as it is until it is discarded, and somebody else’s is not overwritten unseen', async () => {
    expect((await owner.admin('GET', path())).body).toMatchObject({ draft: null, savedAt: null });
    const first = await owner.admin('PUT', path(), { body: { draft: { step: 'types', settings: {} }, after: null } });
    expect(first.body).toMatchObject({ draft: { step: 'types' }, baseRevision: 1 });
    backend.clock.advance(5_000);
    // The same person in another tab goes on; another person has to look first.
    const save = (who: Tenant, after: string | null) =>
      who.admin('PUT', path(), { body: { draft: { step: 'fields' }, after } });
    expect(await save(other(), null)).toMatchObject({ status: 409, body: { error: { code: 'draft-conflict' } } });
    expect((await save(other(), first.body.savedAt)).status).toBe(200);
    expect((await owner.admin('GET', path())).body).toMatchObject({
      draft: { step: 'fields' },
      savedBy: 'somebody-else',
    });
    expect((await owner.admin('DELETE', path())).status).toBe(204);
    expect((await owner.admin('GET', path())).body.draft).toBeNull();
  });
});

describe('unsaved settings', () => {
  it('are compared with the stored ones and previewed, and saved by neither', async () => {
    const changed = {
      ...settings,
      fields: [...settings.fields, { jira: 'labels', azure: 'System.Tags', kind: 'options' }],
    };
    const path = `/api/profiles/${ids.profile}`;
    const { body } = await owner.admin('POST', `${path}/differences`, { body: { settings: changed } });
    expect(body.differences).toEqual([
      { path: 'fields[labels ↔ System.Tags]', before: null, after: expect.objectContaining({ jira: 'labels' }) },
    ]);
    const fieldsOf = ({ sample }: Body) =>
      new Set(sample.flatMap(({ writes }: Body) => writes.map((one: Body) => one.field)));
    const before = await owner.admin('GET', `${path}/plan`);
    const after = await owner.admin('POST', `${path}/plan`, { body: { settings: changed } });
    expect(fieldsOf(before.body).has('Tags')).toBe(false);
    expect(fieldsOf(after.body).has('Tags')).toBe(true);
    const moved = { ...changed, jira: { project: 'OPS' } };
    expect(await owner.admin('POST', `${path}/plan`, { body: { settings: moved } })).toMatchObject({
      status: 400,
      body: { error: { path: 'settings.jira.project' } },
    });
    expect((await owner.admin('GET', path)).body.revision).toBe(1);
  });

  it('once saved stand in the history, with who and what', async () => {
    const path = `/api/profiles/${ids.profile}`;
    await owner.admin('PUT', path, { body: { settings: { ...settings, name: 'Renamed' }, revision: 1 } });
    const { body } = await owner.admin('GET', `${path}/history`);
    expect(body.revisions).toMatchObject([
      { revision: 2, differences: [{ path: 'name', before: 'Team', after: 'Renamed' }] },
      { revision: 1, differences: [] },
    ]);
  });
});

describe('people', () => {
  const jira = [
    { id: 'j1', name: 'Ana', email: 'ana@acme.test' },
    { id: 'j2', name: 'Bo' },
    { id: 'j3', name: 'Cy' },
    { id: 'j4', name: 'Gone', active: false },
  ];
  const azure = [
    { id: 'ana@acme.test', name: 'Ana' },
    { id: 'bo@acme.test', name: 'Bo' },
  ];

  it('are matched by e-mail, by the profile, or not', () => {
    expect(matchPeople([{ jira: 'j2', azure: 'bo@acme.test' }], { jira, azure })).toEqual({
      matched: { byProfile: 1, byEmail: 1 },
      unmatched: {
        jira: { total: 1, people: [{ id: 'j3', name: 'Cy', email: null }] },
        azure: { total: 0, people: [] },
      },
    });
  });

  it('are counted of both live projects', async () => {
    const { status, body } = await owner.admin('POST', '/api/people/match', {
      body: { azureConnectionId: ids.connection, settings },
    });
    expect(status).toBe(200);
    expect(body.matched.byEmail).toBeGreaterThan(0);
  });
});

describe('the steps of the wizard', () => {
  it('read both schemas once, and anew for another suggestion', async () => {
    const projects = { jiraProject: 'TAN', azureConnectionId: ids.connection, azureProject: 'Tandem' };
    const profile = { azureConnectionId: ids.connection, settings };
    const callsOf = async (path: string, body: object) => {
      backend.calls.length = 0;
      expect((await owner.admin('POST', path, { body })).status).toBe(200);
      // Whether the caller administers Jira is asked once a minute.
      return backend.calls.filter(({ operation }) => operation !== 'GET mypermissions').length;
    };
    const once = await callsOf('/api/suggest', projects);
    expect(once).toBeLessThan(60);
    expect(await callsOf('/api/catalogs', projects)).toBe(0);
    expect(await callsOf('/api/people/match', profile)).toBe(0);
    expect(await callsOf('/api/validate', profile)).toBe(0);
    expect(await callsOf('/api/suggest', projects)).toBe(once);
    backend.clock.advance(61_000);
    expect(await callsOf('/api/catalogs', projects)).toBe(once);
  });
});

describe('the timeline of an item', () => {
  it('is found by its key in any case and by its number, and not by another tenant', async () => {
    const pair = await storedPair(backend.service, await scope(), ids.profile, { jira: '7', azure: '77' });
    for (const item of ['tan-7', '7', '77', 'AB%2377', '%2377']) {
      const { body } = await owner.admin('GET', `/api/timelines?item=${item}`);
      expect(body.timelines).toMatchObject([
        { pairId: pair, jiraKey: 'TAN-7', azureId: '77', status: 'paired', problems: [{ subject: 'summary' }] },
      ]);
    }
    for (const item of ['whatever', '%237']) {
      expect((await owner.admin('GET', `/api/timelines?item=${item}`)).body.timelines).toEqual([]);
    }
    const stranger = backend.tenant({ cloudId: 'timelines-of-others' });
    expect((await stranger.admin('GET', '/api/timelines?item=TAN-7')).body.timelines).toEqual([]);
  });
});

describe('the health of a site', () => {
  const health = async () => (await owner.admin('GET', '/api/site-health')).body;

  it('names services that ask to wait and hooks that are gone, and is empty when all is well', async () => {
    expect(await health()).toEqual({ jiraToken: 'live', waits: [], limited: [], hooks: [] });
    backend.service.metrics.count(await scope(), 'calls.jira.limited', 3);
    await backend.service.metrics.flush();
    const until = backend.clock.now() + 60_000;
    await backend.service.pool.query('insert into tandem.governor_blocks values ($1, $2)', [
      `${ids.connection}/write`,
      until,
    ]);
    await owner.admin('POST', `/api/profiles/${ids.profile}/enable`);
    expect(await health()).toMatchObject({
      limited: [{ side: 'jira', times: 3 }],
      waits: [{ side: 'azure', connection: 'Acme', until: new Date(until).toISOString() }],
      hooks: [{ profileId: ids.profile, missing: expect.arrayContaining(['workitem.updated']) }],
    });
    await backend.service.pool.query('delete from tandem.governor_blocks');
    await backend.service.handlers['register-hooks'](
      { ...(await scope()), profileId: ids.profile },
      { signal: new AbortController().signal, attempts: 0, initialJobs: 0 },
    );
    expect((await health()).hooks).toEqual([]);
    expect((await owner.admin('POST', `/api/profiles/${ids.profile}/hooks`)).status).toBe(202);
  });
});
