import { describe, expect, it } from 'vitest';
import { planJson, showPlan } from '../../backend/src/sync/diff.ts';
import { planCreate } from '../../backend/src/sync/plan-create.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import {
  adf,
  agreed,
  date,
  dateTime,
  edit,
  inputOf,
  item,
  key,
  number,
  option,
  options,
  people,
  profile,
  text,
  user,
} from './kit.ts';

const of = profile({ policies: { conflict: 'ask', unmappedUser: 'error' } });

const edited = () => {
  const world = agreed(
    of,
    item('jira', {
      summary: text('Old title'),
      description: adf('One', 'Two', 'Three', 'Four'),
      labels: options('api'),
    }),
  );
  const jira = {
    summary: text('New "title"'),
    description: adf('One', 'Two', 'Three', 'Four!'),
    labels: options('api', 'ui'),
    assignee: user('acc-solo'),
    customfield_10016: number(3),
  };
  const azure = { 'Microsoft.VSTS.Scheduling.StoryPoints': number(5), 'Microsoft.VSTS.Common.Priority': number(1) };
  return planPair(inputOf(edit(edit(world, 'jira', jira, 'In Progress'), 'azure', azure), of));
};

describe('a plan', () => {
  it('reads as a diff: what is written where, why, and what is wrong', () => {
    expect(showPlan(edited(), { jira: 'TAN-1', azure: '51' })).toBe(
      [
        'TAN-1 ↔ 51',
        '  Jira: update',
        '    priority: (empty) → Highest  (changed in Azure DevOps)',
        '  Azure DevOps: update',
        '    System.Title: "Old title" → "New \\"title\\""  (changed in Jira)',
        '    System.Description:  (changed in Jira)',
        '        …',
        '        Three',
        '      - Four',
        '      + Four!',
        '    System.Tags: api → api; ui  (changed in Jira)',
        '    State: New → Active  (changed in Jira)',
        '  ! unmapped-user: The person in System.AssignedTo has no account on the other side that Tandem knows of. Map the person, or set a default in the profile.',
        '  ! conflict: customfield_10016 was changed on both sides. Choose which value stays.',
      ].join('\n'),
    );
  });

  it('shows the day where days are compared, whatever moment a side keeps', () => {
    const berlin = profile({ timeZone: 'Europe/Berlin' });
    const due = 'Microsoft.VSTS.Scheduling.DueDate';
    const before = item('azure', { [due]: dateTime('2026-12-23T23:00:00.000Z') });
    const world = edit(agreed(berlin, item('jira', { duedate: date('2026-12-24') }), before), 'jira', {
      duedate: date('2026-12-28'),
    });
    expect(showPlan(planPair(inputOf(world, berlin)))).toContain(`${due}: 2026-12-24 → 2026-12-28  (changed in Jira)`);
  });

  it('shows links by the keys of their other ends', () => {
    const link = { kind: 'add-link', side: 'jira', type: 'Blocks', direction: 'inward', target: 'TAN-3' } as const;
    const operations = [link, { ...link, kind: 'remove-link', direction: 'outward' } as const];
    expect(showPlan({ operations, outcomes: [], errors: [], needsHistory: [] })).toBe(
      '  Jira: link TAN-3 Blocks this\n  Jira: remove the link Blocks TAN-3',
    );
  });

  it('with nothing to do says nothing', () => {
    expect(showPlan(planPair(inputOf(agreed(of), of)), { jira: 'TAN-1' })).toBe('');
  });

  it('says when the history has to decide', () => {
    const newest = profile();
    const both = edit(edit(agreed(newest), 'jira', { summary: text('A') }), 'azure', { 'System.Title': text('B') });
    expect(showPlan(planPair(inputOf(both, newest)))).toBe(
      '  the history of Jira decides\n  the history of Azure DevOps decides',
    );
  });

  it('of a creation shows the type, the fields and the state after it', () => {
    const source = item('jira', { summary: text('Ship it'), priority: option('High') }, 'In Progress');
    expect(showPlan(planCreate({ profile: of, key, people, now: 0, source }))).toBe(
      [
        '  Azure DevOps: create User Story',
        '    System.Title: (empty) → "Ship it"  (new item)',
        '    Microsoft.VSTS.Common.Priority: (empty) → 2  (new item)',
        '  Azure DevOps: move from (new) to Active  (new item)',
      ].join('\n'),
    );
    const epic = { ...source, type: 'Epic' };
    expect(showPlan(planCreate({ profile: of, key, people, now: 0, source: epic }))).toBe(
      '  left alone: its type has no counterpart in the profile',
    );
  });

  it('as JSON holds values, rules and errors, and no fingerprints', () => {
    const json = planJson(edited());
    expect(json.operations.map(({ kind, side }) => [kind, side])).toEqual([
      ['update', 'jira'],
      ['update', 'azure'],
    ]);
    expect(json.operations[1]).toMatchObject({ state: { from: 'New', to: 'Active', rule: 'jira-changed' } });
    expect(json.errors.map(({ code, field }) => [code, field])).toEqual([
      ['unmapped-user', 'System.AssignedTo'],
      ['conflict', 'customfield_10016'],
    ]);
    expect(JSON.stringify(json)).not.toContain('ingerprint');
  });
});
