// The state is lost, the items are not: their markers bring the pairs back, and nothing is made twice.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { adoptProfile, previewAdoption } from '../../backend/src/reconcile/adopt-profile.ts';
import { openProfile } from '../../backend/src/reconcile/context.ts';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import { type Actions, actionsOf, paragraph, type Twins } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let fromJira: Twins;
let fromAzure: Twins;
beforeAll(async () => {
  tandem = await startHarness({ environment: { TANDEM_SETTLE_MS: '200' } });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const once = { signal: new AbortController().signal, attempts: 0, initialJobs: 0 };
const target = () => ({ ...tandem.scope, profileId: tandem.profile.id });

/** As after the loss of Datastore; with the key, as after that of all stores but a new connection's. */
async function lose({ key = false } = {}): Promise<void> {
  await tandem.service.state.erase(tandem.scope);
  if (!key) return;
  await tandem.service.pool.query(
    'update tandem.installations set fingerprint_key_id = null, fingerprint_key_sealed = null',
  );
}

/** Begins an adoption in a process that dies once so many pairs are there in all. */
async function dieAfter(pairs: number): Promise<void> {
  const { deps } = tandem.service;
  const context = await openProfile(deps, tandem.scope, tandem.profile.id);
  if (!context) throw new Error('the profile is stored');
  const die = async () => {
    throw new Error('died');
  };
  const createPair: typeof deps.state.createPair = async (...given) => {
    await deps.state.createPair(...given);
    return (await stored()) < pairs ? null : die();
  };
  const dying = { ...context, deps: { ...deps, state: { ...deps.state, createPair } } };
  await expect(adoptProfile(dying, { keyLost: false })).rejects.toThrow('died');
  expect(await stored()).toBe(pairs);

  async function stored(): Promise<number> {
    return (await deps.state.countPairs(tandem.scope, tandem.profile.id)).paired;
  }
}

async function look(keyLost: boolean) {
  const context = await openProfile(tandem.service.deps, tandem.scope, tandem.profile.id);
  if (!context) throw new Error('the profile is stored');
  const plan = await previewAdoption(context, { keyLost });
  if (!plan) throw new Error('there was time for all');
  const pairs = plan.pairs.map(({ created, source }) => ({ [created.side]: created.id, [source.side]: source.id }));
  return { pairs, left: Object.fromEntries(plan.left.map(({ item, why }) => [`${item.side} ${item.id}`, why])) };
}

/** Comments and files of both, markup left in. */
async function children({ jira, azure }: Twins) {
  const counts = async (side: 'jira' | 'azure', id: string) => [
    (await people.comments(side, id)).length,
    await people.attachments(side, id),
  ];
  return { jira: await counts('jira', jira), azure: await counts('azure', azure) };
}

it('tells what markers prove, and what not', { timeout: 60_000 }, async () => {
  fromJira = await people.twins('jira', 'Made in Jira');
  fromAzure = await people.twins('azure', 'Made in Azure');
  await people.comment('jira', fromJira.jira, 'said in Jira');
  await people.comment('azure', fromJira.azure, 'said in Azure');
  await people.attach('jira', fromJira.jira, 'notes.txt', 'some notes');
  await tandem.settled();
  const whole = { jira: [2, ['notes.txt']], azure: [2, ['notes.txt']] };
  expect(await children(fromJira)).toEqual(whole);

  // A person's copy carries the marker along; a person can also write one, on an own issue and on one of ours.
  const { relations } = await tandem.asPerson('azure', 'GET', `_apis/wit/workitems/${fromJira.azure}?$expand=all`);
  const link = relations.find(({ rel }: { rel: string }) => rel === 'Hyperlink');
  const { issues } = await people.control('jira', 'GET', 'state');
  const marker = issues.find(({ id }: { id: number }) => String(id) === fromAzure.jira).properties['tandem.pair'];
  const third = await people.twins('azure', 'Its marker is changed');
  people.hold();
  const copy = await people.create('azure', 'A copy');
  await tandem.asPerson('azure', 'PATCH', `_apis/wit/workitems/${copy}`, [
    { op: 'add', path: '/relations/-', value: link },
  ]);
  const own = await people.create('jira', 'A forgery');
  for (const issue of [own, third.jira]) {
    await people.control('jira', 'POST', 'properties', {
      issue,
      key: 'tandem.pair',
      value: { ...marker, sourceId: third.azure === '1' ? '2' : '1', workItemId: 1 },
    });
  }
  // The index of Azure DevOps' queries lags.
  await tandem.advance(60_000);
  await lose();
  const { pairs, left } = await look(false);
  expect(pairs).toHaveLength(2);
  expect(pairs).toEqual(expect.arrayContaining([fromJira, fromAzure]));
  expect(left).toEqual({
    [`azure ${copy}`]: 'copy',
    [`jira ${own}`]: 'copy',
    [`jira ${third.jira}`]: 'other-key',
  });
  // Nothing was stored by looking.
  expect(await people.pair('jira', fromJira.jira)).toBeNull();

  for (const id of [third.jira, own]) await people.remove('jira', id);
  for (const id of [third.azure, copy]) await people.remove('azure', id);
});

it('pairs them again, with their comments and files, and makes nothing twice', { timeout: 60_000 }, async () => {
  await dieAfter(1);
  await dieAfter(2);
  await tandem.service.handlers.adopt(target(), once);
  await people.letGo();
  await tandem.service.handlers.sweep(tandem.scope, once);
  await tandem.settled();
  expect(await people.pair('azure', fromAzure.azure)).toMatchObject({ ids: fromAzure, source: 'azure', errors: [] });
  await people.rename('jira', fromJira.jira, 'Renamed after');
  await people.comment('jira', fromJira.jira, 'said after');
  await people.rename('azure', fromAzure.azure, 'Renamed in Azure');
  await tandem.settled();
  expect(await people.title('azure', fromJira.azure)).toBe('Renamed after');
  expect(await people.title('jira', fromAzure.jira)).toBe('Renamed in Azure');
  expect(await children(fromJira)).toEqual({ jira: [3, ['notes.txt']], azure: [3, ['notes.txt']] });
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

it('brings them back by itself when an event finds the pairs lost', { timeout: 60_000 }, async () => {
  await lose();
  await people.rename('jira', fromJira.jira, 'Renamed without a pair');
  await tandem.settled();
  expect(await people.pair('azure', fromAzure.azure)).toMatchObject({ ids: fromAzure, source: 'azure' });
  await tandem.service.handlers.sweep(tandem.scope, once);
  await tandem.settled();
  expect(await people.title('azure', fromJira.azure)).toBe('Renamed without a pair');
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

it('stops a first sync where a lost key leaves only a person to tell, and goes on after', {
  timeout: 60_000,
}, async () => {
  const { service, scope, profile } = tandem;
  await lose({ key: true });
  expect(await look(false)).toMatchObject({ pairs: [], left: { [`azure ${fromJira.azure}`]: 'other-key' } });
  await startInitialSync(service.deps, scope, profile.id);
  await service.handlers['initial-sync'](target(), once);
  expect(await service.config.profileRecord(scope, profile.id)).toMatchObject({
    status: 'stopped',
    reason: { code: 'state-lost' },
  });
  await service.handlers['adopt-without-key'](target(), once);
  await service.config.setStatus(scope, profile.id, 'enabled', null);
  await service.queue.addTask('initial-sync', target());
  await tandem.settled();
  await service.handlers.sweep(scope, once);
  const sync = await eventually(async () => {
    const run = await service.state.getInitialSync(scope, profile.id);
    return run?.status === 'done' && run;
  });
  await tandem.settled();
  expect(sync.failed).toBe(0);
  expect(await people.pair('jira', fromJira.jira)).toMatchObject({ ids: fromJira, errors: [] });
  await tandem.asPerson('jira', 'POST', `issue/${fromJira.jira}/comment`, { body: paragraph('said last') });
  await tandem.settled();
  expect(await children(fromJira)).toEqual({ jira: [4, ['notes.txt']], azure: [4, ['notes.txt']] });
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});
