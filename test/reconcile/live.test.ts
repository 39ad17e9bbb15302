// One pair, both ways: an edit on either side reaches the other, an echo costs nothing.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JobResult } from '../../backend/src/reconcile/outcome.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness();
});
afterAll(() => tandem?.close());

const reconcile = (side: 'jira' | 'azure', itemId: string): Promise<JobResult> =>
  reconcileItem(tandem.service.deps, {
    installationId: tandem.scope.installationId,
    profileId: tandem.profile.id,
    side,
    itemId,
    hints: [],
  });

describe('a new issue', () => {
  it('gets a work item with its fields, and an edit of either travels', async () => {
    const created = await tandem.asPerson('jira', 'POST', 'issue', {
      fields: { project: { key: 'TAN' }, issuetype: { name: 'Story' }, summary: 'Ünïcode ✓ 漢字', labels: ['alpha'] },
    });
    expect(await reconcile('jira', created.id)).toEqual({ kind: 'done' });
    const pair = await tandem.service.state.findPair(tandem.scope, tandem.jira.url, 'jira', created.id);
    expect(pair).toMatchObject({ status: 'paired', errors: [] });
    const workItem = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${pair?.ids.azure}`);
    expect(workItem.fields['System.Title']).toBe('Ünïcode ✓ 漢字');
    expect(workItem.fields['System.Tags']).toBe('alpha');

    tandem.calls.length = 0;
    await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${workItem.id}`, [
      { op: 'add', path: '/fields/System.Title', value: 'Renamed in Azure' },
    ]);
    expect(await reconcile('azure', String(workItem.id))).toEqual({ kind: 'done' });
    expect((await tandem.asPerson('jira', 'GET', `issue/${created.id}`)).fields.summary).toBe('Renamed in Azure');
    expect(tandem.calls.map((call) => `${call.side} ${call.operation}`)).toHaveLength(3);
  });
});
