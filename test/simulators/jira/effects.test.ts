// For each operation: does `updated` move, which changelog entry is written, which events tell. Held against the table in effects.ts.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createVirtualClock, type VirtualClock } from '../kernel/clock.ts';
import { EFFECTS, type Operation } from './effects.ts';
import { type JiraSimulator, startJiraSimulator } from './server.ts';
import { client, create, doc, expectNoViolations, listen, paragraph, type TestClient } from './testing.ts';

let sim: JiraSimulator;
let clock: VirtualClock;
let sync: TestClient;
let admin: TestClient;
let heard: ReturnType<typeof listen>;
let key: string;
let id: string;

beforeAll(async () => {
  const start = Date.UTC(2026, 10, 24, 10, 0);
  clock = createVirtualClock(() => start);
  sim = await startJiraSimulator({ seed: 'empty', clock });
  sync = client(sim, 'tandem-sync');
  admin = client(sim, 'mara');
  heard = listen(sim);
});
afterAll(async () => {
  heard.stop();
  expectNoViolations(sim);
  await sim.close();
  clock.close();
});
beforeEach(async () => {
  ({ id, key } = await create(sync));
});

const body = doc(paragraph('Hello'));
const comment = async (): Promise<string> => (await sync.post(`/issue/${key}/comment`, { body })).body.id;
const attach = async (): Promise<string> => {
  const form = new FormData();
  form.append('file', new Blob(['x'], { type: 'text/plain' }), 'a.txt');
  const answer = await sync.send('POST', `/issue/${key}/attachments`, {
    body: form,
    headers: { 'x-atlassian-token': 'no-check' },
  });
  return answer.body[0].id;
};
const link = async (): Promise<string> => {
  const other = await create(sync);
  await sync.post('/issueLink', { type: { name: 'Blocks' }, inwardIssue: { key }, outwardIssue: { key: other.key } });
  return (await sync.get(`/issue/${key}?fields=issuelinks`)).body.fields.issuelinks[0].id;
};
const worklog = async (): Promise<string> =>
  (await sync.post(`/issue/${key}/worklog`, { timeSpentSeconds: 60 })).body.id;
const version = async (): Promise<string> =>
  (await admin.post('/version', { projectId: 10_000, name: `v${Math.random()}` })).body.id;
const component = async (): Promise<string> =>
  (await admin.post('/component', { project: 'TAN', name: `c${Math.random()}` })).body.id;
const REMOTE = { globalId: 'g', object: { url: 'https://x.example/1', title: 'One' } };

/** `arrange` makes what the operation needs; `act` is the operation itself. Links are told at both ends. */
const OPERATIONS: readonly {
  readonly operation: Operation;
  readonly arrange?: () => Promise<string>;
  readonly act: (made: string) => Promise<unknown>;
  readonly items?: readonly string[];
  readonly events: readonly string[];
}[] = [
  {
    operation: 'issue.edit',
    act: () => sync.put(`/issue/${key}`, { fields: { summary: 'New', labels: ['x'] } }),
    items: ['summary', 'labels'],
    events: ['avi:jira:updated:issue'],
  },
  {
    operation: 'issue.edit',
    act: () => sync.put(`/issue/${key}/assignee`, { accountId: sim.accounts.ordinary.accountId }),
    items: ['assignee'],
    events: ['avi:jira:updated:issue', 'avi:jira:assigned:issue'],
  },
  {
    operation: 'issue.edit',
    act: () => sync.post(`/issue/${key}/transitions`, { transition: { id: '81' } }),
    items: ['status', 'resolution'],
    events: ['avi:jira:updated:issue'],
  },
  { operation: 'comment.add', act: comment, events: ['avi:jira:commented:issue'] },
  {
    operation: 'comment.edit',
    arrange: comment,
    act: (made) => sync.put(`/issue/${key}/comment/${made}`, { body: doc(paragraph('Changed')) }),
    events: ['avi:jira:commented:issue'],
  },
  {
    operation: 'comment.delete',
    arrange: comment,
    act: (made) => sync.delete(`/issue/${key}/comment/${made}`),
    events: ['avi:jira:deleted:comment'],
  },
  {
    operation: 'attachment.add',
    act: attach,
    items: ['Attachment'],
    events: ['avi:jira:created:attachment', 'avi:jira:updated:issue'],
  },
  {
    operation: 'attachment.delete',
    arrange: attach,
    act: (made) => sync.delete(`/attachment/${made}`),
    items: ['Attachment'],
    events: ['avi:jira:deleted:attachment', 'avi:jira:updated:issue'],
  },
  {
    operation: 'link.create',
    arrange: async () => (await create(sync)).key,
    act: (made) =>
      sync.post('/issueLink', { type: { name: 'Blocks' }, inwardIssue: { key }, outwardIssue: { key: made } }),
    items: ['Link'],
    events: ['avi:jira:created:issuelink', 'avi:jira:updated:issue', 'avi:jira:updated:issue'],
  },
  {
    operation: 'link.delete',
    arrange: link,
    act: (made) => sync.delete(`/issueLink/${made}`),
    items: ['Link'],
    events: ['avi:jira:deleted:issuelink', 'avi:jira:updated:issue', 'avi:jira:updated:issue'],
  },
  {
    operation: 'worklog.add',
    act: worklog,
    items: ['timespent'],
    events: ['avi:jira:created:worklog', 'avi:jira:updated:issue'],
  },
  {
    operation: 'worklog.edit',
    arrange: worklog,
    act: (made) => sync.put(`/issue/${key}/worklog/${made}`, { timeSpentSeconds: 120 }),
    items: ['timespent'],
    events: ['avi:jira:updated:worklog', 'avi:jira:updated:issue'],
  },
  {
    operation: 'worklog.delete',
    arrange: worklog,
    act: (made) => sync.delete(`/issue/${key}/worklog/${made}`),
    items: ['timespent'],
    events: ['avi:jira:deleted:worklog', 'avi:jira:updated:issue'],
  },
  { operation: 'property.set', act: () => sync.put(`/issue/${key}/properties/p`, { a: 1 }), events: [] },
  {
    operation: 'comment-property.set',
    arrange: comment,
    act: (made) => sync.put(`/comment/${made}/properties/p`, { a: 1 }),
    events: [],
  },
  { operation: 'remotelink.set', act: () => sync.post(`/issue/${key}/remotelink`, REMOTE), events: [] },
  {
    operation: 'watcher.set',
    act: () => sync.post(`/issue/${key}/watchers`, sim.accounts.ordinary.accountId),
    events: [],
  },
  { operation: 'version.create', act: version, events: ['avi:jira:created:version'] },
  {
    operation: 'version.edit',
    arrange: async () => {
      const made = await version();
      await sync.put(`/issue/${key}`, { fields: { fixVersions: [{ id: made }] } });
      return made;
    },
    act: (made) => admin.put(`/version/${made}`, { name: `renamed ${made}` }),
    events: ['avi:jira:updated:version'],
  },
  {
    operation: 'version.delete',
    arrange: version,
    act: (made) => admin.delete(`/version/${made}`),
    events: ['avi:jira:deleted:version'],
  },
  { operation: 'component.create', act: component, events: ['avi:jira:created:component'] },
  {
    operation: 'component.edit',
    arrange: component,
    act: (made) => admin.put(`/component/${made}`, { name: `renamed ${made}` }),
    events: ['avi:jira:updated:component'],
  },
  {
    operation: 'component.delete',
    arrange: component,
    act: (made) => admin.delete(`/component/${made}`),
    events: ['avi:jira:deleted:component'],
  },
  {
    operation: 'project.edit',
    act: () => admin.put('/project/TAN', { description: 'New' }),
    events: ['avi:jira:updated:project'],
  },
];

const histories = async () =>
  (await sync.get(`/issue/${key}/changelog`)).body.values as { id: string; items: { field: string }[] }[];
const updated = async () => (await sync.get(`/issue/${key}?fields=updated`)).body.fields.updated as string;

/** What moves no issue's `updated`. */
const STILL: readonly Operation[] = [
  'property.set',
  'comment-property.set',
  'remotelink.set',
  'watcher.set',
  'version.create',
  'version.edit',
  'version.delete',
  'component.create',
  'component.edit',
  'component.delete',
  'project.edit',
];

describe('effects', () => {
  test.each(
    OPERATIONS.map((entry) => ({ ...entry, name: `${entry.operation}: ${entry.events.join(', ') || 'no event'}` })),
  )('$name', async ({ operation, arrange, act, items, events }) => {
    const made = (await arrange?.()) ?? '';
    await sim.kernel.events.idle();
    const [before, known] = [await updated(), (await histories()).length];
    heard.events.length = 0;
    await clock.advance(1_000);
    await act(made);
    await sim.kernel.events.idle();
    expect(heard.events.map(({ type }) => type)).toEqual(events);
    expect((await updated()) !== before).toBe(!STILL.includes(operation));
    expect(EFFECTS[operation].movesUpdated).toBe(!STILL.includes(operation));
    const news = (await histories()).slice(known);
    expect(news.map((history) => history.items.map(({ field }) => field))).toEqual(items === undefined ? [] : [items]);
    expect(EFFECTS[operation].history === 'none').toBe(items === undefined);
  });

  test('creating and deleting are told once, whatever hangs on the issue', async () => {
    await sim.kernel.events.idle();
    heard.events.length = 0;
    const parent = await create(sync);
    await create(sync, { issuetype: { name: 'Sub-task' }, parent: { key: parent.key } });
    expect((await admin.delete(`/issue/${parent.key}`)).status).toBe(400);
    expect((await admin.delete(`/issue/${parent.key}?deleteSubtasks=true`)).status).toBe(204);
    await sim.kernel.events.idle();
    expect(heard.events.map(({ type }) => type)).toEqual([
      'avi:jira:created:issue',
      'avi:jira:created:issue',
      'avi:jira:deleted:issue',
    ]);
  });

  test('a deleted project is told without its issues', () => {
    expect(EFFECTS['project.delete'].events).toEqual(['avi:jira:softdeleted:project']);
  });

  test('an edit that changes nothing leaves no trace', async () => {
    await sync.put(`/issue/${key}`, { fields: { labels: ['a', 'b'], description: body } });
    const [before, known] = [await updated(), (await histories()).length];
    await clock.advance(1_000);
    await sync.put(`/issue/${key}`, { fields: { labels: ['b', 'a'], description: body } });
    expect([await updated(), (await histories()).length]).toEqual([before, known]);
  });
});

describe('events', () => {
  test('say who, what and where, without rich text', async () => {
    await sim.kernel.events.idle();
    heard.events.length = 0;
    await sync.put(`/issue/${key}`, {
      fields: { assignee: { accountId: sim.accounts.ordinary.accountId }, description: body },
    });
    await sim.kernel.events.idle();
    const event = heard.events[0]?.body;
    expect(event).toMatchObject({
      eventType: 'avi:jira:updated:issue',
      selfGenerated: false,
      atlassianId: sim.accounts.synchronizer.accountId,
      associatedUsers: [
        { accountId: sim.accounts.synchronizer.accountId },
        { accountId: sim.accounts.ordinary.accountId },
      ],
      issue: { id, key, fields: { summary: 'A task', project: { key: 'TAN' }, status: { name: 'To Do' } } },
      changelog: { items: [{ fieldId: 'description' }, { fieldId: 'assignee', to: sim.accounts.ordinary.accountId }] },
    });
    expect(JSON.stringify(event?.issue)).not.toContain('Hello');
  });

  test('a status change names both statuses', async () => {
    await sim.kernel.events.idle();
    heard.events.length = 0;
    await sync.post(`/issue/${key}/transitions`, { transition: { id: '11' } });
    await sim.kernel.events.idle();
    expect(heard.events[0]?.body.associatedStatuses).toEqual([
      { id: '10000', name: 'To Do' },
      { id: '3', name: 'In Progress' },
    ]);
  });

  test('what the app does as itself is marked', async () => {
    await sim.kernel.events.idle();
    heard.events.length = 0;
    await client(sim, `Bearer ${sim.appSystemToken}`).put(`/issue/${key}`, { fields: { summary: 'By the app' } });
    await sim.kernel.events.idle();
    expect(heard.events[0]?.body.selfGenerated).toBe(true);
  });

  test('comments, attachments and links name their ids', async () => {
    await sim.kernel.events.idle();
    heard.events.length = 0;
    const [commentId, attachmentId, linkId] = [await comment(), await attach(), await link()];
    await sim.kernel.events.idle();
    const bodyOf = (type: string) => heard.events.find((event) => event.type === type)?.body;
    expect(bodyOf('avi:jira:commented:issue')).toMatchObject({ issue: { id }, comment: { id: commentId } });
    expect(bodyOf('avi:jira:created:attachment')).toMatchObject({
      attachment: { id: attachmentId, issueId: id, fileName: 'a.txt' },
    });
    expect(bodyOf('avi:jira:created:issuelink')).toMatchObject({
      id: linkId,
      sourceIssueId: id,
      issueLinkType: { name: 'Blocks' },
    });
  });
});

describe('the changelog', () => {
  test('says from what to what, one history an edit, newest first in an issue and oldest first by itself', async () => {
    await sync.put(`/issue/${key}`, {
      fields: { priority: { name: 'High' }, labels: ['a'], duedate: '2026-12-01', customfield_10016: 3 },
    });
    await sync.put(`/issue/${key}`, {
      fields: { description: doc(paragraph('Now')), labels: ['a', 'b'], duedate: null },
    });
    const listed = (await sync.get(`/issue/${key}/changelog`)).body.values;
    expect(listed[0].items).toEqual([
      {
        field: 'priority',
        fieldtype: 'jira',
        fieldId: 'priority',
        from: '3',
        fromString: 'Medium',
        to: '2',
        toString: 'High',
      },
      { field: 'labels', fieldtype: 'jira', fieldId: 'labels', from: null, fromString: '', to: null, toString: 'a' },
      {
        field: 'duedate',
        fieldtype: 'jira',
        fieldId: 'duedate',
        from: null,
        fromString: null,
        to: '2026-12-01',
        toString: '2026-12-01 00:00:00.0',
      },
      {
        field: 'Story Points',
        fieldtype: 'custom',
        fieldId: 'customfield_10016',
        from: null,
        fromString: null,
        to: null,
        toString: '3',
      },
    ]);
    expect(listed[1].items.map(({ fieldId }: { fieldId: string }) => fieldId)).toEqual([
      'description',
      'labels',
      'duedate',
    ]);
    const carried = (await sync.get(`/issue/${key}?expand=changelog&fields=summary`)).body.changelog;
    expect(carried.histories.map((history: { id: string }) => history.id)).toEqual([listed[1].id, listed[0].id]);
    const bulk = await sync.post('/changelog/bulkfetch', { issueIdsOrKeys: [key], fieldIds: ['priority'] });
    expect(bulk.body.issueChangeLogs).toEqual([{ issueId: id, changeHistories: [listed[0]] }]);
    const some = await sync.post(`/issue/${key}/changelog/list`, { changelogIds: [Number(listed[1].id)] });
    expect(some.body.histories).toEqual([listed[1]]);
  });
});
