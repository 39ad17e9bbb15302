// Keeps a document under a field's limit by cutting whole blocks off its end, with a note that a reader sees.
import { type AdfDoc, type AdfNode, docOf, paragraph, plainTextOf, textNode } from './adf.ts';
import type { Loss } from './context.ts';

/** Jira refuses longer texts: "It exceeds the allowed limit of 32,767 characters." */
export const jiraTextLimit = 32_767;

/** Characters of a block as Jira counts a text: what a reader sees, and a line end for each line. */
export type Measure = (block: AdfNode) => number;

const lineNodes = new Set([
  'paragraph',
  'heading',
  'codeBlock',
  'taskItem',
  'decisionItem',
  'caption',
  'rule',
  'media',
  'blockCard',
  'embedCard',
]);

export const textLength: Measure = (block) => plainTextOf(block).length + lineCount(block);

function lineCount(root: AdfNode): number {
  let count = 0;
  const pending: AdfNode[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (lineNodes.has(node.type)) count += 1;
    for (const child of node.content ?? []) pending.push(child);
  }
  return count;
}

export interface FitResult {
  readonly doc: AdfDoc;
  readonly losses: readonly Loss[];
}

const note = (dropped: number) =>
  `… cut here: ${dropped} more ${dropped === 1 ? 'block is' : 'blocks are'} too long for this field.`;
const noteRoom = note(1_000_000).length + 1;

/** The document itself where it fits. A first block that is too long by itself is cut inside, as plain text. */
export function fitAdf(doc: AdfDoc, limit: number = jiraTextLimit, measure: Measure = textLength): FitResult {
  const sizes = doc.content.map(measure);
  if (sizes.reduce((sum, size) => sum + size, 0) <= limit) return { doc, losses: [] };
  const room = limit - noteRoom;
  const kept: AdfNode[] = [];
  let used = 0;
  for (const [i, block] of doc.content.entries()) {
    used += sizes[i] ?? 0;
    if (used > room) break;
    kept.push(block);
  }
  const dropped = doc.content.length - kept.length;
  const first = doc.content[kept.length];
  if (kept.length === 0 && first !== undefined && room > 1) kept.push(shortened(first, room - 1));
  const loss = {
    path: `$.content[${doc.content.length - dropped}]`,
    node: 'doc',
    kind: 'length' as const,
    reason: `longer than ${limit} characters; ${dropped} of ${doc.content.length} blocks were cut`,
  };
  return { doc: docOf([...kept, paragraph([textNode(note(dropped), [{ type: 'em' }])])]), losses: [loss] };
}

function shortened(block: AdfNode, length: number): AdfNode {
  // toWellFormed: the cut may go through a surrogate pair.
  const text = plainTextOf(block).slice(0, length).toWellFormed();
  if (text === '') return paragraph();
  return block.type === 'codeBlock' ? { ...block, content: [textNode(text)] } : paragraph([textNode(text)]);
}
