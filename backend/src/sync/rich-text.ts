// The one door between the planner and the text conversion in richtext/: normal forms of blocks, conversion of a whole
// text, and the merge by block. No rule about text lives here.

import type { Fingerprint, RichTextBaseline } from './baseline.ts';
import { type BySide, type FieldValue, otherSide, type Side } from './model.ts';
import { type AdfDoc, type AdfNode, emptyDoc, paragraph, parseAdf, plainTextOf } from './richtext/adf.ts';
import { adfToHtml } from './richtext/adf-to-html.ts';
import { richTextBaseline } from './richtext/align.ts';
import { adfBlocks, htmlBlocks, htmlParts, joinHtml } from './richtext/blocks.ts';
import type { ConversionContext } from './richtext/context.ts';
import { htmlToAdf } from './richtext/html-to-adf.ts';
import { awaitedNames, translateLinks } from './richtext/links.ts';
import { adfToMarkdown, markdownToAdf } from './richtext/markdown.ts';
import { mergeRichText } from './richtext/merge.ts';
import { normalForm } from './richtext/normal.ts';
import { adfToPlain, plainToAdf, plainToHtml } from './richtext/plain.ts';

export type RichText = FieldValue & { readonly kind: 'richText' };

const known = new WeakMap<RichText, readonly string[]>();

/**
 * Normal form of each top block, in order; nothing for a text in which a reader sees nothing. Parsing is the dearest part
 * of a plan, so the forms of a value are kept for as long as the value is.
 */
export function blockForms(value: RichText | null): readonly string[] {
  if (value === null) return [];
  const found = known.get(value) ?? formsIn(value);
  known.set(value, found);
  return found;
}

const emptyParagraph = normalForm(paragraph());

function formsIn(value: RichText): readonly string[] {
  switch (value.format) {
    case 'adf':
      return unlessEmpty(adfBlocks(docIn(value.adf)));
    case 'html':
      return unlessEmpty(htmlBlocks(value.text));
    case 'markdown':
      return unlessEmpty(adfBlocks(markdownToAdf(value.text).doc));
    default: {
      const never: never = value;
      return never;
    }
  }
}

function unlessEmpty(blocks: readonly { readonly normal: string }[]): readonly string[] {
  const forms = blocks.map((block) => block.normal);
  return forms.every((form) => form === emptyParagraph) ? [] : forms;
}

export const isEmptyText = (value: RichText): boolean => blockForms(value).length === 0;

/** A value that is no document counts as an empty one. */
function docIn(adf: unknown): AdfDoc {
  const parsed = parseAdf(adf);
  return parsed.ok ? parsed.doc : emptyDoc;
}

/** As Jira would hold it, whatever its form; people and files keep their own ids. */
export function asAdf(value: RichText): AdfDoc {
  switch (value.format) {
    case 'adf':
      return docIn(value.adf);
    case 'html':
      return htmlToAdf(value.text).doc;
    case 'markdown':
      return markdownToAdf(value.text).doc;
    default: {
      const never: never = value;
      return never;
    }
  }
}

/** What a reader sees as a plain text, for fields that hold no formatting. */
export const plainText = (value: RichText): string => adfToPlain(asAdf(value));

/** Plain words as a rich text. */
export const textAsRichText = (text: string, format: 'adf' | 'html'): RichText =>
  format === 'html'
    ? { kind: 'richText', format, text: plainToHtml(text) }
    : { kind: 'richText', format, adf: plainToAdf(text) };

/** A line for each paragraph, heading, item or cell, without any formatting: for diffs and limits. */
export function textLines(value: RichText): readonly string[] {
  const lines: string[] = [];
  // A stack of its own: documents may be nested deeply.
  const pending: AdfNode[] = [asAdf(value)];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const content = node.content ?? [];
    const holdsText = content.length === 0 || content.some((child) => child.content === undefined);
    if (node.type !== 'doc' && holdsText) lines.push(plainTextOf(node));
    else pending.push(...content.toReversed());
  }
  return lines;
}

/**
 * A whole text in the other side's form. `present`, what it would replace, gives back what the form can't carry, and
 * tells whether the field holds Markdown in Azure DevOps.
 */
export function convertText(
  value: RichText,
  to: Side,
  context: ConversionContext,
  present?: FieldValue | null | string,
): RichText {
  const original = typeof present === 'object' && present?.kind === 'richText' ? present : undefined;
  if (to === 'jira') {
    if (value.format === 'adf') return value;
    const taken = original?.format === 'adf' ? { ...context, original: docIn(original.adf) } : context;
    const { doc } = value.format === 'html' ? htmlToAdf(value.text, taken) : markdownToAdf(value.text, context);
    return { kind: 'richText', format: 'adf', adf: doc };
  }
  if (value.format !== 'adf') return value;
  const doc = docIn(value.adf);
  if (original?.format === 'markdown') {
    return { kind: 'richText', format: 'markdown', text: adfToMarkdown(doc, context).markdown };
  }
  const taken = original?.format === 'html' ? { ...context, original: original.text } : context;
  return { kind: 'richText', format: 'html', text: adfToHtml(doc, taken).html };
}

export interface TextMergeInput {
  readonly jira: RichText | null;
  readonly azure: RichText | null;
  readonly baseline: RichTextBaseline | undefined;
  /** Fingerprint of a block's normal form, as the baseline holds it. */
  readonly seal: BySide<(form: string) => Fingerprint>;
  readonly context: ConversionContext;
  /** Sides that may be written. */
  readonly writable: readonly Side[];
  /** Whose blocks win where both sides changed the same one; without it such blocks are a conflict. */
  readonly winner?: Side | undefined;
}

export type TextMerge =
  | { readonly kind: 'merged'; readonly result: BySide<RichText | null> }
  /** Both sides changed the same blocks, and nobody was said to win. */
  | { readonly kind: 'conflict' };

/** Brings each side's changes since the baseline to the other. A block that nobody touched keeps its form on each side. */
export function mergeText(input: TextMergeInput): TextMerge {
  const { jira, azure, baseline, winner } = input;
  if (baseline === undefined || azure?.format === 'markdown')
    return winner ? wholeText(input, winner) : { kind: 'conflict' };
  const result = mergeRichText({
    baseline,
    jira: adfOf(jira),
    azure: htmlOf(azure),
    fingerprint: (normal, side) => input.seal[side](normal),
    context: input.context,
    ...(winner === undefined ? {} : { prefer: winner }),
  });
  switch (result.kind) {
    case 'conflict':
      return { kind: 'conflict' };
    case 'unchanged':
      return winner ? wholeText(input, winner) : { kind: 'merged', result: { jira, azure } };
    case 'merged': {
      const { doc, html } = result;
      // A target that may not be written back was edited where the source was not: the source's text counts as a whole.
      const returning = [...(doc ? ['jira' as const] : []), ...(html === undefined ? [] : ['azure' as const])];
      if (winner && returning.some((side) => !input.writable.includes(side))) return wholeText(input, winner);
      return {
        kind: 'merged',
        result: {
          jira: doc === undefined ? jira : nullIfEmpty({ kind: 'richText', format: 'adf', adf: doc }),
          azure: html === undefined ? azure : nullIfEmpty({ kind: 'richText', format: 'html', text: html }),
        },
      };
    }
    default: {
      const never: never = result;
      return never;
    }
  }
}

const adfOf = (value: RichText | null): AdfDoc => (value?.format === 'adf' ? docIn(value.adf) : emptyDoc);
const htmlOf = (value: RichText | null): string => (value?.format === 'html' ? value.text : '');
const nullIfEmpty = (value: RichText): RichText | null => (isEmptyText(value) ? null : value);

function wholeText(input: TextMergeInput, from: Side): TextMerge {
  const to = otherSide(from);
  const [source, target] = [input[from], input[to]];
  const text = source === null ? null : convertText(source, to, input.context, target);
  const result = input.writable.includes(to) ? text : target;
  return {
    kind: 'merged',
    result: from === 'jira' ? { jira: source, azure: result } : { jira: result, azure: source },
  };
}

/**
 * Which block of one side stands for which of the other, for two texts that agree. Undefined where Azure DevOps holds
 * Markdown, which is merged as a whole.
 */
export function alignText(
  jira: RichText | null,
  azure: RichText | null,
  seal: BySide<(form: string) => Fingerprint>,
  context: ConversionContext,
): RichTextBaseline | undefined {
  if (azure?.format === 'markdown') return undefined;
  const aligned = richTextBaseline(adfOf(jira), htmlOf(azure), (normal, side) => seal[side](normal), context);
  const waits = waitsOf({ jira, azure }, context);
  return waits === undefined ? aligned : { ...aligned, waits };
}

/** The text as it is kept, for looking at names. */
export const rawText = (value: RichText | null): string =>
  value === null ? '' : value.format === 'adf' ? JSON.stringify(value.adf) : value.text;

function waitsOf(texts: BySide<RichText | null>, { links }: ConversionContext): RichTextBaseline['waits'] {
  if (links === undefined) return undefined;
  const raw = { jira: rawText(texts.jira), azure: rawText(texts.azure) };
  const [jira, azure] = [
    awaitedNames('jira', raw.jira, raw.azure, links),
    awaitedNames('azure', raw.azure, raw.jira, links),
  ];
  if (jira.length === 0 && azure.length === 0) return undefined;
  return { ...(jira.length > 0 ? { jira } : {}), ...(azure.length > 0 ? { azure } : {}) };
}

/** The text with what it says of these items put as its own side says it; undefined while none of them has a pair. */
export function relinkText(
  value: RichText | null,
  side: Side,
  names: readonly string[],
  context: ConversionContext,
): RichText | undefined {
  const { links } = context;
  const paired = names.filter((name) => links?.pairOf(otherSide(side), name) !== undefined);
  if (links === undefined || paired.length === 0 || value === null) return undefined;
  switch (value.format) {
    case 'adf':
      return { ...value, adf: translateLinks(docIn(value.adf), 'jira', links) };
    case 'html': {
      const parts = htmlParts(value.text);
      const blocks = parts.blocks.map((block) =>
        paired.some((name) => block.source.includes(name))
          ? { ...block, source: relinkedHtml(block.source, value.text, context) }
          : block,
      );
      return { ...value, text: parts.open + joinHtml(blocks) + parts.close };
    }
    case 'markdown':
      return undefined;
    default: {
      const never: never = value;
      return never;
    }
  }
}

/** One block, read without names and written with them. */
function relinkedHtml(source: string, original: string, context: ConversionContext): string {
  const { doc } = htmlToAdf(source, { ...context, links: undefined });
  return adfToHtml(doc, { ...context, original }).html;
}
