// Which block of one side stands for which of the other: what the baseline of a rich text keeps, as fingerprints only.
import { diffArrays } from 'diff';
import type { RichTextBaseline } from '../baseline.ts';
import type { Side } from '../model.ts';
import { type AdfDoc, type AdfNode, docOf } from './adf.ts';
import { adfToHtml } from './adf-to-html.ts';
import { adfBlocks, type Block, type HtmlBlock, type HtmlParts, htmlParts } from './blocks.ts';
import type { ConversionContext } from './context.ts';
import { htmlToAdf } from './html-to-adf.ts';
import { normalForm } from './normal.ts';

/** Keyed by the caller; the same form may have different fingerprints on the two sides. */
export type FingerprintOf = (normal: string, side: Side) => string;

export type Pair = readonly [number, number];

/** Beyond this many differences two long rows are only compared from both ends. */
const maxEdits = 3000;

/** Indices of equal elements, ascending in both rows: a longest common subsequence. */
export function matches(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const changes = diffArrays([...a], [...b], { maxEditLength: maxEdits });
  if (changes === undefined) return matchedEnds(a, b);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  for (const change of changes) {
    const count = change.count ?? change.value.length;
    if (!change.added && !change.removed) for (let k = 0; k < count; k += 1) pairs.push([i + k, j + k]);
    if (!change.added) i += count;
    if (!change.removed) j += count;
  }
  return pairs;
}

function matchedEnds(a: readonly string[], b: readonly string[]): readonly Pair[] {
  const shorter = Math.min(a.length, b.length);
  let head = 0;
  while (head < shorter && a[head] === b[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail += 1;
  return [
    ...Array.from({ length: head }, (_, i): Pair => [i, i]),
    ...Array.from({ length: tail }, (_, i): Pair => [a.length - tail + i, b.length - tail + i]),
  ];
}

interface Form {
  readonly owner: number;
  readonly form: string;
}

/**
 * Pairs [Jira block, Azure block] of two texts that agree, ascending in both; one block may stand for several. Blocks
 * that convert into each other pair up first, what lies between them by its place.
 */
export function alignBlocks(jira: AdfDoc, azure: string, context: ConversionContext = {}): readonly Pair[] {
  return align(adfBlocks(jira), htmlParts(azure), context);
}

function align(jiraBlocks: readonly Block<AdfNode>[], parts: HtmlParts, context: ConversionContext): readonly Pair[] {
  const right = parts.blocks.flatMap((block, owner) =>
    formsHere(block, parts, context).map((form): Form => ({ owner, form })),
  );
  const known = new Set(right.map(({ form }) => form));
  const left = jiraBlocks.flatMap(({ source, normal }, owner) => {
    const forms = known.has(normal) ? [normal] : formsThere(source, normal, context);
    return forms.map((form): Form => ({ owner, form }));
  });
  const found = matches(
    left.map(({ form }) => form),
    right.map(({ form }) => form),
  );
  const owners = found.flatMap(([i, j]): Pair[] => {
    const [a, b] = [left[i]?.owner, right[j]?.owner];
    return a === undefined || b === undefined ? [] : [[a, b]];
  });
  return fillGaps(distinct(owners), jiraBlocks.length, parts.blocks.length);
}

/** The block in Jira's terms. Its normal form has them already where no mapping of people or files is needed. */
function formsHere({ source, normal }: HtmlBlock, parts: HtmlParts, context: ConversionContext): readonly string[] {
  const named = context.links !== undefined && /#\d|_workitems|[A-Z]-\d/.test(source);
  if (!named && !/data-vss-mention|_apis\/wit\/attachments|AttachFileHandler|<img/i.test(source)) {
    const forms = normal.split('\n').filter((line) => line.startsWith('{'));
    if (forms.length > 0) return forms;
  }
  const forms = htmlToAdf(parts.open + source + parts.close, context).doc.content.map(normalForm);
  return forms.length === 0 ? [normal] : forms;
}

/** What the block is once it has been to Azure DevOps and back. */
function formsThere(source: AdfNode, normal: string, context: ConversionContext): readonly string[] {
  const forms = htmlToAdf(adfToHtml(docOf([source]), context).html, context).doc.content.map(normalForm);
  return forms.length === 0 ? [normal] : forms;
}

function distinct(pairs: readonly Pair[]): readonly Pair[] {
  return pairs.filter(([a, b], i) => pairs[i - 1]?.[0] !== a || pairs[i - 1]?.[1] !== b);
}

function fillGaps(anchors: readonly Pair[], jiraCount: number, azureCount: number): readonly Pair[] {
  const filled: Pair[] = [];
  let before: Pair = [-1, -1];
  for (const anchor of [...anchors, [jiraCount, azureCount] as Pair]) {
    filled.push(...gapPairs(before, anchor));
    if (anchor[0] < jiraCount || anchor[1] < azureCount) filled.push(anchor);
    before = anchor;
  }
  return filled;
}

/** Between two anchors: one by one, and what is left over on the longer row with the last of the shorter. */
function gapPairs([jiraBefore, azureBefore]: Pair, [jiraAfter, azureAfter]: Pair): readonly Pair[] {
  const jira = Math.max(0, jiraAfter - jiraBefore - 1);
  const azure = Math.max(0, azureAfter - azureBefore - 1);
  if (jira > 0 && azureAfter === azureBefore)
    return Array.from({ length: jira }, (_, i): Pair => [jiraBefore + 1 + i, azureBefore]);
  if (azure > 0 && jiraAfter === jiraBefore)
    return Array.from({ length: azure }, (_, i): Pair => [jiraBefore, azureBefore + 1 + i]);
  if (jira === 0 || azure === 0) return [];
  return Array.from(
    { length: Math.max(jira, azure) },
    (_, i): Pair => [jiraBefore + 1 + Math.min(i, jira - 1), azureBefore + 1 + Math.min(i, azure - 1)],
  );
}

/** The baseline of two texts that agree, as each server returned it. */
export function richTextBaseline(
  jira: AdfDoc,
  azure: string,
  fingerprint: FingerprintOf,
  context: ConversionContext = {},
): RichTextBaseline {
  const [jiraBlocks, parts] = [adfBlocks(jira), htmlParts(azure)];
  return {
    jira: jiraBlocks.map(({ normal }) => fingerprint(normal, 'jira')),
    azure: parts.blocks.map(({ normal }) => fingerprint(normal, 'azure')),
    pairs: align(jiraBlocks, parts, context),
  };
}
