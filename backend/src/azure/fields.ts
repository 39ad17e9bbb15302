// Values of work item fields: what the service holds as JSON, as the core's values, and back. Which field is of which kind
// comes from the catalog; nothing is fetched here.

import type { FieldInfo } from '../reconcile/ports.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import type { FieldKind, FieldValue, OptionRef, UserRef } from '../sync/model.ts';
import { startOfDay } from '../sync/zones.ts';
import { identitySchema, type WireIdentity } from './wire.ts';

/** What of a field its values depend on. */
export type FieldShape = Pick<FieldInfo, 'kind'> & { readonly native?: string };

export type LongTextFormat = 'html' | 'markdown';

/** The core's kind of an Azure DevOps field. Tags are one plain text to the service, a set to people. */
export function kindOf(field: {
  readonly referenceName: string;
  readonly type: string;
  readonly isIdentity: boolean;
  readonly limited: boolean;
}): { readonly kind: FieldKind | 'unsupported'; readonly native: string } {
  if (field.referenceName === 'System.Tags') return { kind: 'options', native: 'tags' };
  if (field.isIdentity || field.type === 'identity') return { kind: 'user', native: 'identity' };
  switch (field.type) {
    case 'html':
      return { kind: 'richText', native: 'html' };
    case 'plainText':
    case 'guid':
      return { kind: 'text', native: field.type };
    case 'integer':
    case 'picklistInteger':
      return { kind: field.limited ? 'option' : 'number', native: 'integer' };
    case 'double':
    case 'picklistDouble':
      return { kind: field.limited ? 'option' : 'number', native: 'double' };
    case 'dateTime':
      return { kind: 'dateTime', native: 'dateTime' };
    case 'boolean':
      return { kind: 'boolean', native: 'boolean' };
    case 'string':
    case 'picklistString':
      return { kind: field.limited ? 'option' : 'text', native: 'string' };
    case 'treePath':
      return { kind: 'option', native: 'treePath' };
    default:
      return { kind: 'unsupported', native: field.type };
  }
}

/** Kinds that are told by the value alone, for fields that no type lists. */
const shapeByValue = (raw: unknown): FieldShape => {
  if (typeof raw === 'number') return { kind: 'number' };
  if (typeof raw === 'boolean') return { kind: 'boolean' };
  return { kind: typeof raw === 'object' ? 'user' : 'text' };
};

/** A value as the service holds it. Empty texts are no value: the service does not tell them apart. */
export function decodeField(
  shape: FieldShape | undefined,
  raw: unknown,
  format: LongTextFormat = 'html',
): FieldValue | null {
  if (raw === null || raw === undefined || raw === '') return null;
  const { kind } = shape === undefined || shape.kind === 'unsupported' ? shapeByValue(raw) : shape;
  switch (kind) {
    case 'richText':
      return { kind: 'richText', format, text: asText(raw) };
    case 'number': {
      const number = Number(raw);
      return Number.isFinite(number) ? { kind: 'number', number } : { kind: 'text', text: asText(raw) };
    }
    case 'date':
    case 'dateTime': {
      const dateTime = utc(raw);
      return dateTime === undefined ? { kind: 'text', text: asText(raw) } : { kind: 'dateTime', dateTime };
    }
    case 'boolean':
      return { kind: 'boolean', boolean: raw === true || raw === 1 || /^(true|1)$/i.test(asText(raw)) };
    case 'option': {
      const name = asText(raw);
      // A path without a part beneath the project is what stands in every item of which nobody chose one.
      if (shape?.native === 'treePath' && !name.includes('\\')) return null;
      return { kind: 'option', option: { name } };
    }
    case 'options': {
      const options = splitTags(asText(raw));
      return options.length === 0 ? null : { kind: 'options', options };
    }
    case 'user': {
      const user = decodeUser(raw);
      return user === undefined ? null : { kind: 'user', user };
    }
    case 'url':
      return { kind: 'url', url: asText(raw) };
    default:
      return { kind: 'text', text: asText(raw) };
  }
}

const asText = (raw: unknown): string =>
  typeof raw === 'string' ? raw : typeof raw === 'object' ? JSON.stringify(raw) : String(raw);

/** The service writes UTC with up to seven decimals; the core keeps milliseconds. */
export function utc(raw: unknown): string | undefined {
  const at = typeof raw === 'string' ? Date.parse(raw) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
}

/** `a; b` as the service joins them. */
export const splitTags = (text: string): readonly OptionRef[] =>
  text
    .split(/[;,]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => ({ name }));

/** Identities are objects, or `Name <unique name>` in older forms. The unique name is their id; groups may have none. */
export function decodeUser(raw: unknown): UserRef | undefined {
  const parsed = identitySchema.safeParse(raw);
  return parsed.success ? userOf(parsed.data) : undefined;
}

export function userOf(identity: WireIdentity): UserRef | undefined {
  if (typeof identity === 'string') {
    const parts = /^(.*?)\s*<([^<>]+)>$/.exec(identity.trim());
    const name = parts?.[1] ?? identity.trim();
    return name === '' && parts === null ? undefined : person(parts?.[2] ?? name, name, undefined);
  }
  const id = identity.uniqueName || identity.descriptor || identity.id;
  if (id === undefined || id === '') {
    return identity.displayName === '' ? undefined : person(identity.displayName, identity.displayName, undefined);
  }
  return person(id, identity.displayName || id, identity.inactive);
}

const person = (id: string, name: string, inactive: boolean | undefined): UserRef => ({
  id,
  name,
  ...(/^[^@\s\\]+@[^@\s\\]+$/.test(id) ? { email: id } : {}),
  ...(inactive === undefined ? {} : { active: !inactive }),
});

export type Encoded =
  | { readonly kind: 'value'; readonly value: string | number | boolean; readonly format?: LongTextFormat }
  | { readonly kind: 'refused'; readonly error: SyncError };

/** A value as the service takes it; refused here where it is certain that it could not be kept. Empty values are `remove`d by the writer. */
export function encodeField(
  field: string,
  shape: FieldShape | undefined,
  value: FieldValue,
  timeZone: string,
): Encoded {
  const refuse = (detail: string): Encoded => ({
    kind: 'refused',
    error: syncError('invalid-value', { side: 'azure', field, detail }),
  });
  switch (shape?.native ?? shape?.kind) {
    case 'tags':
    case 'options':
      return encodeTags(value, refuse);
    case 'integer':
    case 'double':
    case 'number': {
      const number = value.kind === 'number' ? value.number : Number(plainText(value) || Number.NaN);
      if (!Number.isFinite(number)) return refuse('A number is needed.');
      if (shape?.native === 'integer' && !Number.isInteger(number)) return refuse('A whole number is needed.');
      return { kind: 'value', value: number };
    }
    case 'dateTime': {
      const at = encodeDate(value, timeZone);
      return at === undefined ? refuse('A date is needed.') : { kind: 'value', value: at };
    }
    case 'boolean': {
      if (value.kind === 'boolean') return { kind: 'value', value: value.boolean };
      const text = plainText(value)?.toLowerCase();
      if (text === 'true' || text === 'yes' || text === '1') return { kind: 'value', value: true };
      if (text === 'false' || text === 'no' || text === '0') return { kind: 'value', value: false };
      return refuse('Yes or no is needed.');
    }
    case 'html':
    case 'richText':
      if (value.kind === 'richText' && value.format !== 'adf') {
        return { kind: 'value', value: value.text, format: value.format };
      }
      return encodeText(value, refuse, escapeHtml);
    case 'identity':
    case 'user':
      if (value.kind === 'user') return { kind: 'value', value: value.user.id };
      return encodeText(value, refuse, (text) => text);
    default:
      return encodeText(value, refuse, (text) => text);
  }
}

function encodeText(value: FieldValue, refuse: (detail: string) => Encoded, shape: (text: string) => string): Encoded {
  const text = plainText(value);
  return text === undefined ? refuse('This field takes plain text.') : { kind: 'value', value: shape(text) };
}

/** Tags are separated by semicolons or commas, so no tag can hold one (learn.microsoft.com, "Add work item tags"). */
function encodeTags(value: FieldValue, refuse: (detail: string) => Encoded): Encoded {
  const names =
    value.kind === 'options' ? value.options.map((option) => option.name.trim()) : [plainText(value)?.trim() ?? ''];
  if (names.some((name) => /[;,]/.test(name))) return refuse('A tag cannot hold a comma or a semicolon.');
  return { kind: 'value', value: names.filter((name) => name !== '').join('; ') };
}

/** The service has no dates without a time: a day is its first moment in the profile's zone. */
function encodeDate(value: FieldValue, timeZone: string): string | undefined {
  const text = value.kind === 'dateTime' ? value.dateTime : value.kind === 'date' ? value.date : plainText(value);
  if (text === undefined) return undefined;
  return /^\d{4}-\d{2}-\d{2}$/.test(text) ? (startOfDay(timeZone, text) ?? utc(text)) : utc(text);
}

/** Undefined for rich text, which only the core can turn into another form. */
function plainText(value: FieldValue): string | undefined {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'number':
      return String(value.number);
    case 'date':
      return value.date;
    case 'dateTime':
      return value.dateTime;
    case 'option':
      return value.option.name;
    case 'options':
      return value.options.map((option) => option.name).join(', ');
    case 'user':
      return value.user.name;
    case 'url':
      return value.url;
    case 'boolean':
      return String(value.boolean);
    case 'richText':
      return undefined;
    default: {
      const never: never = value;
      return never;
    }
  }
}

export const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\n', '<br>');
