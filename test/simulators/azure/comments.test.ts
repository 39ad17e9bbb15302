// Comments: formats, paging, versions, who may change whose.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, field, type TestClient } from './test-client.ts';

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

const of = (id: number, more = ''): string => `/Tandem/_apis/wit/workItems/${id}/comments${more}`;

describe('comments', () => {
  it('in HTML are cleaned, in Markdown kept as written, and rendered on request', async () => {
    const id = await client.create('Task');
    const html = await client.post(of(id), { text: '<p onclick=x>a<script>b</script></p>' });
    expect(html.body).toMatchObject({ text: '<p>a</p>', renderedText: '<p>a</p>', format: 'html', version: 1 });
    const markdown = await client.post(of(id, '?format=markdown'), { text: '**b** <script>' });
    expect(markdown.body).toMatchObject({ text: '**b** <script>', format: 'markdown' });
    expect(markdown.body.renderedText).toBe('<p><strong>b</strong> &lt;script&gt;</p>\n');
    const listed = (await client.get(of(id))).body.comments[0];
    expect(listed.renderedText).toBeUndefined();
    const expanded = (await client.get(of(id, '?$expand=renderedText'))).body.comments[0];
    expect(expanded.renderedText).toContain('<strong>');
    expect((await client.post(of(id, '?format=wiki'), { text: 'x' })).status).toBe(400);
    expect((await client.post(of(id), { text: '  ' })).status).toBe(400);
  });

  it('come newest first, in pages, to the end', async () => {
    const id = await client.create('Task');
    for (let index = 1; index <= 7; index += 1) await client.post(of(id), { text: `c${index}` });
    const seen: string[] = [];
    let path: string | undefined = of(id, '?$top=3');
    let pages = 0;
    while (path !== undefined) {
      const { body }: { body: Body } = await client.get(path);
      pages += 1;
      expect(body.totalCount).toBe(7);
      seen.push(...body.comments.map((one: Body) => one.text));
      path =
        body.continuationToken === undefined
          ? undefined
          : of(id, `?$top=3&continuationToken=${encodeURIComponent(body.continuationToken)}`);
    }
    expect(pages).toBe(3);
    expect(seen).toEqual(['c7', 'c6', 'c5', 'c4', 'c3', 'c2', 'c1']);
    expect((await client.get(of(id, '?$top=201'))).status).toBe(400);
    expect((await client.get(of(id, '?continuationToken=x'))).status).toBe(400);
    const some = (await client.get(of(id))).body.comments.slice(0, 2).map((one: Body) => one.id);
    expect((await client.get(of(id, `?ids=${some.join(',')}`))).body.comments).toHaveLength(2);
  });

  it('are each in a format of their own', async () => {
    const id = await client.create('Task');
    const said = async (text: string, query = '') => (await client.post(of(id, query), { text })).body.text;
    expect(await said('**b** <script>x</script>', '?format=markdown')).toBe('**b** <script>x</script>');
    expect(await said('<b>b</b><script>x</script>')).toBe('<b>b</b>');
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.multilineFieldsFormat).toBeUndefined();
  });

  it('have versions; a deleted one is shown only when asked for', async () => {
    const id = await client.create('Task');
    const { body } = await client.post(of(id), { text: 'one' });
    const edited = await client.call('PATCH', of(id, `/${body.id}`), { text: 'two' });
    expect(edited.body).toMatchObject({ version: 2, text: 'two' });
    expect(Date.parse(edited.body.modifiedDate)).toBeGreaterThan(Date.parse(edited.body.createdDate));
    expect((await client.get(of(id, `/${body.id}/versions`))).body.value.map((one: Body) => one.text)).toEqual([
      'one',
      'two',
    ]);
    expect((await client.get(of(id, `/${body.id}/versions/1`))).body.text).toBe('one');
    expect((await client.call('DELETE', of(id, `/${body.id}`))).status).toBe(204);
    expect((await client.get(of(id, `/${body.id}`))).status).toBe(404);
    expect((await client.get(of(id, `/${body.id}?includeDeleted=true`))).body.isDeleted).toBe(true);
    expect((await client.call('PATCH', of(id, `/${body.id}`), { text: 'x' })).status).toBe(404);
    expect((await client.get(`/_apis/wit/workitems/${id}`)).body.fields['System.CommentCount']).toBe(0);
  });

  it('belong to their author; an administrator may change any', async () => {
    const id = await client.create('Task');
    const { body } = await client.post(of(id), { text: 'mine' });
    const other = clientOf(simulator, simulator.synchronizer.pat);
    expect((await other.call('PATCH', of(id, `/${body.id}`), { text: 'yours' })).status).toBe(403);
    const admin = clientOf(simulator, simulator.admin.pat);
    expect((await admin.call('PATCH', of(id, `/${body.id}`), { text: 'edited' })).body.modifiedBy.id).toBe(
      simulator.admin.id,
    );
  });

  it('mention people and collect reactions', async () => {
    const id = await client.create('Task');
    const mention = `<a href="#" data-vss-mention="version:2.0,${simulator.admin.id}">@M</a>`;
    const { body } = await client.post(of(id), { text: mention });
    const all = (await client.get(of(id, `/${body.id}?$expand=all`))).body;
    expect(all.mentions[0]).toMatchObject({ artifactType: 'Person', targetId: simulator.admin.id });
    await client.call('PUT', of(id, `/${body.id}/reactions/like`));
    await clientOf(simulator, simulator.admin.pat).call('PUT', of(id, `/${body.id}/reactions/like`));
    expect((await client.get(of(id, `/${body.id}/reactions`))).body.value).toMatchObject([
      { type: 'like', count: 2, isCurrentUserEngaged: true },
    ]);
    expect((await client.get(of(id, `/${body.id}/reactions/like/users`))).body.value).toHaveLength(2);
    expect((await client.call('DELETE', of(id, `/${body.id}/reactions/like`))).body.count).toBe(1);
    expect((await client.call('PUT', of(id, `/${body.id}/reactions/shrug`))).status).toBe(400);
    simulator.kernel.checker.clearViolations();
  });

  it('a revision guard covers a comment made by patch', async () => {
    const id = await client.create('Task');
    await client.patch(id, [field('System.Title', 'b')]);
    const refused = await client.patch(id, [{ op: 'test', path: '/rev', value: 1 }, field('System.History', 'lost')]);
    expect(refused.status).toBe(412);
    expect((await client.get(of(id))).body.totalCount).toBe(0);
  });
});
