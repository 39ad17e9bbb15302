// Boxes of HTML that stand for something in Jira: panels, expands, cards, code, and stand-ins for extensions with a body.
import { type AdfNode, textNode } from './adf.ts';
import { parseColor } from './color.ts';
import { type Container, fitBlocks } from './content-rules.ts';
import { embedSizeOf, expandMark, layoutFloats, panelIconOf, panelLooks } from './conventions.ts';
import { colorPart, percentage } from './css.ts';
import { breakoutMarks, cardAddress, wideLayout } from './html-inline-to-adf.ts';
import type { MarkState } from './html-marks.ts';
import { type BlockState, type Reader, readInto, readLoose } from './html-reader.ts';
import { shownText } from './html-text.ts';
import { elementsOf, type HtmlElement, type HtmlNode, isBlankText, isBlock, rawText } from './html-tree.ts';

const boxTags = new Set(['div', 'blockquote', 'section', 'aside', 'p', 'article', 'details']);

/** The block that a box stands for; undefined for an ordinary element. */
export function readBox(
  element: HtmlElement,
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): AdfNode | undefined {
  if (!boxTags.has(element.tag)) return undefined;
  const inside: BlockState = { tag: 'div', indent: 0, align: undefined, path: state.path };
  const panelType = panelTypeOf(element);
  if (panelType !== undefined) {
    const icon = panelIconOf(element.attrs.get('title')?.trim() ?? '');
    const attrs =
      panelType === 'custom'
        ? { panelType, panelColor: backgroundOf(element) ?? panelLooks.custom?.background, ...icon }
        : { panelType, ...icon };
    return { type: 'panel', attrs, content: readInto(reader, element.children, marks, inside, 'panel') };
  }
  if (element.tag === 'details') return details(element, marks, inside, reader);
  if (element.tag !== 'div') return undefined;
  return expand(element, marks, inside, reader) ?? card(element) ?? extension(element, marks, inside, reader);
}

const looks = Object.entries(panelLooks);

/** By the left edge, which no two types share; by the background where the edge is gone. */
function panelTypeOf(element: HtmlElement): string | undefined {
  if (element.style.size === 0) return undefined;
  const edge = parseColor(element.style.get('border-left-color') ?? colorPart(element.style.get('border-left')) ?? '');
  const byEdge = looks.find(([, look]) => look.edge === edge)?.[0];
  if (byEdge !== undefined) return byEdge;
  const background = backgroundOf(element);
  return edge !== undefined
    ? undefined
    : looks.find(([type, look]) => type !== 'custom' && look.background === background)?.[0];
}

/** Whether an element is more than a wrapper around its blocks. */
export function isBox(element: HtmlElement): boolean {
  const { head } = headOf(element);
  const title = head === undefined ? '' : shownText(rawText(head.children));
  if (title.startsWith(expandMark) || title.startsWith('[Jira: ') || element.tag === 'details') return true;
  return element.tag === 'blockquote' || panelTypeOf(element) !== undefined || card(element) !== undefined;
}

function backgroundOf(element: HtmlElement): string | undefined {
  return parseColor(element.style.get('background-color') ?? colorPart(element.style.get('background')) ?? '');
}

function expand(element: HtmlElement, marks: MarkState, state: BlockState, reader: Reader): AdfNode | undefined {
  const { head, rest } = headOf(element);
  const title = head === undefined ? '' : shownText(rawText(head.children));
  if (!title.startsWith(expandMark) || (rest.every(isBlankText) && !element.style.has('border'))) return undefined;
  const node = expandNode(title.slice(expandMark.length).replace(/^ /, ''), rest, marks, state, reader);
  const wide = breakoutMarks(element);
  return wide.length === 0 ? node : { ...node, marks: wide };
}

function details(element: HtmlElement, marks: MarkState, state: BlockState, reader: Reader): AdfNode {
  const summary = elementsOf(element.children).find((child) => child.tag === 'summary');
  const title = summary === undefined ? '' : shownText(rawText(summary.children));
  const rest = element.children.filter((child) => child !== summary);
  return expandNode(title, rest, marks, state, reader);
}

function expandNode(
  title: string,
  rest: readonly HtmlNode[],
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): AdfNode {
  const content = readInto(reader, rest, marks, state, 'expand');
  return { type: 'expand', attrs: title === '' ? {} : { title }, content };
}

/** The first line of a box, if it is an element of its own. */
function headOf(element: HtmlElement): { readonly head?: HtmlElement; readonly rest: readonly HtmlNode[] } {
  const at = element.children.findIndex((child) => !isBlankText(child));
  const head = element.children[at];
  if (head?.kind !== 'element' || (head.tag !== 'p' && head.tag !== 'div')) return { rest: element.children };
  return { head, rest: element.children.slice(at + 1) };
}

function card(element: HtmlElement): AdfNode | undefined {
  const border = element.style.get('border');
  const url = border === undefined || /\bnone\b|^0/i.test(border) ? undefined : cardAddress(element);
  if (url === undefined) return undefined;
  const align = element.style.get('text-align')?.toLowerCase();
  if (align === undefined) return { type: 'blockCard', attrs: { url } };
  const width = percentage(element.style.get('width'));
  const float = element.style.get('float')?.toLowerCase();
  const layout =
    Object.entries(layoutFloats).find(([, side]) => side === float)?.[0] ??
    wideLayout(element.style.get('max-width')) ??
    (align === 'center' ? 'center' : align === 'right' ? 'align-end' : 'align-start');
  const share = width === undefined ? {} : { width: Math.min(100, width) };
  const size = embedSizeOf(elementsOf(element.children)[0]?.attrs.get('title'));
  return { type: 'embedCard', attrs: { url, layout, ...share, ...size } };
}

/** The body of an extension that the replaced document has, when its stand-in still heads the box. */
function extension(element: HtmlElement, marks: MarkState, state: BlockState, reader: Reader): AdfNode | undefined {
  const { head, rest } = headOf(element);
  const text = head === undefined ? '' : shownText(rawText(head.children));
  if (!/^\[Jira: [^\][]+\]$/.test(text)) return undefined;
  const original = reader.restorer.block(text);
  if (original === undefined) return undefined;
  const container: Container = original.type === 'bodiedExtension' ? 'body' : 'layoutColumn';
  if (original.content === undefined) return original;
  const blocks = readLoose(reader, rest, marks, state);
  return { ...original, content: fitBlocks(blocks, container, reader.losses, state.path) };
}

/** `<pre>`, and `<code>` around blocks: their text as it stands, a line for each block inside. */
export function readCode(element: HtmlElement): AdfNode {
  const text = codeText(element.children);
  const language = languageOf(element);
  const wrap = element.style.get('white-space')?.toLowerCase() === 'pre-wrap';
  const unnumbered = element.style.get('counter-increment')?.toLowerCase() === 'none';
  const attrs = {
    ...(language === undefined ? {} : { language }),
    ...(wrap ? { wrap: true } : {}),
    ...(unnumbered ? { hideLineNumbers: true } : {}),
  };
  const wide = breakoutMarks(element);
  return {
    type: 'codeBlock',
    ...(Object.keys(attrs).length === 0 ? {} : { attrs }),
    ...(wide.length === 0 ? {} : { marks: wide }),
    ...(text === '' ? {} : { content: [textNode(text)] }),
  };
}

function codeText(nodes: readonly HtmlNode[]): string {
  let text = '';
  let owesBreak = false;
  const add = (part: string) => {
    if (part === '') return;
    text += owesBreak ? `\n${part}` : part;
    owesBreak = false;
  };
  const visit = (list: readonly HtmlNode[]) => {
    for (const node of list) {
      if (node.kind === 'text') add(node.text);
      else if (node.tag === 'br') add('\n');
      else if (isBlock(node)) {
        if (text !== '' && !text.endsWith('\n')) owesBreak = true;
        const before = text.length;
        visit(
          node.children.length === 1 && node.children[0]?.kind === 'element' && node.children[0].tag === 'br'
            ? []
            : node.children,
        );
        if (text.length === before) add('\n');
        else owesBreak = true;
      } else visit(node.children);
    }
  };
  visit(nodes);
  return text.replaceAll('\u00a0', ' ');
}

/** `language-x` or `lang-x` as a class, as highlighters write it; the title of the `<pre>` where classes are gone. */
function languageOf(element: HtmlElement): string | undefined {
  const inner = elementsOf(element.children).find((child) => child.tag === 'code');
  for (const candidate of [inner, element]) {
    const found = /(?:^|\s)(?:language|lang|highlight-source)-([^\s]+)/.exec(candidate?.attrs.get('class') ?? '')?.[1];
    if (found !== undefined) return found;
  }
  const title = element.attrs.get('title')?.trim();
  return title !== undefined && /^[\S ]{1,40}$/.test(title) ? title : undefined;
}
