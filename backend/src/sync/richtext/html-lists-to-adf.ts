// Lists of HTML → bullet, ordered, task and decision lists. Also lists as old editors leave them: a list directly in a
// list, items without a list.
import { type AdfNode, paragraph } from './adf.ts';
import { fitBlocks } from './content-rules.ts';
import { decisionLabels, doneMarks, todoMarks } from './conventions.ts';
import type { MarkState } from './html-marks.ts';
import { type BlockState, type Reader, readLoose } from './html-reader.ts';
import { elementsOf, type HtmlElement, type HtmlNode, isBlankText } from './html-tree.ts';

const listTags = new Set(['ul', 'ol', 'dir', 'menu']);

export function isList(element: HtmlElement): boolean {
  return listTags.has(element.tag);
}

type Item = readonly AdfNode[];

export function readList(
  element: HtmlElement,
  marks: MarkState,
  state: BlockState,
  reader: Reader,
): readonly AdfNode[] {
  const inside: BlockState = { tag: 'li', indent: 0, align: undefined, path: state.path };
  const items = readItems(element.children, marks, inside, reader);
  if (items.length === 0) return [];
  const tasks = asTaskList(items, element);
  if (tasks !== undefined) return [tasks];
  const decisions = element.tag === 'ol' ? undefined : asDecisionList(items);
  if (decisions !== undefined) return [decisions];
  const path = state.path;
  const content = items.map((blocks) => ({
    type: 'listItem',
    content: fitBlocks(blocks, 'listItem', reader.losses, path),
  }));
  if (element.tag !== 'ol') return [{ type: 'bulletList', content }];
  const order = startOf(element);
  return [order === 1 ? { type: 'orderedList', content } : { type: 'orderedList', attrs: { order }, content }];
}

function startOf(list: HtmlElement): number {
  const first = elementsOf(list.children).find((child) => child.tag === 'li');
  const start = Number.parseInt(first?.attrs.get('value') ?? list.attrs.get('start') ?? '1', 10);
  return Number.isNaN(start) || start < 0 ? 1 : start;
}

function readItems(nodes: readonly HtmlNode[], marks: MarkState, state: BlockState, reader: Reader): Item[] {
  const items: Item[] = [];
  let loose: HtmlNode[] = [];
  const closeLoose = () => {
    const blocks = loose.every((node) => isBlankText(node) || (node.kind === 'element' && node.tag === 'br'))
      ? []
      : readLoose(reader, loose, marks, state);
    if (blocks.length > 0) items.push(blocks);
    loose = [];
  };
  for (const node of nodes) {
    if (node.kind === 'element' && node.tag === 'li') {
      closeLoose();
      const blocks = readLoose(reader, node.children, marks, state);
      items.push(blocks.length === 0 ? [paragraph()] : blocks);
    } else if (node.kind === 'element' && isList(node)) {
      closeLoose();
      const nested = readList(node, marks, state, reader);
      const owner = items.pop() ?? [];
      if (nested.length > 0 || owner.length > 0) items.push([...owner, ...nested]);
    } else if (node.kind === 'element' && elementsOf(node.children).some((child) => child.tag === 'li')) {
      closeLoose();
      items.push(...readItems(node.children, marks, state, reader));
    } else {
      loose.push(node);
    }
  }
  closeLoose();
  return items;
}

/** A list in which every item starts with a box to tick. */
function asTaskList(items: readonly Item[], list: HtmlElement): AdfNode | undefined {
  const content: AdfNode[] = [];
  // Lists of tasks alone in the items of another list are no tasks of that one, unless it hides its bullets as ours do.
  const bare = list.style.get('list-style-type')?.toLowerCase() === 'none';
  if (!bare && items.every((blocks) => blocks.every((block) => block.type === 'taskList'))) return undefined;
  for (const blocks of items) {
    const nested = blocks.filter((block) => block.type === 'taskList');
    const own = blocks.slice(0, blocks.length - nested.length);
    if (blocks.slice(own.length).some((block) => block.type !== 'taskList')) return undefined;
    if (own.length > 0) {
      const item = asTaskItem(own);
      if (item === undefined) return undefined;
      content.push(item);
    }
    content.push(...nested);
  }
  return { type: 'taskList', attrs: { localId: '' }, content };
}

function asTaskItem(blocks: readonly AdfNode[]): AdfNode | undefined {
  const [first, ...rest] = blocks;
  const text = first?.content?.[0];
  if (first?.type !== 'paragraph' || text?.type !== 'text' || !rest.every((block) => block.type === 'paragraph'))
    return undefined;
  const shown = text.text ?? '';
  const mark = [...todoMarks, ...doneMarks].find((candidate) => shown.startsWith(candidate));
  if (mark === undefined) return undefined;
  const left = shown.slice(mark.length).replace(/^\ufe0f?[ ]?/, '');
  const content = [...(left === '' ? [] : [{ ...text, text: left }]), ...(first.content ?? []).slice(1)];
  const attrs = { localId: '', state: (doneMarks as readonly string[]).includes(mark) ? 'DONE' : 'TODO' };
  if (rest.length === 0 && first.marks === undefined) {
    return content.length === 0 ? { type: 'taskItem', attrs } : { type: 'taskItem', attrs, content };
  }
  const head = content.length === 0 ? paragraph() : paragraph(content);
  const blocksOf = [first.marks === undefined ? head : { ...head, marks: first.marks }, ...rest];
  return { type: 'blockTaskItem', attrs, content: blocksOf.map(smallOnly) };
}

function smallOnly(block: AdfNode): AdfNode {
  const { marks, ...bare } = block;
  const small = (marks ?? []).filter((mark) => mark.type === 'fontSize');
  return small.length === 0 ? bare : { ...bare, marks: small };
}

/** A list in which every item starts with "Decision:" or "Undecided:" in bold. */
function asDecisionList(items: readonly Item[]): AdfNode | undefined {
  const content: AdfNode[] = [];
  for (const [only, ...more] of items) {
    const [label, ...rest] = only?.content ?? [];
    const state = Object.entries(decisionLabels).find(([, text]) => text === label?.text)?.[0];
    const bold = label?.marks?.length === 1 && label.marks[0]?.type === 'strong';
    if (only?.type !== 'paragraph' || only.marks !== undefined || more.length > 0 || state === undefined || !bold)
      return undefined;
    const [space, ...others] = rest;
    const text = space?.type === 'text' && space.marks === undefined ? (space.text ?? '').replace(/^ /, '') : undefined;
    const inlines = text === undefined ? rest : text === '' ? others : [{ ...space, type: 'text', text }, ...others];
    const attrs = { localId: '', state };
    content.push(
      inlines.length === 0 ? { type: 'decisionItem', attrs } : { type: 'decisionItem', attrs, content: inlines },
    );
  }
  return { type: 'decisionList', attrs: { localId: '' }, content };
}
