// The issue panel: what a viewer sees and may do is what Jira says of the viewer.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { clientOf, field } from '../simulators/azure/test-client.ts';
import { type Backend, type Body, madeProfile, startBackend, type Tenant } from './kit.ts';
import { errorRecord, storedPair } from './stored.ts';

let backend: Backend & { close(): Promise<void> };
let owner: Tenant;
let scope: { installationId: string };
let profile: string;
let issue: { id: string; key: string };
let workItem: string;

const dana = () => backend.jira.accounts.ordinary.accountId;
const panel = (as: string | undefined, id = issue.id) =>
  owner.send('GET', `/panel/${id}`, as === undefined ? {} : { as });
const sync = (as: string | undefined, id = issue.id) =>
  owner.send('POST', `/panel/${id}/sync`, as === undefined ? {} : { as });
const pending = async () => (await backend.service.pool.query('select item_id from tandem.pending_items')).rows;

async function jira(method: string, path: string, body: unknown): Promise<Body> {
  const response = await fetch(`${backend.jira.url}${path}`, {
    method,
    headers: {
      authorization: backend.jira.authorizationOf(backend.jira.accounts.admin.accountId),
      'content-type': 'application/json',
    },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${method} ${path} → ${response.status}: ${await response.text()}`);
  return response.status === 204 ? null : await response.json();
}
const deny = async (permission: string) => {
  await jira('POST', '/_control/permissions', { user: dana(), permissions: [permission] });
};

beforeAll(async () => {
  backend = await startBackend();
  owner = backend.tenant();
  ({ profile } = await madeProfile(backend, owner));
  scope = { installationId: await owner.installationId() };
  await backend.service.config.setStatus(scope, profile, 'enabled', null);
  issue = await jira('POST', '/rest/api/3/issue', {
    fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'On the panel' },
  });
  workItem = String(await clientOf(backend.azure).create('Task', { 'System.Title': 'Its counterpart' }));
});
afterAll(() => backend.close());
beforeEach(async () => {
  await backend.service.pool.query('delete from tandem.pending_items');
});

describe('the panel', () => {
  it('waits while a covered issue has no pair', async () => {
    expect((await panel(dana())).body).toEqual({
      status: 'waiting',
      profile: 'Team',
      workItem: null,
      syncedAt: null,
      problems: [],
      maySync: true,
      mayCreate: true,
      mayLink: true,
      mayUnlink: false,
    });
  });

  it('takes a key as well', async () => {
    expect((await panel(dana(), issue.key)).body.status).toBe('waiting');
  });

  it('shows the counterpart and what is wrong, without what somebody ignores', async () => {
    const ignored = { ...errorRecord('e2', 'unmapped-user', 'assignee'), ignored: true };
    const errors = [errorRecord('e1', 'conflict', 'summary'), ignored];
    await storedPair(backend.service, scope, profile, { jira: issue.id, azure: workItem, errors });
    const { body } = await panel(dana());
    expect(body).toMatchObject({
      status: 'paired',
      workItem: { id: workItem, url: `${backend.azure.url}/Tandem/_workitems/edit/${workItem}` },
      syncedAt: '2023-11-14T22:13:20.000Z',
      problems: [{ subject: 'summary', cause: expect.any(String), remedy: expect.any(String) }],
    });
    expect(body.problems).toHaveLength(1);
  });

  it.each(['abc', '1e5', '-1', 'TAN-', 'tan-1', '%2e%2e%2fmyself', `${'9'.repeat(30)}`])(
    'takes no id such as %s',
    async (id) => {
      expect((await panel(dana(), id)).status).toBe(400);
    },
  );
});

describe('a call for the panel', () => {
  it('that no person started is refused', async () => {
    expect((await panel(undefined)).status).toBe(403);
    expect((await sync(undefined)).status).toBe(403);
  });

  it('of an issue that does not exist finds nothing', async () => {
    expect(await panel(dana(), '99999999')).toMatchObject({ status: 404, body: { error: { code: 'unreachable' } } });
    expect((await sync(dana(), '99999999')).status).toBe(404);
  });

  it('is made with the token of the person, whatever the invocation claims', async () => {
    const token = await owner.token({ principal: backend.jira.accounts.admin.accountId });
    const answer = await owner.send('GET', `/panel/${issue.id}`, {
      token,
      headers: { 'x-forge-oauth-user': 'stale', 'x-forge-oauth-system': backend.jira.appSystemToken },
    });
    expect(answer.status).toBe(403);
  });

  it('of another tenant shows no pair of this one', async () => {
    const other = backend.tenant({ cloudId: 'panel-other' });
    const { body } = await other.send('GET', `/panel/${issue.id}`, { as: dana() });
    expect(body).toMatchObject({ status: 'none', workItem: null, profile: null });
    expect((await other.send('POST', `/panel/${issue.id}/sync`, { as: dana() })).status).toBe(404);
  });
});

describe('to synchronize now', () => {
  it('queues the pair', async () => {
    expect(await sync(dana())).toMatchObject({ status: 202, body: { accepted: 1 } });
    expect(await pending()).toEqual([{ item_id: issue.id }]);
  });

  it('needs the right to edit the issue', async () => {
    await deny('EDIT_ISSUES');
    expect(await sync(dana())).toMatchObject({ status: 403, body: { error: { code: 'forbidden' } } });
    expect(await pending()).toEqual([]);
    expect((await panel(dana())).body.maySync).toBe(false);
  });
});

describe('the counterpart', () => {
  const call = (method: string, path: string, as: string, body?: unknown) =>
    owner.send(method, `/panel/${issue.id}/${path}`, { as, ...(body === undefined ? {} : { body }) });
  const admin = () => backend.jira.accounts.admin.accountId;

  it('is let go of by who administers Jira only, and linked again by who may edit the issue', async () => {
    await fetch(`${backend.jira.url}/_control/permissions`, { method: 'DELETE' });
    expect((await panel(dana())).body).toMatchObject({ status: 'paired', mayUnlink: false, mayLink: false });
    expect((await panel(admin())).body.mayUnlink).toBe(true);
    expect((await call('POST', 'unlink', dana())).status).toBe(403);
    expect((await call('POST', 'unlink', admin())).status).toBe(202);
    expect((await panel(dana())).body).toMatchObject({
      status: 'unlinked',
      workItem: { id: workItem },
      problems: [],
      maySync: false,
      mayLink: true,
    });
    expect(await call('POST', 'link', dana(), { workItem: 'seven' })).toMatchObject({
      status: 400,
      body: { error: { path: 'workItem' } },
    });
    expect(await call('POST', 'link', dana(), { workItem: '99999' })).toMatchObject({
      status: 409,
      body: { error: { code: 'link-paired', path: 'workItem' } },
    });
    await deny('EDIT_ISSUES');
    expect((await call('POST', 'link', dana(), { workItem })).status).toBe(403);
    await fetch(`${backend.jira.url}/_control/permissions`, { method: 'DELETE' });
    expect((await call('POST', 'link', dana(), { workItem })).status).toBe(202);
    expect((await panel(dana())).body.status).toBe('paired');
    expect(await pending()).toEqual([{ item_id: issue.id }]);
  });
});

describe('the words of a counterpart', () => {
  it('are told while it is in a pair and in the project of the profile', async () => {
    const azure = clientOf(backend.azure);
    const id = await azure.create('Task', { 'System.Title': 'Only for the project' });
    const one = await jira('POST', '/rest/api/3/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'With a counterpart' },
    });
    await storedPair(backend.service, scope, profile, { jira: one.id, azure: String(id) });
    const counterpart = () => owner.send('GET', `/panel/${one.id}/counterpart`, { as: dana() });
    const post = (what: string, body?: unknown) =>
      owner.send('POST', `/panel/${one.id}/${what}`, {
        as: backend.jira.accounts.admin.accountId,
        ...(body === undefined ? {} : { body }),
      });
    expect(await counterpart()).toMatchObject({ status: 200, body: { title: 'Only for the project' } });
    expect((await post('unlink')).status).toBe(202);
    expect((await counterpart()).status).toBe(404);
    expect((await post('link', { workItem: String(id) })).status).toBe(202);
    expect((await counterpart()).status).toBe(200);
    expect((await azure.patch(id, [field('System.TeamProject', 'Archive')])).status).toBe(200);
    expect((await counterpart()).status).toBe(404);
    expect((await post('unlink')).status).toBe(202);
    const elsewhere = await post('link', { workItem: String(id) });
    expect(elsewhere).toMatchObject({ status: 409, body: { error: { code: 'link-unreadable' } } });
  });
});

describe('the timeline of an issue', () => {
  it('is told to who may see the issue, and to nobody else', async () => {
    const timeline = (as: string | undefined) =>
      owner.send('GET', `/panel/${issue.id}/timeline`, as === undefined ? {} : { as });
    const known = await backend.service.state.findPair(scope, owner.app.cloudId, 'jira', issue.id);
    const pairId = known?.id ?? (await storedPair(backend.service, scope, profile, { jira: issue.id, azure: '4711' }));
    expect(await timeline(dana())).toMatchObject({
      status: 200,
      body: { pairId, decisions: [{ what: 'linked', seen: [{ by: 'person' }] }, { what: 'unlinked' }] },
    });
    expect((await timeline(undefined)).status).toBe(403);
    await deny('BROWSE_PROJECTS');
    expect((await timeline(dana())).status).toBe(404);
    await fetch(`${backend.jira.url}/_control/permissions`, { method: 'DELETE' });
  });
});

describe('an issue that the viewer may not see', () => {
  it('does not exist here either', async () => {
    await deny('BROWSE_PROJECTS');
    expect(await panel(dana())).toMatchObject({ status: 404, body: { error: { code: 'unreachable' } } });
    expect((await sync(dana())).status).toBe(404);
    expect((await panel(backend.jira.accounts.admin.accountId)).status).toBe(200);
  });
});
