// HTML as the server writes it back: what is removed, and the loose way in which the rest is written.

import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { describe, expect, it } from 'vitest';
import fc from '../../property.ts';
import { renderMarkdown, sanitizeHtml, textOf } from './html.ts';

const hostile = (nodes: readonly DefaultTreeAdapterTypes.ChildNode[]): string[] =>
  nodes.flatMap((node) => {
    if (!('tagName' in node)) return [];
    const attributes = node.attrs.map((one) => one.name).filter((name) => name.startsWith('on'));
    return [...(node.tagName === 'script' ? ['script'] : []), ...attributes, ...hostile(node.childNodes)];
  });

describe('sanitizeHtml', () => {
  it.each<[string, string, string]>([
    ['scripts vanish with what they hold', '<p>a<script>alert(1)</script>b</p>', '<p>ab</p>'],
    ['event attributes vanish', '<b onclick="x()" ONLOAD=y>a</b>', '<b>a</b>'],
    [
      'script URLs vanish, however they hide',
      '<a href="java\tscript:x">a</a><img src=" javascript:x">',
      '<a>a</a><img>',
    ],
    ['frames and forms vanish', '<iframe src="https://x.example"></iframe><form><input></form>a', 'a'],
    ['unknown elements leave their text', '<blink>a</blink>', 'a'],
    ['comments vanish', 'a<!-- b -->c', 'ac'],
    [
      'simple attribute values lose their quotes',
      '<img alt="image.png" width="20" src="https://x.example/a b">',
      '<img alt=image.png width=20 src="https://x.example/a b">',
    ],
    [
      'other attribute values are quoted',
      "<a href='https://x.example/?a=1&b=2'>x</a>",
      '<a href="https://x.example/?a=1&amp;b=2">x</a>',
    ],
    [
      'declarations lose blanks and end in a semicolon',
      '<p style="Color : red; margin:0in">a</p>',
      '<p style="color:red;margin:0in;">a</p>',
    ],
    [
      'hostile declarations vanish',
      '<p style="width:expression(1);color:red;background:url(x)">a</p>',
      '<p style="color:red;">a</p>',
    ],
    ['an empty style vanishes', '<p style="">a</p>', '<p>a</p>'],
    [
      'quotes and non-breaking spaces become entities',
      `<p>"it's"\u00a0&lt;</p>`,
      '<p>&quot;it&#39;s&quot;&nbsp;&lt;</p>',
    ],
    ['other characters stay', '<p>Zoë 🚚 שלום</p>', '<p>Zoë 🚚 שלום</p>'],
    ['void elements have no slash', 'a<br/>b<hr />', 'a<br>b<hr>'],
    ['text before the first tag and raw newlines stay', 'before\n<pre>a\n  b</pre>\n', 'before\n<pre>a\n  b</pre>\n'],
    ['open elements are closed', '<ul><li>a<li>b', '<ul><li>a</li><li>b</li></ul>'],
    [
      'mentions keep their data',
      '<a href="#" data-vss-mention="version:2.0,aa-bb">@Z</a>',
      '<a href="#" data-vss-mention="version:2.0,aa-bb">@Z</a>',
    ],
    ['plain text without marks stays as it is', 'just text', 'just text'],
  ])('%s', (_, given, kept) => {
    expect(sanitizeHtml(given)).toBe(kept);
  });

  it('a second round changes nothing, and nothing hostile is left', () => {
    const piece = fc.constantFrom(
      '<p>',
      '</p>',
      '<b',
      ' style="a:b"',
      ' onclick=x',
      '>',
      '"',
      "'",
      '&',
      '&amp;',
      '<script>',
      '</script>',
      'javascript:',
      '<a href="',
      '<td>',
      '<ul><li>',
      '<pre>',
      '\n',
      'ü',
      '<!--',
      '<img src=x onerror=y>',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 25 }), (pieces) => {
        const once = sanitizeHtml(pieces.join(''));
        expect(sanitizeHtml(once)).toBe(once);
        expect(hostile(parseFragment(once).childNodes)).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });
});

describe('other readings', () => {
  it('textOf gives words, with blocks apart', () => {
    expect(textOf('<div>a<b>b</b></div><div>c &amp; d</div>')).toBe('ab c & d');
  });

  it('renderMarkdown shows the usual marks', () => {
    expect(renderMarkdown('# T\n\n**b** and `c`\n\n- x\n- y')).toBe(
      '<h1>T</h1>\n<p><strong>b</strong> and <code>c</code></p>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n',
    );
  });
});
