// Makes a service's own words fit for errors and logs: values that went out with the request, what the run has read so far,
// and tokens are masked.

import { readValues } from './read-values.ts';
import type { HttpRequest } from './transport.ts';

const longestDetail = 400;
const masked = '***';

/** Every string and number that the request sent as a value (not the names of fields), longest first. */
export function sentValues(request: Pick<HttpRequest, 'authorization' | 'body' | 'url'>): readonly string[] {
  const found = new Set<string>();
  const walk = (value: unknown): void => {
    if (typeof value === 'string') {
      if (value.trim() !== '') found.add(value.trim());
    } else if (typeof value === 'number') found.add(String(value));
    else if (Array.isArray(value)) for (const element of value) walk(element);
    else if (typeof value === 'object' && value !== null) for (const element of Object.values(value)) walk(element);
  };
  if (request.body?.kind === 'json') walk(request.body.value);
  for (const value of request.url.searchParams.values()) walk(value);
  const credentials = request.authorization?.split(' ').at(-1);
  if (credentials !== undefined && credentials !== '') {
    found.add(credentials);
    for (const part of Buffer.from(credentials, 'base64').toString('utf8').split(':')) {
      if (part.length >= 4) found.add(part);
    }
  }
  return [...found].sort((a, b) => b.length - a.length);
}

const tokens = [/\b(?:Basic|Bearer)\s+[\w+/=.~-]+/gi, /\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, /\bATATT[\w=-]+/g];

/** A service may quote a part of a value: one of this many characters or more is masked wherever it begins. */
const quotedLength = 24;

/**
 * The text without those values and those that the present run has read (read-values.ts), in one line, cut to a few hundred
 * characters; an HTML page is reduced to nothing.
 */
export function maskDetail(text: string, values: readonly string[]): string {
  if (/^\s*</.test(text)) return '';
  // Services repeat at most the start of a long value, so the head of each is masked too.
  let result = text.slice(0, 20_000);
  for (const token of tokens) result = result.replace(token, masked);
  for (const value of values) {
    for (const form of forms(value)) result = replaceWhole(result, form);
  }
  const read = readValues();
  for (const value of read) {
    for (const form of forms(value)) if (result.includes(form)) result = replaceWord(result, form);
  }
  result = maskQuoted(result.slice(0, 3 * longestDetail), [...values, ...read]);
  return result.replaceAll(/\s+/g, ' ').trim().slice(0, longestDetail);
}

/**
 * The value as it may stand in an answer: in JSON, also as part of a text in it, with all but ASCII escaped as some servers do,
 * in HTML, in an address; and the head of a long one.
 */
function forms(value: string): readonly string[] {
  const heads = value.length > 40 ? [value, value.slice(0, 40)] : [value];
  return [
    ...new Set(
      heads.flatMap((text) => [
        escaped(escaped(text)),
        ascii(escaped(text), 'lower'),
        ascii(escaped(text), 'upper'),
        escaped(text),
        inHtml(text),
        encodeURIComponent(text.toWellFormed()),
        text,
      ]),
    ),
  ];
}

const escaped = (text: string): string => JSON.stringify(text).slice(1, -1);

/** `ü` as `\u00fc` or `\u00FC`; with it what .NET escapes as well: `<`, `>`, `&`, `'`, `+`. */
const ascii = (text: string, digits: 'lower' | 'upper'): string =>
  text.replaceAll(/[^ -~]|[<>&'+]/g, (unit) => {
    const code = unit.charCodeAt(0).toString(16).padStart(4, '0');
    return `\\u${digits === 'upper' ? code.toUpperCase() : code}`;
  });

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const inHtml = (text: string): string => text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);

/** Values of one or two characters are masked only where they stand alone, or words would lose letters. */
function replaceWhole(text: string, value: string): string {
  if (value.length > 2) return text.replaceAll(value, masked);
  const pattern = value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu'), masked);
}

/** What was read may be any word of a sentence: it is masked where it is whole words. */
function replaceWord(text: string, value: string): string {
  const pattern = value.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return text.replaceAll(new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'gu'), masked);
}

/** Masks what the text has in common with a value from some place within it, as where a service cut the value short. */
function maskQuoted(text: string, values: readonly string[]): string {
  const long = values.filter((value) => value.length > quotedLength);
  const step = quotedLength / 2;
  let result = text;
  for (let at = 0; at + step <= result.length; at += step) {
    const part = long
      .map((value) => commonPart(result, at, step, value))
      .find(([from, to]) => to - from >= quotedLength);
    if (!part) continue;
    const [from, to] = part;
    result = `${result.slice(0, from)}${masked}${result.slice(to)}`;
    at = from + masked.length - step;
  }
  return result;
}

/** Where in `text` that begins and ends which it has in common with `value` around the piece of `length` at `at`. */
function commonPart(text: string, at: number, length: number, value: string): readonly [number, number] {
  const inValue = value.indexOf(text.slice(at, at + length));
  if (inValue === -1) return [at, at];
  let [before, after] = [0, length];
  while (at > before && inValue > before && text[at - before - 1] === value[inValue - before - 1]) before += 1;
  while (at + after < text.length && inValue + after < value.length && text[at + after] === value[inValue + after]) {
    after += 1;
  }
  return [at - before, at + after];
}
