// Relations and files: what is refused, what both ends show, and the ways to upload.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AzureSimulator, startAzureSimulator } from './server.ts';
import { type Body, clientOf, control, PATCH_TYPE, relation, type TestClient } from './test-client.ts';

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

const L = 'System.LinkTypes';
const relations = async (id: number): Promise<Body[]> =>
  (await client.get(`/_apis/wit/workitems/${id}?$expand=relations`)).body.relations ?? [];
const several = async (count: number): Promise<number[]> => {
  const ids: number[] = [];
  for (let index = 0; index < count; index += 1) ids.push(await client.create('Task'));
  return ids;
};

describe('links between work items', () => {
  it.each([
    ['Hierarchy-Reverse', 'Parent', 'Hierarchy-Forward', 'Child'],
    ['Hierarchy-Forward', 'Child', 'Hierarchy-Reverse', 'Parent'],
    ['Dependency-Forward', 'Successor', 'Dependency-Reverse', 'Predecessor'],
    ['Duplicate-Forward', 'Duplicate', 'Duplicate-Reverse', 'Duplicate Of'],
    ['Related', 'Related', 'Related', 'Related'],
  ])('%s shows on both ends, and so does its end', async (rel, name, back, backName) => {
    const [a = 0, b = 0] = await several(2);
    await client.patch(a, [relation(`${L}.${rel}`, b, { comment: 'why' })]);
    expect((await relations(a)).map((one) => [one.rel, one.attributes])).toEqual([
      [`${L}.${rel}`, { isLocked: false, comment: 'why', name }],
    ]);
    expect((await relations(b)).map((one) => [one.rel, one.attributes.name, one.url.endsWith(`/${a}`)])).toEqual([
      [`${L}.${back}`, backName, true],
    ]);
    await client.patch(b, [{ op: 'remove', path: '/relations/0' }]);
    expect(await relations(a)).toEqual([]);
  });

  it('a patch counts the links that are shown: one to an item in the recycle bin keeps its place for later', async () => {
    const [a = 0, b = 0, c = 0] = await several(3);
    await client.patch(a, [relation(`${L}.Related`, b), relation(`${L}.Related`, c)]);
    await client.call('DELETE', `/_apis/wit/workitems/${b}`);
    expect((await relations(a)).map(({ url }) => url.split('/').at(-1))).toEqual([String(c)]);
    await client.patch(a, [{ op: 'remove', path: '/relations/0' }]);
    expect(await relations(a)).toEqual([]);
    expect((await relations(c)).length).toBe(0);
  });

  it('the parent is a field of the child', async () => {
    const [a = 0, b = 0] = await several(2);
    await client.patch(a, [relation(`${L}.Hierarchy-Forward`, b)]);
    expect((await client.get(`/_apis/wit/workitems/${b}`)).body.fields['System.Parent']).toBe(a);
  });

  it('a second parent is refused from either end (TF201036)', async () => {
    const [a = 0, b = 0, c = 0] = await several(3);
    await client.patch(a, [relation(`${L}.Hierarchy-Reverse`, b)]);
    for (const answer of [
      await client.patch(a, [relation(`${L}.Hierarchy-Reverse`, c)]),
      await client.patch(c, [relation(`${L}.Hierarchy-Forward`, a)]),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.body.message).toContain('TF201036');
    }
    const both = await client.patch(a, [{ op: 'remove', path: '/relations/0' }, relation(`${L}.Hierarchy-Reverse`, c)]);
    expect(both.status).toBe(200);
    expect(await relations(b)).toEqual([]);
  });

  it.each(['Hierarchy', 'Dependency'])('a cycle of %s is refused over several steps (TF201035)', async (kind) => {
    const [a = 0, b = 0, c = 0] = await several(3);
    await client.patch(a, [relation(`${L}.${kind}-Forward`, b)]);
    await client.patch(b, [relation(`${L}.${kind}-Forward`, c)]);
    for (const answer of [
      await client.patch(c, [relation(`${L}.${kind}-Forward`, a)]),
      await client.patch(a, [relation(`${L}.${kind}-Reverse`, c)]),
    ]) {
      expect(answer.status).toBe(400);
      expect(answer.body.message).toMatch(kind === 'Hierarchy' ? /TF20103[56]/ : /TF201035/);
    }
    expect((await client.patch(c, [relation(`${L}.Related`, a)])).status).toBe(200);
  });

  it('the same link twice, a link to itself, to nothing, or of an unknown kind is refused', async () => {
    const [a = 0, b = 0] = await several(2);
    await client.patch(a, [relation(`${L}.Related`, b)]);
    const say = async (...ops: unknown[]) => (await client.patch(a, ops)).body.message;
    expect(await say(relation(`${L}.Related`, b))).toBe('Relation already exists.');
    expect(await say(relation(`${L}.Related`, a))).toContain('itself');
    expect(await say(relation(`${L}.Related`, 999_999))).toContain('TF401232');
    expect(await say(relation('Friend', b))).toContain('Unrecognized relation type');
    expect(await say(relation(`${L}.Related`, b), relation('Hyperlink', 'no url'))).toBe('Relation already exists.');
  });

  it('a comment is edited in place, on both ends', async () => {
    const [a = 0, b = 0] = await several(2);
    await client.patch(a, [relation(`${L}.Related`, b, { comment: 'old' })]);
    await client.patch(a, [{ op: 'replace', path: '/relations/0/attributes/comment', value: 'new' }]);
    expect((await relations(b))[0].attributes.comment).toBe('new');
    expect((await client.get(`/_apis/wit/workitems/${a}/updates`)).body.value.at(-1).relations.updated).toHaveLength(1);
    const long = await client.patch(a, [relation('Hyperlink', 'https://x.example', { comment: 'x'.repeat(256) })]);
    expect(long.body.message).toContain('255');
  });

  it('links to an item in the recycle bin are hidden until it comes back', async () => {
    const [a = 0, b = 0] = await several(2);
    await client.patch(a, [relation(`${L}.Related`, b)]);
    await client.call('DELETE', `/_apis/wit/workitems/${b}`);
    expect(await relations(a)).toEqual([]);
    await client.call('PATCH', `/_apis/wit/recyclebin/${b}`, { isDeleted: false });
    expect(await relations(a)).toHaveLength(1);
  });

  it('an item has room for so many links and attachments', async () => {
    await control(simulator, 'POST', '/settings', { links: { linksPerItem: 2, attachmentsPerItem: 1 } });
    const [a = 0, b = 0, c = 0, d = 0] = await several(4);
    await client.patch(a, [relation(`${L}.Related`, b), relation(`${L}.Related`, c)]);
    expect((await client.patch(a, [relation(`${L}.Related`, d)])).body.message).toContain('at most 2 links');
    await control(simulator, 'POST', '/settings', { links: { linksPerItem: 1000, attachmentsPerItem: 100 } });
  });
});

describe('hyperlinks and artifacts', () => {
  it('keep their comment and are told apart by URL', async () => {
    const id = await client.create('Task');
    const url = 'https://acme.example/browse/TAN-1?x=ü';
    await client.patch(id, [relation('Hyperlink', url, { comment: 'token' })]);
    const [one] = await relations(id);
    expect(one).toMatchObject({ rel: 'Hyperlink', url, attributes: { comment: 'token' } });
    expect(one.attributes.id).toBeGreaterThan(0);
    expect((await client.patch(id, [relation('Hyperlink', url)])).body.message).toBe('Relation already exists.');
    expect((await client.patch(id, [relation('Hyperlink', 'nowhere')])).status).toBe(400);
    expect((await client.patch(id, [relation('ArtifactLink', 'https://x.example')])).status).toBe(400);
    const artifact = relation('ArtifactLink', 'vstfs:///Git/Commit/a%2Fb', { name: 'Fixed in Commit' });
    expect((await client.patch(id, [artifact])).body.relations).toHaveLength(2);
  });
});

describe('attachments', () => {
  const upload = (bytes: Uint8Array, query: string) =>
    client.call('POST', `/Tandem/_apis/wit/attachments${query}`, bytes, 'application/octet-stream');

  it('are sent whole up to a size', async () => {
    await control(simulator, 'POST', '/settings', { attachmentBytes: 1000, simpleUploadBytes: 600 });
    expect((await upload(Buffer.alloc(600), '?fileName=a.bin')).status).toBe(200);
    expect((await upload(Buffer.alloc(601), '?fileName=a.bin')).body.message).toContain('TF237082');
    const wrong = await client.call('POST', '/Tandem/_apis/wit/attachments?fileName=a', Buffer.from('x'), 'text/plain');
    expect(wrong.status).toBe(415);
  });

  it('are sent in chunks, in order, up to another size, and are not there before the last', async () => {
    const whole = Buffer.from(Array.from({ length: 900 }, (_, index) => index % 251));
    const { body } = await client.call(
      'POST',
      '/Tandem/_apis/wit/attachments?uploadType=chunked&fileName=big.bin',
      new Uint8Array(0),
      'application/octet-stream',
    );
    const put = async (from: number, to: number, total = whole.length) => {
      const response = await fetch(
        `${simulator.url}/Tandem/_apis/wit/attachments/${body.id}?fileName=big.bin&api-version=7.1`,
        {
          method: 'PUT',
          headers: {
            authorization: `Bearer ${simulator.ordinary.pat}`,
            'content-type': 'application/octet-stream',
            'content-range': `bytes ${from}-${to - 1}/${total}`,
          },
          body: whole.subarray(from, to),
        },
      );
      return response.status;
    };
    expect(await put(0, 500, 2000)).toBe(400);
    expect(await put(400, 900)).toBe(400);
    expect(await put(0, 500)).toBe(200);
    const id = await client.create('Task');
    expect((await client.patch(id, [relation('AttachedFile', body.url)])).status).toBe(404);
    expect((await client.get(`/Tandem/_apis/wit/attachments/${body.id}`)).status).toBe(404);
    expect(await put(500, 900)).toBe(200);
    const linked = await client.patch(id, [relation('AttachedFile', body.url)]);
    expect(linked.body.relations[0].attributes).toMatchObject({ name: 'big.bin', resourceSize: 900 });
    const read = await fetch(`${simulator.url}/Tandem/_apis/wit/attachments/${body.id}?download=true&api-version=7.1`, {
      headers: { authorization: `Bearer ${simulator.ordinary.pat}` },
    });
    expect(Buffer.from(await read.arrayBuffer()).equals(whole)).toBe(true);
    expect(read.headers.get('content-disposition')).toContain('big.bin');
  });

  it('that nobody uploaded cannot be linked', async () => {
    const id = await client.create('Task');
    const nowhere = `${simulator.url}/_apis/wit/attachments/00000000-0000-4000-8000-000000000000`;
    expect((await client.patch(id, [relation('AttachedFile', nowhere)])).body.message).toContain('TF237095');
    expect((await client.call('PATCH', `/_apis/wit/workitems/${id}`, [], PATCH_TYPE)).status).toBe(400);
  });
});
