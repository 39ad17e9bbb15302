// What a text becomes on the other side and what of it comes back: the pure base of `tandem convert`.
import { type AdfDoc, parseAdf } from './adf.ts';
import { adfToHtml } from './adf-to-html.ts';
import type { ConversionContext, Loss } from './context.ts';
import { differences, untold } from './differences.ts';
import { htmlToAdf } from './html-to-adf.ts';
import { jsonErrorOffset } from './json-position.ts';
import { adfToMarkdown, markdownToAdf } from './markdown.ts';

export type TextFormat = 'adf' | 'html' | 'markdown';
export const textFormats: readonly TextFormat[] = ['adf', 'html', 'markdown'];

export interface ConvertReport {
  readonly ok: true;
  readonly output: string;
  /** The output converted back. */
  readonly back: string;
  /** What came back says the same as what went in: their normal forms are equal, and nothing was told as lost. */
  readonly lossless: boolean;
  /** Complete: whatever differs in what came back is named, if not by who read or wrote the place then by comparing. */
  readonly losses: readonly Loss[];
}

export interface ConvertFailure {
  readonly ok: false;
  /** Where the input is wrong: `line 3, column 7`, or a path like `$.content[2].type`. */
  readonly position: string;
  readonly reason: string;
}

/** Characters; either service refuses far shorter texts. */
export const maxInput = 16 * 1024 * 1024;

/** ADF goes in and comes out as JSON. Either end must be ADF: the other formats meet only through it. */
export function convert(
  text: string,
  from: TextFormat,
  to: TextFormat,
  context: ConversionContext = {},
): ConvertReport | ConvertFailure {
  if (text.length > maxInput)
    return { ok: false, position: 'the whole input', reason: `longer than ${maxInput} characters` };
  if (from === to) return { ok: false, position: 'the formats', reason: `nothing to convert from ${from} to ${to}` };
  const input = read(text, from, context);
  if (!input.ok) return input;
  const there = write(input.doc, to, context);
  const back = read(there.text, to, context);
  if (!back.ok) return back;
  const again = write(back.doc, from, context);
  const returned = from === 'adf' ? back : read(again.text, from, context);
  if (!returned.ok) return returned;
  const told = [...input.losses, ...there.losses];
  const losses = [...told, ...untold(differences(input.doc, returned.doc), told)];
  return { ok: true, output: there.text, back: again.text, lossless: losses.length === 0, losses };
}

type Reading = { readonly ok: true; readonly doc: AdfDoc; readonly losses: readonly Loss[] } | ConvertFailure;

function read(text: string, format: TextFormat, context: ConversionContext): Reading {
  switch (format) {
    case 'adf':
      return readJson(text);
    case 'html':
      return { ok: true, ...htmlToAdf(text, context) };
    case 'markdown':
      return { ok: true, ...markdownToAdf(text, context) };
    default:
      return format satisfies never;
  }
}

function write(
  doc: AdfDoc,
  format: TextFormat,
  context: ConversionContext,
): { readonly text: string; readonly losses: readonly Loss[] } {
  switch (format) {
    case 'adf':
      return { text: JSON.stringify(doc), losses: [] };
    case 'html': {
      const { html, losses } = adfToHtml(doc, context);
      return { text: html, losses };
    }
    case 'markdown': {
      const { markdown, losses } = adfToMarkdown(doc, context);
      return { text: markdown, losses };
    }
    default:
      return format satisfies never;
  }
}

/** An empty text is an empty document. */
function readJson(text: string): Reading {
  if (text.trim() === '') return { ok: true, doc: { type: 'doc', version: 1, content: [] }, losses: [] };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, ...jsonError(text) };
  }
  const parsed = parseAdf(value);
  return parsed.ok
    ? { ok: true, doc: parsed.doc, losses: [] }
    : { ok: false, position: parsed.path, reason: parsed.reason };
}

function jsonError(text: string): { readonly position: string; readonly reason: string } {
  const offset = jsonErrorOffset(text);
  const before = text.slice(0, offset).split('\n');
  const found = [...text.slice(offset, offset + 2)][0];
  const what = found === undefined ? 'it ends too early' : `unexpected ${JSON.stringify(found)}`;
  return { position: `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`, reason: `not JSON: ${what}` };
}
