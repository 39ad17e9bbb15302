// What must hold for any pair, whatever happened to it: nothing left to plan after a plan, no edit lost that nobody
// contradicted, no element of a set lost, and no side preferred.

import { describe, expect, it } from 'vitest';
import { type Decision, decide } from '../../backend/src/sync/merge.ts';
import type { FieldValue, Side } from '../../backend/src/sync/model.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import fc from '../property.ts';
import {
  adf,
  agreed,
  brief,
  date,
  dateTime,
  edit,
  html,
  inputOf,
  item,
  lines,
  number,
  option,
  options,
  profile,
  sync,
  text,
  user,
  type World,
} from './kit.ts';

const word = fc.constantFrom('alpha', 'beta', 'gamma', 'delta', 'Zürich', '日本', 'e\u0301', 'é');
const words = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join(' '));
const label = fc.constantFrom('api', 'API', 'ui', 'needs_review', 'a,b', 'ü', 'later');
const tag = fc.constantFrom('api', 'Ui', 'needs review', 'ops team', 'ü', 'Later');
const unique = (names: fc.Arbitrary<string>, fold: (name: string) => string) =>
  fc.uniqueArray(names, { maxLength: 5, selector: fold });
const orNull = (value: fc.Arbitrary<FieldValue>): fc.Arbitrary<FieldValue | null> => fc.option(value, { nil: null });

type Fields = Record<string, FieldValue | null>;

const jiraEdit: fc.Arbitrary<Fields> = fc.record(
  {
    summary: words.map(text),
    description: orNull(fc.array(words, { minLength: 1, maxLength: 3 }).map((parts) => adf(...parts))),
    priority: fc.constantFrom('Highest', 'High', 'Medium', 'Low', 'Lowest').map(option),
    labels: unique(label, (name) => name).map((names) => options(...names)),
    assignee: orNull(fc.constantFrom('acc-ana', 'acc-dora', 'acc-solo').map((id) => user(id))),
    duedate: orNull(fc.constantFrom('2026-11-24', '2026-03-29', '2026-10-25').map(date)),
    customfield_10016: orNull(fc.constantFrom(0, 1, 2.5, 8).map(number)),
  },
  { requiredKeys: [] },
);

const azureEdit: fc.Arbitrary<Fields> = fc.record(
  {
    'System.Title': words.map(text),
    'System.Description': orNull(
      fc
        .array(words, { minLength: 1, maxLength: 3 })
        .map((parts) => html(parts.map((part) => `<p>${part}</p>`).join(''))),
    ),
    'Microsoft.VSTS.Common.Priority': fc.constantFrom(1, 2, 3, 4).map(number),
    'System.Tags': unique(tag, (name) => name.toLowerCase()).map((names) => options(...names)),
    'System.AssignedTo': orNull(
      fc.constantFrom('ana@acme.test', 'dora.b@acme.test', 'vi@acme.test').map((id) => user(id)),
    ),
    'Microsoft.VSTS.Scheduling.DueDate': orNull(
      fc.constantFrom('2026-11-24T12:00:00Z', '2026-03-28T23:30:00Z', '2026-10-25T00:30:00Z').map(dateTime),
    ),
    'Microsoft.VSTS.Scheduling.StoryPoints': orNull(fc.constantFrom(0, 1, 2.5, 8).map(number)),
  },
  { requiredKeys: [] },
);

const jiraState = fc.constantFrom('To Do', 'In Progress', 'In Review', 'Done');
const azureState = fc.constantFrom('New', 'Active', 'Resolved', 'Closed');
const direction = fc.constantFrom('both' as const, 'jira-to-azure' as const, 'azure-to-jira' as const);
const policies = fc.record({
  conflict: fc.constantFrom('jira', 'azure'),
  seeding: fc.constantFrom('jira', 'azure'),
  unmappedUser: fc.constantFrom('skip', 'error'),
});

const of = (settings: { policies?: Record<string, unknown>; direction?: string }) =>
  profile({
    policies: settings.policies ?? {},
    timeZone: 'Europe/Berlin',
    field: Object.fromEntries(
      ['priority', 'labels', 'duedate'].map((field) => [field, { direction: settings.direction ?? 'both' }]),
    ),
  });

describe('a plan applied', () => {
  it('leaves nothing to plan', () => {
    fc.assert(
      fc.property(
        fc.record({ policies, direction, first: fc.tuple(jiraEdit, azureEdit), second: fc.tuple(jiraEdit, azureEdit) }),
        jiraState,
        azureState,
        (given, jiraAt, azureAt) => {
          const settings = of(given);
          const linked = { jira: item('jira', given.first[0]), azure: item('azure', given.first[1]), baseline: null };
          const seeded = sync(linked, settings).world;
          expect(lines(planPair(inputOf(seeded, settings)))).toEqual([]);
          const edited = edit(edit(seeded, 'jira', given.second[0], jiraAt), 'azure', given.second[1], azureAt);
          const settled = sync(edited, settings).world;
          expect(lines(planPair(inputOf(settled, settings)))).toEqual([]);
        },
      ),
      { numRuns: 120 },
    );
  });
});

const counterparts: Record<string, string> = {
  summary: 'System.Title',
  priority: 'Microsoft.VSTS.Common.Priority',
  duedate: 'Microsoft.VSTS.Scheduling.DueDate',
  customfield_10016: 'Microsoft.VSTS.Scheduling.StoryPoints',
};

describe('edits that nobody contradicted', () => {
  it('arrive on the other side, and stay on their own', () => {
    fc.assert(
      fc.property(policies, jiraEdit, azureEdit, (rules, jiraGiven, azureGiven) => {
        const settings = of({ policies: rules });
        const contested = (field: string) => {
          const azure = counterparts[field];
          return azure !== undefined && field in jiraGiven && azure in azureGiven;
        };
        const before = agreed(settings);
        const after = sync(edit(edit(before, 'jira', jiraGiven), 'azure', azureGiven), settings).world;
        for (const [field, azure] of Object.entries(counterparts)) {
          const mine = jiraGiven[field];
          if (mine !== undefined && !contested(field)) expect(after.jira.fields[field]).toEqual(mine);
          const theirs = azureGiven[azure];
          if (theirs !== undefined && !contested(field)) expect(after.azure.fields[azure]).toEqual(theirs);
        }
        if (jiraGiven.summary !== undefined && azureGiven['System.Title'] === undefined) {
          const title = after.azure.fields['System.Title'] ?? null;
          expect(brief(title).normalize('NFC')).toBe(brief(jiraGiven.summary).normalize('NFC'));
        }
      }),
      { numRuns: 120 },
    );
  });
});

const names = (world: World, side: Side): readonly string[] => {
  const value = world[side].fields[side === 'jira' ? 'labels' : 'System.Tags'] ?? null;
  return value?.kind === 'options' ? value.options.map((one) => one.name) : [];
};

describe('sets', () => {
  it('lose no element that either side added, and keep none that a side took away', () => {
    const sets = fc.record({
      start: unique(label, (name) => name),
      jira: unique(label, (name) => name),
      azure: unique(tag, (name) => name.toLowerCase()),
    });
    fc.assert(
      fc.property(sets, ({ start, jira, azure }) => {
        const settings = of({});
        const before = agreed(settings, item('jira', { labels: options(...start) }));
        const edited = edit(edit(before, 'jira', { labels: options(...jira) }), 'azure', {
          'System.Tags': options(...azure),
        });
        const after = sync(edited, settings).world;
        const fold = (name: string) => name.replaceAll(' ', '_').toLowerCase();
        const had = { jira: new Set(start.map(fold)), azure: new Set(names(before, 'azure').map(fold)) };
        const end = { jira: new Set(names(after, 'jira').map(fold)), azure: new Set(names(after, 'azure').map(fold)) };
        for (const name of jira.map(fold)) if (!had.jira.has(name)) expect(end.jira).toContain(name);
        for (const name of azure.map(fold)) {
          if (had.azure.has(name)) continue;
          expect(end.azure).toContain(name);
          expect(end.jira).toContain(name);
        }
        for (const name of had.jira) {
          if (!had.azure.has(name)) continue;
          const inJira = jira.filter((one) => fold(one) === name);
          const inAzure = azure.filter((one) => fold(one) === name);
          // Put there anew in another spelling, it counts as added.
          const anew =
            inJira.some((one) => !start.includes(one)) ||
            inAzure.some((one) => !names(before, 'azure').some((tagged) => tagged.toLowerCase() === one.toLowerCase()));
          if (anew || (inJira.length > 0 && inAzure.length > 0)) continue;
          expect(end.jira).not.toContain(name);
          expect(end.azure).not.toContain(name);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('keep on their side what the other cannot express', () => {
    const settings = of({});
    const world = agreed(settings, item('jira', { labels: options('api', 'a,b') }));
    expect([names(world, 'jira'), names(world, 'azure')]).toEqual([['api', 'a,b'], ['api']]);
    const edited = sync(edit(world, 'azure', { 'System.Tags': options('api', 'needs review') }), settings).world;
    expect(names(edited, 'jira')).toEqual(['api', 'a,b', 'needs_review']);
    expect(names(edited, 'azure')).toEqual(['api', 'needs review']);
  });
});

describe('no side is preferred', () => {
  const swap = { jira: 'azure', azure: 'jira' } as const;
  const other = {
    both: 'both',
    'jira-to-azure': 'azure-to-jira',
    'azure-to-jira': 'jira-to-azure',
  } as const;

  /** Story points of the two sides, the policies, and the rule with the value written. */
  function outcome(given: {
    before: readonly [number, number];
    now: readonly [number, number];
    linked: boolean;
    conflict: 'jira' | 'azure';
    seeding: 'jira' | 'azure';
    direction: keyof typeof other;
    enforce: boolean;
  }): readonly string[] {
    const { conflict, seeding, enforce } = given;
    const settings = profile({
      policies: { conflict, seeding },
      field: { customfield_10016: { direction: given.direction, enforce } },
    });
    const side = (pair: readonly [number, number]) => ({
      jira: { customfield_10016: number(pair[0]) },
      azure: { 'Microsoft.VSTS.Scheduling.StoryPoints': number(pair[1]) },
    });
    const start = side(given.before);
    const linked = { jira: item('jira', start.jira), azure: item('azure', start.azure), baseline: null };
    const world = given.linked ? { ...linked, baseline: null } : sync(linked, settings).world;
    const now = side(given.now);
    const plan = planPair(inputOf(edit(edit(world, 'jira', now.jira), 'azure', now.azure), settings));
    const rule = plan.outcomes.find((one) => one.mapping.startsWith('customfield'))?.rule ?? '';
    const writes = plan.operations.flatMap((operation) =>
      operation.kind === 'update' ? operation.writes.map((write) => `${operation.side} ${brief(write.after)}`) : [],
    );
    return [rule, ...writes];
  }

  const mirrored = (row: readonly string[]) =>
    row.map((part) => part.replaceAll(/jira|azure/g, (side) => (side === 'jira' ? swap.jira : swap.azure)));

  it('swapping the sides, with the policies swapped, swaps the plan', () => {
    const value = fc.constantFrom(1, 2, 3);
    const side = fc.constantFrom('jira' as const, 'azure' as const);
    const given = fc.record({
      before: fc.tuple(value, value),
      now: fc.tuple(value, value),
      linked: fc.boolean(),
      conflict: side,
      seeding: side,
      direction,
      enforce: fc.boolean(),
    });
    fc.assert(
      fc.property(given, (row) => {
        const swapped = outcome({
          ...row,
          before: [row.before[1], row.before[0]],
          now: [row.now[1], row.now[0]],
          conflict: swap[row.conflict],
          seeding: swap[row.seeding],
          direction: other[row.direction],
        });
        expect(mirrored(swapped)).toEqual(outcome(row));
      }),
      { numRuns: 150 },
    );
  });

  it('in every cell of the merge table', () => {
    const truth = [false, true];
    const mirror = (decision: Decision) =>
      JSON.stringify(decision).replaceAll(/jira|azure/g, (side) => (side === 'jira' ? 'azure' : 'jira'));
    const flip = <T extends string>(value: T) => (value === 'jira' ? 'azure' : value === 'azure' ? 'jira' : value) as T;
    let cells = 0;
    for (const comparable of truth)
      for (const same of truth)
        for (const jira of truth)
          for (const azure of truth)
            for (const way of ['both', 'jira-to-azure', 'azure-to-jira'] as const)
              for (const enforce of truth)
                for (const conflict of ['jira', 'azure', 'newest', 'ask'] as const)
                  for (const seeding of ['jira', 'azure', 'ask'] as const)
                    for (const winner of ['jira', 'azure'] as const)
                      for (const choice of [undefined, 'jira', 'azure'] as const)
                        for (const [a, b] of [
                          [undefined, 9_000],
                          [1_000, 9_000],
                          [1_000, 2_000],
                          [undefined, undefined],
                        ] as const) {
                          const facts = { comparable, same, jira, azure };
                          const policy = {
                            direction: way,
                            enforce,
                            conflict,
                            seeding,
                            winner,
                            choice,
                            lastChange: { jira: a, azure: b },
                          };
                          const swappedPolicy = {
                            ...policy,
                            direction: other[way],
                            conflict: flip(conflict),
                            seeding: flip(seeding),
                            winner: flip(winner),
                            choice: choice && flip(choice),
                            lastChange: { jira: b, azure: a },
                          };
                          const swapped = decide({ ...facts, jira: azure, azure: jira }, swappedPolicy);
                          expect(mirror(swapped)).toBe(JSON.stringify(decide(facts, policy)));
                          cells += 1;
                        }
    expect(cells).toBe(16 * 3 * 2 * 4 * 3 * 2 * 3 * 4);
  });

  it('nor in a set', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 4 });
    const field = { jira: 'customfield_1', azure: 'Custom.Set', kind: 'options' };
    const given = fc.record({
      before: fc.tuple(names, names),
      now: fc.tuple(names, names),
      direction,
      seeding: fc.constantFrom('jira' as const, 'azure' as const),
      enforce: fc.boolean(),
    });
    type Given = typeof given extends fc.Arbitrary<infer T> ? T : never;
    const outcome = (row: Given): readonly [readonly string[], readonly string[]] => {
      const settings = profile({
        fields: [{ ...field, direction: row.direction, enforce: row.enforce }],
        policies: { seeding: row.seeding },
      });
      const held = (pair: readonly [string[], string[]]) => ({
        jira: { customfield_1: options(...pair[0]) },
        azure: { 'Custom.Set': options(...pair[1]) },
      });
      const [first, now] = [held(row.before), held(row.now)];
      const linked = sync(
        { jira: item('jira', first.jira), azure: item('azure', first.azure), baseline: null },
        settings,
      ).world;
      const after = sync(edit(edit(linked, 'jira', now.jira), 'azure', now.azure), settings).world;
      const sorted = (side: Side, id: string) => {
        const value = after[side].fields[id] ?? null;
        return value?.kind === 'options' ? value.options.map(({ name }) => name).sort() : [];
      };
      return [sorted('jira', 'customfield_1'), sorted('azure', 'Custom.Set')];
    };
    fc.assert(
      fc.property(given, (row) => {
        const [jira, azure] = outcome(row);
        const swapped = outcome({
          ...row,
          before: [row.before[1], row.before[0]],
          now: [row.now[1], row.now[0]],
          direction: other[row.direction],
          seeding: swap[row.seeding],
        });
        expect(swapped).toEqual([azure, jira]);
      }),
      { numRuns: 150 },
    );
  });
});
