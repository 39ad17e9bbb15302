// What all writers of HTML share: the state of one conversion, the pieces of a line, links, styles.
import { type AdfMark, type AdfNode, numberAttr, stringAttr } from './adf.ts';
import type { LossLog, ToHtmlContext } from './context.ts';
import { commentLine, commentTitle, safeHref, wideWidths } from './conventions.ts';
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
  const own = safeHref((stringAttr(mark, 'href') ?? '').toWellFormed());
  const href = own === undefined ? undefined : (writer.context.media?.linkToAzure?.(own) ?? own);
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

/** Marks the text as Jira does, and keeps the comment's anchor on it while somebody edits around it. */
export function commentWrap(mark: AdfMark, path: string, writer: HtmlWriter): Wrap | undefined {
  const id = stringAttr(mark, 'id') ?? '';
  if (!/^[\w-]{1,100}$/.test(id) || stringAttr(mark, 'annotationType') !== 'inlineComment') {
    writer.losses.add(path, 'odd-value', 'annotation', 'an inline comment with an id of an unknown form');
    return undefined;
  }
  const open = `<span title="${commentTitle} ${id}" style="${commentLine}">`;
  return { key: open, open, close: '</span>' };
}

export function inLink(node: AdfNode, html: string, path: string, writer: HtmlWriter): string {
  const mark = node.marks?.find((candidate) => candidate.type === 'link');
  const wrap = mark && linkWrap(mark, path, writer);
  return wrap ? `${wrap.open}${html}${wrap.close}` : html;
}

export function styleAttr(styles: readonly string[]): string {
  return styles.length === 0 ? '' : ` style="${styles.join(';')}"`;
}

const appMarks = new Set(['fragment', 'dataConsumer']);

/** Tells of the marks of a block that HTML has nothing for; `kept` are those that the caller writes. */
export function reportMarks(node: AdfNode, path: string, writer: HtmlWriter, kept: readonly string[] = []): void {
  for (const { type } of node.marks ?? []) {
    if (kept.includes(type)) continue;
    if (appMarks.has(type)) writer.losses.add(path, 'app-data', type, 'the name by which apps find it');
    else writer.losses.add(path, 'block-style', type, `not kept on ${node.type}`);
  }
}

/** Tells of what no HTML text may hold, and of what comes back as something else. */
export function reportCharacters(text: string, path: string, writer: HtmlWriter): void {
  if (text.includes('\u00a0'))
    writer.losses.add(path, 'no-break-space', 'text', 'a no-break space comes back as a space');
  if (cleanText(text) !== text.replace(/\r\n?|[\u2028\u2029]/g, '\n'))
    writer.losses.add(path, 'characters', 'text', 'characters that no reader sees or HTML may not hold were taken out');
}

/** The styles of a block that is wider than the text. */
export function breakoutStyles(node: AdfNode): readonly string[] {
  const mark = node.marks?.find((candidate) => candidate.type === 'breakout');
  const most = wideWidths[(mark && stringAttr(mark, 'mode')) ?? ''];
  if (mark === undefined || most === undefined) return [];
  const width = numberAttr(mark, 'width');
  return [`max-width:${most}`, ...(width === undefined ? [] : [`max-inline-size:${width}px`])];
}

export function reportLayout(node: AdfNode, path: string, writer: HtmlWriter, kept: readonly string[]): void {
  const layout = stringAttr(node, 'layout');
  if (layout !== undefined && !kept.includes(layout))
    writer.losses.add(path, 'odd-value', node.type, `the layout "${layout}"`);
}
