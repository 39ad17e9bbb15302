// The one door between the planner and the text conversion in richtext/: normal forms of blocks, conversion of a whole
// text, and the merge by block. No rule about text lives here.

import type { FieldValue, Side } from './model.ts';
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

export interface ConvertOptions {
  readonly to: Side;
  readonly context: ConversionContext;
}
