// What a project offers, and whether a connection can do its work.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { failureOf, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());

describe('a project’s catalog', () => {
  it('has its types with statuses by category', async () => {
    const catalog = await site.jira.catalog.load();
    expect(catalog).toMatchObject({ side: 'jira', project: { key: 'TAN' }, maxAttachmentSize: 100 * 1024 * 1024 });
    expect(catalog.types.map(({ name }) => name).toSorted()).toEqual(['Bug', 'Epic', 'Story', 'Sub-task', 'Task']);
    expect(catalog.types.find(({ name }) => name === 'Sub-task')?.subtask).toBe(true);
    const story = catalog.types.find(({ name }) => name === 'Story');
    expect(Object.fromEntries(story?.states.map(({ name, category }) => [name, category]) ?? [])).toEqual({
      'To Do': 'new',
      'In Progress': 'active',
      'In Review': 'active',
      Blocked: 'active',
      Done: 'done',
      Cancelled: 'done',
    });
  });

  it('has the fields of each type with kind, need and choices', async () => {
    const catalog = await site.jira.catalog.load();
    const field = (type: string, id: string) =>
      catalog.types.find(({ name }) => name === type)?.fields.find((candidate) => candidate.id === id);
    expect(field('Story', 'summary')).toMatchObject({ kind: 'text', required: true, readOnly: false });
    expect(field('Story', 'description')).toMatchObject({ kind: 'richText', required: false });
    expect(field('Story', 'priority')).toMatchObject({
      kind: 'option',
      allowed: expect.arrayContaining([{ id: '2', name: 'High' }]),
    });
    expect(field('Story', 'customfield_10016')).toMatchObject({ kind: 'number', name: 'Story Points' });
    expect(field('Story', 'customfield_10045')).toMatchObject({
      kind: 'options',
      allowed: expect.arrayContaining([{ id: '100450', name: 'Web' }]),
    });
    expect(field('Story', 'timeoriginalestimate')).toMatchObject({ kind: 'number', readOnly: false });
    expect(field('Story', 'created')).toMatchObject({ kind: 'dateTime', readOnly: true });
    expect(field('Story', 'customfield_10044')).toBeUndefined();
    expect(field('Bug', 'customfield_10044')).toMatchObject({ kind: 'option' });
    expect(field('Story', 'project')).toBeUndefined();
  });

  it('has the people, without apps, each once', async () => {
    const { people } = await site.jira.catalog.load();
    const ids = people.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toContain(site.simulator.accounts.ordinary.accountId);
    expect(people.find(({ id }) => id === site.simulator.accounts.ordinary.accountId)).toMatchObject({
      name: 'Dana Whitfield',
    });
    const state = (await site.control('GET', 'state')) as { people?: { accountId: string; accountType: string }[] };
    const apps = (state.people ?? [])
      .filter(({ accountType }) => accountType === 'app')
      .map(({ accountId }) => accountId);
    for (const app of apps) expect(ids).not.toContain(app);
  });

  it('is read again after an admin changed a screen', async () => {
    await site.control('POST', 'fields/screen', { field: 'customfield_10016', onScreen: false, types: ['Story'] });
    const catalog = await site.jira.catalog.load();
    await site.control('POST', 'fields/screen', { field: 'customfield_10016', onScreen: true, types: ['Story'] });
    expect(catalog.types.find(({ name }) => name === 'Story')?.fields.map(({ id }) => id)).not.toContain(
      'customfield_10016',
    );
  });

  it('of a project that cannot be seen is an error', async () => {
    const error = await failureOf(site.open({ project: 'OPS' }).catalog.load());
    expect(error.error.code).toBe('unreachable');
  });
});

describe('a check', () => {
  it('names the account and every permission', async () => {
    const check = await site.jira.catalog.check();
    expect(check).toMatchObject({
      reachable: true,
      authenticated: true,
      account: { id: site.simulator.accounts.synchronizer.accountId },
    });
    expect(check.permissions).toContainEqual({ name: 'EDIT_ISSUES', granted: true });
    expect(check.error).toBeUndefined();
  });

  it('names what lacks', async () => {
    await site.control('POST', 'permissions', {
      permissions: ['TRANSITION_ISSUES', 'ADD_COMMENTS'],
      user: site.simulator.accounts.synchronizer.email,
    });
    const check = await site.jira.catalog.check();
    await site.control('DELETE', 'permissions');
    expect(check.permissions).toContainEqual({ name: 'ADD_COMMENTS', granted: false });
    expect(check.error).toMatchObject({ code: 'connection-forbidden', value: 'TRANSITION_ISSUES, ADD_COMMENTS' });
  });

  it('of a project that is not there says so', async () => {
    const check = await site.open({ project: 'OPS' }).catalog.check();
    expect(check).toMatchObject({ authenticated: true, error: { code: 'connection-forbidden' } });
    expect(check.error?.detail).toContain('OPS');
  });

  it('with a wrong token says that it is refused', async () => {
    const { email } = site.simulator.accounts.synchronizer;
    expect(await site.open({ auth: { kind: 'basic', email, token: 'wrong' } }).catalog.check()).toMatchObject({
      reachable: true,
      authenticated: false,
      error: { code: 'unauthorized' },
    });
  });

  it('of a site that is not there says that it can’t be reached', async () => {
    const other = await startSite();
    const { url } = other.simulator;
    await other.close();
    expect(await other.open({ apiUrl: url }).catalog.check()).toMatchObject({
      reachable: false,
      error: { code: 'unavailable' },
    });
  });
});

it('projects are those that the account may see', async () => {
  const projects = await site.jira.catalog.projects();
  expect(projects.map(({ key }) => key)).toContain('TAN');
});
