// Creates whose answer was lost: the issue is found if it landed, whatever the index knows, and nobody else's is taken for it.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreateIntent } from '../../backend/src/reconcile/ports.ts';
import { failureOf, readItem, type Site, startSite, text } from './site.ts';

let site: Site;
let number = 0;
beforeAll(async () => {
  site = await startSite();
  await site.newIssue();
});
afterAll(() => site.close());
afterEach(async () => {
  await site.control('DELETE', 'faults');
  await site.control('POST', 'settings', { indexLagMs: 0 });
});

const now = async () => ((await site.control('GET', 'clock')) as { now: number }).now;

/** An intent as the engine records it before the request, and the create itself. */
async function begin(highestKnown: string | null): Promise<{ intent: CreateIntent; create: () => Promise<unknown> }> {
  number += 1;
  const token = `tandem1.nonce${number}.mac`;
  const sourceId = String(4000 + number);
  return {
    intent: { side: 'jira', token, sourceId, at: await now(), highestKnown },
    create: () =>
      site.jira.writer.create({
        type: 'Story',
        fields: [{ field: 'summary', value: text(`created ${number}`) }],
        marker: { token, sourceId },
        sourceUrl: 'https://dev.azure.com/acme/Tandem/_workitems/edit/1',
      }),
  };
}

const newest = async () => (await site.jira.reader.inventory()).ids.at(-1) ?? null;
const fault = (more: object) =>
  site.control('POST', 'faults', { match: { method: 'POST', path: '/rest/api/3/issue' }, times: 1, ...more });

describe('an issue whose create was not answered', () => {
  it('is found by search', async () => {
    const { intent, create } = await begin(await newest());
    await fault({ kind: 'lost-answer' });
    const error = await failureOf(create());
    expect(error.error.code).toBe('unavailable');
    expect(error.mayHaveLanded).toBe(true);
    site.calls.length = 0;
    const found = await site.jira.reader.findCreated(intent);
    expect(found).toMatchObject({ marker: { token: intent.token }, fields: { summary: text(`created ${number}`) } });
    expect(site.calls.length).toBeLessThanOrEqual(3);
  });

  it('is found while the index lags, by the keys after the highest known', async () => {
    const { intent, create } = await begin(await newest());
    await site.control('POST', 'settings', { indexLagMs: 600_000 });
    await fault({ kind: 'lost-answer' });
    await failureOf(create());
    for (let index = 0; index < 3; index += 1) await site.newIssue();
    expect(await site.jira.reader.findCreated(intent)).toMatchObject({ marker: { token: intent.token } });
  });

  it('is found while the index lags and no issue was known', async () => {
    const { intent, create } = await begin(null);
    await site.control('POST', 'settings', { indexLagMs: 600_000 });
    await fault({ kind: 'lost-answer' });
    await failureOf(create());
    expect(await site.jira.reader.findCreated(intent)).toMatchObject({ marker: { token: intent.token } });
  });

  it('is found behind more than a hundred later ones', async () => {
    const { intent, create } = await begin(await newest());
    await site.control('POST', 'settings', { indexLagMs: 600_000 });
    await site.control('POST', 'generate', { count: 130 });
    await fault({ kind: 'lost-answer' });
    await failureOf(create());
    expect(await site.jira.reader.findCreated(intent)).toMatchObject({ marker: { token: intent.token } });
  });

  it('is not there until the request lands late', async () => {
    const { intent, create } = await begin(await newest());
    await fault({ kind: 'late-landing', ms: 60_000 });
    const error = await failureOf(create());
    expect(error.mayHaveLanded).toBe(true);
    expect(await site.jira.reader.findCreated(intent)).toBeNull();
    await site.control('POST', 'clock', { advanceMs: 61_000 });
    expect(await site.jira.reader.findCreated(intent)).toMatchObject({ marker: { token: intent.token } });
  });
});

it('a create that was answered but not read back is not taken for one that made nothing', async () => {
  const { intent, create } = await begin(await newest());
  await site.control('POST', 'faults', {
    match: { method: 'GET', path: '/rest/api/3/issue/*' },
    kind: 'status',
    status: 503,
    times: 1,
  });
  expect((await failureOf(create())).mayHaveLanded).toBe(true);
  expect(await site.jira.reader.findCreated(intent)).toMatchObject({ marker: { token: intent.token } });
});

it('an edit between a create and its read-back is left to be seen as an edit', async () => {
  const { create } = await begin(await newest());
  await site.control('POST', 'faults', {
    match: { method: 'GET', path: '/rest/api/3/issue/*' },
    kind: 'latency',
    ms: 3_600_000,
    times: 1,
  });
  site.calls.length = 0;
  const creating = create();
  await expect.poll(() => site.calls.some(({ operation }) => operation === 'POST issue')).toBe(true);
  const id = await newest();
  await site.person('PUT', `issue/${id}`, { fields: { summary: 'theirs' } });
  await site.control('POST', 'clock', { advanceMs: 3_600_000 });
  const outcome = (await creating) as { item: { id: string; fields: object; versions: { fields: { seq: number } } } };
  expect(outcome.item.id).toBe(id);
  expect(outcome.item.fields).toMatchObject({ summary: text(`created ${number}`) });
  const present = await readItem(site.jira, outcome.item.id);
  expect(present.fields.summary).toEqual(text('theirs'));
  expect(outcome.item.versions.fields.seq).toBeLessThan(present.versions.fields?.seq ?? 0);
});

describe('nothing is found', () => {
  it('when nothing landed, in a few calls', async () => {
    const { intent } = await begin(await newest());
    site.calls.length = 0;
    expect(await site.jira.reader.findCreated(intent)).toBeNull();
    expect(site.calls.length).toBeLessThanOrEqual(5);
  });

  it('when another account wrote the marker on its own issue', async () => {
    const { intent } = await begin(await newest());
    const id = await site.newIssue();
    await site.control('POST', 'properties', {
      issue: id,
      key: 'tandem.pair',
      value: { token: intent.token, sourceId: intent.sourceId },
    });
    expect((await readItem(site.jira, id)).marker).toMatchObject({ token: intent.token });
    expect(await site.jira.reader.findCreated(intent)).toBeNull();
  });

  it.each([
    ['no token', { sourceId: '1' }],
    ['another form', 'tandem1.x.y'],
    ['an empty token', { token: '', sourceId: '1' }],
  ])('when the property has %s', async (_, value) => {
    const id = await site.newIssue();
    await site.control('POST', 'properties', { issue: id, key: 'tandem.pair', value });
    expect((await readItem(site.jira, id)).marker).toBeUndefined();
  });
});
