import { describe, expect, it } from 'vitest';
import { docOf, paragraph, textNode } from '../../../backend/src/sync/richtext/adf.ts';
import { adfToPlain, htmlToPlain, plainToAdf, plainToHtml } from '../../../backend/src/sync/richtext/plain.ts';
import fc from '../../property.ts';
import { schemaError } from './adf-schema.ts';
import { arbitraryAdf } from './arbitrary-adf.ts';

describe('plain text', () => {
  it('becomes paragraphs and breaks', () => {
    const text = 'Dear all,\r\nsee <below>\n\n\n  indented & so on\n';
    expect(plainToAdf(text)).toEqual(
      docOf([
        paragraph([textNode('Dear all,'), { type: 'hardBreak' }, textNode('see <below>')]),
        paragraph([textNode('  indented & so on')]),
      ]),
    );
    expect(plainToHtml(text)).toBe('<p>Dear all,<br>see &lt;below&gt;</p><p>&nbsp; indented &amp; so on</p>');
    expect(plainToAdf('')).toEqual(docOf([]));
  });

  it('comes out of rich text readable', () => {
    const html =
      '<h1>Plan</h1><ul><li>one<ol start=4><li>four</li></ol></li><li>two</li></ul><table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2<br>3</td></tr></table>' +
      '<pre><code>x\n  y</code></pre><blockquote>q1<br>q2</blockquote><p><a href="https://x.example">here</a></p><hr><ul><li>☑ done</li></ul>';
    expect(htmlToPlain(html)).toBe(
      'Plan\n\n- one\n  4. four\n- two\n\na\tb\n1\t2 3\n\nx\n  y\n\n> q1\n> q2\n\nhere (https://x.example)\n\n---\n\n☑ done',
    );
  });

  it('goes both ways unchanged where it is plain', () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^[A-Za-z0-9<&]{1,20}( [a-z]{1,5}\n?[a-z]{1,4})?$/), { maxLength: 4 }),
        (parts) => {
          const text = parts.join('\n\n');
          expect(adfToPlain(plainToAdf(text))).toBe(text);
          expect(htmlToPlain(plainToHtml(text))).toBe(text);
        },
      ),
    );
  });

  it('comes out of any document, and goes into a valid one', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        expect(schemaError(plainToAdf(adfToPlain(doc)))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});
