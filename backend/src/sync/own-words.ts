// What of a copied comment is the text itself, whatever people did to its attribution line: changed its words, wrote beside
// it, took its link away. Comments that are no copies have their line judged by attribution.ts alone.

import { type DefaultTreeAdapterTypes, parseFragment } from 'parse5';
import { isAttributionLine, stripAttribution } from './attribution.ts';
import type { Side } from './model.ts';
import type { RichText } from './rich-text.ts';

/** The comment that a copy was made of. */
export interface CommentSource {
  readonly side: Side;
  readonly id: string;
}

/** The body without its line. Without a source: of a comment that is no copy. */
export function ownWords(body: RichText, source?: CommentSource): RichText {
  const bare = stripAttribution(body);
  if (source === undefined || bare !== body) return bare;
  switch (body.format) {
    case 'adf':
      return withoutAdfLine(body, source);
    case 'html':
      return withoutHtmlLine(body, source);
    case 'markdown':
      return withoutMarkdownLine(body, source);
    default: {
      const never: never = body;
      return never;
    }
  }
}

/** By the comment's own id: the rest of the address changes with the item's key and with our marker. */
function leadsTo(href: string, { side, id }: CommentSource): boolean {
  const escaped = id.replaceAll(/[^\w-]/g, '\\$&');
  const place = side === 'jira' ? `[?&]focusedCommentId=${escaped}(?:[&#]|$)` : `#${escaped}(?:&|$)`;
  return new RegExp(place).test(href);
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const contentOf = (node: unknown): readonly unknown[] => (isObject(node) ? listOf(node.content) : []);

function withoutAdfLine(body: RichText & { readonly format: 'adf' }, source: CommentSource): RichText {
  const [first, ...rest] = contentOf(body.adf);
  const nodes = contentOf(first);
  const kept = nodes.filter((node) => !adfAddresses(node).some((href) => leadsTo(href, source)));
  const words = (list: readonly unknown[]) =>
    list.map((node) => (isObject(node) && typeof node.text === 'string' ? node.text : '')).join('');
  const others = kept.some((node) => !isObject(node) || (node.type !== 'text' && node.type !== 'hardBreak'));
  if (kept.length === nodes.length && (others || !isAttributionLine(words(nodes)))) return body;
  const gone = !others && (words(kept).trim() === '' || isAttributionLine(words(nodes)));
  const content = gone ? rest : [{ ...(isObject(first) ? first : {}), content: trimmed(kept) }, ...rest];
  return { ...body, adf: { ...(isObject(body.adf) ? body.adf : { type: 'doc', version: 1 }), content } };
}

function adfAddresses(node: unknown): readonly string[] {
  if (!isObject(node)) return [];
  const marked = listOf(node.marks).map((mark) =>
    isObject(mark) && isObject(mark.attrs) ? mark.attrs.href : undefined,
  );
  const card = isObject(node.attrs) ? node.attrs.url : undefined;
  return [...marked, card].filter((href) => typeof href === 'string');
}

/** Without the break or space that stood between the line and the text. */
function trimmed(nodes: readonly unknown[]): readonly unknown[] {
  const [first, ...rest] = nodes;
  if (!isObject(first)) return nodes;
  if (first.type === 'hardBreak') return trimmed(rest);
  if (first.type !== 'text' || typeof first.text !== 'string') return nodes;
  const text = first.text.trimStart();
  return text === '' ? trimmed(rest) : [{ ...first, text }, ...rest];
}

type Node = DefaultTreeAdapterTypes.ChildNode;
type Element = DefaultTreeAdapterTypes.Element;

const isElement = (node: Node): node is Element => 'tagName' in node;
const isBlock = (node: Node): node is Element => isElement(node) && ['div', 'p'].includes(node.tagName);

function textOf(node: Node): string {
  if ('value' in node) return node.value;
  return 'childNodes' in node ? node.childNodes.map(textOf).join('') : '';
}

function withoutHtmlLine(body: RichText & { readonly format: 'html' | 'markdown' }, source: CommentSource): RichText {
  const root = parseFragment(body.text, { sourceCodeLocationInfo: true });
  const line = firstLine(root.childNodes);
  const link = line.flatMap(linksIn).find((one) => leadsTo(hrefOf(one), source));
  const words = line.map(textOf).join('');
  const linked = link === undefined ? '' : textOf(link);
  const whole = words.trim() === linked.trim() || isAttributionLine(words);
  if (link === undefined && !(whole && isAttributionLine(words))) return body;
  const [from, to] = whole ? [line[0], line.at(-1)] : [link, link];
  const [start, end] = [from?.sourceCodeLocation?.startOffset, to?.sourceCodeLocation?.endOffset];
  if (start === undefined || end === undefined) return body;
  const rest = body.text.slice(end);
  return {
    ...body,
    text: body.text.slice(0, start) + (whole ? rest : rest.replace(/^(?:\s|&nbsp;|<br\s*\/?>)+/i, '')),
  };
}

/** The nodes of the first line: a block, or what stands before the first one. Wrappers of the whole body are looked into. */
function firstLine(nodes: readonly Node[]): readonly Node[] {
  const begin = nodes.findIndex((node) => textOf(node).trim() !== '');
  const first = nodes[begin];
  if (first === undefined) return [];
  if (isBlock(first)) return first.childNodes.some(isBlock) ? firstLine(first.childNodes) : [first];
  const end = nodes.findIndex(
    (node, index) => index > begin && (isBlock(node) || (isElement(node) && node.tagName === 'br')),
  );
  return nodes.slice(begin, end < 0 ? undefined : end);
}

function linksIn(node: Node): readonly Element[] {
  if (!isElement(node)) return [];
  return node.tagName === 'a' ? [node] : node.childNodes.flatMap(linksIn);
}

const hrefOf = (link: Element): string => link.attrs.find(({ name }) => name === 'href')?.value ?? '';

function withoutMarkdownLine(
  body: RichText & { readonly format: 'html' | 'markdown' },
  source: CommentSource,
): RichText {
  const [, before = '', line = '', rest = ''] = /^(\s*)([^\n]*)([\s\S]*)$/.exec(body.text) ?? [];
  const bare = line.replace(/\[(?:[^\]\\]|\\.)*\]\(<?([^\s)>]*)>?\)\s*/u, (link, href: string) =>
    leadsTo(href, source) ? '' : link,
  );
  const gone = bare.trim() === '' || isAttributionLine(bare.replaceAll('\\', ''));
  if (bare === line && !gone) return body;
  return { ...body, text: gone ? rest.replace(/^(?:[ \t]*\r?\n)+/, '') : before + bare + rest };
}
