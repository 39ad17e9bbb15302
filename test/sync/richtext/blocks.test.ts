import { describe, expect, it } from 'vitest';
import { type AdfNode, docOf } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import {
  adfBlocks,
  htmlBlocks,
  htmlParts,
  isEmptyAdf,
  isEmptyHtml,
  joinHtml,
} from '../../../backend/src/sync/richtext/blocks.ts';
import fc from '../../property.ts';
import { sanitizeHtml } from '../../simulators/azure/html.ts';
import { arbitraryAdf } from './arbitrary-adf.ts';
import { annIdentity, mapped } from './people.ts';

const normals = (html: string) => htmlBlocks(html).map((block) => block.normal);
const normal = (node: AdfNode) => adfBlocks(docOf([node]))[0]?.normal;

describe('blocks of HTML', () => {
  it('are slices of the text', () => {
    const html = 'loose <b>text</b>\n<div>a</div>\n\n<UL><LI>x</UL><p>b<p>c';
    expect(htmlBlocks(html).map((block) => block.source)).toEqual([
      'loose <b>text</b>',
      '<div>a</div>',
      '<UL><LI>x</UL>',
      '<p>b',
      '<p>c',
    ]);
  });

  it('lie inside plain wrappers, however deep', () => {
    const html = '<div><div>a</div><div><div>b</div><p>c</p></div></div>';
    expect(htmlParts(html)).toMatchObject({ open: '<div>', close: '</div>' });
    expect(htmlBlocks(html).map((block) => block.source)).toEqual(['<div>a</div>', '<div>b</div>', '<p>c</p>']);
  });

  it('a panel, an expand and a quotation are one block each', () => {
    const html = adfToHtml(
      docOf([
        { type: 'panel', attrs: { panelType: 'info' }, content: [{ type: 'paragraph' }, { type: 'paragraph' }] },
        { type: 'expand', attrs: { title: 't' }, content: [{ type: 'paragraph' }, { type: 'paragraph' }] },
        { type: 'blockquote', content: [{ type: 'paragraph' }, { type: 'paragraph' }] },
      ]),
    ).html;
    expect(htmlBlocks(html)).toHaveLength(3);
  });

  it.each([
    ['tag names and quotes', '<P CLASS=x>a</P>', '<p class="y">a</p>'],
    ['paragraph elements', '<div>a</div>', '<p>a</p>'],
    [
      'order and spaces of styles',
      '<p style="color:#f00;text-align:center">a</p>',
      '<p style=" TEXT-ALIGN : center ; color: rgb(255,0,0);">a</p>',
    ],
    ['empty elements and styles', '<p>a</p>', '<p style=""><span></span><span style="">a</span><b></b></p>'],
    ['white space', '<p>a b</p>', '<p>\n  a\n  b </p>'],
    ['synonyms', '<p><b>a</b><strike>b</strike></p>', '<p><strong>a</strong><s>b</s></p>'],
    ['adjacent elements', '<p><b>ab</b></p>', '<p><b>a</b><b>b</b></p>'],
    ['comments and zero-width spaces', '<p>ab</p>', '<p>a<!-- x -->\u200bb</p>'],
    ['what the server makes of it', '<p title="x">a "q" \'r\'</p>', sanitizeHtml('<p title="x">a "q" \'r\'</p>')],
  ])('have the same form whatever the %s', (_, a, b) => {
    expect(normals(a)).toEqual(normals(b));
  });

  it.each([
    ['text', '<p>a</p>', '<p>b</p>'],
    ['a mark', '<p>a</p>', '<p><b>a</b></p>'],
    [
      'a person',
      `<p><a href="#" data-vss-mention="version:2.0,${annIdentity}">@A</a></p>`,
      `<p><a href="#" data-vss-mention="version:2.0,${annIdentity.replace('0a', '0b')}">@A</a></p>`,
    ],
    ['the font, which only HTML has', '<p>a</p>', '<p style="font-family:Arial">a</p>'],
    [
      'an attached image',
      '<p><img src="https://dev.azure.com/a/_apis/wit/attachments/1"></p>',
      '<p><img src="https://dev.azure.com/a/_apis/wit/attachments/2"></p>',
    ],
  ])('have another form when %s changes', (_, a, b) => {
    expect(normals(a)).not.toEqual(normals(b));
  });

  it('joined again they say the same', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        const html = sanitizeHtml(adfToHtml(doc, mapped).html);
        const parts = htmlParts(html);
        expect(normals(parts.open + joinHtml(parts.blocks) + parts.close)).toEqual(
          parts.blocks.map((block) => block.normal),
        );
        for (const block of parts.blocks) expect(html).toContain(block.source);
      }),
      { numRuns: 100 },
    );
  });

  it('lines put side by side stay two', () => {
    const [a, , b] = htmlBlocks('one<hr>two');
    if (a === undefined || b === undefined) throw new Error('two lines');
    expect(joinHtml([a, b])).toBe('one<p>two</p>');
  });
});

describe('blocks of ADF', () => {
  it.each<[string, AdfNode, AdfNode]>([
    ['ids', { type: 'paragraph', attrs: { localId: 'a' } }, { type: 'paragraph', attrs: { localId: 'b' } }],
    [
      'order of attributes',
      { type: 'panel', attrs: { panelType: 'custom', panelColor: '#FFF' } },
      { type: 'panel', attrs: { panelColor: '#ffffff', panelType: 'custom' } },
    ],
    ['order of marks', text('a', 'strong', 'em'), text('a', 'em', 'strong')],
    [
      'split texts',
      { type: 'paragraph', content: [{ type: 'text', text: 'ab ' }] },
      {
        type: 'paragraph',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
    ],
    ['defaults', { type: 'orderedList', attrs: { order: 1 }, content: [] }, { type: 'orderedList' }],
    [
      'the name a mention shows',
      { type: 'paragraph', content: [{ type: 'mention', attrs: { id: '1', text: '@A' } }] },
      { type: 'paragraph', content: [{ type: 'mention', attrs: { id: '1', text: '@B', accessLevel: '' } }] },
    ],
  ])('have the same form whatever the %s', (_, a, b) => {
    expect(normal(a)).toBe(normal(b));
  });

  it('nothing to read is empty', () => {
    expect(
      isEmptyAdf(docOf([{ type: 'paragraph' }, { type: 'paragraph', content: [{ type: 'text', text: ' ' }] }])),
    ).toBe(true);
    expect(isEmptyAdf(docOf([{ type: 'rule' }]))).toBe(false);
    expect(isEmptyHtml('<div><br></div>\n<p>&nbsp;</p>')).toBe(true);
    expect(isEmptyHtml('<div><img src="https://x.example/i.png"></div>')).toBe(false);
  });
});

function text(value: string, ...marks: string[]): AdfNode {
  return { type: 'paragraph', content: [{ type: 'text', text: value, marks: marks.map((type) => ({ type })) }] };
}
