// HTML as it really stands in work items: from Azure DevOps' editor, Word, Outlook, browsers, old clients and attackers.

import { describe, expect, it } from 'vitest';
import { type AdfNode, paragraph, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import { htmlToAdf } from '../../../backend/src/sync/richtext/html-to-adf.ts';
import fc from '../../property.ts';
import { schemaError } from './adf-schema.ts';
import { arbitraryHtml, brokenHtml } from './arbitrary-html.ts';
import { annIdentity, bobIdentity, mapped } from './people.ts';

const para = (...content: (string | AdfNode)[]): AdfNode =>
  paragraph(content.map((part) => (typeof part === 'string' ? textNode(part) : part)));
const bold = (text: string) => textNode(text, [{ type: 'strong' }]);
const list = (type: string, ...items: AdfNode[][]): AdfNode => ({
  type,
  content: items.map((content) => ({ type: 'listItem', content })),
});
const task = (state: string, ...content: AdfNode[]): AdfNode => ({
  type: 'taskItem',
  attrs: { localId: expect.any(String), state },
  content,
});
const tasks = (...content: AdfNode[]): AdfNode => ({
  type: 'taskList',
  attrs: { localId: expect.any(String) },
  content,
});
const row = (...cells: [string, AdfNode][]): AdfNode => ({
  type: 'tableRow',
  content: cells.map(([type, content]) => ({ type, content: [content] })),
});

const samples: readonly (readonly [string, string, readonly AdfNode[]])[] = [
  ['text before the first tag', 'Steps:<div>one</div>two', [para('Steps:'), para('one'), para('two')]],
  [
    'plain text with raw newlines and breaks',
    'line one\r\nstill one<br>line two<br />\n',
    [para('line one still one', { type: 'hardBreak' }, 'line two')],
  ],
  [
    "the editor's paragraphs and blank lines",
    '<div>A&nbsp;</div><div><br></div><div>B <b>bold</b> </div>',
    [para('A '), para(), para('B ', bold('bold'))],
  ],
  [
    'spans without meaning',
    '<div style="box-sizing:border-box;"><span style="">x</span><span></span><span style="color:rgb(0, 0, 0);display:inline !important;">y</span></div>',
    [para('xy')],
  ],
  [
    'bold that a span takes back',
    '<strong><span style="font-weight:normal;">not bold</span> bold</strong>',
    [para('not bold', bold(' bold'))],
  ],
  [
    'font elements',
    '<font color=red face=Arial size=2>r</font><font color="#00B050">g</font>',
    [
      para(
        textNode('r', [{ type: 'textColor', attrs: { color: '#ff0000' } }]),
        textNode('g', [{ type: 'textColor', attrs: { color: '#00b050' } }]),
      ),
    ],
  ],
  [
    'unquoted attributes',
    '<a href=https://x.example/a?b=1&amp;c=2>x</a>',
    [para(textNode('x', [{ type: 'link', attrs: { href: 'https://x.example/a?b=1&c=2' } }]))],
  ],
  [
    'a heading in a div',
    '<div><h2>Title</h2>text</div>',
    [{ type: 'heading', attrs: { level: 2 }, content: [textNode('Title')] }, para('text')],
  ],
  ['blocks inside formatting', '<b><div>a</div><div>b</div></b>', [para(bold('a')), para(bold('b'))]],
  [
    'a list directly in a list',
    '<ul><li>a</li><ul><li>b</li></ul><li>c</li></ul>',
    [list('bulletList', [para('a'), list('bulletList', [para('b')])], [para('c')])],
  ],
  ['list items without a list', '<li>a</li>', [list('bulletList', [para('a')])]],
  [
    'a list that starts at another number',
    '<ol start=5><li>five</ol>',
    [{ ...list('orderedList', [para('five')]), attrs: { order: 5 } }],
  ],
  ['a heading in a list item', '<ul><li><h3>T</h3></li></ul>', [list('bulletList', [para(bold('T'))])]],
  [
    'boxes to tick',
    '<ul><li>☐ open</li><li>[x] <b>done</b></li><li><input type=checkbox checked> too</li></ul>',
    [tasks(task('TODO', textNode('open')), task('DONE', bold('done')), task('DONE', textNode('too')))],
  ],
  [
    'a list of which one item alone has a box',
    '<ul><li>☐ open</li><li>plain</li></ul>',
    [list('bulletList', [para('☐ open')], [para('plain')])],
  ],
  [
    "the editor's code",
    '<pre><code><div>a &lt; b</div><div><br></div><div>&nbsp; c</div></code></pre>',
    [{ type: 'codeBlock', content: [textNode('a < b\n\n  c')] }],
  ],
  [
    'code in code',
    '<pre class="language-ts"><code><div><pre>x\n  y</pre></div></code></pre>',
    [{ type: 'codeBlock', attrs: { language: 'ts' }, content: [textNode('x\n  y')] }],
  ],
  [
    'indentation as the editor makes it',
    '<blockquote style="margin:0 0 0 40px;border:none;padding:0px;"><div>in</div></blockquote>',
    [{ ...para('in'), marks: [{ type: 'indentation', attrs: { level: 1 } }] }],
  ],
  [
    'a quotation',
    '<blockquote><div>q</div><h1>h</h1></blockquote>',
    [{ type: 'blockquote', content: [para('q'), para(bold('h'))] }],
  ],
  [
    'centred text, also the old way',
    '<div style="text-align:center"><div>a</div></div><center>b</center><p align=right>c</p>',
    [
      { ...para('a'), marks: [{ type: 'alignment', attrs: { align: 'center' } }] },
      { ...para('b'), marks: [{ type: 'alignment', attrs: { align: 'center' } }] },
      { ...para('c'), marks: [{ type: 'alignment', attrs: { align: 'end' } }] },
    ],
  ],
  [
    "the editor's table",
    '<table style="border-collapse:collapse;"><thead><tr><td>H</td></tr></thead><tbody><tr><td style="border:1px solid;">a<br></td></tr></tbody></table>',
    [{ type: 'table', content: [row(['tableHeader', para('H')]), row(['tableCell', para('a')])] }],
  ],
  [
    'a table that only holds another',
    '<table><tr><td><table border=1><tr><td>x</td></tr></table></td></tr></table>',
    [{ type: 'table', content: [row(['tableCell', para('x')])] }],
  ],
  [
    'a table in a cell',
    '<table border=1><tr><td>a<table><tr><td>1</td><td>2</td></tr></table></td><td>b</td></tr></table>',
    [
      {
        type: 'table',
        content: [
          {
            type: 'tableRow',
            content: [
              { type: 'tableCell', content: [para('a'), para('1 | 2')] },
              { type: 'tableCell', content: [para('b')] },
            ],
          },
        ],
      },
    ],
  ],
  [
    'a mention',
    `<div><a href="#" data-vss-mention="version:2.0,${annIdentity.toUpperCase()}">@Ann Lee (ACME)</a>&nbsp;see</div>`,
    [para({ type: 'mention', attrs: { id: 'acc-1', text: '@Ann Lee' } }, ' see')],
  ],
  [
    'a mention of a person whom nobody knows',
    '<a href="#" data-vss-mention="version:2.0,ffffffff-0000-0000-0000-000000000000">@Old Colleague</a>',
    [para('@Old Colleague')],
  ],
  [
    'an attached image in a line and alone',
    '<div>see <img src="https://dev.azure.com/acme/_apis/wit/attachments/f1?fileName=a.png" alt=Image> there</div><div><img src="https://dev.azure.com/acme/_apis/wit/attachments/f1?fileName=a.png" alt=Image width=300></div>',
    [
      para(
        'see ',
        { type: 'mediaInline', attrs: { type: 'image', id: 'f1', collection: 'files', alt: 'Image' } },
        ' there',
      ),
      {
        type: 'mediaSingle',
        attrs: { layout: 'align-start' },
        content: [{ type: 'media', attrs: { type: 'file', id: 'f1', collection: 'files', alt: 'Image', width: 300 } }],
      },
    ],
  ],
  [
    'an image that stands for a link',
    '<a href="https://x.example"><img src="https://x.example/i.png"></a>',
    [
      {
        type: 'mediaSingle',
        attrs: { layout: 'align-start' },
        content: [
          {
            type: 'media',
            attrs: { type: 'external', url: 'https://x.example/i.png' },
            marks: [{ type: 'link', attrs: { href: 'https://x.example' } }],
          },
        ],
      },
    ],
  ],
  [
    'details',
    '<details><summary>More</summary>text</details>',
    [{ type: 'expand', attrs: { title: 'More' }, content: [para('text')] }],
  ],
  [
    'a definition list',
    '<dl><dt>Term</dt><dd>Meaning</dd></dl>',
    [para(bold('Term')), { ...para('Meaning'), marks: [{ type: 'indentation', attrs: { level: 1 } }] }],
  ],
];

/** As Outlook and Word put it on the clipboard, and Azure DevOps keeps it. */
const fromWord = `<p class=MsoNormal style="margin:0in;font-size:11pt;font-family:Calibri, sans-serif;">Hi <b>team</b>,<o:p></o:p></p>
<p class=MsoNormal style="margin:0in;"><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style="margin:0in 0in 0in .5in;text-indent:-.25in;"><span style="font-family:Symbol;"><span style="">·<span style="font:7.0pt &quot;Times New Roman&quot;;">&nbsp;&nbsp;&nbsp; </span></span></span>first</p>
<p class=MsoListParagraphCxSpMiddle style="margin-left:1.0in;text-indent:-.25in;"><span style="font-family:&quot;Courier New&quot;;">o<span>&nbsp;&nbsp; </span></span>nested</p>
<p class=MsoListParagraphCxSpLast style="margin-left:.5in;text-indent:-.25in;"><span>·<span>&nbsp;&nbsp; </span></span>second</p>
<p style="margin-left:.5in;text-indent:-.25in;mso-list:l1 level1 lfo2;"><![if !supportLists]><span style="mso-list:Ignore;">3.<span>&nbsp; </span></span><![endif]>counted</p>
<table class=MsoTableGrid border=1 cellspacing=0 style="border-collapse:collapse;border:none;"><tr><td width=133 valign=top style="width:99.55pt;border:solid windowtext 1.0pt;background:#C9C9C9;padding:0in 5.4pt;"><p class=MsoNormal><b>Head</b></p></td></tr></table>`;

describe('HTML → ADF', () => {
  it.each(samples)('%s', (_, html, expected) => {
    const { doc } = htmlToAdf(html, mapped);
    expect(schemaError(doc)).toBeUndefined();
    expect(doc.content).toEqual(expected);
  });

  it('reads what Word and Outlook paste: paragraphs, lists made of paragraphs, tables', () => {
    const { doc } = htmlToAdf(fromWord, mapped);
    expect(schemaError(doc)).toBeUndefined();
    expect(doc.content).toEqual([
      para('Hi ', bold('team'), ','),
      para(),
      list('bulletList', [para('first'), list('bulletList', [para('nested')])], [para('second')]),
      { ...list('orderedList', [para('counted')]), attrs: { order: 3 } },
      {
        type: 'table',
        content: [
          {
            type: 'tableRow',
            content: [
              { type: 'tableCell', attrs: { background: '#c9c9c9', colwidth: [133] }, content: [para(bold('Head'))] },
            ],
          },
        ],
      },
    ]);
  });

  const hostile: readonly (readonly [string, string])[] = [
    ['scripts', '<script>alert(1)</script><div onclick="alert(1)">x<img src=x onerror=alert(1)></div>'],
    [
      'script addresses',
      '<a href="javascript:alert(1)">x</a><a href=" jAvA&#10;scRipt:alert(1)">y</a><a href="data:text/html,<script>">z</a><img src="javascript:alert(1)">',
    ],
    [
      'frames, forms, objects',
      '<iframe src="https://evil.example"></iframe><form action=//evil><input value=1><button>x</button></form><object data=x></object><embed src=x>',
    ],
    [
      'styles that run',
      '<div style="background:url(javascript:alert(1));width:expression(alert(1))">x</div><style>@import url(evil)</style>',
    ],
    [
      'foreign markup',
      '<svg><script>alert(1)</script><a xlink:href="javascript:alert(1)"><text>x</text></a></svg><math><mtext><img src=x onerror=alert(1)></mtext></math>',
    ],
    ['broken tags', '<div <p>>x</div<b <i>y</</b></i><!--><script>alert(1)//--><a href="'],
    ['entities', '&lt;script&gt;alert(1)&lt;/script&gt;&#0;&#xD800;&#x110000;&notanentity;'],
  ];
  it.each(hostile)('takes nothing active over: %s', (_, html) => {
    const { doc } = htmlToAdf(html, mapped);
    expect(schemaError(doc)).toBeUndefined();
    const back = adfToHtml(doc, mapped).html;
    expect(JSON.stringify(doc)).not.toMatch(/"(?:href|url)":"\s*(?:javascript|data|vbscript)/i);
    expect(back).not.toMatch(/<(?:script|iframe|form|object|embed|svg|style)|\son\w+\s*=|javascript:[^<]*"/i);
  });

  it('tells what was lost, and where', () => {
    expect(htmlToAdf('<div>a</div><div><a href="javascript:x">b</a></div>').losses).toEqual([
      {
        path: '/div[2]/a[1]',
        node: 'a',
        kind: 'address',
        reason: 'an address of a kind that is not allowed; its text stays',
      },
    ]);
    const { doc, losses } = htmlToAdf(
      '<img src="https://dev.azure.com/acme/_apis/wit/attachments/9?fileName=plan%20b.png">',
    );
    expect(losses.map((loss) => loss.node)).toEqual(['img']);
    expect(doc.content).toEqual([
      para(
        textNode('🖼 plan b.png', [
          { type: 'link', attrs: { href: 'https://dev.azure.com/acme/_apis/wit/attachments/9?fileName=plan%20b.png' } },
        ]),
      ),
    ]);
    expect(adfToHtml(doc).html).toBe(
      '<p><img src="https://dev.azure.com/acme/_apis/wit/attachments/9?fileName=plan%20b.png" alt="plan b.png"></p>',
    );
  });

  it('two people are told apart by id, not by name', () => {
    const { doc } = htmlToAdf(`<a href="#" data-vss-mention="version:2.0,${bobIdentity}">@Ann Lee</a>`, mapped);
    expect(doc.content).toEqual([para({ type: 'mention', attrs: { id: 'acc-2', text: '@Bob Ödegård' } })]);
  });

  it.each([
    ['well-formed', arbitraryHtml],
    ['broken', brokenHtml],
  ])('any %s HTML becomes a valid document that stays the same after one round', (_, html) => {
    fc.assert(
      fc.property(html, (text) => {
        const first = htmlToAdf(text, mapped).doc;
        expect(schemaError(first)).toBeUndefined();
        const once = htmlToAdf(adfToHtml(first, mapped).html, mapped).doc;
        expect(htmlToAdf(adfToHtml(once, mapped).html, mapped).doc).toEqual(once);
      }),
      { numRuns: 150 },
    );
  });
});
