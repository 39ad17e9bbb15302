// HTML as Azure DevOps holds it, typed there or pasted from anywhere → ADF that is valid against Jira's schema. The way
// back is adf-to-html.ts.
import { type AdfDoc, type AdfNode, docOf, stringAttr } from './adf.ts';
import { boundAdf } from './bound.ts';
import { fitBlocks } from './content-rules.ts';
import { type Loss, LossLog, type Path, type ToAdfContext } from './context.ts';
import { readBox, readCode } from './html-boxes-to-adf.ts';
import { readAnchor, readImage, readSpan } from './html-inline-to-adf.ts';
import { isList, readList } from './html-lists-to-adf.ts';
import { reportLooks } from './html-looks.ts';
import { type MarkState, noMarks, withElement } from './html-marks.ts';
import { type BlockState, endLine, newSink, type Reader, type Sink } from './html-reader.ts';
import { alignOf, indentOf, isIndentingQuote } from './html-style.ts';
import { readTable } from './html-table-to-adf.ts';
import { type HtmlElement, type HtmlNode, type HtmlTree, hasBlocks, isBlock, parseHtml } from './html-tree.ts';
import { translateLinks } from './links.ts';
import { restorerFor } from './restore.ts';
import { groupWordLists } from './word-lists.ts';

export interface AdfResult {
  readonly doc: AdfDoc;
  readonly losses: readonly Loss[];
}

/** Never fails: what has no place in Jira keeps its text, and is told as a loss. */
export function htmlToAdf(html: string, context: ToAdfContext = {}): AdfResult {
  const { doc, losses } = treeToAdf(parseHtml(html), context);
  if (html.isWellFormed()) return { doc, losses };
  const loss: Loss = { path: '/', node: 'text', kind: 'characters', reason: 'half a character was replaced' };
  return { doc, losses: [...losses, loss] };
}

export function treeToAdf(tree: HtmlTree, context: ToAdfContext): AdfResult {
  const losses = new LossLog();
  for (const tag of new Set(tree.removed))
    losses.add('/', 'active', tag, 'an element that runs, loads or asks something was taken out');
  if (tree.tooDeep) losses.add('/', 'depth', 'html', 'nested too deep; the innermost levels became plain text');
  const reader: Reader = {
    context,
    losses,
    restorer: restorerFor(context.original, context),
    walk: (...args) => walk(reader, ...args),
  };
  const sink = newSink();
  const state: BlockState = { tag: '', indent: 0, path: { name: '' } };
  reportLooks(tree.children, losses, { name: '' });
  reader.walk(tree.children, noMarks, state, sink);
  endLine(reader, sink, state);
  const doc = boundAdf(docOf(fitBlocks(sink.blocks, 'doc', losses, '/')), losses);
  const named = context.links ? translateLinks(doc, 'jira', context.links) : doc;
  return { doc: withLocalIds(named), losses: losses.all };
}

function walk(reader: Reader, nodes: readonly HtmlNode[], marks: MarkState, state: BlockState, sink: Sink): void {
  for (const [i, node] of groupWordLists(nodes).entries()) {
    if (node.kind === 'text') {
      sink.pieces.push({ kind: 'text', text: node.text, marks });
      continue;
    }
    const path: Path = { parent: state.path, name: `${node.tag}[${i + 1}]` };
    const inside: BlockState = { ...state, path };
    if (isBlock(node)) {
      endLine(reader, sink, state);
      readBlock(reader, node, marks, inside, sink);
    } else {
      readInline(reader, node, marks, inside, sink);
    }
  }
}

function readBlock(reader: Reader, element: HtmlElement, marks: MarkState, state: BlockState, sink: Sink): void {
  const own = withElement(marks, element);
  switch (element.tag) {
    case 'hr':
      sink.blocks.push({ type: 'rule' });
      return;
    case 'pre':
    case 'listing':
    case 'xmp':
      sink.blocks.push(readCode(element));
      return;
    case 'table':
      sink.blocks.push(...readTable(element, marks, state, reader));
      return;
    case 'li':
      sink.blocks.push(
        ...readList({ ...element, tag: 'ul', attrs: new Map(), children: [element] }, marks, state, reader),
      );
      return;
  }
  if (isList(element)) {
    sink.blocks.push(...readList(element, own, state, reader));
    return;
  }
  const box = readBox(element, own, state, reader);
  if (box !== undefined) {
    sink.blocks.push(box);
    return;
  }
  const quoted = element.tag === 'blockquote' && !isIndentingQuote(element);
  const target = quoted ? newSink() : sink;
  const inside: BlockState = {
    ...state,
    tag: /^h[1-6]$/.test(state.tag) ? state.tag : element.tag,
    align: alignOf(element, quoted ? undefined : state.align),
    indent: quoted ? 0 : state.indent + indentOf(element),
  };
  reader.walk(element.children, element.tag === 'dt' ? { ...own, strong: true } : own, inside, target);
  endLine(reader, target, inside);
  if (!quoted) return;
  const content = fitBlocks(target.blocks, 'blockquote', reader.losses, state.path);
  sink.blocks.push({ type: 'blockquote', content });
}

function readInline(reader: Reader, element: HtmlElement, marks: MarkState, state: BlockState, sink: Sink): void {
  const own = withElement(marks, element);
  switch (element.tag) {
    case 'br':
      sink.pieces.push({ kind: 'break', small: marks.small === true });
      return;
    case 'img': {
      const image = readImage(element, marks, state, reader);
      if (image !== undefined) sink.pieces.push(image);
      return;
    }
    case 'a': {
      const anchor = readAnchor(element, own, state, reader);
      if ('pieces' in anchor) sink.pieces.push(...anchor.pieces);
      else reader.walk(element.children, anchor.marks, state, sink);
      return;
    }
    case 'code':
      if (hasBlocks(element.children)) {
        endLine(reader, sink, state);
        sink.blocks.push(readCode(element));
        return;
      }
      break;
    case 'span': {
      const piece = readSpan(element, marks);
      if (piece !== undefined) {
        sink.pieces.push(piece);
        return;
      }
      break;
    }
    case 'q':
      sink.pieces.push({ kind: 'text', text: '“', marks: own });
      reader.walk(element.children, own, state, sink);
      sink.pieces.push({ kind: 'text', text: '”', marks: own });
      return;
  }
  reader.walk(element.children, own, state, sink);
}

/** Lists and items that Jira wants an id on get one by their place in the document. */
export function withLocalIds(doc: AdfDoc, taken: ReadonlySet<string> = new Set()): AdfDoc {
  let count = 0;
  const next = (type: string): string => {
    count += 1;
    const id = `${type}-${count}`;
    return taken.has(id) ? next(type) : id;
  };
  const visit = (node: AdfNode): AdfNode => {
    const attrs = stringAttr(node, 'localId') === '' ? { ...node.attrs, localId: next(node.type) } : node.attrs;
    const content = node.content?.map(visit);
    const same = attrs === node.attrs && (content ?? []).every((child, i) => child === node.content?.[i]);
    return same
      ? node
      : { ...node, ...(attrs === undefined ? {} : { attrs }), ...(content === undefined ? {} : { content }) };
  };
  return docOf(doc.content.map(visit));
}
