// What the catalog tells of the simulated organization, and how a connection is tried.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCatalog } from '../../backend/src/azure/catalog.ts';
import { openAzureClient } from '../../backend/src/azure/side.ts';
import { openSite, project, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

describe('the catalog', () => {
  it('tells types with states, transitions and fields', async () => {
    const catalog = await site.side.catalog.load();
    expect(catalog).toMatchObject({ side: 'azure', project: { key: project, name: project } });
    expect(catalog.types.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['Epic', 'Feature', 'User Story', 'Task', 'Bug']),
    );
    expect(catalog.types.map(({ name }) => name)).not.toContain('Shared Steps');
    const story = catalog.types.find(({ name }) => name === 'User Story');
    expect(story).toMatchObject({ initialState: 'New', subtask: false });
    expect(story?.states).toContainEqual({ name: 'New', category: 'new' });
    expect(story?.states).toContainEqual({ name: 'Active', category: 'active' });
    expect(story?.states).toContainEqual({ name: 'Closed', category: 'done' });
    expect(story?.states).toContainEqual({ name: 'Removed', category: 'removed' });
    expect(story?.transitions?.New).toContain('Active');
    expect(Object.keys(story?.transitions ?? {})).not.toContain('');
    const field = (id: string) => story?.fields.find((one) => one.id === id);
    expect(field('System.Title')).toMatchObject({ kind: 'text', required: true, readOnly: false, name: 'Title' });
    expect(field('System.Tags')).toMatchObject({ kind: 'options', native: 'tags' });
    expect(field('System.AssignedTo')).toMatchObject({ kind: 'user', native: 'identity' });
    expect(field('System.AssignedTo')?.allowed).toBeUndefined();
    expect(field('System.State')?.allowed).toContainEqual({ name: 'Resolved' });
    expect(field('System.CreatedDate')).toMatchObject({ kind: 'dateTime', readOnly: true });
    expect(field('Microsoft.VSTS.Common.Priority')).toMatchObject({
      kind: 'option',
      native: 'integer',
      allowed: [{ name: '1' }, { name: '2' }, { name: '3' }, { name: '4' }],
    });
    expect(field('Microsoft.VSTS.Scheduling.StoryPoints')).toMatchObject({ kind: 'number' });
    expect(catalog.maxAttachmentSize).toBe(62_914_560);
  });

  it('tells the people, each once, by their unique names', async () => {
    const { people } = await site.side.catalog.load();
    const ids = people.map(({ id }) => id);
    expect(new Set(ids.map((id) => id.toLowerCase())).size).toBe(ids.length);
    expect(ids).toContain(site.simulator.ordinary.uniqueName);
    expect(ids.length).toBeGreaterThan(5);
  });

  it('pages through large teams, organizations and lists of projects', async () => {
    const { people, projects } = site.simulator.world();
    const [some] = people.values();
    const [home] = projects;
    const team = home?.teams[0];
    if (some === undefined || home === undefined || team === undefined) throw new Error('the seed is empty');
    for (let count = 0; count < 620; count += 1) {
      const id = `00000000-0000-4000-9000-${String(count).padStart(12, '0')}`;
      people.set(id, { ...some, id, descriptor: `aad.${count}`, uniqueName: `person${count}@acme.example` });
      if (count < 130) team.members.push({ personId: id, isAdmin: false });
    }
    for (let count = 0; count < 120; count += 1) {
      projects.push({
        ...home,
        id: `00000000-0000-4000-a000-${String(count).padStart(12, '0')}`,
        name: `More ${count}`,
        teams: [],
      });
    }
    const catalog = await site.side.catalog.load();
    const ids = catalog.people.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => id.startsWith('person'))).toHaveLength(620);
    expect((await site.side.catalog.projects()).filter(({ name }) => name.startsWith('More '))).toHaveLength(120);
  });

  it('lists the projects', async () => {
    expect((await site.side.catalog.projects()).map(({ key }) => key)).toContain(project);
  });

  it('once stored, spares every call that would learn the types', async () => {
    const catalog = await site.side.catalog.load();
    const made = await site.worker.create('Task', { 'System.Title': 'read with a stored catalog' });
    const side = site.open({ catalog: async () => JSON.parse(JSON.stringify(catalog)) });
    site.calls();
    expect(await side.reader.read(String(made.id), { comments: false })).toMatchObject({
      item: { fields: { 'System.Title': { kind: 'text' }, 'System.Tags': null } },
    });
    expect(Object.values(site.calls())).toEqual([1]);
  });
});

describe('trying a connection', () => {
  const granted = async (pat: string, more: { project?: string } = {}) => {
    const check = await site.open({ pat, ...more }).catalog.check();
    return { ...check, names: check.permissions.filter((one) => one.granted).map(({ name }) => name) };
  };

  it('names the account and what it may do, and changes nothing', async () => {
    const before = site.simulator.world().items.size;
    const check = await granted(site.simulator.synchronizer.pat);
    expect(check).toMatchObject({
      reachable: true,
      authenticated: true,
      account: { id: site.simulator.synchronizer.uniqueName },
    });
    expect(check.error).toBeUndefined();
    expect(check.names).toEqual([
      'Work Items (Read)',
      'Work Items (Read & write)',
      'Project and Team (Read)',
      'Graph (Read)',
      'View subscriptions (service hooks)',
    ]);
    expect(site.simulator.world().items.size).toBe(before);
  });

  it('names the scopes that a token lacks, as they are ticked', async () => {
    const pat = await site.addPat({ user: site.simulator.synchronizer.uniqueName, scopes: ['vso.work'] });
    const check = await granted(pat);
    expect(check.authenticated).toBe(true);
    expect(check.names).toContain('Work Items (Read)');
    expect(check.permissions).toContainEqual({ name: 'Work Items (Read & write)', granted: false });
    expect(check.permissions).toContainEqual({ name: 'Graph (Read)', granted: false, optional: true });
    expect(check.error).toMatchObject({
      code: 'connection-forbidden',
      value: 'Work Items (Read & write), Project and Team (Read)',
    });
    await expect(
      site.open({ pat }).writer.create({
        type: 'Task',
        fields: [{ field: 'System.Title', value: { kind: 'text', text: 'x' } }],
        marker: { sourceId: '1', token: 'tandem1.a.abcdefghijklmnopqrstuv' },
        sourceUrl: 'https://acme.atlassian.net/browse/TAN-1',
      }),
    ).rejects.toMatchObject({ error: { code: 'connection-forbidden', value: 'Work Items (Read & write)' } });
  });

  it('without a profile names projects and permissions all the same', async () => {
    const { url, synchronizer } = site.simulator;
    const client = openAzureClient({ id: 'c', url, pat: synchronizer.pat }, site.transport, 'test');
    const catalog = createCatalog(client, undefined);
    expect((await catalog.projects()).map(({ key }) => key)).toContain(project);
    expect(await catalog.check()).toMatchObject({ authenticated: true, account: { id: synchronizer.uniqueName } });
  });

  it('tells a wrong token and an expired one', async () => {
    expect(await granted('wrong')).toMatchObject({ authenticated: false, error: { code: 'unauthorized' } });
    const pat = await site.addPat({ user: site.simulator.synchronizer.uniqueName, scopes: ['*'], expiresInMs: 1000 });
    expect(await granted(pat)).toMatchObject({ authenticated: true });
    await site.simulator.kernel.clock.advance(2000);
    expect(await granted(pat)).toMatchObject({ authenticated: false, error: { code: 'unauthorized' } });
  });

  it('names a project that is not there', async () => {
    const check = await granted(site.simulator.synchronizer.pat, { project: 'Nowhere' });
    expect(check).toMatchObject({
      authenticated: true,
      error: { code: 'unreachable', level: 'profile', value: 'Nowhere' },
    });
    expect(check.names).not.toContain('Work Items (Read)');
  });

  it('tells a host that does not answer', async () => {
    const side = site.open({ connection: { id: 'c2', url: `${new URL(site.simulator.url).origin}/nobody`, pat: 'x' } });
    expect((await side.catalog.check()).error).toBeDefined();
  });
});
