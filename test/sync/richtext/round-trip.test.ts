import { describe, expect, it } from 'vitest';
import { adfToHtml } from '../../../backend/src/sync/richtext/adf-to-html.ts';
import type { ConversionContext } from '../../../backend/src/sync/richtext/context.ts';
import { htmlToAdf } from '../../../backend/src/sync/richtext/html-to-adf.ts';
import fc from '../../property.ts';
import { sanitizeHtml } from '../../simulators/azure/html.ts';
import { schemaError } from './adf-schema.ts';
import { arbitraryAdf } from './arbitrary-adf.ts';
import { mapped } from './people.ts';

const contexts: Readonly<Record<string, ConversionContext>> = {
  'with people and files mapped': mapped,
  'with nothing mapped': {},
};

describe.each(Object.entries(contexts))('any valid document, %s', (_, context) => {
  it('is valid to begin with', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => schemaError(doc) === undefined),
      { numRuns: 100 },
    );
  });

  it('comes back as a valid document and stays the same from then on', () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        const once = htmlToAdf(adfToHtml(doc, context).html, context).doc;
        expect(schemaError(once)).toBeUndefined();
        const twice = htmlToAdf(adfToHtml(once, context).html, context).doc;
        expect(twice).toEqual(once);
      }),
      { numRuns: 200 },
    );
  });

  it("comes back the same through the server's sanitizer", () => {
    fc.assert(
      fc.property(arbitraryAdf, (doc) => {
        const { html } = adfToHtml(doc, context);
        expect(htmlToAdf(sanitizeHtml(html), context).doc).toEqual(htmlToAdf(html, context).doc);
      }),
      { numRuns: 100 },
    );
  });
});
