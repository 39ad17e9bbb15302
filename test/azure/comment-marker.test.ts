import { describe, expect, it } from 'vitest';
import { commentMarker, withCommentMarker, withoutCommentMarker } from '../../backend/src/azure/comment-marker.ts';
import { markerComment, markerIn } from '../../backend/src/azure/relations.ts';
import fc from '../property.ts';

const marker = { sourceId: '10012/10400', token: 'tandem1.nonce_-1.abcdefghijklmnopqrstuv' };
const other = { sourceId: '7', token: 'tandem1.n.ABCDEFGHIJKLMNOPQRSTUV' };
const page = 'https://dev.azure.com/acme/Tandem/_workitems/edit/7';
const line = '<div><a href="https://acme.atlassian.net/browse/TAN-1?focusedCommentId=10400">Ann in Jira</a>:</div>';

describe('the marker of a comment', () => {
  it('stands in the address of the first link and is found there', () => {
    const body = withCommentMarker(`${line}<p>See <a href="https://x.example/#a">this</a></p>`, marker, page);
    expect(commentMarker(body)).toEqual(marker);
    expect(body).toContain('focusedCommentId=10400#tandem=');
    expect(body).toContain('<a href="https://x.example/#a">this</a>');
  });

  it('joins a fragment that is already there', () => {
    const body = withCommentMarker('<a href="https://x.example/#top">x</a>', marker, page);
    expect(body).toContain('#top&amp;tandem=');
    expect(commentMarker(body)).toEqual(marker);
  });

  it('gets a link of its own in a body without one', () => {
    expect(commentMarker(withCommentMarker('plain words', marker, page))).toEqual(marker);
  });

  it('replaces an earlier marker instead of adding a second', () => {
    const twice = withCommentMarker(withCommentMarker(line, other, page), marker, page);
    expect(commentMarker(twice)).toEqual(marker);
    expect(twice.match(/tandem=/g)).toHaveLength(1);
  });

  it('survives a sanitizer that encodes characters', () => {
    const body = withCommentMarker('<a href="https://x.example/#top">x</a>', marker, page);
    expect(commentMarker(body.replaceAll(':tandem1', '%3Atandem1'))).toEqual(marker);
  });

  it('is not seen in words that only look like it', () => {
    expect(commentMarker('<p>#tandem=1:tandem1.short.mac</p>')).toBeUndefined();
    expect(commentMarker('<p>tandem1.nonce.abcdefghijklmnopqrstuv</p>')).toBeUndefined();
  });

  it('leaves any other text as it was when taken out again', () => {
    fc.assert(
      fc.property(fc.string(), (words) => {
        const html = `${line}<p>${words.replaceAll(/[<>&#]/g, '')}</p>`;
        expect(withoutCommentMarker(withCommentMarker(html, marker, page))).toBe(html);
      }),
    );
  });
});

describe('the marker of a relation', () => {
  it('comes back from its comment, whatever stands around it', () => {
    expect(markerIn(`copied: ${markerComment(marker)} (by hand)`)).toEqual(marker);
  });

  it('fits the 255 characters of a comment', () => {
    const long = { sourceId: '1234567890/1234567890', token: `tandem1.${'n'.repeat(64)}.abcdefghijklmnopqrstuv` };
    expect(markerComment(long).length).toBeLessThanOrEqual(255);
    expect(markerIn(markerComment(long))).toEqual(long);
  });

  it.each([undefined, null, 3, '', 'tandem', '[tandem source=1 token=tandem1.x.y]'])('is not in %j', (comment) => {
    expect(markerIn(comment)).toBeUndefined();
  });
});
