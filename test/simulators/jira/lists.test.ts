// What comes in lists: bulk create and fetch, comments, links, remote links, properties of many, people, the control surface's data.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, control, create, doc, expectNoViolations, paragraph, refusal, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let sync: TestClient;
let admin: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
  sync = client(sim, 'tandem-sync');
  admin = client(sim, 'mara');
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const task = (summary: unknown) => ({ fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary } });

describe('many issues at once', () => {
  test('what succeeds is listed, what fails is known by its number', async () => {
    const answer = await sync.post('/issue/bulk', {
      issueUpdates: [
        { ...task('One'), properties: [{ key: 'marker', value: 1 }], transition: { id: '11' } },
        task(''),
        task('Three'),
        { fields: {} },
      ],
    });
    expect(answer.status).toBe(201);
    expect(answer.body.issues).toHaveLength(2);
    expect(answer.body.errors).toEqual([
      {
        status: 400,
        failedElementNumber: 1,
        elementErrors: refusal({ summary: 'You must specify a summary of the issue.' }),
      },
      {
        status: 400,
        failedElementNumber: 3,
        elementErrors: refusal({
          project: 'Specify a valid project ID or key',
          issuetype: 'Specify a valid issue type',
        }),
      },
    ]);
    const [one] = answer.body.issues;
    const read = await sync.get(`/issue/${one.key}?properties=marker`);
    expect([read.body.properties, read.body.fields.status.name]).toEqual([{ marker: 1 }, 'In Progress']);
  });

  test('nothing made is an error; more than 50 are refused', async () => {
    expect((await sync.post('/issue/bulk', { issueUpdates: [task('')] })).status).toBe(400);
    const many = await sync.post('/issue/bulk', { issueUpdates: Array.from({ length: 51 }, () => task('x')) });
    expect([many.status, many.body.issues]).toEqual([400, undefined]);
    expect(
      (await sync.post('/issue/bulk', { issueUpdates: Array.from({ length: 50 }, () => task('x')) })).body.issues,
    ).toHaveLength(50);
  });

  test('bulk fetch: by id or key, ascending, without what is missing, 100 at most', async () => {
    const [a, b] = [await create(sync), await create(sync)];
    const answer = await sync.post('/issue/bulkfetch', {
      issueIdsOrKeys: [b.key, a.id, 'TAN-99999', a.key],
      fields: ['summary'],
      properties: ['none'],
    });
    expect(answer.body.issues.map((issue: { key: string }) => issue.key)).toEqual([a.key, b.key]);
    expect(Object.keys(answer.body.issues[0].fields)).toEqual(['summary']);
    const many = Array.from({ length: 101 }, (_, index) => String(index));
    expect((await sync.post('/issue/bulkfetch', { issueIdsOrKeys: many })).status).toBe(400);
  });

  test('keys of deleted issues are not given again, and deleting is for good', async () => {
    const { id, key } = await create(sync);
    await admin.delete(`/issue/${key}`);
    const next = await create(sync);
    expect(Number(next.key.split('-')[1])).toBe(Number(key.split('-')[1]) + 1);
    for (const path of [`/issue/${key}`, `/issue/${id}`]) expect((await admin.get(path)).status).toBe(404);
  });

  test('keys are found in any case', async () => {
    const { key } = await create(sync);
    expect((await sync.get(`/issue/${key.toLowerCase()}`)).body.key).toBe(key);
  });

  test('properties of many are set by a task', async () => {
    const [a, b] = [await create(sync), await create(sync)];
    const answer = await sync.post('/issue/properties/multi', {
      issues: [
        { issueID: Number(a.id), properties: { pair: { n: 1 } } },
        { issueID: Number(b.id), properties: { pair: 'two' } },
      ],
    });
    expect(answer.status).toBe(303);
    const taskPath = new URL(answer.headers.get('location') ?? '').pathname.replace('/rest/api/3', '');
    expect((await sync.get(taskPath)).body).toMatchObject({ status: 'COMPLETE', progress: 100 });
    expect((await sync.get(`/issue/${a.key}/properties/pair`)).body).toEqual({ key: 'pair', value: { n: 1 } });
    expect((await sync.get(`/issue/${b.key}?properties=*all&fields=summary`)).body.properties).toEqual({ pair: 'two' });
  });
});

describe('bulk operations', () => {
  const outcome = async (answer: { status: number; body: { taskId: string } }) => {
    expect([answer.status, answer.body]).toMatchObject([201, { taskId: expect.any(String) }]);
    return (await sync.get(`/bulk/queue/${answer.body.taskId}`)).body;
  };

  test('a transition of many: each by itself', async () => {
    const [a, b] = [await create(sync), await create(sync, {}, { transition: { id: '11' } })];
    const listed = await sync.get(`/bulk/issues/transition?issueIdsOrKeys=${a.key},${b.key}`);
    expect(listed.body.availableTransitions).toMatchObject([
      { issues: [a.key, b.key], transitions: [{ transitionName: 'Cancel' }] },
    ]);
    const task = await outcome(
      await sync.post('/bulk/issues/transition', {
        bulkTransitionInputs: [{ selectedIssueIdsOrKeys: [a.key, b.key, 'TAN-99999'], transitionId: '11' }],
      }),
    );
    expect(task).toMatchObject({
      status: 'COMPLETE',
      processedAccessibleIssues: [Number(a.id)],
      failedAccessibleIssues: { [b.id]: ["Transition id '11' is not valid for this issue."] },
      invalidOrInaccessibleIssueCount: 1,
    });
  });

  test('an edit of many changes what its actions name', async () => {
    const { key } = await create(sync, { labels: ['a'] });
    const task = await outcome(
      await sync.post('/bulk/issues/fields', {
        selectedIssueIdsOrKeys: [key],
        selectedActions: ['labels', 'priority', 'customfield_10040'],
        editedFieldsInput: {
          labelsFields: [{ fieldId: 'labels', bulkEditMultiSelectFieldOption: 'ADD', labels: [{ name: 'b' }] }],
          priority: { priorityId: '1' },
          singleLineTextFields: [{ fieldId: 'customfield_10040', text: 'ACME' }],
          clearableNumberFields: [{ fieldId: 'customfield_10042', value: 3 }],
        },
      }),
    );
    expect(task.failedAccessibleIssues).toEqual({});
    const { fields } = (await sync.get(`/issue/${key}`)).body;
    expect(fields).toMatchObject({
      labels: ['a', 'b'],
      priority: { name: 'Highest' },
      customfield_10040: 'ACME',
      customfield_10042: null,
    });
  });

  test('is for those who may, and known by its task', async () => {
    const refused = await client(sim, 'dana').post('/bulk/issues/transition', { bulkTransitionInputs: [] });
    expect([refused.status, refused.body.errors.length]).toEqual([400, 1]);
    expect((await sync.get('/bulk/queue/none')).status).toBe(400);
    const fields = (await sync.get(`/bulk/issues/fields?issueIdsOrKeys=${(await create(sync)).key}`)).body.fields;
    expect(fields.map((field: { id: string }) => field.id)).toContain('labels');
  });
});

describe('comments', () => {
  test('pages, order, properties, and by ids', async () => {
    const { key } = await create(sync);
    const ids: string[] = [];
    for (const word of ['one', 'two', 'three']) {
      const made = await sync.post(`/issue/${key}/comment`, {
        body: doc(paragraph(word)),
        properties: [{ key: 'p', value: word }],
      });
      ids.push(made.body.id);
    }
    const page = await sync.get(`/issue/${key}/comment?startAt=1&maxResults=1`);
    expect(page.body).toMatchObject({ startAt: 1, maxResults: 1, total: 3, comments: [{ id: ids[1] }] });
    const newest = await sync.get(`/issue/${key}/comment?orderBy=-created&expand=properties,renderedBody`);
    expect(newest.body.comments[0]).toMatchObject({
      id: ids[2],
      properties: [{ key: 'p', value: 'three' }],
      renderedBody: '<p>three</p>',
    });
    expect((await sync.get(`/issue/${key}/comment?orderBy=author`)).status).toBe(400);
    const listed = await sync.post('/comment/list?expand=properties', { ids: [Number(ids[2]), 99_999] });
    expect(listed.body.values.map((it: { id: string }) => it.id)).toEqual([ids[2]]);
    expect((await sync.get(`/comment/${ids[0]}/properties/p`)).body).toEqual({ key: 'p', value: 'one' });
    await sync.delete(`/comment/${ids[0]}/properties/p`);
    expect((await sync.get(`/comment/${ids[0]}/properties`)).body.keys).toEqual([]);
  });

  test.each<[string, unknown, Record<string, string>, string[]]>([
    ['text', 'hello', {}, ['Comment body is not valid!']],
    ['nothing', undefined, { comment: 'Comment body can not be empty!' }, []],
    ['an empty document', doc(), { comment: 'Comment body can not be empty!' }, []],
    ['an invalid document', doc({ type: 'paragraph', content: [{ type: 'nope' }] }), {}, ['INVALID_INPUT']],
    ['too long a one', doc(paragraph('x'.repeat(32_768))), {}, ['CONTENT_LIMIT_EXCEEDED']],
  ])('refuse %s', async (_, body, errors, messages) => {
    const { key } = await create(sync);
    const answer = await sync.post(`/issue/${key}/comment`, { body });
    expect([answer.status, answer.body]).toEqual([400, refusal(errors, ...messages)]);
  });

  test('that are not there', async () => {
    const { key } = await create(sync);
    const answer = await sync.get(`/issue/${key}/comment/99999`);
    expect([answer.status, answer.body]).toEqual([404, refusal({}, 'Can not find a comment for the id: 99999.')]);
  });
});

describe('links', () => {
  test('read from both ends, are made once, and end with an issue', async () => {
    const [a, b] = [await create(sync), await create(sync)];
    const request = { type: { name: 'Blocks' }, inwardIssue: { key: a.key }, outwardIssue: { key: b.key } };
    expect((await sync.post('/issueLink', request)).status).toBe(201);
    expect((await sync.post('/issueLink', request)).status).toBe(201);
    const linksOf = async (key: string) => (await sync.get(`/issue/${key}?fields=issuelinks`)).body.fields.issuelinks;
    const [from] = await linksOf(a.key);
    expect(from).toMatchObject({ type: { outward: 'blocks' }, outwardIssue: { key: b.key } });
    expect(await linksOf(b.key)).toMatchObject([{ id: from.id, inwardIssue: { key: a.key } }]);
    const whole = await sync.get(`/issueLink/${from.id}`);
    expect(whole.body).toMatchObject({ inwardIssue: { key: a.key }, outwardIssue: { key: b.key } });
    await admin.delete(`/issue/${b.key}`);
    expect(await linksOf(a.key)).toEqual([]);
  });

  test('of an unknown type, to itself, or to nothing are refused', async () => {
    const a = await create(sync);
    const to = (name: string, key: string) =>
      sync.post('/issueLink', { type: { name }, inwardIssue: { key: a.key }, outwardIssue: { key } });
    expect((await to('Loves', 'TAN-1')).body).toEqual(refusal({}, "No issue link type with name 'Loves' found."));
    expect((await to('Blocks', a.key)).status).toBe(400);
    expect((await to('Blocks', 'TAN-99999')).status).toBe(404);
  });

  test('remote links are replaced by their global id', async () => {
    const { key } = await create(sync);
    const put = (title: string) =>
      sync.post(`/issue/${key}/remotelink`, {
        globalId: 'azure=1',
        relationship: 'twin',
        object: { url: 'https://x.example/1', title },
      });
    const [first, second] = [await put('One'), await put('Two')];
    expect([first.status, second.status, second.body.id]).toEqual([201, 200, first.body.id]);
    const listed = await sync.get(`/issue/${key}/remotelink`);
    expect(listed.body).toMatchObject([{ globalId: 'azure=1', relationship: 'twin', object: { title: 'Two' } }]);
    expect((await sync.get(`/issue/${key}/remotelink?globalId=azure%3D1`)).body.object.title).toBe('Two');
    expect((await sync.post(`/issue/${key}/remotelink`, { object: { url: '', title: 'x' } })).body.errors).toEqual({
      url: "'url' is required.",
    });
    expect((await sync.delete(`/issue/${key}/remotelink?globalId=azure%3D1`)).status).toBe(204);
    expect((await sync.get(`/issue/${key}/remotelink`)).body).toEqual([]);
  });
});

describe('versions and components', () => {
  test('a deleted one leaves its issues, whose time of update stays', async () => {
    const version = (await admin.post('/version', { projectId: 10_000, name: '9.9', releaseDate: '2026-12-24' })).body;
    const { key } = await create(sync, { fixVersions: [{ id: version.id }] });
    const before = (await sync.get(`/issue/${key}`)).body.fields;
    expect(before.fixVersions).toMatchObject([{ name: '9.9', releaseDate: '2026-12-24' }]);
    expect((await admin.post('/version', { projectId: 10_000, name: '9.9' })).status).toBe(400);
    expect((await sync.post('/version', { projectId: 10_000, name: '9.8' })).status).toBe(403);
    await admin.delete(`/version/${version.id}`);
    const after = (await sync.get(`/issue/${key}`)).body.fields;
    expect([after.fixVersions, after.updated]).toEqual([[], before.updated]);
  });
});

describe('the control surface', () => {
  test('forges and removes properties without trace', async () => {
    const { key } = await create(sync);
    await control(sim, 'POST', '/properties', { issue: key, key: 'forged', value: { token: 'x' } });
    expect((await sync.get(`/issue/${key}/properties/forged`)).body.value).toEqual({ token: 'x' });
    await control(sim, 'POST', '/properties', { issue: key, key: 'forged', value: null });
    expect((await sync.get(`/issue/${key}/properties/forged`)).status).toBe(404);
  });

  test('moves an issue to another project: a new key, the old one leads there, one history', async () => {
    const { id, key } = await create(sync);
    const { body } = await control(sim, 'POST', '/move', { issue: key, project: 'OPS' });
    expect(body.key).toBe('OPS-1');
    const read = await sync.get(`/issue/${key}?expand=changelog`);
    expect(read.body).toMatchObject({ id, key: 'OPS-1', fields: { project: { key: 'OPS' } } });
    expect(read.body.changelog.histories[0].items.map((item: { toString: string }) => item.toString)).toEqual([
      'OPS',
      'OPS-1',
    ]);
    expect((await sync.post('/search/jql', { jql: `project = TAN AND id = ${id}` })).body.issues).toEqual([]);
  });

  test('stores rich text that no API would take', async () => {
    const { key } = await create(sync);
    const odd = { type: 'doc', content: [{ type: 'marquee', content: [] }] };
    await control(sim, 'POST', '/fields/raw', { issue: key, field: 'description', value: odd });
    expect((await sync.get(`/issue/${key}?fields=description`)).body.fields.description).toEqual(odd);
  });

  test('goes back to the seed, and makes thousands of distinct issues', async () => {
    await control(sim, 'POST', '/seed', { set: 'empty' });
    const { body } = await control(sim, 'POST', '/generate', { count: 3_000 });
    expect(body).toEqual({ first: 'TAN-1', last: 'TAN-3000' });
    expect((await sync.post('/search/approximate-count', { jql: 'project = TAN' })).body).toEqual({ count: 3_000 });
    const page = await sync.post('/search/jql', { jql: 'project = TAN', fields: ['*all'], maxResults: 500 });
    expect(page.body.issues).toHaveLength(100);
    const summaries = new Set(
      (await control(sim, 'GET', '/state')).body.issues.map((it: { values: { summary: string } }) => it.values.summary),
    );
    expect(summaries.size).toBe(3_000);
    await control(sim, 'POST', '/seed', { set: 'empty' });
    expect((await create(sync)).key).toBe('TAN-1');
  });

  test('acts as anyone', async () => {
    const made = await control(sim, 'POST', '/act-as', { user: 'dana.whitfield@acme.example' });
    expect((await client(sim, made.body.authorization).get('/myself')).body.displayName).toBe('Dana Whitfield');
    const direct = await sync.send('GET', '/myself', { headers: { 'x-simulator-act-as': 'haruka.sato@acme.example' } });
    expect(direct.body.displayName).toBe('佐藤 春香');
  });

  test('is documented', async () => {
    const docs = (await control(sim, 'GET', '')).body as { method: string; path: string }[];
    for (const path of ['/tokens', '/permissions', '/workflow', '/limits', '/generate', '/faults', '/seed']) {
      expect(
        docs.some((entry) => entry.path === `/_control${path}`),
        path,
      ).toBe(true);
    }
  });
});
