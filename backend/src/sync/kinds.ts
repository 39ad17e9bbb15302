// Turns a value of one kind into another kind, where the two sides hold a field differently. Knows no mapping, people or
// policies: what cannot be turned is undefined.

import type { FieldKind, FieldValue, OptionRef } from './model.ts';
import { plainText, textAsRichText } from './rich-text.ts';
import { dateOf, startOfDay } from './zones.ts';

/** How a person would read the value in one line; what value pairs name. */
export function wordsOf(value: FieldValue): string {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'richText':
      return plainText(value);
    case 'number':
      return String(value.number);
    case 'date':
      return value.date;
    case 'dateTime':
      return value.dateTime;
    case 'option':
      return value.option.name;
    case 'options':
      return value.options.map((option) => option.name).join('; ');
    case 'user':
      return value.user.name;
    case 'url':
      return value.url;
    case 'boolean':
      return value.boolean ? 'true' : 'false';
    default: {
      const never: never = value;
      return never;
    }
  }
}

const datePattern = /^\d{4}-\d{2}-\d{2}$/;
const truths: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['yes', true],
  ['1', true],
  ['false', false],
  ['no', false],
  ['0', false],
]);

export interface KindTarget {
  readonly kind: FieldKind;
  /** Form of rich text on that side. */
  readonly format: 'adf' | 'html';
  readonly timeZone: string;
}

/** Undefined where the value has no form of that kind. A rich text of the same kind comes back as it is. */
export function toKind(value: FieldValue, target: KindTarget): FieldValue | undefined {
  if (value.kind === target.kind) return value;
  const words = wordsOf(value).trim();
  switch (target.kind) {
    case 'text':
      return { kind: 'text', text: words };
    case 'richText':
      return textAsRichText(words, target.format);
    case 'number': {
      const number = words === '' ? Number.NaN : Number(words);
      return Number.isFinite(number) ? { kind: 'number', number } : undefined;
    }
    case 'date': {
      if (datePattern.test(words)) return { kind: 'date', date: words };
      const date = value.kind === 'dateTime' || value.kind === 'text' ? dateOf(target.timeZone, words) : undefined;
      return date === undefined ? undefined : { kind: 'date', date };
    }
    case 'dateTime': {
      const dateTime = datePattern.test(words) ? startOfDay(target.timeZone, words) : instant(words);
      return dateTime === undefined ? undefined : { kind: 'dateTime', dateTime };
    }
    case 'option':
      if (value.kind === 'options') {
        const [only, ...others] = value.options;
        return only === undefined || others.length > 0 ? undefined : { kind: 'option', option: only };
      }
      return { kind: 'option', option: { name: words } };
    case 'options':
      return { kind: 'options', options: elementsOf(value) };
    case 'url':
      return URL.canParse(words) ? { kind: 'url', url: words } : undefined;
    case 'boolean': {
      const boolean = truths.get(words.toLowerCase());
      return boolean === undefined ? undefined : { kind: 'boolean', boolean };
    }
    case 'user':
      return undefined;
    default: {
      const never: never = target.kind;
      return never;
    }
  }
}

function instant(words: string): string | undefined {
  const at = Date.parse(words);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** The elements of a set-like value; a text holds them separated by `;`, as Azure DevOps writes tags. */
export function elementsOf(value: FieldValue | null): readonly OptionRef[] {
  if (value === null) return [];
  switch (value.kind) {
    case 'options':
      return value.options;
    case 'option':
      return [value.option];
    default:
      return wordsOf(value)
        .split(';')
        .map((name) => name.trim())
        .filter((name) => name !== '')
        .map((name) => ({ name }));
  }
}

/** A set in the kind that a side holds it in; null when it is empty. */
export function setOf(elements: readonly OptionRef[], kind: FieldKind): FieldValue | null {
  const [first] = elements;
  if (first === undefined) return null;
  if (kind === 'option') return { kind: 'option', option: first };
  if (kind === 'text') return { kind: 'text', text: elements.map((element) => element.name).join('; ') };
  return { kind: 'options', options: elements };
}
