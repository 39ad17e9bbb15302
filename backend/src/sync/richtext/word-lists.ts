// Lists as Word and Outlook paste them: paragraphs with a typed bullet or number and a hanging indent. Turned into list
// elements before anything reads them.
import { leftMargin, pixels } from './css.ts';
import { type HtmlElement, type HtmlNode, isBlankText, rawText } from './html-tree.ts';

interface WordItem {
  readonly level: number;
  readonly ordered: boolean;
  readonly start: number;
  readonly element: HtmlElement;
}

const bullet = /^[·•o§▪‣◦Øü–-](?=[\s\u00a0]|$)/u;
const number = /^\(?(\d{1,4}|[a-z]|[ivxlc]{1,6})[.)](?=[\s\u00a0]|$)/i;

export function groupWordLists(nodes: readonly HtmlNode[]): readonly HtmlNode[] {
  if (!nodes.some((node) => wordItem(node) !== undefined)) return nodes;
  const grouped: HtmlNode[] = [];
  let run: WordItem[] = [];
  const close = () => {
    if (run.length > 0) grouped.push(...listsOf(run));
    run = [];
  };
  for (const node of nodes) {
    const item = wordItem(node);
    if (item !== undefined) run.push(item);
    else if (run.length === 0 || !isBlankText(node)) {
      close();
      grouped.push(node);
    }
  }
  close();
  return grouped;
}

function wordItem(node: HtmlNode): WordItem | undefined {
  if (node.kind !== 'element' || (node.tag !== 'p' && node.tag !== 'div')) return undefined;
  const mso = node.style.get('mso-list');
  const hanging = pixels(node.style.get('text-indent')) ?? 0;
  const listed = mso !== undefined && /level\d/i.test(mso);
  if (!listed && hanging >= 0) return undefined;
  const text = rawText(node.children).replace(/^[\s\u00a0]+/, '');
  const [asBullet, asNumber] = [bullet.exec(text), number.exec(text)];
  const marker = asBullet?.[0] ?? asNumber?.[0];
  if (marker === undefined) return undefined;
  const level = listed
    ? Number(/level(\d+)/i.exec(mso)?.[1] ?? 1)
    : Math.max(1, Math.round(leftMargin(node.style) / 48));
  const start = Number.parseInt(asNumber?.[1] ?? '1', 10);
  const { style: _, ...rest } = node;
  const element: HtmlElement = { ...rest, tag: 'li', style: new Map(), children: withoutMarker(node.children, marker) };
  return { level, ordered: asBullet === null, start: Number.isNaN(start) ? 1 : start, element };
}

/** Cuts the marker and the spaces after it off the first text. */
function withoutMarker(nodes: readonly HtmlNode[], marker: string): readonly HtmlNode[] {
  let left = marker.length;
  let done = false;
  const cut = (list: readonly HtmlNode[]): readonly HtmlNode[] =>
    list.flatMap((node): readonly HtmlNode[] => {
      if (done) return [node];
      if (node.kind === 'element') return [{ ...node, children: cut(node.children) }];
      const text = left === marker.length ? node.text.replace(/^[\s\u00a0]+/, '') : node.text;
      const taken = Math.min(left, text.length);
      left -= taken;
      const rest = text.slice(taken).replace(/^[\s\u00a0]+/, '');
      done = left === 0 && rest !== '';
      return rest === '' ? [] : [{ ...node, text: rest }];
    });
  return cut(nodes);
}

function listsOf(items: readonly WordItem[]): readonly HtmlElement[] {
  const lists: HtmlElement[] = [];
  const top = Math.min(...items.map((item) => item.level));
  let at = 0;
  while (at < items.length) {
    const first = items[at];
    if (first === undefined) break;
    let end = at + 1;
    while (end < items.length && !startsNewList(first, items[end], top)) end += 1;
    lists.push(listOf(items.slice(at, end), first));
    at = end;
  }
  return lists;
}

function startsNewList(first: WordItem, item: WordItem | undefined, top: number): boolean {
  return item !== undefined && item.level <= top && first.level <= top && item.ordered !== first.ordered;
}

function listOf(items: readonly WordItem[], first: WordItem): HtmlElement {
  const children: HtmlElement[] = [];
  let at = 0;
  while (at < items.length) {
    const item = items[at];
    if (item === undefined) break;
    let end = at + 1;
    while (end < items.length && (items[end]?.level ?? 0) > item.level) end += 1;
    const nested = items.slice(at + 1, end);
    children.push(
      nested.length === 0
        ? item.element
        : { ...item.element, children: [...item.element.children, ...listsOf(nested)] },
    );
    at = end;
  }
  return {
    kind: 'element',
    tag: first.ordered ? 'ol' : 'ul',
    attrs: first.ordered && first.start !== 1 ? new Map([['start', String(first.start)]]) : new Map(),
    style: new Map(),
    children,
    start: items[0]?.element.start ?? -1,
    end: items.at(-1)?.element.end ?? -1,
  };
}
