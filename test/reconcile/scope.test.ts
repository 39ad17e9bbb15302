// Items that leave the profile's scope and come back, by policy: what both sides show of it, and that nothing is lost.

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { leftTag, orphanTag } from '../../backend/src/azure/write-scope.ts';
import { leftLabel, orphanLabel } from '../../backend/src/jira/write-scope.ts';
import { openContext } from '../../backend/src/reconcile/context.ts';
import { takeInventory } from '../../backend/src/reconcile/inventory.ts';
import { linkByHand, relinkByHand, unlinkByHand } from '../../backend/src/reconcile/link-by-hand.ts';
import type { Decision } from '../../backend/src/reconcile/ports.ts';
import type { Side } from '../../backend/src/sync/model.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness({ environment: { TANDEM_SETTLE_MS: '200' } });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
beforeEach(() => settings({}));

const settings = (
  policies: Partial<ProfileSettings['policies']>,
  filters: { readonly jira?: string; readonly azure?: string } = {},
) =>
  people.saveSettings((present) => {
    const { filter: _, ...jira } = present.jira;
    const { filter: __, ...azure } = present.azure;
    return {
      ...present,
      jira: { ...jira, ...(filters.jira === undefined ? {} : { filter: filters.jira }) },
      azure: { ...azure, ...(filters.azure === undefined ? {} : { filter: filters.azure }) },
      policies: {
        ...present.policies,
        deleted: 'mark',
        leftFilter: 'mark',
        leftProject: 'follow',
        typeChanged: 'follow',
        brake: { limit: 1_000, windowMinutes: 60 },
        ...policies,
      },
    };
  });

async function look(side: Side, id: string) {
  const fields = await people.fields(side, id);
  return side === 'jira'
    ? { state: fields.status.name, type: fields.issuetype.name, marks: fields.labels as string[] }
    : {
        state: fields['System.State'],
        type: fields['System.WorkItemType'],
        marks: String(fields['System.Tags'] ?? '').split('; '),
      };
}

async function timeline(side: Side, id: string): Promise<readonly Decision[]> {
  const pair = await people.pair(side, id);
  return pair ? tandem.service.state.timeline(tandem.scope, pair.id, tandem.clock.now()) : [];
}
const decided = async (side: Side, id: string) => (await timeline(side, id)).map(({ what }) => what);

describe('an item that is deleted', () => {
  it('with `close`: the counterpart is closed, marked and told why; restored, both go on from where they were', async () => {
    await settings({ deleted: 'close' });
    const twins = await people.twins('azure', 'Closed with it', {
      'System.AssignedTo': tandem.azure.ordinary.uniqueName,
    });
    await people.remove('azure', twins.azure);
    await tandem.settled();
    expect(await look('jira', twins.jira)).toMatchObject({ state: 'Done', marks: [orphanLabel] });
    expect(await people.comments('jira', twins.jira)).toEqual([expect.stringContaining('was deleted in Azure DevOps')]);
    expect(await people.errors('jira', twins.jira)).toEqual({ item: 'deleted' });

    await people.restore(twins.azure);
    await tandem.settled();
    expect(await look('jira', twins.jira)).toMatchObject({ state: 'To Do', marks: [] });
    expect(await people.errors('jira', twins.jira)).toEqual({});
    await people.rename('jira', twins.jira, 'Again the same');
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('Again the same');
    // The notice is Tandem's own and stays where it is.
    expect(await people.comments('azure', twins.azure)).toEqual([]);
    const [newest, ...older] = await decided('jira', twins.jira);
    expect(newest).toBe('updated');
    expect(older).toEqual(expect.arrayContaining(['returned', 'left', 'created']));
  });

  it('after its counterpart: the counterpart, restored, is told that it has none', async () => {
    await settings({ deleted: 'close' });
    const twins = await people.twins('azure', 'Both deleted');
    await people.remove('azure', twins.azure);
    await tandem.settled();
    await people.remove('jira', twins.jira);
    await tandem.settled();
    expect(await people.errors('azure', twins.azure)).toEqual({ item: 'deleted' });
    await people.restore(twins.azure);
    await tandem.settled();
    expect(await look('azure', twins.azure)).toMatchObject({ state: 'New', marks: [orphanTag] });
    expect(await people.errors('azure', twins.azure)).toEqual({ item: 'deleted' });
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('with `delete`: the work item goes to the recycle bin, the issue for good', async () => {
    await settings({ deleted: 'delete' });
    const one = await people.twins('jira', 'Gone in Jira');
    const other = await people.twins('jira', 'Gone in Azure');
    await people.remove('jira', one.jira);
    await people.remove('azure', other.azure);
    await tandem.settled();
    expect(tandem.azure.world().items.get(Number(one.azure))?.deleted).toBeDefined();
    await expect(people.fields('jira', other.jira)).rejects.toThrow('404');
    expect((await timeline('azure', one.azure))[0]).toMatchObject({
      what: 'left',
      operations: [{ side: 'azure', kind: 'delete' }],
      codes: [{ code: 'deleted', subject: 'deleted' }],
    });

    // The issue can't be restored: a restored work item gets a new one, and is paired with it alone.
    await people.restore(other.azure);
    await tandem.settled();
    const pair = await people.pair('azure', other.azure);
    expect(pair).toMatchObject({ status: 'paired', left: null });
    expect(pair?.ids.jira).not.toBe(other.jira);
    expect(await people.title('jira', pair?.ids.jira ?? '')).toBe('Gone in Azure');
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('with `delete`, which the service refuses: the counterpart is marked, and the error says why', async () => {
    await settings({ deleted: 'delete' });
    const twins = await people.twins('azure', 'May not go');
    const user = tandem.jira.accounts.synchronizer.email;
    await people.control('jira', 'POST', 'permissions', { permissions: ['DELETE_ISSUES'], user });
    await people.remove('azure', twins.azure);
    await tandem.settled();
    await people.control('jira', 'DELETE', 'permissions');
    expect(await look('jira', twins.jira)).toMatchObject({ state: 'To Do', marks: [orphanLabel] });
    const pair = await people.pair('jira', twins.jira);
    expect(pair?.errors.map(({ error }) => error.code).sort()).toEqual(['deleted', 'forbidden']);
  });
});

describe('a filter', () => {
  const inside = { jira: 'labels != out OR labels is EMPTY', azure: "[System.Tags] CONTAINS 'in'" };

  it('that an item leaves: its counterpart is marked and stays as it is, both are told; back in, all is made good', async () => {
    await settings({}, { jira: inside.jira });
    const twins = await people.twins('jira', 'In and out', { labels: ['kept'] });
    await people.edit('jira', twins.jira, { labels: ['kept', 'out'], summary: 'Renamed on leaving' });
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('In and out');
    expect((await look('azure', twins.azure)).marks.toSorted()).toEqual([leftTag, 'kept'].toSorted());
    expect(await people.comments('azure', twins.azure)).toEqual([
      expect.stringContaining('no longer passes the filter'),
    ]);
    expect(await people.comments('jira', twins.jira)).toEqual([expect.stringContaining('no longer passes the filter')]);
    expect(await people.errors('jira', twins.jira)).toEqual({});
    const before = (await decided('jira', twins.jira)).length;
    await people.rename('azure', twins.azure, 'Edited meanwhile');
    await people.comment('azure', twins.azure, 'said meanwhile');
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('Renamed on leaving');
    expect((await decided('jira', twins.jira)).length).toBe(before);

    await people.edit('jira', twins.jira, { labels: ['kept', 'new'] });
    await tandem.settled();
    expect((await look('azure', twins.azure)).marks.toSorted()).toEqual(['kept', 'new']);
    expect(await people.title('azure', twins.azure)).toBe(await people.title('jira', twins.jira));
    expect(await people.comments('jira', twins.jira)).toHaveLength(2);
    expect((await people.comments('jira', twins.jira)).join()).toContain('said meanwhile');
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
  });

  it('with `delete`: the counterpart goes, and is restored when the item is back', async () => {
    await settings({ leftFilter: 'delete' }, { jira: inside.jira });
    const twins = await people.twins('jira', 'Gone and restored');
    await people.edit('jira', twins.jira, { labels: ['out'] });
    await tandem.settled();
    expect(tandem.azure.world().items.get(Number(twins.azure))?.deleted).toBeDefined();
    expect(await people.comments('jira', twins.jira)).toEqual([expect.stringContaining('was deleted')]);
    await people.edit('jira', twins.jira, { labels: [], summary: 'Back' });
    await tandem.settled();
    expect(tandem.azure.world().items.get(Number(twins.azure))?.deleted).toBeUndefined();
    expect(await people.title('azure', twins.azure)).toBe('Back');
  });

  it('with `keep`: what is paired stays so', async () => {
    await settings({ leftFilter: 'keep' }, { jira: inside.jira });
    const twins = await people.twins('jira', 'Kept');
    await people.edit('jira', twins.jira, { labels: ['out'], summary: 'Kept on' });
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('Kept on');
  });

  it('of Azure DevOps, whose index tells of it late: the inventory finds who left, and who is back', async () => {
    const twins = await people.twins('azure', 'Left by query', { 'System.Tags': 'in' });
    await settings({ leftFilter: 'close' }, { azure: inside.azure });
    const retag = (value: string) =>
      tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${twins.azure}`, [
        { op: 'replace', path: '/fields/System.Tags', value },
      ]);
    const later = async () => {
      await tandem.advance(60_000);
      await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
      await tandem.settled();
    };
    await later();
    await people.rename('azure', twins.azure, 'Seen inside');
    await tandem.settled();
    await retag('elsewhere');
    await later();
    expect(await look('jira', twins.jira)).toMatchObject({ state: 'Done', marks: expect.arrayContaining([leftLabel]) });
    await retag('in');
    await later();
    expect(await look('jira', twins.jira)).toMatchObject({ state: 'To Do', marks: ['in'] });
  });

  it('says nothing of a counterpart that never passed the filter of its own side', async () => {
    await settings({}, { azure: "[System.Tags] CONTAINS 'only'" });
    const twins = await people.twins('jira', 'Made outside');
    await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
    await tandem.settled();
    await people.rename('azure', twins.azure, 'Edited outside');
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('Edited outside');
    expect((await look('jira', twins.jira)).marks).toEqual([]);
  });
});

describe('an issue that is archived', () => {
  it('is missed by the inventory: its counterpart is marked and told; out of the archive, both go on', async () => {
    const twins = await people.twins('jira', 'Put away');
    const listed = async () => {
      await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
      await tandem.settled();
    };
    await people.control('jira', 'POST', 'archive', { issue: twins.jira });
    await listed();
    expect((await look('azure', twins.azure)).marks).toEqual([leftTag]);
    expect(await people.comments('azure', twins.azure)).toEqual([expect.stringContaining('was archived in Jira')]);
    await people.rename('azure', twins.azure, 'Edited meanwhile');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toEqual({});
    await people.control('jira', 'POST', 'archive', { issue: twins.jira, archived: false });
    await listed();
    expect(await people.title('jira', twins.jira)).toBe('Edited meanwhile');
    expect((await look('azure', twins.azure)).marks).toEqual(['']);
  });
});

describe('an item that is moved', () => {
  it('to a project that another profile pairs with the same project goes over to that profile with its counterpart', async () => {
    const { service, scope, profile } = tandem;
    const record = await service.config.profileRecord(scope, profile.id);
    if (!record) throw new Error('the profile is stored');
    const heir = await service.config.createProfile(
      scope,
      {
        jiraConnectionId: record.jiraConnectionId,
        azureConnectionId: record.azureConnectionId,
        settings: { ...record.settings, name: 'Heir', jira: { project: 'HEIR' } },
      },
      null,
    );
    const first = await people.twins('jira', 'Makes the project');
    await people.control('jira', 'POST', 'move', { issue: first.jira, project: 'HEIR' });
    await tandem.settled();
    await service.config.setStatus(scope, heir.id, 'enabled', null);
    const twins = await people.twins('jira', 'Handed over');
    await people.control('jira', 'POST', 'move', { issue: twins.jira, project: 'HEIR' });
    await tandem.settled();
    expect(await people.pair('jira', twins.jira)).toMatchObject({
      profileId: heir.id,
      status: 'paired',
      ids: twins,
    });
    await people.rename('azure', twins.azure, 'Goes on there');
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('Goes on there');
    expect((await look('azure', twins.azure)).marks).toEqual(['']);
    expect(await decided('jira', twins.jira)).toContain('handed-over');

    // One whose policy says so is closed instead, and enters there as a new item.
    await settings({ leftProject: 'close' });
    const closed = await people.twins('jira', 'Closed and new');
    await people.control('jira', 'POST', 'move', { issue: closed.jira, project: 'HEIR' });
    await tandem.settled();
    expect(await look('azure', closed.azure)).toMatchObject({ state: 'Closed', marks: [leftTag] });
    const pair = await people.pair('jira', closed.jira);
    expect(pair).toMatchObject({ profileId: heir.id, status: 'paired' });
    expect(pair?.ids.azure).not.toBe(closed.azure);
    await service.config.setStatus(scope, heir.id, 'paused', null);
  });

  it('in Azure DevOps to a project that nobody pairs is told there and here', async () => {
    const twins = await people.twins('azure', 'Archived');
    await people.edit('azure', twins.azure, { 'System.TeamProject': 'Archive' });
    // No hook of the profile's project tells it: the inventory misses it, once the search index knows.
    await tandem.advance(60_000);
    await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
    await tandem.settled();
    expect(await look('jira', twins.jira)).toMatchObject({ marks: [leftLabel] });
    expect(await people.errors('jira', twins.jira)).toEqual({ item: 'outside-project' });
  });
});

describe('a type that is changed', () => {
  it('in Jira is followed in Azure DevOps, with the state that goes with it', async () => {
    const twins = await people.twins('jira', 'Was a task');
    await people.edit('jira', twins.jira, { issuetype: { name: 'Bug' }, summary: 'Is a bug' });
    await tandem.settled();
    expect(await look('azure', twins.azure)).toMatchObject({ type: 'Bug', state: 'New' });
    expect(await people.title('azure', twins.azure)).toBe('Is a bug');
    expect(await people.errors('jira', twins.jira)).toEqual({});
    expect((await timeline('jira', twins.jira)).find(({ what }) => what === 'retyped')).toMatchObject({
      operations: [{ side: 'azure', kind: 'retype', from: 'Task', to: 'Bug' }],
    });
  });

  it('in Azure DevOps is followed in Jira where the workflow allows it, and is an error in words where not', async () => {
    const bug = await people.twins('azure', 'A bug after all');
    await people.edit('azure', bug.azure, { 'System.WorkItemType': 'Bug' });
    const epic = await people.twins('azure', 'Grown up');
    await people.edit('azure', epic.azure, { 'System.WorkItemType': 'Epic' });
    await tandem.settled();
    expect(await look('jira', bug.jira)).toMatchObject({ type: 'Bug' });
    expect(await look('jira', epic.jira)).toMatchObject({ type: 'Task' });
    const [record] = (await people.pair('jira', epic.jira))?.errors ?? [];
    expect(record?.error).toMatchObject({ code: 'type-change', side: 'azure', value: 'Epic' });
    expect(record?.error.detail).toContain('does not let');
    await people.edit('azure', epic.azure, { 'System.WorkItemType': 'Task', 'System.Title': 'Small again' });
    await tandem.settled();
    expect(await people.errors('jira', epic.jira)).toEqual({});
    expect(await people.title('jira', epic.jira)).toBe('Small again');
  });

  it.each(['error', 'keep', 'mark'] as const)('with `%s` leaves the counterpart’s type', async (typeChanged) => {
    await settings({ typeChanged });
    const twins = await people.twins('jira', 'Task for ever');
    await people.edit('jira', twins.jira, { issuetype: { name: 'Bug' }, summary: 'Renamed' });
    await tandem.settled();
    expect(await look('azure', twins.azure)).toMatchObject({ type: 'Task' });
    const shown = { title: await people.title('azure', twins.azure), ...(await people.errors('jira', twins.jira)) };
    expect(shown).toEqual(
      {
        error: { title: 'Task for ever', item: 'type-change' },
        keep: { title: 'Renamed' },
        mark: { title: 'Task for ever', item: 'type-change' },
      }[typeChanged],
    );
  });
});

describe('a person', () => {
  const deps = () => tandem.service.deps;
  const pairOf = async (id: string) => {
    const pair = await people.pair('jira', id);
    if (!pair) throw new Error('there is no pair');
    return pair;
  };

  const context = async () => {
    const profile = await tandem.service.config.profileRecord(tandem.scope, tandem.profile.id);
    if (!profile) throw new Error('there is no profile');
    return openContext(deps(), tandem.scope, profile);
  };

  it('unlinks two items, which then live apart and get no other counterpart, and links them again where they were', async () => {
    const twins = await people.twins('jira', 'Apart');
    expect(await unlinkByHand(deps(), tandem.scope, (await pairOf(twins.jira)).id)).toBe(true);
    await people.rename('jira', twins.jira, 'Changed alone');
    await people.edit('azure', twins.azure, { 'System.Tags': 'alone' });
    await tandem.settled();
    await takeInventory(deps(), tandem.scope, tandem.profile.id);
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('Apart');
    expect(await pairOf(twins.jira)).toMatchObject({ status: 'orphaned', ids: twins, errors: [] });

    await people.edit('jira', twins.jira, { issuetype: { name: 'Bug' } });
    expect(await relinkByHand(await context(), await pairOf(twins.jira))).toEqual({ kind: 'refused', why: 'types' });
    await people.edit('jira', twins.jira, { issuetype: { name: 'Task' } });
    expect(await relinkByHand(await context(), await pairOf(twins.jira))).toMatchObject({ kind: 'linked' });
    await tandem.settled();
    expect(await people.title('azure', twins.azure)).toBe('Changed alone');
    expect((await look('jira', twins.jira)).marks).toContain('alone');
    const told = (await decided('jira', twins.jira)).filter((what) => /linked/.test(what));
    expect(told).toEqual(['linked', 'unlinked']);
  });

  it('links two items that exist, by the seeding policy, and is told where they don’t fit', async () => {
    await people.saveSettings((present) => ({ ...present, direction: 'azure-to-jira' }));
    const jira = await people.create('jira', 'The issue’s title');
    await tandem.settled();
    await people.saveSettings((present) => ({ ...present, direction: 'jira-to-azure' }));
    const azure = await people.create('azure', 'The work item’s title');
    const bug = await people.create('azure', 'A bug', {}, 'Bug');
    await tandem.settled();
    const opened = await context();
    const link = (workItem: string) => linkByHand(opened, { jira, azure: workItem });
    const twins = await people.twins('jira', 'In a pair already');
    const refused = (why: string) => ({ kind: 'refused', why });
    expect(await link(bug)).toEqual(refused('types'));
    expect(await link(twins.azure)).toEqual(refused('paired'));
    // Whether a work item is elsewhere, in a pair there even, or nowhere is the same to who asks.
    expect(await link('999999')).toEqual(refused('unreadable'));
    await settings({ leftProject: 'mark' });
    await people.edit('azure', twins.azure, { 'System.TeamProject': 'Archive' });
    await tandem.settled();
    expect(await link(twins.azure)).toEqual(refused('unreadable'));
    await settings({}, { azure: `[System.Title] <> 'The work item’s title'` });
    expect(await linkByHand(await context(), { jira, azure })).toEqual(refused('filter'));
    await settings({});
    expect(await link(azure)).toMatchObject({ kind: 'linked' });
    await tandem.settled();
    expect(await people.title('azure', azure)).toBe('The issue’s title');
    expect((await pairOf(jira)).ids).toEqual({ jira, azure });
    await people.saveSettings((present) => ({ ...present, direction: 'both' }));
  });
});
