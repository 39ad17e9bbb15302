// Where a document differs from what came back of it, by their normal forms: so that a report never leaves out a change that
// no reader or writer told of.
import { type AdfDoc, type AdfNode, isRecord, plainTextOf } from './adf.ts';
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
  return found.filter(({ path }) => !told.some((loss) => isWithin(loss.path, path) || isWithin(path, loss.path)));
}

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
  for (const [i, node] of old.entries()) {
    const at = `${path}.content[${head + i}]`;
    const other = old.length === now.length ? now[i] : now.find((candidate) => candidate.type === node.type);
    if (other === undefined) found.add(at, kindOfGone(node, now), node.type, goneReason(node, now));
    else compareNodes(node, other, at, found);
  }
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
  if (!(after.marks ?? []).every((mark) => (before.marks ?? []).some((other) => same(mark, other))))
    found.add(path, 'changed', before.type, 'other marks');
  compareLists(before.content ?? [], after.content ?? [], path, before.type, found);
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
  'date taskList blockTaskItem decisionList expand emoji status inlineCard mention'.split(' '),
);
const plain = new Set(['text', 'paragraph', 'bulletList', 'listItem', 'taskItem', 'heading', 'panel', 'blockquote']);

function kindOfGone(node: AdfNode, instead: readonly AdfNode[]): LossKind {
  const shows = plainTextOf(node).trim() !== '' || isRecord(node.attrs);
  if (!shows && !instead.some((other) => other.type === node.type)) return 'empty';
  return plain.has(node.type) && instead.some((other) => conventional.has(other.type)) ? 'look-alike' : 'changed';
}

function goneReason(node: AdfNode, instead: readonly AdfNode[]): string {
  return kindOfGone(node, instead) === 'look-alike'
    ? `looks like ${instead.map((other) => other.type).join(' and ')}`
    : 'did not come back as itself';
}
