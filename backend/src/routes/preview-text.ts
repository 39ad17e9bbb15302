// Rich texts of a preview as documents that a page draws: bounded, and without what Forge can't show there
// (https://developer.atlassian.com/platform/forge/ui-kit/components/adf-renderer/). No I/O.

import type { FieldValue } from '../sync/model.ts';
import { asAdf, type RichText } from '../sync/rich-text.ts';
import {
  type AdfDoc,
  type AdfNode,
  docOf,
  paragraph,
  plainTextOf,
  stringAttr,
  textNode,
} from '../sync/richtext/adf.ts';
import { fitAdf } from '../sync/richtext/fit-adf.ts';

export interface DrawnText {
  readonly doc: AdfDoc;
  /** The text goes on: blocks at its end were left out. */
  readonly cut: boolean;
}

/** Takes so much of a budget, in letters of JSON; null once it is used up: the page shows the words alone. */
export type DrawText = (value: FieldValue | null) => DrawnText | null;

const mostOfText = 30_000;
/** Of all texts of one preview: an answer may have 5 MB, in bytes, and carries the words as well. */
const mostOfPreview = 900_000;

export function textDrawer(budget: number = mostOfPreview, most: number = mostOfText): DrawText {
  let left = budget;
  return (value) => {
    if (value?.kind !== 'richText' || left <= 0) return null;
    const drawn = drawnText(value, most);
    left -= size(drawn.doc);
    return left < 0 ? null : drawn;
  };
}

const size = (node: AdfNode | AdfDoc): number => JSON.stringify(node).length;

function drawnText(value: RichText, most: number): DrawnText {
  const shown = docOf(asAdf(value).content.map(shownBlock));
  const { doc, losses } = fitAdf(shown, most, size);
  if (losses.length === 0) return { doc, cut: false };
  // The page says in its own words that the text goes on.
  return { doc: docOf(doc.content.slice(0, -1)), cut: true };
}

/** Files and macros have no content for the app: their place is named. */
function shownBlock(node: AdfNode): AdfNode {
  switch (node.type) {
    case 'mediaSingle':
    case 'mediaGroup':
      return paragraph((node.content ?? []).filter(({ type }) => type.startsWith('media')).map(namedFile));
    case 'media':
      return paragraph([namedFile(node)]);
    case 'mediaInline':
      return namedFile(node);
    case 'extension':
    case 'bodiedExtension':
    case 'bodiedSyncBlock':
    case 'syncBlock':
    case 'blockCard':
    case 'embedCard':
      return paragraph([placeholder(stringAttr(node, 'url') ?? (plainTextOf(node) || 'macro'))]);
    case 'inlineExtension':
      return placeholder(stringAttr(node, 'text') ?? 'macro');
    case 'emoji':
      return textNode(stringAttr(node, 'text') ?? stringAttr(node, 'shortName') ?? '');
    default:
      return node.content === undefined ? node : { ...node, content: node.content.map(shownBlock) };
  }
}

const namedFile = (node: AdfNode): AdfNode =>
  placeholder(stringAttr(node, 'alt') || stringAttr(node, 'url') || 'attached file');

const placeholder = (words: string): AdfNode => textNode(`[${words}]`, [{ type: 'em' }]);
