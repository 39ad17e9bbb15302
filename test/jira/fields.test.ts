// Values of fields between Jira's JSON and the side-neutral form.

import { describe, expect, it } from 'vitest';
import { encodeFields } from '../../backend/src/jira/encode-fields.ts';
import { kindOf, type OptionForm, optionForm } from '../../backend/src/jira/field-kinds.ts';
import { decodeField, encodeField } from '../../backend/src/jira/fields.ts';
import type { JiraFieldDef } from '../../backend/src/jira/schemas.ts';
import { parseJiraTime, toIso, toJiraTime } from '../../backend/src/jira/times.ts';
import type { FieldKind, FieldValue } from '../../backend/src/sync/model.ts';
import fc from '../property.ts';

const types = 'com.atlassian.jira.plugin.system.customfieldtypes';
const doc = { version: 1, type: 'doc', content: [{ type: 'paragraph', content: [{ type: 'text', text: 'ü' }] }] };
const user = { accountId: '5b10:aa', displayName: 'Ada “the first”', emailAddress: 'ada@example.com', active: true };

const table: readonly [string, string, unknown, FieldKind | undefined, FieldValue | null | undefined][] = [
  ['a summary that reads as a date', 'summary', '2026-01-05', 'text', { kind: 'text', text: '2026-01-05' }],
  ['a custom text that reads as a date', 'customfield_1', '2026-01-05', 'text', { kind: 'text', text: '2026-01-05' }],
  ['a due date', 'duedate', '2026-01-05', 'date', { kind: 'date', date: '2026-01-05' }],
  [
    'a due date that the profile compares as a date-time',
    'duedate',
    '2026-01-05',
    'dateTime',
    { kind: 'date', date: '2026-01-05' },
  ],
  ['a date picker', 'customfield_1', '2026-01-05', 'date', { kind: 'date', date: '2026-01-05' }],
  [
    'a time in the zone of the caller',
    'customfield_1',
    '2026-01-05T03:30:00.000+1100',
    'dateTime',
    { kind: 'dateTime', dateTime: '2026-01-04T16:30:00.000Z' },
  ],
  ['rich text', 'description', doc, 'richText', { kind: 'richText', format: 'adf', adf: doc }],
  ['an empty description', 'description', null, 'richText', null],
  ['an empty text', 'customfield_1', '', 'text', null],
  ['story points', 'customfield_1', 0, 'number', { kind: 'number', number: 0 }],
  ['an estimate, seconds in Jira', 'timeoriginalestimate', 5400, 'number', { kind: 'number', number: 1.5 }],
  [
    'a priority',
    'priority',
    { id: '2', name: 'High', iconUrl: 'x' },
    'option',
    { kind: 'option', option: { id: '2', name: 'High' } },
  ],
  [
    'a select',
    'customfield_1',
    { id: '10', value: 'Web' },
    'option',
    { kind: 'option', option: { id: '10', name: 'Web' } },
  ],
  ['labels', 'labels', ['b', 'a'], 'options', { kind: 'options', options: [{ name: 'b' }, { name: 'a' }] }],
  ['no labels', 'labels', [], 'options', null],
  [
    'versions',
    'fixVersions',
    [{ id: '1', name: '1.0' }],
    'options',
    { kind: 'options', options: [{ id: '1', name: '1.0' }] },
  ],
  [
    'a person',
    'assignee',
    user,
    'user',
    { kind: 'user', user: { id: '5b10:aa', name: 'Ada “the first”', email: 'ada@example.com', active: true } },
  ],
  [
    'a person whose e-mail is hidden',
    'assignee',
    { accountId: 'x', displayName: 'X' },
    'user',
    { kind: 'user', user: { id: 'x', name: 'X' } },
  ],
  [
    'a deleted account without a name',
    'assignee',
    { accountId: 'x' },
    'user',
    { kind: 'user', user: { id: 'x', name: 'x' } },
  ],
  ['an address', 'customfield_1', 'https://a.example/?q=1', 'url', { kind: 'url', url: 'https://a.example/?q=1' }],
  ['a cascading select', 'customfield_1', { id: '1', value: 'A', child: { id: '2', value: 'B' } }, 'option', undefined],
  ['several people', 'customfield_1', [user], 'options', undefined],
];

describe('decoding', () => {
  it.each(table)('%s', (_, id, raw, kind, value) => {
    expect(decodeField(id, raw, kind)).toEqual(value);
  });
});

describe('encoding', () => {
  it.each<[string, string, FieldValue | null, OptionForm, unknown]>([
    ['a priority by id', 'priority', { kind: 'option', option: { id: '2', name: 'High' } }, 'name', { id: '2' }],
    ['a priority by name', 'priority', { kind: 'option', option: { name: 'High' } }, 'name', { name: 'High' }],
    ['a select by value', 'customfield_1', { kind: 'option', option: { name: 'Web' } }, 'value', { value: 'Web' }],
    [
      'labels as words, whatever ids they have',
      'labels',
      { kind: 'options', options: [{ id: '9', name: 'a' }] },
      'string',
      ['a'],
    ],
    ['empty labels as an empty list', 'labels', null, 'string', []],
    ['no versions as an empty list', 'fixVersions', null, 'name', []],
    ['no priority as null', 'priority', null, 'name', null],
    ['a person by account id', 'assignee', { kind: 'user', user: { id: 'x', name: 'X' } }, 'name', { accountId: 'x' }],
    [
      'a time with an offset',
      'customfield_1',
      { kind: 'dateTime', dateTime: '2026-01-04T16:30:00Z' },
      'value',
      '2026-01-04T16:30:00.000+0000',
    ],
    ['rich text as it is', 'description', { kind: 'richText', format: 'adf', adf: doc }, 'name', doc],
  ])('%s', (_, field, value, form, raw) => {
    expect(encodeField(field, value, form)).toEqual(raw);
  });

  it('refuses HTML for Jira', () => {
    expect(() => encodeField('description', { kind: 'richText', format: 'html', text: '<p>x' }, 'name')).toThrow(/ADF/);
  });

  it('returns what it read, for every plain value', () => {
    const values = fc.oneof(
      fc.string({ minLength: 1, unit: 'grapheme' }).map((text): FieldValue => ({ kind: 'text', text })),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((number): FieldValue => ({ kind: 'number', number })),
      fc.boolean().map((boolean): FieldValue => ({ kind: 'boolean', boolean })),
      fc
        .date({ min: new Date(0), max: new Date('2100-01-01'), noInvalidDate: true })
        .map((date): FieldValue => ({ kind: 'dateTime', dateTime: date.toISOString() })),
    );
    fc.assert(
      fc.property(values, (value) => {
        expect(decodeField('customfield_1', encodeField('customfield_1', value, 'value'), value.kind)).toEqual(value);
      }),
    );
  });
});

describe('the body of a write', () => {
  const defs = new Map<string, JiraFieldDef>([
    [
      'customfield_1',
      {
        id: 'customfield_1',
        name: 'Platforms',
        schema: { type: 'array', items: 'option', system: undefined, custom: `${types}:multiselect` },
      },
    ],
    [
      'customfield_2',
      {
        id: 'customfield_2',
        name: 'Teams',
        schema: { type: 'array', items: 'string', system: undefined, custom: `${types}:labels` },
      },
    ],
    [
      'customfield_3',
      {
        id: 'customfield_3',
        name: 'Note',
        schema: { type: 'string', items: undefined, system: undefined, custom: `${types}:textfield` },
      },
    ],
  ]);
  let asked = 0;
  const client = {
    fieldDefs: async () => {
      asked += 1;
      return defs;
    },
  };
  const options = (...names: string[]): FieldValue => ({ kind: 'options', options: names.map((name) => ({ name })) });

  it('tells custom choices from custom labels by the site’s field list', async () => {
    const body = await encodeFields(
      client,
      [
        { field: 'customfield_1', value: options('Web') },
        { field: 'customfield_2', value: options('core') },
        { field: 'customfield_2x', value: null },
      ],
      'edit',
    );
    expect(body).toEqual({
      fields: { customfield_1: [{ value: 'Web' }], customfield_2: ['core'], customfield_2x: null },
    });
  });

  it('does not ask for the list when no custom choice is written', async () => {
    asked = 0;
    await encodeFields(
      client,
      [
        { field: 'summary', value: { kind: 'text', text: 'x' } },
        { field: 'labels', value: options('a') },
      ],
      'edit',
    );
    expect(asked).toBe(0);
  });

  it('fits a fixed value of a type mapping to the kind of its field', async () => {
    const body = await encodeFields(
      client,
      [{ field: 'customfield_3', value: { kind: 'option', option: { name: 'none' } } }],
      'edit',
    );
    expect(body).toEqual({ fields: { customfield_3: 'none' } });
  });

  it('edits one estimate without emptying the other', async () => {
    const estimate = [{ field: 'timeoriginalestimate', value: { kind: 'number', number: 1.5 } as const }];
    expect(await encodeFields(client, estimate, 'edit')).toEqual({
      fields: {},
      update: { timetracking: [{ edit: { originalEstimate: '90m' } }] },
    });
    expect(await encodeFields(client, estimate, 'set')).toEqual({
      fields: { timetracking: { originalEstimate: '90m' } },
    });
  });
});

describe('kinds', () => {
  const schema = (type: string, items?: string, custom?: string) => ({ type, items, system: undefined, custom });
  it.each<[string, string, ReturnType<typeof schema>, FieldKind | 'unsupported', OptionForm | null]>([
    ['labels', 'labels', schema('array', 'string'), 'options', 'string'],
    ['custom labels', 'customfield_1', schema('array', 'string', `${types}:labels`), 'options', 'string'],
    ['multi-select', 'customfield_1', schema('array', 'option', `${types}:multiselect`), 'options', 'value'],
    ['select', 'customfield_1', schema('option', undefined, `${types}:select`), 'option', 'value'],
    ['version picker', 'customfield_1', schema('array', 'version', `${types}:multiversion`), 'options', 'name'],
    ['text area', 'customfield_1', schema('string', undefined, `${types}:textarea`), 'richText', null],
    [
      'story points of a team-managed project',
      'customfield_1',
      schema('number', undefined, 'com.pyxis.greenhopper.jira:jsw-story-points'),
      'number',
      null,
    ],
    [
      'cascading select',
      'customfield_1',
      schema('option-with-child', undefined, `${types}:cascadingselect`),
      'unsupported',
      null,
    ],
    ['several people', 'customfield_1', schema('array', 'user', `${types}:multiuserpicker`), 'unsupported', null],
    ['a sprint', 'customfield_1', schema('array', 'json', 'com.pyxis.greenhopper.jira:gh-sprint'), 'option', 'sprint'],
    [
      'something of an unknown plug-in',
      'customfield_1',
      schema('any', undefined, 'org.example:thing'),
      'unsupported',
      null,
    ],
  ])('of %s', (_, id, description, kind, form) => {
    expect(kindOf(id, description)).toBe(kind);
    if (form !== null) expect(optionForm(id, description)).toBe(form);
  });
});

describe('times', () => {
  it.each([
    ['2026-01-20T15:58:12.797+1100', Date.UTC(2026, 0, 20, 4, 58, 12, 797)],
    ['2026-01-20T15:58:12.797-0330', Date.UTC(2026, 0, 20, 19, 28, 12, 797)],
    ['2026-01-20T15:58:12Z', Date.UTC(2026, 0, 20, 15, 58, 12)],
  ])('%s is read by its offset', (text, ms) => expect(parseJiraTime(text)).toBe(ms));

  it('that are none are null', () => expect(parseJiraTime('yesterday')).toBeNull());

  it('survive writing and reading', () => {
    fc.assert(
      fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), (date) => {
        expect(toIso(toJiraTime(date.toISOString()))).toBe(date.toISOString());
      }),
    );
  });
});
