import { describe, expect, it } from 'vitest';
import { paragraph, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { convert } from '../../../backend/src/sync/richtext/convert-report.ts';
import { schemaError } from './adf-schema.ts';
import { mapped } from './people.ts';

const adf = (...content: object[]) => JSON.stringify({ type: 'doc', version: 1, content });

describe('what a conversion keeps', () => {
  it('lossless: what comes back says the same', () => {
    const input = adf({
      type: 'paragraph',
      attrs: { localId: 'x' },
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    });
    const output = '<p>ab</p>';
    const back = adf({ type: 'paragraph', content: [{ type: 'text', text: 'ab' }] });
    expect(convert(input, 'adf', 'html')).toEqual({ ok: true, output, back, lossless: true, losses: [] });
    expect(convert('<DIV>ab</DIV>\n', 'html', 'adf')).toEqual({
      ok: true,
      output: back,
      back: output,
      lossless: true,
      losses: [],
    });
  });

  it('lossy: says what and where', () => {
    const input = adf({ type: 'paragraph', content: [{ type: 'mention', attrs: { id: 'acc-1', text: '@Ann' } }] });
    expect(convert(input, 'adf', 'html')).toEqual({
      ok: true,
      output: '<p>@Ann</p>',
      back: adf({ type: 'paragraph', content: [{ type: 'text', text: '@Ann' }] }),
      lossless: false,
      losses: [
        {
          path: '$.content[0].content[0]',
          node: 'mention',
          kind: 'person',
          reason: expect.stringContaining('no counterpart'),
        },
      ],
    });
    expect(convert(input, 'adf', 'html', mapped)).toMatchObject({ lossless: true });
    expect(convert('<p style="font-family:Arial">a</p>', 'html', 'adf')).toMatchObject({
      lossless: false,
      losses: [{ path: '/p[1]', node: 'p' }],
    });
  });

  it('a document without a version, and an empty input, are fine', () => {
    expect(convert('{"type":"doc","content":[{"type":"rule"}]}', 'adf', 'html')).toMatchObject({
      ok: true,
      output: '<hr>',
      lossless: true,
    });
    expect(convert('', 'adf', 'html')).toMatchObject({ ok: true, output: '', lossless: true });
    expect(convert(' \n', 'html', 'adf')).toMatchObject({ ok: true, output: adf(), back: '', lossless: true });
  });

  it.each([
    ['{"type":"doc",\n  "content": [x]}', 'line 2, column 15', 'not JSON: unexpected "x"'],
    ['{"type":"doc","content":[', 'line 1, column 26', 'not JSON: it ends too early'],
    ['{"type":"doc",}', 'line 1, column 15', 'not JSON: unexpected "}"'],
    ['<p>html</p>', 'line 1, column 1', 'not JSON: unexpected "<"'],
    ['{"a":"b\nc"}', 'line 1, column 8', 'not JSON: unexpected "\\n"'],
    ['[]', '$', 'expected an object with "type": "doc", found an array'],
    ['{"type":"paragraph"}', '$.type', 'expected "doc", found "paragraph"'],
    ['{"type":"doc","version":2,"content":[]}', '$.version', 'expected 1, found a number'],
    ['{"type":"doc","content":{}}', '$.content', 'expected an array of nodes, found an object'],
    [
      '{"type":"doc","content":[{"type":"paragraph","content":[{"type":"text"}]}]}',
      '$.content[0].content[0].text',
      'expected a string, found nothing',
    ],
    [
      '{"type":"doc","content":[{"type":"paragraph","content":["a"]}]}',
      '$.content[0].content[0]',
      'expected a node, found a string',
    ],
    ['{"type":"doc","content":[{"content":[]}]}', '$.content[0].type', "expected a node's name, found nothing"],
    [
      '{"type":"doc","content":[{"type":"text","text":"a","marks":[{}]}]}',
      '$.content[0].marks[0]',
      'expected a mark with a type, found an object',
    ],
  ])('refuses %s and says where', (input, position, reason) => {
    expect(convert(input, 'adf', 'html')).toEqual({ ok: false, position, reason });
  });

  it('refuses to convert a form into itself', () => {
    expect(convert('', 'html', 'html')).toMatchObject({ ok: false });
  });
});

describe('size and depth', () => {
  it('a megabyte of HTML comes back whole', () => {
    const html = `<p>${'Lorem <b>ipsum</b> dolor. '.repeat(40)}</p>`.repeat(1000);
    expect(html.length).toBeGreaterThan(1_000_000);
    expect(convert(html, 'html', 'adf')).toMatchObject({ ok: true, lossless: true });
  });

  it.each(['div', 'b', 'ul><li', 'blockquote', 'table><tr><td', 'details', 'span style="color:red"'])(
    '10,000 levels of <%s> keep the text and say what was lost',
    (tag) => {
      const report = convert(`${`<${tag}>`.repeat(10_000)}deep`, 'html', 'adf');
      if (!report.ok) throw new Error(report.reason);
      expect(report.output).toContain('deep');
      expect(report.losses).toContainEqual(expect.objectContaining({ reason: expect.stringMatching(/nested/) }));
      expect(schemaError(JSON.parse(report.output))).toBeUndefined();
    },
  );

  it.each(['blockquote', 'hologram'])('10,000 levels of a %s node keep the text and say what was lost', (type) => {
    const leaf = JSON.stringify(paragraph([textNode('deep')]));
    const input = `{"type":"doc","content":[${`{"type":"${type}","content":[`.repeat(10_000)}${leaf}${']}'.repeat(10_000)}]}`;
    const report = convert(input, 'adf', 'html');
    if (!report.ok) throw new Error(report.reason);
    expect(report.output).toContain('deep');
    expect(report.lossless).toBe(false);
    expect(report.losses).toContainEqual(expect.objectContaining({ reason: expect.stringMatching(/nested deeper/) }));
  });

  it('attributes of any depth do no harm', () => {
    const parameters = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const input = `{"type":"doc","content":[{"type":"extension","attrs":{"extensionKey":"k","extensionType":"t","parameters":${parameters}}}]}`;
    expect(convert(input, 'adf', 'html')).toMatchObject({ ok: true, output: '<p>[Jira: k]</p>' });
  });
});
