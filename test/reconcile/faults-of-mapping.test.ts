// A mapping that does not fit what is there: types, states, people and fields without a counterpart, and fields that one side
// requires. Each is skipped, told or set as the profile says, and corrected without a restart.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { retryItem } from '../../backend/src/reconcile/settle-errors.ts';
import type { UnmappedPolicy } from '../../backend/src/sync/profile.ts';
import { type Actions, actionsOf } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness({
    settings: (settings) => ({
      ...settings,
      types: settings.types.filter(({ jira }) => jira !== 'Epic'),
      fields: [
        ...settings.fields,
        { jira: 'customfield_99999', azure: 'System.Title', kind: 'text', direction: 'azure-to-jira', enforce: false },
      ],
    }),
  });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const unmapped = (policies: { unmappedType?: 'skip' | 'error'; unmappedUser?: UnmappedPolicy }) =>
  people.saveSettings((settings) => ({ ...settings, policies: { ...settings.policies, ...policies } }));

describe('a type without a counterpart', () => {
  it('is skipped or told, as the profile says', async () => {
    await unmapped({ unmappedType: 'skip' });
    const skipped = await people.create('jira', 'Skipped', {}, 'Epic');
    await tandem.settled();
    expect([await people.pair('jira', skipped), await people.errors('jira', skipped)]).toEqual([null, {}]);
    await unmapped({ unmappedType: 'error' });
    const told = await people.create('azure', 'Told', {}, 'Epic');
    await tandem.settled();
    expect(await people.errors('azure', told)).toEqual({ item: 'unmapped-type' });
    await unmapped({ unmappedType: 'skip' });
    await retryItem(tandem.service.deps, tandem.scope, tandem.profile.id, 'azure', told);
    await tandem.settled();
    expect(await people.errors('azure', told)).toEqual({});
  });
});

describe('a person without a counterpart', () => {
  it.each([
    ['skip', 'skip', undefined, {}],
    ['error', 'error', undefined, { 'assignee~System.AssignedTo': 'unmapped-user' }],
    ['set', { set: { azure: 'mara.lindqvist@acme.example' } }, 'mara.lindqvist@acme.example', {}],
  ] as const)('is treated by the policy `%s`', async (_, policy, assigned, errors) => {
    await unmapped({ unmappedUser: policy });
    const accountId = (await people.control('jira', 'GET', 'state')).people.find(
      ({ email }: { email: string }) => email === 'ines.davila@acme.example',
    ).accountId;
    const twins = await people.twins('jira', 'Assigned', { assignee: { accountId } });
    const fields = await people.fields('azure', twins.azure);
    expect(fields['System.Title']).toBe('Assigned');
    expect(fields['System.AssignedTo']?.uniqueName).toBe(assigned);
    expect(await people.errors('jira', twins.jira)).toMatchObject(errors);
    if (Object.keys(errors).length === 0)
      expect(await people.errors('jira', twins.jira)).not.toHaveProperty('assignee~System.AssignedTo');
  });
});

describe('a person whose account was closed since people were read', () => {
  const close = () => {
    for (const person of tandem.azure.world().people.values()) {
      if (/^mara/i.test(person.uniqueName)) tandem.azure.world().people.set(person.id, { ...person, active: false });
    }
  };

  it.each([
    ['skip', {}],
    ['error', { 'assignee~System.AssignedTo': 'unassignable-user' }],
  ] as const)('is treated by the policy `%s` as well', async (unmappedUser, errors) => {
    await unmapped({ unmappedUser });
    const [mara] = await tandem.asPerson('jira', 'GET', 'user/search?query=Mara');
    const before = await people.twins('jira', 'Before the account was closed');
    close();
    await people.edit('jira', before.jira, { summary: 'Renamed', assignee: { accountId: mara.accountId } });
    await tandem.settled();
    const made = await people.twins('jira', 'After it', { assignee: { accountId: mara.accountId } });
    for (const [{ jira, azure }, title] of [
      [before, 'Renamed'],
      [made, 'After it'],
    ] as const) {
      const fields = await people.fields('azure', azure);
      expect([fields['System.Title'], fields['System.AssignedTo']]).toEqual([title, undefined]);
      const found = await people.errors('jira', jira);
      expect(Object.fromEntries(Object.entries(found).filter(([, code]) => code === 'unassignable-user'))).toEqual(
        errors,
      );
    }
  });
});

describe('a field that one side does not know', () => {
  it('is an error of that field; the others travel, both ways', async () => {
    const twins = await people.twins('jira', 'With an unknown field');
    expect(await people.errors('jira', twins.jira)).toMatchObject({
      'customfield_99999~System.Title': 'unknown-field',
    });
    await people.rename('azure', twins.azure, 'Renamed');
    await tandem.settled();
    expect(await people.title('jira', twins.jira)).toBe('Renamed');
  });
});

describe('a state without a counterpart', () => {
  it('is an error of the state until it is left; the title travels', async () => {
    const twins = await people.twins('jira', 'A task');
    for (const name of ['In Progress', 'In Review']) await transition(twins.jira, name);
    await people.rename('jira', twins.jira, 'In review');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toMatchObject({ 'status~System.State': 'unmapped-state' });
    expect(await people.title('azure', twins.azure)).toBe('In review');
    await transition(twins.jira, 'In Progress');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).not.toHaveProperty('status~System.State');
    expect((await people.fields('azure', twins.azure))['System.State']).toBe('Active');
  });
});

describe('a field that a side requires and the mapping lacks', () => {
  it('is an error of the item, told once; a fixed value in the profile mends it', async () => {
    await people.control('azure', 'POST', 'fields', { referenceName: 'Custom.Team', name: 'Team', type: 'string' });
    await people.control('azure', 'POST', 'rules', { type: 'Bug', field: 'Custom.Team', action: 'required' });
    const id = await people.create('jira', 'Needs a team', {}, 'Bug');
    await tandem.settled();
    expect(await people.pair('jira', id)).toBeNull();
    expect(await people.errors('jira', id)).toEqual({ item: 'required-field' });
    await people.rename('jira', id, 'Still needs a team');
    await tandem.settled();
    const [entry] = await tandem.service.state.listItemErrors(tandem.scope, tandem.profile.id, {
      side: 'jira',
      itemId: id,
    });
    expect(entry?.record).toMatchObject({ error: { field: 'Custom.Team', side: 'azure' } });
    expect(entry?.record.count).toBeGreaterThan(1);
    await people.saveSettings((settings) => ({
      ...settings,
      types: settings.types.map((type) =>
        type.azure === 'Bug' ? { ...type, defaults: { jira: {}, azure: { 'Custom.Team': 'Core' } } } : type,
      ),
    }));
    await retryItem(tandem.service.deps, tandem.scope, tandem.profile.id, 'jira', id);
    const twin = await people.counterpart('jira', id);
    expect((await people.fields('azure', twin))['Custom.Team']).toBe('Core');
    expect(await people.errors('jira', id)).not.toHaveProperty('item');
    await people.control('azure', 'DELETE', 'rules');
  });
});

async function transition(issue: string, name: string): Promise<void> {
  const { transitions } = await tandem.asPerson('jira', 'GET', `issue/${issue}/transitions`);
  const { id } = transitions.find((one: { to: { name: string } }) => one.to.name === name);
  await tandem.asPerson('jira', 'POST', `issue/${issue}/transitions`, { transition: { id } });
}
