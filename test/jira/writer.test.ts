// Writing to Jira: creates, guarded edits with others around them, refusals. Transitions have a file of their own.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { FieldValue } from '../../backend/src/sync/model.ts';
import { adf, failureOf, labels, operations, readItem, rich, type Site, startSite, text, written } from './site.ts';

let site: Site;
beforeAll(async () => {
  site = await startSite();
});
afterAll(() => site.close());
beforeEach(() => {
  site.calls.length = 0;
});

const marker = { token: 'tandem1.nonce.mac', sourceId: '4711' };
const draft = (fields: Record<string, FieldValue | null>, type = 'Story') => ({
  type,
  fields: Object.entries(fields).map(([field, value]) => ({ field, value })),
  marker,
  sourceUrl: 'https://dev.azure.com/acme/Tandem/_workitems/edit/4711',
});
const writes = (fields: Record<string, FieldValue | null>) =>
  Object.entries(fields).map(([field, value]) => ({ field, value }));

/** Lets a person do something in the moment between our read and our write. */
const update = async (
  id: string,
  fields: Record<string, FieldValue | null>,
  between: () => Promise<unknown> = async () => 0,
) => {
  const base = await readItem(site.jira, id);
  await between();
  site.calls.length = 0;
  return site.jira.writer.update(base, writes(fields));
};

describe('a create', () => {
  it('carries its marker in the same request and answers what the server made of it', async () => {
    const { ordinary, synchronizer } = site.simulator.accounts;
    const outcome = await site.jira.writer.create(
      draft({
        summary: text('  From Azure “ü”  '),
        description: rich('Hello'),
        labels: labels('b', 'a'),
        priority: { kind: 'option', option: { name: 'Low' } },
        assignee: { kind: 'user', user: { id: ordinary.accountId, name: 'Dana Whitfield' } },
        duedate: { kind: 'date', date: '2026-12-24' },
        timeoriginalestimate: { kind: 'number', number: 2 },
        customfield_10045: { kind: 'options', options: [{ name: 'Web' }] },
        customfield_10048: labels('core'),
      }),
    );
    if (outcome.kind !== 'created') throw new Error(JSON.stringify(outcome));
    const { item } = outcome;
    expect(item).toMatchObject({
      state: 'To Do',
      type: 'Story',
      marker,
      createdBy: { id: synchronizer.accountId },
      versions: { fields: { seq: 0 } },
      fields: {
        summary: { text: 'From Azure “ü”' },
        labels: { options: [{ name: 'a' }, { name: 'b' }] },
        priority: { option: { name: 'Low' } },
        timeoriginalestimate: { number: 2 },
        customfield_10045: { options: [{ name: 'Web' }] },
        customfield_10048: { options: [{ name: 'core' }] },
      },
    });
    expect(operations(site.calls)).toEqual(['GET field', 'POST issue', 'GET issue/{id}']);
    expect(await site.person('GET', `issue/${item.id}/properties/tandem.pair`)).toMatchObject({
      value: { ...marker, profileId: 'p1', workItemId: 4711 },
    });
    expect((await readItem(site.jira, item.id)).marker).toEqual(marker);
  });

  it('is refused by the names of the fields that are wrong, all at once, and makes nothing', async () => {
    const before = await site.jira.reader.inventory();
    const outcome = await site.jira.writer.create(
      draft({
        summary: text('x'.repeat(256)),
        customfield_10044: { kind: 'option', option: { name: '1 - Critical' } },
        assignee: { kind: 'user', user: { id: 'nobody', name: 'Nobody' } },
      }),
    );
    if (outcome.kind !== 'refused') throw new Error(JSON.stringify(outcome));
    expect(Object.fromEntries(outcome.refusals.map(({ field, error }) => [field, error.code]))).toEqual({
      summary: 'too-long',
      customfield_10044: 'unknown-field',
      assignee: 'unassignable-user',
    });
    expect(JSON.stringify(outcome)).not.toContain('nobody');
    expect(await site.jira.reader.inventory()).toEqual(before);
  });

  it('without a required field says which', async () => {
    await site.control('POST', 'fields/required', { field: 'customfield_10040', required: true });
    const outcome = await site.jira.writer.create(draft({ summary: text('x') }));
    await site.control('POST', 'fields/required', { field: 'customfield_10040', required: false });
    expect(outcome).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'customfield_10040', error: { code: 'required-field' } }],
    });
  });

  it('of a type that the project lacks says so', async () => {
    expect(await site.jira.writer.create(draft({ summary: text('x') }, 'Initiative'))).toMatchObject({
      kind: 'refused',
      refusals: [{ field: 'issuetype', error: { code: 'unknown-type' } }],
    });
  });
});

describe('an edit', () => {
  it('costs one read and one write, and its version is proven', async () => {
    const id = await site.newIssue();
    site.calls.length = 0;
    const base = await readItem(site.jira, id);
    const outcome = written(
      await site.jira.writer.update(base, writes({ summary: text('ours'), labels: labels('x'), duedate: null })),
    );
    expect(operations(site.calls)).toEqual(['GET issue/{id}', 'PUT issue/{id}']);
    const now = await readItem(site.jira, id);
    expect(outcome.version).toEqual(now.versions.fields);
    expect(outcome).toMatchObject({ between: [], item: { fields: { summary: { text: 'ours' } } } });
  });

  it('sets and empties fields of every kind', async () => {
    const id = await site.newIssue({ issuetype: { name: 'Bug' } });
    const { ordinary } = site.simulator.accounts;
    const values: Record<string, FieldValue> = {
      summary: text('s'),
      description: rich('d'),
      priority: { kind: 'option', option: { name: 'Lowest' } },
      labels: labels('l'),
      assignee: { kind: 'user', user: { id: ordinary.accountId, name: 'Dana Whitfield' } },
      duedate: { kind: 'date', date: '2026-02-28' },
      timeestimate: { kind: 'number', number: 0.5 },
      customfield_10016: { kind: 'number', number: 3.5 },
      customfield_10040: text('customer'),
      customfield_10043: { kind: 'dateTime', dateTime: '2026-03-01T09:00:00.000Z' },
      customfield_10044: { kind: 'option', option: { name: '2 - High' } },
      customfield_10045: { kind: 'options', options: [{ name: 'iOS' }, { name: 'Web' }] },
      customfield_10046: { kind: 'user', user: { id: ordinary.accountId, name: 'Dana Whitfield' } },
      customfield_10047: { kind: 'url', url: 'https://example.com/' },
      customfield_10048: labels('core'),
    };
    const set = written(await update(id, values));
    expect(set.version).toBeDefined();
    for (const [field, value] of Object.entries(values)) expect(set.item.fields[field]).toMatchObject(value);

    const { summary: _, timeestimate: __, ...optional } = values;
    const emptied = written(await update(id, Object.fromEntries(Object.keys(optional).map((field) => [field, null]))));
    for (const field of Object.keys(optional)) expect(emptied.item.fields[field]).toBeNull();
    expect(emptied.version).toBeDefined();
  });

  it('of one estimate leaves the other', async () => {
    const id = await site.newIssue({ timetracking: { originalEstimate: '4h', remainingEstimate: '1h' } });
    const outcome = written(await update(id, { timeoriginalestimate: { kind: 'number', number: 5 } }));
    expect(outcome.item.fields).toMatchObject({ timeoriginalestimate: { number: 5 } });
  });

  it('that changes nothing leaves the version where it was', async () => {
    const id = await site.newIssue({ summary: 'same' });
    const base = await readItem(site.jira, id);
    const outcome = written(await update(id, { summary: text('same') }));
    expect(outcome.version?.seq).toBe(base.versions.fields?.seq);
  });

  it('is not proven when a person changed another field between, which is told', async () => {
    const id = await site.newIssue();
    const outcome = written(
      await update(id, { summary: text('ours') }, () =>
        site.person('PUT', `issue/${id}`, { fields: { labels: ['theirs'] } }),
      ),
    );
    expect(outcome.version).toBeUndefined();
    expect(outcome.between).toMatchObject([
      {
        field: 'labels',
        byId: site.simulator.accounts.ordinary.accountId,
        to: { kind: 'options', options: [{ name: 'theirs' }] },
      },
    ]);
  });

  it('over a person’s edit of the same field gives their value back', async () => {
    const id = await site.newIssue({ summary: 'before' });
    const outcome = written(
      await update(id, { summary: text('ours') }, () =>
        site.person('PUT', `issue/${id}`, { fields: { summary: 'theirs' } }),
      ),
    );
    expect(outcome.version).toBeUndefined();
    expect(outcome.between).toMatchObject([{ field: 'summary', from: { text: 'before' }, to: { text: 'theirs' } }]);
    expect(outcome.item.fields.summary).toEqual(text('ours'));
  });

  it('over a person’s edit of rich text tells of it without the value, which Jira does not keep', async () => {
    const id = await site.newIssue({ description: adf('before') });
    const outcome = written(
      await update(id, { description: rich('ours') }, () =>
        site.person('PUT', `issue/${id}`, { fields: { description: adf('theirs') } }),
      ),
    );
    expect(outcome.version).toBeUndefined();
    expect(outcome.between).toMatchObject([{ field: 'description' }]);
    expect(outcome.between[0]).not.toHaveProperty('to');
  });

  it('by the person whose account we use, between our read and our write, is not taken for ours', async () => {
    const id = await site.newIssue();
    const { synchronizer } = site.simulator.accounts;
    const outcome = written(
      await update(id, { summary: text('ours') }, () =>
        site.person('PUT', `issue/${id}`, { fields: { summary: 'mine' } }, synchronizer.email),
      ),
    );
    expect(outcome.version).toBeUndefined();
    expect(outcome.between).toMatchObject([{ field: 'summary', to: { text: 'mine' } }]);
  });

  it('beside comments, attachments and unmapped fields of others is proven', async () => {
    const id = await site.newIssue();
    const outcome = written(
      await update(id, { summary: text('ours') }, async () => {
        await site.person('POST', `issue/${id}/comment`, { body: adf('hi') });
        await site.person('PUT', `issue/${id}`, { fields: { customfield_10042: 3 } });
      }),
    );
    expect(outcome.version).toBeDefined();
    expect(outcome.between).toEqual([]);
  });

  it('is refused field by field, and nothing of it is written', async () => {
    const id = await site.newIssue({ summary: 'before' });
    const outcome = await update(id, {
      summary: text('after'),
      labels: labels('two words'),
      customfield_10044: { kind: 'option', option: { name: '1 - Critical' } },
      description: rich('x'.repeat(32_768)),
    });
    if (outcome.kind !== 'refused') throw new Error(JSON.stringify(outcome));
    expect(Object.fromEntries(outcome.refusals.map(({ field, error }) => [field, error.code]))).toEqual({
      labels: 'invalid-value',
      customfield_10044: 'unknown-field',
      description: 'too-long',
    });
    expect(JSON.stringify(outcome)).not.toContain('two words');
    expect((await readItem(site.jira, id)).fields.summary).toEqual(text('before'));
  });

  it('of a field that was taken off the screen names it', async () => {
    const id = await site.newIssue();
    await site.control('POST', 'fields/screen', { field: 'customfield_10016', onScreen: false });
    const outcome = await update(id, { customfield_10016: { kind: 'number', number: 1 } });
    await site.control('POST', 'fields/screen', { field: 'customfield_10016', onScreen: true });
    expect(outcome).toMatchObject({ refusals: [{ field: 'customfield_10016', error: { code: 'unknown-field' } }] });
  });

  it('of an issue that was deleted is an error of the item', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    await site.person('DELETE', `issue/${id}`, undefined, site.simulator.accounts.admin.email);
    const error = await failureOf(site.jira.writer.update(base, writes({ summary: text('x') })));
    expect(error.error).toMatchObject({ code: 'unreachable' });
    expect(error.mayHaveLanded).toBe(false);
  });

  it('without the permission is forbidden, and nothing landed', async () => {
    const id = await site.newIssue();
    const base = await readItem(site.jira, id);
    await site.control('POST', 'permissions', {
      permissions: ['EDIT_ISSUES'],
      user: site.simulator.accounts.synchronizer.email,
    });
    const error = await failureOf(site.jira.writer.update(base, writes({ summary: text('x') })));
    await site.control('DELETE', 'permissions');
    expect(error.error.code).toBe('forbidden');
    expect(error.mayHaveLanded).toBe(false);
  });

  it.each([
    '<script>alert(1)</script>',
    '"; DROP TABLE issues; --',
    '{{7*7}} <%= 7*7 %>',
    '\u202Egnp.exe',
    '../../etc/passwd',
  ])('carries %j unharmed', async (hostile) => {
    const id = await site.newIssue();
    const outcome = written(await update(id, { summary: text(hostile), customfield_10040: text(hostile) }));
    expect(outcome.item.fields).toMatchObject({ summary: text(hostile), customfield_10040: text(hostile) });
  });
});
