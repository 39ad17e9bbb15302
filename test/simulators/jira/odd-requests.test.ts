// What clients that were not made for this simulator send: bodies with nulls, strings for numbers, removed operations, HEAD, ranges…
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, doc, expectNoViolations, paragraph, refusal, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let admin: TestClient;
let dana: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty', onViolation: 'report' });
});
beforeEach(async () => {
  await control(sim, 'POST', '/seed', { set: 'empty' });
  sim.kernel.checker.clearViolations();
  [admin, dana] = [client(sim, 'mara'), client(sim, 'dana')];
});
afterAll(() => sim.close());

const PAYLOAD = refusal({}, 'Invalid request payload. Refer to the REST API documentation and try again.');

describe('search', () => {
  test.each([
    { startAt: 0 },
    { validateQuery: true },
    { maxResults: 'many' },
    { maxResults: true },
    { expand: ['names'] },
    { fields: 'summary' },
    { reconcileIssues: ['TAN-1'] },
    { jql: ['project = TAN'] },
  ])('a body with %j is refused as a whole', async (more) => {
    const answer = await dana.post('/search/jql', { jql: 'project = TAN', ...more });
    expect([answer.status, answer.body]).toEqual([400, PAYLOAD]);
    expectNoViolations(sim);
  });

  test.each([0, -1, 5_001])('%i results are refused', async (maxResults) => {
    const words = refusal({}, 'The max results parameter has to be between 1 and 5,000.');
    const posted = await dana.post('/search/jql', { jql: 'project = TAN', maxResults });
    const got = await dana.get(`/search/jql?jql=project%3DTAN&maxResults=${maxResults}`);
    expect([posted.status, posted.body, got.status, got.body]).toEqual([400, words, 400, words]);
  });

  test('null is as good as nothing', async () => {
    await create(dana);
    const answer = await dana.post('/search/jql', { jql: 'project = TAN', nextPageToken: null, fields: null });
    expect([answer.status, answer.body.issues.length]).toEqual([200, 1]);
    expectNoViolations(sim);
  });

  test('the operation before it is gone, in every version and method', async () => {
    for (const version of ['2', '3']) {
      const there = client(sim, 'dana', `${sim.url}/rest/api/${version}`);
      for (const answer of [
        await there.get('/search?jql=project%3DTAN&startAt=0&maxResults=5&fields=summary'),
        await there.post('/search', { jql: 'project = TAN' }),
      ]) {
        expect(answer.status).toBe(410);
        expect(answer.body.errorMessages[0]).toContain('migrate to the /rest/api/3/search/jql API');
      }
    }
    expectNoViolations(sim);
  });
});

describe('HTTP', () => {
  test('HEAD answers as GET does, without a body', async () => {
    const { key } = await create(dana);
    const head = await dana.send('HEAD', `/issue/${key}`);
    expect([head.status, head.body]).toEqual([200, undefined]);
    expect((await dana.send('HEAD', '/issue/TAN-99')).status).toBe(404);
    expectNoViolations(sim);
  });

  test('a slash at the end changes nothing', async () => {
    const { key } = await create(dana);
    expect((await dana.get(`/issue/${key}/`)).body.key).toBe(key);
    expectNoViolations(sim);
  });

  test('a known path with another method is 405, an unknown path 404; both are noted', async () => {
    expect((await dana.send('PATCH', '/myself')).status).toBe(405);
    expect((await dana.get('/nothing/here')).status).toBe(404);
    if (sim.kernel.checker.enabled) expect(sim.kernel.checker.violations).toHaveLength(2);
  });
});

describe('edits', () => {
  test('a parent is taken away with none, as with null', async () => {
    const { key: epic } = await create(dana, { issuetype: { name: 'Epic' } });
    for (const none of [{ update: { parent: [{ set: { none: true } }] } }, { fields: { parent: null } }]) {
      const { key } = await create(dana, { parent: { key: epic } });
      expect((await dana.put(`/issue/${key}`, none)).status).toBe(204);
      expect((await dana.get(`/issue/${key}?fields=parent`)).body.fields.parent).toBeUndefined();
    }
  });

  test('nobody is assigned with null, and with -1 where the project has no default assignee', async () => {
    const me = (await dana.get('/myself')).body.accountId;
    for (const accountId of [null, '-1']) {
      const { key } = await create(dana, { assignee: { accountId: me } });
      expect((await dana.put(`/issue/${key}/assignee`, { accountId })).status).toBe(204);
      expect((await dana.get(`/issue/${key}?fields=assignee`)).body.fields.assignee).toBeNull();
    }
    expectNoViolations(sim);
  });

  test("a transition's id may be a number", async () => {
    const { key } = await create(dana);
    expect((await dana.post(`/issue/${key}/transitions`, { transition: { id: 11 } })).status).toBe(204);
  });

  test('one watches an issue oneself without a body', async () => {
    const { key } = await create(admin);
    expect((await dana.post(`/issue/${key}/watchers`)).status).toBe(204);
    expect((await dana.get(`/issue/${key}/watchers`)).body).toMatchObject({ isWatching: true, watchCount: 2 });
    expectNoViolations(sim);
  });

  test('a comment cannot be kept from its own author', async () => {
    const { key } = await create(dana);
    const comment = (visibility: unknown) =>
      dana.post(`/issue/${key}/comment`, { body: doc(paragraph('Psst')), visibility });
    expect((await comment({ type: 'role', value: 'Administrators' })).body).toEqual(
      refusal({ commentLevel: 'You are currently not a member of the project role: Administrators.' }),
    );
    expect((await comment({ type: 'role', value: 'Cooks' })).body).toEqual(
      refusal({ commentLevel: 'Role with id: Cooks does not exist.' }),
    );
    expect((await comment({ type: 'group', value: 'site-admins' })).status).toBe(400);
    const own = await comment({ type: 'role', value: 'Developers' });
    expect(own.status).toBe(201);
    const wider = await dana.put(`/issue/${key}/comment/${own.body.id}`, {
      body: doc(paragraph('Psst')),
      visibility: { type: 'role', value: 'Administrators' },
    });
    expect(wider.status).toBe(400);
  });
});

describe('files', () => {
  const upload = async (name: string, part = 'file') => {
    const { key } = await create(dana);
    const form = new FormData();
    form.append(part, new File(['0123456789'], name, { type: 'text/plain' }));
    return dana.send('POST', `/issue/${key}/attachments`, { body: form, headers: { 'X-Atlassian-Token': 'no-check' } });
  };

  test('the part must be named file', async () => {
    expect((await upload('a.txt', 'upload')).status).toBe(400);
    expectNoViolations(sim);
  });

  test('come with their name and in the parts that one asks for, from the site and from the media host', async () => {
    const [{ id }] = (await upload('Größe "q".txt')).body;
    const authorization = sim.authorizationOf('dana');
    const direct = `${sim.url}/rest/api/3/attachment/content/${id}`;
    const moved = await fetch(direct, { headers: { authorization }, redirect: 'manual' });
    for (const [url, headers] of [
      [`${direct}?redirect=false`, { authorization }],
      [moved.headers.get('location') ?? '', {}],
    ] as const) {
      const whole = await fetch(url, { headers: { ...headers } });
      expect(await whole.text()).toBe('0123456789');
      expect(whole.headers.get('content-disposition')).toBe(
        `attachment; filename*=UTF-8''${encodeURIComponent('Größe "q".txt')}`,
      );
      for (const [range, status, text, contentRange] of [
        ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
        ['bytes=-3', 206, '789', 'bytes 7-9/10'],
        ['bytes=8-', 206, '89', 'bytes 8-9/10'],
        ['bytes=10-', 416, '', 'bytes */10'],
      ] as const) {
        const part = await fetch(url, { headers: { ...headers, range } });
        expect([part.status, await part.text(), part.headers.get('content-range')]).toEqual([
          status,
          text,
          contentRange,
        ]);
      }
    }
  });
});

describe('the control surface', () => {
  const ask = (path: string, body: unknown) =>
    fetch(`${sim.url}/_control${path}`, { method: 'POST', body: JSON.stringify(body) });

  test.each([
    ['/fields/required', { field: 'nope', required: true }],
    ['/fields/screen', { field: 'nope', onScreen: false }],
    ['/fields/raw', { issue: 'TAN-1', field: 'nope', value: 1 }],
    ['/workflow', { remove: ['999'] }],
    ['/workflow', { require: { '11': ['nope'] } }],
  ])('%s knows what it is asked about: %j', async (path, body) => {
    expect((await ask(path, body)).status).toBe(400);
  });

  test('a seed takes back what was changed of screens, workflow and rights', async () => {
    await control(sim, 'POST', '/fields/required', { field: 'duedate', required: true });
    await control(sim, 'POST', '/fields/screen', { field: 'labels', onScreen: false });
    await control(sim, 'POST', '/workflow', { remove: ['11'], require: { '81': ['resolution'] } });
    await control(sim, 'POST', '/permissions', { permissions: ['EDIT_ISSUES'] });
    expect((await dana.post('/issue', { fields: {} })).status).toBe(400);
    await control(sim, 'POST', '/seed', { set: 'empty' });
    const { key } = await create(dana, { labels: ['a'] });
    expect((await dana.put(`/issue/${key}`, { fields: { summary: 'Still' } })).status).toBe(204);
    expect((await dana.post(`/issue/${key}/transitions`, { transition: { id: '11' } })).status).toBe(204);
    expect((await dana.post(`/issue/${key}/transitions`, { transition: { id: '81' } })).status).toBe(204);
  });
});
