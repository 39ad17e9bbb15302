// One pair, both ways: an edit on either side reaches the other, an echo costs nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobResult } from '../../backend/src/reconcile/outcome.ts';
import type { Hint } from '../../backend/src/reconcile/ports.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness();
});
afterAll(() => tandem?.close());

const reconcile = (side: 'jira' | 'azure', itemId: string, hints: readonly Hint[] = []): Promise<JobResult> =>
  reconcileItem(tandem.service.deps, {
    installationId: tandem.scope.installationId,
    profileId: tandem.profile.id,
    side,
    itemId,
    hints,
  });

/** In order of their names: the two reads are made at once. */
const called = () => tandem.calls.map((call) => `${call.side} ${call.operation}`).sort();
const toJira = ['azure GET workitems/{id}', 'jira GET issue/{id}', 'jira PUT issue/{id}'];
const toAzure = ['azure GET workitems/{id}', 'azure PATCH workitems/{id}', 'jira GET issue/{id}'];

describe('one pair', () => {
  it('starts from a new issue, and an edit of the work item comes back in three calls', async () => {
    const created = await tandem.asPerson('jira', 'POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Story' }, summary: 'Ünïcode ✓ 漢字', labels: ['alpha'] },
    });
    expect(await reconcile('jira', created.id)).toEqual({ kind: 'done' });
    const pair = await tandem.service.state.findPair(tandem.scope, tandem.jira.cloudId, 'jira', created.id);
    expect(pair).toMatchObject({ status: 'paired', errors: [] });
    const workItem = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${pair?.ids.azure}`);
    expect(workItem.fields['System.Title']).toBe('Ünïcode ✓ 漢字');
    expect(workItem.fields['System.Tags']).toBe('alpha');

    tandem.calls.length = 0;
    await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${workItem.id}`, [
      { op: 'add', path: '/fields/System.Title', value: 'Renamed in Azure' },
    ]);
    const hint = { side: 'azure', itemId: String(workItem.id), aspect: 'fields' } as const;
    expect(await reconcile('azure', hint.itemId, [hint])).toEqual({ kind: 'done' });
    expect((await tandem.asPerson('jira', 'GET', `issue/${created.id}`)).fields.summary).toBe('Renamed in Azure');
    expect(called()).toEqual(toJira);
  });
});

describe('events through the queue', () => {
  it('bring an edit across in three calls, and its echo costs none', async () => {
    await tandem.startEvents();
    await tandem.startWorkers();
    const created = await tandem.asPerson('jira', 'POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Bug' }, summary: 'Crash on start' },
    });
    const pair = await eventually(async () => {
      const found = await tandem.service.state.findPair(tandem.scope, tandem.jira.cloudId, 'jira', created.id);
      return found?.status === 'paired' ? found : null;
    });
    await tandem.settled();
    for (const [calls, edit] of [
      [toAzure, () => tandem.asPerson('jira', 'PUT', `issue/${created.id}`, { fields: { summary: 'Crash, edited' } })],
      [
        toJira,
        () =>
          tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${pair.ids.azure}`, [
            { op: 'add', path: '/fields/System.Title', value: 'Crash, edited twice' },
          ]),
      ],
    ] as const) {
      tandem.calls.length = 0;
      await edit();
      await tandem.settled();
      expect(called()).toEqual(calls);
    }
    expect((await tandem.asPerson('jira', 'GET', `issue/${created.id}`)).fields.summary).toBe('Crash, edited twice');
  });
});
