// What the style of a block element means for the blocks inside it: alignment and indentation.
import { leftMargin, pixels } from './css.ts';
import type { HtmlElement } from './html-tree.ts';

export type Align = 'center' | 'end' | undefined;

export function alignOf(element: HtmlElement, inherited: Align): Align {
  if (element.tag === 'center') return 'center';
  const value = (element.style.get('text-align') ?? element.attrs.get('align'))?.toLowerCase();
  if (value === undefined) return inherited;
  if (value === 'center' || value === 'middle') return 'center';
  if (value === 'right' || value === 'end') return 'end';
  return ['left', 'start', 'justify'].includes(value) ? undefined : inherited;
}

/** Pixels that the element moves its content to the right. Word's hanging indents cancel out. */
export function indentOf(element: HtmlElement): number {
  if (element.tag === 'dd') return 40;
  const hanging = Math.min(0, pixels(element.style.get('text-indent')) ?? 0);
  const padding = element.tag === 'p' || element.tag === 'div' ? (pixels(element.style.get('padding-left')) ?? 0) : 0;
  return Math.max(0, leftMargin(element.style) + hanging + (padding >= 30 ? padding : 0));
}

/** How editors indent: a quotation element without a border, moved to the right. */
export function isIndentingQuote(element: HtmlElement): boolean {
  return (
    element.tag === 'blockquote' &&
    leftMargin(element.style) > 0 &&
    /\bnone\b|^0/i.test(element.style.get('border') ?? '')
  );
}
