// What each part of an ADF document looks like in Azure DevOps, and that it comes back from there.
import { describe, expect, it } from 'vitest';
import { type AdfNode, docOf, paragraph, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import { htmlToAdf } from '../../../backend/src/sync/richtext/html-to-adf.ts';
import { normalForm } from '../../../backend/src/sync/richtext/normal.ts';
import { sanitizeHtml } from '../../simulators/azure/html.ts';
import { schemaError } from './adf-schema.ts';
import { annIdentity, mapped } from './people.ts';

const para = (...content: (string | AdfNode)[]): AdfNode =>
  paragraph(content.map((part) => (typeof part === 'string' ? textNode(part) : part)));
const item = (...content: AdfNode[]): AdfNode => ({ type: 'listItem', content });
const cell = (type: string, attrs: Record<string, unknown> | undefined, ...content: AdfNode[]): AdfNode => ({
  type,
  ...(attrs ? { attrs } : {}),
  content,
});
const marked = (text: string, ...marks: (string | { type: string; attrs: Record<string, unknown> })[]) =>
  textNode(
    text,
    marks.map((mark) => (typeof mark === 'string' ? { type: mark } : mark)),
  );
const file = (attrs: Record<string, unknown> = {}): AdfNode => ({
  type: 'media',
  attrs: { type: 'file', id: 'f1', collection: 'files', ...attrs },
});
const fileUrl = 'https://dev.azure.com/acme/_apis/wit/attachments/f1?fileName=f1.png';

/** Each comes back as the same, by the schema's own validator valid, through the server's sanitizer. */
const kept: readonly (readonly [string, AdfNode, string])[] = [
  ['a paragraph', para('Hello'), '<p>Hello</p>'],
  ['an empty paragraph', para(), '<p><br></p>'],
  ['markup in text', para('a < b && c > "d"'), '<p>a &lt; b &amp;&amp; c &gt; "d"</p>'],
  ['spaces that a browser would swallow', para('  a   b '), '<p>&nbsp; a &nbsp; b&nbsp;</p>'],
  ['Unicode', para('Grüße, 你好, 👩‍👩‍👧, שלום'), '<p>Grüße, 你好, 👩‍👩‍👧, שלום</p>'],
  ['a line break', para('a', { type: 'hardBreak' }, 'b'), '<p>a<br>b</p>'],
  ['a line break at the end', para('a', { type: 'hardBreak' }), '<p>a<br><br></p>'],
  ['a heading', { type: 'heading', attrs: { level: 3 }, content: [textNode('Title')] }, '<h3>Title</h3>'],
  [
    'bold, italic, underlined, struck',
    para(marked('a', 'strong'), marked('b', 'em'), marked('c', 'underline'), marked('d', 'strike')),
    '<p><strong>a</strong><em>b</em><u>c</u><s>d</s></p>',
  ],
  [
    'marks that share a stretch',
    para(marked('a', 'strong'), marked('b', 'strong', 'em'), marked('c', 'em')),
    '<p><strong>a<em>b</em></strong><em>c</em></p>',
  ],
  ['code in a line', para('run ', marked('npm  ci', 'code')), '<p>run <code>npm &nbsp;ci</code></p>'],
  [
    'a link',
    para(marked('site', { type: 'link', attrs: { href: 'https://x.example/?a=1&b=2', title: 'The "site"' } })),
    '<p><a href="https://x.example/?a=1&amp;b=2" title="The &quot;site&quot;">site</a></p>',
  ],
  [
    'sub and sup',
    para(
      'H',
      marked('2', { type: 'subsup', attrs: { type: 'sub' } }),
      'O',
      marked('1', { type: 'subsup', attrs: { type: 'sup' } }),
    ),
    '<p>H<sub>2</sub>O<sup>1</sup></p>',
  ],
  [
    'colours',
    para(
      marked('red', { type: 'textColor', attrs: { color: '#ff5630' } }),
      marked('hi', { type: 'backgroundColor', attrs: { color: '#fff0b3' } }),
    ),
    '<p><span style="color:#ff5630">red</span><span style="background-color:#fff0b3">hi</span></p>',
  ],
  [
    'a centred paragraph',
    { ...para('c'), marks: [{ type: 'alignment', attrs: { align: 'center' } }] },
    '<p style="text-align:center">c</p>',
  ],
  [
    'an indented heading',
    {
      type: 'heading',
      attrs: { level: 2 },
      content: [textNode('h')],
      marks: [{ type: 'indentation', attrs: { level: 2 } }],
    },
    '<h2 style="margin-left:80px">h</h2>',
  ],
  [
    'a small paragraph',
    { ...para('fine print'), marks: [{ type: 'fontSize', attrs: { fontSize: 'small' } }] },
    '<p><small>fine print</small></p>',
  ],
  [
    'nested and mixed lists',
    {
      type: 'bulletList',
      content: [
        item(para('a'), {
          type: 'orderedList',
          attrs: { order: 3 },
          content: [item(para('b'), { type: 'bulletList', content: [item(para('c'))] })],
        }),
        item(para('d'), para('e')),
      ],
    },
    '<ul><li>a<ol start="3"><li>b<ul><li>c</li></ul></li></ol></li><li><p>d</p><p>e</p></li></ul>',
  ],
  [
    'tasks',
    {
      type: 'taskList',
      attrs: { localId: 'l' },
      content: [
        { type: 'taskItem', attrs: { localId: '1', state: 'TODO' }, content: [textNode('a')] },
        {
          type: 'taskList',
          attrs: { localId: 'm' },
          content: [{ type: 'taskItem', attrs: { localId: '2', state: 'DONE' }, content: [marked('b', 'strong')] }],
        },
      ],
    },
    '<ul style="list-style-type:none"><li>☐ a<ul style="list-style-type:none"><li>☑ <strong>b</strong></li></ul></li></ul>',
  ],
  [
    'decisions',
    {
      type: 'decisionList',
      attrs: { localId: 'l' },
      content: [{ type: 'decisionItem', attrs: { localId: '1', state: 'DECIDED' }, content: [textNode('Use Hono')] }],
    },
    '<ul><li><strong>Decision:</strong> Use Hono</li></ul>',
  ],
  [
    'a quotation',
    { type: 'blockquote', content: [para('q'), { type: 'bulletList', content: [item(para('x'))] }] },
    '<blockquote><p>q</p><ul><li>x</li></ul></blockquote>',
  ],
  ['a rule', { type: 'rule' }, '<hr>'],
  [
    'code with a language',
    { type: 'codeBlock', attrs: { language: 'java' }, content: [textNode('\nif (a < b) {\n\treturn;\n}\n')] },
    '<pre title="java"><code class="language-java">\nif (a &lt; b) {\n\treturn;\n}\n</code></pre>',
  ],
  ...['info', 'note', 'tip', 'success', 'warning', 'error'].map((panelType): readonly [string, AdfNode, string] => {
    const style = adfToHtml(docOf([{ type: 'panel', attrs: { panelType }, content: [para('p')] }])).html.match(
      /style="[^"]*"/,
    )?.[0];
    return [
      `a panel of type ${panelType}`,
      { type: 'panel', attrs: { panelType }, content: [para('p')] },
      `<div ${style}><p>p</p></div>`,
    ];
  }),
  [
    'a panel of an own colour',
    { type: 'panel', attrs: { panelType: 'custom', panelColor: '#abcdef' }, content: [para('p')] },
    '<div style="background-color:#abcdef;border-left:4px solid #758195;padding:8px 12px;margin:0 0 10px"><p>p</p></div>',
  ],
  [
    'an expand with one inside',
    {
      type: 'expand',
      attrs: { title: 'Logs & more' },
      content: [para('x'), { type: 'nestedExpand', attrs: { title: 'in' }, content: [para('y')] }],
    },
    '<div style="border:1px solid #c1c7d0;padding:8px;margin:0 0 10px"><p><strong>▸ Logs &amp; more</strong></p><p>x</p><div style="border:1px solid #c1c7d0;padding:8px;margin:0 0 10px"><p><strong>▸ in</strong></p><p>y</p></div></div>',
  ],
  [
    'a table',
    {
      type: 'table',
      attrs: { width: 760 },
      content: [
        {
          type: 'tableRow',
          content: [
            cell('tableHeader', { colwidth: [200] }, para('Name')),
            cell('tableHeader', { colspan: 2, colwidth: [100, 100] }, para('Value')),
          ],
        },
        {
          type: 'tableRow',
          content: [
            cell('tableHeader', { rowspan: 2 }, para('a')),
            cell('tableCell', { background: '#e6fcff', valign: 'middle' }, para('1')),
            cell('tableCell', undefined, para(), para('2')),
          ],
        },
      ],
    },
    '<table border="1" cellpadding="6" style="border-collapse:collapse;width:760px"><tbody style="vertical-align:top"><tr><th style="text-align:left;width:200px">Name</th><th colspan="2" style="text-align:left;width:200px">Value</th></tr><tr><th rowspan="2" style="text-align:left">a</th><td style="background-color:#e6fcff;vertical-align:middle">1</td><td><p><br></p><p>2</p></td></tr></tbody></table>',
  ],
  [
    'columns',
    {
      type: 'layoutSection',
      content: [
        { type: 'layoutColumn', attrs: { width: 66.66 }, content: [para('a')] },
        { type: 'layoutColumn', attrs: { width: 33.33 }, content: [para('b')] },
      ],
    },
    '<table border="0" style="border:none;width:100%"><tbody><tr><td style="width:66.66%;vertical-align:top"><p>a</p></td><td style="width:33.33%;vertical-align:top"><p>b</p></td></tr></tbody></table>',
  ],
  [
    'a mention',
    para('Hi ', { type: 'mention', attrs: { id: 'acc-1', text: '@Ann Lee' } }),
    `<p>Hi <a href="#" data-vss-mention="version:2.0,${annIdentity}">@Ann Lee (ACME)</a></p>`,
  ],
  [
    'an emoji',
    para({ type: 'emoji', attrs: { shortName: ':smile:', text: '😄', id: '1f604' } }),
    '<p><span title=":smile: 1f604">😄</span></p>',
  ],
  ['a date', para('due ', { type: 'date', attrs: { timestamp: '1764028800000' } }), '<p>due 📅 2025-11-25</p>'],
  [
    'a status',
    para({ type: 'status', attrs: { text: 'In progress', color: 'blue' } }),
    '<p><span style="background-color:#deebff;color:#0747a6;border-radius:3px;padding:0 4px;font-weight:bold">In progress</span></p>',
  ],
  [
    'a placeholder',
    para({ type: 'placeholder', attrs: { text: 'Who?' } }),
    '<p><span title="placeholder" style="color:#6b778c">Who?</span></p>',
  ],
  [
    'a smart link',
    para({ type: 'inlineCard', attrs: { url: 'https://x.example/1' } }),
    '<p><a href="https://x.example/1" title="https://x.example/1">https://x.example/1</a></p>',
  ],
  [
    'a card',
    { type: 'blockCard', attrs: { url: 'https://x.example/1' } },
    '<div style="border:1px solid #c1c7d0;padding:8px;margin:0 0 10px"><a href="https://x.example/1">https://x.example/1</a></div>',
  ],
  [
    'an embedded page',
    { type: 'embedCard', attrs: { url: 'https://x.example/1', layout: 'center', width: 80 } },
    '<div style="border:1px solid #c1c7d0;padding:8px;margin:0 0 10px;text-align:center;width:80%"><a href="https://x.example/1">https://x.example/1</a></div>',
  ],
  [
    'an image with size, border and caption',
    {
      type: 'mediaSingle',
      attrs: { layout: 'center', width: 50 },
      content: [
        {
          ...file({ alt: 'plan', width: 640, height: 480 }),
          marks: [{ type: 'border', attrs: { size: 2, color: '#091e4224' } }],
        },
        { type: 'caption', content: [textNode('The '), marked('plan', 'em')] },
      ],
    },
    `<div style="text-align:center"><img src="${fileUrl}" alt="plan" width="640" height="480" style="width:50%;border:2px solid #091e4224"><br><small>The <em>plan</em></small></div>`,
  ],
  [
    'a floating image',
    { type: 'mediaSingle', attrs: { layout: 'wrap-left', width: 200, widthType: 'pixel' }, content: [file()] },
    `<div><img src="${fileUrl}" alt="" style="width:200px;float:left"></div>`,
  ],
  [
    'an image from elsewhere, in a link',
    {
      type: 'mediaSingle',
      attrs: { layout: 'align-start' },
      content: [
        {
          type: 'media',
          attrs: { type: 'external', url: 'https://x.example/i.png' },
          marks: [{ type: 'link', attrs: { href: 'https://x.example/' } }],
        },
      ],
    },
    '<div><a href="https://x.example/"><img src="https://x.example/i.png" alt=""></a></div>',
  ],
  [
    'files',
    { type: 'mediaGroup', content: [file({ alt: 'f1.png' }), file({ id: 'f2', alt: 'f2.png' })] },
    `<div><a href="${fileUrl}">📎 f1.png</a><br><a href="${fileUrl.replaceAll('f1', 'f2')}">📎 f2.png</a></div>`,
  ],
  [
    'a file in a line',
    para('see ', { type: 'mediaInline', attrs: { type: 'file', id: 'f1', collection: 'files', alt: 'f1.png' } }),
    `<p>see <a href="${fileUrl}">📎 f1.png</a></p>`,
  ],
  [
    'an inline comment',
    para(textNode('a', [{ type: 'annotation', attrs: { id: '1', annotationType: 'inlineComment' } }])),
    '<p><span title="inline comment 1" style="border-bottom:2px solid #ffc400">a</span></p>',
  ],
  [
    'the icon of a panel',
    { type: 'panel', attrs: { panelType: 'custom', panelIcon: ':fire:', panelColor: '#ffffff' }, content: [para()] },
    '<div style="background-color:#ffffff;border-left:4px solid #758195;padding:8px 12px;margin:0 0 10px" title=":fire:"><p><br></p></div>',
  ],
  [
    'row numbers',
    {
      type: 'table',
      attrs: { isNumberColumnEnabled: true },
      content: [{ type: 'tableRow', content: [cell('tableCell', undefined, para('1'))] }],
    },
    '<table border="1" cellpadding="6" style="border-collapse:collapse;counter-reset:row"><tbody style="vertical-align:top"><tr><td>1</td></tr></tbody></table>',
  ],
  [
    'a wide image',
    { type: 'mediaSingle', attrs: { layout: 'wide' }, content: [file()] },
    `<div style="text-align:center"><img src="${fileUrl}" alt="" style="max-width:960px"></div>`,
  ],
];

describe('ADF → HTML → ADF', () => {
  it.each(kept)('%s', (_, node, html) => {
    const doc = docOf([node]);
    expect(schemaError(doc)).toBeUndefined();
    expect(adfToHtml(doc, mapped)).toEqual({ html, losses: [] });
    const back = htmlToAdf(sanitizeHtml(html), mapped);
    expect(schemaError(back.doc)).toBeUndefined();
    expect(back.doc.content.map(normalForm)).toEqual([normalForm(node)]);
    expect(back.losses).toEqual([]);
  });

  const lossy: readonly (readonly [string, AdfNode, string, string])[] = [
    [
      'an extension',
      { type: 'extension', attrs: { extensionType: 't', extensionKey: 'roadmap' } },
      '<p>[Jira: roadmap]</p>',
      'extension',
    ],
    [
      'a node nobody knows',
      { type: 'hologram', attrs: { title: 'Engine [v2]' } },
      '<p>[Jira: Engine v2]</p>',
      'hologram',
    ],
    ['an inline node nobody knows', para('a ', { type: 'sparkle' }), '<p>a [Jira: sparkle]</p>', 'sparkle'],
    ['a mark nobody knows', para(textNode('a', [{ type: 'glow' }])), '<p>a</p>', 'glow'],
    [
      'a person without a counterpart',
      para({ type: 'mention', attrs: { id: 'x', text: '@Zoë' } }),
      '<p>@Zoë</p>',
      'mention',
    ],
    [
      'a link that runs a script',
      para(marked('x', { type: 'link', attrs: { href: 'java\nscript:alert(1)' } })),
      '<p>x</p>',
      'link',
    ],
    [
      'a bodied macro',
      { type: 'bodiedExtension', attrs: { extensionType: 't', extensionKey: 'excerpt' }, content: [para('in')] },
      '<div style="border:1px solid #c1c7d0;padding:8px;margin:0 0 10px"><p>[Jira: excerpt]</p><p>in</p></div>',
      'bodiedExtension',
    ],
  ];
  it.each(lossy)('tells what it cannot carry: %s', (_, node, html, lost) => {
    const result = adfToHtml(docOf([node]), mapped);
    expect(result.html).toBe(html);
    expect(result.losses.map((loss) => loss.node)).toEqual([lost]);
    expect(result.losses[0]?.path).toMatch(/^\$\.content\[0\]/);
  });

  it('shows a file without a counterpart by its name', () => {
    const doc = docOf([{ type: 'mediaSingle', attrs: { layout: 'center' }, content: [file({ alt: 'plan.pdf' })] }]);
    expect(adfToHtml(doc)).toEqual({
      html: '<div style="text-align:center">[Jira: file plan.pdf]</div>',
      losses: [
        {
          path: '$.content[0].content[0]',
          node: 'media',
          kind: 'file',
          reason: expect.stringContaining('no counterpart'),
        },
      ],
    });
  });

  it('takes what Jira must have made, but a schema would refuse', () => {
    const odd = {
      type: 'doc',
      version: 1,
      content: [
        { type: 'heading', attrs: { level: 9 } },
        { type: 'bulletList' },
        { type: 'table', content: [{ type: 'tableRow' }] },
        { type: 'mediaSingle' },
        { type: 'text', text: 'loose' },
        { type: 'panel', content: [para('x')] },
      ],
    } as const;
    expect(adfToHtml(odd).html).toContain('<h6><br></h6><ul></ul>');
    expect(adfToHtml(odd).html).toContain('<p>loose</p>');
  });

  it('an empty document is an empty text', () => {
    expect(adfToHtml(docOf([]))).toEqual({ html: '', losses: [] });
    expect(htmlToAdf('').doc).toEqual(docOf([]));
  });
});
