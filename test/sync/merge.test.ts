import { describe, expect, it } from 'vitest';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { agreed, edit, errorFor, inputOf, item, lines, number, profile, ruleFor, sync, text } from './kit.ts';

const points = 'customfield_10016';
const azurePoints = 'Microsoft.VSTS.Scheduling.StoryPoints';

/** Story points: 1 on both sides when they last agreed. `null` for no baseline. */
function decide(row: {
  readonly jira: number;
  readonly azure: number;
  readonly baseline?: null;
  readonly field?: Record<string, unknown>;
  readonly policies?: Record<string, unknown>;
  readonly changes?: { readonly jira: number; readonly azure: number };
}): string {
  const of = profile({ field: { [points]: row.field ?? {} }, policies: row.policies ?? {} });
  const start = agreed(of, item('jira', { [points]: number(1) }), item('azure', { [azurePoints]: number(1) }));
  const edited = edit(edit(start, 'jira', { [points]: number(row.jira) }), 'azure', {
    [azurePoints]: number(row.azure),
  });
  const world = row.baseline === null ? { ...edited, baseline: null } : edited;
  const entry = (field: string, at: number) => [{ field, seq: 2, at, byId: 'someone' }];
  const history = row.changes && {
    jira: entry(points, row.changes.jira),
    azure: entry(azurePoints, row.changes.azure),
  };
  const plan = planPair(inputOf(world, of, history ? { history } : {}));
  const asked = plan.needsHistory.length > 0 ? `history of ${plan.needsHistory.join(' and ')}` : undefined;
  const done = lines(plan).map((line) => line.replace(`jira ${points}`, 'Jira').replace(`azure ${azurePoints}`, 'ADO'));
  return [asked ?? ruleFor(plan, points), ...done, errorFor(plan, points)].filter(Boolean).join(' | ');
}

const minute = 60_000;

describe('the merge table', () => {
  it.each([
    // Jira, ADO now (1 at the baseline), settings                                             result
    [{ jira: 1, azure: 1 }, 'unchanged'],
    [{ jira: 2, azure: 1 }, 'jira-changed | ADO = 2'],
    [{ jira: 1, azure: 3 }, 'azure-changed | Jira = 3'],
    [{ jira: 2, azure: 2 }, 'changed-alike'],
    [{ jira: 2, azure: 3, policies: { conflict: 'jira' } }, 'conflict-jira | ADO = 2'],
    [{ jira: 2, azure: 3, policies: { conflict: 'azure' } }, 'conflict-azure | Jira = 3'],
    [{ jira: 2, azure: 3, policies: { conflict: 'jira' }, field: { conflict: 'azure' } }, 'conflict-azure | Jira = 3'],
    [{ jira: 2, azure: 3, policies: { conflict: 'ask' } }, 'conflict-ask | conflict'],
    [{ jira: 2, azure: 3, policies: { conflict: 'newest' } }, 'history of jira and azure'],
    [
      { jira: 2, azure: 3, policies: { conflict: 'newest' }, changes: { jira: minute, azure: 2 * minute } },
      'conflict-newest | Jira = 3',
    ],
    [
      { jira: 2, azure: 3, policies: { conflict: 'newest' }, changes: { jira: 2 * minute, azure: minute } },
      'conflict-newest | ADO = 2',
    ],
    [
      {
        jira: 2,
        azure: 3,
        policies: { conflict: 'newest', winner: 'azure' },
        changes: { jira: minute + 5_000, azure: minute },
      },
      'conflict-newest | Jira = 3',
    ],
    [
      {
        jira: 2,
        azure: 3,
        policies: { conflict: 'newest', winner: 'azure' },
        changes: { jira: minute + 5_001, azure: minute },
      },
      'conflict-newest | ADO = 2',
    ],
    [{ jira: 2, azure: 2, baseline: null }, 'adopted'],
    [{ jira: 2, azure: 3, baseline: null, policies: { seeding: 'jira', conflict: 'azure' } }, 'seeded | ADO = 2'],
    [{ jira: 2, azure: 3, baseline: null, policies: { seeding: 'azure', conflict: 'jira' } }, 'seeded | Jira = 3'],
    [{ jira: 2, azure: 3, baseline: null, policies: { seeding: 'ask' } }, 'seed-ask | seeding'],
    [{ jira: 2, azure: 3, baseline: null, field: { seeding: 'azure' } }, 'seeded | Jira = 3'],
    // One-way, from Jira
    [{ jira: 2, azure: 1, field: { direction: 'jira-to-azure' } }, 'jira-changed | ADO = 2'],
    [{ jira: 1, azure: 3, field: { direction: 'jira-to-azure' } }, 'one-way'],
    [{ jira: 2, azure: 3, field: { direction: 'jira-to-azure' } }, 'one-way | ADO = 2'],
    [{ jira: 1, azure: 3, field: { direction: 'jira-to-azure', enforce: true } }, 'enforced | ADO = 1'],
    [{ jira: 2, azure: 3, field: { direction: 'azure-to-jira' } }, 'one-way | Jira = 3'],
    [{ jira: 2, azure: 1, field: { direction: 'azure-to-jira' } }, 'one-way'],
    [{ jira: 2, azure: 1, field: { direction: 'azure-to-jira', enforce: true } }, 'enforced | Jira = 1'],
    [{ jira: 2, azure: 3, baseline: null, field: { direction: 'azure-to-jira' } }, 'seeded | Jira = 3'],
    [
      { jira: 2, azure: 3, baseline: null, field: { direction: 'azure-to-jira', seeding: 'ask' } },
      'seed-ask | seeding',
    ],
  ] as const)('%j → %s', (row, result) => {
    expect(decide(row)).toBe(result);
  });
});

describe('what makes a baseline incomparable', () => {
  const start = () =>
    agreed(profile(), item('jira', { [points]: number(1) }), item('azure', { [azurePoints]: number(1) }));
  const moved = () => edit(start(), 'azure', { [azurePoints]: number(5) });

  it('an edited mapping is no edit: the seeding policy decides, not the conflict policy', () => {
    const of = profile({ field: { [points]: { direction: 'both', values: [{ jira: '1', azure: '1' }] } } });
    const plan = planPair(inputOf(moved(), of));
    expect(ruleFor(plan, points)).toBe('seeded');
    expect(lines(plan)).toEqual([`azure ${azurePoints} = 1`]);
  });

  it('other conflict and seeding policies leave it comparable', () => {
    const of = profile({ field: { [points]: { conflict: 'ask', seeding: 'ask' } } });
    expect(ruleFor(planPair(inputOf(moved(), of)), points)).toBe('azure-changed');
  });

  it('another key, or older normal forms, too', () => {
    const world = moved();
    for (const change of [{ keyId: 'k0' }, { normalizer: 0 }]) {
      const baseline = world.baseline === null ? null : { ...world.baseline, ...change };
      expect(ruleFor(planPair(inputOf({ ...world, baseline }, profile())), points)).toBe('seeded');
    }
  });
});

describe('answers to an ask', () => {
  it('settle a conflict and a seeding on the chosen side', () => {
    const of = profile({ policies: { conflict: 'ask', seeding: 'ask' } });
    const start = agreed(of, item('jira', { [points]: number(1) }), item('azure', { [azurePoints]: number(1) }));
    const both = edit(edit(start, 'jira', { [points]: number(2) }), 'azure', { [azurePoints]: number(3) });
    const choices = { [`${points}~${azurePoints}`]: 'azure' } as const;
    expect(lines(planPair(inputOf(both, of, { choices })))).toEqual([`jira ${points} = 3`]);
    expect(lines(planPair(inputOf({ ...both, baseline: null }, of, { choices })))).toContain(`jira ${points} = 3`);
  });
});

describe('a write whose answer was lost', () => {
  const of = profile({ policies: { conflict: 'azure' } });
  const mapping = `${points}~${azurePoints}`;

  /** Jira went 1 → 2, we wrote 2 to Azure and never heard; then Jira went to 3. */
  function lost() {
    const start = agreed(of, item('jira', { [points]: number(1) }), item('azure', { [azurePoints]: number(1) }));
    const first = planPair(inputOf(edit(start, 'jira', { [points]: number(2) }), of));
    const sent = first.operations[0]?.kind === 'update' ? first.operations[0].writes[0]?.fingerprint : undefined;
    const intents = [{ side: 'azure', at: 10, base: { seq: 1 }, fields: { [mapping]: sent ?? '' } }] as const;
    const now = edit(edit(start, 'jira', { [points]: number(3) }), 'azure', { [azurePoints]: number(2) });
    return { now, intents };
  }
  const byUs = { field: azurePoints, seq: 2, at: 11, byId: 'tandem', from: number(1), to: number(2) };

  it('asks for the history before it takes the change for a person’s', () => {
    const { now, intents } = lost();
    expect(planPair(inputOf(now, of, { writeIntents: intents })).needsHistory).toEqual(['azure']);
  });

  it('counts as our own when the history shows nothing else', () => {
    const { now, intents } = lost();
    const plan = planPair(inputOf(now, of, { writeIntents: intents, history: { azure: [byUs] } }));
    expect(ruleFor(plan, points)).toBe('jira-changed');
    expect(lines(plan)).toEqual([`azure ${azurePoints} = 3`]);
  });

  it('does not hide a person’s edit that our write landed on', () => {
    const { now, intents } = lost();
    const byPerson = { field: azurePoints, seq: 2, at: 10, byId: 'ana', from: number(1), to: number(8) };
    const history = { azure: [byPerson, { ...byUs, seq: 3 }] };
    expect(ruleFor(planPair(inputOf(now, of, { writeIntents: intents, history })), points)).toBe('conflict-azure');
  });
});

describe('refused and fought values', () => {
  const of = profile();
  const start = () => agreed(of, item('jira', { [points]: number(1) }), item('azure', { [azurePoints]: number(1) }));
  const mapping = `${points}~${azurePoints}`;

  it('a refused value is held until the value or the mapping changes', () => {
    const plan = planPair(inputOf(edit(start(), 'jira', { [points]: number(99) }), of));
    const write = plan.operations[0]?.kind === 'update' ? plan.operations[0].writes[0] : undefined;
    const rule = plan.outcomes.find((outcome) => outcome.mapping === mapping)?.ruleFingerprint ?? '';
    const held = { [mapping]: { value: write?.fingerprint ?? '', rule } };
    const again = planPair(inputOf(edit(start(), 'jira', { [points]: number(99) }), of, { held }));
    expect([ruleFor(again, points), lines(again)]).toEqual(['held', []]);
    const other = planPair(inputOf(edit(start(), 'jira', { [points]: number(98) }), of, { held }));
    expect(lines(other)).toEqual([`azure ${azurePoints} = 98`]);
    const edited = { [mapping]: { value: write?.fingerprint ?? '', rule: 'another' } };
    expect(
      lines(planPair(inputOf(edit(start(), 'jira', { [points]: number(99) }), of, { held: edited }))),
    ).toHaveLength(1);
  });

  it('a value that comes back for the second time within an hour stops its field, and only that', () => {
    let world = start();
    const now = 1_700_000_000_000;
    let replaced: { value: string; at: number }[] = [];
    const rules: (string | undefined)[] = [];
    for (let round = 0; round < 4; round++) {
      // Azure's automation sets 7; a person or automation in Jira sets 1 again.
      world = edit(world, 'azure', { [azurePoints]: number(7), 'System.Title': text(`Title ${round}`) });
      const out = sync(world, of, { now, replaced: { [mapping]: replaced } });
      rules.push(errorFor(out.plan, points) ?? ruleFor(out.plan, points));
      expect(lines(out.plan)).toContain(`jira summary = Title ${round}`);
      const written = out.plan.operations.flatMap((operation) => (operation.kind === 'update' ? operation.writes : []));
      replaced = [
        ...replaced,
        ...written.filter((one) => one.mapping === mapping).map((one) => ({ value: one.replaces, at: now })),
      ];
      world = edit(out.world, 'jira', { [points]: number(1) });
      const back = sync(world, of, { now, replaced: { [mapping]: replaced } });
      rules.push(errorFor(back.plan, points) ?? ruleFor(back.plan, points));
      const again = back.plan.operations.flatMap((operation) => (operation.kind === 'update' ? operation.writes : []));
      replaced = [
        ...replaced,
        ...again.filter((one) => one.mapping === mapping).map((one) => ({ value: one.replaces, at: now })),
      ];
      world = back.world;
    }
    expect(rules.slice(0, 4)).toEqual(['azure-changed', 'jira-changed', 'azure-changed', 'oscillation']);
  });

  it('a person who switches a value back and forth on one side is no oscillation', () => {
    let world = start();
    let replaced: { value: string; at: number }[] = [];
    for (let round = 0; round < 6; round++) {
      world = edit(world, 'jira', { [points]: number(round % 2 === 0 ? 2 : 1) });
      const out = sync(world, of, { now: 0, replaced: { [mapping]: replaced } });
      expect(ruleFor(out.plan, points)).toBe('jira-changed');
      const written = out.plan.operations.flatMap((operation) => (operation.kind === 'update' ? operation.writes : []));
      replaced = [...replaced, ...written.map((one) => ({ value: one.replaces, at: 0 }))];
      world = out.world;
    }
  });

  it('a stopped field stays still until it is let go', () => {
    const world = edit(start(), 'jira', { [points]: number(2) });
    const plan = planPair(inputOf(world, of, { stopped: [mapping] }));
    expect([errorFor(plan, points), lines(plan)]).toEqual(['oscillation', []]);
  });
});
