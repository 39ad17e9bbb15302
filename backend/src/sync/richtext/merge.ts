// Three-way merge of a rich text by block: what nobody touched keeps its own form on each side, what one side changed is
// converted for the other, what both changed differently is a conflict for the field's policy.
import type { RichTextBaseline } from '../baseline.ts';
import type { Side } from '../model.ts';
import { type AdfDoc, type AdfNode, docOf, stringAttr } from './adf.ts';
import { adfToHtml } from './adf-to-html.ts';
import type { FingerprintOf } from './align.ts';
import { adfBlocks, type Block, type HtmlBlock, type HtmlParts, htmlParts, joinHtml } from './blocks.ts';
import type { ConversionContext, Loss } from './context.ts';
import { htmlToAdf } from './html-to-adf.ts';
import { type Range, type Script, scriptOf, type Unit, unitsOf } from './merge-script.ts';
import { normalForm } from './normal.ts';

export interface MergeArgs {
  /** Of the last agreement. */
  readonly baseline: RichTextBaseline;
  /** Both texts as they are now. */
  readonly jira: AdfDoc;
  readonly azure: string;
  readonly fingerprint: FingerprintOf;
  readonly context?: ConversionContext;
  /** The side that wins where both changed the same block; without it that is a conflict. */
  readonly prefer?: Side;
}

export interface Overlap {
  /** Top-level blocks of the present texts. */
  readonly jira: Range;
  readonly azure: Range;
}

export type MergeResult =
  | { readonly kind: 'unchanged' }
  /** `doc` and `html` are there for the side that has to be written; neither is where both made the same change. */
  | { readonly kind: 'merged'; readonly doc?: AdfDoc; readonly html?: string; readonly losses: readonly Loss[] }
  | { readonly kind: 'conflict'; readonly overlaps: readonly Overlap[] };

interface Texts {
  readonly jira: readonly Block<AdfNode>[];
  readonly parts: HtmlParts;
  readonly azure: readonly HtmlBlock[];
}

/** A stretch of the merged text: what stands there now on each side, and who says what is to stand there. */
interface Stretch {
  readonly jira: Range;
  readonly azure: Range;
  readonly from: Side | 'both';
}

export function mergeRichText(args: MergeArgs): MergeResult {
  const parts = htmlParts(args.azure);
  const texts: Texts = { jira: adfBlocks(args.jira), parts, azure: parts.blocks };
  const units = unitsOf(args.baseline);
  const script = (side: Side): Script => {
    const now = texts[side].map(({ normal }) => args.fingerprint(normal, side));
    return scriptOf(units, side, args.baseline[side], now);
  };
  const scripts = { jira: script('jira'), azure: script('azure') };
  if (scripts.jira.unchanged && scripts.azure.unchanged) return { kind: 'unchanged' };
  const overlaps: Overlap[] = [];
  const stretches = stretchesOf(units, scripts, {
    agree: (overlap) => sameMeaning(overlap, texts, args.context ?? {}),
    settle: (overlap) => {
      if (args.prefer === undefined) overlaps.push(overlap);
      return args.prefer ?? 'both';
    },
  });
  return overlaps.length > 0 ? { kind: 'conflict', overlaps } : assemble(args, texts, units, scripts, stretches);
}

interface Judge {
  /** Whether both sides say the same there. */
  readonly agree: (overlap: Overlap) => boolean;
  /** Who wins where they don't. */
  readonly settle: (overlap: Overlap) => Side | 'both';
}

function stretchesOf(
  units: readonly Unit[],
  scripts: Readonly<Record<Side, Script>>,
  judge: Judge,
): readonly Stretch[] {
  const stretches: Stretch[] = [];
  const reached = { jira: 0, azure: 0 };
  const upTo = (jira: number, azure: number): Overlap => ({
    jira: [reached.jira, jira],
    azure: [reached.azure, azure],
  });
  const take = (overlap: Overlap, from: Side | 'both') => {
    stretches.push({ ...overlap, from });
    [reached.jira, reached.azure] = [overlap.jira[1], overlap.azure[1]];
  };
  const takeInserts = (slot: number) => {
    const jira = scripts.jira.inserts.get(slot)?.[1];
    const azure = scripts.azure.inserts.get(slot)?.[1];
    // Both added something at one place: once if it is the same, else one after the other.
    if (jira !== undefined && azure !== undefined && judge.agree(upTo(jira, azure)))
      return take(upTo(jira, azure), 'both');
    if (jira !== undefined) take(upTo(jira, reached.azure), 'jira');
    if (azure !== undefined) take(upTo(reached.jira, azure), 'azure');
  };
  for (let at = 0; at < units.length; ) {
    takeInserts(at);
    const end = spanEnd(at, scripts);
    const changed = { jira: touches(scripts.jira, at, end), azure: touches(scripts.azure, at, end) };
    const overlap = upTo(endOf(scripts.jira, reached.jira, at, end), endOf(scripts.azure, reached.azure, at, end));
    const both = changed.jira && changed.azure;
    if (both) take(overlap, judge.agree(overlap) ? 'both' : judge.settle(overlap));
    else take(overlap, changed.jira ? 'jira' : changed.azure ? 'azure' : 'both');
    at = end;
  }
  takeInserts(units.length);
  return stretches;
}

/** The first unit after `at` that no change of either side joins with the ones before it. */
function spanEnd(at: number, scripts: Readonly<Record<Side, Script>>): number {
  let end = at + 1;
  for (let unit = at; unit < end; unit += 1) {
    end = Math.max(end, scripts.jira.changes.get(unit)?.units[1] ?? 0, scripts.azure.changes.get(unit)?.units[1] ?? 0);
  }
  return end;
}

function touches(script: Script, from: number, to: number): boolean {
  for (let unit = from; unit < to; unit += 1) {
    if (script.changes.has(unit) || (unit > from && script.inserts.has(unit))) return true;
  }
  return false;
}

/** Where the side stands after those units. */
function endOf(script: Script, reached: number, from: number, to: number): number {
  let end = reached;
  for (let unit = from; unit < to; unit += 1) {
    const inserted = unit > from ? script.inserts.get(unit)?.[1] : undefined;
    end = Math.max(end, script.kept.get(unit)?.[1] ?? 0, script.changes.get(unit)?.blocks[1] ?? 0, inserted ?? 0);
  }
  return end;
}

function sameMeaning(overlap: Overlap, texts: Texts, context: ConversionContext): boolean {
  const jira = texts.jira.slice(...overlap.jira).map(({ source }) => source);
  const there = htmlToAdf(adfToHtml(docOf(jira), context).html, context).doc.content.map(normalForm);
  return there.join('\n') === adfOf(texts, overlap.azure, context).content.map(normalForm).join('\n');
}

function adfOf(texts: Texts, range: Range, context: ConversionContext, original?: AdfDoc): AdfDoc {
  const html = texts.parts.open + joinHtml(texts.azure.slice(...range)) + texts.parts.close;
  return range[0] === range[1]
    ? docOf([])
    : htmlToAdf(html, original === undefined ? context : { ...context, original }).doc;
}

function assemble(
  args: MergeArgs,
  texts: Texts,
  units: readonly Unit[],
  scripts: Readonly<Record<Side, Script>>,
  stretches: readonly Stretch[],
): MergeResult {
  const losses: Loss[] = [];
  const nodes: { readonly node: AdfNode; readonly own: boolean }[] = [];
  const html: HtmlBlock[] = [];
  let [writeJira, writeAzure] = [false, false];
  const moved = movedBlocks(args, texts, units, scripts);
  for (const stretch of stretches) {
    const ownNodes = texts.jira.slice(...stretch.jira).map(({ source }) => source);
    const ownHtml = texts.azure.slice(...stretch.azure);
    const toJira = stretch.from === 'azure' ? nodesFor(stretch, args, texts, moved, losses) : undefined;
    const toAzure = stretch.from === 'jira' ? blocksFor(stretch, args, texts, moved, losses) : undefined;
    writeJira ||= toJira !== undefined;
    writeAzure ||= toAzure !== undefined;
    nodes.push(...(toJira ?? ownNodes).map((node) => ({ node, own: toJira === undefined })));
    html.push(...(toAzure ?? ownHtml));
  }
  return {
    kind: 'merged',
    ...(writeJira ? { doc: { ...args.jira, content: withFreshIds(nodes) } } : {}),
    ...(writeAzure ? { html: texts.parts.open + joinHtml(html) + texts.parts.close } : {}),
    losses,
  };
}

/** What Jira is to hold instead, in Azure's words; undefined where it says the same already. */
function nodesFor(
  stretch: Stretch,
  args: MergeArgs,
  texts: Texts,
  moved: Moved,
  losses: Loss[],
): readonly AdfNode[] | undefined {
  const context = args.context ?? {};
  const present = texts.jira.slice(...stretch.jira);
  const original = present.length > 0 ? docOf(present.map(({ source }) => source)) : args.jira;
  const found = moved.jira(texts.azure.slice(...stretch.azure));
  if (found !== undefined) return found;
  const html = texts.parts.open + joinHtml(texts.azure.slice(...stretch.azure)) + texts.parts.close;
  const result =
    stretch.azure[0] === stretch.azure[1] ? { doc: docOf([]), losses: [] } : htmlToAdf(html, { ...context, original });
  const there = htmlToAdf(adfToHtml(docOf(present.map(({ source }) => source)), context).html, context).doc.content;
  const plain = adfOf(texts, stretch.azure, context);
  if (present.length > 0 && same(there, plain.content)) return undefined;
  losses.push(...result.losses);
  return result.doc.content;
}

/** What Azure DevOps is to hold instead, in Jira's words; undefined where it says the same already. */
function blocksFor(
  stretch: Stretch,
  args: MergeArgs,
  texts: Texts,
  moved: Moved,
  losses: Loss[],
): readonly HtmlBlock[] | undefined {
  const context = args.context ?? {};
  const present = texts.azure.slice(...stretch.azure);
  const blocks = texts.jira.slice(...stretch.jira).map(({ source }) => source);
  const found = moved.azure(texts.jira.slice(...stretch.jira));
  if (found !== undefined) return found;
  const original = present.length > 0 ? joinHtml(present) : args.azure;
  const result = adfToHtml(docOf(blocks), { ...context, original });
  const now = adfOf(texts, stretch.azure, context).content;
  if (present.length > 0 && same(htmlToAdf(result.html, context).doc.content, now)) return undefined;
  losses.push(...result.losses);
  return result.html === '' ? [] : [{ normal: '', source: result.html, open: false }];
}

function same(a: readonly AdfNode[], b: readonly AdfNode[]): boolean {
  return a.map(normalForm).join('\n') === b.map(normalForm).join('\n');
}

interface Moved {
  readonly jira: (blocks: readonly Block<string>[]) => readonly AdfNode[] | undefined;
  readonly azure: (blocks: readonly Block<AdfNode>[]) => readonly HtmlBlock[] | undefined;
}

/**
 * A block that a side only moved or copied is found by its old fingerprint; the other side's own form of it moves along,
 * so that moving a paragraph doesn't cost its formatting.
 */
function movedBlocks(
  args: MergeArgs,
  texts: Texts,
  units: readonly Unit[],
  scripts: Readonly<Record<Side, Script>>,
): Moved {
  const find = <Own>(from: Side, to: Side, own: (range: Range) => readonly Own[]) => {
    const places = new Map<string, Range>();
    for (const [i, unit] of units.entries()) {
      const kept = scripts[to].kept.get(i);
      const print = unit[from][1] - unit[from][0] === 1 ? args.baseline[from][unit[from][0]] : undefined;
      if (kept !== undefined && print !== undefined && !places.has(print)) places.set(print, kept);
    }
    return (blocks: readonly Block<unknown>[]): readonly Own[] | undefined => {
      if (blocks.length === 0) return undefined;
      const ranges = blocks.map(({ normal }) => places.get(args.fingerprint(normal, from)));
      return ranges.every((range) => range !== undefined) ? ranges.flatMap((range) => own(range)) : undefined;
    };
  };
  return {
    jira: find('azure', 'jira', (range) => texts.jira.slice(...range).map(({ source }) => source)),
    azure: find('jira', 'azure', (range) => texts.azure.slice(...range)),
  };
}

/** Ids that the conversion made up must not meet ids that are there. */
function withFreshIds(nodes: readonly { readonly node: AdfNode; readonly own: boolean }[]): readonly AdfNode[] {
  const taken = new Set<string>();
  const collect = (node: AdfNode) => {
    const id = stringAttr(node, 'localId');
    if (id) taken.add(id);
    for (const child of node.content ?? []) collect(child);
  };
  for (const { node, own } of nodes) if (own) collect(node);
  const renew = (node: AdfNode): AdfNode => {
    const id = stringAttr(node, 'localId');
    const fresh = id ? freshId(id, taken) : id;
    const content = node.content?.map(renew);
    return {
      ...node,
      ...(fresh === id ? {} : { attrs: { ...node.attrs, localId: fresh } }),
      ...(content === undefined ? {} : { content }),
    };
  };
  return nodes.map(({ node, own }) => (own ? node : renew(node)));
}

function freshId(id: string, taken: Set<string>): string {
  let fresh = id;
  for (let i = 2; taken.has(fresh); i += 1) fresh = `${id}-${i}`;
  taken.add(fresh);
  return fresh;
}
