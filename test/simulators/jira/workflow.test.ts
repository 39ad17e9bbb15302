import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, doc, expectNoViolations, paragraph, refusal, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let sync: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
  sync = client(sim, 'tandem-sync');
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const names = async (who: TestClient, key: string, query = ''): Promise<string[]> =>
  (await who.get(`/issue/${key}/transitions${query}`)).body.transitions.map((it: { name: string }) => it.name);
const go = (key: string, id: string, more: Record<string, unknown> = {}) =>
  sync.post(`/issue/${key}/transitions`, { transition: { id }, ...more });
const statusOf = async (key: string): Promise<string> =>
  (await sync.get(`/issue/${key}?fields=status`)).body.fields.status.name;

/** A task in review. */
async function inReview(): Promise<string> {
  const { key } = await create(sync);
  await go(key, '11');
  await go(key, '21');
  return key;
}

describe('workflow', () => {
  test('only transitions from the present status are listed and taken', async () => {
    const { key } = await create(sync);
    expect(await names(sync, key)).toEqual(['Start progress', 'Cancel']);
    const skipped = await go(key, '31', { fields: { resolution: { name: 'Done' } } });
    expect([skipped.status, skipped.body]).toEqual([
      400,
      refusal({}, "Transition id '31' is not valid for this issue."),
    ]);
    expect((await go(key, '11')).status).toBe(204);
    expect(await statusOf(key)).toBe('In Progress');
    expect(await names(sync, key)).toEqual(['Ask for review', 'Block', 'Stop progress', 'Cancel']);
  });

  test('a screen asks for a resolution, says so, and sets it', async () => {
    const key = await inReview();
    const listed = await sync.get(`/issue/${key}/transitions?expand=transitions.fields&transitionId=31`);
    const { fields, hasScreen } = listed.body.transitions[0];
    expect([hasScreen, fields.resolution.required, fields.resolution.allowedValues.length]).toEqual([true, true, 4]);
    expect((await go(key, '31')).body).toEqual(refusal({ resolution: 'Resolution is required.' }));
    const done = await go(key, '31', {
      fields: { resolution: { name: 'Duplicate' } },
      update: { comment: [{ add: { body: doc(paragraph('Same as before')) } }] },
    });
    expect(done.status).toBe(204);
    const issue = (await sync.get(`/issue/${key}`)).body;
    expect(issue.fields).toMatchObject({
      status: { name: 'Done' },
      resolution: { name: 'Duplicate' },
      comment: { total: 1 },
    });
    expect(issue.fields.resolutiondate).not.toBeNull();
    await go(key, '91');
    expect((await sync.get(`/issue/${key}`)).body.fields).toMatchObject({ resolution: null, resolutiondate: null });
  });

  test('a transition without a screen takes no fields, and one with a screen only its own', async () => {
    const { key } = await create(sync);
    const message = (field: string) =>
      `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
    expect((await go(key, '11', { fields: { summary: 'x' } })).body).toEqual(refusal({ summary: message('summary') }));
    expect(await statusOf(key)).toBe('To Do');
    const review = await inReview();
    const refused = await go(review, '31', { fields: { resolution: { name: 'Done' }, labels: ['x'] } });
    expect(refused.body).toEqual(refusal({ labels: message('labels') }));
  });

  test('a condition hides a transition from those outside its group', async () => {
    const { key } = await create(sync);
    const support = client(sim, 'sam');
    expect(await names(sync, key)).toContain('Cancel');
    expect(await names(support, key)).toEqual(['Start progress']);
    expect((await support.post(`/issue/${key}/transitions`, { transition: { id: '81' } })).status).toBe(400);
    const all = await support.get(`/issue/${key}/transitions?includeUnavailableTransitions=true`);
    expect(all.body.transitions.find((it: { name: string }) => it.name === 'Cancel')).toMatchObject({
      isConditional: true,
      isAvailable: false,
    });
    await control(sim, 'POST', '/permissions', {
      permissions: ['TRANSITION_ISSUES'],
      user: 'tandem-sync',
      issues: [key],
    });
    expect(await names(sync, key)).toEqual([]);
    expect((await go(key, '11')).status).toBe(400);
    await control(sim, 'DELETE', '/permissions');
  });

  test('a cancelled issue gets its resolution from the workflow', async () => {
    const { key } = await create(sync);
    await go(key, '81');
    expect((await sync.get(`/issue/${key}`)).body.fields).toMatchObject({
      status: { name: 'Cancelled' },
      resolution: { name: "Won't Do" },
    });
  });

  test('epics go anywhere from anywhere', async () => {
    const { key } = await create(sync, { issuetype: { name: 'Epic' } });
    expect(await names(sync, key)).toEqual(['To Do', 'In Progress', 'Done']);
    await go(key, '131');
    expect(await statusOf(key)).toBe('Done');
  });

  test('a transition can be taken while creating, from the first status only', async () => {
    const made = await create(sync, {}, { transition: { id: '11' } });
    expect(await statusOf(made.key)).toBe('In Progress');
    const before = (await sync.post('/search/approximate-count', { jql: 'project = TAN' })).body.count;
    const skipped = await sync.post('/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'x' },
      transition: { id: '31' },
    });
    expect(skipped.status).toBe(400);
    expect((await sync.post('/search/approximate-count', { jql: 'project = TAN' })).body.count).toBe(before);
  });

  test('a plain edit leaves the status alone', async () => {
    const { key } = await create(sync);
    expect((await sync.put(`/issue/${key}`, { fields: { summary: 'x' }, transition: { id: '11' } })).status).toBe(204);
    expect(await statusOf(key)).toBe('To Do');
  });

  test('an administrator takes a transition away, or has it ask for more', async () => {
    await control(sim, 'POST', '/workflow', { remove: ['11'], require: { 81: ['labels'] } });
    const { key } = await create(sync);
    expect(await names(sync, key)).toEqual(['Cancel']);
    expect((await go(key, '81')).body).toEqual(refusal({ labels: 'Labels is required.' }));
    expect((await go(key, '81', { fields: { labels: ['x'] } })).status).toBe(204);
    await control(sim, 'POST', '/workflow', { restore: ['11'], require: { 81: [] } });
  });

  test('the type can change within the same workflow and level only', async () => {
    const { key } = await create(sync);
    expect((await sync.put(`/issue/${key}`, { fields: { issuetype: { name: 'Bug' } } })).status).toBe(204);
    expect((await sync.put(`/issue/${key}`, { fields: { issuetype: { name: 'Epic' } } })).body).toEqual(
      refusal({ issuetype: 'The issue type selected is invalid.' }),
    );
  });
});
