// The baseline after writes that went otherwise than planned.

import { describe, expect, it } from 'vitest';
import type { FieldValue, ItemSnapshot } from '../../backend/src/sync/model.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { settleAll } from '../../backend/src/sync/settle.ts';
import {
  adf,
  agreed,
  apply,
  edit,
  html,
  inputOf,
  item,
  key,
  lines,
  options,
  people,
  profile,
  text,
  type World,
} from './kit.ts';

const of = profile();
const context = (world: World) => ({ profile: of, key, people, now: 0, ...world });

/** The plan's Azure write as a server that changes what it stores would answer it. */
function answered(
  world: World,
  change: (fields: Record<string, FieldValue | null>) => Record<string, FieldValue | null>,
): World {
  const plan = planPair(inputOf(world, of));
  const written = apply(world, plan, of).azure;
  const azure: ItemSnapshot = { ...written, fields: change({ ...written.fields }) };
  return { ...world, azure, baseline: settleAll(context(world), plan, { azure }) };
}

const nothingLeft = (world: World) => expect(lines(planPair(inputOf(world, of)))).toEqual([]);

describe('what the server made of a value', () => {
  it('is no edit: not a trimmed title, not restyled HTML, not a dropped tag', () => {
    const world = edit(agreed(of), 'jira', {
      summary: text('A  title'),
      description: adf('One', 'Two'),
      labels: options('api', 'ui'),
    });
    const after = answered(world, (fields) => ({
      ...fields,
      'System.Title': text('A title'),
      'System.Description': html('<div style="color:black"><span>One</span></div><div>Two (edited by a rule)</div>'),
      'System.Tags': options('Api'),
    }));
    nothingLeft(after);
    const next = edit(after, 'azure', { 'System.Tags': options('Api', 'ops') });
    expect(lines(planPair(inputOf(next, of)))).toEqual(['jira labels = api, ui, ops']);
  });
});

describe('a plan that was carried out in part', () => {
  const start = () => agreed(of, item('jira', { labels: options('api') }));

  it('settles what was done and plans the rest again', () => {
    const world = edit(start(), 'jira', { summary: text('New'), labels: options('api', 'ui') });
    const plan = planPair(inputOf(world, of));
    const azure = { ...world.azure, fields: { ...world.azure.fields, 'System.Title': text('New') } };
    const baseline = settleAll(context(world), plan, { azure }, new Set(['summary~System.Title']));
    expect(lines(planPair(inputOf({ ...world, azure, baseline }, of)))).toEqual(['azure System.Tags = api, ui']);
  });

  it('loses nothing of a merge of which one side was written', () => {
    const world = edit(edit(start(), 'jira', { labels: options('api', 'ui') }), 'azure', {
      'System.Tags': options('api', 'ops'),
    });
    const plan = planPair(inputOf(world, of));
    const jira = { ...world.jira, fields: { ...world.jira.fields, labels: options('api', 'ui', 'ops') } };
    const half = { ...world, jira, baseline: settleAll(context(world), plan, { jira }) };
    expect(lines(planPair(inputOf(half, of)))).toEqual(['azure System.Tags = api, ops, ui']);
    nothingLeft(apply(half, planPair(inputOf(half, of)), of));
  });

  it('has settled no state while the item stands on the way to it', () => {
    const world = edit(start(), 'azure', {}, 'Closed');
    const plan = planPair(inputOf(world, of));
    const jira = { ...world.jira, state: 'In Progress' };
    const before = world.baseline?.fields['status~System.State'];
    expect(settleAll(context(world), plan, { jira }).fields['status~System.State']).toEqual(before);
    const done = { ...world.jira, state: 'Done' };
    nothingLeft({ ...world, jira: done, baseline: settleAll(context(world), plan, { jira: done }) });
  });

  it('keeps nothing of a mapping that is gone or was edited', () => {
    const world = start();
    const other = profile({ fields: [{ jira: 'summary', azure: 'Custom.Name', kind: 'text' }] });
    const baseline = settleAll(
      { ...context(world), profile: other },
      { operations: [], outcomes: [], errors: [], needsHistory: [] },
      {},
    );
    expect(Object.keys(baseline.fields)).toEqual(['status~System.State']);
  });
});
