// Events from the site to the hint, and whether the hint of our own write is known for an echo while a person's is not.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { jiraEventHintSchema, jiraHint } from '../../backend/src/jira/events.ts';
import type { Hint } from '../../backend/src/reconcile/ports.ts';
import { isEcho } from '../../backend/src/sync/versions.ts';
import { cutJiraEvent } from '../../forge-app/handlers/cut-event.ts';
import { adf, readItem, rich, type Site, startSite, text } from './site.ts';

let site: Site;
const hints: { readonly type: string; readonly hint: Hint }[] = [];
beforeAll(async () => {
  site = await startSite();
  site.simulator.kernel.events.subscribe({
    id: 'test',
    async deliver({ type, body }) {
      // As it travels: through JSON, and checked where it arrives.
      for (const cut of cutJiraEvent(JSON.parse(JSON.stringify(body)))) {
        const hint = jiraHint(jiraEventHintSchema.parse(cut));
        if (hint) hints.push({ type, hint });
      }
    },
  });
});
afterAll(() => site.close());
beforeEach(() => {
  hints.length = 0;
});

const settled = () => site.simulator.kernel.events.idle();
const pairAt = (versions: object, children: object[] = []) =>
  ({ versions: { jira: versions, azure: {} }, children }) as Parameters<typeof isEcho>[1];

describe('the hint of our own write is an echo', () => {
  it('of an edit', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    hints.length = 0;
    const outcome = await site.jira.writer.update(base, [{ field: 'summary', value: text('ours') }]);
    await settled();
    if (outcome.kind !== 'written' || !outcome.version) throw new Error('not proven');
    expect(hints.map(({ type }) => type)).toEqual(['avi:jira:updated:issue']);
    for (const { hint } of hints) expect(isEcho(hint, pairAt({ fields: outcome.version }))).toBe(true);
  });

  it('of a transition', async () => {
    const base = await readItem(site.jira, await site.newIssue());
    const [option] = await site.jira.writer.transitions(base);
    if (!option) throw new Error('no transition');
    hints.length = 0;
    const outcome = await site.jira.writer.transition(base, option, []);
    await settled();
    if (outcome.kind !== 'written' || !outcome.version) throw new Error('not proven');
    expect(hints.length).toBeGreaterThan(0);
    for (const { hint } of hints) expect(isEcho(hint, pairAt({ fields: outcome.version }))).toBe(true);
  });

  it('of a create', async () => {
    const outcome = await site.jira.writer.create({
      type: 'Story',
      fields: [{ field: 'summary', value: text('x') }],
      marker: { token: 't', sourceId: '1' },
      sourceUrl: 'https://dev.azure.com/x',
    });
    await settled();
    if (outcome.kind !== 'created') throw new Error('not created');
    expect(hints.map(({ type }) => type)).toEqual(['avi:jira:created:issue']);
    for (const { hint } of hints) expect(isEcho(hint, pairAt(outcome.item.versions))).toBe(true);
  });

  it('of a comment', async () => {
    const id = await site.newIssue();
    await settled();
    hints.length = 0;
    const made = await site.jira.writer.addComment(id, rich('x'), { token: 't', sourceId: '1' });
    await settled();
    const children = [
      { source: 'azure', sourceId: '1', targetId: made.id, sourceVersion: {}, targetVersion: made.version },
    ];
    expect(hints).toMatchObject([{ hint: { aspect: 'comments', childId: made.id } }]);
    for (const { hint } of hints) expect(isEcho(hint, pairAt({}, children))).toBe(true);
    hints.length = 0;
    await site.jira.writer.deleteComment(id, made.id);
    await settled();
    expect(hints).toMatchObject([{ hint: { aspect: 'comments', childId: `-${made.id}` } }]);
    for (const { hint } of hints) {
      expect([isEcho(hint, pairAt({}, children)), isEcho(hint, pairAt({}))]).toEqual([false, true]);
    }
  });
});

describe('the hint of a person’s change is news', () => {
  it('of an edit after ours', async () => {
    const id = await site.newIssue();
    const outcome = await site.jira.writer.update(await readItem(site.jira, id), [
      { field: 'summary', value: text('ours') },
    ]);
    await site.control('POST', 'clock', { advanceMs: 5 });
    await settled();
    hints.length = 0;
    await site.person('PUT', `issue/${id}`, { fields: { summary: 'theirs' } });
    await settled();
    if (outcome.kind !== 'written' || !outcome.version) throw new Error('not proven');
    expect(hints).toHaveLength(1);
    for (const { hint } of hints) expect(isEcho(hint, pairAt({ fields: outcome.version }))).toBe(false);
  });

  it('of a comment, a file and a link, each under its own aspect', async () => {
    const [id, other] = [await site.newIssue(), await site.newIssue()];
    await settled();
    hints.length = 0;
    await site.person('POST', `issue/${id}/comment`, { body: adf('x') });
    await site.person('POST', 'issueLink', {
      type: { name: 'Relates' },
      outwardIssue: { id },
      inwardIssue: { id: other },
    });
    const item = await readItem(site.jira, id);
    await site.jira.writer.addAttachment(item, { name: 'a', size: 1 }, new Blob(['a']).stream(), {
      token: 't',
      sourceId: '1',
    });
    await settled();
    const aspects = new Set(hints.filter(({ hint }) => hint.itemId === id).map(({ hint }) => hint.aspect));
    expect(aspects).toEqual(new Set(['comments', 'links', 'attachments']));
    expect(hints.some(({ hint }) => hint.itemId === other && hint.aspect === 'links')).toBe(true);
  });

  it('of a deletion', async () => {
    const id = await site.newIssue();
    await settled();
    hints.length = 0;
    await site.person('DELETE', `issue/${id}`, undefined, site.simulator.accounts.admin.email);
    await settled();
    expect(hints).toMatchObject([{ hint: { itemId: id, aspect: 'deleted' } }]);
  });
});
