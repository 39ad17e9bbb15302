// By which values existing items are taken for one thing, and which of them are.

import { describe, expect, it } from 'vitest';
import { matchExisting } from '../../backend/src/reconcile/match-existing.ts';
import type { UnpairedItem } from '../../backend/src/reconcile/unpaired.ts';
import type { FieldSchema, SideSchema } from '../../backend/src/sync/catalog.ts';
import { linkFieldProblems, linkValue } from '../../backend/src/sync/link-fields.ts';
import type { FieldValue, Side } from '../../backend/src/sync/model.ts';

const sites = { jira: 'https://acme.atlassian.net', azure: 'https://dev.azure.com/acme' };
const text = (value: string): FieldValue => ({ kind: 'text', text: value });

describe('the value that an item is linked by', () => {
  const legacy = { jira: 'customfield_1', azure: 'Custom.Legacy' };
  const issue = (value: FieldValue | null) =>
    linkValue({ side: 'jira', id: '10007', key: 'TAN-7', fields: { customfield_1: value } }, legacy, sites);

  it('is the text or number of the field, without space around it; an empty one is none', () => {
    expect([text(' A-1 \n'), text('a-1'), { kind: 'number', number: 12 } as const].map(issue)).toEqual([
      'A-1',
      'a-1',
      '12',
    ]);
    expect(issue({ kind: 'url', url: 'https://example.com/1' })).toBe('https://example.com/1');
    // Composed and not: the same letters.
    expect(issue(text('Zu\u0308rich'))).toBe('Z\u00fcrich');
    expect([text('  '), null, { kind: 'boolean', boolean: true } as const].map(issue)).toEqual([null, null, null]);
  });

  const byKey = { jira: 'issuekey', azure: 'Custom.JiraKey' };
  it.each([
    ['TAN-7', 'TAN-7'],
    [' tan-7 ', 'TAN-7'],
    ['https://acme.atlassian.net/browse/TAN-7?focusedCommentId=1', 'TAN-7'],
    ['https://other.atlassian.net/browse/TAN-7', null],
    ['TAN-7, TAN-8', null],
    ['n/a', null],
  ])('%j in a field for keys names %s', (value, key) => {
    const item = { side: 'azure', id: '5', key: '5', fields: { 'Custom.JiraKey': text(value) } } as const;
    expect(linkValue(item, byKey, sites)).toBe(key);
    expect(linkValue({ side: 'jira', id: '10007', key: 'TAN-7', fields: {} }, byKey, sites)).toBe('TAN-7');
  });

  const byId = { jira: 'customfield_1', azure: 'System.Id' };
  it.each([
    ['12', '12'],
    ['#12', '12'],
    ['AB#12', '12'],
    ['https://dev.azure.com/acme/Tandem/_workitems/edit/12/', '12'],
    ['https://dev.azure.com/another/Tandem/_workitems/edit/12', null],
    ['12a', null],
  ])('%j in a field for ids names %s', (value, id) => {
    const item = { side: 'jira', id: '10007', key: 'TAN-7', fields: { customfield_1: text(value) } } as const;
    expect(linkValue(item, byId, sites)).toBe(id);
    expect(linkValue({ side: 'azure', id: '12', key: '12', fields: {} }, byId, sites)).toBe('12');
  });
});

describe('fields to link by', () => {
  const field = (id: string, name: string, kind: FieldSchema['kind']): FieldSchema => ({
    id,
    name,
    kind,
    required: false,
    readOnly: false,
  });
  const schema = (side: Side, fields: readonly FieldSchema[]): SideSchema => ({
    side,
    types: [{ id: '1', name: 'Task', subtask: false, states: [], fields }],
    people: [],
  });
  const catalogs = {
    jira: schema('jira', [field('customfield_1', 'Legacy ID', 'text'), field('labels', 'Labels', 'options')]),
    azure: schema('azure', [field('Custom.JiraKey', 'Jira key', 'text')]),
  };
  const settings = { types: [{ jira: 'Task', azure: 'Task' }] } as Parameters<typeof linkFieldProblems>[1];
  const told = (jira: string, azure: string) =>
    linkFieldProblems({ jira, azure }, settings, catalogs).map(
      ({ path, problem, remedy }) => `${path}: ${problem} ${remedy}`,
    );

  it('are of the mapped types, or the names of the items themselves', () => {
    expect(told('customfield_1', 'Custom.JiraKey')).toEqual([]);
    expect(told('issuekey', 'Custom.JiraKey')).toEqual([]);
    expect(told('customfield_1', 'System.Id')).toEqual([]);
  });

  it('are told when they are unknown, hold several values, or can hold nothing alike', () => {
    expect(told('customfield_1', 'Custom.JiraKei')).toEqual([
      'azure: Azure DevOps has no field "Custom.JiraKei" for the types that the profile maps. Did you mean "Custom.JiraKey" (Jira key)?',
    ]);
    expect(told('Legacy ID', 'System.Id')).toEqual([
      'jira: Jira has no field "Legacy ID" for the types that the profile maps. The field "Legacy ID" has the id "customfield_1".',
    ]);
    expect(told('labels', 'Custom.JiraKey')[0]).toContain('"Labels" (labels) in Jira holds no single text or number.');
    expect(told('issuekey', 'System.Id')).toHaveLength(1);
  });
});

describe('existing items', () => {
  const item = (side: Side, id: string, value: string | null, title: string, more: Partial<UnpairedItem> = {}) =>
    ({ side, id, key: id, type: 'Task', title, linkValue: value, updatedAt: '2026-01-01', ...more }) as UnpairedItem;
  const rules = { byValue: true, byTitle: true, fits: () => true, takes: () => true };
  const ids = ({ matched, ambiguous }: ReturnType<typeof matchExisting>) => ({
    matched: matched.map(({ jira, azure }) => `${jira.id}=${azure.id}`),
    ambiguous: ambiguous.map(({ id }) => id),
  });

  it('are matched by their value, the others by title unless their values differ', () => {
    const items = {
      jira: [item('jira', 'a', '1', 'One'), item('jira', 'b', '2', 'Two'), item('jira', 'c', null, 'Three')],
      azure: [item('azure', 'x', '1', 'Other'), item('azure', 'y', '9', 'Two'), item('azure', 'z', '8', 'Three')],
    };
    expect(ids(matchExisting(items, rules))).toEqual({ matched: ['a=x', 'c=z'], ambiguous: [] });
    expect(ids(matchExisting(items, { ...rules, byTitle: false })).matched).toEqual(['a=x']);
    expect(ids(matchExisting(items, { ...rules, byValue: false })).matched).toEqual(['c=z']);
  });

  it('of one value that several of one side hold are not matched, by title neither', () => {
    const items = {
      jira: [item('jira', 'a', '1', 'One'), item('jira', 'b', '7', 'Two'), item('jira', 'c', '7', 'Three')],
      azure: [item('azure', 'x', '1', 'One'), item('azure', 'y', '1', 'Else'), item('azure', 'z', null, 'Two')],
    };
    // Only one side has 7: there is nothing that it could be linked to by it.
    expect(ids(matchExisting(items, rules))).toEqual({ matched: ['b=z'], ambiguous: ['a', 'x', 'y'] });
  });

  it('are left where their types are not mapped to each other, or the run takes neither', () => {
    const items = { jira: [item('jira', 'a', '1', 'One')], azure: [item('azure', 'x', '1', 'One')] };
    expect(ids(matchExisting(items, { ...rules, fits: () => false })).matched).toEqual([]);
    expect(ids(matchExisting(items, { ...rules, takes: ({ id }) => id === 'x' })).matched).toEqual(['a=x']);
    expect(ids(matchExisting(items, { ...rules, takes: () => false })).matched).toEqual([]);
  });
});
