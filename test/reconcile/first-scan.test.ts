// What existed before the profile is the initial sync's, which pairs what exists on both sides: scans don't make it twice.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import { scanProfile } from '../../backend/src/reconcile/scan.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const scan = async () => {
  await scanProfile(tandem.service.deps, tandem.scope, tandem.profile.id);
  await tandem.settled();
};

it('what is made after the first scan of empty projects is found by the next', async () => {
  await scan();
  const fresh = await people.create('jira', 'The very first, unheard');
  await tandem.advance(60_000);
  await scan();
  expect((await people.pair('jira', fresh))?.status).toBe('paired');
  await tandem.service.pool.query('truncate tandem.watermarks');
});

it('scans of a new profile leave the items that were there before, and find those that came after', async () => {
  const { service, scope, profile } = tandem;
  for (const side of ['jira', 'azure'] as const) await people.create(side, 'On both sides already');
  await tandem.advance(60_000);
  await scan();
  await scan();
  expect(await service.state.countPairs(scope, profile.id)).toMatchObject({ paired: 1, creating: 0 });

  const fresh = await people.create('jira', 'New, unheard');
  await tandem.advance(60_000);
  await scan();
  expect((await people.pair('jira', fresh))?.status).toBe('paired');
  expect(await service.state.countPairs(scope, profile.id)).toMatchObject({ paired: 2 });

  // An initial sync of later days alone leaves them as well, and so do the scans after it.
  await tandem.advance(2 * 24 * 3_600_000);
  const from = new Date(tandem.clock.now()).toISOString().slice(0, 10);
  await startInitialSync(service.deps, scope, profile.id, {
    mode: 'unpaired',
    linkBy: null,
    range: { from, to: null },
  });
  await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
  await tandem.settled();
  await scan();
  expect(await service.state.getInitialSync(scope, profile.id)).toMatchObject({ status: 'done', queued: 0 });
  expect(await service.state.countPairs(scope, profile.id)).toMatchObject({ paired: 2, creating: 0 });
});
