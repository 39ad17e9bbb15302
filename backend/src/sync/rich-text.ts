// The one door between the planner and the text conversion in richtext/: normal forms of blocks, conversion of a whole
// text, and the merge by block. No rule about text lives here.

import type { Fingerprint, RichTextBaseline } from './baseline.ts';
import type { BySide, FieldValue, Side } from './model.ts';
import { type AdfDoc, docOf, emptyDoc, paragraph, parseAdf, plainTextOf, textNode } from './richtext/adf.ts';
import { adfToHtml } from './richtext/adf-to-html.ts';
import { adfBlocks, htmlBlocks, isEmptyAdf, isEmptyHtml } from './richtext/blocks.ts';
import type { ConversionContext } from './richtext/context.ts';
import { escapeText } from './richtext/html-text.ts';
import { htmlToAdf } from './richtext/html-to-adf.ts';

export type RichText = FieldValue & { readonly kind: 'richText' };

/** Normal form of each top block, in order; nothing for a text in which a reader sees nothing. */
export function blockForms(value: RichText | null): readonly string[] {
  if (value === null) return [];
  switch (value.format) {
    case 'adf': {
      const doc = docIn(value.adf);
      return isEmptyAdf(doc) ? [] : adfBlocks(doc).map((block) => block.normal);
    }
    case 'html':
      return isEmptyHtml(value.text) ? [] : htmlBlocks(value.text).map((block) => block.normal);
    case 'markdown':
      return value.text
        .split(/\n\s*\n/)
        .map((block) => block.trim())
        .filter((block) => block !== '');
    default: {
      const never: never = value;
      return never;
    }
  }
}

export const isEmptyText = (value: RichText): boolean => blockForms(value).length === 0;

/** A value that is no document counts as an empty one. */
function docIn(adf: unknown): AdfDoc {
  const parsed = parseAdf(adf);
  return parsed.ok ? parsed.doc : emptyDoc;
}

/** What a reader sees, without any formatting. */
export function plainText(value: RichText): string {
  switch (value.format) {
    case 'adf':
      return plainTextOf(docIn(value.adf)).trim();
    case 'html':
      return plainTextOf(htmlToAdf(value.text).doc).trim();
    case 'markdown':
      return value.text.trim();
    default: {
      const never: never = value;
      return never;
    }
  }
}

/** Plain words as a rich text of one paragraph a line. */
export function textAsRichText(text: string, format: 'adf' | 'html'): RichText {
  const lines = text.split('\n');
  if (format === 'html') {
    return { kind: 'richText', format, text: lines.map((line) => `<p>${escapeText(line)}</p>`).join('') };
  }
  const content = lines.map((line) => paragraph(line === '' ? [] : [textNode(line)]));
  return { kind: 'richText', format, adf: docOf(content) };
}

/** A whole text in the other side's form. `present`, what it would replace, gives back what the form can't carry. */
export function convertText(
  value: RichText,
  to: Side,
  context: ConversionContext,
  present?: FieldValue | null | string,
): RichText {
  const original = typeof present === 'object' && present?.kind === 'richText' ? present : undefined;
  if (to === 'jira') {
    if (value.format === 'adf') return value;
    if (value.format === 'markdown') return textAsRichText(value.text, 'adf');
    const taken = original?.format === 'adf' ? { original: docIn(original.adf) } : {};
    return { kind: 'richText', format: 'adf', adf: htmlToAdf(value.text, { ...context, ...taken }).doc };
  }
  if (value.format !== 'adf') return value;
  const taken = original?.format === 'html' ? { original: original.text } : {};
  return { kind: 'richText', format: 'html', text: adfToHtml(docIn(value.adf), { ...context, ...taken }).html };
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
