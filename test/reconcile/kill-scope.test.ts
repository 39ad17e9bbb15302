// A worker that dies at each step of taking an item out of the profile's scope and back: the next one ends it the same way,
// nothing is done twice, and the brake's budget is drawn from once. It dies as one that lost its lease does: nothing more
// of its run is recorded, not even that it failed. kill.ts kills real processes at the steps of the default policies.

import { afterAll, beforeAll, expect, it } from 'vitest';
import { leftTag } from '../../backend/src/azure/write-scope.ts';
import { LeaseLost } from '../../backend/src/reconcile/ports.ts';
import type { Step } from '../../backend/src/reconcile/steps.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
let people: Actions;
/** The step at which the next run dies, once. */
let deadly: Step | null = null;
let deaths = 0;
beforeAll(async () => {
  tandem = await startHarness({
    environment: { TANDEM_SETTLE_MS: '200' },
    reached: async (step) => {
      if (step !== deadly) return;
      deadly = null;
      deaths += 1;
      throw new LeaseLost(step);
    },
  });
  people = actionsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
});
afterAll(() => tandem?.close());

const filter = 'labels != out OR labels is EMPTY';

const policies = (more: Partial<ProfileSettings['policies']>) =>
  people.saveSettings((present) => ({
    ...present,
    jira: { ...present.jira, filter },
    policies: { ...present.policies, brake: { limit: 10_000, windowMinutes: 60 }, ...more },
  }));

const spent = async () => {
  const { rows } = await tandem.service.pool.query(
    'select coalesce(sum(amount), 0)::int as spent from tandem.budget_takes',
  );
  return rows[0].spent as number;
};

/** Lets a run die at the step, then the queue and the sweeper end it. */
async function dieAt(step: Step, cause: () => Promise<void>, ended: () => Promise<boolean>): Promise<void> {
  deadly = step;
  const before = deaths;
  await cause();
  await eventually(async () => deaths > before);
  // No other run may be under way when the clock jumps over its lease: it would go on beside the one that takes over.
  await tandem.idle();
  await eventually(async () => {
    await tandem.advance(60_000);
    await tandem.service.handlers.sweep(tandem.scope, {
      signal: new AbortController().signal,
      attempts: 0,
      initialJobs: 0,
    });
    await tandem.idle();
    return ended();
  });
}

const isOut = (issue: string) => async () => (await people.pair('jira', issue))?.left?.done === true;
const isIn = (issue: string) => async () => {
  const pair = await people.pair('jira', issue);
  return pair?.status === 'paired' && !pair.left && !pair.dirty && pair.retry === null;
};
const out = (issue: string) => () => people.edit('jira', issue, { labels: ['out'] });
const back = (issue: string) => () => people.edit('jira', issue, { labels: [], summary: 'Back' });

const steps = {
  mark: ['leave-recorded', 'orphan-marked', 'notice-written', 'result-committed'],
  close: ['leave-recorded', 'orphan-marked', 'notice-written', 'result-committed'],
  delete: ['leave-recorded', 'counterpart-deleted', 'notice-written', 'result-committed'],
} as const satisfies Record<string, readonly Step[]>;
const returns = { mark: 'mark-removed', close: 'mark-removed', delete: 'counterpart-restored' } as const;

it.each(
  Object.entries(steps).flatMap(([policy, list]) => list.map((step) => [policy as keyof typeof steps, step] as const)),
)('leaving with `%s`, died at `%s`', { timeout: 60_000 }, async (policy, step) => {
  await policies({ leftFilter: policy });
  const twins = await people.twins('jira', 'Leaves');
  const before = await spent();
  await dieAt(step, out(twins.jira), isOut(twins.jira));
  expect((await spent()) - before).toBe(1);
  expect(await people.comments('jira', twins.jira)).toHaveLength(1);
  const item = tandem.azure.world().items.get(Number(twins.azure));
  if (policy === 'delete') expect(item?.deleted).toBeDefined();
  else {
    const fields = await people.fields('azure', twins.azure);
    expect(fields['System.Tags']).toBe(leftTag);
    expect(fields['System.State']).toBe(policy === 'close' ? 'Closed' : 'New');
    expect(await people.comments('azure', twins.azure)).toHaveLength(1);
  }
  await dieAt(returns[policy], back(twins.jira), isIn(twins.jira));
  const fields = await people.fields('azure', twins.azure);
  expect(fields).toMatchObject({ 'System.Title': 'Back', 'System.State': 'New' });
  expect(fields['System.Tags'] ?? '').toBe('');
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});

it('following a type, died at `type-changed`', { timeout: 60_000 }, async () => {
  await policies({});
  const twins = await people.twins('jira', 'Becomes a bug');
  await dieAt(
    'type-changed',
    () => people.edit('jira', twins.jira, { issuetype: { name: 'Bug' } }),
    async () => (await people.pair('jira', twins.jira))?.types?.azure === 'Bug',
  );
  expect((await people.fields('azure', twins.azure))['System.WorkItemType']).toBe('Bug');
});

it('handing a pair over, died at `handed-over`', { timeout: 60_000 }, async () => {
  const { service, scope, profile } = tandem;
  await policies({});
  const record = await service.config.profileRecord(scope, profile.id);
  if (!record) throw new Error('the profile is stored');
  const settings = { ...record.settings, name: 'Heir', jira: { project: 'HEIR' } };
  const first = await people.twins('jira', 'Makes the project');
  await people.control('jira', 'POST', 'move', { issue: first.jira, project: 'HEIR' });
  await tandem.settled();
  const { jiraConnectionId, azureConnectionId } = record;
  const heir = await service.config.createProfile(scope, { jiraConnectionId, azureConnectionId, settings }, null);
  await service.config.setStatus(scope, heir.id, 'enabled', null);
  const twins = await people.twins('jira', 'Handed over');
  await dieAt(
    'handed-over',
    () => people.control('jira', 'POST', 'move', { issue: twins.jira, project: 'HEIR' }),
    isIn(twins.jira),
  );
  expect(await people.pair('jira', twins.jira)).toMatchObject({ profileId: heir.id, ids: twins });
});
