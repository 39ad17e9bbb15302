// What the Azure side makes of a service that limits, breaks off, answers late or takes rights away.

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HttpFailure } from '../../backend/src/http/transport.ts';
import type { CreateIntent, ItemDraft } from '../../backend/src/reconcile/ports.ts';
import type { ItemSnapshot } from '../../backend/src/sync/model.ts';
import { found, newMarker, openSite, project, type Site } from './site.ts';

// A new site for each: a limit that was met holds for the connection.
let site: Site;
beforeEach(async () => {
  site = await openSite();
});
afterEach(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

const fault = (kind: string, more: Record<string, unknown> = {}) =>
  site.control('POST', 'faults', { kind, times: 1, ...more });
const draftOf = (): ItemDraft => ({
  type: 'Task',
  fields: [{ field: 'System.Title', value: { kind: 'text', text: 'made in trouble' } }],
  marker: newMarker(),
  sourceUrl: 'https://acme.atlassian.net/browse/TAN-1',
});
const make = async (): Promise<ItemSnapshot> => {
  const outcome = await site.side.writer.create(draftOf());
  if (outcome.kind !== 'created') throw new Error('not created');
  return outcome.item;
};
const titles = () => {
  const made = [...site.simulator.world().items.values()].map((item) => item.revisions.at(-1)?.fields['System.Title']);
  return made.filter((title) => title === 'made in trouble');
};

describe('a service that limits', () => {
  it.each([429, 503])('with %d holds the connection back as long as it asks, to the second', async (status) => {
    const item = await make();
    await fault('status', { match: { path: '/acme/_apis/wit/workitems*' }, status, retryAfter: 7 });
    await expect(site.side.reader.read(item.id, { comments: false })).rejects.toMatchObject({
      error: { code: status === 429 ? 'rate-limited' : 'unavailable', side: 'azure', retryAfterMs: 7000 },
    });
    site.calls();
    await expect(site.side.reader.read(item.id, { comments: false })).rejects.toMatchObject({
      error: { code: 'rate-limited', retryAfterMs: expect.toSatisfy((ms: number) => ms > 0 && ms <= 7000) },
    });
    expect(site.calls()).toEqual({});
  });

  it('by blocking a person refuses writes that certainly did not land', async () => {
    const item = await make();
    await fault('status', { match: { method: 'PATCH' }, status: 429, retryAfter: 1 });
    const write = site.side.writer.update(item, [{ field: 'System.Title', value: { kind: 'text', text: 'x' } }]);
    await expect(write).rejects.toMatchObject({ error: { code: 'rate-limited' }, mayHaveLanded: false });
  });
});

describe('a broken connection', () => {
  it('is tried again for a read', async () => {
    const item = await make();
    await fault('lost-answer', { match: { method: 'GET' } });
    expect(await found(site.side, item.id)).toMatchObject({ id: item.id });
  });

  it('is tried again for a query and a batch, which only read', async () => {
    const item = await make();
    await site.settle();
    await fault('lost-answer', { match: { path: '/*wiql*' } });
    expect(await site.side.reader.matchesFilter(item.id)).toBe(true);
    await fault('lost-answer', { match: { path: '/*workitemsbatch*' } });
    expect((await site.side.reader.readMany([item.id])).size).toBe(1);
  });

  it('after a create says that it may have landed, and the item is found by its marker, once', async () => {
    const draft = draftOf();
    await make();
    const highest = await make();
    const intent: CreateIntent = {
      side: 'azure',
      token: draft.marker.token,
      sourceId: draft.marker.sourceId,
      at: site.simulator.kernel.clock.now(),
      highestKnown: highest.id,
    };
    await fault('lost-answer', { match: { method: 'POST', path: '/*/workitems/*' } });
    const lost: unknown = await site.side.writer.create(draft).catch((error: unknown) => error);
    expect(lost).toBeInstanceOf(HttpFailure);
    expect(lost).toMatchObject({ error: { code: 'unavailable' }, mayHaveLanded: true });
    expect(titles()).toHaveLength(3);
    expect((await site.side.reader.findCreated(intent))?.marker).toEqual(draft.marker);
  });

  it('after a create that lands late shows nothing at first and the item later', async () => {
    const draft = draftOf();
    const highest = await make();
    const intent: CreateIntent = {
      side: 'azure',
      token: draft.marker.token,
      sourceId: draft.marker.sourceId,
      at: site.simulator.kernel.clock.now(),
      highestKnown: highest.id,
    };
    await fault('late-landing', { match: { method: 'POST', path: '/*/workitems/*' }, ms: 30_000 });
    await expect(site.side.writer.create(draft)).rejects.toMatchObject({ mayHaveLanded: true });
    expect(await site.side.reader.findCreated(intent)).toBeNull();
    await site.settle();
    await expect.poll(() => titles().length).toBe(2);
    expect((await site.side.reader.findCreated(intent))?.marker).toEqual(draft.marker);
  });

  it('after a comment or an attachment leaves one that its marker tells', async () => {
    const item = await make();
    const [said, sent] = [newMarker('1/2'), newMarker('1/3')];
    await fault('lost-answer', { match: { path: '/*/comments' } });
    const body = { kind: 'richText', format: 'html', text: '<p>hi</p>' } as const;
    await expect(site.side.writer.addComment(item.id, body, said)).rejects.toMatchObject({ mayHaveLanded: true });
    await fault('lost-answer', { match: { method: 'PATCH' } });
    const content = new ReadableStream<Uint8Array>({
      start: (controller) => {
        controller.enqueue(new Uint8Array(3));
        controller.close();
      },
    });
    await expect(site.side.writer.addAttachment(item, { name: 'a', size: 3 }, content, sent)).rejects.toMatchObject({
      mayHaveLanded: true,
    });
    const after = await found(site.side, item.id, true);
    expect(after.comments?.map(({ marker }) => marker)).toEqual([said]);
    expect(after.attachments?.map(({ marker }) => marker)).toEqual([sent]);
  });

  it('during an upload attaches nothing, for certain', async () => {
    const item = await make();
    await fault('lost-answer', { match: { path: '/*attachments*' } });
    const content = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
    await expect(
      site.side.writer.addAttachment(item, { name: 'a', size: 0 }, content, newMarker()),
    ).rejects.toMatchObject({ error: { code: 'unavailable' }, mayHaveLanded: false });
    expect((await found(site.side, item.id)).attachments).toEqual([]);
  });

  it('after an update leaves the write in place: the next one from the same read is stale', async () => {
    const item = await make();
    const write = () =>
      site.side.writer.update(item, [{ field: 'System.Tags', value: { kind: 'options', options: [{ name: 'x' }] } }]);
    await fault('lost-answer', { match: { method: 'PATCH' } });
    await expect(write()).rejects.toMatchObject({ mayHaveLanded: true });
    expect(await write()).toEqual({ kind: 'stale' });
    expect(await site.side.reader.history(item.id, 1)).toMatchObject([{ field: 'System.Tags', seq: 2 }]);
  });

  it('after an update that lands late makes a write of the meantime lose nothing', async () => {
    const item = await make();
    await fault('late-landing', { match: { method: 'PATCH' }, ms: 30_000 });
    const late = site.side.writer.update(item, [{ field: 'System.Title', value: { kind: 'text', text: 'late' } }]);
    await expect(late).rejects.toMatchObject({ mayHaveLanded: true });
    await site.worker.edit(item.id, { 'System.Title': 'by hand' });
    await site.settle();
    expect((await site.worker.get(item.id)).fields['System.Title']).toBe('by hand');
  });
});

describe('rights', () => {
  it('taken on half of the items make them missing, which proves nothing', async () => {
    const items = [await make(), await make()];
    await site.control('POST', 'rights', { user: site.simulator.synchronizer.uniqueName, denyItems: 'half' });
    const outcomes = await Promise.all(items.map(({ id }) => site.side.reader.read(id, { comments: false })));
    expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['found', 'missing']);
  });

  it('missing on an area refuse the write as forbidden', async () => {
    const item = await make();
    await site.control('POST', 'rights', { user: site.simulator.synchronizer.uniqueName, denyWrite: [project] });
    await expect(
      site.side.writer.update(item, [{ field: 'System.Title', value: { kind: 'text', text: 'x' } }]),
    ).rejects.toMatchObject({ error: { code: 'forbidden', side: 'azure', value: 'Work Items (Read & write)' } });
  });

  it('of a token that is revoked stop everything on the connection', async () => {
    const pat = await site.addPat({ user: site.simulator.synchronizer.uniqueName });
    const item = await make();
    const side = site.open({ pat });
    expect(await side.reader.read(item.id, { comments: false })).toMatchObject({ kind: 'found' });
    await site.control('POST', 'pats/revoke', { pat });
    await expect(side.reader.read(item.id, { comments: false })).rejects.toMatchObject({
      error: { code: 'unauthorized', level: 'connection' },
    });
  });
});

describe('rules of the process', () => {
  it('name the field that a state requires', async () => {
    const item = await make();
    await site.control('POST', 'rules', {
      type: 'Task',
      field: 'Custom.Customer',
      action: 'required',
      when: [{ field: 'System.State', value: 'Active' }],
    });
    expect(await site.side.writer.update(item, [], 'Active')).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'Custom.Customer', error: { code: 'required-field' } }],
    });
  });

  it('name the field that they made read-only', async () => {
    const item = await make();
    await site.control('POST', 'rules', { type: 'Task', field: 'Custom.Customer', action: 'readOnly' });
    const value = { kind: 'text', text: 'x' } as const;
    expect(await site.side.writer.update(item, [{ field: 'Custom.Customer', value }])).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'Custom.Customer', error: { code: 'read-only' } }],
    });
  });
});
