// Pairs as lines of text, `left = right`, as people edit them; and fixed values, whose right side may be a number. Pure.

import type { FixedValues, ValuePair } from '../../contract.ts';

export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  /** The first line that can't be read, counted from 1. */
  | { readonly ok: false; readonly line: number; readonly text: string };

export const formatPairs = (pairs: readonly ValuePair[]): string =>
  pairs.map(({ jira, azure }) => `${quoted(jira)} = ${quoted(azure)}`).join('\n');

export function parsePairs(text: string): Parsed<readonly ValuePair[]> {
  const parsed = parseLines(text);
  return parsed.ok ? { ok: true, value: parsed.value.map(([jira, azure]) => ({ jira, azure })) } : parsed;
}

export const formatFixed = (values: FixedValues): string =>
  Object.entries(values)
    .map(([field, value]) => `${field} = ${shown(value)}`)
    .join('\n');

/** `[a, b]` is a list, `5` a number, `"5"` the text. */
export function parseFixed(text: string): Parsed<FixedValues> {
  const parsed = parseLines(text, false);
  if (!parsed.ok) return parsed;
  return { ok: true, value: Object.fromEntries(parsed.value.map(([field, value]) => [field, meant(value)])) };
}

const isNumeric = (text: string): boolean => /^-?\d+(\.\d+)?$/.test(text);

function shown(value: FixedValues[string]): string {
  if (typeof value === 'object') return `[${value.join(', ')}]`;
  if (typeof value === 'number') return String(value);
  return isNumeric(value) || /^\[.*\]$/.test(value) ? `"${value}"` : quoted(value);
}

function meant(text: string): FixedValues[string] {
  if (isNumeric(text)) return Number(text);
  if (text.startsWith('[') && text.endsWith(']')) {
    return text
      .slice(1, -1)
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
  }
  return unquoted(text);
}

/** Names that hold an equals sign, or begin with a quote, or begin or end with a space, stand in quotes; a quote in them is doubled. */
const quoted = (name: string): string => (/=|^"|^\s|\s$/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
const unquoted = (text: string): string =>
  /^"(?:[^"]|"")*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;

const half = '("(?:[^"]|"")*"|.*?)';
/** An equals sign between spaces parts the halves; without spaces only where it is the only one. */
const spaced = new RegExp(`^\\s*${half}\\s+=\\s+${half}\\s*$`, 'u');
const tight = /^\s*([^=]*?)\s*=\s*([^=]*?)\s*$/u;

function parseLines(text: string, unquote = true): Parsed<readonly (readonly [string, string])[]> {
  const pairs: (readonly [string, string])[] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '') continue;
    const match = spaced.exec(line) ?? tight.exec(line);
    const [left, right] = [match?.[1] ?? '', match?.[2] ?? ''].map((part) => (unquote ? unquoted(part) : part));
    if (!left || !right) return { ok: false, line: index + 1, text: line.trim() };
    pairs.push([left, right]);
  }
  return { ok: true, value: pairs };
}
