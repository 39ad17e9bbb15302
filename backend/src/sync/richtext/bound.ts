// Keeps documents to a depth that recursion can walk: what lies deeper becomes plain text. Iterative throughout.
import { type AdfDoc, type AdfNode, docOf, paragraph, plainTextOf, textNode } from './adf.ts';
import type { LossLog } from './context.ts';

/** Levels of ADF nodes below the root. People nest a dozen; a list of a hundred levels is two hundred nodes deep. */
export const maxAdfDepth = 200;
/** Levels of HTML elements that keep their meaning; deeper ones are taken away and their content stays. */
export const maxHtmlDepth = 700;

export function depthOf(doc: AdfDoc): number {
  let deepest = 0;
  let level: readonly AdfNode[] = doc.content;
  while (level.length > 0) {
    deepest += 1;
    level = level.flatMap((node) => node.content ?? []);
  }
  return deepest;
}

/** The document itself where it is shallow enough. */
export function boundAdf(doc: AdfDoc, losses: LossLog): AdfDoc {
  if (depthOf(doc) <= maxAdfDepth) return doc;
  losses.add('$', 'depth', 'doc', `nested deeper than ${maxAdfDepth} levels; what lies deeper became plain text`);
  return docOf(doc.content.map((node) => boundNode(node, 1)));
}

/** Nodes that may hold a paragraph, so that everything below can become one. */
const holders = new Set(
  'listItem blockquote panel expand nestedExpand tableCell tableHeader layoutColumn bodiedExtension bodiedSyncBlock'.split(
    ' ',
  ),
);

function boundNode(node: AdfNode, depth: number): AdfNode {
  if (node.content === undefined || node.content.length === 0) return node;
  if (depth < maxAdfDepth - 8) return { ...node, content: node.content.map((child) => boundNode(child, depth + 1)) };
  const text = plainTextOf(node);
  const inline = text === '' ? [] : [textNode(text)];
  if (holders.has(node.type)) return { ...node, content: [paragraph(inline)] };
  if (node.type === 'taskList') {
    return { ...node, content: [{ type: 'taskItem', attrs: { localId: '', state: 'TODO' }, content: inline }] };
  }
  if (depth >= maxAdfDepth) return paragraph(inline);
  return { ...node, content: node.content.map((child) => boundNode(child, depth + 1)) };
}
