// Values of fields as words on a page. No I/O.

import { wordsOf } from '../sync/kinds.ts';
import type { FieldValue } from '../sync/model.ts';
import { textLines } from '../sync/rich-text.ts';

/** A person compares two texts by their beginning; more would not fit a page with fifty of them. */
const mostLetters = 4_000;

/** Rich text line by line; null for an empty field. */
export function shownValue(value: FieldValue | null): string | null {
  if (value === null) return null;
  const text = value.kind === 'richText' ? textLines(value).join('\n') : wordsOf(value);
  if (text === '') return null;
  const letters = [...text.slice(0, 2 * mostLetters)];
  return letters.length > mostLetters ? `${letters.slice(0, mostLetters).join('')}…` : text;
}
