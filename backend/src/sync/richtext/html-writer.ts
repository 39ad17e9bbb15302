// What all writers of HTML share: the state of one conversion, the pieces of a line, links, styles.
import { type AdfMark, type AdfNode, stringAttr } from './adf.ts';
import type { LossLog, ToHtmlContext } from './context.ts';
import { safeHref } from './conventions.ts';
import { cleanText, escapeAttr } from './html-text.ts';

export interface HtmlWriter {
  readonly context: ToHtmlContext;
  readonly losses: LossLog;
  /** Blocks as HTML: set by the walk, called by what writes tables. */
  readonly blocks: (nodes: readonly AdfNode[], path: string) => string;
  /** Mentions of the HTML that is replaced, by visible text. */
  readonly mentions: ReadonlyMap<string, string>;
}

export interface Wrap {
  readonly key: string;
  readonly open: string;
  readonly close: string;
}

export type Piece =
  | { readonly kind: 'text'; readonly text: string; readonly wraps: readonly Wrap[] }
  | { readonly kind: 'atom'; readonly html: string; readonly wraps: readonly Wrap[] }
  | { readonly kind: 'break' };

export function linkWrap(mark: AdfMark, path: string, writer: HtmlWriter): Wrap | undefined {
  const href = safeHref((stringAttr(mark, 'href') ?? '').toWellFormed());
  if (href === undefined || href === '#') {
    writer.losses.add(path, 'address', 'link', 'the address is empty or of a kind that is not allowed; its text stays');
    return undefined;
  }
  const title = cleanText(stringAttr(mark, 'title') ?? '')
    .replace(/\s+/g, ' ')
    .trim();
  const open = `<a href="${escapeAttr(href)}"${title === '' ? '' : ` title="${escapeAttr(title)}"`}>`;
  return { key: open, open, close: '</a>' };
}

export function inLink(node: AdfNode, html: string, path: string, writer: HtmlWriter): string {
  const mark = node.marks?.find((candidate) => candidate.type === 'link');
  const wrap = mark && linkWrap(mark, path, writer);
  return wrap ? `${wrap.open}${html}${wrap.close}` : html;
}

export function styleAttr(styles: readonly string[]): string {
  return styles.length === 0 ? '' : ` style="${styles.join(';')}"`;
}

export function reportMarks(node: AdfNode, path: string, writer: HtmlWriter): void {
  for (const mark of node.marks ?? []) writer.losses.add(path, 'block-style', mark.type, `not kept on ${node.type}`);
}

export function reportLayout(node: AdfNode, path: string, writer: HtmlWriter, kept: readonly string[]): void {
  const layout = stringAttr(node, 'layout');
  if (layout !== undefined && !kept.includes(layout))
    writer.losses.add(path, 'odd-value', node.type, `the layout "${layout}"`);
}
