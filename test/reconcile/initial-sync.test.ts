// The initial sync of two seeded projects, through the queue and its workers: every item gets one counterpart. Then its other
// ways: all pairs again, with a pause; items of some days only, those that exist on both sides linked by a field.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pauseInitialSync, startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import type { InitialSync, InitialSyncOptions } from '../../backend/src/reconcile/ports.ts';
import { retryItem, retryPair } from '../../backend/src/reconcile/settle-errors.ts';
import { continueInitialSync } from '../../backend/src/routes/profile-lifecycle.ts';
import type { Workers } from '../../backend/src/service.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let workers: Workers;
beforeAll(async () => {
  tandem = await startHarness({ seed: 'team' });
  people = actionsOf(tandem);
});
afterAll(() => tandem?.close());

const target = () => ({ ...tandem.scope, profileId: tandem.profile.id });
const present = () => tandem.service.state.getInitialSync(tandem.scope, tandem.profile.id);
const step = () =>
  tandem.service.handlers['initial-sync'](target(), {
    signal: new AbortController().signal,
    attempts: 0,
    initialJobs: 0,
  });
const allPairs = async () =>
  (await tandem.service.state.listPairs(tandem.scope, tandem.profile.id, { limit: 1_000 })).pairs;
const writes = () => tandem.calls.filter(({ operation }) => /^(PUT|PATCH|DELETE|POST issue)/.test(operation));

async function start(options?: InitialSyncOptions): Promise<void> {
  await startInitialSync(tandem.service.deps, tandem.scope, tandem.profile.id, options);
}

async function ended(): Promise<InitialSync> {
  const result = await eventually(async () => {
    const sync = await present();
    return sync?.status === 'done' ? sync : null;
  }, 200_000);
  await tandem.settled();
  return result;
}

describe('the initial sync of two full projects', () => {
  it('pairs every item once', { timeout: 240_000 }, async () => {
    const { service, scope, profile } = tandem;
    await start();
    await service.queue.addTask('initial-sync', target());
    workers = await tandem.startWorkers();
    expect((await ended()).failed).toBe(0);
    expect(await people.audit()).toEqual({ duplicates: [], open: [] });
    expect(await service.state.listItemErrors(scope, profile.id)).toEqual([]);
    const { errors } = await service.state.listErrors(scope, profile.id, { limit: 500 });
    // The seed has tasks beneath stories, as Azure DevOps' processes have them and Jira's levels do not.
    const whole = errors.filter(({ record: { error } }) => error.level !== 'field');
    expect(whole).toEqual([]);
  });

  it('goes through all pairs again, reads both sides and writes nothing; paused, it waits', {
    timeout: 120_000,
  }, async () => {
    const { service, scope, profile } = tandem;
    const pairs = await allPairs();
    expect(pairs.length).toBeGreaterThan(100);
    expect(pairs.filter(({ status }) => status !== 'paired')).toEqual([]);
    await workers.stop();
    await start({ mode: 're-sync', linkBy: null, range: null });
    while ((await present())?.phase !== 'draining') await step();
    expect(await pauseInitialSync(service.deps, scope, profile.id)).toBe(true);
    // A pause is noticed within a second.
    await tandem.advance(1_000);
    tandem.calls.length = 0;
    workers = await tandem.startWorkers();
    await tandem.idle();
    expect(await present()).toMatchObject({ status: 'paused', queued: pairs.length, done: 0 });
    expect(tandem.calls).toEqual([]);

    // What a person changes travels all the same.
    const [first] = pairs;
    const ids = { pairId: first?.id ?? '', side: 'jira', itemId: first?.ids.jira ?? '' } as const;
    await people.rename('jira', ids.itemId, 'Renamed in the pause');
    const hints = [{ side: 'jira', itemId: ids.itemId, aspect: 'fields' } as const];
    await service.queue.addItems([{ ...target(), ...ids, hints }]);
    await eventually(async () => (await people.title('azure', first?.ids.azure ?? '')) === 'Renamed in the pause');
    await tandem.idle();
    expect(await present()).toMatchObject({ status: 'paused', done: 1 });
    // What a person asks for is done as well.
    await retryPair(service.deps, scope, pairs[1]?.id ?? '', null);
    await eventually(async () => (await present())?.done === 2);
    await tandem.idle();
    expect(await present()).toMatchObject({ status: 'paused', done: 2 });

    tandem.calls.length = 0;
    expect(await continueInitialSync(service, scope, profile.id)).toBe(true);
    expect(await ended()).toMatchObject({ done: pairs.length, failed: 0, linked: 0 });
    expect(tandem.calls.length).toBeGreaterThanOrEqual(2 * (pairs.length - 2));
    expect(writes()).toEqual([]);
  });

  it('takes items of some days, and links those that exist by a field', { timeout: 120_000 }, async () => {
    const { service, scope, profile } = tandem;
    const keyOf = async (id: string) => (await tandem.asPerson('jira', 'GET', `issue/${id}`)).key;
    const old = await people.create('jira', 'Too old');
    const oldTwin = await people.create('jira', 'Old, with a counterpart');
    await tandem.advance(3 * 24 * 3_600_000);
    const day = new Date(tandem.clock.now()).toISOString().slice(0, 10);
    const naming = async (id: string) => ({ 'Custom.JiraKey': await keyOf(id) });
    const twin = await people.create('azure', 'Another title', await naming(oldTwin));
    const twice = await people.create('jira', 'Named twice');
    const claims = [
      await people.create('azure', 'Claims it', await naming(twice)),
      await people.create('azure', 'Claims it too', await naming(twice)),
    ];
    const fresh = await people.create('azure', 'New');
    // Searches of both sites lag behind.
    await tandem.advance(60_000);
    await start({
      mode: 'unpaired',
      linkBy: { jira: 'issuekey', azure: 'Custom.JiraKey' },
      range: { from: day, to: null },
    });
    await service.queue.addTask('initial-sync', target());
    expect(await ended()).toMatchObject({ linked: 1, ambiguous: 3, failed: 0 });
    expect((await people.pair('jira', oldTwin))?.ids.azure).toBe(twin);
    expect((await people.pair('azure', fresh))?.status).toBe('paired');
    const left = async () =>
      (await Promise.all([old, twice].map((id) => people.pair('jira', id)))).concat(
        await Promise.all(claims.map((id) => people.pair('azure', id))),
      );
    expect(await left()).toEqual([null, null, null, null]);
    const told = await service.state.listItemErrors(scope, profile.id);
    expect(told.map(({ record }) => record.error.code)).toEqual(Array(3).fill('ambiguous-link'));

    // Were it the first run, the inventory would not take what was left.
    const run = await present();
    if (run === null) throw new Error('the run is known');
    const inventory = async (tookAllBefore: boolean) => {
      await service.state.putInitialSync(scope, { ...run, tookAllBefore });
      await service.queue.addTask('inventory', target());
      await tandem.settled();
      return left();
    };
    expect(await inventory(false)).toEqual([null, null, null, null]);
    // After one that took all, what has no pair was not heard of. Of items that share a value one is made by a person's Retry.
    expect(run.tookAllBefore).toBe(true);
    expect(await inventory(true)).toEqual([expect.objectContaining({ status: 'paired' }), null, null, null]);
    await retryItem(service.deps, scope, profile.id, 'jira', twice);
    expect(await people.counterpart('jira', twice)).not.toBe('');
    await tandem.settled();
    expect(await service.state.listItemErrors(scope, profile.id)).toHaveLength(2);
    expect(await people.audit()).toMatchObject({ duplicates: [] });
  });
});
