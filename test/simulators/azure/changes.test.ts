// Holds the table of changes.ts against what really happens: revision, ChangedDate, update, feeds and events of every kind.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChangeKind, EFFECTS } from './changes.ts';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { clientOf, field, relation, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;
const events: { type: string; itemId: number }[] = [];

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  client = clientOf(simulator, simulator.admin.pat);
  simulator.kernel.events.subscribe({
    id: 'test',
    deliver: async (event) => {
      const { resource } = event.body as { resource: { id: number; workItemId?: number } };
      events.push({ type: event.type, itemId: resource.workItemId ?? resource.id });
    },
  });
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

interface Seen {
  readonly rev: number;
  readonly changedDate: string;
  readonly updates: number;
  readonly revisions: number;
  readonly links: number;
  readonly discussions: number;
}

function look(id: number): Seen {
  const world = simulator.world();
  const item = world.items.get(id);
  const last = item?.revisions.at(-1);
  return {
    rev: last?.rev ?? 0,
    changedDate: String(last?.fields['System.ChangedDate']),
    updates: item?.updates.length ?? 0,
    revisions: world.revisionFeed.filter((entry) => entry.itemId === id).length,
    links: world.linkFeed.filter((entry) => entry.source === id).length,
    discussions: world.discussionFeed.filter((entry) => entry.itemId === id).length,
  };
}

/** What to do to an item; some need something done before. */
const ACTIONS: Readonly<
  Record<
    Exclude<ChangeKind, 'created' | 'destroyed'>,
    { prepare?: (id: number, other: number) => Promise<unknown>; act: (id: number, other: number) => Promise<unknown> }
  >
> = {
  fieldsChanged: { act: (id) => client.patch(id, [field('System.Title', 'Changed')]) },
  resourceLinkChanged: { act: (id) => client.patch(id, [relation('Hyperlink', 'https://x.example')]) },
  linkChangedHere: { act: (id, other) => client.patch(id, [relation('System.LinkTypes.Related', other)]) },
  linkChangedThere: { act: (id, other) => client.patch(other, [relation('System.LinkTypes.Related', id)]) },
  commentAdded: { act: (id) => client.post(`/Tandem/_apis/wit/workItems/${id}/comments`, { text: 'said' }) },
  commentEdited: {
    prepare: (id) => client.post(`/Tandem/_apis/wit/workItems/${id}/comments`, { text: 'said' }),
    act: (id) => client.call('PATCH', `/Tandem/_apis/wit/workItems/${id}/comments/${commentOf(id)}`, { text: 'again' }),
  },
  commentDeleted: {
    prepare: (id) => client.post(`/Tandem/_apis/wit/workItems/${id}/comments`, { text: 'said' }),
    act: (id) => client.call('DELETE', `/Tandem/_apis/wit/workItems/${id}/comments/${commentOf(id)}`),
  },
  reactionChanged: {
    prepare: (id) => client.post(`/Tandem/_apis/wit/workItems/${id}/comments`, { text: 'said' }),
    act: (id) => client.call('PUT', `/Tandem/_apis/wit/workItems/${id}/comments/${commentOf(id)}/reactions/like`),
  },
  deleted: { act: (id) => client.call('DELETE', `/_apis/wit/workitems/${id}`) },
  restored: {
    prepare: (id) => client.call('DELETE', `/_apis/wit/workitems/${id}`),
    act: (id) => client.call('PATCH', `/_apis/wit/recyclebin/${id}`, { isDeleted: false }),
  },
  tagRenamed: {
    prepare: (id) => client.patch(id, [field('System.Tags', `tag${id}`)]),
    act: (id) => client.call('PATCH', `/Tandem/_apis/wit/tags/tag${id}`, { name: `other${id}` }),
  },
  nodeRenamed: {
    prepare: async (id) => {
      await client.post('/Tandem/_apis/wit/classificationnodes/areas', { name: `Area ${id}` });
      await client.patch(id, [field('System.AreaPath', `Tandem\\Area ${id}`)]);
    },
    act: (id) =>
      client.call('PATCH', `/Tandem/_apis/wit/classificationnodes/areas/Area%20${id}`, { name: `Renamed ${id}` }),
  },
};

const commentOf = (id: number): number => simulator.world().items.get(id)?.comments[0]?.id ?? 0;

describe('what a change moves', () => {
  it.each(Object.entries(ACTIONS))('%s', async (name, { prepare, act }) => {
    const id = await client.create('Task');
    const other = await client.create('Task');
    await prepare?.(id, other);
    await simulator.kernel.events.idle();
    const before = look(id);
    events.length = 0;
    await act(id, other);
    await simulator.kernel.events.idle();
    const after = look(id);
    const effect = EFFECTS[name as ChangeKind];
    const fed = (feed: 'revisions' | 'links' | 'discussions'): boolean => effect.feeds.some((one) => one === feed);
    expect({
      newRevision: after.rev - before.rev,
      movesChangedDate: after.changedDate !== before.changedDate,
      newUpdate: after.updates - before.updates,
      revisions: after.revisions > before.revisions,
      links: after.links > before.links,
      discussions: after.discussions > before.discussions,
      events: events.filter((event) => event.itemId === id).map((event) => event.type),
    }).toEqual({
      newRevision: effect.newRevision ? 1 : 0,
      movesChangedDate: effect.movesChangedDate,
      newUpdate: effect.newUpdate ? 1 : 0,
      revisions: fed('revisions'),
      links: fed('links'),
      discussions: fed('discussions'),
      events: effect.events,
    });
  });

  it('a new item tells of itself once', async () => {
    events.length = 0;
    const id = await client.create('Task');
    await simulator.kernel.events.idle();
    expect(events).toEqual([{ type: 'workitem.created', itemId: id }]);
    expect(look(id)).toMatchObject({ rev: 1, updates: 1, revisions: 1 });
  });

  it('a destroyed item is gone without a word', async () => {
    const id = await client.create('Task');
    await client.call('DELETE', `/_apis/wit/workitems/${id}`);
    await simulator.kernel.events.idle();
    events.length = 0;
    expect((await client.call('DELETE', `/_apis/wit/recyclebin/${id}`)).status).toBe(204);
    await simulator.kernel.events.idle();
    expect(events).toEqual([]);
    expect((await client.get(`/_apis/wit/recyclebin/${id}`)).status).toBe(404);
    await simulator.kernel.clock.advance(5000);
    const feed = await client.get('/Tandem/_apis/wit/reporting/workitemrevisions?includeDeleted=true');
    expect(feed.body.values.map((one: { id: number }) => one.id)).not.toContain(id);
  });

  it('suppressed notifications change all but the events', async () => {
    const id = await client.create('Task');
    await simulator.kernel.events.idle();
    events.length = 0;
    const saved = await client.patch(id, [field('System.Title', 'Quiet')], '?suppressNotifications=true');
    await simulator.kernel.events.idle();
    expect(saved.body.rev).toBe(2);
    expect(events).toEqual([]);
  });

  it('System.History in a patch makes a comment and says which', async () => {
    const id = await client.create('Task');
    const saved = await client.patch(id, [field('System.History', '<b>hi</b>'), field('System.Title', 'T2')]);
    expect(saved.body.commentVersionRef).toMatchObject({ version: 1, createdInRevision: 2, text: '<b>hi</b>' });
    const comments = await client.get(`/Tandem/_apis/wit/workItems/${id}/comments`);
    expect(comments.body.comments[0].id).toBe(saved.body.commentVersionRef.commentId);
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.fields['System.CommentCount']).toBe(1);
    expect((await client.patch(id, [field('System.Title', 'T3')])).body.fields['System.History']).toBeUndefined();
  });
});
