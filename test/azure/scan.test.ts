// What scans, the inventory, the filter and the look for lost creates find, with the search index behind.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ChangePage, CreateIntent, SidePort } from '../../backend/src/reconcile/ports.ts';
import type { Marker } from '../../backend/src/sync/model.ts';
import { newMarker, openSite, project, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite({ seed: 'empty', settings: { reportingPage: 10 } });
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

async function scan(side: SidePort, watermark: string | null) {
  const changes: ChangePage['changes'][number][] = [];
  let page: ChangePage;
  let next: string | undefined;
  let pages = 0;
  let mark: string | undefined;
  do {
    page = await side.reader.changes(watermark, next);
    changes.push(...page.changes);
    next = page.next;
    mark = page.watermark ?? mark;
    pages += 1;
  } while (next !== undefined);
  return { changes, ids: changes.map(({ id }) => Number(id)), watermark: mark ?? null, pages };
}

describe('a scan', () => {
  it('pages through everything at first, and later gives only what is new', async () => {
    const side = site.open({ overlapMs: 0 });
    const made: number[] = [];
    for (let count = 0; count < 25; count += 1)
      made.push((await site.worker.create('Task', { 'System.Title': `s${count}` })).id);
    await site.settle();
    const first = await scan(side, null);
    expect(first.ids).toEqual(made);
    expect(first.pages).toBeGreaterThan(3);
    expect(first.changes[0]).toMatchObject({ version: { seq: 1 }, deleted: false });

    await site.worker.edit(made[3] ?? 0, { 'System.Title': 'changed' });
    await site.worker.edit(made[3] ?? 0, { 'System.Title': 'changed again' });
    await site.settle();
    const second = await scan(side, first.watermark);
    expect(second.changes.filter(({ id }) => Number(id) === made[3])).toEqual([
      { id: String(made[3]), version: { seq: 3, at: expect.any(Number) }, deleted: false, at: expect.any(Number) },
    ]);
    const third = await scan(side, second.watermark);
    expect(third.ids.every((id) => id === made[3])).toBe(true);
  });

  it('tells what was deleted', async () => {
    const side = site.open({ overlapMs: 0 });
    const made = await site.worker.create('Task', { 'System.Title': 'goes' });
    await site.settle();
    const before = await scan(side, null);
    await site.worker.call('DELETE', `_apis/wit/workitems/${made.id}`);
    await site.settle();
    const after = await scan(side, before.watermark);
    expect(after.changes).toContainEqual(expect.objectContaining({ id: String(made.id), deleted: true }));
  });

  it('finds an edited comment, which makes no revision: its item is read whatever is known', async () => {
    const side = site.open({ overlapMs: 0 });
    const made = await site.worker.create('Task', { 'System.Title': 'said' });
    const path = `${project}/_apis/wit/workItems/${made.id}/comments`;
    const said = (await site.worker.call('POST', `${path}?api-version=7.1-preview.4`, { text: 'one' })) as {
      id: number;
    };
    await site.settle();
    const before = await scan(side, null);
    await site.worker.call('PATCH', `${path}/${said.id}?api-version=7.1-preview.4`, { text: 'two' });
    await site.settle();
    const after = await scan(side, before.watermark);
    expect(after.changes).toContainEqual(expect.objectContaining({ id: String(made.id), version: {} }));
    expect((await scan(side, after.watermark)).changes.filter(({ version }) => version.seq === undefined)).toEqual([]);
  });

  it('starts again before the newest change, so that what the feed showed late is not missed', async () => {
    const side = site.open({ overlapMs: 10 * 60_000 });
    await site.settle();
    const first = await scan(side, null);
    const second = await scan(side, first.watermark);
    expect(second.ids.length).toBeGreaterThan(0);
    expect(await scan(side, second.watermark)).toMatchObject({ watermark: second.watermark });
  });

  it('of a project where nothing is changed keeps the watermark', async () => {
    const side = site.open({ overlapMs: 0 });
    await site.settle();
    const { watermark } = await scan(side, null);
    expect((await scan(side, watermark)).watermark).toBe(watermark);
  });

  it('refuses a damaged watermark', async () => {
    await expect(site.side.reader.changes('{"at":"yesterday"}')).rejects.toMatchObject({ error: { code: 'internal' } });
    await expect(site.side.reader.changes('nonsense')).rejects.toMatchObject({ error: { code: 'internal' } });
  });
});

describe('the inventory', () => {
  it('gives all ids of the project in pages, ascending', async () => {
    const side = site.open({ inventoryPage: 7 });
    await site.settle();
    const ids: string[] = [];
    let next: string | undefined;
    do {
      const page = await side.reader.inventory(next);
      ids.push(...page.ids);
      next = page.next;
    } while (next !== undefined);
    expect(ids.length).toBeGreaterThan(20);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => Number(a) - Number(b)));
    expect((await site.side.reader.inventory()).ids).toEqual(ids);
  });

  it("holds to the filter, with strings that look like WIQL's own", async () => {
    const title = "it's ) OR [System.Id] > 0 --";
    const made = await site.worker.create('Task', { 'System.Title': title });
    await site.settle();
    const side = site.open({ filter: `[System.Title] = '${title.replaceAll("'", "''")}'` });
    expect((await side.reader.inventory()).ids).toEqual([String(made.id)]);
    expect(await side.reader.matchesFilter(String(made.id))).toBe(true);
    expect(await side.reader.matchesFilter(String(made.id - 1))).toBe(false);
  });

  it('refuses a filter that would leave its brackets, and names what the service does not know', async () => {
    await expect(site.open({ filter: '1=1) OR (1=1' }).reader.inventory()).rejects.toMatchObject({
      error: { code: 'invalid-value', level: 'profile', field: 'filter' },
    });
    await expect(site.open({ filter: '[Custom.Nowhere] = 1' }).reader.inventory()).rejects.toMatchObject({
      error: { code: 'invalid-value', level: 'profile', field: 'filter', detail: expect.stringContaining('TF51005') },
    });
  });
});

describe('the look for a lost create', () => {
  const create = async (marker: Marker) => {
    const outcome = await site.side.writer.create({
      type: 'Task',
      fields: [{ field: 'System.Title', value: { kind: 'text', text: 'lost' } }],
      marker,
      sourceUrl: 'https://acme.atlassian.net/browse/TAN-9',
    });
    if (outcome.kind !== 'created') throw new Error('not created');
    return outcome.item;
  };
  const intentOf = (marker: Marker, highestKnown: string | null): CreateIntent => ({
    side: 'azure',
    token: marker.token,
    sourceId: marker.sourceId,
    at: site.simulator.kernel.clock.now(),
    highestKnown,
  });

  it('finds it before the search index has it', async () => {
    const before = await site.worker.create('Task', { 'System.Title': 'before' });
    const marker = newMarker();
    const intent = intentOf(marker, String(before.id));
    const made = await create(marker);
    expect((await site.side.reader.findCreated(intent))?.id).toBe(made.id);
  });

  it('finds it by search past a gap in what can be read', async () => {
    const marker = newMarker();
    const intent = intentOf(marker, null);
    const made = await create(marker);
    await site.settle();
    expect((await site.side.reader.findCreated(intent))?.id).toBe(made.id);
  });

  it('finds nothing when nothing landed', async () => {
    const before = await site.worker.create('Task', { 'System.Title': 'before' });
    expect(await site.side.reader.findCreated(intentOf(newMarker(), String(before.id)))).toBeNull();
    expect(await site.side.reader.findCreated(intentOf(newMarker(), null))).toBeNull();
  });

  it("passes over a person's copy that carries the marker along", async () => {
    const marker = newMarker();
    const before = await site.worker.create('Task', { 'System.Title': 'before' });
    const intent = intentOf(marker, String(before.id));
    const copy = await site.worker.create('Task', { 'System.Title': 'copy' });
    const original = await create(marker);
    const relations = (await site.worker.get(original.id)).relations ?? [];
    await site.worker.patch(
      copy.id,
      relations.map(({ rel, url, attributes }) => ({
        op: 'add',
        path: '/relations/-',
        value: { rel, url, attributes: { comment: attributes.comment } },
      })),
    );
    const outcome = await site.side.reader.read(String(copy.id), { comments: false });
    expect(outcome).toMatchObject({ item: { marker } });
    expect((await site.side.reader.findCreated(intent))?.id).toBe(original.id);
  });
});
