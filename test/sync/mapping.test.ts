import { describe, expect, it } from 'vitest';
import { mapType } from '../../backend/src/sync/mapping.ts';
import type { FieldValue } from '../../backend/src/sync/model.ts';
import { planPair } from '../../backend/src/sync/plan-pair.ts';
import {
  adf,
  agreed,
  date,
  dateTime,
  edit,
  errorFor,
  html,
  inputOf,
  item,
  lines,
  number,
  option,
  options,
  profile,
  ruleFor,
  sync,
  text,
  user,
} from './kit.ts';

/** What arrives on the other side when a linked pair is seeded from a value. */
function travels(
  from: 'jira' | 'azure',
  field: readonly [jira: string, azure: string],
  value: FieldValue,
  settings: Record<string, unknown> = {},
): string {
  const { mapping: more, ...rest } = settings;
  const mapping = { jira: field[0], azure: field[1], ...(more as object) };
  const of = profile({
    ...rest,
    fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }, mapping],
    policies: { seeding: from, ...(settings.policies as object) },
  });
  const world = {
    jira: item('jira', { [field[0]]: from === 'jira' ? value : null }),
    azure: item('azure', { [field[1]]: from === 'azure' ? value : null }),
    baseline: null,
  };
  const plan = planPair(inputOf(world, of));
  const [line] = lines(plan);
  return errorFor(plan, field[0]) ?? line?.replace(/^\w+ \S+ = /, '') ?? 'nothing';
}

const custom = ['customfield_1', 'Custom.Field'] as const;

describe('values across', () => {
  it.each([
    ['a text', text('Zürich 日本'), 'text', 'Zürich 日本'],
    ['a number', number(2.5), 'number', '2.5'],
    ['an option by its own name', option('Red'), 'option', 'Red'],
    ['an address', { kind: 'url', url: 'https://acme.test/a?b=c' }, 'url', 'https://acme.test/a?b=c'],
    ['a truth', { kind: 'boolean', boolean: true }, 'boolean', 'true'],
    ['several options', options('Red', 'Blue'), 'options', 'Red, Blue'],
    ['a day', date('2026-03-29'), 'date', '2026-03-29'],
  ] as const)('%s', (_, value, kind, expected) => {
    expect(travels('jira', custom, value as FieldValue, { mapping: { kind } })).toBe(expected);
  });

  it('a person by e-mail, by the profile’s pairs, and by nothing else', () => {
    const as = (id: string, email?: string) =>
      travels('jira', ['assignee', 'System.AssignedTo'], user(id, 'Ana', email), {
        mapping: { kind: 'user' },
        policies: { unmappedUser: 'error' },
      });
    expect([as('acc-ana'), as('unseen', 'ANA@acme.test'), as('acc-dora'), as('acc-other')]).toEqual([
      'ana@acme.test',
      'ana@acme.test',
      'dora.b@acme.test',
      'unmapped-user',
    ]);
  });

  it('a person without an account there: left out, told, or replaced', () => {
    const as = (unmapped: unknown) =>
      travels('jira', ['assignee', 'System.AssignedTo'], user('acc-solo'), { mapping: { kind: 'user', unmapped } });
    expect(as('skip')).toBe('nothing');
    expect(as('error')).toBe('unmapped-user');
    expect(as({ set: { azure: 'vi@acme.test' } })).toBe('vi@acme.test');
    expect(as({ set: { jira: 'acc-ana' } })).toBe('nothing');
  });

  it('a person as text', () => {
    const mapping = { kind: 'text', direction: 'jira-to-azure' };
    expect(travels('jira', ['reporter', 'Custom.Reporter'], user('acc-ana', 'Ana Aalto'), { mapping })).toBe(
      'Ana Aalto',
    );
  });

  it('an unlisted value: told, left out, or replaced', () => {
    const values = [{ jira: 'Red', azure: '1' }];
    const as = (unmapped: unknown) =>
      travels('jira', custom, option('Pink'), { mapping: { kind: 'option', values, unmapped } });
    expect(as(undefined)).toBe('unmapped-value');
    expect(as('skip')).toBe('nothing');
    expect(as({ set: { azure: '9' } })).toBe('9');
  });

  it('names in value pairs in another case', () => {
    const values = [{ jira: 'red', azure: 'ROT' }];
    expect(travels('jira', custom, option('Red'), { mapping: { kind: 'option', values } })).toBe('ROT');
  });

  it('a title with line breaks as one line, a title that is too long as an error', () => {
    const as = (title: string) =>
      travels('azure', ['environment_text', 'Custom.Plain'], text(title), { mapping: { kind: 'text' } });
    expect(as('one\r\n two')).toBe('one two');
    expect(as('x'.repeat(255))).toHaveLength(255);
    expect(as('x'.repeat(256))).toBe('too-long');
  });

  it('a text of more than 32,767 characters is never cut', () => {
    const as = (length: number) =>
      travels('azure', ['description', 'System.Description'], html(`<p>${'x'.repeat(length)}</p>`), {
        mapping: { kind: 'richText' },
      });
    expect(as(32_768)).toBe('too-long');
    expect(as(32_767)).not.toBe('too-long');
  });
});

describe('values that mean the same', () => {
  it.each([
    ['a second state of one counterpart', item('jira', {}, 'In Review'), item('azure', {}, 'Active')],
    ['a second counterpart of one state', item('jira', {}, 'Done'), item('azure', {}, 'Resolved')],
    [
      'a moment on a day of the profile’s zone',
      item('jira', { duedate: date('2026-03-29') }),
      item('azure', { 'Microsoft.VSTS.Scheduling.DueDate': dateTime('2026-03-28T23:30:00Z') }),
    ],
    [
      'texts in two Unicode forms',
      item('jira', { summary: text('e\u0301') }),
      item('azure', { 'System.Title': text('é') }),
    ],
    [
      'rich texts',
      item('jira', { description: adf('One', 'Two') }),
      item('azure', { 'System.Description': html('<div><p>One</p><p>Two</p></div>') }),
    ],
    [
      'a label for a tag with spaces',
      item('jira', { labels: options('needs_review') }),
      item('azure', { 'System.Tags': options('Needs Review'.toLowerCase()) }),
    ],
    [
      'tags in another case',
      item('jira', { labels: options('API') }),
      item('azure', { 'System.Tags': options('api') }),
    ],
    ['an empty text and none', item('jira', { summary: text(' ') }), item('azure', { 'System.Title': null })],
  ])('%s', (_, jira, azure) => {
    const of = profile({ timeZone: 'Europe/Berlin' });
    const plan = planPair(inputOf({ jira, azure, baseline: null }, of));
    expect(lines(plan)).toEqual([]);
    expect(plan.outcomes.every((outcome) => outcome.rule === 'adopted')).toBe(true);
  });

  it('a day becomes its first moment in the profile’s zone, and comes back as the same day', () => {
    const of = profile({ timeZone: 'America/Sao_Paulo' });
    const due = 'Microsoft.VSTS.Scheduling.DueDate';
    const world = agreed(
      of,
      item('jira', { duedate: date('2026-11-24') }),
      item('azure', { [due]: dateTime('2020-01-01T12:00:00Z') }),
    );
    expect(world.azure.fields[due]).toEqual(dateTime('2026-11-24T03:00:00.000Z'));
    const moved = sync(edit(world, 'azure', { [due]: dateTime('2026-12-25T02:59:59Z') }), of).world;
    expect(moved.jira.fields.duedate).toEqual(date('2026-12-24'));
  });

  it('moving within the same day is no change for the other side', () => {
    const of = profile({ timeZone: 'Europe/Berlin' });
    const due = 'Microsoft.VSTS.Scheduling.DueDate';
    const world = agreed(
      of,
      item('jira', { duedate: date('2026-11-24') }),
      item('azure', { [due]: dateTime('2026-11-24T10:00:00Z') }),
    );
    expect(
      ruleFor(planPair(inputOf(edit(world, 'azure', { [due]: dateTime('2026-11-24T18:00:00Z') }), of)), 'duedate'),
    ).toBe('unchanged');
  });
});

describe('states', () => {
  const of = profile();

  it('go along with the fields in Azure DevOps and as a transition in Jira', () => {
    const start = agreed(of);
    expect(lines(planPair(inputOf(edit(start, 'jira', { summary: text('New title') }, 'In Progress'), of)))).toEqual([
      'azure System.Title = New title',
      'azure state New → Active',
    ]);
    expect(lines(planPair(inputOf(edit(start, 'azure', {}, 'Closed'), of)))).toEqual(['jira transition To Do → Done']);
  });

  it('that map to where the other side is already move nothing', () => {
    const active = sync(edit(agreed(of), 'jira', {}, 'In Progress'), of).world;
    expect(lines(planPair(inputOf(edit(active, 'jira', {}, 'In Review'), of)))).toEqual([]);
  });

  it('without a counterpart are an error, unless the profile skips unmapped values', () => {
    const blocked = edit(agreed(of), 'jira', {}, 'Blocked');
    expect(errorFor(planPair(inputOf(blocked, of)), 'status')).toBe('unmapped-state');
    const lenient = profile({ policies: { unmappedValue: 'skip' } });
    expect(
      errorFor(planPair(inputOf(edit(agreed(lenient), 'jira', {}, 'Blocked'), lenient)), 'status'),
    ).toBeUndefined();
  });

  it('stay on their side when the profile says so', () => {
    const oneWay = profile({ states: { direction: 'azure-to-jira' } });
    expect(lines(planPair(inputOf(edit(agreed(oneWay), 'jira', {}, 'Done'), oneWay)))).toEqual([]);
  });
});

describe('a value without a counterpart', () => {
  it('does not keep the other side’s edits from coming', () => {
    const of = profile();
    const start = agreed(of, item('jira', { assignee: user('acc-solo') }));
    expect(start.azure.fields['System.AssignedTo']).toBeNull();
    const assigned = sync(edit(start, 'azure', { 'System.AssignedTo': user('ana@acme.test') }), of);
    expect(lines(assigned.plan)).toEqual(['jira assignee = acc-ana']);
  });

  it('is not emptied by the seeding of a side that could never have held it', () => {
    const of = profile();
    const start = agreed(of, item('jira'), item('azure', { 'System.AssignedTo': user('vi@acme.test') }));
    expect(start.azure.fields['System.AssignedTo']).toEqual(user('vi@acme.test'));
    const taken = sync(edit(start, 'jira', { assignee: user('acc-ana') }), of).world;
    expect(taken.azure.fields['System.AssignedTo']).toMatchObject({ user: { id: 'ana@acme.test' } });
  });

  it('travels once the mapping has one', () => {
    const of = profile();
    const start = agreed(of, item('jira', { assignee: user('acc-solo') }));
    const known = inputOf(start, of).people;
    const vi = { id: 'vi@acme.test', name: 'Vi Azure' };
    const people = { ...known, to: { ...known.to, azure: new Map([...known.to.azure, ['acc-solo', vi]]) } };
    expect(lines(planPair(inputOf(start, of, { people })))).toEqual(['azure System.AssignedTo = vi@acme.test']);
  });
});

describe('fields that an item does not have', () => {
  it('are not emptied on the other side', () => {
    const of = profile();
    const start = agreed(of, item('jira', { customfield_10016: number(5) }));
    const { customfield_10016: _, ...rest } = start.jira.fields;
    const plan = planPair(inputOf({ ...start, jira: { ...start.jira, fields: rest } }, of));
    expect(lines(plan)).toEqual([]);
  });
});

describe('types', () => {
  it('map both ways, whatever their case, and follow the policy where they have no counterpart', () => {
    const { settings } = profile();
    expect(mapType(settings, 'jira', 'Story')).toEqual({ kind: 'type', type: 'User Story' });
    expect(mapType(settings, 'azure', 'user story')).toEqual({ kind: 'type', type: 'Story' });
    expect(mapType(settings, 'jira', 'Epic')).toEqual({ kind: 'skip' });
    const strict = profile({ policies: { unmappedType: 'error' } }).settings;
    expect(mapType(strict, 'jira', 'Epic')).toMatchObject({
      kind: 'error',
      error: { code: 'unmapped-type', value: 'Epic' },
    });
  });
});
