import { describe, expect, it } from 'vitest';
import { neverAgreed } from '../../backend/src/sync/baseline.ts';
import { planCreate } from '../../backend/src/sync/plan-create.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { createdBaseline, settleCreate } from '../../backend/src/sync/settle.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';
import {
  adf,
  apply,
  brief,
  edit,
  inputOf,
  item,
  key,
  lines,
  number,
  option,
  options,
  people,
  profile,
  text,
  user,
} from './kit.ts';

const catalogs = { jira: jiraCatalog, azure: azureCatalog };
const story = item(
  'jira',
  { summary: text('Ship it'), priority: option('High'), labels: options('api'), assignee: user('acc-ana') },
  'In Progress',
);
const input = (more: object = {}, of = profile()) => ({
  profile: of,
  key,
  people,
  now: 0,
  source: story,
  catalogs,
  ...more,
});

describe('a counterpart to create', () => {
  it('carries type, mapped fields and, as a step of its own, the state', () => {
    const plan = planCreate(input());
    if (plan.kind !== 'create') throw new Error(plan.kind);
    expect(plan.writes.map((write) => `${write.field} = ${brief(write.after)}`)).toEqual([
      'System.Title = Ship it',
      'Microsoft.VSTS.Common.Priority = 2',
      'System.Tags = api',
      'System.AssignedTo = ana@acme.test',
    ]);
    expect([plan.type, plan.state]).toEqual(['User Story', 'Active']);
    expect(plan.operations.map(({ kind }) => kind)).toEqual(['create', 'transition']);
  });

  it('in its first state needs no second step', () => {
    const plan = planCreate(input({ source: { ...story, state: 'To Do' } }));
    expect(plan.kind === 'create' && [plan.state, plan.operations.length]).toEqual([undefined, 1]);
  });

  it('gets the profile’s fixed values for what the mapping leaves out, in the field’s own kind', () => {
    const types = [
      {
        jira: 'Story',
        azure: 'User Story',
        defaults: {
          azure: { 'Custom.Team': 'Red', 'Microsoft.VSTS.Scheduling.StoryPoints': '3', 'System.Title': 'unused' },
        },
      },
    ];
    const plan = planCreate(input({}, profile({ types })));
    if (plan.kind !== 'create') throw new Error(plan.kind);
    expect(plan.writes.slice(-2).map((write) => [write.field, write.after])).toEqual([
      ['Custom.Team', text('Red')],
      ['Microsoft.VSTS.Scheduling.StoryPoints', number(3)],
    ]);
  });

  it('is not made against the profile’s will', () => {
    const skip = (more: object, of = profile()) => {
      const plan = planCreate(input(more, of));
      return plan.kind === 'skip' ? plan.reason : plan.kind;
    };
    expect(skip({}, profile({ direction: 'azure-to-jira' }))).toBe('direction');
    expect(skip({ source: { ...story, type: 'Epic' } })).toBe('type');
    expect(skip({ source: { ...story, restricted: true } })).toBe('restricted');
    expect(skip({ source: { ...story, restricted: true } }, profile({ policies: { restricted: 'sync' } }))).toBe(
      'create',
    );
  });

  it('cannot be made without a title that fits, or of a type that is not there', () => {
    const errors = (more: object, of = profile()) => {
      const plan = planCreate(input(more, of));
      return plan.kind === 'error' ? plan.errors.map(({ code, level }) => `${level} ${code}`) : plan.kind;
    };
    expect(errors({ source: { ...story, fields: { ...story.fields, summary: text('x'.repeat(300)) } } })).toEqual([
      'item too-long',
    ]);
    expect(errors({}, profile({ types: [{ jira: 'Story', azure: 'Requirement' }] }))).toEqual(['item unknown-type']);
    expect(errors({ source: { ...story, type: 'Epic' } }, profile({ policies: { unmappedType: 'error' } }))).toEqual([
      'item unmapped-type',
    ]);
  });

  it('is made without a field that cannot be mapped, which is told', () => {
    const of = profile({ policies: { unmappedUser: 'error' } });
    const plan = planCreate(
      input(
        { source: edit({ jira: story, azure: story, baseline: null }, 'jira', { assignee: user('acc-solo') }).jira },
        of,
      ),
    );
    if (plan.kind !== 'create') throw new Error(plan.kind);
    expect(plan.outcomes.flatMap(({ error }) => (error ? [error.code] : []))).toEqual(['unmapped-user']);
    expect(plan.writes.some((write) => write.field === 'System.AssignedTo')).toBe(false);
  });

  it('leaves out what was refused before', () => {
    const first = planCreate(input());
    if (first.kind !== 'create') throw new Error(first.kind);
    const mapping = 'labels~System.Tags';
    const value = first.writes.find((write) => write.mapping === mapping)?.fingerprint ?? '';
    const rule = first.outcomes.find((outcome) => outcome.mapping === mapping)?.ruleFingerprint ?? '';
    const plan = planCreate(input({ held: { [mapping]: { value, rule } } }));
    expect(plan.kind === 'create' && plan.writes.some((write) => write.mapping === mapping)).toBe(false);
  });
});

describe('the baseline after a create', () => {
  const created = item('azure', { 'System.Title': text('Ship it'), 'Microsoft.VSTS.Common.Priority': number(2) });
  const context = { profile: profile(), key, people, now: 0, jira: story, azure: created, baseline: null };

  it('lets nothing of the untouched counterpart travel back, however little was recorded', () => {
    const baseline = createdBaseline(context, 'jira');
    expect(Object.values(baseline.fields).every((field) => field.jira === neverAgreed)).toBe(true);
    const world = {
      jira: story,
      azure: { ...created, fields: { ...created.fields, 'System.Title': text('Default') } },
      baseline,
    };
    // The default was there when the item was found: recorded as untouched, whatever it is.
    const found = { ...world, baseline: createdBaseline({ ...context, azure: world.azure }, 'jira') };
    for (const conflict of ['jira', 'azure', 'newest', 'ask']) {
      const plan = planPair(inputOf(found, profile({ policies: { conflict, seeding: 'azure' } })));
      expect(plan.operations.every(({ side }) => side === 'azure')).toBe(true);
      expect(lines(plan)).toContain('azure System.Title = Ship it');
    }
  });

  it('holds what the create wrote as agreed, and the rest for the next run', () => {
    const plan = planCreate(input());
    const baseline = settleCreate(context, 'jira', plan);
    expect(baseline.fields['summary~System.Title']?.jira).not.toBe(neverAgreed);
    const next = planPair(inputOf({ jira: story, azure: created, baseline }, profile()));
    // The server dropped the tag and the person without a word; they are not sent a second time.
    expect(lines(next)).toEqual(['azure state New → Active']);
  });

  it('after a create without an answer finishes the counterpart and then has nothing left to do', () => {
    const jira = edit({ jira: story, azure: created, baseline: null }, 'jira', { description: adf('Words') }).jira;
    const world = { jira, azure: created, baseline: createdBaseline({ ...context, jira }, 'jira') };
    const done = apply(world, planPair(inputOf(world, profile())), profile());
    expect(done.azure.state).toBe('Active');
    expect(lines(planPair(inputOf(done, profile())))).toEqual([]);
  });
});
