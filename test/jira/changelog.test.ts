// Which entry of the history is our own write, and what others changed around it.

import { describe, expect, it } from 'vitest';
import { historyEntries, newestSeq, proveWrite, type WrittenFields } from '../../backend/src/jira/changelog.ts';
import { historySchema, type JiraHistory } from '../../backend/src/jira/schemas.ts';
import type { FieldKind, FieldValue } from '../../backend/src/sync/model.ts';

const us = 'us';
const history = (id: number, author: string, ...items: readonly object[]): JiraHistory =>
  historySchema.parse({
    id: String(id),
    author: { accountId: author, displayName: author },
    created: `2026-01-01T00:00:${String(id % 60).padStart(2, '0')}.000+0000`,
    items: items.map((item) => ({
      fieldtype: 'jira',
      from: null,
      fromString: null,
      to: null,
      toString: null,
      ...item,
    })),
  });
const change = (fieldId: string, fromString: string | null, words: string | null) => ({
  field: fieldId,
  fieldId,
  fromString,
  toString: words,
});
const attachment = { field: 'Attachment', fieldId: 'attachment', to: '10900', toString: 'a.txt' };

const mapped = new Map<string, FieldKind>([
  ['summary', 'text'],
  ['description', 'richText'],
  ['labels', 'options'],
  ['customfield_1', 'number'],
]);
const written = (more: Partial<WrittenFields> = {}): WrittenFields => ({
  baseSeq: 10,
  fields: new Set(['summary']),
  mapped,
  accountId: us,
  updated: 99,
  complete: true,
  ...more,
});

describe('a write is proven', () => {
  it('by exactly one newer entry with exactly our fields', () => {
    const proof = proveWrite(
      [history(11, us, change('summary', 'a', 'b')), history(10, 'x', change('labels', '', 'l'))],
      written(),
    );
    expect(proof).toEqual({ version: { seq: 11, at: 99 }, between: [], changedSince: new Set() });
  });

  it('when there was nothing to change', () => {
    expect(proveWrite([history(10, 'x', change('summary', 'a', 'b'))], written()).version).toEqual({ seq: 10, at: 99 });
  });

  it('beside an attachment that somebody added meanwhile', () => {
    const proof = proveWrite([history(12, us, change('summary', 'a', 'b')), history(11, 'x', attachment)], written());
    expect(proof).toMatchObject({ version: { seq: 12 }, between: [] });
  });

  it('beside fields that the profile does not map', () => {
    const entries = [history(11, us, change('summary', 'a', 'b'), change('resolutiondate', null, 'now'))];
    expect(proveWrite(entries, written()).version).toEqual({ seq: 11, at: 99 });
  });

  it('at its own entry when somebody edited right after it', () => {
    const entries = [history(12, 'x', change('labels', '', 'l')), history(11, us, change('summary', 'a', 'b'))];
    const proof = proveWrite(entries, written());
    expect(proof.version).toEqual({ seq: 11, at: Date.UTC(2026, 0, 1, 0, 0, 11) - 1 });
    expect(proof.between).toEqual([]);
  });
});

describe('a write is not proven', () => {
  it('when somebody changed another mapped field between', () => {
    const entries = [history(12, us, change('summary', 'a', 'b')), history(11, 'x', change('labels', '', 'l'))];
    const proof = proveWrite(entries, written());
    expect(proof.version).toBeUndefined();
    expect(proof.between).toMatchObject([{ field: 'labels', seq: 11, byId: 'x' }]);
  });

  it('when somebody changed the written field between: the value that was lost is told', () => {
    const entries = [
      history(12, us, change('summary', 'theirs', 'b')),
      history(11, 'x', change('summary', 'a', 'theirs')),
    ];
    const proof = proveWrite(entries, written());
    expect(proof.version).toBeUndefined();
    expect(proof.between).toMatchObject([{ field: 'summary', from: { text: 'a' }, to: { text: 'theirs' } }]);
  });

  it('when the person behind our own account edited between', () => {
    const entries = [history(12, us, change('summary', 'mine', 'b')), history(11, us, change('summary', 'a', 'mine'))];
    const proof = proveWrite(entries, written());
    expect(proof.version).toBeUndefined();
    expect(proof.between).toMatchObject([{ seq: 11, to: { text: 'mine' } }]);
  });

  it('when our entry also changed a mapped field that we did not send', () => {
    const entries = [history(11, us, change('summary', 'a', 'b'), change('customfield_1', '1', '2'))];
    expect(proveWrite(entries, written()).version).toBeUndefined();
  });

  it('when somebody moved the status between', () => {
    const entries = [history(12, us, change('summary', 'a', 'b')), history(11, 'x', change('status', 'To Do', 'Done'))];
    expect(proveWrite(entries, written())).toMatchObject({ between: [{ field: 'status' }] });
  });

  it('when the only entry is another account’s: ours changed nothing, theirs is not ours', () => {
    const proof = proveWrite([history(11, 'x', change('summary', 'b', 'c'))], written());
    expect(proof.version).toBeUndefined();
    expect(proof.between).toMatchObject([{ field: 'summary', to: { text: 'c' } }]);
  });

  it('when the answer does not reach back to our read', () => {
    expect(
      proveWrite([history(11, us, change('summary', 'a', 'b'))], written({ complete: false })).version,
    ).toBeUndefined();
  });
});

it('a written field that somebody changed after us is named, so that their value is not taken for ours', () => {
  const entries = [history(12, 'x', change('summary', 'b', 'c')), history(11, us, change('summary', 'a', 'b'))];
  const proof = proveWrite(entries, written());
  expect([...proof.changedSince]).toEqual(['summary']);
  expect(proof).toMatchObject({ version: { seq: 11 }, between: [] });
});

describe('entries', () => {
  const one = (item: object, kind?: FieldKind): FieldValue | null | undefined => {
    const parsed = history(11, 'x', item);
    const field = parsed.items[0]?.fieldId ?? '';
    return historyEntries([parsed], 0, new Map(kind ? [[field, kind]] : []))[0]?.to;
  };
  const custom = (to: string | null, words: string | null) => ({
    field: 'Thing',
    fieldId: 'customfield_1',
    to,
    toString: words,
  });

  it.each<[string, FieldValue | null | undefined, FieldValue | null | undefined]>([
    ['a text', one(change('summary', 'a', 'b'), 'text'), { kind: 'text', text: 'b' }],
    ['an emptied text', one(custom(null, null), 'text'), null],
    ['rich text, which can’t be had back', one(change('description', 'a', 'b'), 'richText'), undefined],
    ['a number', one(custom(null, '5'), 'number'), { kind: 'number', number: 5 }],
    [
      'an estimate in seconds',
      one({ field: 'timeestimate', fieldId: 'timeestimate', to: '5400', toString: '5400' }, 'number'),
      { kind: 'number', number: 1.5 },
    ],
    [
      'a date with a time behind it',
      one({ field: 'duedate', fieldId: 'duedate', to: '2026-01-05', toString: '2026-01-05 00:00:00.0' }, 'date'),
      { kind: 'date', date: '2026-01-05' },
    ],
    [
      'a time',
      one(custom('2026-01-05T10:00:00.000+0100', 'x'), 'dateTime'),
      { kind: 'dateTime', dateTime: '2026-01-05T09:00:00.000Z' },
    ],
    [
      'labels',
      one(change('labels', '', 'a b'), 'options'),
      { kind: 'options', options: [{ name: 'a' }, { name: 'b' }] },
    ],
    [
      'choices',
      one(custom('[1, 2]', 'Web,iOS'), 'options'),
      {
        kind: 'options',
        options: [
          { id: '1', name: 'Web' },
          { id: '2', name: 'iOS' },
        ],
      },
    ],
    ['choices whose names hold commas', one(custom('[1, 2]', 'Web, old,iOS'), 'options'), undefined],
    [
      'one of several versions',
      one({ field: 'Fix Version', fieldId: 'fixVersions', to: '1', toString: '1.0' }, 'options'),
      undefined,
    ],
    [
      'a person',
      one({ field: 'assignee', fieldId: 'assignee', to: 'x', toString: 'Ada' }, 'user'),
      { kind: 'user', user: { id: 'x', name: 'Ada' } },
    ],
    [
      'the status',
      one({ field: 'status', fieldId: 'status', to: '3', toString: 'Done' }),
      { kind: 'option', option: { id: '3', name: 'Done' } },
    ],
  ])('give back %s', (_, value, expected) => {
    expect(value).toEqual(expected);
  });

  it('come oldest first, after the given one, without children and unmapped fields', () => {
    const entries = historyEntries(
      [
        history(13, 'x', change('summary', 'b', 'c')),
        history(12, 'x', attachment, change('rank', '1', '2')),
        history(11, 'x', change('summary', 'a', 'b')),
        history(10, 'x', change('summary', '', 'a')),
      ],
      10,
      mapped,
    );
    expect(entries.map(({ seq }) => seq)).toEqual([11, 13]);
  });

  it('of an issue that nobody changed have the number 0', () => expect(newestSeq([])).toBe(0));
});
