// Links of a work item: several in one guarded call, one by one where the service refuses some.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LinkChange, LinkOutcome } from '../../backend/src/reconcile/ports.ts';
import type { ItemSnapshot } from '../../backend/src/sync/model.ts';
import { found, newMarker, openSite, type Site } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await openSite();
});
afterAll(async () => {
  expect(site.simulator.kernel.checker.violations).toEqual([]);
  await site.close();
});

const L = 'System.LinkTypes';
const make = async (): Promise<ItemSnapshot> => {
  const outcome = await site.side.writer.create({
    type: 'Task',
    fields: [{ field: 'System.Title', value: { kind: 'text', text: 'linked' } }],
    marker: newMarker(),
    sourceUrl: 'https://acme.atlassian.net/browse/TAN-1',
  });
  if (outcome.kind !== 'created') throw new Error('not created');
  return outcome.item;
};
const add = (rel: string, target: string): LinkChange => ({
  kind: 'add',
  type: rel.startsWith('System') || !rel.includes('-') ? rel : `${L}.${rel}`,
  direction: rel.endsWith('-Reverse') ? 'inward' : 'outward',
  target,
  marker: newMarker(),
});
const change = async (base: ItemSnapshot, ...changes: LinkChange[]): Promise<LinkOutcome & { kind: 'written' }> => {
  const outcome = await site.side.writer.changeLinks(base, changes);
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome;
};
const identities = async (id: string) =>
  ((await found(site.side, id)).links ?? []).map(({ identity }) => identity).sort();

describe('links of a work item', () => {
  it('are changed together in one call that proves its version', async () => {
    const [a, b, c] = [await make(), await make(), await make()];
    const first = await change(a, add(`${L}.Related`, b.id));
    const [related] = first.item?.links ?? [];
    if (!first.item || !related) throw new Error('linked');
    site.calls();
    const changes = [
      { kind: 'remove', link: related } as const,
      add('Dependency-Forward', b.id),
      add('Hierarchy-Reverse', c.id),
      { ...add('Hyperlink', 'https://x.example/ü'), title: 'Wiki' },
    ];
    const second = await change(first.item, ...changes);
    expect(Object.values(site.calls())).toEqual([1]);
    expect(second.version).toEqual((await found(site.side, a.id)).versions.fields);
    expect(await identities(a.id)).toEqual(
      [`${L}.Dependency-Forward|${b.id}`, `${L}.Hierarchy-Reverse|${c.id}`, 'Hyperlink|https://x.example/ü'].sort(),
    );
    // All of it again: nothing is sent.
    site.calls();
    await change(await found(site.side, a.id), ...changes);
    expect(Object.values(site.calls())).toEqual([1]);
  });

  it('are not written over what somebody else has changed', async () => {
    const [a, b] = [await make(), await make()];
    await change(a, add(`${L}.Related`, b.id));
    expect(await site.side.writer.changeLinks(a, [add('Dependency-Forward', b.id)])).toEqual({ kind: 'stale' });
  });

  it('that the service refuses leave the others, each with its reason', async () => {
    const [a, b, c] = [await make(), await make(), await make()];
    await change(a, add('Dependency-Forward', b.id));
    await change(c, add('Hierarchy-Forward', b.id));
    const base = await found(site.side, b.id);
    const { refused, version } = await change(
      base,
      add('Dependency-Forward', a.id),
      add(`${L}.Related`, c.id),
      add('Hierarchy-Reverse', a.id),
      add(`${L}.Related`, b.id),
      add(`${L}.Related`, '999999'),
      add('Custom.Friend-Forward', c.id),
    );
    expect([...refused].map(([index, { code, level, value }]) => [index, code, level, value])).toEqual([
      [0, 'link-refused', 'child', 'it would make a cycle'],
      [2, 'link-refused', 'child', 'the item has another parent already'],
      [3, 'link-refused', 'child', 'an item cannot be linked to itself'],
      [4, 'link-refused', 'child', 'the linked item cannot be seen'],
      [5, 'link-refused', 'child', 'the organization has no such link type'],
    ]);
    expect(version).toEqual((await found(site.side, b.id)).versions.fields);
    expect(await identities(b.id)).toContain(`${L}.Related|${c.id}`);
  });
});

describe('the catalog', () => {
  it('tells the link types of the organization, each with its other end', async () => {
    const { linkTypes } = await site.side.catalog.load();
    expect(linkTypes).toContainEqual({
      id: `${L}.Dependency-Forward`,
      name: 'Successor',
      outward: 'Successor',
      inward: 'Predecessor',
    });
    expect(linkTypes?.some(({ id }) => id === 'Hyperlink')).toBe(false);
  });
});
