// How a comment that Tandem made in Azure DevOps is known again. Comments there have no properties, so the marker is in the
// address of the attribution line's link: `…#tandem=<source comment id>:<token>`. The core writes the line, this file the
// fragment.

import type { Marker } from '../sync/model.ts';

// A sanitizer may write `&` and `:` as entities or percent-encoded.
const fragment = String.raw`(?:#|&amp;|&)tandem=([^:&"'<>\s)]+)(?::|&#58;|%3A)(tandem1\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{22})`;

/** The part of the address from `#` on. */
export const markerFragment = (marker: Marker): string =>
  `#tandem=${encodeURIComponent(marker.sourceId)}:${marker.token}`;

/** The marker in a comment's HTML or Markdown; the first one, since the attribution line comes first. */
export function commentMarker(text: string): Marker | undefined {
  const parts = new RegExp(fragment).exec(text);
  const [sourceId, token] = [parts?.[1], parts?.[2]];
  return sourceId === undefined || token === undefined ? undefined : { sourceId: decodeURIComponent(sourceId), token };
}

/**
 * The body with the marker in its first link: the attribution line's. Any marker of an earlier version is replaced. A body
 * without a link gets a line of its own that links to `fallbackUrl`.
 */
export function withCommentMarker(html: string, marker: Marker, fallbackUrl: string): string {
  const clean = withoutCommentMarker(html);
  const link = /(<a\b[^>]*?\bhref\s*=\s*)("[^"]*"|'[^']*')/i.exec(clean);
  const [whole, head, quoted] = [link?.[0], link?.[1], link?.[2]];
  if (link === null || whole === undefined || head === undefined || quoted === undefined) {
    return `<div><a href="${fallbackUrl}${markerFragment(marker)}">Tandem</a></div>${clean}`;
  }
  const quote = quoted.charAt(0);
  const address = quoted.slice(1, -1);
  const mark = markerFragment(marker);
  const marked = address.includes('#') ? `${address}&amp;${mark.slice(1)}` : `${address}${mark}`;
  return `${clean.slice(0, link.index)}${head}${quote}${marked}${quote}${clean.slice(link.index + whole.length)}`;
}

/** The same in Markdown, whose links are `[words](<address>)`. */
export function withMarkdownMarker(markdown: string, marker: Marker, fallbackUrl: string): string {
  const clean = withoutCommentMarker(markdown);
  const link = /(\[(?:[^\]\\]|\\.)*\]\(<?)([^\s)>]+)/.exec(clean);
  const [whole, head, address] = [link?.[0], link?.[1], link?.[2]];
  if (link === null || whole === undefined || head === undefined || address === undefined) {
    return `[Tandem](<${fallbackUrl}${markerFragment(marker)}>)\n\n${clean}`;
  }
  const mark = markerFragment(marker);
  const marked = address.includes('#') ? `${address}&${mark.slice(1)}` : `${address}${mark}`;
  return `${clean.slice(0, link.index)}${head}${marked}${clean.slice(link.index + whole.length)}`;
}

/** The text as it was before it was marked. */
export const withoutCommentMarker = (text: string): string => text.replaceAll(new RegExp(fragment, 'g'), '');
