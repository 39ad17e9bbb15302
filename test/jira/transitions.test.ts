// Transitions of an issue: listed, done, refused, taken by somebody else; and the mark of a deleted counterpart.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { labels, operations, readItem, type Site, startSite, written } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});

describe('transitions', () => {
  it('are those of the present status, with what their screens require', async () => {
    const id = await site.newIssue();
    expect(await site.jira.writer.transitions(await readItem(site.jira, id))).toContainEqual({
      id: '11',
      name: 'Start progress',
      to: 'In Progress',
      required: [],
      screen: [],
    });
    for (const step of ['11', '21']) await site.person('POST', `issue/${id}/transitions`, { transition: { id: step } });
    const review = await site.jira.writer.transitions(await readItem(site.jira, id));
    expect(review.find(({ to }) => to === 'Done')).toMatchObject({ required: ['resolution'] });
  });

  it('are done in a write and a read, and proven', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    const [option] = await site.jira.writer.transitions(base);
    if (!option) throw new Error('no transition');
    site.calls.length = 0;
    const outcome = written(await site.jira.writer.transition(base, option, []));
    expect(operations(site.calls)).toEqual(['POST issue/{id}/transitions', 'GET issue/{id}']);
    expect(outcome.item.state).toBe('In Progress');
    expect(outcome.version).toEqual((await readItem(site.jira, id)).versions.fields);
  });

  it('come with what may follow where another step is to follow, and with a new issue, as if listed', async () => {
    const created = await site.jira.writer.create({
      type: 'Task',
      fields: [{ field: 'summary', value: { kind: 'text', text: 'New' } }],
      marker: { token: 'token', sourceId: '1' },
      sourceUrl: 'https://dev.azure.com/acme/_workitems/edit/1',
    });
    if (created.kind !== 'created') throw new Error('refused');
    let { item } = created;
    for (const goal of ['In Progress', 'In Review']) {
      expect(item.transitions).toEqual(await site.jira.writer.transitions(item));
      const option = item.transitions?.find(({ to }) => to === goal);
      if (!option) throw new Error('no transition');
      ({ item } = written(await site.jira.writer.transition(item, option, [], true)));
    }
    expect(item.transitions).toContainEqual({
      id: '31',
      name: 'Approve',
      to: 'Done',
      required: ['resolution'],
      screen: ['resolution', 'fixVersions'],
    });
  });

  it('with a screen take their fields, and are refused by name without', async () => {
    const id = await site.newIssue();
    for (const step of ['11', '21']) await site.person('POST', `issue/${id}/transitions`, { transition: { id: step } });
    const base = await readItem(site.jira, id);
    const option = (await site.jira.writer.transitions(base)).find(({ to }) => to === 'Done');
    if (!option) throw new Error('no transition');
    expect(await site.jira.writer.transition(base, option, [])).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'resolution', error: { code: 'required-field' } }],
    });
    const outcome = written(
      await site.jira.writer.transition(base, option, [
        { field: 'resolution', value: { kind: 'option', option: { name: 'Done' } } },
      ]),
    );
    expect(outcome.item.state).toBe('Done');
    expect(outcome.version).toBeDefined();
  });

  it('that somebody else took first are stale', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    const option = (await site.jira.writer.transitions(base)).find(({ to }) => to === 'In Progress');
    if (!option) throw new Error('no transition');
    await site.person('POST', `issue/${id}/transitions`, { transition: { id: '11' } });
    expect(await site.jira.writer.transition(base, option, [])).toEqual({ kind: 'stale' });
  });

  it('that a person goes on from before we could read are told as we left them', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    const option = (await site.jira.writer.transitions(base)).find(({ to }) => to === 'In Progress');
    if (!option) throw new Error('no transition');
    await site.control('POST', 'faults', {
      match: { method: 'GET', path: '/rest/api/3/issue/*' },
      kind: 'latency',
      ms: 3_600_000,
      times: 1,
    });
    site.calls.length = 0;
    const moving = site.jira.writer.transition(base, option, []);
    await expect.poll(() => site.calls.length).toBe(1);
    await site.person('POST', `issue/${id}/transitions`, { transition: { id: '21' } });
    await site.control('POST', 'clock', { advanceMs: 3_600_000 });
    const outcome = written(await moving);
    const present = await readItem(site.jira, id);
    expect(present.state).toBe('In Review');
    expect(outcome.item.state).toBe('In Progress');
    expect(outcome.version?.seq).toBeLessThan(present.versions.fields?.seq ?? 0);
  });

  it('over an edit between are not proven', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    const option = (await site.jira.writer.transitions(base)).find(({ to }) => to === 'In Progress');
    if (!option) throw new Error('no transition');
    await site.person('PUT', `issue/${id}`, { fields: { summary: 'theirs' } });
    const outcome = written(await site.jira.writer.transition(base, option, []));
    expect(outcome.version).toBeUndefined();
    expect(outcome.between).toMatchObject([{ field: 'summary' }]);
  });
});

describe('the mark of a deleted counterpart', () => {
  it('is a label that keeps the others', async () => {
    const id = await site.newIssue({ labels: ['mine'] });
    await site.jira.writer.mark(await readItem(site.jira, id), 'deleted');
    expect((await readItem(site.jira, id)).fields.labels).toEqual(labels('mine', 'tandem-orphaned'));
  });

  it('is a property where the screen has no labels', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'fields/screen', { field: 'labels', onScreen: false });
    await site.jira.writer.mark(await readItem(site.jira, id), 'deleted');
    await site.control('POST', 'fields/screen', { field: 'labels', onScreen: true });
    expect(await site.person('GET', `issue/${id}/properties/tandem.orphaned`)).toMatchObject({
      value: { orphaned: true },
    });
  });
});
