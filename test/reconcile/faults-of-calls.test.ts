// Calls that fail: limits, server errors, and answers that are lost after the write was done. Nothing is made twice, nothing
// is lost, and no worker sleeps.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import { otherSide, sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness({
    environment: { TANDEM_SETTLE_MS: '60000', TANDEM_REQUEST_TIMEOUT_MS: '2000', TANDEM_RETRY_BASE_MS: '50' },
  });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
afterEach(async () => {
  people.clearFaults();
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

/** The write of a new item, of a field, of a comment, of an attachment: as the two services are asked for them. */
const requests = {
  jira: {
    create: { method: 'POST', path: '/rest/api/3/issue' },
    update: { method: 'PUT', path: '/rest/api/3/issue/*' },
    comment: { method: 'POST', path: '/rest/api/3/issue/*/comment' },
    attachment: { method: 'POST', path: '/rest/api/3/issue/*/attachments' },
    read: { method: 'GET', path: '/rest/api/3/issue/*' },
  },
  azure: {
    create: { method: 'POST', path: '/_apis/wit/workitems/$*' },
    update: { method: 'PATCH', path: '/_apis/wit/workitems/*' },
    comment: { method: 'POST', path: '/_apis/wit/workItems/*/comments' },
    attachment: { method: 'PATCH', path: '/_apis/wit/workitems/*' },
    read: { method: 'GET', path: '/_apis/wit/workitems/*' },
  },
} as const;

describe.each(sides)('an answer of %s that is lost after the write was done', (side) => {
  const from = otherSide(side);

  it('of a create: the item is found again, by its own event or after the settle time', async () => {
    people.fault(side, { kind: 'lost-answer', match: requests[side].create, times: 1 });
    const id = await people.create(from, 'Made once');
    const twin = await people.counterpart(from, id);
    expect(await people.title(side, twin)).toBe('Made once');
    expect(await people.errors(from, id)).toEqual({});
  });

  it('of a create whose event is lost too: it is looked for without the search index', async () => {
    const other = { jira: tandem.jira, azure: tandem.azure }[side];
    await people.control(side, 'POST', 'settings', { indexLagMs: 3_600_000 });
    other.kernel.events.setMode({ mode: 'drop' });
    people.fault(side, { kind: 'lost-answer', match: requests[side].create, times: 1 });
    const id = await people.create(from, 'Made once, unseen');
    await tandem.idle();
    expect((await people.pair(from, id))?.status).toBe('creating');
    await tandem.advance(60_000);
    const twin = await people.counterpart(from, id);
    expect(await people.title(side, twin)).toBe('Made once, unseen');
    other.kernel.events.setMode({ mode: 'deliver' });
    await people.control(side, 'POST', 'settings', { indexLagMs: 0 });
  });

  it('of an update: it counts as ours and is not sent back', async () => {
    const twins = await people.twins(from, 'Before');
    people.fault(side, { kind: 'lost-answer', match: requests[side].update, times: 1 });
    await people.rename(from, twins[from], 'After');
    await tandem.settled();
    expect([await people.title(from, twins[from]), await people.title(side, twins[side])]).toEqual(['After', 'After']);
    expect(await people.errors(from, twins[from])).toEqual({});
  });

  it('of an update that a person follows with an edit of the same field: the edit stays', async () => {
    const twins = await people.twins(from, 'Before');
    people.fault(side, { kind: 'lost-answer', match: requests[side].update, times: 1 });
    await people.rename(from, twins[from], 'Written, not heard of');
    await eventually(async () => tandem[side].kernel.faults.list().length === 0);
    await people.rename(side, twins[side], 'Edited by a person');
    await tandem.settled();
    expect(await people.title(from, twins[from])).toBe('Edited by a person');
    expect(await people.title(side, twins[side])).toBe('Edited by a person');
  });

  it('of a comment and of an attachment: each stands there once', async () => {
    const twins = await people.twins(from, 'With children');
    people.fault(side, { kind: 'lost-answer', match: requests[side].comment, times: 1 });
    await people.comment(from, twins[from], 'said once');
    await tandem.idle();
    await tandem.advance(60_000);
    await tandem.settled();
    expect(await people.comments(side, twins[side])).toHaveLength(1);
    people.fault(side, { kind: 'lost-answer', match: requests[side].attachment, times: 1 });
    await people.attach(from, twins[from], 'notes.txt', 'attached once');
    await tandem.idle();
    await tandem.advance(60_000);
    await tandem.settled();
    expect(await people.attachments(side, twins[side])).toEqual(['notes.txt']);
    expect(await people.errors(from, twins[from])).toEqual({});
  });

  it('of an edit of a comment: both sides say the same, once', async () => {
    const twins = await people.twins(from, 'With an edited comment');
    const comment = await people.comment(from, twins[from], 'first words');
    await tandem.settled();
    people.fault(side, {
      kind: 'lost-answer',
      match: {
        method: side === 'jira' ? 'PUT' : 'PATCH',
        path: side === 'jira' ? '/rest/api/3/issue/*/comment/*' : '/_apis/wit/workItems/*/comments/*',
      },
      times: 1,
    });
    await people.editComment(from, twins[from], comment, 'second words');
    await tandem.settled();
    for (const one of sides) {
      const texts = await people.comments(one, twins[one]);
      expect(texts).toHaveLength(1);
      expect(texts[0]).toContain('second words');
    }
  });
});

describe('an answer of Jira that is lost after a transition', () => {
  it('goes on to the wanted status from there', async () => {
    const twins = await people.twins('azure', 'On its way', {}, 'Task');
    people.fault('jira', {
      kind: 'lost-answer',
      match: { method: 'POST', path: '/rest/api/3/issue/*/transitions' },
      times: 1,
    });
    await people.edit('azure', twins.azure, { 'System.State': 'Active' });
    await tandem.settled();
    await people.edit('azure', twins.azure, { 'System.State': 'Closed' });
    await tandem.settled();
    expect((await people.fields('jira', twins.jira)).status.name).toBe('Done');
    expect((await people.fields('azure', twins.azure))['System.State']).toBe('Closed');
    expect(await people.errors('jira', twins.jira)).toEqual({});
  });
});

describe.each(sides)('a request to %s that was given up and lands late', (side) => {
  const from = otherSide(side);

  it('is waited for and found, although the search index is behind', async () => {
    await people.control(side, 'POST', 'settings', { indexLagMs: 3_600_000 });
    people.fault(side, { kind: 'late-landing', ms: 30_000, match: requests[side].create, times: 1 });
    const id = await people.create(from, 'Landed late');
    await tandem.idle();
    await tandem.advance(30_000);
    await tandem.idle();
    await tandem.advance(31_000);
    const twin = await people.counterpart(from, id);
    expect(await people.title(side, twin)).toBe('Landed late');
    await people.control(side, 'POST', 'settings', { indexLagMs: 0 });
  });
});

describe.each(sides)('a request to %s that takes longer than we wait', (side) => {
  const from = otherSide(side);

  it('is taken for one that may have landed: a create is made once, an update is not overwritten', async () => {
    people.fault(side, { kind: 'latency', ms: 30_000, match: requests[side].create, times: 1 });
    const id = await people.create(from, 'Slow to be made');
    await eventually(async () => (await people.errors(from, id)).item === 'unavailable');
    await tandem.advance(30_000);
    await tandem.idle();
    await tandem.advance(31_000);
    const twin = await people.counterpart(from, id);
    people.fault(side, { kind: 'latency', ms: 30_000, match: requests[side].update, times: 1 });
    await people.rename(from, id, 'Slow to be renamed');
    await eventually(async () => (await people.errors(from, id)).item === 'unavailable');
    await tandem.settled();
    await tandem.advance(30_000);
    await tandem.settled();
    expect(await people.title(side, twin)).toBe('Slow to be renamed');
    expect(await people.title(from, id)).toBe('Slow to be renamed');
    expect(await people.errors(from, id)).toEqual({});
  });
});

describe.each(sides)('a limit of %s', (side) => {
  const from = otherSide(side);

  it('is waited for to the second: no call goes there meanwhile, and the workers serve others', async () => {
    const twins = await people.twins(from, 'Before the limit');
    people.fault(side, { kind: 'status', status: 429, retryAfter: 2, match: requests[side].update, times: 1 });
    await people.rename(from, twins[from], 'After the limit');
    await eventually(async () => tandem.calls.some(({ side: called, status }) => called === side && status === 429));
    const refusedAt = performance.now();
    tandem.calls.length = 0;
    // More items than there are workers wait for the limit.
    for (let index = 0; index < 12; index++) await people.create(from, `Behind the limit ${index}`);
    await tandem.settled();
    const writes = tandem.calls.filter((call) => call.side === side && /^(PUT|POST|PATCH)/.test(call.operation));
    expect(writes.length).toBeGreaterThanOrEqual(13);
    expect(performance.now() - refusedAt).toBeGreaterThanOrEqual(2_000);
    expect(tandem.calls.some(({ status }) => status === 429)).toBe(false);
    expect(await people.title(side, twins[side])).toBe('After the limit');
    expect(await people.errors(from, twins[from])).toEqual({});
  });
});

describe('an item that cannot be read during the initial sync', () => {
  it('is counted as failed after some tries, and the initial sync ends without it', async () => {
    const { service, scope, profile, jira } = tandem;
    jira.kernel.events.setMode({ mode: 'drop' });
    const broken = await people.create('jira', 'Broken for now');
    const fine = await people.create('jira', 'Fine');
    jira.kernel.events.setMode({ mode: 'deliver' });
    people.fault('jira', {
      kind: 'status',
      status: 500,
      match: { method: 'GET', path: `/rest/api/3/issue/${broken}` },
    });
    await startInitialSync(service.deps, scope, profile.id);
    await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
    const ended = await eventually(async () => {
      const sync = await service.state.getInitialSync(scope, profile.id);
      return sync?.status === 'done' ? sync : null;
    });
    expect(ended).toMatchObject({ failed: 1 });
    expect((await people.pair('jira', fine))?.status).toBe('paired');
    expect(await people.errors('jira', broken)).toEqual({ item: 'unavailable' });
    people.clearFaults();
    await people.counterpart('jira', broken);
    expect(await service.state.getInitialSync(scope, profile.id)).toMatchObject({ failed: 1 });
  });
});

describe.each(sides)('server errors of %s', (side) => {
  const from = otherSide(side);

  it('on an update are tried again with growing delay, shown meanwhile, and cleared by the success', async () => {
    const twins = await people.twins(from, 'Before the outage');
    people.fault(side, { kind: 'status', status: 503, match: requests[side].update, times: 3 });
    await people.rename(from, twins[from], 'After the outage');
    await eventually(async () => (await people.pair(from, twins[from]))?.retry?.attempts === 2);
    expect(await people.errors(from, twins[from])).toEqual({ item: 'unavailable' });
    await tandem.settled();
    expect(await people.title(side, twins[side])).toBe('After the outage');
    expect(await people.errors(from, twins[from])).toEqual({});
  });

  it('on a new item that cannot be read are shown on the item, with growing delay', async () => {
    people.fault(from, { kind: 'status', status: 500, match: requests[from].read, times: 3 });
    const id = await people.create(from, 'Not readable yet');
    const errors = await eventually(async () => {
      const found = await tandem.service.state.listItemErrors(tandem.scope, tandem.profile.id, {
        side: from,
        itemId: id,
      });
      return found[0]?.retry?.attempts === 3 ? found : null;
    });
    expect(errors).toMatchObject([{ record: { error: { code: 'unavailable', side: from }, count: 3 } }]);
    await people.counterpart(from, id);
    expect(await people.errors(from, id)).toEqual({});
  });
});
