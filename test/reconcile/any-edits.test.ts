// Whatever people do to a pair on both sides, in whatever order the events come, and whichever of our calls fail: once all is
// quiet both sides say the same, no edit that met no other is lost, and another run writes nothing. Where an item was deleted
// its counterpart is as the policy says, nothing is made anew for it, and restored it is in step again.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orphanTag } from '../../backend/src/azure/write-scope.ts';
import { orphanLabel } from '../../backend/src/jira/write-scope.ts';
import { type Side, sides } from '../../backend/src/sync/model.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import fc from '../property.ts';
import type { FaultInput } from '../simulators/kernel/faults.ts';
import { type Actions, actionsOf, type Twins } from './actions.ts';
import { type Harness, startHarness } from './harness.ts';
import { type Edits, editsOf, type Look } from './look.ts';

let tandem: Harness;
let people: Actions;
let edits: Edits;
/** What links go to. */
let partner: Twins;
beforeAll(async () => {
  tandem = await startHarness({
    environment: { TANDEM_SETTLE_MS: '300', TANDEM_RETRY_BASE_MS: '30' },
    settings: (settings) => ({
      ...settings,
      comments: { ...settings.comments, deleted: 'delete' },
      attachments: { ...settings.attachments, deleted: 'delete' },
      policies: { ...settings.policies, brake: { limit: 10_000, windowMinutes: 60 } },
    }),
  });
  people = actionsOf(tandem);
  edits = editsOf(tandem);
  await tandem.startEvents();
  await tandem.startWorkers();
  partner = await people.twins('jira', 'The partner');
});
afterAll(() => tandem?.close());

/** One edit of a person. Numbers pick among what is there at that moment; what cannot be done then is left out. */
type Edit =
  | { readonly kind: 'title' | 'description' | 'add-comment' | 'add-file' | 'relate' | 'unrelate'; readonly side: Side }
  | { readonly kind: 'priority' | 'state' | 'add-label' | 'remove-label'; readonly side: Side; readonly nth: number }
  | { readonly kind: 'edit-comment' | 'delete-comment' | 'delete-file'; readonly side: Side; readonly nth: number }
  /** Of the whole item. What is deleted in Jira is so for good. */
  | { readonly kind: 'remove'; readonly side: Side }
  | { readonly kind: 'restore'; readonly side: 'azure' };

type Policy = ProfileSettings['policies']['deleted'];

/** How the services tell of the edits. */
type Telling = 'deliver' | 'duplicate' | 'reorder' | 'drop';

/** Of our calls that follow the edits, the first of this method after `passed` others of it. */
interface Trouble {
  readonly side: Side;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE' | 'GET';
  readonly passed: number;
  readonly fault: FaultInput;
}

const side = fc.constantFrom(...sides);
const nth = fc.nat(5);
const edit: fc.Arbitrary<Edit> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constantFrom('title', 'description', 'add-comment', 'add-file', 'relate', 'unrelate'),
      side,
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('priority', 'state', 'add-label', 'remove-label'), side, nth }),
  },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constantFrom('edit-comment', 'delete-comment', 'delete-file'), side, nth }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('remove'),
      side: fc.constantFrom<Side>('azure', 'azure', 'azure', 'jira'),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restore'), side: fc.constant('azure') }) },
);
const policy = fc.constantFrom<Policy>('mark', 'mark', 'close', 'delete');
const trouble: fc.Arbitrary<Trouble> = fc.record({
  side,
  method: fc.constantFrom('POST', 'PATCH', 'PUT', 'DELETE', 'GET'),
  passed: fc.nat(2),
  fault: fc.constantFrom<FaultInput>(
    { kind: 'status', status: 429, retryAfter: 0 },
    { kind: 'status', status: 503 },
    { kind: 'lost-answer' },
  ),
});
const round = fc.record({
  made: fc.array(edit, { minLength: 1, maxLength: 6 }),
  telling: fc.constantFrom<Telling>('deliver', 'duplicate', 'reorder', 'drop'),
  troubles: fc.array(trouble, { maxLength: 2 }),
});

const priorities = [
  { jira: 'Highest', azure: 1 },
  { jira: 'High', azure: 2 },
  { jira: 'Medium', azure: 3 },
] as const;
const states = [
  { jira: 'To Do', azure: 'New' },
  { jira: 'In Progress', azure: 'Active' },
  { jira: 'Done', azure: 'Closed' },
] as const;
const labels = ['red', 'green', 'blue', 'ünï', 'with-dash'];

/** What a round may end with: by part, the values that either side's last edit of it gave. */
type Wanted = Map<string, Map<Side, string>>;

describe('any edits of both sides', () => {
  it('end in agreement, lose nothing that met no other edit, and leave nothing to write', {
    timeout: 240_000,
  }, async () => {
    let count = 0;
    const unique = (what: string) => {
      count += 1;
      return `${what}${count}`;
    };
    await fc.assert(
      fc.asyncProperty(policy, fc.array(round, { minLength: 1, maxLength: 3 }), async (deleted, rounds) => {
        await people.saveSettings((present) => ({ ...present, policies: { ...present.policies, deleted } }));
        let twins = await people.twins(rounds[0]?.made[0]?.side ?? 'jira', unique('title'));
        let before = await edits.look('jira', twins, partner);
        let wanted: Wanted = new Map();
        const gone: Gone = { now: new Set(), ever: new Set(), revived: false };
        for (const { made, telling, troubles } of rounds) {
          await tell(telling);
          for (const one of made) {
            // An account that does not administer the project can't tell it from an issue that is hidden.
            if (telling === 'drop' && one.kind === 'remove' && one.side === 'jira') continue;
            await performIfThere(one, twins, wanted, gone, unique);
          }
          for (const one of troubles) stir(one);
          await letGo(telling, twins);
          people.clearFaults();
          if (gone.now.size > 0 || gone.ever.has('jira')) {
            await expectLeft(twins, gone, deleted);
            continue;
          }
          twins = await pairedAs(twins, deleted, gone);
          const after = {
            jira: await edits.look('jira', twins, partner),
            azure: await edits.look('azure', twins, partner),
          };
          expect(after.azure).toEqual(after.jira);
          // What the policy did to the counterpart meanwhile is no edit of a person.
          const touched = gone.ever.size === 0 || deleted === 'mark' ? [] : deleted === 'close' ? ['state'] : null;
          if (touched) expectKept(before, wanted, after.jira, touched);
          before = after.jira;
          wanted = new Map();
          gone.ever.clear();
        }
        await expectNothingToWrite(twins);
        expect(await people.audit()).toEqual({ duplicates: [], open: [] });
      }),
      { numRuns: Number(process.env.TANDEM_TEST_RUNS ?? 12), endOnFailure: true },
    );
  });
});

async function tell(telling: Telling): Promise<void> {
  const mode = telling === 'reorder' ? ({ mode: 'reorder', ms: 3_600_000 } as const) : ({ mode: telling } as const);
  for (const { kernel } of [tandem.jira, tandem.azure]) kernel.events.setMode(mode);
}

function stir({ side, method, passed, fault }: Trouble): void {
  const once = { match: { method }, times: 1 };
  for (let skipped = 0; skipped < passed; skipped += 1) people.fault(side, { kind: 'latency', ms: 0, ...once });
  people.fault(side, { ...fault, ...once });
}

/** All events arrive; those that were dropped are made up for by a look at the pair, as a scan would bring it. */
async function letGo(telling: Telling, twins: Twins): Promise<void> {
  await people.letGo();
  if (telling === 'drop') await reconcileAnyway(twins);
}

async function reconcileAnyway(twins: Twins): Promise<void> {
  const pair = await people.pair('azure', twins.azure);
  if (!pair) throw new Error('the twins are paired');
  const job = { ...tandem.scope, profileId: tandem.profile.id, pairId: pair.id };
  await tandem.service.queue.addItems(
    sides.map((side) => {
      const itemId = pair.ids[side] ?? twins[side];
      return { ...job, side, itemId, hints: [{ side, itemId, aspect: 'any', by: 'inventory' }] } as const;
    }),
  );
  await tandem.settled();
}

async function expectNothingToWrite(twins: Twins): Promise<void> {
  tandem.calls.length = 0;
  await reconcileAnyway(twins);
  expect(tandem.calls.length).toBeGreaterThanOrEqual(2);
  expect(tandem.calls.filter(({ operation }) => /^(PUT|PATCH|DELETE|POST issue)/.test(operation))).toEqual([]);
}

/** Items that a person deleted: those that are so now, and those that were so since both sides last agreed. */
interface Gone {
  readonly now: Set<Side>;
  readonly ever: Set<Side>;
  /** The work item was restored while its issue is gone for good. */
  revived: boolean;
}

const isThere = async (side: Side, id: string): Promise<boolean> =>
  side === 'azure'
    ? tandem.azure.world().items.get(Number(id))?.deleted === undefined
    : people.fields('jira', id).then(
        () => true,
        () => false,
      );

/** An item that somebody deleted, or the profile's policy, can't be edited, and may go while a person is about it. */
async function performIfThere(
  one: Edit,
  twins: Twins,
  wanted: Wanted,
  gone: Gone,
  unique: (what: string) => string,
): Promise<void> {
  const id = twins[one.side];
  if ((await isThere(one.side, id)) === (one.kind === 'restore')) return;
  try {
    await perform(one, twins, wanted, unique);
  } catch (error) {
    if (await isThere(one.side, id)) throw error;
    return;
  }
  if (one.kind === 'remove') {
    gone.now.add(one.side);
    gone.ever.add(one.side);
    if (one.side === 'azure') gone.revived = false;
  }
  if (one.kind === 'restore') {
    gone.now.delete('azure');
    gone.revived = gone.now.has('jira');
  }
}

/** What is left of the pair is as the policy says, and no other was made for it. */
async function expectLeft(twins: Twins, gone: Gone, deleted: Policy): Promise<void> {
  const pair = await people.pair('azure', twins.azure);
  expect(pair).toMatchObject({ status: 'orphaned', ids: twins });
  expect(pair?.errors.map(({ error }) => error.code)).toEqual(['deleted']);
  if (gone.now.size > 1) return;
  const left: Side = gone.now.has('azure') ? 'jira' : 'azure';
  if (deleted === 'delete' && !gone.revived) return expect(await isThere(left, twins[left])).toBe(false);
  const { state, ...parts } = await edits.look(left, twins, partner);
  const mark = left === 'jira' ? orphanLabel : orphanTag;
  expect(parts[`label ${mark}`]).toBe(mark);
  // Against the will of whoever restored it, it is not closed or deleted again.
  if (deleted === 'close' && !gone.revived) expect(state).toBe('Done');
}

/** The twins are a pair still; only where the policy deleted the issue a new one stands for it. */
async function pairedAs(twins: Twins, deleted: Policy, gone: Gone): Promise<Twins> {
  const pair = await people.pair('azure', twins.azure);
  expect(pair).toMatchObject({ status: 'paired', errors: [] });
  const jira = pair?.ids.jira ?? '';
  if (deleted !== 'delete' || gone.ever.size === 0) expect(jira).toBe(twins.jira);
  return { ...twins, jira };
}

async function perform(one: Edit, twins: Twins, wanted: Wanted, unique: (what: string) => string): Promise<void> {
  const id = twins[one.side];
  const want = (part: string, value: string) => {
    wanted.set(part, (wanted.get(part) ?? new Map()).set(one.side, value));
  };
  switch (one.kind) {
    case 'title': {
      const title = unique('title');
      await people.rename(one.side, id, title);
      return want('title', title);
    }
    case 'description': {
      const text = unique('text');
      await edits.describe(one.side, id, text);
      return want('description', text);
    }
    case 'priority': {
      const priority = priorities[one.nth % priorities.length] ?? priorities[0];
      await people.edit(
        one.side,
        id,
        one.side === 'jira'
          ? { priority: { name: priority.jira } }
          : { 'Microsoft.VSTS.Common.Priority': priority.azure },
      );
      return want('priority', priority.jira);
    }
    case 'state': {
      const state = states[one.nth % states.length] ?? states[0];
      if (await edits.move(one.side, id, state[one.side])) want('state', state.jira);
      return;
    }
    case 'add-label':
    case 'remove-label': {
      const label = labels[one.nth % labels.length] ?? 'red';
      const add = one.kind === 'add-label';
      await edits.label(one.side, id, label, add);
      return want(`label ${label}`, add ? label : '');
    }
    case 'add-comment': {
      const text = unique('comment');
      await people.comment(one.side, id, text);
      return want(`comment ${text}`, text);
    }
    case 'edit-comment':
    case 'delete-comment': {
      const there = await edits.comments(one.side, id);
      const comment = there[one.nth % Math.max(1, there.length)];
      if (!comment) return;
      const first = /comment\d+/.exec(comment.text)?.[0] ?? '';
      if (one.kind === 'delete-comment') {
        if (await edits.deleteComment(one.side, id, comment.id)) want(`comment ${first}`, '');
        return;
      }
      const text = `${first} ${unique('edited')}`;
      if (await edits.editComment(one.side, id, comment.id, text)) want(`comment ${first}`, text);
      return;
    }
    case 'add-file': {
      const name = `${unique('file')}.txt`;
      await people.attach(one.side, id, name, `content of ${name}`);
      return want(`file ${name}`, name);
    }
    case 'delete-file': {
      const there = await people.attachments(one.side, id);
      const name = there[one.nth % Math.max(1, there.length)];
      if (name === undefined) return;
      if (await edits.detach(one.side, id, name)) want(`file ${name}`, '');
      return;
    }
    case 'relate':
      await edits.relate(one.side, twins, partner);
      return want('link', 'to the partner');
    case 'unrelate':
      await edits.unrelate(one.side, twins, partner);
      return want('link', '');
    case 'remove':
      return people.remove(one.side, id);
    case 'restore':
      return people.restore(id);
    default: {
      const never: never = one;
      return never;
    }
  }
}

/** What one side alone edited is as it left it; of two edits one stands; what nobody touched is as it was. */
function expectKept(before: Look, wanted: Wanted, after: Look, except: readonly string[]): void {
  for (const part of new Set([...Object.keys(before), ...Object.keys(after), ...wanted.keys()])) {
    if (except.includes(part)) continue;
    const allowed = wanted.has(part) ? [...(wanted.get(part)?.values() ?? [])] : [before[part] ?? ''];
    expect(allowed, part).toContain(after[part] ?? '');
  }
}
