// Writing work items to the simulated service: guarded, attributed to fields, with markers.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orphanTag } from '../../backend/src/azure/write-scope.ts';
import type { ItemDraft } from '../../backend/src/reconcile/ports.ts';
import type { FieldValue } from '../../backend/src/sync/model.ts';
import { found, newMarker, openSite, type Site, streamOf } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

const text = (words: string): FieldValue => ({ kind: 'text', text: words });
const html = (words: string): FieldValue & { kind: 'richText' } => ({ kind: 'richText', format: 'html', text: words });
const draftOf = (type: string, title: string, more: ItemDraft['fields'] = []): ItemDraft => ({
  type,
  fields: [{ field: 'System.Title', value: text(title) }, ...more],
  marker: newMarker(),
  sourceUrl: 'https://acme.atlassian.net/browse/TAN-1',
});
const make = async (type = 'User Story', title = 'made') => {
  const outcome = await site.side.writer.create(draftOf(type, title));
  if (outcome.kind !== 'created') throw new Error('not created');
  return outcome.item;
};
const codes = (outcome: { kind: string; refusals?: readonly { field?: string; error: { code: string } }[] }) => [
  outcome.kind,
  ...(outcome.refusals ?? []).map(({ field, error }) => [field, error.code]),
];

describe('creating', () => {
  it('takes one call, with the marker in it', async () => {
    await make();
    site.calls();
    const draft = draftOf('User Story', 'One call', [
      { field: 'System.Description', value: html('<p>Hi <b>you</b></p>') },
      { field: 'System.Tags', value: { kind: 'options', options: [{ name: 'x' }, { name: 'y z' }] } },
      { field: 'Microsoft.VSTS.Common.Priority', value: { kind: 'option', option: { name: '3' } } },
      { field: 'Microsoft.VSTS.Scheduling.DueDate', value: { kind: 'date', date: '2024-07-01' } },
      {
        field: 'System.AssignedTo',
        value: { kind: 'user', user: { id: site.simulator.ordinary.uniqueName, name: 'x' } },
      },
      { field: 'Custom.Customer', value: null },
    ]);
    const outcome = await site.side.writer.create(draft);
    expect(Object.values(site.calls())).toEqual([1]);
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
    expect(outcome.item.marker).toEqual(draft.marker);
    expect(outcome.item.fields).toMatchObject({
      'System.Description': html('<p>Hi <b>you</b></p>'),
      'System.Tags': { kind: 'options', options: [{ name: 'x' }, { name: 'y z' }] },
      'Microsoft.VSTS.Common.Priority': { option: { name: '3' } },
      'Microsoft.VSTS.Scheduling.DueDate': { dateTime: '2024-06-30T22:00:00.000Z' },
      'System.AssignedTo': { user: { id: site.simulator.ordinary.uniqueName } },
      'Custom.Customer': null,
    });
    expect(await site.side.accountId()).toBe(outcome.item.createdBy?.id);
    expect(await found(site.side, outcome.item.id)).toEqual(outcome.item);
  });

  it('names a required field that is missing', async () => {
    const outcome = await site.side.writer.create({ ...draftOf('Task', ''), fields: [] });
    expect(codes(outcome)).toEqual(['refused', ['System.Title', 'required-field']]);
  });

  it('names an unknown type', async () => {
    const outcome = await site.side.writer.create(draftOf('Epos', 'x'));
    expect(outcome).toMatchObject({ refusals: [{ error: { code: 'unknown-type', value: 'Epos' } }] });
  });

  it('names a field that the type lacks', async () => {
    const outcome = await site.side.writer.create(
      draftOf('Task', 'x', [{ field: 'Custom.Nowhere', value: text('y') }]),
    );
    expect(codes(outcome)).toEqual(['refused', ['Custom.Nowhere', 'unknown-field']]);
  });

  it('refuses what can never be kept without a call', async () => {
    site.calls();
    const outcome = await site.side.writer.create(
      draftOf('User Story', 'x', [{ field: 'Microsoft.VSTS.Scheduling.StoryPoints', value: text('many') }]),
    );
    expect(codes(outcome)).toEqual(['refused', ['Microsoft.VSTS.Scheduling.StoryPoints', 'invalid-value']]);
    expect(site.calls()).toEqual({});
  });
});

describe('updating', () => {
  it('takes one call with fields and state, and proves its version', async () => {
    const item = await make();
    site.calls();
    const outcome = await site.side.writer.update(item, [{ field: 'System.Title', value: text('after') }], 'Active');
    expect(Object.values(site.calls())).toEqual([1]);
    expect(outcome).toMatchObject({
      kind: 'written',
      version: { seq: 2 },
      between: [],
      item: { state: 'Active', fields: { 'System.Title': text('after') }, marker: item.marker },
    });
  });

  it('empties a field', async () => {
    const item = await make();
    const value: FieldValue = { kind: 'user', user: { id: site.simulator.ordinary.uniqueName, name: 'x' } };
    const set = await site.side.writer.update(item, [{ field: 'System.AssignedTo', value }]);
    if (set.kind !== 'written') throw new Error('not written');
    const unset = await site.side.writer.update(set.item, [{ field: 'System.AssignedTo', value: null }]);
    expect(unset).toMatchObject({ kind: 'written', item: { fields: { 'System.AssignedTo': null } } });
  });

  it('that changes nothing makes no revision and is proven all the same', async () => {
    const item = await make('Task', 'same');
    const outcome = await site.side.writer.update(item, [{ field: 'System.Title', value: text('same') }]);
    expect(outcome).toMatchObject({ kind: 'written', version: { seq: 1 } });
  });

  it('writes nothing when somebody was faster', async () => {
    const item = await make();
    await site.worker.edit(item.id, { 'System.Tags': 'theirs' });
    const outcome = await site.side.writer.update(item, [{ field: 'System.Title', value: text('mine') }]);
    expect(outcome).toEqual({ kind: 'stale' });
    expect(await found(site.side, item.id)).toMatchObject({ fields: { 'System.Title': text('made') } });
  });

  it('names all fields that are refused, with their codes', async () => {
    const item = await make();
    const others = [
      { field: 'Custom.Environment', value: { kind: 'option', option: { name: 'Mars' } } },
      { field: 'System.AssignedTo', value: { kind: 'user', user: { id: 'nobody@acme.example', name: 'Nobody' } } },
    ] as const;
    expect(codes(await site.side.writer.update(item, others))).toEqual([
      'refused',
      ['Custom.Environment', 'invalid-value'],
      ['System.AssignedTo', 'invalid-value'],
    ]);
    // The service tells of a line that is too long before it looks at rules.
    const title = { field: 'System.Title', value: text('x'.repeat(256)) };
    expect(codes(await site.side.writer.update(item, [title, ...others]))).toEqual([
      'refused',
      ['System.Title', 'too-long'],
    ]);
  });

  it('takes tags away as well as it adds them', async () => {
    let item = await make();
    const tags = async (...names: readonly string[]) => {
      const value =
        names.length === 0 ? null : ({ kind: 'options', options: names.map((name) => ({ name })) } as const);
      const outcome = await site.side.writer.update(item, [{ field: 'System.Tags', value }]);
      if (outcome.kind !== 'written') throw new Error(outcome.kind);
      item = outcome.item;
      return (await site.worker.get(item.id)).fields['System.Tags'];
    };
    expect(await tags('x', 'y')).toBe('x; y');
    expect(await tags('y')).toBe('y');
    expect(await tags('z')).toBe('z');
    expect(await tags()).toBeUndefined();
  });

  it('does not repeat in an error what it sent', async () => {
    const item = await make();
    const outcome = await site.side.writer.update(item, [
      { field: 'Custom.Environment', value: { kind: 'option', option: { name: 'Secret Place' } } },
    ]);
    expect(outcome.kind).toBe('refused');
    expect(JSON.stringify(outcome)).not.toContain('Secret');
  });

  it('names the state that no transition reaches', async () => {
    const item = await make('User Story');
    const outcome = await site.side.writer.update(item, [{ field: 'System.Title', value: text('x') }], 'Nirvana');
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'System.State', error: { code: 'no-transition', value: 'Nirvana' } }],
    });
  });

  it('names a read-only field', async () => {
    const item = await make();
    const value: FieldValue = { kind: 'dateTime', dateTime: '2020-01-01T00:00:00.000Z' };
    const outcome = await site.side.writer.update(item, [{ field: 'System.CreatedDate', value }]);
    expect(codes(outcome)).toEqual(['refused', ['System.CreatedDate', 'read-only']]);
  });

  it('of an item that is gone is an error of the item', async () => {
    const item = await make('Task');
    await site.worker.call('DELETE', `_apis/wit/workitems/${item.id}`);
    await expect(site.side.writer.update(item, [{ field: 'System.Title', value: text('x') }])).rejects.toMatchObject({
      error: { code: 'unreachable', level: 'item' },
    });
  });

  it('keeps hostile and strange strings as the service shows them', async () => {
    const item = await make('Task');
    const title = `'; DROP TABLE "x" -- <img src=x onerror=1> \\ /fields ~1 ${'𝔘𝔫𝔦'} \u202E`;
    const outcome = await site.side.writer.update(item, [
      { field: 'System.Title', value: text(title) },
      { field: 'System.Description', value: html('<p onclick="x()">a<script>b</script></p><iframe src=x></iframe>') },
    ]);
    expect(outcome).toMatchObject({
      kind: 'written',
      item: { fields: { 'System.Title': text(title.trim()), 'System.Description': html('<p>a</p>') } },
    });
  });

  it('keeps a long text whole', async () => {
    const item = await make('Task');
    const long = `<p>${'ä'.repeat(500_000)}</p>`;
    const outcome = await site.side.writer.update(item, [{ field: 'System.Description', value: html(long) }]);
    expect(outcome).toMatchObject({ kind: 'written', item: { fields: { 'System.Description': { text: long } } } });
  });
});

describe('transitions', () => {
  it('are those that the present state offers, and one of them is a guarded update', async () => {
    const item = await make('Bug');
    const options = await site.side.writer.transitions(item);
    expect(options.length).toBeGreaterThan(0);
    expect(options.map(({ to }) => to)).not.toContain('New');
    const [first] = options;
    if (first === undefined) throw new Error('no transition');
    expect(await site.side.writer.transition(item, first, [])).toMatchObject({
      kind: 'written',
      item: { state: first.to },
      version: { seq: 2 },
    });
    expect(await site.side.writer.transition(item, first, [])).toEqual({ kind: 'stale' });
  });
});

describe('comments', () => {
  it('are added and edited in one call each, and keep their marker', async () => {
    const item = await make('Task');
    const marker = newMarker('1/2');
    site.calls();
    const added = await site.side.writer.addComment(item.id, html('<p>first</p>'), marker);
    expect(added).toMatchObject({ marker, version: { seq: 1 }, restricted: false });
    const edited = await site.side.writer.updateComment(item.id, added.id, html('<p>second</p>'), marker);
    expect(Object.values(site.calls())).toEqual([1, 1]);
    expect(edited).toMatchObject({ id: added.id, marker, version: { seq: 2 } });
    expect(edited.body.format === 'html' && edited.body.text).toContain('second');
  });

  it('are read by their ids, and as the newest, in one call each; deleting twice is as good as once', async () => {
    const item = await make('Task');
    const made: string[] = [];
    for (let index = 0; index < 22; index += 1) {
      const marker = newMarker(`1/${index}`);
      made.push((await site.side.writer.addComment(item.id, html(`<p>${index}</p>`), marker)).id);
    }
    const [first = '', second = ''] = made;
    await site.side.writer.deleteComment(item.id, first);
    await site.side.writer.deleteComment(item.id, first);
    site.calls();
    const { reader } = site.side;
    expect((await reader.commentsById(item, [first, second, '999999'])).map(({ id }) => id)).toEqual([second]);
    const newest = await reader.newestComments?.(item.id);
    expect(Object.values(site.calls())).toEqual([2]);
    expect(newest).toEqual({ ids: made.slice(2).toReversed(), all: false });
  });

  it('in Markdown are written as Markdown, ours with their marker in its first link', async () => {
    const item = await make('Task');
    const markdown = (words: string) => ({ kind: 'richText', format: 'markdown', text: words }) as const;
    const marker = newMarker('1/2');
    const added = await site.side.writer.addComment(
      item.id,
      markdown('[Ana](<https://x.example/a>)\n\n**Hi**'),
      marker,
    );
    expect(added).toMatchObject({ marker, body: { format: 'markdown', text: expect.stringMatching(/\*\*Hi\*\*$/) } });
    const edited = await site.side.writer.updateComment(item.id, added.id, html('<p>Hi</p>'), marker);
    expect(edited).toMatchObject({ marker, body: { format: 'html' } });
    const back = await site.side.writer.updateComment(item.id, added.id, markdown('plain'), marker);
    expect(back).toMatchObject({ marker, body: { format: 'markdown' } });
  });

  it('on an item that is gone are errors of the comment', async () => {
    await expect(site.side.writer.addComment('999999', html('x'), newMarker())).rejects.toMatchObject({
      error: { code: 'unreachable', level: 'child' },
      mayHaveLanded: false,
    });
  });

  it('of people are edited without a marker, where the account may', async () => {
    const item = await make('Task');
    const path = `_apis/wit/workItems/${item.id}/comments?api-version=7.1-preview.4`;
    const said = (await site.worker.call('POST', `Tandem/${path}`, { text: 'theirs' })) as { id: number };
    const edit = () => site.side.writer.updateComment(item.id, String(said.id), html('<p>ours</p>'), null);
    await expect(edit()).rejects.toMatchObject({ error: { code: 'forbidden' } });
    await site.control('POST', 'rights', {
      user: site.simulator.synchronizer.uniqueName,
      grant: ['editAnyComment'],
    });
    expect((await edit()).marker).toBeUndefined();
  });
});

describe('attachments', () => {
  it('go in one request when small, with their name, size and marker', async () => {
    const item = await make('Task');
    const bytes = new TextEncoder().encode('größe');
    const marker = newMarker('1/9');
    site.calls();
    const { attachment: added } = await site.side.writer.addAttachment(
      item,
      { name: 'Ünïcode & co #1.txt', size: bytes.byteLength },
      streamOf(bytes),
      marker,
    );
    expect(Object.values(site.calls())).toEqual([1, 1]);
    expect(added).toMatchObject({ name: 'Ünïcode & co #1.txt', size: bytes.byteLength, marker });
    expect(
      new Uint8Array(await new Response((await site.side.reader.openAttachment(added)).stream).arrayBuffer()),
    ).toEqual(bytes);
  });

  it('go in pieces when large, and come back whole', async () => {
    const side = site.open({ upload: { simpleUpTo: 1000, chunk: 4000, retryMs: 0 } });
    const item = await make('Task');
    // Its types are known by now.
    await side.reader.read(item.id, { comments: false });
    const bytes = Uint8Array.from({ length: 10_001 }, (_, index) => index % 251);
    site.calls();
    const { attachment: added } = await side.writer.addAttachment(
      item,
      { name: 'big.bin', size: bytes.byteLength },
      streamOf(bytes, 777),
      newMarker(),
    );
    expect(Object.values(site.calls()).toSorted()).toEqual([1, 1, 3]);
    expect(added.size).toBe(bytes.byteLength);
    expect(new Uint8Array(await new Response((await side.reader.openAttachment(added)).stream).arrayBuffer())).toEqual(
      bytes,
    );
  });

  it('that end early are not attached', async () => {
    const side = site.open({ upload: { simpleUpTo: 10, chunk: 40, retryMs: 0 } });
    const item = await make('Task');
    await expect(
      side.writer.addAttachment(item, { name: 'x', size: 200 }, streamOf(new Uint8Array(100)), newMarker()),
    ).rejects.toMatchObject({ error: { code: 'unavailable', level: 'child' } });
    expect((await found(site.side, item.id)).attachments).toEqual([]);
  });

  it('above the limit of the site are too large', async () => {
    const item = await make('Task');
    const size = 61 * 1024 * 1024;
    const side = site.open({ upload: { simpleUpTo: 10, chunk: 1024 * 1024, retryMs: 0 } });
    await expect(
      side.writer.addAttachment(item, { name: 'x', size }, streamOf(new Uint8Array(size), 1024 * 1024), newMarker()),
    ).rejects.toMatchObject({ error: { code: 'too-large', level: 'child' } });
  });
});

describe('marking an orphan', () => {
  it('adds a tag beside the others, once', async () => {
    const item = await make('Task');
    await site.worker.edit(item.id, { 'System.Tags': 'kept' });
    await site.side.writer.mark(item, 'deleted');
    await site.side.writer.mark(item, 'deleted');
    const tags = String((await site.worker.get(item.id)).fields['System.Tags']).split('; ');
    expect(tags.toSorted()).toEqual([orphanTag, 'kept'].toSorted());
  });
});
