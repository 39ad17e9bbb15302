// What a value of one side is on the other: value pairs, people, kinds, limits, and the policies for what has no
// counterpart. Decides nothing about who wins.

import { sameName } from './catalog.ts';
import { type ErrorCode, type SyncError, syncError } from './errors.ts';
import { isEmpty, normalForm, normalText } from './fingerprint.ts';
import { elementsOf, toKind, wordsOf } from './kinds.ts';
import { labelToTag, tagToLabel, takesLabels, takesTags } from './labels.ts';
import { type FieldValue, type OptionRef, otherSide, type Side, type UserRef } from './model.ts';
import { counterpartOf, type PeopleIndex } from './people.ts';
import { findByPath, findNode, isCreatable, isPath, newName, relativePath } from './planning.ts';
import type { ProfileSettings } from './profile.ts';
import { convertText, textLines } from './rich-text.ts';
import type { ConversionContext } from './richtext/context.ts';
import { type FieldRule, nativeKind, type SideValue, typeMappingOf } from './rules.ts';

export interface MapContext {
  readonly settings: ProfileSettings;
  readonly people: PeopleIndex;
  readonly resolve?: ConversionContext | undefined;
}

/** `skip`: the other side has nothing for it and the profile says to leave it at that. */
export type Mapped =
  | { readonly kind: 'value'; readonly value: FieldValue | null }
  | { readonly kind: 'skip' }
  | { readonly kind: 'error'; readonly error: SyncError };

const mapped = (value: FieldValue | null): Mapped => ({ kind: 'value', value });

/** The first pair that names the value decides; written exactly counts before written in another case. */
function pairedName({ values, ...rule }: FieldRule, from: Side, name: string): string | undefined {
  const pair =
    values.find((one) => one[from] === name) ?? values.find((one) => namesOption(rule, from, one[from], name));
  return pair?.[otherSide(from)];
}

/** Whether a profile's name of an option means this one; paths may be given with or without the project. */
export const namesOption = (
  rule: Pick<FieldRule, 'schema' | 'root'>,
  side: Side,
  given: string,
  name: string,
): boolean =>
  sameName(given, name) ||
  (isPath(rule.schema[side].field) && sameName(relativePath(given, rule.root), relativePath(name, rule.root)));

/** Maps a value that `from` holds to what the other side would hold. `present` is what stands there, if known. */
export function mapValue(
  rule: FieldRule,
  from: Side,
  value: FieldValue | null,
  context: MapContext,
  present?: SideValue,
): Mapped {
  if (value === null || isEmpty(value)) return mapped(null);
  const target = otherSide(from);
  const kind = nativeKind(rule, target, present);
  if (value.kind === 'user' && kind === 'user') return mapUser(rule, target, value, context);
  if (value.kind === 'richText' && kind === 'richText') {
    return limited(rule, target, convertText(value, target, context.resolve ?? {}, present));
  }
  if (kind === 'options' || value.kind === 'options') return mapSet(rule, from, value, context, kind, present);
  if (kind === 'option' || value.kind === 'option' || value.kind === 'boolean' || rule.values.length > 0) {
    return mapChoice(rule, from, value, context, kind);
  }
  return convert(rule, target, value, context, kind);
}

function convert(
  rule: FieldRule,
  target: Side,
  value: FieldValue,
  { settings }: MapContext,
  kind: FieldValue['kind'],
): Mapped {
  const format = target === 'jira' ? 'adf' : 'html';
  const converted = toKind(value, { kind, format, timeZone: settings.timeZone });
  if (converted !== undefined) return limited(rule, target, converted);
  return { kind: 'error', error: fail('invalid-value', rule, target) };
}

function mapUser(
  rule: FieldRule,
  target: Side,
  value: FieldValue & { readonly kind: 'user' },
  { people }: MapContext,
): Mapped {
  const user = counterpartOf(people, target, value.user);
  // Both services refuse to assign an account that was closed: such a person counts as having none.
  const fits = user !== undefined && user.active !== false && takesPerson(rule, target, user);
  if (fits) return mapped({ kind: 'user', user });
  const set = setValue(rule, target);
  if (set !== undefined) {
    const known = people.known[target].get(set.trim().toLowerCase());
    return mapped({ kind: 'user', user: known ?? { id: set, name: set } });
  }
  return unmapped(rule, target, user === undefined ? 'unmapped-user' : 'unassignable-user');
}

/** Jira lets issues be assigned to those only who hold "Assignable User" in the project; other fields take anyone. */
const takesPerson = (rule: FieldRule, target: Side, user: UserRef): boolean =>
  target !== 'jira' || rule.field.jira !== 'assignee' || user.assignable !== false;

/** A single choice: by the value pairs, else by its own name where the target is known to offer it. */
function mapChoice(
  rule: FieldRule,
  from: Side,
  value: FieldValue,
  context: MapContext,
  kind: FieldValue['kind'],
): Mapped {
  const target = otherSide(from);
  const name = wordsOf(value);
  const option = optionOn(rule, from, value.kind === 'option' ? value.option : { name });
  if (option !== undefined) {
    const converted = convert(rule, target, { kind: 'option', option }, context, kind);
    if (converted.kind !== 'error') return converted;
  }
  const set = setValue(rule, target);
  if (set !== undefined)
    return convert(rule, target, { kind: 'option', option: offered(rule, target, set) }, context, kind);
  return unmapped(rule, target, rule.isState ? 'unmapped-state' : 'unmapped-value', name);
}

function mapSet(
  rule: FieldRule,
  from: Side,
  value: FieldValue,
  context: MapContext,
  kind: FieldValue['kind'],
  present?: SideValue,
): Mapped {
  const options: OptionRef[] = [];
  for (const element of elementsOf(value)) {
    const result = mapElement(rule, from, element);
    if (result.kind === 'error') return result;
    if (result.kind === 'value' && !options.some((one) => one.name === result.option.name)) options.push(result.option);
  }
  const [first] = options;
  if (first === undefined) return mapped(null);
  // Where only one fits, the one that stands there stays as long as it is among them.
  const kept = options.filter((one) => present !== undefined && isHeldBy(present, one));
  const fitting = kind === 'option' && options.length > 1 ? [kept[0] ?? first] : options;
  return convert(rule, otherSide(from), { kind: 'options', options: fitting }, context, kind);
}

const isHeldBy = (present: SideValue, option: OptionRef): boolean =>
  present !== null &&
  present !== 'unavailable' &&
  present.kind === 'option' &&
  sameName(present.option.name, option.name);

export type MappedElement =
  | { readonly kind: 'value'; readonly option: OptionRef }
  | { readonly kind: 'skip' }
  | { readonly kind: 'error'; readonly error: SyncError };

/** One element of a set-like field. */
export function mapElement(rule: FieldRule, from: Side, element: OptionRef): MappedElement {
  const target = otherSide(from);
  const option = optionOn(rule, from, element);
  if (option !== undefined) return { kind: 'value', option };
  const set = setValue(rule, target);
  if (set !== undefined) return { kind: 'value', option: offered(rule, target, set) };
  const free = target === 'jira' ? takesLabels(rule) : takesTags(rule);
  if (free || rule.unmapped !== 'error') return { kind: 'skip' };
  return { kind: 'error', error: fail('unmapped-value', rule, target, element.name) };
}

/** The target's option for a source option, or undefined where none is known to stand for it. */
function optionOn(rule: FieldRule, from: Side, option: OptionRef): OptionRef | undefined {
  const target = otherSide(from);
  const paired = pairedName(rule, from, option.name);
  if (paired !== undefined) return offered(rule, target, paired, option);
  const { field } = rule.schema[target];
  if (field?.allowed !== undefined) {
    return findOffered(rule, target, field.allowed, option) ?? newOption(rule, target, option.name, option);
  }
  const name = freeName(rule, target, option.name);
  // Pairs that leave a value out, with nothing known of what the target offers: the list is taken as complete.
  const listed = rule.values.length > 0 && rule.kind === 'option';
  return name === undefined || listed ? undefined : { name };
}

function freeName(rule: FieldRule, target: Side, name: string): string | undefined {
  if (target === 'jira' && takesLabels(rule)) return tagToLabel(name);
  if (target === 'azure' && takesTags(rule)) return labelToTag(name);
  return name;
}

/** One of those that the target offers, by the name that the source has for it. */
function findOffered(
  rule: FieldRule,
  target: Side,
  allowed: readonly OptionRef[],
  option: OptionRef,
): OptionRef | undefined {
  if (isPath(rule.schema[target].field)) return findNode(allowed, option, rule.root);
  if (isPath(rule.schema[otherSide(target)].field)) return findByPath(allowed, option.name, rule.root);
  return findOption(allowed, option.name);
}

/** One that the target lacks and the profile lets be made, with the days of the source's. */
function newOption(rule: FieldRule, target: Side, name: string, from: OptionRef): OptionRef | undefined {
  const { field } = rule.schema[target];
  if (!rule.createMissing || field === undefined || !isCreatable(field)) return undefined;
  const wanted = newName(field, name, rule.root);
  if (wanted === undefined) return undefined;
  return { name: wanted, missing: true, ...datesOf(rule, target, from) };
}

/** The source's days; a path tells none, its own list does. */
function datesOf(rule: FieldRule, target: Side, from: OptionRef): Pick<OptionRef, 'dates'> {
  const known = rule.schema[otherSide(target)].field?.allowed?.find(({ name }) => sameName(name, from.name));
  const dates = from.dates ?? known?.dates;
  return dates === undefined ? {} : { dates };
}

const findOption = (allowed: readonly OptionRef[], name: string): OptionRef | undefined =>
  allowed.find((option) => option.name === name) ?? allowed.find((option) => sameName(option.name, name));

/** An option that the profile names, by name or id, as the target offers it; with its id where the schema tells it. */
function offered(rule: FieldRule, target: Side, name: string, from?: OptionRef): OptionRef {
  const { field } = rule.schema[target];
  const allowed = field?.allowed ?? [];
  const named = isPath(field) ? findNode(allowed, { name }, rule.root) : findOption(allowed, name);
  const found = named ?? allowed.find((option) => option.id === name);
  if (found !== undefined) return found;
  // A path that a profile names may have several parts.
  const path = isPath(field) ? { name: `${rule.root}\\${relativePath(name, rule.root)}` } : { name };
  if (!rule.createMissing || from === undefined || !isCreatable(field)) return path;
  return { ...path, missing: true, ...datesOf(rule, target, from) };
}

const setValue = (rule: FieldRule, target: Side): string | undefined =>
  typeof rule.unmapped === 'string' ? undefined : rule.unmapped.set[target];

/** A policy that sets a value for the other side only leaves this one out. */
const unmapped = (rule: FieldRule, target: Side, code: ErrorCode, value?: string): Mapped =>
  rule.unmapped === 'error' ? { kind: 'error', error: fail(code, rule, target, value) } : { kind: 'skip' };

const fail = (code: ErrorCode, rule: FieldRule, side: Side, value?: string): SyncError =>
  syncError(code, { side, field: rule.field[side], ...(value === undefined ? {} : { value }) });

/** Jira: 255 characters in a one-line text, 32,767 in a long one. Azure DevOps: 255 in the title. A text is never cut. */
const oneLineMax = 255;
const longMax = 32_767;

const isOneLine = (rule: FieldRule, side: Side) => side === 'jira' || rule.field.azure === 'System.Title';

/** What a side's limits say against a value, if anything. */
export function overLimit(rule: FieldRule, side: Side, value: FieldValue | null): SyncError | undefined {
  const over = (length: number, max: number) => (length > max ? fail('too-long', rule, side, String(max)) : undefined);
  if (value?.kind === 'text' && isOneLine(rule, side)) return over(value.text.length, oneLineMax);
  if (value?.kind === 'richText' && side === 'jira') return over(textLines(value).join('\n').length, longMax);
  return undefined;
}

function limited(rule: FieldRule, target: Side, value: FieldValue): Mapped {
  const fitted: FieldValue =
    value.kind === 'text' && isOneLine(rule, target)
      ? { kind: 'text', text: normalText(value.text).replaceAll(/\s*\n\s*/g, ' ') }
      : value;
  const error = overLimit(rule, target, fitted);
  return error === undefined ? mapped(fitted) : { kind: 'error', error };
}

/**
 * Whether the two sides' values mean the same: a listed pair, or either one mapped gives the other. Both ways are tried,
 * since a mapping may lose on one way what it keeps on the other (several states for one, a date for a date-time).
 */
export function sameValue(
  rule: FieldRule,
  jira: FieldValue | null,
  azure: FieldValue | null,
  context: MapContext,
): boolean {
  const emptyJira = jira === null || isEmpty(jira);
  const emptyAzure = azure === null || isEmpty(azure);
  if (emptyJira || emptyAzure) return emptyJira && emptyAzure;
  const listed = rule.values.some(
    (pair) =>
      namesOption(rule, 'jira', pair.jira, wordsOf(jira)) && namesOption(rule, 'azure', pair.azure, wordsOf(azure)),
  );
  return listed || gives(rule, 'jira', jira, azure, context) || gives(rule, 'azure', azure, jira, context);
}

function gives(rule: FieldRule, from: Side, value: FieldValue, other: FieldValue, context: MapContext): boolean {
  const target = otherSide(from);
  const result = mapValue(rule, from, value, context, other);
  const options = { kind: rule.kind, timeZone: context.settings.timeZone };
  return result.kind === 'value' && normalForm(target, result.value, options) === normalForm(target, other, options);
}

/** The other side's type for an item's, or the policy for one that has none. */
export function mapType(
  settings: ProfileSettings,
  from: Side,
  type: string,
):
  | { readonly kind: 'type'; readonly type: string }
  | { readonly kind: 'skip' }
  | { readonly kind: 'error'; readonly error: SyncError } {
  const mapping = typeMappingOf(settings, from === 'jira' ? { jira: type } : { azure: type });
  if (mapping !== undefined) return { kind: 'type', type: mapping[otherSide(from)] };
  if (settings.policies.unmappedType === 'skip') return { kind: 'skip' };
  return { kind: 'error', error: syncError('unmapped-type', { side: from, value: type }) };
}
