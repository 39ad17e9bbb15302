// Links of an issue: read with it, changed one by one, refused one by one.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { LinkChange, LinkOutcome } from '../../backend/src/reconcile/ports.ts';
import { parentLink, webLink } from '../../backend/src/sync/model.ts';
import { operations, readItem, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});

const add = (type: string, target: string, direction: 'outward' | 'inward' = 'outward'): LinkChange => ({
  kind: 'add',
  type,
  direction,
  target,
});
const marker = { token: 'tandem1.nonce.mac', sourceId: 'web|abc' };

const change = async (id: string, ...changes: LinkChange[]): Promise<LinkOutcome & { kind: 'written' }> => {
  const outcome = await site.jira.writer.changeLinks(await readItem(site.jira, id), changes);
  if (outcome.kind !== 'written') throw new Error(outcome.kind);
  return outcome;
};
const linksOf = async (id: string) =>
  ((await readItem(site.jira, id)).links ?? []).map(({ type, direction, target }) => [type, direction, target]);
const newEpic = () => site.newIssue({ issuetype: { name: 'Epic' } });

describe('a link of an issue', () => {
  it('says of both ends which one it is said of, and is made once however often it is sent', async () => {
    const [a, b] = [await site.newIssue(), await site.newIssue()];
    await change(a, add('Blocks', b));
    await change(a, add('Blocks', b));
    await change(b, add('Duplicate', a, 'inward'));
    expect(await linksOf(a)).toEqual([
      ['Blocks', 'outward', b],
      ['Duplicate', 'outward', b],
    ]);
    expect(await linksOf(b)).toEqual([
      ['Blocks', 'inward', a],
      ['Duplicate', 'inward', a],
    ]);
  });

  it('has an identity that outlives it', async () => {
    const [a, b] = [await site.newIssue(), await site.newIssue()];
    await change(a, add('Blocks', b));
    const [first] = (await readItem(site.jira, a)).links ?? [];
    if (!first) throw new Error('linked');
    await change(a, { kind: 'remove', link: first });
    expect(await linksOf(a)).toEqual([]);
    // Gone already: nothing to do and nothing wrong.
    expect((await change(a, { kind: 'remove', link: first })).refused.size).toBe(0);
    await change(a, add('Blocks', b));
    const [second] = (await readItem(site.jira, a)).links ?? [];
    expect([second?.identity, second?.id === first.id]).toEqual([first.identity, false]);
  });

  it('that Jira refuses leaves the others', async () => {
    const [a, b] = [await site.newIssue(), await site.newIssue()];
    const { refused } = await change(
      a,
      add('Friend', b),
      add('Relates', b),
      add('Relates', '999999'),
      add('Blocks', a),
    );
    expect([...refused].map(([index, { code, value }]) => [index, code, value])).toEqual([
      [0, 'link-refused', 'the site has no such link type'],
      [2, 'link-refused', expect.any(String)],
      [3, 'link-refused', 'an item cannot be linked to itself'],
    ]);
    expect(await linksOf(a)).toEqual([['Relates', 'outward', b]]);
  });
});

describe('the parent of an issue', () => {
  it('is one of its links, is set and replaced in one call that proves its version, and is taken away', async () => {
    const [epic, other, story] = [await newEpic(), await newEpic(), await site.newIssue()];
    site.calls.length = 0;
    const set = await change(story, add(parentLink, epic));
    expect(operations(site.calls)).toEqual(['GET issue/{id}', 'PUT issue/{id}']);
    expect(set.version).toEqual((await readItem(site.jira, story)).versions.fields);
    expect(await linksOf(story)).toEqual([[parentLink, 'outward', epic]]);
    const [link] = (await readItem(site.jira, story)).links ?? [];
    if (!link) throw new Error('linked');
    site.calls.length = 0;
    await change(story, { kind: 'remove', link }, add(parentLink, other));
    expect(operations(site.calls)).toEqual(['GET issue/{id}', 'PUT issue/{id}']);
    const [next] = (await readItem(site.jira, story)).links ?? [];
    if (!next) throw new Error('linked');
    expect(next.target).toBe(other);
    await change(story, { kind: 'remove', link: next });
    expect(await linksOf(story)).toEqual([]);
  });

  it('of a level that Jira does not have cannot be expressed, which is no refusal', async () => {
    const [one, other] = [await site.newIssue(), await site.newIssue()];
    const { refused, inexpressible } = await change(one, add(parentLink, other));
    expect([...refused.keys()]).toEqual([]);
    expect([...(inexpressible ?? [])]).toEqual([0]);
  });
});

describe('web links', () => {
  it('are read in one call, replaced by the same global id, and removed', async () => {
    const id = await site.newIssue();
    const web: LinkChange = {
      kind: 'add',
      type: webLink,
      direction: 'outward',
      target: 'https://x.example/ü?a=1',
      marker,
    };
    await change(id, web);
    await change(id, { ...web, title: 'Wiki' });
    site.calls.length = 0;
    const links = (await site.jira.reader.webLinks?.(id)) ?? [];
    expect(links).toMatchObject([{ type: webLink, target: 'https://x.example/ü?a=1', title: 'Wiki' }]);
    expect(operations(site.calls)).toEqual(['GET issue/{id}/remotelink']);
    const [link] = links;
    if (!link) throw new Error('linked');
    await change(id, { kind: 'remove', link });
    expect(await site.jira.reader.webLinks?.(id)).toEqual([]);
  });
});

describe('the catalog', () => {
  it('tells the link types of the site', async () => {
    const { linkTypes } = await site.jira.catalog.load();
    expect(linkTypes?.map(({ name }) => name)).toEqual(expect.arrayContaining(['Blocks', 'Duplicate', 'Relates']));
  });
});
