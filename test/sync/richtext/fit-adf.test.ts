import { describe, expect, it } from 'vitest';
import { docOf, paragraph, plainTextOf, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { fitAdf, jiraTextLimit, textLength } from '../../../backend/src/sync/richtext/fit-adf.ts';
import { schemaError } from './adf-schema.ts';

const para = (text: string) => paragraph([textNode(text)]);
const length = (doc: { content: readonly Parameters<typeof textLength>[0][] }) =>
  doc.content.reduce((sum, block) => sum + textLength(block), 0);

describe("Jira's limit on a text", () => {
  it('leaves a text that fits alone', () => {
    const doc = docOf([para('a'.repeat(jiraTextLimit - 1))]);
    expect(fitAdf(doc)).toEqual({ doc, losses: [] });
  });

  it('cuts between blocks and says so, to the reader and to the caller', () => {
    const doc = docOf(Array.from({ length: 50 }, (_, i) => para(`${i} ${'x'.repeat(996)}`)));
    const result = fitAdf(doc);
    expect(length(result.doc)).toBeLessThanOrEqual(jiraTextLimit);
    expect(result.doc.content.slice(0, -1)).toEqual(doc.content.slice(0, result.doc.content.length - 1));
    expect(plainTextOf(result.doc.content.at(-1) ?? paragraph())).toBe(
      `… cut here: ${51 - result.doc.content.length} more blocks are too long for this field.`,
    );
    expect(result.losses).toEqual([
      {
        path: `$.content[${result.doc.content.length - 1}]`,
        node: 'doc',
        kind: 'length',
        reason: expect.stringContaining('blocks were cut'),
      },
    ]);
    expect(schemaError(result.doc)).toBeUndefined();
  });

  it('cuts a single block that is too long inside, never through a character', () => {
    const result = fitAdf(docOf([para('😀'.repeat(jiraTextLimit))]));
    expect(length(result.doc)).toBeLessThanOrEqual(jiraTextLimit);
    expect(JSON.stringify(result.doc).isWellFormed()).toBe(true);
    expect(result.doc.content).toHaveLength(2);
    const code = fitAdf(docOf([{ type: 'codeBlock', content: [textNode('y\n'.repeat(jiraTextLimit))] }]));
    expect(code.doc.content.map((block) => block.type)).toEqual(['codeBlock', 'paragraph']);
  });

  it('takes another limit and another measure', () => {
    const doc = docOf([para('a'.repeat(100)), para('b'.repeat(100))]);
    const result = fitAdf(doc, 300, (block) => JSON.stringify(block).length);
    expect(result.doc.content.map(plainTextOf)[0]).toBe('a'.repeat(100));
    expect(result.losses).toHaveLength(1);
  });
});
