// The normal form of rich text, rule by rule as adf.ts lists them.
import { describe, expect, test } from 'vitest';
import { TEAM } from '../seed/team-data.ts';
import { isValidDocument, normalizeDocument, plainText } from './adf.ts';
import type { AdfNode } from './model.ts';
import { doc, paragraph, text } from './testing.ts';

let ids = 0;
const normalize = (...content: readonly AdfNode[]) =>
  normalizeDocument(
    { type: 'doc', content },
    { newLocalId: () => `id-${++ids}`, displayName: (id) => (id === 'known' ? 'Mara' : undefined) },
  );
const first = (node: AdfNode): AdfNode | undefined => normalize(node)?.content?.[0];
const inParagraph = (...content: readonly AdfNode[]): AdfNode => ({ type: 'paragraph', content });

describe('normal form', () => {
  test('1. a missing version is put in', () => {
    expect(normalize(paragraph('a'))).toEqual(doc(paragraph('a')));
  });

  test('2. text side by side with the same marks is one; others stay apart', () => {
    const strong = (value: string): AdfNode => ({ type: 'text', text: value, marks: [{ type: 'strong' }] });
    expect(first(inParagraph(text('a'), text('b'), strong('c'), strong('d'), text('e')))).toEqual(
      inParagraph(text('ab'), strong('cd'), text('e')),
    );
  });

  test('2. marks stand in the schema’s order, each once; an empty list is left out', () => {
    const marked = { type: 'text', text: 'a', marks: [{ type: 'underline' }, { type: 'em' }, { type: 'em' }] };
    expect(first(inParagraph(marked, { type: 'hardBreak', marks: [] }))).toEqual(
      inParagraph({ type: 'text', text: 'a', marks: [{ type: 'em' }, { type: 'underline' }] }, { type: 'hardBreak' }),
    );
  });

  test('3. local ids are given where missing or taken, kept where unique, dropped where nothing needs them', () => {
    const item = (localId: string): AdfNode => ({
      type: 'taskItem',
      attrs: { localId, state: 'TODO' },
      content: [text('x')],
    });
    const list = first({ type: 'taskList', attrs: { localId: '' }, content: [item('mine'), item('mine')] });
    expect(list?.attrs?.localId).toMatch(/^id-/);
    expect(list?.content?.[0]?.attrs?.localId).toBe('mine');
    expect(list?.content?.[1]?.attrs?.localId).toMatch(/^id-/);
    expect(
      first({ type: 'panel', attrs: { panelType: 'info', localId: '' }, content: [paragraph('x')] })?.attrs,
    ).toEqual({
      panelType: 'info',
    });
  });

  test('4. defaults are written out or dropped', () => {
    const cell = (attrs: Record<string, unknown>): AdfNode => ({ type: 'tableCell', attrs, content: [paragraph('x')] });
    const table = first({
      type: 'table',
      content: [{ type: 'tableRow', content: [cell({ colspan: 1, rowspan: 2 }), cell({})] }],
    });
    expect(table?.attrs).toEqual({ isNumberColumnEnabled: false, layout: 'default' });
    expect(table?.content?.[0]?.content?.map(({ attrs }) => attrs)).toEqual([{ rowspan: 2 }, undefined]);
    expect(first({ type: 'orderedList', content: [{ type: 'listItem', content: [paragraph('x')] }] })?.attrs).toEqual({
      order: 1,
    });
    expect(first({ type: 'codeBlock', attrs: { language: '' }, content: [text('x')] })).toEqual({
      type: 'codeBlock',
      content: [text('x')],
    });
  });

  test('5. a mention shows the account’s present name; an unknown one keeps its own', () => {
    const mention = (id: string): AdfNode => ({ type: 'mention', attrs: { id, text: '@Old', accessLevel: '' } });
    expect(first(inParagraph(mention('known'), mention('gone')))?.content?.map(({ attrs }) => attrs)).toEqual([
      { id: 'known', text: '@Mara' },
      { id: 'gone', text: '@Old' },
    ]);
  });

  test('6. a document without anything is null', () => {
    expect(normalize()).toBeNull();
    expect(normalize({ type: 'paragraph' }, { type: 'paragraph', content: [] })).toBeNull();
    expect(normalize({ type: 'rule' })).not.toBeNull();
  });

  test('a document in normal form stays as it is', () => {
    for (const { description } of TEAM.jira.items) {
      if (description === undefined) continue;
      const once = normalizeDocument(description, { newLocalId: () => `id-${++ids}`, displayName: () => undefined });
      if (once === null) continue;
      expect(normalizeDocument(once, { newLocalId: () => 'never', displayName: () => undefined })).toEqual(once);
    }
  });
});

describe('the schema', () => {
  test('takes every text of the seed, also in normal form', () => {
    const bodies = TEAM.jira.items.flatMap(({ description, comments }) => [
      description,
      ...(comments ?? []).map(({ body }) => body),
    ]);
    for (const body of bodies) {
      if (body === undefined) continue;
      expect(isValidDocument(body), JSON.stringify(body)).toBe(true);
      const stored = normalizeDocument(body, { newLocalId: () => `id-${++ids}`, displayName: () => undefined });
      expect(stored === null || isValidDocument(stored), JSON.stringify(stored)).toBe(true);
    }
  });

  test.each<[string, AdfNode]>([
    ['text outside a block', text('a')],
    ['empty text', inParagraph({ type: 'text', text: '' })],
    ['an unknown attribute', { type: 'paragraph', attrs: { style: 'x' } }],
    ['a heading of level 7', { type: 'heading', attrs: { level: 7 } }],
    [
      'marked code in a code block',
      { type: 'codeBlock', content: [{ type: 'text', text: 'x', marks: [{ type: 'em' }] }] },
    ],
    [
      'a table in a table',
      {
        type: 'table',
        content: [{ type: 'tableRow', content: [{ type: 'tableCell', content: [{ type: 'table', content: [] }] }] }],
      },
    ],
  ])('refuses %s', (_, node) => {
    expect(isValidDocument(doc(node))).toBe(false);
  });
});

test('plain text has a line a block and the words of mentions, statuses and emoji', () => {
  const document = doc(
    { type: 'heading', attrs: { level: 1 }, content: [text('Title')] },
    inParagraph(text('a'), { type: 'hardBreak' }, { type: 'mention', attrs: { id: 'x', text: '@Mara' } }),
    { type: 'codeBlock', content: [text('x = 1\ny = 2')] },
  );
  expect(plainText(document)).toBe('Title\na\n@Mara\nx = 1\ny = 2');
});
