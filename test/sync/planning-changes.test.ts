// What changed of sprints, versions and iterations, and what of it the other side follows: the table in sync/planning-changes.ts.

import { describe, expect, it } from 'vitest';
import type { OptionRef } from '../../backend/src/sync/model.ts';
import { nodeChanges } from '../../backend/src/sync/planning-changes.ts';
import { profile } from './kit.ts';

const schema = (id: string, native: string, allowed: readonly OptionRef[]) => ({
  types: [
    {
      id: '1',
      name: 'Any',
      subtask: false,
      states: [],
      fields: [{ id, name: id, kind: 'option' as const, native, required: false, readOnly: false, allowed }],
    },
  ],
});
const catalogs = (jira: readonly OptionRef[], azure: readonly OptionRef[], native = 'sprint') => ({
  jira: schema('sprint', native, jira),
  azure: schema('System.IterationPath', 'treePath', azure),
});
const first = { start: '2027-01-04', end: '2027-01-15' };
const later = { start: '2027-01-11', end: '2027-01-22' };
const latest = { start: '2027-02-01', end: '2027-02-12' };
const sprint = (name = 'Sprint 1', dates: OptionRef['dates'] = first): OptionRef => ({ id: '7', name, dates });
const node = (path = 'Sprint 1', dates: OptionRef['dates'] = first): OptionRef => ({
  id: '90',
  name: `Tandem\\${path}`,
  dates,
});
const settings = (mapping: object = {}, policies: Record<string, unknown> = {}) =>
  profile({
    fields: [{ jira: 'sprint', azure: 'System.IterationPath', kind: 'option', createMissing: true, ...mapping }],
    policies,
  }).settings;
const told = (
  given: ReturnType<typeof settings>,
  jira: OptionRef,
  azure: OptionRef,
  before = catalogs([sprint()], [node()]),
) => nodeChanges(given, before, catalogs([jira], [azure])).map(({ side, name, dates }) => [side, name, dates?.start]);

describe('days', () => {
  it.each([
    ['no side', first, first, {}, []],
    ['Jira', later, first, {}, [['azure', undefined, later.start]]],
    ['Azure DevOps', first, later, {}, [['jira', undefined, later.start]]],
    ['both alike', later, later, {}, []],
    ['both; Jira wins', later, latest, {}, [['azure', undefined, later.start]]],
    ['both; Azure DevOps wins', later, latest, { conflict: 'azure' }, [['jira', undefined, latest.start]]],
    ['Jira, which may not travel', later, first, { direction: 'azure-to-jira' }, []],
    ['Jira, where nothing is made', later, first, { createMissing: false }, []],
  ])('that %s changed', (_, jira, azure, mapping, expected) => {
    expect(told(settings(mapping), sprint('Sprint 1', jira), node('Sprint 1', azure))).toEqual(expected);
  });

  it('of a version travel too; one day alone does not', () => {
    const before = catalogs([sprint()], [node()], 'version');
    const change = (dates: OptionRef['dates']) =>
      nodeChanges(settings(), before, catalogs([sprint('Sprint 1', dates)], [node()], 'version'));
    expect(change(later)).toMatchObject([{ side: 'azure', native: 'treePath', dates: later }]);
    expect(change({ end: '2027-05-01' })).toEqual([]);
  });

  it('of one that stands for several stay', () => {
    const twice = [sprint(), { id: '8', name: 'SPRINT 1', dates: first }];
    const now = catalogs([sprint('Sprint 1', later), ...twice.slice(1)], [node()]);
    expect(nodeChanges(settings(), catalogs(twice, [node()]), now)).toEqual([]);
  });
});

describe('a name', () => {
  it.each([
    ['in Jira', 'Sprint 1b', 'Sprint 1', [['azure', 'Sprint 1b', undefined]]],
    ['in Azure DevOps', 'Sprint 1', 'Sprint 1c', [['jira', 'Sprint 1c', undefined]]],
    ['on both sides', 'Sprint 1b', 'Sprint 1c', []],
    ['that a path can not have', 'Sprint 1/2', 'Sprint 1', []],
    ['of the iteration above', 'Sprint 1', 'Release\\Sprint 1', []],
  ])('changed %s', (_, jira, azure, expected) => {
    expect(told(settings(), sprint(jira), node(azure))).toEqual(expected);
  });

  it('that is taken, or that the profile maps, stays', () => {
    const before = catalogs([sprint()], [node()]);
    const taken = catalogs([sprint('Sprint 2')], [node(), { id: '91', name: 'Tandem\\Sprint 2' }]);
    expect(nodeChanges(settings(), before, taken)).toEqual([]);
    const mapped = settings({ values: [{ jira: 'Sprint 1', azure: 'Sprint 1' }] });
    expect(told(mapped, sprint('Sprint 1b'), node())).toEqual([]);
  });

  it('keeps the path above it', () => {
    const before = catalogs([sprint()], [node('Release\\Sprint 1')]);
    expect(told(settings(), sprint('Sprint 9'), node('Release\\Sprint 1'), before)).toEqual([
      ['azure', 'Sprint 9', undefined],
    ]);
  });
});
