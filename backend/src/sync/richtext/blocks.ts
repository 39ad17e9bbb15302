// A text of either side as a row of top-level blocks, each with its normal form and its own original form.
import type { AdfDoc, AdfNode } from './adf.ts';
import { boundAdf } from './bound.ts';
import { LossLog, type ToAdfContext } from './context.ts';
import { isBox } from './html-boxes-to-adf.ts';
import { isList } from './html-lists-to-adf.ts';
import { treeToAdf } from './html-to-adf.ts';
import {
  type HtmlElement,
  type HtmlNode,
  hasBlockTag,
  isBlankText,
  isBlock,
  parseHtml,
  treeHtml,
} from './html-tree.ts';
import { normalForm } from './normal.ts';
import { groupWordLists } from './word-lists.ts';

export interface Block<Source> {
  readonly normal: string;
  /** The block as it stands in the text: a node, or a slice of the HTML. */
  readonly source: Source;
}

export function adfBlocks(doc: AdfDoc): readonly Block<AdfNode>[] {
  const shallow = boundAdf(doc, new LossLog()).content;
  return doc.content.map((source, i) => ({ normal: normalForm(shallow[i] ?? source), source }));
}

export function htmlBlocks(html: string): readonly HtmlBlock[] {
  return htmlParts(html).blocks;
}

/** Nothing, or nothing but empty paragraphs. */
export function isEmptyAdf(doc: AdfDoc): boolean {
  return adfBlocks(doc).every((block) => block.normal === emptyParagraph);
}

export function isEmptyHtml(html: string): boolean {
  return htmlBlocks(html).every((block) => block.normal === emptyParagraph);
}

const emptyParagraph = normalForm({ type: 'paragraph' });

export interface HtmlBlock extends Block<string> {
  /** For a line with no element of its own, which put beside another one would become one with it: what to put it in. */
  readonly wrap?: 'p' | 'section';
  /** A `<p>` without its end tag: a line put after it would become part of it. */
  readonly open: boolean;
}

export interface HtmlParts {
  /** What stands before the first block: start tags of elements around the whole text. */
  readonly open: string;
  readonly blocks: readonly HtmlBlock[];
  readonly close: string;
}

/** Blocks one after the other, each as it is, lines kept apart. */
export function joinHtml(blocks: readonly HtmlBlock[]): string {
  return blocks
    .map((block, i) => {
      const before = blocks[i - 1];
      const needsOne = block.wrap !== undefined && (before?.wrap !== undefined || before?.open);
      return needsOne ? `<${block.wrap}>${block.source}</${block.wrap}>` : block.source;
    })
    .join('');
}

export function htmlParts(html: string): HtmlParts {
  const tree = parseHtml(html);
  const around: HtmlElement[] = [];
  let nodes = tree.children;
  for (let only = soleWrapper(nodes); only !== undefined; only = soleWrapper(nodes)) {
    around.push(only);
    nodes = only.children;
  }
  const inner = around.at(-1)?.inner;
  const found = segmentsOf(nodes)
    .map((segment) => ({ segment, normal: normalOf(segment, around) }))
    .filter(({ normal }) => normal !== '');
  const cut = found.map(({ segment, normal }) => ({ ...cutOut(segment, html), normal }));
  const isClean = cut.every((block, i) => {
    const before = cut[i - 1];
    return before === undefined || before.end < 0 || block.start < 0 || before.end <= block.start;
  });
  // A slice of tangled HTML (unclosed formatting, text moved out of tables) can mean something else on its own.
  if (
    isClean &&
    cut.every((block, i) => isTidy(html, found[i]?.segment ?? [], block.start, block.end) || standsAlone(block, around))
  ) {
    const blocks = cut.map(({ start: _, end: __, ...block }) => block);
    if (inner === undefined) return { open: '', blocks, close: '' };
    const [open, close] = [html.slice(0, inner.start), html.slice(inner.end)];
    if (onlyTags.test(open) && onlyTags.test(close)) return { open, blocks, close };
    return { open: openTags(around), blocks, close: closeTags(around) };
  }
  const blocks = found.map(({ segment, normal }) => ({
    normal,
    source: treeHtml(segment),
    ...wrapOf(segment, html),
    open: false,
  }));
  return { open: openTags(around), blocks, close: closeTags(around) };
}

/** The segment's slice of the source; written anew where its last element is never closed. */
function cutOut(segment: readonly HtmlNode[], html: string) {
  const [start, end] = [segment[0]?.start ?? -1, segment.at(-1)?.end ?? -1];
  const wrap = wrapOf(segment, html);
  const [only] = segment;
  const closed =
    wrap.wrap !== undefined || (only?.kind === 'element' && (only.inner !== undefined || only.tag === 'hr'));
  const open = !closed && only?.kind === 'element' && only.tag === 'p';
  const whole = start >= 0 && end > start && (closed || open);
  return whole
    ? { source: html.slice(start, end), ...wrap, open, start, end }
    : { source: treeHtml(segment), ...wrap, open: false, start: -1, end: -1 };
}

/** Every element opens and closes in the source, and its children fill it without a gap: nothing to go wrong. */
function isTidy(html: string, nodes: readonly HtmlNode[], from: number, to: number): boolean {
  let reached = from;
  for (const node of nodes) {
    if (node.start !== reached || node.end <= node.start) return false;
    reached = node.end;
    if (node.kind === 'text') {
      // Text that the parser moved out of a table is joined to the text before it.
      if (html.slice(node.start, node.end).includes('<')) return false;
      continue;
    }
    if (['br', 'hr', 'img'].includes(node.tag)) continue;
    if (node.inner === undefined || !isTidy(html, node.children, node.inner.start, node.inner.end)) return false;
  }
  return reached === to;
}

/** Whether the source means the same without its neighbours, and leaves what is around it and follows it alone. */
function standsAlone(block: HtmlBlock, around: readonly HtmlElement[]): boolean {
  const [frame, ...more] = parseHtml(`<div>${block.source}<div>.</div></div>`).children;
  if (frame?.kind !== 'element' || more.length > 0) return false;
  const last = frame.children.at(-1);
  if (last?.kind !== 'element' || last.start !== block.source.length + '<div>'.length) return false;
  return last.children[0]?.kind === 'text' && normalOf(frame.children.slice(0, -1), around) === block.normal;
}

function wrapOf(segment: readonly HtmlNode[], html: string): { readonly wrap?: 'p' | 'section' } {
  const [only, ...more] = segment;
  if (more.length === 0 && only?.kind === 'element' && isBlock(only)) return {};
  // Also blocks that no reader sees would end a paragraph.
  const start = segment[0]?.start ?? -1;
  const source = start < 0 ? treeHtml(segment) : html.slice(start, segment.at(-1)?.end);
  return { wrap: hasBlockTag(source) ? 'section' : 'p' };
}

const onlyTags = /^(?:\s+|<!--[^>]*-->|<\/?[a-z][^<>]*>)*$/i;

function openTags(around: readonly HtmlElement[]): string {
  return around.map((element) => treeHtml([{ ...element, children: [] }]).replace(/<\/[a-z]+>$/, '')).join('');
}

function closeTags(around: readonly HtmlElement[]): string {
  return [...around]
    .reverse()
    .map((element) => `</${element.tag}>`)
    .join('');
}

const wrapperTags = new Set(['div', 'section', 'article', 'main', 'body', 'html', 'form']);
/** Properties that don't make an element a thing of its own. */
const inert =
  /^(font|line-height|letter-spacing|word|white-space|overflow|margin|padding|color|text-align|text-indent|direction|display|box-sizing|width|max-width|background|orphans|widows|-webkit|mso|outline|caret|tab-size)/;

/** The element around everything, if it is just a wrapper. */
function soleWrapper(nodes: readonly HtmlNode[]): HtmlElement | undefined {
  const [only, ...more] = nodes.filter((node) => !isBlankText(node));
  if (only?.kind !== 'element' || more.length > 0 || only.inner === undefined || !isWrapper(only)) return undefined;
  return [...only.style.keys()].every((property) => inert.test(property)) ? only : undefined;
}

function isWrapper(element: HtmlElement): boolean {
  return (
    wrapperTags.has(element.tag) &&
    element.children.some((child) => child.kind === 'element' && isBlock(child)) &&
    !isBox(element)
  );
}

/** Runs of inline nodes and single block elements; plain wrappers give their own segments. */
function segmentsOf(nodes: readonly HtmlNode[]): readonly (readonly HtmlNode[])[] {
  const segments: HtmlNode[][] = [];
  let run: HtmlNode[] = [];
  const close = () => {
    while (run.length > 0 && run.at(-1) !== undefined && isBlankText(run.at(-1) as HtmlNode)) run.pop();
    if (run.length > 0) segments.push(run);
    run = [];
  };
  for (const node of groupWordLists(nodes)) {
    if (node.kind === 'text' || !holdsBlocks(node)) {
      if (run.length > 0 || !isBlankText(node)) run.push(node);
      continue;
    }
    close();
    if (isWrapper(node) && node.style.size === 0 && !node.attrs.has('align')) {
      for (const inner of segmentsOf(node.children)) segments.push([...inner]);
    } else segments.push([node]);
  }
  close();
  return segments;
}

function holdsBlocks(element: HtmlElement): boolean {
  return (
    isBlock(element) ||
    isList(element) ||
    element.children.some((child) => child.kind === 'element' && holdsBlocks(child))
  );
}

/** People and files by their own ids, so that a form doesn't change with the mapping. */
const bareContext: ToAdfContext = {
  people: { toAzure: () => undefined, toJira: (identity) => ({ id: identity, name: identity }) },
  media: {
    toAzure: () => undefined,
    toJira: (url) =>
      /\/_apis\/wit\/attachments\//i.test(url)
        ? { id: url.replace(/[?#].*$/, '').toLowerCase(), collection: '' }
        : undefined,
  },
};

/** What the segment says in Jira's terms, then what Jira has no terms for; '' where a reader sees nothing. */
function normalOf(nodes: readonly HtmlNode[], around: readonly HtmlElement[]): string {
  const nested = around.reduceRight<readonly HtmlNode[]>((children, element) => [{ ...element, children }], nodes);
  const { doc, losses } = treeToAdf({ children: nested, removed: [], tooDeep: false }, bareContext);
  if (doc.content.length === 0) return '';
  const lost = new Set(losses.map((loss) => JSON.stringify([loss.node, loss.reason])));
  return [...doc.content.map(normalForm), ...[...lost].sort()].join('\n');
}
