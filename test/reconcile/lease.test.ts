// A lease is renewed for as long as its worker lives, however long the work takes, and ends soon after it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { withLease } from '../../backend/src/reconcile/leased-pair.ts';
import type { EngineDeps } from '../../backend/src/reconcile/ports.ts';
import { actionsOf } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness();
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

it('is kept through work that outlasts it, and free afterwards', async () => {
  const people = actionsOf(tandem);
  const { jira } = await people.twins('jira', 'Long work');
  const pairId = (await people.pair('jira', jira))?.id ?? '';
  const { deps } = tandem.service;
  const { promise: renewedOften, resolve } = Promise.withResolvers<void>();
  const leaseMs = 300;
  let renewals = 0;
  const watched: EngineDeps = {
    ...deps,
    now: Date.now,
    timing: { ...deps.timing, leaseMs },
    state: {
      ...deps.state,
      renewLease: async (...renewal) => {
        const renewed = await deps.state.renewLease(...renewal);
        renewals += 1;
        if (renewals === 5) resolve();
        return renewed;
      },
    },
  };
  const started = Date.now();
  await withLease(watched, tandem.scope, pairId, async (leased) => {
    await renewedOften;
    expect(Date.now()).toBeGreaterThan(started + leaseMs);
    expect(await deps.state.acquireLease(tandem.scope, pairId, Date.now(), leaseMs)).toBeNull();
    await leased.commit({ dirty: false });
  });
  expect(await withLease(watched, tandem.scope, pairId, async () => 'had')).toBe('had');
});
