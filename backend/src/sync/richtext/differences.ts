// Where a document differs from what came back of it, by their normal forms: so that a report never leaves out a change that
// no reader or writer told of.
import { type AdfDoc, type AdfNode, isRecord, plainTextOf } from './adf.ts';
import { matches } from './align.ts';
import { boundAdf } from './bound.ts';
import { type Loss, LossLog } from './context.ts';
import type { LossKind } from './losses.ts';
import { normalForm } from './normal.ts';

/** Each place of `before` that says something else in `after`, in reading order. */
export function differences(before: AdfDoc, after: AdfDoc): readonly Loss[] {
  const found = new LossLog();
  compareLists(normalized(before), normalized(after), '$', 'doc', found);
  return found.all;
}

/** Those that no told loss explains: none lies at the place, around it or within it. */
export function untold(found: readonly Loss[], told: readonly Loss[]): readonly Loss[] {
  return found.filter(
    ({ path, node }) =>
      !told.some(
        (loss) =>
          isWithin(loss.path, path) ||
          isWithin(path, loss.path) ||
          // Texts that join shift the places in a line.
          (loss.node === node && parentOf(loss.path) === parentOf(path)),
      ),
  );
}

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('.'));

function isWithin(inner: string, outer: string): boolean {
  return inner === outer || (inner.startsWith(outer) && '.['.includes(inner[outer.length] ?? ''));
}

function normalized(doc: AdfDoc): readonly AdfNode[] {
  return boundAdf(doc, new LossLog()).content.map((node) => JSON.parse(normalForm(node)) as AdfNode);
}

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function compareLists(
  before: readonly AdfNode[],
  after: readonly AdfNode[],
  path: string,
  owner: string,
  found: LossLog,
): void {
  let head = 0;
  while (head < before.length && head < after.length && same(before[head], after[head])) head += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - head;
  while (tail < most && same(before[before.length - 1 - tail], after[after.length - 1 - tail])) tail += 1;
  const [old, now] = [before.slice(head, before.length - tail), after.slice(head, after.length - tail)];
  if (old.length === 0 && now.length > 0) found.add(path, 'changed', owner, 'something was added');
  const taken = new Set<AdfNode>();
  for (const [i, node] of old.entries()) {
    const at = `${path}.content[${head + i}]`;
    if (isEmptyContainer(node) && old.length !== now.length) {
      found.add(at, 'empty', node.type, 'has nothing to show');
      continue;
    }
    const other = old.length === now.length ? now[i] : likeliest(node, now, taken);
    if (other !== undefined) taken.add(other);
    if (other === undefined) found.add(at, kindOfGone(node, now), node.type, goneReason(node, now));
    else compareNodes(node, other, at, found);
  }
}

/** Among blocks of another number: of the same type and with the same words, else the next of its type. */
function likeliest(node: AdfNode, now: readonly AdfNode[], taken: ReadonlySet<AdfNode>): AdfNode | undefined {
  const free = now.filter((candidate) => candidate.type === node.type && !taken.has(candidate));
  return free.find((candidate) => plainTextOf(candidate) === plainTextOf(node)) ?? free[0];
}

function compareNodes(before: AdfNode, after: AdfNode, path: string, found: LossLog): void {
  if (same(before, after)) return;
  if (before.type !== after.type) {
    found.add(path, kindOfGone(before, [after]), before.type, `came back as ${after.type}`);
    return;
  }
  if (before.text !== after.text) found.add(path, 'changed', before.type, 'the text');
  for (const name of namesOf(before.attrs, after.attrs)) {
    if (!same(before.attrs?.[name], after.attrs?.[name]))
      found.add(path, kindOfAttr(name, before.attrs?.[name]), before.type, `its ${name}`);
  }
  for (const mark of before.marks ?? []) {
    if (!(after.marks ?? []).some((other) => same(mark, other)))
      found.add(path, mark.type === 'link' ? 'link-data' : 'changed', mark.type, `on ${before.type}`);
  }
  if (!(after.marks ?? []).every((mark) => (before.marks ?? []).some((other) => mark.type === other.type)))
    found.add(path, 'changed', before.type, 'other marks');
  if (lines.has(before.type)) compareLines(before.content ?? [], after.content ?? [], path, found);
  else compareLists(before.content ?? [], after.content ?? [], path, before.type, found);
}

const lines = new Set(['paragraph', 'heading', 'taskItem', 'decisionItem', 'caption']);

interface Token {
  /** Index of the inline node. */
  readonly owner: number;
  readonly node: AdfNode;
  readonly form: string;
}

/** Character by character, since texts join where something between them is gone. */
function compareLines(before: readonly AdfNode[], after: readonly AdfNode[], path: string, found: LossLog): void {
  const [old, now] = [tokensOf(before), tokensOf(after)];
  const pairs = matches(
    old.map(({ form }) => form),
    now.map(({ form }) => form),
  );
  const told = new Set<number>();
  let [i, j] = [0, 0];
  for (const [oldEnd, nowEnd] of [...pairs, [old.length, now.length] as const]) {
    const all = old.slice(i, oldEnd);
    const run = all.filter(({ owner }) => !told.has(owner));
    // Space at the end of a line says nothing, also where what stood after it is gone.
    const counts = oldEnd < old.length ? run : withoutEnd(run);
    if (counts.length > 0) compareRuns(counts, now.slice(j, nowEnd), path, found);
    else if (all.length === 0 && nowEnd > j) found.add(path, 'changed', 'text', 'something was added');
    for (const { owner } of counts) told.add(owner);
    [i, j] = [oldEnd + 1, nowEnd + 1];
  }
}

function withoutEnd(run: readonly Token[]): readonly Token[] {
  const last = run.findLastIndex(({ node }) => node.text?.trim() !== '');
  return run
    .slice(0, last + 1)
    .filter(({ node }, i, all) => node.text?.trim() !== '' || all[i + 1]?.node.type === 'text');
}

function compareRuns(old: readonly Token[], now: readonly Token[], path: string, found: LossLog): void {
  const owners = new Map(old.map(({ owner, node }) => [owner, node]));
  for (const [owner, node] of owners) {
    const at = `${path}.content[${owner}]`;
    const instead = now.map((token) => token.node);
    const sameText = node.type === 'text' && textsOf(old) === textsOf(now);
    const place = old.findIndex((token) => token.owner === owner);
    const other = sameText ? instead[place] : instead.find((candidate) => candidate.type === node.type);
    if (sameText && other !== undefined) {
      compareNodes({ ...node, text: '' }, { ...other, text: '' }, at, found);
    } else if (node.type !== 'text' && other !== undefined) compareNodes(node, other, at, found);
    else found.add(at, kindOfGone(node, instead), node.type, goneReason(node, instead));
  }
}

const textsOf = (tokens: readonly Token[]): string => tokens.map(({ node }) => node.text ?? '').join('');

function tokensOf(content: readonly AdfNode[]): readonly Token[] {
  return content.flatMap((node, owner): readonly Token[] => {
    if (node.type !== 'text') return [{ owner, node, form: JSON.stringify(node) }];
    const marks = JSON.stringify(node.marks ?? []);
    return [...(node.text ?? '')].map((char) => ({ owner, node: { ...node, text: char }, form: `${char}${marks}` }));
  });
}

function namesOf(before: AdfNode['attrs'], after: AdfNode['attrs']): readonly string[] {
  return [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])];
}

const sizes = new Set(['width', 'height', 'colwidth', 'originalWidth', 'originalHeight', 'colspan', 'rowspan']);
const titles = new Set(['text', 'title', 'alt']);

function kindOfAttr(name: string, value: unknown): LossKind {
  if (sizes.has(name)) return 'size';
  if (titles.has(name) && typeof value === 'string' && /[\u0000-\u001f\u00a0\u200b]|^\s|\s$|\s\s/.test(value))
    return 'characters';
  return name === 'id' || name === 'data' ? 'link-data' : 'odd-value';
}

/** What text is taken for where it looks like it. */
const conventional = new Set(
  'date taskList blockTaskItem decisionList expand emoji status inlineCard mention mediaSingle'.split(' '),
);
const inlines = new Set('text emoji mention date status inlineCard placeholder hardBreak'.split(' '));
const containers = new Set(
  'bulletList orderedList taskList decisionList table tableRow mediaSingle mediaGroup layoutSection layoutColumn panel expand'.split(
    ' ',
  ),
);
const plain = new Set(['text', 'paragraph', 'bulletList', 'listItem', 'taskItem', 'heading', 'panel', 'blockquote']);

const isEmptyContainer = (node: AdfNode): boolean =>
  containers.has(node.type) && (node.content ?? []).every(isEmptyContainer);

function kindOfGone(node: AdfNode, instead: readonly AdfNode[]): LossKind {
  const shows = plainTextOf(node).trim() !== '' || (isRecord(node.attrs) && !containers.has(node.type));
  if (!shows && !instead.some((other) => other.type === node.type)) return 'empty';
  if (inlines.has(node.type) && instead.some((other) => other.type === 'paragraph')) return 'placement';
  return plain.has(node.type) && instead.some((other) => conventional.has(other.type)) ? 'look-alike' : 'changed';
}

function goneReason(node: AdfNode, instead: readonly AdfNode[]): string {
  return kindOfGone(node, instead) === 'look-alike'
    ? `looks like ${instead.map((other) => other.type).join(' and ')}`
    : 'did not come back as itself';
}
