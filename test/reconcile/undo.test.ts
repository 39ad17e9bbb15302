// An initial sync taken back: what it made and nobody touched goes, what somebody touched stays and is named, and a death in
// between changes nothing of it.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProfile } from '../../backend/src/reconcile/context.ts';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import type { InitialSync } from '../../backend/src/reconcile/ports.ts';
import { reconcileItem } from '../../backend/src/reconcile/reconcile.ts';
import type { Step } from '../../backend/src/reconcile/steps.ts';
import { previewUndo, type UndoPage, undoPairs } from '../../backend/src/reconcile/undo.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let dieAt: Step | null = null;
let sync: InitialSync;
const issues = new Map<string, string>();

beforeAll(async () => {
  tandem = await startHarness({
    reached: async (step) => {
      if (step !== dieAt) return;
      dieAt = null;
      throw new Error('died');
    },
  });
  people = actionsOf(tandem);
  for (const title of [
    'plain',
    'commented',
    'edited',
    'commented since',
    'linked',
    'attached',
    'gone',
    'dies',
    'dies before',
    'dies and runs',
    'edited and synced',
  ]) {
    issues.set(title, await people.create('jira', title));
  }
  for (const title of ['of Azure', 'of Azure edited']) issues.set(title, await people.create('azure', title));
  await people.comment('jira', id('commented'), 'said before');
  await people.relate('jira', id('linked'), id('plain'));
  await people.attach('jira', id('attached'), 'notes.txt', 'before');
  const { service, scope, profile } = tandem;
  // The services' searches list an item only after a while.
  await tandem.advance(60_000);
  await startInitialSync(service.deps, scope, profile.id);
  await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
  await tandem.startWorkers();
  sync = await eventually(async () => {
    const found = await service.state.getInitialSync(scope, profile.id);
    return found?.status === 'done' ? found : null;
  });
  await tandem.settled();
  // Workers make counterparts in any order: the edited one is to be the newest.
  const [first, last] = ['of Azure', 'of Azure edited'] as const;
  const [earlier, later] = [id(first), id(last)];
  const made = async (item: string) => Number((await people.pair('azure', item))?.ids.jira);
  if ((await made(earlier)) > (await made(later))) issues.set(first, later).set(last, earlier);
  await people.rename('azure', await counterpart('edited and synced'), 'came back from Azure');
  const pair = await people.pair('jira', id('edited and synced'));
  await service.queue.addItems([
    {
      ...scope,
      profileId: profile.id,
      pairId: pair?.id ?? '',
      side: 'azure',
      itemId: pair?.ids.azure ?? '',
      hints: [],
    },
  ]);
  await tandem.settled();
  await service.config.setStatus(scope, profile.id, 'paused', null);
}, 60_000);
afterAll(() => tandem?.close());

const id = (title: string): string => issues.get(title) ?? '';
const counterpart = async (title: string): Promise<string> => {
  const side = title.startsWith('of Azure') ? 'azure' : 'jira';
  const pair = await people.pair(side, id(title));
  return pair?.ids[side === 'jira' ? 'azure' : 'jira'] ?? '';
};
const context = async () => {
  const opened = await openProfile(tandem.service.deps, tandem.scope, tandem.profile.id);
  if (!opened) throw new Error('the profile is stored');
  return opened;
};
/** As if an admin enabled the profile after so many items. */
async function enabledAfter(items: number) {
  const opened = await context();
  let looks = 0;
  const profile = async () => {
    looks += 1;
    return { ...opened.profile, status: looks > items ? ('enabled' as const) : ('paused' as const) };
  };
  return { ...opened, deps: { ...opened.deps, config: { ...opened.deps.config, profile } } };
}
/** The profile was enabled after all, with the policy that deletes what the other side deleted. */
async function runAgain(pairId: string): Promise<void> {
  const { deps, profile } = await enabledAfter(0);
  const settings = { ...profile.settings, policies: { ...profile.settings.policies, deleted: 'delete' as const } };
  const config = { ...deps.config, profile: async () => ({ ...profile, settings, status: 'enabled' as const }) };
  const pair = await deps.state.getPair(tandem.scope, pairId);
  const item = { side: 'azure', itemId: pair?.ids.azure ?? '' } as const;
  const hints = [{ ...item, aspect: 'deleted' }] as const;
  expect(
    await reconcileItem({ ...deps, config }, { ...tandem.scope, profileId: profile.id, pairId, ...item, hints }),
  ).toMatchObject({ kind: 'done' });
  expect(await deps.state.getPair(tandem.scope, pairId)).toBeNull();
}
const keptOf = (made: UndoPage['made']) => Object.fromEntries(made.map(({ sourceKey, kept }) => [sourceKey, kept]));
const keyOf = async (title: string): Promise<string> => {
  const side = title.startsWith('of Azure') ? 'azure' : 'jira';
  return (await people.pair(side, id(title)))?.keys[side] ?? '';
};

describe('undoing an initial sync', () => {
  it('lists what it made, removes what nobody touched, and keeps the rest', async () => {
    expect(await people.title('jira', id('edited and synced'))).toBe('came back from Azure');
    await people.rename('jira', await counterpart('of Azure edited'), 'edited in Jira');
    await people.rename('azure', await counterpart('edited'), 'edited by a person');
    await people.comment('azure', await counterpart('commented since'), 'said after');
    await people.remove('azure', await counterpart('gone'));
    const keys = Object.fromEntries(
      await Promise.all([...issues.keys()].map(async (title) => [title, await keyOf(title)] as const)),
    );
    const { made, next } = await previewUndo(await context(), sync);
    expect(next).toBeUndefined();
    const expected = {
      [keys.plain ?? '']: null,
      [keys.commented ?? '']: null,
      [keys.edited ?? '']: 'touched',
      [keys['commented since'] ?? '']: 'touched',
      [keys['edited and synced'] ?? '']: 'touched',
      [keys.linked ?? '']: null,
      [keys.attached ?? '']: null,
      [keys.gone ?? '']: 'gone',
      [keys.dies ?? '']: null,
      [keys['dies before'] ?? '']: null,
      [keys['dies and runs'] ?? '']: null,
      [keys['of Azure'] ?? '']: null,
      [keys['of Azure edited'] ?? '']: 'touched',
    };
    expect(keptOf(made)).toEqual(expected);

    const pairId = (title: string) => made.find(({ sourceKey }) => sourceKey === keys[title])?.pairId ?? '';
    const dying = async (title: string, step: Step) => {
      dieAt = step;
      await expect(undoPairs(await context(), sync, [pairId(title)])).rejects.toThrow('died');
    };
    await dying('dies before', 'leave-recorded');
    await dying('dies', 'counterpart-deleted');
    await dying('dies and runs', 'counterpart-deleted');
    await runAgain(pairId('dies and runs'));
    expect(await people.title('jira', id('dies and runs'))).toBe('dies and runs');
    delete expected[keys['dies and runs'] ?? ''];

    const all = made.map((one) => one.pairId);
    expect(keptOf((await undoPairs(await enabledAfter(1), sync, all)).undone)).toEqual({
      [keys['of Azure edited'] ?? '']: 'touched',
    });
    expect(await undoPairs(await enabledAfter(0), sync, all)).toEqual({ undone: [], running: true });

    const { undone: done, running } = await undoPairs(await context(), sync, all);
    expect(running).toBe(false);
    expect(keptOf(done)).toEqual(expected);

    const { state } = tandem.service;
    const { pairs } = await state.listPairs(tandem.scope, tandem.profile.id, { limit: 100 });
    expect(pairs.map((pair) => pair.keys[pair.source]).sort()).toEqual(
      [keys.edited, keys['commented since'], keys['edited and synced'], keys['of Azure edited'], keys.gone].toSorted(),
    );
    expect(await people.title('jira', id('plain'))).toBe('plain');
    expect((await previewUndo(await context(), sync)).made.map(({ kept }) => kept).sort()).toEqual([
      'gone',
      'touched',
      'touched',
      'touched',
      'touched',
    ]);
    expect((await undoPairs(await context(), { ...sync, startedAt: sync.startedAt + 1e9 }, all)).undone).toEqual([]);
  });
});
