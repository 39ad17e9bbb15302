// Normal forms and their keyed fingerprints. Two values of one side with the same normal form are the same to a person
// looking at them; comparing a value with the other side's is mapping.ts' work.

import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
import type { Fingerprint, FingerprintKey } from './baseline.ts';
import { foldName } from './catalog.ts';
import type { FieldKind, FieldValue, OptionRef, Side } from './model.ts';
import { blockForms } from './rich-text.ts';
import { normalizerVersion as textVersion } from './richtext/normal.ts';
import { dateOf } from './zones.ts';

/** Goes up with every change of a normal form, the text blocks' included: an older baseline is then not comparable and values that are equal are adopted. */
export const normalizerVersion = 100 + textVersion;

/** How a mapping looks at the value: a date-time that is mapped as a date counts by its day in the profile's zone. */
export interface NormalOptions {
  readonly kind?: FieldKind;
  readonly timeZone?: string;
}

/**
 * Line ends and the blanks at both ends are no content: Jira trims its single-line fields and Azure DevOps its titles.
 * NFC, since the same letters typed on two systems may arrive in either composition.
 */
export const normalText = (text: string): string => text.replaceAll(/\r\n?/g, '\n').normalize('NFC').trim();

/** Azure DevOps compares picklist values and tags without case; Jira's labels and options differ by case. */
const optionForm = (side: Side, option: OptionRef): string => {
  const name = side === 'azure' ? foldName(option.name) : normalText(option.name);
  return name === '' ? `#${option.id ?? ''}` : name;
};

const empty = 'null';

/** A text that two values share exactly when they are the same on that side. Empty values of every kind share one. */
export function normalForm(side: Side, value: FieldValue | null | undefined, options: NormalOptions = {}): string {
  if (value === null || value === undefined) return empty;
  switch (value.kind) {
    case 'text':
      return value.text.trim() === '' ? empty : `t${normalText(value.text)}`;
    case 'url':
      return value.url.trim() === '' ? empty : `t${normalText(value.url)}`;
    case 'richText': {
      const blocks = blockForms(value);
      return blocks.length === 0 ? empty : `r${JSON.stringify(blocks)}`;
    }
    case 'number':
      return `n${value.number === 0 ? 0 : value.number}`;
    case 'date':
      return `d${value.date}`;
    case 'dateTime': {
      const day = options.kind === 'date' ? dateOf(options.timeZone ?? 'UTC', value.dateTime) : undefined;
      if (day !== undefined) return `d${day}`;
      const at = Date.parse(value.dateTime);
      return `i${Number.isNaN(at) ? value.dateTime : at}`;
    }
    case 'option':
      return `o${optionForm(side, value.option)}`;
    case 'options': {
      const elements = [...new Set(value.options.map((option) => optionForm(side, option)))].sort();
      return elements.length === 0 ? empty : `s${JSON.stringify(elements)}`;
    }
    case 'user':
      return `u${side === 'azure' ? foldName(value.user.id) : value.user.id}`;
    case 'boolean':
      return `b${value.boolean}`;
    default: {
      const never: never = value;
      return never;
    }
  }
}

export const isEmpty = (value: FieldValue | null | undefined): boolean => normalForm('jira', value) === empty;

const secrets = new WeakMap<Uint8Array, KeyObject>();

/** Making a key costs more than using it. */
function secretOf({ secret }: FingerprintKey): KeyObject {
  const found = secrets.get(secret) ?? createSecretKey(secret);
  secrets.set(secret, found);
  return found;
}

/** HMAC-SHA-256, cut to 128 bits: baselines hold hundreds of them. */
const seal = (key: FingerprintKey, parts: readonly unknown[]): Fingerprint =>
  createHmac('sha256', secretOf(key)).update(JSON.stringify(parts)).digest().subarray(0, 16).toString('base64url');

/** Of a native value. Side, item and field are part of it, so that equal values elsewhere have nothing in common. */
export function fingerprintOf(
  key: FingerprintKey,
  side: Side,
  itemId: string,
  fieldId: string,
  value: FieldValue | null | undefined,
  options: NormalOptions = {},
): Fingerprint {
  return seal(key, ['field', normalizerVersion, side, itemId, fieldId, normalForm(side, value, options)]);
}

/** Of one element of a set-like field. */
export function elementFingerprint(
  key: FingerprintKey,
  side: Side,
  itemId: string,
  fieldId: string,
  element: OptionRef,
): Fingerprint {
  return seal(key, ['element', normalizerVersion, side, itemId, fieldId, optionForm(side, element)]);
}

/** Of one block of a rich text, by its normal form. */
export function blockFingerprint(
  key: FingerprintKey,
  side: Side,
  itemId: string,
  fieldId: string,
  form: string,
): Fingerprint {
  return seal(key, ['block', normalizerVersion, side, itemId, fieldId, form]);
}

/** Of a set of ids, whatever their order: the version of an item's attachments or links. */
export const setFingerprint = (key: FingerprintKey, ids: readonly string[]): Fingerprint =>
  seal(key, ['set', [...new Set(ids)].sort()]);

/** Of a piece of configuration, such as a mapping's own rule. Keys may stand in any order. */
export const ruleSeal = (key: FingerprintKey, rule: unknown): Fingerprint => seal(key, ['rule', sorted(rule)]);

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, part]) => [name, sorted(part)]);
}

/** Of a file's content, by its SHA-256: the same wherever the file lies. */
export const contentFingerprint = (key: FingerprintKey, sha256: Uint8Array): Fingerprint =>
  seal(key, ['content', Buffer.from(sha256).toString('base64')]);
