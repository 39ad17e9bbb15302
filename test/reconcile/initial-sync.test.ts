// The initial sync of two seeded projects, through the queue and its workers: every item gets one counterpart.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import { actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness({ seed: 'team' });
});
afterAll(() => tandem?.close());

describe('the initial sync of two full projects', () => {
  it('pairs every item once and then plans nothing', { timeout: 240_000 }, async () => {
    const { service, scope, profile } = tandem;
    await startInitialSync(service.deps, scope, profile.id);
    await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
    await tandem.startWorkers();
    const result = await eventually(async () => {
      const sync = await service.state.getInitialSync(scope, profile.id);
      return sync?.status === 'done' ? sync : null;
    }, 200_000);
    await tandem.settled();
    expect(result.failed).toBe(0);
    expect(await actionsOf(tandem).audit()).toEqual({ duplicates: [], open: [] });
    expect(await service.state.listItemErrors(scope, profile.id)).toEqual([]);
    const { errors } = await service.state.listErrors(scope, profile.id, { limit: 500 });
    // The seed has tasks beneath stories, as Azure DevOps' processes have them and Jira's levels do not.
    const whole = errors.filter(({ record: { error } }) => error.level !== 'field');
    expect(whole).toEqual([]);

    // Once more, whatever the versions say: both sides are read and nothing is written.
    const { pairs } = await service.state.listPairs(scope, profile.id, { limit: 1_000 });
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter(({ status }) => status !== 'paired')).toEqual([]);
    tandem.calls.length = 0;
    await service.queue.addItems(
      pairs.map((pair) => ({
        ...scope,
        profileId: profile.id,
        pairId: pair.id,
        side: 'jira',
        itemId: pair.ids.jira ?? '',
        hints: [],
      })),
    );
    await tandem.settled(60_000);
    expect(tandem.calls.length).toBeGreaterThanOrEqual(2 * pairs.length);
    expect(tandem.calls.filter(({ operation }) => /^(PUT|PATCH|DELETE|POST issue)/.test(operation))).toEqual([]);
  });
});
