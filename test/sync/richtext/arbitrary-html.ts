// HTML as Azure DevOps' editor makes it, as people paste it there, and as nobody should write it.
import fc from '../../property.ts';
import { annIdentity } from './people.ts';

const words: fc.Arbitrary<string> = fc.oneof(
  fc.stringMatching(/^[a-zA-Z0-9 .,]{1,12}$/),
  fc.constantFrom(
    '&nbsp;',
    ' &nbsp;',
    'Größe',
    '\n  raw line\n',
    'a &lt; b',
    '☐ todo',
    '☑ done',
    '[x] done',
    '📅 2026-02-28',
    '📅 2026-02-31',
    '▸ more',
    '[Jira: macro]',
    'Decision:',
    'a\u200bb',
    '&#x1F600;',
    '&amp;amp;',
    'x&y',
    '1 < 2',
  ),
);
const styles = fc
  .array(
    fc.constantFrom(
      'box-sizing:border-box',
      'font-family:&quot;Segoe UI&quot;, sans-serif',
      'color:rgb(0, 0, 0)',
      'color:#ff0000',
      'background-color:rgb(255, 255, 0)',
      'background:white',
      'font-weight:bold',
      'font-weight:normal',
      'font-style:italic',
      'text-decoration:underline line-through',
      'vertical-align:super',
      'text-align:center',
      'text-align:right',
      'margin:0in 0in 8pt',
      'margin-left:.5in',
      'margin-left:40px',
      'text-indent:-.25in',
      'mso-list:l0 level2 lfo1',
      'border:1px solid #c1c7d0',
      'border:none',
      'padding:8px',
      'width:50%',
      'width:300px',
      'background-color:#deebff',
      'border-left:4px solid #0052cc',
      'border-radius:3px',
      'float:left',
      'display:none',
      'white-space:pre-wrap',
      'font:7.0pt Symbol',
      'color:',
      ':',
      ';;',
      '(',
    ),
    { maxLength: 4 },
  )
  .map((list) => (list.length === 0 ? '' : ` style="${list.join(';')}"`));
const extras = fc.constantFrom(
  '',
  '',
  '',
  ' class=MsoNormal',
  ' id=x',
  ' align=center',
  ' dir=ltr',
  ' data-x="1"',
  ' title=":smile:"',
  ' title=placeholder',
  ' onclick="alert(1)"',
  ' lang=EN-US',
);
const attrs = fc.tuple(styles, extras).map((parts) => parts.join(''));

const inlineTags: fc.Arbitrary<string> = fc.constantFrom(
  'b',
  'strong',
  'i',
  'em',
  'u',
  's',
  'strike',
  'sub',
  'sup',
  'code',
  'span',
  'span',
  'font color=red face=Arial',
  'small',
  'mark',
  'o:p',
  'q',
  'tt',
  'custom-tag',
);
const voids: fc.Arbitrary<string> = fc.constantFrom(
  '<br>',
  '<br />',
  '<img src="https://x.example/a.png" alt=image>',
  '<img src="https://dev.azure.com/acme/_apis/wit/attachments/abc?fileName=a%20b.png" alt=pic style="width:300px">',
  '<img src="cid:1">',
  '<img src=data:image/png;base64,AAAA>',
  '<img>',
  `<a href="#" data-vss-mention="version:2.0,${annIdentity}">@Ann Lee</a>`,
  '<a href="#" data-vss-mention="version:2.0,00000000-0000-0000-0000-000000000000">@Gone</a>',
  '<a href=https://x.example>https://x.example</a>',
  '<a href="javascript:alert(1)">run</a>',
  '<a href="https://x.example/1" title="https://x.example/1">https://x.example/1</a>',
  '<a href="https://dev.azure.com/acme/_apis/wit/attachments/f?fileName=f.pdf">📎 f.pdf</a>',
  '<input type=checkbox checked>',
  '<!-- c -->',
  '<![if !supportLists]>',
  '<script>alert(1)</script>',
  '<style>p{}</style>',
  '<a name=x>',
  '<wbr>',
  '<hr>',
);
const blockTags: fc.Arbitrary<string> = fc.constantFrom(
  'div',
  'div',
  'div',
  'p',
  'p class=MsoListParagraph',
  'h1',
  'h3',
  'blockquote',
  'ul',
  'ol',
  'ol start=3',
  'li',
  'li',
  'table',
  'table border=0',
  'tbody',
  'tr',
  'td',
  'td colspan=2',
  'th',
  'pre',
  'center',
  'dl',
  'dt',
  'dd',
  'details',
  'summary',
  'figure',
  'section',
  'form',
);

type Parts = {
  readonly inline: string;
  readonly block: string;
};

const nested = fc.letrec<Parts>((tie) => {
  const wrap = (tags: fc.Arbitrary<string>, content: fc.Arbitrary<string>) =>
    fc
      .tuple(tags, attrs, fc.array(content, { maxLength: 4 }))
      .map(([tag, more, inner]) => `<${tag}${more}>${inner.join('')}</${tag.split(' ')[0]}>`);
  const deep = { depthSize: 'small', withCrossShrink: true } as const;
  return {
    inline: fc.oneof(
      deep,
      words,
      voids,
      wrap(inlineTags, tie('inline')),
      wrap(fc.constantFrom('a href="https://x.example/?a=1&b=2"', 'a href=/x'), tie('inline')),
    ),
    block: fc.oneof(
      deep,
      words,
      tie('inline'),
      wrap(blockTags, tie('inline')),
      wrap(blockTags, tie('block')),
      wrap(inlineTags, tie('block')),
    ),
  };
});

export const arbitraryHtml: fc.Arbitrary<string> = fc
  .array(nested.block, { maxLength: 6 })
  .map((parts) => parts.join(''));

/** The same with pieces cut out, doubled or swapped: unclosed tags, broken attributes. */
export const brokenHtml: fc.Arbitrary<string> = fc
  .tuple(arbitraryHtml, fc.array(fc.tuple(fc.nat(400), fc.nat(12), fc.nat(400)), { maxLength: 4 }))
  .map(([html, cuts]) =>
    cuts.reduce((text, [at, length, to]) => {
      const piece = text.slice(at, at + length);
      const rest = text.slice(0, at) + text.slice(at + length);
      return rest.slice(0, to) + piece + rest.slice(to);
    }, html),
  );
