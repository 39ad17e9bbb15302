// Tells of what HTML shows and Jira's texts cannot: styles, attributes and elements that the conversion leaves out. What is
// not told is noise by definition: margins, paddings, line heights, lines and heights of tables, and what vendors add.
import { parseColor } from './color.ts';
import type { LossLog, Path } from './context.ts';
import { commentTitle, dateMark, doneMarks, placeholderTitle, todoMarks } from './conventions.ts';
import { colorPart } from './css.ts';
import { isBox } from './html-boxes-to-adf.ts';
import { isStatus } from './html-inline-to-adf.ts';
import { isLayout } from './html-table-to-adf.ts';
import { elementsOf, type HtmlElement, type HtmlNode, isBlock, rawText } from './html-tree.ts';
import type { LossKind } from './losses.ts';

export function reportLooks(nodes: readonly HtmlNode[], losses: LossLog, parent: Path, inLayout = false): void {
  for (const [i, node] of nodes.entries()) {
    if (node.kind === 'text') continue;
    const path: Path = { parent, name: `${node.tag}[${i + 1}]` };
    if (node.style.size > 0 || node.attrs.size > 0) reportOwn(node, path, losses, inLayout);
    const nearest = elements[node.tag];
    if (nearest !== undefined) losses.add(path, nearest[0], node.tag, nearest[1]);
    if (node.tag === 'pre' && hasLook(node.children)) losses.add(path, 'code', 'pre', 'formatting inside a code block');
    if (node.tag === 'summary' && elementsOf(node.children).some(({ tag }) => tag !== 'span'))
      losses.add(path, 'code', 'summary', 'formatting of a title');
    reportLooks(node.children, losses, path, node.tag === 'table' ? isLayout(node) : inLayout);
  }
}

const elements: Readonly<Record<string, readonly [LossKind, string]>> = {
  big: ['font', 'font family and size have no counterpart in Jira'],
  dl: ['element', 'terms become bold lines, their definitions indented ones'],
  figure: ['element', 'an image with a line below it takes its place'],
  fieldset: ['element', 'its content stays, without the frame'],
  details: ['element', 'comes back as a box with a title'],
  address: ['element', 'an ordinary paragraph takes its place'],
  q: ['element', 'the quotation marks become characters'],
  ruby: ['element', 'the reading stands behind the text'],
  bdo: ['element', 'the text runs in its own direction'],
  caption: ['table', 'the caption of a table becomes a line before it'],
};

/** Whether code has more than its text: colours, bold, links. */
function hasLook(nodes: readonly HtmlNode[]): boolean {
  return elementsOf(nodes).some(
    ({ tag, style, children }) =>
      /^(?:b|strong|i|em|u|s|del|ins|a|mark|font|sub|sup)$/.test(tag) ||
      ['color', 'background-color', 'font-weight', 'font-style', 'text-decoration'].some((name) => style.has(name)) ||
      hasLook(children),
  );
}

function reportOwn(element: HtmlElement, path: Path, losses: LossLog, inLayout: boolean): void {
  const { tag, style, attrs } = element;
  if ((tag === 'font' && (attrs.has('face') || attrs.has('size'))) || fonts.some((name) => style.has(name)))
    losses.add(path, 'font', tag, 'font family and size have no counterpart in Jira');
  if (tag === 'span' && isStatus(element)) return;
  for (const [name, value] of style) {
    const kind = kindOfStyle(name, value.toLowerCase(), element, inLayout);
    if (kind !== undefined) losses.add(path, kind, tag, `${name} has no counterpart in Jira`);
  }
  const title = attrs.get('title')?.trim() ?? '';
  if (title !== '' && !isTitleKept(element, title)) losses.add(path, 'tooltip', tag, 'what shows on pointing at it');
  if (attrs.get('dir')?.toLowerCase() === 'rtl') losses.add(path, 'style', tag, 'the direction of writing');
  if (attrs.get('align')?.toLowerCase() === 'justify') losses.add(path, 'style', tag, 'justified text');
  if (attrs.has('bgcolor') && !cells.has(tag) && isVisible(attrs.get('bgcolor')))
    losses.add(path, 'style', tag, 'the background');
  if (tag === 'ol' && (attrs.has('reversed') || !['1', ''].includes(attrs.get('type') ?? '')))
    losses.add(path, 'numbering', tag, 'other numbers than 1, 2, 3');
  if (
    (tag === 'ol' || tag === 'ul') &&
    elementsOf(element.children)
      .slice(1)
      .some((item) => item.attrs.has('value'))
  )
    losses.add(path, 'numbering', tag, 'numbers that jump');
}

const fonts = ['font-family', 'font-size', 'font'];
const cells = new Set(['td', 'th', 'tr', 'span', 'a', 'font', 'b', 'strong', 'i', 'em', 'u', 's']);
const tableParts = new Set(['table', 'thead', 'tbody', 'tfoot', 'tr', 'td', 'th', 'col', 'colgroup', 'img']);
/** Values that say nothing. */
const mute =
  /^(?:initial|inherit|unset|revert|normal|none|auto|0|0(?:px|pt|em|in|cm|%)?|currentcolor|transparent|medium|hidden)$/;

/** Properties that show, whatever they are set on. */
const shown = new Set(
  (
    'text-transform letter-spacing word-spacing writing-mode text-shadow box-shadow transform filter columns column-count ' +
    'text-decoration-color'
  ).split(' '),
);

function kindOfStyle(name: string, value: string, element: HtmlElement, inLayout: boolean): LossKind | undefined {
  const { tag } = element;
  if (hidesBullets(element) && name === 'list-style-type') return 'numbering';
  if (mute.test(value)) return undefined;
  if (shown.has(name)) return 'style';
  switch (name) {
    case 'font-variant':
    case 'font-variant-caps':
      return value.includes('small-caps') ? 'style' : undefined;
    case 'text-align':
      return value === 'justify' ? 'style' : undefined;
    case 'direction':
      return value === 'rtl' ? 'style' : undefined;
    case 'opacity':
      return Number.parseFloat(value) < 1 ? 'style' : undefined;
    case 'position':
      return value === 'absolute' || value === 'fixed' || value === 'sticky' ? 'style' : undefined;
    case 'text-decoration-style':
      return value === 'solid' ? undefined : 'style';
    case 'text-decoration':
    case 'text-decoration-line':
      return value.includes('overline') ? 'style' : undefined;
    case 'float':
      return tag === 'img' || tag === 'table' || isBox(element) ? undefined : 'style';
    case 'list-style':
    case 'list-style-type':
      return kindOfBullets(value, element);
    case 'width':
      return value.endsWith('%') && (tag === 'td' || tag === 'th') && !inLayout ? 'table' : undefined;
    case 'background':
    case 'background-color':
    case 'background-image':
      if (value.includes('url(') || value.includes('gradient(')) return 'style';
      return !cells.has(tag) && isBlock(element) && isVisible(colorPart(value)) && !isBox(element)
        ? 'style'
        : undefined;
    default:
      return /^border(?:-(?:top|right|bottom|left))?$/.test(name) && drawsLine(value) && !mayHaveLine(element)
        ? 'style'
        : undefined;
  }
}

function kindOfBullets(value: string, element: HtmlElement): LossKind | undefined {
  if (element.tag === 'ol') return /\bdecimal\b|^(?:inside|outside)$/.test(value) ? undefined : 'numbering';
  return /\b(?:disc|circle|square)\b|^(?:inside|outside)$/.test(value) ? undefined : 'numbering';
}

/** A list whose bullets are hidden, unless boxes to tick stand in their place. */
function hidesBullets(element: HtmlElement): boolean {
  if (element.tag !== 'ul' || element.style.get('list-style-type')?.toLowerCase() !== 'none') return false;
  const text = rawText(element.children).trimStart();
  return ![...todoMarks, ...doneMarks].some((mark) => text.startsWith(mark));
}

const isVisible = (color: string | undefined): boolean => {
  const parsed = parseColor(color ?? '');
  return parsed !== undefined && parsed !== '#ffffff';
};

const drawsLine = (value: string): boolean => !/\b(?:none|hidden|transparent)\b|^0/.test(value);

function mayHaveLine(element: HtmlElement): boolean {
  return tableParts.has(element.tag) || isComment(element) || element.tag === 'hr' || isBox(element);
}

const isComment = ({ attrs }: HtmlElement): boolean => attrs.get('title')?.startsWith(`${commentTitle} `) === true;

function isTitleKept(element: HtmlElement, title: string): boolean {
  const { tag } = element;
  if (tag === 'a' || tag === 'pre') return true;
  if (tag !== 'span') return isBox(element);
  return (
    title === placeholderTitle ||
    title.startsWith(`${dateMark} `) ||
    isComment(element) ||
    /^(?::[^:\s]+:){1,2}(?: \S+)?$/.test(title)
  );
}
