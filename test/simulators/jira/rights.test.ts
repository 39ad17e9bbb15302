import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, doc, expectNoViolations, paragraph, refusal, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let admin: TestClient;
let dana: TestClient;
let sync: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
  [admin, dana, sync] = [client(sim, 'mara'), client(sim, 'dana'), client(sim, 'tandem-sync')];
});
afterEach(() => control(sim, 'DELETE', '/permissions'));
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const HIDDEN = refusal({}, 'Issue does not exist or you do not have permission to see it.');

describe('rights', () => {
  test('an issue that one may not browse does not exist: get, search, bulk fetch, comments', async () => {
    const { id, key } = await create(dana);
    const { key: other } = await create(dana);
    await control(sim, 'POST', '/permissions', {
      permissions: ['BROWSE_PROJECTS'],
      user: 'tandem-sync',
      issues: [key],
    });
    const read = await sync.get(`/issue/${key}`);
    expect([read.status, read.body]).toEqual([404, HIDDEN]);
    expect((await sync.get(`/issue/${key}/comment`)).status).toBe(404);
    const fetched = await sync.post('/issue/bulkfetch', { issueIdsOrKeys: [key, other], fields: ['summary'] });
    expect(fetched.body.issues.map((issue: { key: string }) => issue.key)).toEqual([other]);
    const found = await sync.post('/search/jql', { jql: 'project = TAN', fields: ['key'], maxResults: 5000 });
    const ids = found.body.issues.map((issue: { id: string }) => issue.id);
    expect(ids).not.toContain(id);
    expect((await dana.get(`/issue/${key}`)).status).toBe(200);
  });

  test('rights can vanish on half of the issues', async () => {
    for (let count = 0; count < 4; count += 1) await create(dana);
    const before = (await sync.post('/search/jql', { jql: 'project = TAN', maxResults: 5000 })).body.issues.length;
    await control(sim, 'POST', '/permissions', {
      permissions: ['BROWSE_PROJECTS'],
      user: 'tandem-sync',
      issues: 'every-second',
    });
    const after = (await sync.post('/search/jql', { jql: 'project = TAN', maxResults: 5000 })).body.issues.length;
    expect(after).toBe(Math.ceil(before / 2));
  });

  test('without EDIT_ISSUES an edit is refused and changes nothing', async () => {
    const { key } = await create(dana);
    await control(sim, 'POST', '/permissions', { permissions: ['EDIT_ISSUES'], user: 'dana.whitfield@acme.example' });
    const edit = await dana.put(`/issue/${key}`, { fields: { summary: 'No' } });
    expect([edit.status, edit.body]).toEqual([
      403,
      refusal({}, 'You do not have permission to edit issues in this project.'),
    ]);
    expect((await dana.get(`/issue/${key}?fields=summary`)).body.fields.summary).toBe('A task');
  });

  test('only trusted accounts set the reporter', async () => {
    const reporter = { accountId: sim.accounts.admin.accountId };
    const { key } = await create(sync, { reporter });
    expect((await sync.get(`/issue/${key}?fields=reporter`)).body.fields.reporter.displayName).toBe('Mara Lindqvist');
    const refused = await dana.put(`/issue/${key}`, {
      fields: { reporter: { accountId: sim.accounts.ordinary.accountId } },
    });
    expect(refused.body).toEqual(
      refusal({ reporter: "Field 'reporter' cannot be set. It is not on the appropriate screen, or unknown." }),
    );
  });

  test('without DELETE_ISSUES nothing is deleted; with it, for good', async () => {
    const { key } = await create(dana);
    await control(sim, 'POST', '/permissions', { permissions: ['DELETE_ISSUES'], user: 'dana.whitfield@acme.example' });
    expect((await dana.delete(`/issue/${key}`)).status).toBe(403);
    expect((await admin.delete(`/issue/${key}`)).status).toBe(204);
    expect((await admin.get(`/issue/${key}`)).status).toBe(404);
  });

  test('who can’t browse the project finds neither it nor its name in a query', async () => {
    await control(sim, 'POST', '/permissions', { permissions: ['BROWSE_PROJECTS'], user: 'tandem-sync' });
    expect((await sync.get('/project/TAN')).body).toEqual(refusal({}, "No project could be found with key 'TAN'."));
    expect((await sync.get('/project/search')).body.values).toEqual([]);
    const search = await sync.post('/search/jql', { jql: 'project = TAN' });
    expect([search.status, search.body]).toEqual([
      400,
      refusal({}, "The value 'TAN' does not exist for the field 'project'."),
    ]);
    const made = await sync.post('/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'x' },
    });
    expect(made.body).toEqual(refusal({ project: 'Specify a valid project ID or key' }));
  });

  test('a security level hides an issue from all but its group', async () => {
    const { key } = await create(admin, { security: { name: 'Leads' } });
    expect((await sync.get(`/issue/${key}`)).body).toEqual(HIDDEN);
    expect((await admin.get(`/issue/${key}?fields=security`)).body.fields.security.name).toBe('Leads');
    const team = await create(admin, { security: { name: 'Team' } });
    expect((await sync.get(`/issue/${team.key}?fields=security`)).body.fields.security.name).toBe('Team');
  });

  test('mypermissions names rights, in general and for an issue', async () => {
    const { key } = await create(dana);
    const rights = async (query: string) =>
      (await sync.get(`/mypermissions?permissions=BROWSE_PROJECTS,EDIT_ISSUES,ADMINISTER${query}`)).body.permissions;
    const general = await rights('&projectKey=TAN');
    expect([general.BROWSE_PROJECTS.havePermission, general.ADMINISTER.havePermission]).toEqual([true, false]);
    await control(sim, 'POST', '/permissions', { permissions: ['EDIT_ISSUES'], user: 'tandem-sync', issues: [key] });
    expect((await rights(`&issueKey=${key}`)).EDIT_ISSUES.havePermission).toBe(false);
    expect((await rights('&projectKey=TAN')).EDIT_ISSUES.havePermission).toBe(true);
    expect((await sync.get('/mypermissions')).status).toBe(400);
    expect((await sync.get('/mypermissions?permissions=FLY')).status).toBe(400);
  });

  test('a comment for a role shows to its members only', async () => {
    const { key } = await create(admin);
    const body = doc(paragraph('Between us'));
    await admin.post(`/issue/${key}/comment`, { body, visibility: { type: 'role', value: 'Administrators' } });
    expect((await admin.get(`/issue/${key}/comment`)).body.total).toBe(1);
    expect((await sync.get(`/issue/${key}/comment`)).body.total).toBe(0);
    expect((await sync.get(`/issue/${key}?fields=comment`)).body.fields.comment.comments).toEqual([]);
  });

  test('others’ comments are edited by trusted accounts only', async () => {
    const { key } = await create(admin);
    const made = await admin.post(`/issue/${key}/comment`, { body: doc(paragraph('Mine')) });
    const change = { body: doc(paragraph('Yours')) };
    expect((await dana.put(`/issue/${key}/comment/${made.body.id}`, change)).status).toBe(400);
    expect((await sync.put(`/issue/${key}/comment/${made.body.id}`, change)).status).toBe(200);
  });

  test('a hidden e-mail shows to the person and to administrators only', async () => {
    const accountId = encodeURIComponent((await admin.get('/user/search?query=Sam')).body[0].accountId);
    const email = async (who: TestClient) => (await who.get(`/user?accountId=${accountId}`)).body.emailAddress;
    expect(await email(sync)).toBeUndefined();
    expect(await email(admin)).toBe('sam.orourke@acme.example');
    expect(await email(client(sim, 'sam'))).toBe('sam.orourke@acme.example');
    expect((await sync.get('/user/search?query=sam.orourke')).body).toEqual([]);
  });

  test('people who left or are apps can’t be assigned', async () => {
    const names = (await sync.get('/user/assignable/search?project=TAN')).body.map(
      (it: { displayName: string }) => it.displayName,
    );
    expect(names).toContain('Dana Whitfield');
    expect(names).not.toContain('Piotr Zieliński');
    expect(names).not.toContain('Tandem');
  });

  test('the catalog of workflows and the list of who may what are for administrators', async () => {
    expect((await sync.get('/workflow/search')).status).toBe(403);
    expect(
      (await admin.get('/workflow/search?expand=transitions,statuses')).body.values[0].transitions.length,
    ).toBeGreaterThan(5);
    expect((await sync.get('/user/permission/search?permissions=EDIT_ISSUES&projectKey=TAN')).status).toBe(403);
  });
});

describe('mail about an issue', () => {
  const mails = async () => (await control(sim, 'GET', '/state')).body.mails;
  const everybody = { reporter: true, assignee: true, watchers: true, voters: false };

  test('goes to those who follow it and may see it, not to who asks', async () => {
    const { key } = await create(dana);
    expect((await admin.post(`/issue/${key}/notify`, { subject: 'S', textBody: 'T', to: everybody })).status).toBe(204);
    expect((await mails()).at(-1)).toMatchObject({ issue: key, subject: 'S', textBody: 'T' });
    expect((await mails()).at(-1).to).toContain(sim.accounts.ordinary.accountId);
  });

  test('is refused without a recipient, of an unknown one, without the issue, and where the site sends none', async () => {
    const { key } = await create(dana);
    const to = { users: [{ accountId: 'nobody' }] };
    const before = (await mails()).length;
    expect((await dana.post(`/issue/${key}/notify`, { to: { reporter: true } })).status).toBe(400);
    expect((await dana.post(`/issue/${key}/notify`, { to })).status).toBe(400);
    expect((await dana.post('/issue/TAN-99999/notify', { to: everybody })).status).toBe(404);
    await control(sim, 'POST', '/settings', { outgoingMail: false });
    expect((await admin.post(`/issue/${key}/notify`, { to: everybody })).status).toBe(403);
    await control(sim, 'POST', '/settings', { outgoingMail: true });
    expect((await mails()).length).toBe(before);
  });
});
