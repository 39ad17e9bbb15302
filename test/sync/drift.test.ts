// Changes of either site after a mapping was made are tasks; what was there when the settings were saved is none.

import { describe, expect, it } from 'vitest';
import { acceptDrift, checkDrift, type DriftCheck, driftTasks } from '../../backend/src/sync/drift.ts';
import type { ProfileSettings } from '../../backend/src/sync/profile.ts';
import type { Schemas } from '../../backend/src/sync/profile-problems.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';
import { profile } from './kit.ts';

const settings: ProfileSettings = profile().settings;
/** The catalogs of these tests lack one state that the profile maps. */
const review = { name: 'In Review', category: 'active' } as const;
const known: Schemas = {
  jira: { ...jiraCatalog, types: jiraCatalog.types.map((type) => ({ ...type, states: [...type.states, review] })) },
  azure: azureCatalog,
};
type Type = Schemas['jira']['types'][number];
const [firstType] = settings.types;

const first = (now = 1, revision = 1, schemas = known, before: DriftCheck | null = null, of = settings) =>
  checkDrift(of, schemas, before, { revision, now });
const changed = (change: (type: Type) => Type): Schemas => ({
  ...known,
  jira: { ...known.jira, types: known.jira.types.map((type) => (type.name === firstType?.jira ? change(type) : type)) },
});

describe('the drift watch', () => {
  it('finds nothing to do in what was there when the mapping was made', () => {
    expect(driftTasks(first(2, 1, known, first()))).toEqual([]);
  });

  it.each([
    [
      'a new status',
      changed((type) => ({ ...type, states: [...type.states, { name: 'Parked', category: 'active' }] })),
      'warning',
      'The state "Parked"',
    ],
    [
      'a field that was taken away',
      changed((type) => ({ ...type, fields: type.fields.filter(({ id }) => id !== 'summary') })),
      'warning',
      'no longer has the field "summary"',
    ],
    [
      'a field that became required',
      changed((type) => ({
        ...type,
        fields: [
          ...type.fields,
          { id: 'customfield_1', name: 'Cost center', kind: 'text', required: true, readOnly: false },
        ],
      })),
      'error',
      'requires "Cost center"',
    ],
    [
      'a type that was taken away',
      { ...known, jira: { ...known.jira, types: known.jira.types.filter(({ name }) => name !== firstType?.jira) } },
      'error',
      'has no type',
    ],
    [
      'a new type',
      { ...known, azure: { ...known.azure, types: [...known.azure.types, { ...known.azure.types[0], name: 'Risk' }] } },
      'warning',
      'The type "Risk" of Azure DevOps is not mapped.',
    ],
  ] as [string, Schemas, string, string][])('tells of %s until it is gone again', (_, schemas, level, words) => {
    const after = first(5, 1, schemas, first());
    expect(driftTasks(after)).toContainEqual(
      expect.objectContaining({ level, since: 5, problem: expect.stringContaining(words) }),
    );
    const later = first(9, 1, schemas, after);
    expect(driftTasks(later).map(({ since }) => since)).toEqual(driftTasks(after).map(() => 5));
    expect(driftTasks(first(12, 1, known, later))).toEqual([]);
  });

  it('tells of an account that was closed, and of one that is gone', () => {
    const person = { id: 'u-1', name: 'Ana', email: 'ana@acme.example' };
    const of = { ...settings, users: [{ jira: 'u-1', azure: 'ana@acme.example' }] };
    const people = (jira: object[]): Schemas => ({
      jira: { ...known.jira, people: jira as Schemas['jira']['people'] },
      azure: { ...known.azure, people: [{ id: 'ana@acme.example', name: 'Ana' }] },
    });
    const before = first(1, 1, people([person]), null, of);
    const problems = (jira: object[]) =>
      driftTasks(first(2, 1, people(jira), before, of)).map(({ problem }) => problem);
    expect(problems([person])).toEqual([]);
    expect(problems([{ ...person, active: false }])).toEqual(['The account of Ana in Jira was closed.']);
    expect(problems([])).toEqual(['Jira lists nobody as "u-1".']);
  });

  it('counts what was accepted, or saved over, as known, but for errors', () => {
    const parked = changed((type) => ({ ...type, states: [...type.states, { name: 'Parked', category: 'active' }] }));
    const drifted = first(2, 1, parked, first());
    expect(driftTasks(drifted)).toHaveLength(1);
    expect(driftTasks(first(3, 1, parked, acceptDrift(drifted)))).toEqual([]);
    expect(driftTasks(first(3, 2, parked, drifted))).toEqual([]);
    const broken = changed((type) => ({ ...type, states: [] }));
    const gone: Schemas = { ...broken, azure: { ...known.azure, types: [] } };
    const left = driftTasks(acceptDrift(first(2, 1, gone, first())));
    expect(new Set(left.map(({ level }) => level))).toEqual(new Set(['error']));
  });
});
