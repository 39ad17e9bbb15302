// Two people, or a person and we, write the same field at once: each policy end to end, and the moment between our read and
// our write.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { chooseSide, retryPair } from '../../backend/src/reconcile/settle-errors.ts';
import type { Step } from '../../backend/src/reconcile/steps.ts';
import { otherSide, type Side, sides } from '../../backend/src/sync/model.ts';
import type { ConflictPolicy } from '../../backend/src/sync/profile.ts';
import { type Actions, actionsOf, paragraph, type Twins } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
/** Done once, when the step is reached next. */
let meanwhile: { readonly step: Step; readonly act: () => Promise<void> } | null = null;

beforeAll(async () => {
  tandem = await startHarness({
    reached: async (step) => {
      const due = meanwhile?.step === step ? meanwhile : null;
      if (due === null) return;
      meanwhile = null;
      await due.act();
    },
  });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());
beforeEach(() => {
  meanwhile = null;
});
afterEach(async () => {
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

const policy = (conflict: ConflictPolicy) =>
  people.saveSettings((settings) => ({
    ...settings,
    policies: { ...settings.policies, conflict },
    states: { ...settings.states, conflict },
  }));

const titles = async (twins: Twins) => [
  await people.title('jira', twins.jira),
  await people.title('azure', twins.azure),
];
const titleMapping = 'summary~System.Title';

describe('a title that is edited on both sides', () => {
  const bothEdited = async (first: Side): Promise<Twins> => {
    const twins = await people.twins('jira', 'Agreed');
    people.hold();
    await people.rename(first, twins[first], `by ${first}`);
    await tandem.advance(10_000);
    await people.rename(otherSide(first), twins[otherSide(first)], `by ${otherSide(first)}`);
    await people.letGo();
    return twins;
  };

  it.each(sides)('takes the value of %s where the policy names that side', async (side) => {
    await policy(side);
    const twins = await bothEdited(side);
    expect(await titles(twins)).toEqual([`by ${side}`, `by ${side}`]);
  });

  it.each(sides)('takes the later value under `newest`: here that of %s', async (side) => {
    await policy('newest');
    const twins = await bothEdited(otherSide(side));
    expect(await titles(twins)).toEqual([`by ${side}`, `by ${side}`]);
  });

  it.each(sides)('stays as it is on both under `ask`, other fields go on, until a person chooses %s', async (side) => {
    await policy('ask');
    const twins = await bothEdited('jira');
    await people.edit('jira', twins.jira, { labels: ['travels'] });
    await tandem.settled();
    expect(await titles(twins)).toEqual(['by jira', 'by azure']);
    expect((await people.fields('azure', twins.azure))['System.Tags']).toBe('travels');
    expect(await people.errors('jira', twins.jira)).toEqual({ [titleMapping]: 'conflict' });
    const pair = await people.pair('jira', twins.jira);
    await chooseSide(tandem.service.deps, tandem.scope, pair?.id ?? '', titleMapping, side);
    await tandem.settled();
    expect(await titles(twins)).toEqual([`by ${side}`, `by ${side}`]);
    expect(await people.errors('jira', twins.jira)).toEqual({});
  });
});

describe('a person who edits between our read and our write', () => {
  /** The other side's edit is on its way to `target` when the person there saves. */
  const between = async (target: Side, conflict: ConflictPolicy): Promise<Twins> => {
    await policy(conflict);
    const twins = await people.twins('jira', 'Agreed');
    meanwhile = { step: 'write-intent-recorded', act: () => people.rename(target, twins[target], 'by the person') };
    const source = otherSide(target);
    await people.rename(source, twins[source], 'on its way');
    await eventually(async () => meanwhile === null);
    await tandem.settled();
    return twins;
  };

  it.each(sides)('in %s: the value that the policy wants stands on both sides', async (target) => {
    expect(await titles(await between(target, otherSide(target)))).toEqual(['on its way', 'on its way']);
    expect(await titles(await between(target, target))).toEqual(['by the person', 'by the person']);
  });

  it.each(sides)('in %s, under `ask`: both values stand and a person is asked', async (target) => {
    const twins = await between(target, 'ask');
    const expected = { [target]: 'by the person', [otherSide(target)]: 'on its way' };
    expect(await titles(twins)).toEqual([expected.jira, expected.azure]);
    expect(await people.errors('jira', twins.jira)).toEqual({ [titleMapping]: 'conflict' });
  });

  it('in Jira, where the answer proves it, under `newest`: the later value goes back and across', async () => {
    expect(await titles(await between('jira', 'newest'))).toEqual(['by the person', 'by the person']);
  });

  it('of another field of the same item: both edits are there', async () => {
    await policy('jira');
    for (const target of sides) {
      const twins = await people.twins('jira', 'Agreed');
      const labels = target === 'jira' ? { labels: ['person'] } : { 'System.Tags': 'person' };
      meanwhile = { step: 'write-intent-recorded', act: () => people.edit(target, twins[target], labels) };
      await people.rename(otherSide(target), twins[otherSide(target)], 'on its way');
      await tandem.settled();
      expect(await titles(twins)).toEqual(['on its way', 'on its way']);
      expect((await people.fields('jira', twins.jira)).labels).toEqual(['person']);
      expect((await people.fields('azure', twins.azure))['System.Tags']).toBe('person');
    }
  });

  it('twice in a row, so that the value can only go back at the second try', async () => {
    await policy('jira');
    const twins = await people.twins('jira', 'Agreed');
    meanwhile = {
      step: 'write-intent-recorded',
      act: async () => {
        await people.rename('jira', twins.jira, 'by the person');
        meanwhile = { step: 'both-read', act: () => people.edit('jira', twins.jira, { labels: ['again'] }) };
      },
    };
    await people.rename('azure', twins.azure, 'on its way');
    await tandem.settled();
    expect(await titles(twins)).toEqual(['by the person', 'by the person']);
    expect((await people.fields('azure', twins.azure))['System.Tags']).toBe('again');
  });

  it('of a text, which Jira’s history cannot give back: it is told until somebody has seen to it', async () => {
    await policy('jira');
    const twins = await people.twins('jira', 'With a text', { description: paragraph('Agreed') });
    meanwhile = {
      step: 'write-intent-recorded',
      act: () => people.edit('jira', twins.jira, { description: paragraph('by the person') }),
    };
    await people.edit('azure', twins.azure, { 'System.Description': '<div>on its way</div>' });
    await tandem.settled();
    const told = { 'description~System.Description': 'overwritten' };
    expect(await people.errors('jira', twins.jira)).toEqual(told);
    await people.rename('jira', twins.jira, 'Edited since');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toEqual(told);
    const pair = await people.pair('jira', twins.jira);
    await retryPair(tandem.service.deps, tandem.scope, pair?.id ?? '', 'description~System.Description');
    await tandem.settled();
    expect(await people.errors('jira', twins.jira)).toEqual({});
  });

  it('of a status in Jira that our transition then leaves: it goes back', async () => {
    await policy('jira');
    const twins = await people.twins('azure', 'An epic', {}, 'Epic');
    const move = async (name: string) => {
      const { transitions } = await tandem.asPerson('jira', 'GET', `issue/${twins.jira}/transitions`);
      const { id } = transitions.find((one: { to: { name: string } }) => one.to.name === name);
      await tandem.asPerson('jira', 'POST', `issue/${twins.jira}/transitions`, { transition: { id } });
    };
    meanwhile = { step: 'write-intent-recorded', act: () => move('Done') };
    await people.edit('azure', twins.azure, { 'System.State': 'Active' });
    await tandem.settled();
    expect((await people.fields('jira', twins.jira)).status.name).toBe('Done');
    expect((await people.fields('azure', twins.azure))['System.State']).toBe('Closed');
  });
});
