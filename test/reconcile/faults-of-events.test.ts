// Events that come twice, late, out of order or never: hints carry no truth, so nothing is lost and nothing is made twice.

import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { takeInventory } from '../../backend/src/reconcile/inventory.ts';
import { scanProfile } from '../../backend/src/reconcile/scan.ts';
import { sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness();
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
afterEach(async () => {
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

const setMode = (mode: 'deliver' | 'drop' | 'duplicate' | 'delay' | 'reorder', ms = 300) => {
  for (const { kernel } of [tandem.jira, tandem.azure]) kernel.events.setMode({ mode, ms });
};

describe('events', () => {
  it.each(['duplicate', 'delay', 'reorder'] as const)(
    'that are told to %s bring the last state of all',
    async (mode) => {
      setMode(mode);
      for (const side of sides) {
        const id = await people.create(side, 'First');
        await people.rename(side, id, 'Second');
        await people.comment(side, id, 'one');
        await people.rename(side, id, 'Third');
        await people.attach(side, id, 'a.txt', 'content');
        const other = side === 'jira' ? 'azure' : 'jira';
        const twin = await people.counterpart(side, id);
        expect(await people.title(other, twin)).toBe('Third');
        expect(await people.comments(other, twin)).toHaveLength(1);
        expect(await people.attachments(other, twin)).toEqual(['a.txt']);
        await people.rename(other, twin, 'Fourth');
        await tandem.settled();
        expect(await people.title(side, id)).toBe('Fourth');
      }
      setMode('deliver');
    },
  );

  it('that never come are found by the scan: edits, comments, new items, deletions in Azure', async () => {
    await scanProfile(tandem.service.deps, tandem.scope, tandem.profile.id);
    await tandem.settled();
    const edited = await people.twins('jira', 'To be edited');
    const deleted = await people.twins('jira', 'To be deleted');
    setMode('drop');
    await people.rename('jira', edited.jira, 'Edited, unheard');
    await people.comment('azure', edited.azure, 'said, unheard');
    await people.remove('azure', deleted.azure);
    const fresh = { jira: await people.create('jira', 'New, unheard'), azure: await people.create('azure', 'New too') };
    await tandem.advance(60_000);
    await scanProfile(tandem.service.deps, tandem.scope, tandem.profile.id);
    await tandem.settled();
    expect(await people.title('azure', edited.azure)).toBe('Edited, unheard');
    expect(await people.comments('jira', edited.jira)).toHaveLength(1);
    expect(await people.errors('jira', deleted.jira)).toEqual({ item: 'deleted' });
    expect((await people.pair('jira', fresh.jira))?.status).toBe('paired');
    expect((await people.pair('azure', fresh.azure))?.status).toBe('paired');
    setMode('deliver');
  });

  it('of a deletion in Jira that never come count as told only where the project can hide nothing', async () => {
    const [hidden, deleted] = [await people.twins('jira', 'To hide'), await people.twins('jira', 'To vanish')];
    await people.twins('jira', 'To stay');
    const look = async (twins: { azure: string }) => {
      const [errors, pair] = [await people.errors('azure', twins.azure), await people.pair('azure', twins.azure)];
      return [errors.item, pair?.status];
    };
    const sweep = async () => {
      await takeInventory(tandem.service.deps, tandem.scope, tandem.profile.id);
      await tandem.advance(60_000);
      await tandem.idle();
    };
    setMode('drop');
    await people.control('jira', 'POST', 'permissions', { permissions: ['BROWSE_PROJECTS'], issues: [hidden.jira] });
    await people.remove('jira', deleted.jira);
    await sweep();
    // An account that does not administer the project sees no security levels.
    expect([await look(hidden), await look(deleted)]).toEqual([
      ['unreachable', 'paired'],
      ['unreachable', 'paired'],
    ]);
    const { jiraConnectionId } = tandem.profile;
    const { admin, synchronizer } = tandem.jira.accounts;
    const sign = ({ email, token }: { email: string; token: string }) =>
      tandem.service.config.changeConnection(tandem.scope, jiraConnectionId, { account: email, secret: token });
    await people.control('jira', 'DELETE', 'permissions');
    await sign(admin);
    await sweep();
    expect([await look(hidden), await look(deleted)]).toEqual([
      [undefined, 'paired'],
      ['unreachable', 'paired'],
    ]);
    await people.control('jira', 'POST', 'fields/screen', { field: 'security', onScreen: false });
    await sweep();
    expect(await look(deleted)).toEqual(['deleted', 'orphaned']);
    await people.control('jira', 'POST', 'fields/screen', { field: 'security', onScreen: true });
    await sign(synchronizer);
    setMode('deliver');
  });
});
