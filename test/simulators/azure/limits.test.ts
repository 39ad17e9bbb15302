// Rate limits with their headers, faults in the service's form, the control surface, and size.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Answer, type Body, clientOf, control, field, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;

beforeAll(async () => {
  simulator = await startAzureSimulator();
  client = clientOf(simulator);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

describe('rate limits', () => {
  it('announce themselves, then delay, then block, and end', async () => {
    await control(simulator, 'POST', '/settings', { rates: { units: 4, blockAt: 2 } });
    const answers: Answer[] = [];
    for (let index = 0; index < 9; index += 1) answers.push(await client.get('/_apis/projects'));
    const header = (name: string) => answers.map((one) => one.headers.get(name));
    expect(answers.map((one) => one.status)).toEqual([200, 200, 200, 200, 200, 200, 200, 200, 429]);
    expect(header('x-ratelimit-remaining')).toEqual([null, null, '1', '0', '0', '0', '0', '0', '0']);
    expect(header('x-ratelimit-delay').map((one) => one !== null)).toEqual([
      false,
      false,
      false,
      false,
      true,
      true,
      true,
      true,
      true,
    ]);
    const blocked = answers[8];
    expect(Number(blocked?.headers.get('retry-after'))).toBeGreaterThan(290);
    expect(blocked?.headers.get('x-ratelimit-limit')).toBe('4');
    expect(blocked?.headers.get('x-ratelimit-resource')).toBe('core');
    expect(Number(blocked?.headers.get('x-ratelimit-reset')) * 1000).toBeGreaterThan(simulator.kernel.clock.now());
    expect(blocked?.body.message).toContain('TF400733');
    expect((await clientOf(simulator, simulator.admin.pat).get('/_apis/projects')).status).toBe(200);
    await simulator.kernel.clock.advance(301_000);
    expect((await client.get('/_apis/projects')).status).toBe(200);
    await control(simulator, 'POST', '/settings', { rates: { units: 1_000_000 } });
  });

  it.each([429, 503])('a fault of %i looks like the service', async (status) => {
    await control(simulator, 'POST', '/faults', {
      match: { path: '/acme/_apis/projects' },
      kind: 'status',
      status,
      retryAfter: 7,
      times: 1,
    });
    const answer = await client.get('/_apis/projects');
    expect(answer.status).toBe(status);
    expect(answer.headers.get('retry-after')).toBe('7');
    expect(answer.headers.get('x-ratelimit-resource')).toBe(status === 429 ? 'core' : null);
    expect((await client.get('/_apis/projects')).status).toBe(200);
  });

  it('an answer can be lost after the write was done', async () => {
    await control(simulator, 'POST', '/faults', {
      match: { method: 'POST', path: '/acme/Tandem/_apis/wit/workitems/*' },
      kind: 'lost-answer',
      times: 1,
    });
    const before = simulator.world().counters.item;
    await expect(client.create('Task')).rejects.toThrow();
    expect(simulator.world().counters.item).toBe(before + 1);
  });

  it('calls are counted by operation', async () => {
    await control(simulator, 'DELETE', '/calls');
    await client.get('/Tandem/_apis/wit/workitems/1');
    await client.get('/_apis/wit/workitems/2');
    const { total, byOperation } = await control(simulator, 'GET', '/calls');
    expect(total).toBe(2);
    expect(Object.values(byOperation)).toEqual([2]);
  });
});

describe('the seed and the control surface', () => {
  it('is a team’s backlog with history: every state reached through the workflow, nothing in the future', () => {
    const { items, types, revisionFeed } = simulator.world();
    expect(items.size).toBeGreaterThan(90);
    expect(new Set([...items.values()].map((item) => item.revisions[0]?.fields['System.Title'])).size).toBeGreaterThan(
      90,
    );
    for (const item of items.values()) {
      const states = item.revisions.map((revision) => String(revision.fields['System.State']));
      const type = types.get(String(item.revisions[0]?.fields['System.WorkItemType']).toLowerCase());
      states.forEach((state, index) => {
        const from = index === 0 ? '' : (states[index - 1] ?? '');
        if (from !== state) expect(Object.keys(type?.transitions[from] ?? {})).toContain(state);
      });
      expect(item.revisions.map((one) => one.at)).toEqual(
        item.revisions.map((one) => one.at).toSorted((a, b) => a - b),
      );
      expect(item.revisions.at(-1)?.at).toBeLessThanOrEqual(simulator.kernel.clock.now());
    }
    const marks = revisionFeed.map((entry) => entry.watermark);
    expect(marks).toEqual(marks.toSorted((a, b) => a - b));
  });

  it('accounts live in several time zones, and one has left', () => {
    const people = [...simulator.world().people.values()];
    expect(new Set(people.map((one) => one.timeZone)).size).toBeGreaterThan(6);
    expect(people.some((one) => !one.active)).toBe(true);
  });

  it('GET /_control lists what there is, and the state shows the accounts', async () => {
    const docs = await control(simulator, 'GET', '');
    expect(docs.map((one: Body) => `${one.method} ${one.path}`)).toContain('POST /_control/rights');
    const state = await control(simulator, 'GET', '/state');
    expect(state.accounts.ordinary).toEqual(simulator.ordinary);
    expect(state.workItems.length).toBe(simulator.world().items.size);
  });

  it('a seed takes back rules, fields and rights; tokens that were made go on working', async () => {
    const user = simulator.ordinary.uniqueName;
    const { pat } = await control(simulator, 'POST', '/pats', { user, scopes: ['vso.work_write'] });
    await control(simulator, 'POST', '/rules', { type: 'Task', field: 'Custom.Customer', action: 'required' });
    await control(simulator, 'POST', '/rights', { user, denyWrite: ['Tandem'] });
    const there = clientOf(simulator, pat);
    expect((await there.tryCreate('Task', { 'System.Title': 'T' })).status).toBe(400);
    await control(simulator, 'POST', '/seed', { set: 'empty' });
    expect((await there.tryCreate('Task', { 'System.Title': 'T' })).status).toBe(200);
  });

  it('rights name areas that exist', async () => {
    const wanted = { user: simulator.ordinary.uniqueName, denyRead: ['Tandem\\Nowhere'] };
    await expect(control(simulator, 'POST', '/rights', wanted)).rejects.toThrow('there is no area');
  });

  it('starts again from a seed, with the same credentials', async () => {
    expect(await control(simulator, 'POST', '/seed', { set: 'empty' })).toEqual({ set: 'empty', workItems: 0 });
    expect((await client.get('/_apis/projects')).status).toBe(200);
    expect(await client.create('Task')).toBe(1);
  });

  it('holds 5,000 generated items, no two alike, and stays quick', async () => {
    const made = await control(simulator, 'POST', '/work-items', { count: 5000 });
    expect(made.last - made.first).toBe(4999);
    const { items } = simulator.world();
    expect(new Set([...items.values()].map((item) => item.revisions[0]?.fields['System.Title'])).size).toBe(items.size);
    await simulator.kernel.clock.advance(5000);
    const found = await client.post('/Tandem/_apis/wit/wiql', {
      query: "SELECT [System.Id] FROM WorkItems WHERE [System.Tags] CONTAINS 'bench'",
    });
    expect(found.body.workItems).toHaveLength(5000);
    const batch = await client.post('/_apis/wit/workitemsbatch', {
      ids: found.body.workItems.slice(0, 200).map((one: Body) => one.id),
    });
    expect(batch.body.value).toHaveLength(200);
    expect((await client.patch(made.last, [field('System.Title', 'One of many')])).status).toBe(200);
  });
});
