// What a page draws of rich texts in a preview.

import { describe, expect, it } from 'vitest';
import { textDrawer } from '../../backend/src/routes/preview-text.ts';
import type { FieldValue } from '../../backend/src/sync/model.ts';

const text = (words: string, ...marks: string[]) => ({
  type: 'text',
  text: words,
  ...(marks.length > 0 ? { marks: marks.map((type) => ({ type })) } : {}),
});
const paragraph = (...content: object[]) => ({ type: 'paragraph', content });
const adf = (...content: object[]): FieldValue => ({
  kind: 'richText',
  format: 'adf',
  adf: { type: 'doc', version: 1, content },
});
const html = (words: string): FieldValue => ({ kind: 'richText', format: 'html', text: words });

describe('a rich text of a preview', () => {
  it.each([
    ['HTML', html('<p>Weigh it <b>twice</b></p>')],
    ['Markdown', { kind: 'richText', format: 'markdown', text: 'Weigh it **twice**' } as const],
    ['ADF', adf(paragraph(text('Weigh it '), text('twice', 'strong')))],
  ])('is drawn from %s', (_, value) => {
    const drawn = textDrawer()(value);
    expect(drawn?.cut).toBe(false);
    expect(drawn?.doc.content).toMatchObject([paragraph(text('Weigh it '), text('twice', 'strong'))]);
  });

  it('names files and macros, which Forge cannot show, and keeps mentions', () => {
    const media = { type: 'media', attrs: { id: 'a', type: 'file', collection: '', alt: 'scale.png' } };
    const mention = { type: 'mention', attrs: { id: '1', text: '@Dana' } };
    const drawn = textDrawer()(
      adf(
        { type: 'mediaSingle', content: [media] },
        paragraph(mention, { type: 'inlineExtension', attrs: {} }, { type: 'emoji', attrs: { shortName: ':ship:' } }),
        { type: 'extension', attrs: { extensionKey: 'toc' } },
      ),
    );
    expect(drawn?.doc.content).toEqual([
      paragraph(text('[scale.png]', 'em')),
      paragraph(mention, text('[macro]', 'em'), text(':ship:')),
      paragraph(text('[macro]', 'em')),
    ]);
  });

  it('is cut between two blocks where it is long, and says so', () => {
    const drawn = textDrawer(
      1_000_000,
      2_000,
    )(adf(...Array.from({ length: 100 }, (_, n) => paragraph(text(`line ${n}`)))));
    expect(drawn?.cut).toBe(true);
    expect(drawn?.doc.content.length).toBeLessThan(100);
    expect(drawn?.doc.content.at(-1)).toEqual(paragraph(text(`line ${(drawn?.doc.content.length ?? 0) - 1}`)));
    expect(JSON.stringify(drawn?.doc).length).toBeLessThan(2_200);
  });

  it('is left to its words once a preview has drawn as much as an answer may carry', () => {
    const draw = textDrawer(400);
    const value = html('<p>Weigh the parcel</p>');
    const drawn = Array.from({ length: 10 }, () => draw(value) !== null);
    expect(drawn[0]).toBe(true);
    expect(drawn.at(-1)).toBe(false);
  });

  it('is none of other values', () => {
    expect(textDrawer()({ kind: 'text', text: 'Weigh' })).toBeNull();
    expect(textDrawer()(null)).toBeNull();
  });
});
