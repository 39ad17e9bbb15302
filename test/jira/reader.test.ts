// Reading Jira: items whole and by the hundred, history, scans, inventory, files.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { adf, failureOf, operations, readItem, type Site, startSite } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});

const optionId = (number: number, index: number) => String(number * 10 + index);

describe('an item', () => {
  it('comes in one call with fields of every kind, children and versions', async () => {
    const { ordinary } = site.simulator.accounts;
    const id = await site.newIssue({
      summary: 'Grüße "an" 🦓 <b>alle</b>',
      description: adf('Hello'),
      priority: { name: 'High' },
      labels: ['b', 'a'],
      assignee: { accountId: ordinary.accountId },
      duedate: '2026-12-24',
      timetracking: { originalEstimate: '3h', remainingEstimate: '90m' },
      customfield_10016: 5,
      customfield_10040: '2026-01-01',
      customfield_10045: [{ id: optionId(10_045, 0) }, { id: optionId(10_045, 2) }],
      customfield_10046: { accountId: ordinary.accountId },
      customfield_10047: 'https://example.com/?a=1&b=2',
      customfield_10048: ['core'],
    });
    site.calls.length = 0;
    const item = await readItem(site.jira, id);
    expect(operations(site.calls)).toEqual(['GET issue/{id}']);
    expect(item).toMatchObject({
      side: 'jira',
      id,
      projectKey: 'TAN',
      type: 'Story',
      state: 'To Do',
      restricted: false,
      createdBy: { id: ordinary.accountId },
      comments: [],
      attachments: [],
      links: [],
      versions: { fields: { seq: 0, at: Date.parse(item.updatedAt) } },
      fields: {
        summary: { kind: 'text', text: 'Grüße "an" 🦓 <b>alle</b>' },
        description: { kind: 'richText', format: 'adf', adf: adf('Hello') },
        priority: { kind: 'option', option: { name: 'High' } },
        labels: { kind: 'options', options: [{ name: 'a' }, { name: 'b' }] },
        assignee: { kind: 'user', user: { id: ordinary.accountId } },
        duedate: { kind: 'date', date: '2026-12-24' },
        fixVersions: null,
        components: null,
        timeoriginalestimate: { kind: 'number', number: 3 },
        timeestimate: { kind: 'number', number: 1.5 },
        customfield_10016: { kind: 'number', number: 5 },
        customfield_10040: { kind: 'text', text: '2026-01-01' },
        customfield_10045: { kind: 'options', options: [{ name: 'Web' }, { name: 'Android' }] },
        customfield_10046: { kind: 'user', user: { id: ordinary.accountId } },
        customfield_10047: { kind: 'url', url: 'https://example.com/?a=1&b=2' },
        customfield_10048: { kind: 'options', options: [{ name: 'core' }] },
      },
    });
    expect(item.url).toBe(`${site.simulator.url}/browse/${item.key}`);
  });

  it('has the newest history id as its version', async () => {
    const id = await site.newIssue();
    await site.person('PUT', `issue/${id}`, { fields: { summary: 'x' } });
    const first = await readItem(site.jira, id);
    await site.person('PUT', `issue/${id}`, { fields: { summary: 'y' } });
    const second = await readItem(site.jira, id);
    expect(first.versions.fields?.seq).toBeGreaterThan(0);
    expect(second.versions.fields?.seq).toBeGreaterThan(first.versions.fields?.seq ?? 0);
  });

  it('is the same to accounts in any time zone', async () => {
    const id = await site.newIssue({ issuetype: { name: 'Bug' }, customfield_10043: '2026-03-01T10:00:00.000+0100' });
    const mine = await readItem(site.jira, id);
    const { admin } = site.simulator.accounts;
    const theirs = await readItem(site.open({ auth: { kind: 'basic', email: admin.email, token: admin.token } }), id);
    expect(mine.fields.customfield_10043).toEqual({ kind: 'dateTime', dateTime: '2026-03-01T09:00:00.000Z' });
    expect(theirs.fields).toEqual(mine.fields);
    expect(theirs.versions).toEqual(mine.versions);
  });

  it('that is not there is missing, and so is one that was deleted: neither is proof', async () => {
    const id = await site.newIssue();
    await site.person('DELETE', `issue/${id}`, undefined, site.simulator.accounts.admin.email);
    expect(await site.jira.reader.read(id, { comments: false })).toEqual({ kind: 'missing' });
    expect(await site.jira.reader.read('99999999', { comments: false })).toEqual({ kind: 'missing' });
  });

  it('with a security level is restricted', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'fields/raw', { issue: id, field: 'security', value: '10000' });
    const outcome = await site.jira.reader.read(id, { comments: false });
    if (outcome.kind === 'found') expect(outcome.item.restricted).toBe(true);
    else expect(outcome.kind).toBe('missing');
  });

  it('is read by the app through the gateway', async () => {
    const id = await site.newIssue();
    const { apiBaseUrl, appSystemToken } = site.simulator;
    const app = site.open({ apiUrl: apiBaseUrl, auth: { kind: 'bearer', token: async () => appSystemToken } });
    expect((await readItem(app, id)).id).toBe(id);
  });
});

describe('many items', () => {
  it('come by the hundred, missing ones named', async () => {
    const ids = await Promise.all(Array.from({ length: 3 }, (_, index) => site.newIssue({ summary: `many ${index}` })));
    site.calls.length = 0;
    const found = await site.jira.reader.readMany([...ids, '99999999']);
    expect(operations(site.calls)).toEqual(['POST issue/bulkfetch']);
    expect(ids.map((id) => found.get(id)?.kind)).toEqual(['found', 'found', 'found']);
    expect(found.get('99999999')).toEqual({ kind: 'missing' });
    site.calls.length = 0;
    await site.jira.reader.readMany(Array.from({ length: 101 }, (_, index) => String(90_000_000 + index)));
    expect(site.calls).toHaveLength(2);
  });

  it('are the same as read alone', async () => {
    const id = await site.newIssue({ labels: ['a'], description: adf('x') });
    await site.person('PUT', `issue/${id}`, { fields: { summary: 'changed' } });
    const many = (await site.jira.reader.readMany([id])).get(id);
    expect(many).toEqual({ kind: 'found', item: await readItem(site.jira, id) });
  });
});

describe('history', () => {
  it('gives the changes after a version, oldest first, past the first page', async () => {
    const id = await site.newIssue();
    for (let index = 0; index < 8; index += 1) {
      await site.person('PUT', `issue/${id}`, { fields: { customfield_10016: index + 1 } });
    }
    const all = await site.jira.reader.history(id, 0);
    expect(all.map(({ to }) => (to?.kind === 'number' ? to.number : to))).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const after = await site.jira.reader.history(id, all[4]?.seq ?? 0);
    expect(after).toHaveLength(3);
    expect(after[0]).toMatchObject({
      field: 'customfield_10016',
      byId: site.simulator.accounts.ordinary.accountId,
      from: { kind: 'number', number: 5 },
    });
  });

  it('of hundreds of entries is found without reading them all', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'limits', { perIssue: [] });
    for (let index = 0; index < 450; index += 1) {
      await site.person('PUT', `issue/${id}`, { fields: { customfield_10016: index + 1 } });
    }
    const item = await readItem(site.jira, id);
    site.calls.length = 0;
    const last = await site.jira.reader.history(id, (item.versions.fields?.seq ?? 0) - 1);
    expect(last).toMatchObject([{ to: { kind: 'number', number: 450 } }]);
    expect(site.calls.length).toBeLessThan(8);
    site.calls.length = 0;
    expect(await site.jira.reader.history(id, 0)).toHaveLength(450);
    expect(site.calls).toHaveLength(5);
    await site.control('POST', 'limits', { set: 'roomy' });
  });
});

describe('a scan', () => {
  it('starts from the newest time seen less the overlap, and never goes back', async () => {
    const id = await site.newIssue();
    const item = await readItem(site.jira, id);
    const first = await site.jira.reader.changes(null);
    expect(first.changes.map((change) => change.id)).toContain(id);
    expect(first.watermark).toBe(`jira1:${Date.parse(item.updatedAt) - 180_000}`);

    await site.control('POST', 'clock', { advanceMs: 10 * 60_000 });
    const next = await site.newIssue();
    const second = await site.jira.reader.changes(first.watermark ?? null);
    expect(second.changes.map((change) => change.id)).toEqual(expect.arrayContaining([id, next]));
    const third = await site.jira.reader.changes(second.watermark ?? null);
    expect(third.changes.map((change) => change.id)).toEqual([next]);
    expect(third.watermark).toBe(second.watermark);
  });

  it('pages in order of time', async () => {
    await site.control('POST', 'generate', { count: 250 });
    const seen: { id: string; at: number }[] = [];
    let next: string | undefined;
    let pages = 0;
    do {
      const page = await site.jira.reader.changes(null, next);
      seen.push(...page.changes);
      next = page.next;
      pages += 1;
    } while (next !== undefined);
    expect(pages).toBeGreaterThan(2);
    expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted((a, b) => a - b));
  });

  it('takes a watermark that it does not know as none', async () => {
    const page = await site.jira.reader.changes('something else');
    expect(page.changes.length).toBe(100);
  });

  it('sees only what passes the filter', async () => {
    const id = await site.newIssue({ labels: ['only-this'] });
    const page = await site.open({ filter: 'labels = only-this OR labels = nothing' }).reader.changes(null);
    expect(page.changes.map((change) => change.id)).toEqual([id]);
  });

  it('that nobody changed anything for has no watermark', async () => {
    const page = await site.open({ filter: 'labels = never-set' }).reader.changes(null);
    expect(page).toEqual({ changes: [] });
  });

  it('is refused with a filter that would reach outside the project', async () => {
    const error = await failureOf(site.open({ filter: 'labels = a) OR (project = OPS' }).reader.changes(null));
    expect(error.error).toMatchObject({ code: 'invalid-value', level: 'profile', field: 'jira.filter' });
  });

  it('of a filter that Jira refuses is an error that says so', async () => {
    const error = await failureOf(site.open({ filter: 'nosuchfield = 1' }).reader.changes(null));
    expect(error.error).toMatchObject({ code: 'invalid-value', level: 'profile', field: 'jira.filter' });
  });
});

describe('the inventory', () => {
  it('lists all ids, ascending', async () => {
    const all: string[] = [];
    let next: string | undefined;
    do {
      const page = await site.jira.reader.inventory(next);
      all.push(...page.ids);
      next = page.next;
    } while (next !== undefined);
    expect(all.length).toBeGreaterThan(250);
    expect(all).toEqual(all.toSorted((a, b) => Number(a) - Number(b)));
  });
});

describe('the filter of one item', () => {
  it('is asked of Jira, past the lag of its index', async () => {
    await site.control('POST', 'settings', { indexLagMs: 60_000 });
    const id = await site.newIssue({ labels: ['fresh'] });
    const filtered = site.open({ filter: 'labels = fresh' });
    site.calls.length = 0;
    expect(await filtered.reader.matchesFilter(id)).toBe(true);
    expect(site.calls).toHaveLength(1);
    expect(await site.open({ filter: 'labels = stale' }).reader.matchesFilter(id)).toBe(false);
    await site.control('POST', 'settings', { indexLagMs: 0 });
  });
});

describe('an attachment', () => {
  it('is streamed from the media host, without the site’s credentials', async () => {
    const id = await site.newIssue();
    const form = new FormData();
    form.append('file', new File([new Uint8Array(300_000).fill(7)], 'größe “1”.bin', { type: 'application/x-thing' }));
    const response = await fetch(`${site.simulator.url}/rest/api/3/issue/${id}/attachments`, {
      method: 'POST',
      body: form,
      headers: {
        authorization: site.simulator.authorizationOf(site.simulator.accounts.ordinary.email),
        'x-atlassian-token': 'no-check',
      },
    });
    expect(response.status).toBe(200);
    const [attachment] = (await readItem(site.jira, id)).attachments ?? [];
    if (!attachment) throw new Error('no attachment');
    expect(attachment).toMatchObject({ name: 'größe “1”.bin', size: 300_000, mediaType: 'application/x-thing' });
    const content = await new Response((await site.jira.reader.openAttachment(attachment)).stream).arrayBuffer();
    expect(content.byteLength).toBe(300_000);
    expect(site.simulator.credentialLeaks()).toBe(0);
  });

  it('that is gone is an error of that child', async () => {
    const gone = { id: '999', name: 'x', size: 1, url: '', createdAt: '' };
    const error = await failureOf(site.jira.reader.openAttachment(gone));
    expect(error.error).toMatchObject({ code: 'unreachable', level: 'child', field: '999' });
  });
});
