import { describe, expect, it } from 'vitest';
import { decodeField, encodeField, type FieldShape, kindOf } from '../../backend/src/azure/fields.ts';
import type { FieldValue } from '../../backend/src/sync/model.ts';

const shape = (kind: FieldShape['kind'], native?: string): FieldShape => ({
  kind,
  ...(native === undefined ? {} : { native }),
});
const text = shape('text', 'string');
const tags = shape('options', 'tags');
const whole = shape('number', 'integer');
const decimal = shape('number', 'double');
const priority = shape('option', 'integer');
const person = shape('user', 'identity');
const date = shape('dateTime', 'dateTime');
const html = shape('richText', 'html');
const flag = shape('boolean', 'boolean');

const alice = {
  displayName: 'Alice Ærø',
  uniqueName: 'alice@acme.example',
  id: '6f1e1c3e-0000-4000-8000-000000000001',
  descriptor: 'aad.abc',
};

describe('kinds of fields', () => {
  it.each([
    ['System.Tags', 'plainText', false, false, 'options', 'tags'],
    ['System.AssignedTo', 'string', true, false, 'user', 'identity'],
    ['Custom.Reviewer', 'identity', true, false, 'user', 'identity'],
    ['Microsoft.VSTS.Common.Priority', 'integer', false, true, 'option', 'integer'],
    ['Custom.Attempts', 'integer', false, false, 'number', 'integer'],
    ['Microsoft.VSTS.Scheduling.StoryPoints', 'double', false, false, 'number', 'double'],
    ['Custom.Environment', 'string', false, true, 'option', 'string'],
    ['System.Title', 'string', false, false, 'text', 'string'],
    ['System.AreaPath', 'treePath', false, false, 'option', 'treePath'],
    ['System.Description', 'html', false, false, 'richText', 'html'],
    ['Custom.Regression', 'boolean', false, false, 'boolean', 'boolean'],
    ['System.History', 'history', false, false, 'unsupported', 'history'],
  ])('%s, a %s, is of its kind', (referenceName, type, isIdentity, limited, kind, native) => {
    expect(kindOf({ referenceName, type, isIdentity, limited })).toEqual({ kind, native });
  });
});

describe('reading a value', () => {
  it.each<[string, FieldShape | undefined, unknown, FieldValue | null]>([
    ['an empty text as no value', text, '', null],
    ['a missing value', html, undefined, null],
    ['text with every letter kept', text, 'Ünï 漢字 👩‍👩‍👧', { kind: 'text', text: 'Ünï 漢字 👩‍👩‍👧' }],
    ['zero as a number', whole, 0, { kind: 'number', number: 0 }],
    ['a limited number as its name', priority, 2, { kind: 'option', option: { name: '2' } }],
    ['false as a value', flag, false, { kind: 'boolean', boolean: false }],
    [
      'tags as a set',
      tags,
      'alpha; Beta Gamma; ß',
      { kind: 'options', options: [{ name: 'alpha' }, { name: 'Beta Gamma' }, { name: 'ß' }] },
    ],
    [
      'a time with seven decimals as UTC',
      date,
      '2024-03-10T23:30:00.1234567Z',
      { kind: 'dateTime', dateTime: '2024-03-10T23:30:00.123Z' },
    ],
    [
      'a time of another zone as UTC',
      date,
      '2024-03-11T00:30:00+01:00',
      { kind: 'dateTime', dateTime: '2024-03-10T23:30:00.000Z' },
    ],
    [
      'a person by the unique name',
      person,
      alice,
      { kind: 'user', user: { id: 'alice@acme.example', name: 'Alice Ærø', email: 'alice@acme.example' } },
    ],
    [
      'the older text form of a person',
      person,
      'Alice Ærø <alice@acme.example>',
      { kind: 'user', user: { id: 'alice@acme.example', name: 'Alice Ærø', email: 'alice@acme.example' } },
    ],
    [
      'a group without a unique name by its descriptor',
      person,
      { displayName: 'Readers', descriptor: 'vssgp.x' },
      { kind: 'user', user: { id: 'vssgp.x', name: 'Readers' } },
    ],
    ['a number that no type lists', undefined, 7, { kind: 'number', number: 7 }],
  ])('gives %s', (_, field, raw, expected) => {
    expect(decodeField(field, raw)).toEqual(expected);
  });

  it('keeps the format of a long text', () => {
    expect(decodeField(html, '# Hi', 'markdown')).toEqual({ kind: 'richText', format: 'markdown', text: '# Hi' });
  });
});

describe('writing a value', () => {
  const written = (field: FieldShape | undefined, value: FieldValue, zone = 'UTC') =>
    encodeField('Custom.Field', field, value, zone);

  it.each<[string, FieldShape, FieldValue, string | number | boolean]>([
    ['a person by the unique name', person, { kind: 'user', user: { id: 'a@b.c', name: 'A' } }, 'a@b.c'],
    ['a person by name into a text', text, { kind: 'user', user: { id: 'a@b.c', name: 'A' } }, 'A'],
    ['an option of a whole number as a number', priority, { kind: 'option', option: { name: '2' } }, 2],
    ['a decimal', decimal, { kind: 'number', number: 2.5 }, 2.5],
    ['tags joined', tags, { kind: 'options', options: [{ name: 'a' }, { name: 'b c' }] }, 'a; b c'],
    ['a boolean from an option', flag, { kind: 'option', option: { name: 'Yes' } }, true],
    ['plain text into HTML, escaped', html, { kind: 'text', text: '<b>&"\nx' }, '&lt;b&gt;&amp;&quot;<br>x'],
    ['an address as text', text, { kind: 'url', url: 'https://x.example/?a=1&b' }, 'https://x.example/?a=1&b'],
  ])('sends %s', (_, field, value, expected) => {
    expect(written(field, value)).toEqual({ kind: 'value', value: expected });
  });

  it('sends a day as its first moment in the zone of the profile, also in summer', () => {
    const day: FieldValue = { kind: 'date', date: '2024-07-01' };
    expect(written(date, day, 'Europe/Berlin')).toEqual({ kind: 'value', value: '2024-06-30T22:00:00.000Z' });
    expect(written(date, day, 'America/Los_Angeles')).toEqual({ kind: 'value', value: '2024-07-01T07:00:00.000Z' });
  });

  it('names the format of Markdown', () => {
    const value: FieldValue = { kind: 'richText', format: 'markdown', text: '*x*' };
    expect(written(html, value)).toEqual({ kind: 'value', value: '*x*', format: 'markdown' });
  });

  it.each<[string, FieldShape, FieldValue]>([
    ['a part of a whole number', whole, { kind: 'number', number: 2.5 }],
    ['words for a number', whole, { kind: 'text', text: 'many' }],
    ['no date', date, { kind: 'text', text: 'soon' }],
    ['a tag with a separator', tags, { kind: 'options', options: [{ name: 'a;b' }] }],
    ['rich text for a plain field', text, { kind: 'richText', format: 'html', text: '<p>x</p>' }],
  ])('refuses %s and names the field', (_, field, value) => {
    const result = written(field, value);
    expect(result).toMatchObject({ kind: 'refused', error: { code: 'invalid-value', field: 'Custom.Field' } });
  });
});
