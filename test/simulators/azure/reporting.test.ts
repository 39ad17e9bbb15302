// The reporting feeds: paging by token, filters, lag, deleted items, links and discussions.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, field, relation, type TestClient } from './test-client.ts';

let simulator: AzureSimulator;
let client: TestClient;

beforeAll(async () => {
  simulator = await startAzureSimulator({ seed: 'empty' });
  client = clientOf(simulator);
});
afterAll(async () => {
  expect(simulator.kernel.checker.violations).toEqual([]);
  await simulator.close();
});

const REVISIONS = '/Tandem/_apis/wit/reporting/workitemrevisions';
const LINKS = '/Tandem/_apis/wit/reporting/workitemlinks';
const TALK = '/Tandem/_apis/wit/reporting/workitemrevisions/discussions';

/** Where a feed stands now. */
async function end(path: string): Promise<string> {
  await simulator.kernel.clock.advance(5000);
  let token = '';
  for (;;) {
    const { body } = await client.get(`${path}?continuationToken=${token}`);
    token = body.continuationToken;
    if (body.isLastBatch) return token;
  }
}
const since = (path: string, token: string, more = '') => client.get(`${path}?continuationToken=${token}${more}`);

describe('revisions', () => {
  it('come in pages, each once, in order, and nothing comes twice', async () => {
    const start = await end(REVISIONS);
    const id = await client.create('Task');
    for (const title of ['b', 'c', 'd', 'e']) await client.patch(id, [field('System.Title', title)]);
    await simulator.kernel.clock.advance(5000);
    const seen: string[] = [];
    let token = start;
    for (let last = false; !last; ) {
      const { body } = await since(REVISIONS, token, '&$maxPageSize=2');
      expect(body.values.length).toBeLessThanOrEqual(2);
      seen.push(...body.values.map((one: Body) => `${one.id}:${one.rev}`));
      expect(body.nextLink).toContain(encodeURIComponent(body.continuationToken));
      token = body.continuationToken;
      last = body.isLastBatch;
    }
    expect(seen).toEqual([1, 2, 3, 4, 5].map((rev) => `${id}:${rev}`));
    const nothing = await since(REVISIONS, token);
    expect(nothing.body).toMatchObject({ values: [], isLastBatch: true, continuationToken: token });
  });

  it('show people as text unless references are asked for, long text only when named, tags as asked', async () => {
    const start = await end(REVISIONS);
    await client.create('Task', {
      'System.Description': '<b>x</b>',
      'System.Tags': 'red',
      'System.AssignedTo': simulator.ordinary.uniqueName,
    });
    await simulator.kernel.clock.advance(5000);
    const plain = (await since(REVISIONS, start)).body.values[0].fields;
    expect(plain['System.AssignedTo']).toBe('Dana Whitfield <dana.whitfield@acme.example>');
    expect(plain['System.Description']).toBeUndefined();
    const { body } = await client.post(`${REVISIONS}?continuationToken=${start}`, {
      fields: ['System.AssignedTo', 'System.Description', 'System.Tags'],
      includeIdentityRef: true,
      includeTagRef: true,
    });
    expect(body.values[0].fields).toMatchObject({
      'System.AssignedTo': { uniqueName: simulator.ordinary.uniqueName },
      'System.Description': '<b>x</b>',
      'System.Tags': [{ name: 'red' }],
    });
    expect(Object.keys(body.values[0].fields)).toHaveLength(3);
    const expanded = (await since(REVISIONS, start, '&$expand=fields')).body.values[0].fields;
    expect(expanded['System.Description']).toBe('<b>x</b>');
  });

  it('filter by type, latest, start date; deleted items only when asked', async () => {
    const start = await end(REVISIONS);
    const from = new Date(simulator.kernel.clock.now()).toISOString();
    const bug = await client.create('Bug');
    const task = await client.create('Task');
    await client.patch(task, [field('System.Title', 'b')]);
    await client.call('DELETE', `/_apis/wit/workitems/${bug}`);
    await simulator.kernel.clock.advance(5000);
    const list = async (more: string) =>
      (await since(REVISIONS, start, more)).body.values.map((one: Body) => [one.id, one.rev]);
    expect(await list('&types=Task')).toEqual([
      [task, 1],
      [task, 2],
    ]);
    expect(await list('&includeLatestOnly=true')).toEqual([[task, 2]]);
    expect(await list('&includeDeleted=true&types=bug')).toEqual([
      [bug, 1],
      [bug, 2],
    ]);
    const deleted = (await since(REVISIONS, start, '&includeDeleted=true&types=bug')).body.values[1];
    expect(deleted.fields['System.IsDeleted']).toBe(true);
    const dated = await client.get(`${REVISIONS}?startDateTime=${from}`);
    expect(dated.body.values.map((one: Body) => one.id)).toEqual([task, task]);
  });

  it('lag a little, and a strange token is refused', async () => {
    const start = await end(REVISIONS);
    await client.create('Task');
    expect((await since(REVISIONS, start)).body).toMatchObject({ values: [], isLastBatch: true });
    await simulator.kernel.clock.advance(600);
    expect((await since(REVISIONS, start)).body.values).toHaveLength(1);
    expect((await since(REVISIONS, 'nonsense')).status).toBe(400);
  });
});

describe('links and discussions', () => {
  it('a link is told from both ends when it comes and when it goes', async () => {
    const start = await end(LINKS);
    const [a, b] = [await client.create('Task'), await client.create('Task')];
    await client.patch(a, [relation('System.LinkTypes.Related', b, { comment: 'c' })]);
    await client.patch(b, [{ op: 'remove', path: '/relations/0' }]);
    await simulator.kernel.clock.advance(5000);
    const { body } = await since(LINKS, start);
    expect(
      body.values.map((one: Body) => [one.attributes.sourceId, one.attributes.targetId, one.attributes.isActive]),
    ).toEqual([
      [a, b, true],
      [b, a, true],
      [b, a, false],
      [a, b, false],
    ]);
    expect((await since(LINKS, start, '&linkTypes=System.LinkTypes.Hierarchy')).body.values).toEqual([]);
  });

  it('every version of a comment is told, the deletion too', async () => {
    const start = await end(TALK);
    const id = await client.create('Task');
    const comments = `/Tandem/_apis/wit/workItems/${id}/comments`;
    const { body: comment } = await client.post(comments, { text: 'one' });
    await client.call('PATCH', `${comments}/${comment.id}`, { text: 'two' });
    await client.call('DELETE', `${comments}/${comment.id}`);
    await simulator.kernel.clock.advance(5000);
    const { body } = await since(TALK, start);
    expect(
      body.values.map((one: Body) => [
        one.id,
        one.commentVersionRef.version,
        one.commentVersionRef.isDeleted,
        one.commentVersionRef.text,
      ]),
    ).toEqual([
      [id, 1, false, 'one'],
      [id, 2, false, 'two'],
      [id, 3, true, ''],
    ]);
  });
});
