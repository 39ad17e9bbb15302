// HTML as the conversion reads it: a browser's parser, then a plain tree without what no reader sees, with the place of
// each node in the source. No meaning yet: that is html-to-adf.ts.
import { defaultTreeAdapter, parseFragment, html as spec, type DefaultTreeAdapterTypes as Tree } from 'parse5';
import { maxHtmlDepth } from './bound.ts';
import { parseStyle, type Style } from './css.ts';
import { cleanText, escapeAttr, escapeText } from './html-text.ts';

export interface HtmlText {
  readonly kind: 'text';
  readonly text: string;
  /** Offsets in the source; -1 where the parser made the node up. */
  readonly start: number;
  readonly end: number;
}

export interface HtmlElement {
  readonly kind: 'element';
  readonly tag: string;
  readonly attrs: ReadonlyMap<string, string>;
  readonly style: Style;
  readonly children: readonly HtmlNode[];
  readonly start: number;
  readonly end: number;
  /** Where the start tag ends and the end tag starts, if both stand in the source. */
  readonly inner?: { readonly start: number; readonly end: number };
}

export type HtmlNode = HtmlText | HtmlElement;

export interface HtmlTree {
  readonly children: readonly HtmlNode[];
  /** Elements that were taken out because they run, load or ask something. */
  readonly removed: readonly string[];
  readonly tooDeep: boolean;
}

const removedSilently = new Set([
  'head',
  'title',
  'style',
  'meta',
  'link',
  'base',
  'template',
  'noscript',
  'param',
  'track',
  'source',
  'col',
  'colgroup',
  'wbr',
  'area',
]);
const removedAsLoss = new Set(
  'script iframe frame frameset object embed applet svg math form-control button select option optgroup textarea canvas audio video map dialog marquee noframes noembed'.split(
    ' ',
  ),
);

export function parseHtml(source: string): HtmlTree {
  const body = defaultTreeAdapter.createElement('div', spec.NS.HTML, []);
  const fragment = parseFragment(body, source, { sourceCodeLocationInfo: true });
  const removed: string[] = [];
  const children: HtmlNode[] = [];
  let tooDeep = false;
  // Children are taken from the end of each list, so that what is pushed first comes out first.
  const pending: { readonly node: Tree.ChildNode; readonly into: HtmlNode[]; readonly depth: number }[] = [];
  const push = (nodes: readonly Tree.ChildNode[], into: HtmlNode[], depth: number) => {
    for (let i = nodes.length - 1; i >= 0; i -= 1) {
      const node = nodes[i];
      if (node !== undefined) pending.push({ node, into, depth });
    }
  };
  push(fragment.childNodes, children, 0);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { node, into, depth } = next;
    const start = node.sourceCodeLocation?.startOffset ?? -1;
    const end = node.sourceCodeLocation?.endOffset ?? -1;
    if (defaultTreeAdapter.isTextNode(node)) {
      into.push({ kind: 'text', text: cleanText(node.value), start, end });
      continue;
    }
    if (!defaultTreeAdapter.isElementNode(node)) continue;
    const tag = node.tagName.toLowerCase();
    if (removedSilently.has(tag)) continue;
    const attrs = new Map(node.attrs.map(({ name, value }) => [name.toLowerCase(), value]));
    if (tag === 'input') {
      if (attrs.get('type')?.toLowerCase() === 'checkbox')
        into.push({ kind: 'text', text: attrs.has('checked') ? '☑ ' : '☐ ', start, end });
      else removed.push(tag);
      continue;
    }
    if (removedAsLoss.has(tag)) {
      removed.push(tag);
      continue;
    }
    const style = parseStyle(attrs.get('style'));
    if (isHidden(attrs, style)) continue;
    if (depth >= maxHtmlDepth) {
      tooDeep = true;
      push(node.childNodes, into, depth);
      continue;
    }
    const inner: HtmlNode[] = [];
    const { startTag, endTag } = node.sourceCodeLocation ?? {};
    const tags = startTag && endTag ? { inner: { start: startTag.endOffset, end: endTag.startOffset } } : {};
    into.push({ kind: 'element', tag, attrs, style, children: inner, start, end, ...tags });
    push(node.childNodes, inner, depth + 1);
  }
  return { children, removed, tooDeep };
}

function isHidden(attrs: ReadonlyMap<string, string>, style: Style): boolean {
  return (
    attrs.has('hidden') || /^none$/i.test(style.get('display') ?? '') || /^all$/i.test(style.get('mso-hide') ?? '')
  );
}

const blockTags = new Set(
  (
    'address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 ' +
    'h6 header hgroup hr html legend li listing main menu nav ol p pre section summary table tbody td tfoot th thead tr ul xmp caption'
  ).split(' '),
);

export function isBlock(element: HtmlElement): boolean {
  return blockTags.has(element.tag);
}

const blockTag = new RegExp(`<(?:${[...blockTags].join('|')})\\b`, 'i');

/** Whether the source has a start tag of a block element anywhere. */
export function hasBlockTag(source: string): boolean {
  return blockTag.test(source);
}

export function isBlankText(node: HtmlNode): boolean {
  return node.kind === 'text' && /^[ \t\n]*$/.test(node.text);
}

export function elementsOf(nodes: readonly HtmlNode[]): readonly HtmlElement[] {
  return nodes.filter((node) => node.kind === 'element');
}

/** Text below a node as it stands in the source, white space and all. */
export function rawText(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => (node.kind === 'text' ? node.text : node.tag === 'br' ? '\n' : rawText(node.children)))
    .join('');
}

export function hasBlocks(nodes: readonly HtmlNode[]): boolean {
  return nodes.some((node) => node.kind === 'element' && (isBlock(node) || hasBlocks(node.children)));
}

const voidTags = new Set(['br', 'hr', 'img']);

/** HTML of a part of the tree, for where the source has no clean cut. */
export function treeHtml(nodes: readonly HtmlNode[]): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return escapeText(node.text);
      // An anchor without an address means nothing, and may not stand in another.
      if (node.tag === 'a' && !node.attrs.has('href')) return treeHtml(node.children);
      const attrs = [...node.attrs].map(([name, value]) => ` ${name}="${escapeAttr(value)}"`).join('');
      return voidTags.has(node.tag)
        ? `<${node.tag}${attrs}>`
        : `<${node.tag}${attrs}>${treeHtml(node.children)}</${node.tag}>`;
    })
    .join('');
}
