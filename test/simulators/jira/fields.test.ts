import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import {
  client,
  control,
  create,
  doc,
  expectNoViolations,
  paragraph,
  refusal,
  type TestClient,
  text,
} from './testing.ts';

let sim: JiraSimulator;
let sync: TestClient;
beforeAll(async () => {
  sim = await startJiraSimulator({ seed: 'empty' });
  sync = client(sim, 'tandem-sync');
  const admin = client(sim, 'mara');
  await admin.post('/component', { project: 'TAN', name: 'Routing' });
  await admin.post('/version', { projectId: 10_000, name: '5.0' });
});
afterAll(async () => {
  expectNoViolations(sim);
  await sim.close();
});

const notOnScreen = (field: string): string =>
  `Field '${field}' cannot be set. It is not on the appropriate screen, or unknown.`;
const long = (length: number): string => 'x'.repeat(length);

describe('what a field refuses', () => {
  test.each<[name: string, fields: Record<string, unknown>, errors: Record<string, string>]>([
    ['no summary', { summary: null }, { summary: 'You must specify a summary of the issue.' }],
    ['an empty summary', { summary: '  ' }, { summary: 'You must specify a summary of the issue.' }],
    [
      'a summary over two lines',
      { summary: 'a\nb' },
      { summary: 'The summary is invalid because it contains newline characters.' },
    ],
    ['a summary of 256 characters', { summary: long(256) }, { summary: "Summary can't exceed 255 characters." }],
    ['a summary that is no text', { summary: 3 }, { summary: 'Operation value must be a string' }],
    ['a label with a space', { labels: ['a b'] }, { labels: "The label 'a b' contains spaces which is invalid." }],
    ['labels that are no list', { labels: 'a' }, { labels: 'data was not an array' }],
    [
      'text for rich text',
      { description: 'text' },
      { description: 'Operation value must be an Atlassian Document (see the Atlassian Document Format)' },
    ],
    ['a node that no schema knows', { description: doc({ type: 'marquee' }) }, { description: 'INVALID_INPUT' }],
    [
      'a heading in a list item',
      {
        description: doc({
          type: 'bulletList',
          content: [{ type: 'listItem', content: [{ type: 'heading', attrs: { level: 1 } }] }],
        }),
      },
      { description: 'INVALID_INPUT' },
    ],
    [
      'too long a description',
      { description: doc(paragraph(long(32_768))) },
      { description: 'CONTENT_LIMIT_EXCEEDED' },
    ],
    ['text for a number', { customfield_10016: '3' }, { customfield_10016: 'Operation value must be a number' }],
    ['a date that does not exist', { duedate: '2026-02-30' }, { duedate: 'Error parsing date string: 2026-02-30' }],
    [
      'a date with a time',
      { customfield_10015: '2026-02-03T00:00:00Z' },
      { customfield_10015: 'Error parsing date string: 2026-02-03T00:00:00Z' },
    ],
    [
      'an unknown option',
      { customfield_10045: [{ value: 'BeOS' }] },
      { customfield_10045: "Option value 'BeOS' is not valid" },
    ],
    [
      'an option by an unknown id',
      { customfield_10045: [{ id: '1' }] },
      { customfield_10045: "Option id '1' is not valid" },
    ],
    [
      'an unknown person',
      { customfield_10046: { accountId: 'nobody' } },
      { customfield_10046: 'Specify a valid value for customfield_10046' },
    ],
    [
      'an assignee who has left',
      { assignee: { accountId: '712020:' } },
      { assignee: 'Specify a valid value for assignee' },
    ],
    ['an unknown priority', { priority: { name: 'Urgent' } }, { priority: "Priority name 'Urgent' is not valid" }],
    ['an unknown version', { fixVersions: [{ name: '9' }] }, { fixVersions: "Version name '9' is not valid" }],
    ['an unknown component', { components: [{ id: '9' }] }, { components: "Component id '9' is not valid" }],
    [
      'an address that is none',
      { customfield_10047: 'not an address' },
      { customfield_10047: 'The URL is not valid.' },
    ],
    [
      'a line of 256 characters',
      { customfield_10040: long(256) },
      { customfield_10040: 'The entered text is too long. It exceeds the allowed limit of 255 characters.' },
    ],
    ['a field that does not exist', { customfield_99999: 1 }, { customfield_99999: notOnScreen('customfield_99999') }],
    ['the status', { status: { name: 'Done' } }, { status: notOnScreen('status') }],
    [
      'a field of another type’s screen',
      { customfield_10044: { value: '2 - High' } },
      { customfield_10044: notOnScreen('customfield_10044') },
    ],
    [
      'two faults at once',
      { summary: '', labels: ['a b'] },
      {
        summary: 'You must specify a summary of the issue.',
        labels: "The label 'a b' contains spaces which is invalid.",
      },
    ],
  ])('%s', async (_, fields, errors) => {
    const answer = await sync.post('/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'A task', ...fields },
    });
    expect([answer.status, answer.body]).toEqual([400, refusal(errors)]);
  });

  test('a summary of 255 characters and a text of 32,767 are taken', async () => {
    await create(sync, { summary: long(255), description: doc(paragraph(long(32_767))) });
  });

  test('a project or type that does not exist', async () => {
    const answer = await sync.post('/issue', { fields: { project: { key: 'NOPE' }, summary: 'x' } });
    expect(answer.body).toEqual(
      refusal({ project: 'Specify a valid project ID or key', issuetype: 'Specify a valid issue type' }),
    );
  });

  test('an edit names every fault and changes nothing', async () => {
    const { key } = await create(sync);
    const answer = await sync.put(`/issue/${key}`, {
      fields: { summary: 'New', duedate: 'soon', resolution: { name: 'Done' } },
    });
    expect(answer.body).toEqual(
      refusal({ duedate: 'Error parsing date string: soon', resolution: notOnScreen('resolution') }),
    );
    expect((await sync.get(`/issue/${key}`)).body.fields.summary).toBe('A task');
  });

  test('a body that is no JSON, or asks for nothing', async () => {
    const { key } = await create(sync);
    const broken = await sync.send('PUT', `/issue/${key}`, {
      body: '{',
      headers: { 'content-type': 'application/json' },
    });
    expect(broken.status).toBe(400);
    expect((await sync.put(`/issue/${key}`, {})).body).toEqual(refusal({}, "one of 'fields' or 'update' required"));
  });
});

describe('screens and required fields', () => {
  test('a field that became required must be given on creating and can’t be emptied', async () => {
    const { key } = await create(sync, { duedate: '2026-12-24' });
    await control(sim, 'POST', '/fields/required', { field: 'duedate', required: true, types: ['Task'] });
    const made = await sync.post('/issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Task' }, summary: 'x' },
    });
    expect(made.body).toEqual(refusal({ duedate: 'Due date is required.' }));
    expect((await sync.put(`/issue/${key}`, { fields: { duedate: null } })).body).toEqual(
      refusal({ duedate: 'Due date is required.' }),
    );
    expect((await sync.put(`/issue/${key}`, { fields: { summary: 'Other' } })).status).toBe(204);
    await create(sync, { issuetype: { name: 'Story' } });
    const meta = await sync.get('/issue/createmeta/TAN/issuetypes/10002');
    expect(meta.body.fields.find((field: { fieldId: string }) => field.fieldId === 'duedate').required).toBe(true);
    await control(sim, 'POST', '/fields/required', { field: 'duedate', required: false });
  });

  test('a field that is taken off the screens is refused and leaves the metadata', async () => {
    const { key } = await create(sync);
    await control(sim, 'POST', '/fields/screen', { field: 'labels', onScreen: false });
    expect((await sync.put(`/issue/${key}`, { fields: { labels: ['a'] } })).body).toEqual(
      refusal({ labels: notOnScreen('labels') }),
    );
    expect(Object.keys((await sync.get(`/issue/${key}/editmeta`)).body.fields)).not.toContain('labels');
    await control(sim, 'POST', '/fields/screen', { field: 'labels', onScreen: true });
    expect((await sync.put(`/issue/${key}`, { fields: { labels: ['a'] } })).status).toBe(204);
  });

  test('a subtask needs a parent of the level above', async () => {
    const story = await create(sync, { issuetype: { name: 'Story' } });
    const subtask = { project: { key: 'TAN' }, issuetype: { name: 'Sub-task' }, summary: 'Part' };
    expect((await sync.post('/issue', { fields: subtask })).body).toEqual(
      refusal({ parent: 'Issue type is a sub-task but parent issue key or id not specified.' }),
    );
    const part = await create(sync, { ...subtask, parent: { key: story.key } });
    expect((await sync.get(`/issue/${part.key}?fields=parent`)).body.fields.parent.key).toBe(story.key);
    expect((await sync.get(`/issue/${story.key}?fields=subtasks`)).body.fields.subtasks).toHaveLength(1);
    const nested = await sync.post('/issue', { fields: { ...subtask, parent: { key: part.key } } });
    expect(nested.body.errors.parent).toContain('appropriate hierarchy level');
  });
});

describe('what a field keeps', () => {
  test('every kind of custom field comes back as it was set', async () => {
    const fields = {
      customfield_10040: 'ACME',
      customfield_10041: doc(paragraph('Notes')),
      customfield_10016: 2.5,
      customfield_10015: '2026-03-01',
      customfield_10043: '2026-03-01T10:00:00.000+0100',
      customfield_10044: { value: '2 - High' },
      customfield_10045: [{ value: 'iOS' }, { value: 'Web' }],
      customfield_10046: { accountId: sim.accounts.ordinary.accountId },
      customfield_10047: 'https://example.com/design?x=1',
      customfield_10048: ['b', 'a'],
      components: [{ name: 'Routing' }],
      fixVersions: [{ name: '5.0' }],
      timetracking: { originalEstimate: '1d 2h' },
    };
    const { key } = await create(sync, { issuetype: { name: 'Bug' }, ...fields });
    const { fields: shown } = (await sync.get(`/issue/${key}`)).body;
    expect(shown).toMatchObject({
      customfield_10040: 'ACME',
      customfield_10041: doc(paragraph('Notes')),
      customfield_10016: 2.5,
      customfield_10015: '2026-03-01',
      customfield_10043: '2026-03-01T09:00:00.000+0000',
      customfield_10044: { value: '2 - High' },
      customfield_10045: [{ value: 'iOS' }, { value: 'Web' }],
      customfield_10046: { displayName: 'Dana Whitfield' },
      customfield_10047: 'https://example.com/design?x=1',
      customfield_10048: ['a', 'b'],
      components: [{ name: 'Routing' }],
      fixVersions: [{ name: '5.0' }],
      timetracking: { originalEstimate: '1d 2h', originalEstimateSeconds: 36_000, remainingEstimateSeconds: 36_000 },
    });
    await sync.put(`/issue/${key}`, { fields: Object.fromEntries(Object.keys(fields).map((id) => [id, null])) });
    const empty = (await sync.get(`/issue/${key}`)).body.fields;
    expect([empty.customfield_10016, empty.customfield_10044, empty.customfield_10045, empty.components]).toEqual([
      null,
      null,
      null,
      [],
    ]);
  });

  test('add, remove and set change lists element by element', async () => {
    const { key } = await create(sync, { labels: ['b'] });
    await sync.put(`/issue/${key}`, {
      update: { labels: [{ add: 'a' }, { add: 'b' }, { remove: 'x' }], components: [{ add: { name: 'Routing' } }] },
    });
    const read = async () => (await sync.get(`/issue/${key}?fields=labels,components`)).body.fields;
    expect((await read()).labels).toEqual(['a', 'b']);
    await sync.put(`/issue/${key}`, {
      update: { labels: [{ remove: 'b' }], components: [{ remove: { name: 'Routing' } }] },
    });
    expect(await read()).toEqual({ labels: ['a'], components: [] });
    const both = await sync.put(`/issue/${key}`, { fields: { labels: ['c'] }, update: { labels: [{ add: 'd' }] } });
    expect(both.status).toBe(400);
    const wrong = await sync.put(`/issue/${key}`, { update: { summary: [{ add: 'd' }] } });
    expect(wrong.body.errors.summary).toContain("'add' is not supported");
  });

  test('rich text may be edited with comments and links in one call', async () => {
    const other = await create(sync);
    const { key } = await create(sync);
    const answer = await sync.put(`/issue/${key}?returnIssue=true&expand=changelog`, {
      fields: { description: doc(paragraph('New')) },
      update: {
        comment: [{ add: { body: doc(paragraph('Said')) } }],
        issuelinks: [{ add: { type: { name: 'Relates' }, outwardIssue: { key: other.key } } }],
      },
    });
    expect(answer.status).toBe(200);
    expect(answer.body.fields.comment.total).toBe(1);
    expect(answer.body.fields.issuelinks[0].outwardIssue.key).toBe(other.key);
    expect(answer.body.changelog.histories.length).toBe(2);
  });

  test('an empty document is null', async () => {
    const { key } = await create(sync, { description: doc({ type: 'paragraph', content: [] }) });
    expect((await sync.get(`/issue/${key}?fields=description`)).body.fields.description).toBeNull();
    await sync.put(`/issue/${key}`, { fields: { description: doc(paragraph('x')) } });
    await sync.put(`/issue/${key}`, { fields: { description: null } });
    expect((await sync.get(`/issue/${key}?fields=description`)).body.fields.description).toBeNull();
  });

  test('times are written in the zone of the one who asks', async () => {
    const { key } = await create(sync);
    const at = async (who: string) =>
      (await client(sim, who).get(`/issue/${key}?fields=created`)).body.fields.created as string;
    const [utc, tokyo, newYork] = [await at('tandem-sync'), await at('haruka'), await at('dana')];
    expect(tokyo).toMatch(/\+0900$/);
    expect(newYork).toMatch(/-0[45]00$/);
    const instant = (value: string) => Date.parse(value.replace(/(\d\d)$/, ':$1'));
    expect([instant(tokyo), instant(newYork)]).toEqual([instant(utc), instant(utc)]);
  });

  test('adjacent text is one and the marks are in order, also in comments', async () => {
    const body = doc({
      type: 'paragraph',
      content: [
        text('a'),
        text('b'),
        {
          type: 'text',
          text: 'c',
          marks: [{ type: 'strong' }, { type: 'link', attrs: { href: 'https://x.example' } }],
        },
      ],
    });
    const { key } = await create(sync);
    const made = await sync.post(`/issue/${key}/comment`, { body });
    expect(made.body.body.content[0].content).toEqual([
      text('ab'),
      { type: 'text', text: 'c', marks: [{ type: 'link', attrs: { href: 'https://x.example' } }, { type: 'strong' }] },
    ]);
  });
});
