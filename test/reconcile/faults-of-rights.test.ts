// Credentials and permissions that go, profiles and markers that compete for an item: profiles pause and resume, nothing
// counts as deleted that is only hidden, and an item has one counterpart.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { issueMarkerValue } from '../../backend/src/jira/markers.ts';
import { takeInventory } from '../../backend/src/reconcile/inventory.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import { otherSide, type Side, sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
afterEach(async () => {
  people.clearFaults();
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

const synchronizer = 'tandem-sync@acme.example';
const profile = async () => {
  const found = await tandem.service.config.profileRecord(tandem.scope, tandem.profile.id);
  if (!found) throw new Error('the profile is stored');
  return found;
};
const task = (name: 'probe', profileId = tandem.profile.id) =>
  tandem.service.handlers[name](
    { ...tandem.scope, profileId },
    { signal: new AbortController().signal, attempts: 0, initialJobs: 0 },
  );

describe.each(sides)('a token of %s that expires', (side) => {
  it('pauses the profile; once a good one is entered the probe resumes it and all edits arrive', async () => {
    const first = await people.twins('jira', 'First');
    const second = await people.twins('jira', 'Second');
    const connectionId = side === 'jira' ? tandem.profile.jiraConnectionId : tandem.profile.azureConnectionId;
    const secret = await tandem.service.config.connectionSecret(tandem.scope, connectionId);
    await people.control(
      side,
      'POST',
      side === 'jira' ? 'tokens/expire' : 'pats/expire',
      side === 'jira' ? { token: secret } : { pat: secret },
    );
    await people.rename('jira', first.jira, 'Edited before the pause');
    await eventually(async () => (await profile()).status === 'paused');
    expect(await profile()).toMatchObject({ reason: { code: 'unauthorized', level: 'connection', side } });
    await tandem.idle();
    tandem.calls.length = 0;
    await people.rename('azure', second.azure, 'Edited during the pause');
    await tandem.idle();
    expect(tandem.calls).toEqual([]);
    await task('probe');
    expect((await profile()).status).toBe('paused');

    const made =
      side === 'jira'
        ? (await people.control('jira', 'POST', 'tokens', { user: synchronizer })).token
        : (await people.control('azure', 'POST', 'pats', { user: synchronizer })).pat;
    await tandem.service.config.changeConnection(tandem.scope, connectionId, { secret: made });
    await task('probe');
    expect(await profile()).toMatchObject({ status: 'enabled', reason: null });
    await tandem.settled();
    expect(await people.title('azure', first.azure)).toBe('Edited before the pause');
    expect(await people.title('jira', second.jira)).toBe('Edited during the pause');
    expect(await people.errors('jira', first.jira)).toEqual({});
  });
});

describe('a missing permission', () => {
  it('to edit an issue is an error of that item, which goes when the permission is given', async () => {
    const twins = await people.twins('jira', 'Before');
    await people.control('jira', 'POST', 'permissions', {
      permissions: ['EDIT_ISSUES'],
      user: synchronizer,
      issues: [twins.jira],
    });
    await people.rename('azure', twins.azure, 'After');
    await tandem.idle();
    expect((await profile()).status).toBe('enabled');
    expect(Object.values(await people.errors('jira', twins.jira))).not.toEqual([]);
    await people.control('jira', 'DELETE', 'permissions');
    await people.edit('azure', twins.azure, { 'System.Title': 'After it' });
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('After it');
    expect(await people.errors('jira', twins.jira)).toEqual({});
  });

  it.each(sides)(
    'to see half of the items of %s deletes nothing, marks nothing, and makes nothing anew',
    async (side) => {
      const all = [];
      for (let index = 0; index < 6; index++) all.push(await people.twins('jira', `Seen or not ${index}`));
      const before = (await people.control('azure', 'GET', 'state')).workItems.length;
      if (side === 'jira') {
        await people.control('jira', 'POST', 'permissions', {
          permissions: ['BROWSE_PROJECTS'],
          user: synchronizer,
          issues: 'every-second',
        });
      } else await people.control('azure', 'POST', 'rights', { user: synchronizer, denyItems: 'half' });
      for (const twins of all) await people.rename(otherSide(side), twins[otherSide(side)], 'Renamed while hidden');
      await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
      await tandem.idle();
      const codes = [];
      for (const twins of all) {
        expect((await people.pair('jira', twins.jira))?.status).toBe('paired');
        codes.push(...Object.values(await people.errors('jira', twins.jira)));
      }
      expect(codes.length).toBeGreaterThan(0);
      expect(new Set(codes)).toEqual(new Set(['unreachable']));
      expect((await people.control('azure', 'GET', 'state')).workItems).toHaveLength(before);
      if (side === 'jira') await people.control('jira', 'DELETE', 'permissions');
      else await people.control('azure', 'POST', 'rights/reset', { user: synchronizer });
      await tandem.advance(60_000);
      await tandem.settled();
      for (const twins of all) {
        expect(await people.title(side, twins[side])).toBe('Renamed while hidden');
        expect(await people.errors('jira', twins.jira)).toEqual({});
      }
    },
  );
});

describe('one item', () => {
  it.each(sides)('of %s that eight jobs meet at once has one counterpart', async (side) => {
    people.hold();
    const id = await people.create(side, 'Met by eight');
    const job = { ...tandem.scope, profileId: tandem.profile.id, side, itemId: id, hints: [] };
    await Promise.all(Array.from({ length: 8 }, () => reconcileItem(tandem.service.deps, job)));
    await people.letGo();
    expect((await people.pair(side, id))?.status).toBe('paired');
  });

  it.each(sides)('of %s that is a copy with its marker is a new item with a counterpart of its own', async (side) => {
    const twins = await people.twins(otherSide(side), 'Original');
    const copy = await copyWithMarker(side, twins[side]);
    await tandem.settled();
    const pair = await people.pair(side, copy);
    expect(pair?.status).toBe('paired');
    expect(pair?.ids[otherSide(side)]).not.toBe(twins[otherSide(side)]);
    await people.rename(side, copy, 'A copy, edited');
    await tandem.settled();
    expect(await people.title(otherSide(side), twins[otherSide(side)])).toBe('Original');
  });

  it.each(sides)('of %s with a forged marker of an open intent is not taken for its counterpart', async (side) => {
    const from = otherSide(side);
    const create =
      side === 'jira'
        ? { method: 'POST', path: '/rest/api/3/issue' }
        : { method: 'POST', path: '/_apis/wit/workitems/$*' };
    people.fault(side, { kind: 'status', status: 500, match: create, times: 1 });
    const id = await people.create(from, 'Wanted once');
    const { faults } = { jira: tandem.jira, azure: tandem.azure }[side].kernel;
    const open = await eventually(async () => {
      if (faults.list().length > 0) return null;
      const found = await people.pair(from, id);
      return found?.status === 'creating' ? found : null;
    });
    const forged = await people.create(side, 'Forged');
    await forge(side, forged, { token: open.intent?.token ?? '', sourceId: id });
    await people.rename(side, forged, 'Forged, edited');
    await tandem.advance(60_000);
    await tandem.settled();
    const pair = await people.pair(from, id);
    expect(pair?.status).toBe('paired');
    expect(pair?.ids[side]).not.toBe(forged);
    expect((await people.pair(side, forged))?.ids[from]).not.toBe(id);
  });

  it('that two profiles want belongs to the first that claims it, also while its creation is in doubt', async () => {
    const { config } = tandem.service;
    const { jiraConnectionId, azureConnectionId, settings } = await profile();
    const rival = await config.createProfile(
      tandem.scope,
      { jiraConnectionId, azureConnectionId, settings: { ...settings, name: 'Rival' } },
      null,
    );
    await config.setStatus(tandem.scope, rival.id, 'enabled', null);
    for (const side of sides) {
      const other = otherSide(side);
      const create =
        other === 'jira'
          ? { method: 'POST', path: '/rest/api/3/issue' }
          : { method: 'POST', path: '/_apis/wit/workitems/$*' };
      people.fault(other, { kind: 'lost-answer', match: create, times: 1 });
      const id = await people.create(side, 'Wanted by two');
      await tandem.idle();
      await tandem.advance(60_000);
      await tandem.settled();
      await people.rename(side, id, 'Edited');
      await tandem.settled();
      const pair = await people.pair(side, id);
      expect(pair?.status).toBe('paired');
      expect(await people.title(other, pair?.ids[other] ?? '')).toBe('Edited');
    }
    await config.setStatus(tandem.scope, rival.id, 'draft', null);
  });
});

async function copyWithMarker(side: Side, id: string): Promise<string> {
  const copy = await people.create(side, 'A copy');
  if (side === 'jira') {
    const { issues } = await people.control('jira', 'GET', 'state');
    const original = issues.find((issue: { id: number }) => String(issue.id) === id);
    await people.control('jira', 'POST', 'properties', {
      issue: copy,
      key: 'tandem.pair',
      value: original.properties['tandem.pair'],
    });
  } else {
    const { relations } = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${id}?$expand=relations`);
    await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${copy}`, [
      { op: 'add', path: '/relations/-', value: relations.find(({ rel }: { rel: string }) => rel === 'Hyperlink') },
    ]);
  }
  return copy;
}

async function forge(side: Side, id: string, marker: { token: string; sourceId: string }): Promise<void> {
  if (side === 'jira') {
    const value = issueMarkerValue(marker, tandem.profile.id);
    await people.control('jira', 'POST', 'properties', { issue: id, key: 'tandem.pair', value });
    return;
  }
  const comment = `Kept the same by Tandem. [tandem source=${marker.sourceId} token=${marker.token}]`;
  const value = { rel: 'Hyperlink', url: `${tandem.jira.url}/browse/TAN-1`, attributes: { comment } };
  await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${id}`, [{ op: 'add', path: '/relations/-', value }]);
}
