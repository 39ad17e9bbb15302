// The one door between the planner and the text conversion in richtext/: normal forms of blocks, conversion of a whole
// text, and the merge by block. No rule about text lives here.

import type { Fingerprint, RichTextBaseline } from './baseline.ts';
import type { BySide, FieldValue, Side } from './model.ts';
import type { ConversionContext } from './richtext/context.ts';

export type RichText = FieldValue & { readonly kind: 'richText' };

/** Normal form of each top block, in order; nothing for an empty text. */
export function blockForms(value: RichText | null): readonly string[] {
  if (value === null) return [];
  if (value.format !== 'adf') return value.text.trim() === '' ? [] : [value.text.trim()];
  const content = (value.adf as { content?: unknown } | null)?.content;
  return Array.isArray(content) ? content.map((node) => JSON.stringify(node)) : [];
}

export const isEmptyText = (value: RichText): boolean => blockForms(value).length === 0;

/** What a reader sees, without any formatting. */
export function plainText(value: RichText): string {
  if (value.format !== 'adf') return value.text.replaceAll(/<[^>]*>/g, '').trim();
  return textIn(value.adf).trim();
}

function textIn(node: unknown): string {
  if (typeof node !== 'object' || node === null) return '';
  const { text, content, type } = node as { text?: unknown; content?: unknown; type?: unknown };
  if (typeof text === 'string') return text;
  const inner = Array.isArray(content) ? content.map(textIn).join('') : '';
  return type === 'paragraph' ? `${inner}\n` : inner;
}

/** Plain words as a rich text of one paragraph a line. */
export function textAsRichText(text: string, format: 'adf' | 'html'): RichText {
  const lines = text.split('\n');
  if (format === 'html') {
    const escaped = lines.map((line) => line.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;'));
    return { kind: 'richText', format, text: escaped.map((line) => `<p>${line}</p>`).join('') };
  }
  const content = lines.map((line) =>
    line === '' ? { type: 'paragraph' } : { type: 'paragraph', content: [{ type: 'text', text: line }] },
  );
  return { kind: 'richText', format, adf: { type: 'doc', version: 1, content } };
}

/** A whole text in the other side's form. `present`, what it would replace, gives back what the form can't carry. */
export function convertText(value: RichText, to: Side, _context: ConversionContext, _present?: unknown): RichText {
  return textAsRichText(plainText(value), to === 'jira' ? 'adf' : 'html');
}

export interface TextMergeInput {
  readonly jira: RichText | null;
  readonly azure: RichText | null;
  readonly baseline: RichTextBaseline | undefined;
  /** Fingerprint of a block's normal form, as the baseline holds it. */
  readonly seal: BySide<(form: string) => Fingerprint>;
  readonly context: ConversionContext;
  /** Sides that may be written. */
  readonly writable: readonly Side[];
  /** Whose blocks win where both sides changed the same one; without it such blocks are a conflict. */
  readonly winner?: Side | undefined;
}

export type TextMerge =
  | { readonly kind: 'merged'; readonly result: BySide<RichText | null> }
  /** Both sides changed the same blocks, and nobody was said to win. */
  | { readonly kind: 'conflict' };

/** Brings each side's changes since the baseline to the other. A block that nobody touched keeps its form on each side. */
export function mergeText(input: TextMergeInput): TextMerge {
  const changed = (side: Side) =>
    JSON.stringify(blockForms(input[side]).map(input.seal[side])) !== JSON.stringify(input.baseline?.[side] ?? null);
  const from = input.winner ?? (changed('jira') ? (changed('azure') ? undefined : 'jira') : 'azure');
  if (from === undefined) return { kind: 'conflict' };
  const to = from === 'jira' ? 'azure' : 'jira';
  const source = input[from];
  const converted = source === null ? null : convertText(source, to, input.context);
  const target = input.writable.includes(to) ? converted : input[to];
  return {
    kind: 'merged',
    result: from === 'jira' ? { jira: source, azure: target } : { jira: target, azure: source },
  };
}

/** Which block of one side stands for which of the other, for two texts that agree. */
export function alignText(
  jira: RichText | null,
  azure: RichText | null,
  seal: BySide<(form: string) => Fingerprint>,
  _context: ConversionContext,
): RichTextBaseline {
  const blocks = { jira: blockForms(jira).map(seal.jira), azure: blockForms(azure).map(seal.azure) };
  const length = blocks.jira.length === blocks.azure.length ? blocks.jira.length : 0;
  return { ...blocks, pairs: Array.from({ length }, (_, index) => [index, index] as const) };
}
