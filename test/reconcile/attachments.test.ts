// Files beside the texts: names of any kind, files of one name, replaced and deleted ones, limits, and what a copy costs.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { otherSide, type Side, sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Files, filesOf } from './files.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
let files: Files;
beforeAll(async () => {
  tandem = await startHarness({
    settings: (settings) => ({
      ...settings,
      attachments: { ...settings.attachments, deleted: 'delete' },
    }),
  });
  people = actionsOf(tandem);
  files = filesOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const contents = async (side: Side, item: string) =>
  (await files.attached(side, item)).map(({ name, size, sha256 }) => ({ name, size, sha256 }));

const names = [
  'Überblick – 図 🚀.txt',
  `quo"te's & <angle>.txt`,
  'a/slash\\and;semi=colon.txt',
  '.hidden',
  '..',
  'שלום \u202efdp.exe',
  '100% %41 + #1?.txt',
  'e\u0301 decomposed.txt',
  ' spaces  inside .txt',
];

describe.each(sides)('files from %s', (from) => {
  const target = otherSide(from);

  it('keep their names, whatever they are made of, and their contents', async () => {
    const twins = await people.twins(from, 'Names');
    people.hold();
    for (const [index, name] of names.entries()) await files.attach(from, twins[from], name, `content ${index}`);
    await people.letGo();
    const kept = names.map((name) => name.trim()).sort();
    expect((await contents(target, twins[target])).map(({ name }) => name).sort()).toEqual(kept);
    const prints = async (side: Side) => (await contents(side, twins[side])).map(({ sha256 }) => sha256).sort();
    expect(await prints(target)).toEqual(await prints(from));
    expect(await people.errors(from, twins[from])).toEqual({});
  });

  it('of one name stay apart, with the same content and with another', async () => {
    const twins = await people.twins(from, 'One name');
    people.hold();
    for (const content of ['one', 'two', 'one']) await files.attach(from, twins[from], 'same.txt', content);
    await people.letGo();
    expect(await contents(target, twins[target])).toHaveLength(3);
    const sorted = async (side: Side) => (await contents(side, twins[side])).map(({ sha256 }) => sha256).sort();
    expect(await sorted(target)).toEqual(await sorted(from));
    // The other way the same name is one more.
    await files.attach(target, twins[target], 'same.txt', 'six');
    await tandem.settled();
    expect(await contents(from, twins[from])).toHaveLength(4);
    expect(await contents(target, twins[target])).toHaveLength(4);
  });

  it('that are deleted, on the side of either, are gone from both; replaced ones are the new ones', async () => {
    const twins = await people.twins(from, 'Deleted');
    people.hold();
    const gone = await files.attach(from, twins[from], 'gone.txt', 'gone');
    const old = await files.attach(from, twins[from], 'replaced.txt', 'old');
    await files.attach(from, twins[from], 'copy.txt', 'copy');
    await files.attach(from, twins[from], 'stays.txt', 'stays');
    await people.letGo();
    const copy = (await files.attached(target, twins[target])).find(({ name }) => name === 'copy.txt');
    people.hold();
    await files.detach(from, twins[from], gone);
    await files.detach(from, twins[from], old);
    await files.attach(from, twins[from], 'replaced.txt', 'new');
    await files.detach(target, twins[target], copy?.id ?? '');
    await people.letGo();
    const there = await contents(target, twins[target]);
    expect(there.map(({ name }) => name)).toEqual(['replaced.txt', 'stays.txt']);
    expect(await contents(from, twins[from])).toEqual(there);
    const children = await tandem.service.state.children(
      tandem.scope,
      (await people.pair(from, twins[from]))?.id ?? '',
      'attachment',
    );
    expect(children).toHaveLength(2);
    expect(await people.errors(from, twins[from])).toEqual({});
  });

  it('cost few calls, and their own events cost none', async () => {
    const twins = await people.twins(from, 'Calls');
    await tandem.settled();
    tandem.calls.length = 0;
    await files.attach(from, twins[from], 'one.bin', new Uint8Array(1024 * 1024).fill(7));
    await tandem.settled();
    expect(await contents(target, twins[target])).toHaveLength(1);
    const calls = {
      jira: [
        'azure GET workitems/{id}',
        'jira GET issue/{id}',
        'jira GET attachment/content/{id}',
        'jira GET attachment/content/{id} (media)',
        'azure POST attachments (simple)',
        'azure PATCH workitems/{id}',
      ],
      azure: [
        'azure GET workitems/{id}',
        'jira GET issue/{id}',
        'azure GET attachments/{id}',
        'jira POST issue/{id}/attachments',
      ],
    };
    expect(tandem.calls.map(({ side, operation }) => `${side} ${operation}`).sort()).toEqual(calls[from].sort());
  });
});

describe('a work item’s file', () => {
  it('that leaves the attachments while its text shows it is not deleted in Jira', async () => {
    const twins = await people.twins('azure', 'Shown');
    people.hold();
    const id = await files.attach('azure', twins.azure, 'shown.png', 'pixels');
    await files.describe(
      'azure',
      twins.azure,
      `<img src="${tandem.azure.url}/_apis/wit/attachments/${id}?fileName=shown.png">`,
    );
    await people.letGo();
    expect(await contents('jira', twins.jira)).toHaveLength(1);
    await files.detach('azure', twins.azure, id);
    await tandem.settled();
    expect(await contents('jira', twins.jira)).toHaveLength(1);
    await files.describe('azure', twins.azure, '<div>no more</div>');
    await tandem.settled();
    expect(await contents('jira', twins.jira)).toEqual([]);
  });

  it('stays when the profile leaves what was deleted, and is not copied again', async () => {
    await people.saveSettings((settings) => ({
      ...settings,
      attachments: { ...settings.attachments, deleted: 'leave' },
    }));
    const twins = await people.twins('azure', 'Left');
    const id = await files.attach('azure', twins.azure, 'left.txt', 'left');
    await tandem.settled();
    await files.detach('azure', twins.azure, id);
    await tandem.settled();
    expect([await contents('azure', twins.azure), (await contents('jira', twins.jira)).length]).toEqual([[], 1]);
    await people.saveSettings((settings) => ({
      ...settings,
      attachments: { ...settings.attachments, deleted: 'delete' },
    }));
  });
});

describe('a file that the synchronizer may not delete', () => {
  it('stays with an error, and is asked for once', async () => {
    const twins = await people.twins('jira', 'Not to be deleted');
    await files.attach('jira', twins.jira, 'kept.txt', 'kept');
    await tandem.settled();
    const permissions = ['DELETE_ALL_ATTACHMENTS', 'DELETE_OWN_ATTACHMENTS'];
    await people.control('jira', 'POST', 'permissions', {
      permissions,
      user: tandem.jira.accounts.synchronizer.accountId,
    });
    const [copy] = await files.attached('azure', twins.azure);
    await files.detach('azure', twins.azure, copy?.id ?? '');
    await tandem.settled();
    expect(Object.values(await people.errors('jira', twins.jira))).toEqual(['forbidden']);
    tandem.calls.length = 0;
    await people.rename('jira', twins.jira, 'Still not to be deleted');
    await tandem.settled();
    expect(tandem.calls.filter(({ operation }) => operation.startsWith('DELETE'))).toEqual([]);
    expect(Object.values(await people.errors('jira', twins.jira))).toEqual(['forbidden']);
    await people.control('jira', 'DELETE', 'permissions');
    expect(await contents('jira', twins.jira)).toHaveLength(1);
  });
});

describe('limits', () => {
  it('of each site are told, the file is asked for once, and the others go', async () => {
    await people.control('azure', 'POST', 'settings', { attachmentBytes: 1000 });
    const twins = await people.twins('jira', 'Too large');
    people.hold();
    await files.attach('jira', twins.jira, 'large.bin', 'x'.repeat(1001));
    await files.attach('jira', twins.jira, 'small.bin', 'x');
    await people.letGo();
    expect((await contents('azure', twins.azure)).map(({ name }) => name)).toEqual(['small.bin']);
    const [record] = (await people.pair('jira', twins.jira))?.errors ?? [];
    expect(record?.error).toMatchObject({ code: 'too-large', side: 'azure', value: expect.stringContaining('60 MB') });
    tandem.calls.length = 0;
    await people.rename('jira', twins.jira, 'Still too large');
    await tandem.settled();
    expect(tandem.calls.filter(({ operation }) => operation.includes('attachment'))).toEqual([]);
    expect((await people.pair('jira', twins.jira))?.errors).toHaveLength(1);
    await people.control('azure', 'POST', 'settings', { attachmentBytes: 60 * 1024 * 1024 });
  });

  it('of the brake hold for deleted files', async () => {
    await people.saveSettings((settings) => ({
      ...settings,
      policies: { ...settings.policies, brake: { limit: 1, windowMinutes: 60 } },
    }));
    await tandem.advance(2 * 60 * 60_000);
    const twins = await people.twins('jira', 'Many deleted');
    people.hold();
    const ids = [];
    for (const name of ['a', 'b', 'c']) ids.push(await files.attach('jira', twins.jira, name, name));
    await people.letGo();
    people.hold();
    for (const id of ids) await files.detach('jira', twins.jira, id);
    for (const { kernel } of [tandem.jira, tandem.azure]) kernel.events.setMode({ mode: 'deliver' });
    await tandem.idle();
    expect(await contents('azure', twins.azure)).toHaveLength(2);
    expect((await tandem.service.config.profileRecord(tandem.scope, tandem.profile.id))?.status).toBe('stopped');
  });
});
