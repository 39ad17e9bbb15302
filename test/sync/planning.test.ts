import { describe, expect, it } from 'vitest';
import type { FieldSchema, TypeSchema } from '../../backend/src/sync/catalog.ts';
import { type MapContext, mapElement, mapValue } from '../../backend/src/sync/mapping.ts';
import type { BySide, FieldValue, OptionRef, Side } from '../../backend/src/sync/model.ts';
import { buildPeople } from '../../backend/src/sync/people.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import { findNode, newName, relativePath } from '../../backend/src/sync/planning.ts';
import { type FieldRule, fieldRules } from '../../backend/src/sync/rules.ts';
import { settleAll } from '../../backend/src/sync/settle.ts';
import { type SuggestSchema, suggestProfile } from '../../backend/src/sync/suggest.ts';
import { unknownNames } from '../../backend/src/sync/unknown-names.ts';
import { validateProfile } from '../../backend/src/sync/validate-profile.ts';
import { azureCatalog, jiraCatalog } from './catalogs.ts';
import { brief, inputOf, item, key, option, options, profile, user, type World } from './kit.ts';

const SPRINT = 'customfield_10020';
const ITERATION = 'System.IterationPath';
const AREA = 'System.AreaPath';

const field = (id: string, kind: FieldSchema['kind'], native: string, allowed: readonly OptionRef[]): FieldSchema => ({
  id,
  name: id,
  kind,
  native,
  allowed,
  required: false,
  readOnly: false,
});
const withFields = (catalog: SuggestSchema, fields: readonly FieldSchema[]): SuggestSchema => ({
  ...catalog,
  types: catalog.types.map(
    (type): TypeSchema => ({
      ...type,
      fields: [...type.fields.filter(({ id }) => !fields.some((one) => one.id === id)), ...fields],
    }),
  ),
});
const nodes = (...paths: readonly string[]) => paths.map((name) => ({ name }));
const catalogs = {
  jira: withFields(jiraCatalog, [
    field(SPRINT, 'option', 'sprint', [
      { id: '7', name: 'Sprint 21', dates: { start: '2026-11-02', end: '2026-11-13' } },
      { id: '8', name: 'Sprint 22' },
    ]),
    field('components', 'options', 'component', nodes('Billing', 'Devices', 'Tracking')),
    { ...field('resolution', 'option', 'none', nodes('Done', 'Duplicate')), readOnly: true },
  ]),
  azure: withFields(azureCatalog, [
    field(ITERATION, 'option', 'treePath', [
      ...nodes('Tandem\\Release 5', 'Tandem\\Release 5\\Sprint 21', 'Tandem\\Release 6'),
      { name: 'Tandem\\Release 6\\Sprint 21', dates: { start: '2027-01-04', end: '2027-01-15' } },
    ]),
    field(AREA, 'option', 'treePath', nodes('Tandem\\Billing', 'Tandem\\Telematics', 'Tandem\\Telematics\\Devices')),
    field('System.Reason', 'option', 'string', nodes('Completed', 'Duplicate')),
  ]),
};

function ruleOf(mapping: object): { readonly rule: FieldRule; readonly map: MapContext } {
  const { settings } = profile({ fields: [{ kind: 'option', ...mapping }] });
  const [rule] = fieldRules({ settings, key, catalogs }, { jira: 'Story', azure: 'User Story' });
  if (rule === undefined) throw new Error('the mapping makes a rule');
  return { rule, map: { settings, people: buildPeople([], { jira: [], azure: [] }) } };
}
const sprints = (more: object = {}) => ruleOf({ jira: SPRINT, azure: ITERATION, ...more });
const mapped = ({ rule, map }: ReturnType<typeof ruleOf>, from: Side, value: FieldValue | null) => {
  const result = mapValue(rule, from, value, map);
  return result.kind === 'value' ? brief(result.value) : result.kind === 'error' ? result.error.code : result.kind;
};

describe('paths', () => {
  it.each([
    ['Tandem\\A\\B', 'A\\B'],
    ['\\Tandem\\Iteration\\A\\B', 'A\\B'],
    ['\\tandem\\Area\\A', 'A'],
    ['A/B', 'A\\B'],
    ['Tandem', ''],
    ['Tandem\\Iteration', 'Iteration'],
  ])('%s within its project is %s', (path, relative) => {
    expect(relativePath(path, 'Tandem')).toBe(relative);
  });

  it('are found whole, by their only last part, and by their days where the last part stands twice', () => {
    const all = catalogs.azure.types[0]?.fields.find(({ id }) => id === ITERATION)?.allowed ?? [];
    const found = (wanted: OptionRef) => findNode(all, wanted, 'Tandem')?.name;
    expect(found({ name: 'release 5\\sprint 21' })).toBe('Tandem\\Release 5\\Sprint 21');
    expect(found({ name: 'Release 6' })).toBe('Tandem\\Release 6');
    expect(found({ name: 'Sprint 21' })).toBeUndefined();
    expect(found({ name: 'Sprint 21', dates: { start: '2027-01-04', end: '2027-01-15' } })).toBe(
      'Tandem\\Release 6\\Sprint 21',
    );
  });

  it('are not made of names that they may not have', () => {
    const node = { native: 'treePath' };
    expect(newName(node, 'Q1', 'Tandem')).toBe('Tandem\\Q1');
    for (const name of ['a/b', 'a:b', '..', ' ', 'x'.repeat(256)])
      expect(newName(node, name, 'Tandem')).toBeUndefined();
    expect(newName({ native: 'sprint' }, 'Tandem\\Release 6\\Sprint 23', 'Tandem')).toBe('Sprint 23');
    expect(newName({ native: 'sprint' }, 'x'.repeat(30), 'Tandem')).toBeUndefined();
  });
});

describe('sprints and iterations', () => {
  it.each([
    ['azure', 'Tandem\\Release 5\\Sprint 21', 'Sprint 21'],
    ['azure', 'Tandem\\Release 5', 'unmapped-value'],
    ['jira', 'Sprint 22', 'unmapped-value'],
    ['jira', 'Release 6', 'Tandem\\Release 6'],
  ] as const)('from %s, %s is %s', (from, name, expected) => {
    expect(mapped(sprints(), from, option(name))).toBe(expected);
  });

  it('go by the profile’s names first, given with or without the project', () => {
    for (const azure of ['Release 6', 'Tandem\\Release 6', '\\Tandem\\Iteration\\Release 6']) {
      const rule = sprints({ values: [{ jira: 'Sprint 21', azure }] });
      expect(mapped(rule, 'jira', option('Sprint 21'))).toBe('Tandem\\Release 6');
      expect(mapped(rule, 'azure', option('Tandem\\Release 6'))).toBe('Sprint 21');
    }
  });

  it('follow the rule for the unmapped, or are made with the days of the source', () => {
    expect(mapped(sprints({ unmapped: 'skip' }), 'jira', option('Sprint 22'))).toBe('skip');
    const set = { set: { azure: 'Release 5' } };
    expect(mapped(sprints({ unmapped: set }), 'jira', option('Sprint 22'))).toBe('Tandem\\Release 5');
    const { rule } = sprints({ createMissing: true });
    const dates = { start: '2026-12-01', end: '2026-12-12' };
    expect(mapElement(rule, 'jira', { name: 'Sprint 30', dates })).toEqual({
      kind: 'value',
      option: { name: 'Tandem\\Sprint 30', missing: true, dates },
    });
    expect(unknownNames([rule], item('jira', { [SPRINT]: option('Sprint 30') }))).toEqual([
      { key: `${rule.id} azure sprint 30`, missing: true },
    ]);
    expect(unknownNames([rule], item('jira', { [SPRINT]: option('Release 6') }))).toEqual([]);
  });
});

describe('components and the one area', () => {
  const of = profile({ fields: [{ jira: 'components', azure: AREA, kind: 'options', unmapped: 'skip' }] });
  const world = (jira: FieldValue | null, azure: FieldValue | null): World => ({
    jira: item('jira', { components: jira }),
    azure: item('azure', { [AREA]: azure }),
    baseline: null,
  });
  /** Plans and applies; the values after it. */
  const run = (from: World) => {
    const plan = planPair(inputOf(from, of, { catalogs }));
    const next = { jira: from.jira, azure: from.azure };
    for (const operation of plan.operations) {
      if (operation.kind !== 'update') continue;
      const fields = Object.fromEntries(operation.writes.map((write) => [write.field, write.after]));
      next[operation.side] = { ...next[operation.side], fields: { ...next[operation.side].fields, ...fields } };
    }
    const input = inputOf(from, of, { catalogs });
    const baseline = settleAll(input, plan, { jira: next.jira, azure: next.azure });
    return { ...next, baseline };
  };
  const shown = ({ jira, azure }: BySide<ReturnType<typeof item>>) => [
    brief(jira.fields.components ?? null),
    brief(azure.fields[AREA] ?? null),
  ];
  const area = (name: string) => option(`Tandem\\${name}`);

  it('keep what finds no place, and give it the place when it is free', () => {
    let now = run(world(options('Billing', 'Devices'), null));
    expect(shown(now)).toEqual(['Billing, Devices', 'Tandem\\Billing']);
    now = run(now);
    expect(shown(now)).toEqual(['Billing, Devices', 'Tandem\\Billing']);
    now = run({ ...now, jira: item('jira', { components: options('Devices') }) });
    expect(shown(now)).toEqual(['Devices', 'Tandem\\Telematics\\Devices']);
    now = run({ ...now, azure: item('azure', { [AREA]: area('Billing') }) });
    expect(shown(now)).toEqual(['Billing', 'Tandem\\Billing']);
  });

  it('lose neither of two edits', () => {
    const start = run(world(options('Billing'), area('Billing')));
    const both = {
      ...start,
      jira: item('jira', { components: options('Tracking') }),
      azure: item('azure', { [AREA]: area('Telematics\\Devices') }),
    };
    expect(shown(run(both))).toEqual(['Tracking, Devices', 'Tandem\\Telematics\\Devices']);
  });
});

describe('how work ended', () => {
  const of = profile({
    fields: [
      { jira: 'resolution', azure: 'System.Reason', kind: 'option', values: [{ jira: 'Done', azure: 'Completed' }] },
    ],
  });
  const world = (reason: string, state: string) => ({
    jira: item('jira', { resolution: null }),
    azure: item('azure', { 'System.Reason': option(reason) }, state),
    baseline: null,
  });

  it('waits for a change of the state, unless the issue can be edited in it', () => {
    const settings = { ...of, settings: { ...of.settings, policies: { ...of.settings.policies, seeding: 'azure' } } };
    const alone = planPair(inputOf(world('Completed', 'New'), settings as typeof of, { catalogs }));
    expect(alone.operations).toEqual([]);
    expect(alone.outcomes.map(({ error }) => error).filter(Boolean)).toEqual([]);
    expect(alone.needsEditable).toBe(true);
    const given = { catalogs, editable: new Set(['resolution']) };
    expect(planPair(inputOf(world('Completed', 'New'), settings as typeof of, given)).operations).toMatchObject([
      { kind: 'update', side: 'jira', writes: [{ field: 'resolution', after: { option: { name: 'Done' } } }] },
    ]);
    const ended = planPair(inputOf(world('Completed', 'Closed'), settings as typeof of, { catalogs }));
    expect(ended.operations).toMatchObject([
      {
        kind: 'transition',
        side: 'jira',
        to: 'Done',
        settles: ['resolution~System.Reason'],
        along: [{ field: 'resolution', after: { option: { name: 'Done' } } }],
      },
    ]);
  });
});

describe('effort', () => {
  const hours = (units: object, more: object = {}) => {
    const of = profile({
      fields: [{ jira: 'timeestimate', azure: 'Custom.Effort', kind: 'number', units }],
      workingTime: { hoursPerDay: 7.5, daysPerWeek: 4 },
      ...more,
    });
    const jira = item('jira', { timeestimate: { kind: 'number', number: 15 } });
    const azure = item('azure', { 'Custom.Effort': null });
    const [operation] = planPair(inputOf({ jira, azure, baseline: null }, of)).operations;
    return operation?.kind === 'update' ? operation.writes.map(({ after }) => brief(after)) : [];
  };

  it.each([
    [{}, '15'],
    [{ azure: 'minutes' }, '900'],
    [{ azure: 'days' }, '2'],
    [{ azure: 'weeks' }, '0.5'],
    [{ jira: 'days', azure: 'hours' }, '15'],
  ])('%j: 15 hours are %s', (units, expected) => {
    expect(hours(units)).toEqual([expected]);
  });
});

describe('people', () => {
  const people = buildPeople([], {
    jira: [{ id: 'acc-ana', name: 'Ana', email: 'ana@acme.test', assignable: false }],
    azure: [
      { id: 'ana@acme.test', name: 'Ana', email: 'ana@acme.test' },
      { id: 'old@acme.test', name: 'Old', active: false },
    ],
  });
  const ruled = (jira: string, more: object = {}) => {
    const { rule, map } = ruleOf({ jira, azure: 'System.AssignedTo', kind: 'user', unmapped: 'error', ...more });
    return (value: FieldValue) => {
      const result = mapValue(rule, 'azure', value, { ...map, people });
      return result.kind === 'value' ? brief(result.value) : result.kind === 'error' ? result.error.code : result.kind;
    };
  };

  it('who may not be assigned are an error in words, or the default', () => {
    expect(ruled('assignee')(user('ana@acme.test'))).toBe('unassignable-user');
    expect(ruled('assignee', { unmapped: { set: { jira: 'acc-lead' } } })(user('ana@acme.test'))).toBe('acc-lead');
    expect(ruled('reporter')(user('ana@acme.test'))).toBe('acc-ana');
    expect(ruled('assignee')(user('vi@acme.test'))).toBe('unmapped-user');
  });
});

describe('a suggestion', () => {
  it('maps sprints and components where names agree, and leaves the others alone', () => {
    const { settings } = suggestProfile(catalogs.jira, catalogs.azure);
    const mappings = settings.fields.filter(({ azure }) => azure === ITERATION || azure === AREA);
    expect(mappings.map(({ jira, kind, unmapped }) => [jira, kind, unmapped])).toEqual([
      ['components', 'options', 'skip'],
    ]);
    expect(validateProfile(settings, catalogs)).toEqual([]);
    const plain = suggestProfile(jiraCatalog, azureCatalog).settings;
    expect(plain.fields.some(({ azure }) => azure === AREA)).toBe(false);
  });

  it('is checked: names by path, and what can be made', () => {
    const problems = (mapping: object) =>
      validateProfile(profile({ fields: [{ kind: 'option', ...mapping }] }).settings, catalogs)
        .filter(({ path }) => path.startsWith('fields.0'))
        .map(({ path }) => path);
    const values = (azure: string) => [{ jira: 'Sprint 21', azure }];
    const sprint = { jira: SPRINT, azure: ITERATION };
    expect(problems({ ...sprint, values: values('Release 6') })).toEqual([]);
    expect(problems({ ...sprint, values: values('Tandem') })).toEqual([]);
    expect(problems({ ...sprint, values: values('Release 9') })).toEqual(['fields.0.values.0.azure']);
    expect(problems({ ...sprint, values: values('Release 9'), createMissing: true })).toEqual([]);
    expect(problems({ jira: 'priority', azure: 'Custom.Team', createMissing: true })).toEqual([
      'fields.0.createMissing',
    ]);
    expect(problems({ ...sprint, units: { azure: 'days' } })).toEqual(['fields.0.units']);
    expect(problems({ jira: 'resolution', azure: 'System.Reason' })).toEqual([]);
  });
});
