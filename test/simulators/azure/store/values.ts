// What the service makes of a value that a client writes into a field: parsed, normalized, or refused with its own words.

import type { FieldDefinition } from '../data/fields.ts';
import { fieldInvalid, fieldReadOnly, fieldTooLong, type RuleViolation } from '../errors.ts';
import { sanitizeHtml } from '../html.ts';
import { dateText, parseDate } from './clock-text.ts';
import type { FieldValue, TextFormat, World } from './model.ts';
import { resolvePerson } from './people.ts';

/** Limits after https://learn.microsoft.com/azure/devops/organizations/settings/work/object-limits */
export interface TextLimits {
  /** Characters of an HTML field or a comment. */
  readonly longText: number;
  readonly shortText: number;
  readonly tagsPerItem: number;
  readonly tagLength: number;
}

export const TEXT_LIMITS: TextLimits = { longText: 1_048_576, shortText: 255, tagsPerItem: 100, tagLength: 400 };

export type Parsed =
  | { readonly kind: 'value'; readonly value: FieldValue }
  | { readonly kind: 'empty' }
  | { readonly kind: 'violation'; readonly violation: RuleViolation };

const violation = (field: FieldDefinition, flags: RuleViolation['flags'], message?: string): Parsed => ({
  kind: 'violation',
  violation: {
    referenceName: field.referenceName,
    name: field.name,
    flags,
    ...(message === undefined ? {} : { message }),
  },
});

const value = (parsed: FieldValue): Parsed => ({ kind: 'value', value: parsed });

/** `null` and `''` empty a field. Bad forms are violations, so that all of a patch's are told together. */
export function parseValue(
  world: World,
  field: FieldDefinition,
  given: unknown,
  format: TextFormat,
  limits: TextLimits,
  previous?: FieldValue,
): Parsed {
  if (given === null || given === undefined || given === '') return { kind: 'empty' };
  if (field.isIdentity) return parseIdentity(world, field, given, previous);
  switch (field.type) {
    case 'integer':
      return parseNumber(field, given, (number) => Number.isInteger(number) && Math.abs(number) <= 2_147_483_647);
    case 'double':
      return parseNumber(field, given, Number.isFinite);
    case 'boolean':
      return parseBoolean(field, given);
    case 'dateTime': {
      const ms = typeof given === 'string' ? parseDate(given) : undefined;
      if (ms === undefined || ms < Date.UTC(1753, 0, 1)) return violation(field, ['InvalidFormat']);
      return value(dateText(ms));
    }
    case 'html':
    case 'history': {
      const text = scalarText(field, given);
      if (text.length > limits.longText) return violation(field, ['InvalidTooLong']);
      const written = format === 'markdown' ? text : sanitizeHtml(text);
      return written === '' ? { kind: 'empty' } : value(written);
    }
    case 'plainText':
      return field.referenceName === 'System.Tags'
        ? parseTags(field, given, limits)
        : parseText(field, given, limits.longText);
    case 'string':
    case 'guid':
    case 'treePath':
      return parseText(field, given, limits.shortText);
    default:
      return field.type satisfies never;
  }
}

function scalarText(field: FieldDefinition, given: unknown): string {
  if (typeof given === 'string') return given;
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  throw fieldInvalid(`TF401326: Invalid field status 'InvalidType' for field '${field.referenceName}'.`);
}

function parseText(field: FieldDefinition, given: unknown, limit: number): Parsed {
  const text = scalarText(field, given).trim();
  if (text === '') return { kind: 'empty' };
  if (text.length > limit) {
    if (field.type === 'string') throw fieldTooLong(field.referenceName);
    return violation(field, ['InvalidTooLong']);
  }
  if (field.type === 'string' && /[\u0000-\u001f]/.test(text)) return violation(field, ['InvalidFormat']);
  if (field.picklist !== undefined) {
    const known = field.picklist.find((entry) => entry.toLowerCase() === text.toLowerCase());
    return known === undefined ? notInList(field, text) : value(known);
  }
  return value(text);
}

export function notInList(field: FieldDefinition, text: string): Parsed {
  return violation(
    field,
    ['HasValues', 'LimitedToValues', 'AllowsOldValue', 'InvalidListValue'],
    `The field '${field.name}' contains the value '${text}' that is not in the list of supported values`,
  );
}

function parseNumber(field: FieldDefinition, given: unknown, fits: (number: number) => boolean): Parsed {
  const number =
    typeof given === 'number' ? given : typeof given === 'string' && given.trim() !== '' ? Number(given) : Number.NaN;
  if (!fits(number)) return violation(field, ['InvalidFormat']);
  if (field.picklist !== undefined && !field.picklist.includes(String(number))) return notInList(field, String(number));
  return value(number);
}

function parseBoolean(field: FieldDefinition, given: unknown): Parsed {
  if (typeof given === 'boolean') return value(given);
  const text = String(given).toLowerCase();
  if (text === 'true' || text === '1') return value(true);
  if (text === 'false' || text === '0') return value(false);
  return violation(field, ['InvalidFormat']);
}

/** Someone who has left may stay where they stand, and is unknown everywhere else. */
function parseIdentity(world: World, field: FieldDefinition, given: unknown, previous: FieldValue | undefined): Parsed {
  const text = identityText(given);
  if (text === undefined) {
    throw fieldInvalid(`TF401326: Invalid field status 'InvalidType' for field '${field.referenceName}'.`);
  }
  const found = resolvePerson(world, text);
  const refused = (why: string): Parsed =>
    violation(
      field,
      ['HasValues', 'InvalidListValue'],
      `The identity value '${text}' for field '${field.name}' is ${why} identity.`,
    );
  if (found.kind !== 'found') return refused(found.kind === 'unknown' ? 'an unknown' : 'an ambiguous');
  const identity = { identity: found.person.id };
  return found.person.active || sameValue(previous, identity) ? value(identity) : refused('an unknown');
}

/** A string, or an identity object as an earlier answer had it. */
function identityText(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  if (typeof given !== 'object' || given === null) return undefined;
  for (const key of ['descriptor', 'uniqueName', 'id', 'displayName']) {
    const part: unknown = Reflect.get(given, key);
    if (typeof part === 'string' && part !== '') return part;
  }
  return undefined;
}

/** Names split at `;` and `,`, trimmed, the first spelling of each kept, sorted, joined with `; `. */
function parseTags(field: FieldDefinition, given: unknown, limits: TextLimits): Parsed {
  const names = new Map<string, string>();
  for (const part of scalarText(field, given).split(/[;,]/)) {
    const name = part.replace(/\s+/g, ' ').trim();
    if (name === '') continue;
    if (name.length > limits.tagLength) return violation(field, ['InvalidTooLong']);
    if (!names.has(name.toLowerCase())) names.set(name.toLowerCase(), name);
  }
  if (names.size > limits.tagsPerItem) return violation(field, ['InvalidTooLong']);
  const sorted = [...names.values()].sort((a, b) => a.localeCompare(b, 'en', { sensitivity: 'base' }));
  return sorted.length === 0 ? { kind: 'empty' } : value(sorted.join('; '));
}

export const splitTags = (tags: FieldValue | undefined): string[] =>
  typeof tags === 'string' && tags !== '' ? tags.split('; ') : [];

/** Fields that nobody may write, unless rules are bypassed and the field is one of the historical ones. */
const HISTORICAL = new Set(['System.CreatedBy', 'System.CreatedDate', 'System.ChangedBy', 'System.ChangedDate']);

export function demandWritable(field: FieldDefinition, bypassRules: boolean): void {
  if (!field.readOnly) return;
  if (
    bypassRules &&
    (HISTORICAL.has(field.referenceName) || field.referenceName.startsWith('Microsoft.VSTS.Common.'))
  ) {
    return;
  }
  throw fieldReadOnly(field.referenceName);
}

export const sameValue = (a: FieldValue | undefined, b: FieldValue | undefined): boolean =>
  typeof a === 'object' && typeof b === 'object' ? a.identity === b.identity : a === b;
