// A lease is taken with a run's first commit, is renewed for as long as its worker lives, however long the work takes, and ends
// soon after it.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { withLease } from '../../backend/src/reconcile/leased-pair.ts';
import type { EngineDeps, ItemJob } from '../../backend/src/reconcile/ports.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
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

it('is refused to a run that read both sides while another had the pair: nothing is written, and its job waits', async () => {
  const people = actionsOf(tandem);
  const { jira, azure } = await people.twins('jira', 'Read by two');
  const comment = await people.comment('jira', jira, 'first words');
  await tandem.settled();
  people.hold();
  await people.editComment('jira', jira, comment, 'second words');
  const { deps } = tandem.service;
  const pairId = (await people.pair('jira', jira))?.id ?? '';
  const job: ItemJob = { ...tandem.scope, profileId: tandem.profile.id, pairId, side: 'jira', itemId: jira, hints: [] };
  let read = 0;
  const whileRead = (meanwhile: () => Promise<unknown>): EngineDeps => ({
    ...deps,
    reached: async (step) => {
      if (step !== 'both-read') return;
      read += 1;
      await meanwhile();
    },
  });
  const takeAndRelease = async () => {
    const taken = await deps.state.acquireLease(tandem.scope, pairId, deps.now(), 1_000);
    await deps.state.releaseLease(tandem.scope, taken?.lease ?? fail());
  };
  const again = { kind: 'again', at: expect.any(Number) };

  // An edited comment is written without an intent, a title with one.
  expect(await reconcileItem(whileRead(takeAndRelease), job)).toEqual(again);
  await people.rename('jira', jira, 'Renamed');
  expect(await reconcileItem(whileRead(takeAndRelease), job)).toEqual(again);
  expect(await people.title('azure', azure)).toBe('Read by two');
  expect(await people.comments('azure', azure)).toEqual([expect.stringContaining('first words')]);

  // Another one of the same process does not even read.
  const second = whileRead(async () =>
    expect(
      await reconcileItem(
        whileRead(async () => {}),
        job,
      ),
    ).toEqual(again),
  );
  expect(await reconcileItem(second, job)).toEqual({ kind: 'done' });
  expect(read).toBe(3);
  expect(await people.title('azure', azure)).toBe('Renamed');
  expect(await people.comments('azure', azure)).toEqual([expect.stringContaining('second words')]);
  await people.letGo();
});

const fail = (): never => {
  throw new Error('nobody else has it');
};
