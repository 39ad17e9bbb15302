// One mapped field of a pair with everything known of it, and the ways in which planning it can end. The decision itself
// is ruling.ts' work.

import type { FieldBaseline, Fingerprint } from './baseline.ts';
import { type SyncError, syncError } from './errors.ts';
import { sentValue } from './field-view.ts';
import { fingerprintOf } from './fingerprint.ts';
import { toKind } from './kinds.ts';
import { type MapContext, overLimit } from './mapping.ts';
import type { Facts } from './merge.ts';
import { type BySide, type FieldValue, type ItemSnapshot, otherSide, type Side, sides } from './model.ts';
import { oscillates } from './own-writes.ts';
import type { FieldOutcome, FieldWrite, MergeRule } from './plan.ts';
import type { PlanInput } from './plan-input.ts';
import type { ProfileSettings } from './profile.ts';
import { type FieldRule, nativeValue } from './rules.ts';

export interface FieldCase {
  readonly input: PlanInput;
  readonly rule: FieldRule;
  readonly map: MapContext;
  readonly values: BySide<FieldValue | null>;
  readonly prints: BySide<Fingerprint>;
  /** The comparable baseline, if there is one. */
  readonly base: FieldBaseline | undefined;
  readonly facts: Facts;
}

export interface SidedWrite extends FieldWrite {
  readonly side: Side;
}

export interface FieldPlan {
  readonly outcome: FieldOutcome;
  readonly writes: readonly SidedWrite[];
  /** Sides whose history must be read before this field can be decided. */
  readonly needsHistory: readonly Side[];
}

export function printOf(input: PlanInput, rule: FieldRule, side: Side, value: FieldValue | null): Fingerprint {
  const { timeZone } = input.profile.settings;
  return fingerprintOf(input.key, side, input[side].id, rule.field[side], value, { kind: rule.kind, timeZone });
}

const outcomeOf = (rule: FieldRule, merge: MergeRule, more: Partial<FieldOutcome> = {}): FieldOutcome => ({
  mapping: rule.id,
  rule: merge,
  writes: [],
  ruleFingerprint: rule.fingerprint,
  ...more,
});

const without = (outcome: FieldOutcome): FieldPlan => ({ outcome, writes: [], needsHistory: [] });

/** Nothing is written and nothing agreed: the error stays until its cause is gone. */
export const failed = (rule: FieldRule, error: SyncError): FieldPlan => without(outcomeOf(rule, 'failed', { error }));

export const stopped = ({ rule }: FieldCase): FieldPlan =>
  failed(rule, syncError('oscillation', { field: rule.field.jira }));

/** Nothing is written; what both sides hold now stands as agreed. */
export const recorded = (
  { rule, prints }: FieldCase,
  merge: MergeRule,
  more: Partial<Omit<FieldBaseline, 'rule'>> = {},
): FieldPlan => without(outcomeOf(rule, merge, { baseline: { rule: rule.fingerprint, ...prints, ...more } }));

/** Nothing is written, and the present baseline stays. An `ask` is a visible error until an admin has chosen. */
export function left({ rule }: FieldCase, merge: MergeRule): FieldPlan {
  const field = rule.field.jira;
  if (merge === 'conflict-ask') return without(outcomeOf(rule, merge, { error: syncError('conflict', { field }) }));
  if (merge === 'seed-ask') return without(outcomeOf(rule, merge, { error: syncError('seeding', { field }) }));
  return without(outcomeOf(rule, merge));
}

export const undecided = (field: FieldCase, needsHistory: readonly Side[]): FieldPlan => ({
  ...left(field, 'unchanged'),
  needsHistory,
});

export interface Wanted {
  readonly side: Side;
  readonly after: FieldValue | null;
}

/**
 * Makes the writes, unless a rule of the schema, a limit, a held value or an oscillation forbids one. A merge of both
 * sides goes through on the one that allows it; nothing is recorded as agreed then.
 */
export function written(
  field: FieldCase,
  wanted: readonly Wanted[],
  merge: MergeRule,
  parts: Pick<FieldBaseline, 'elements' | 'richText'> = {},
): FieldPlan {
  const { input, rule, prints, values, facts } = field;
  const next = { ...prints };
  const writes: SidedWrite[] = [];
  let blocked: FieldPlan | undefined;
  for (const { side, after } of wanted) {
    const fingerprint = printOf(input, rule, side, after);
    if (fingerprint === prints[side]) continue;
    const sent = sentValue(rule, side, after, input[otherSide(side)]);
    const forbidden = forbids(rule, side, after) ?? overLimit(rule, side, sent);
    if (forbidden !== undefined) blocked = failed(rule, forbidden);
    else if (isHeld(field, side, after, fingerprint)) blocked ??= left(field, 'held');
    else {
      next[side] = fingerprint;
      const names = { mapping: rule.id, field: rule.field[side], rule: merge };
      const before = nativeBefore(rule, input[side], values[side]);
      const days = shownDays(rule, input.profile.settings, before, sent);
      writes.push({ ...names, side, before, after: sent, fingerprint, replaces: prints[side], ...days });
    }
  }
  if (writes.length === 0) return blocked ?? recorded(field, merge, parts);
  const replaced = input.replaced?.[rule.id] ?? [];
  if (sides.some((side) => facts[side] && oscillates(replaced, prints[side], input.now))) return stopped(field);
  const baseline = { rule: rule.fingerprint, ...next, ...parts };
  const outcome = outcomeOf(rule, merge, {
    writes: writes.map((write) => write.side),
    ...(blocked === undefined ? { baseline } : {}),
    ...(blocked?.outcome.error === undefined ? {} : { error: blocked.outcome.error }),
  });
  return { outcome, writes, needsHistory: [] };
}

/** Where days are compared and the side keeps moments: the days. */
export function shownDays(
  rule: Pick<FieldRule, 'kind'>,
  { timeZone }: Pick<ProfileSettings, 'timeZone'>,
  before: FieldValue | null,
  after: FieldValue | null,
): Pick<FieldWrite, 'shown'> {
  if (rule.kind !== 'date' || (before?.kind !== 'dateTime' && after?.kind !== 'dateTime')) return {};
  const day = (value: FieldValue | null) =>
    value && (toKind(value, { kind: 'date', format: 'html', timeZone }) ?? value);
  return { shown: { before: day(before), after: day(after) } };
}

/** What a person sees there now. */
function nativeBefore(rule: FieldRule, item: ItemSnapshot, seen: FieldValue | null): FieldValue | null {
  if (rule.isState) return seen;
  const value = nativeValue(rule, item);
  return value === 'unavailable' ? seen : value;
}

/** What the schema says against writing a field, if anything. */
export function forbids(rule: FieldRule, side: Side, after: FieldValue | null): SyncError | undefined {
  const { field, typeKnown, unheardOf } = rule.schema[side];
  const named = { side, field: rule.field[side] };
  // Jira's edit screen may offer what its create screen does not: the service itself will tell.
  if (unheardOf || (side === 'azure' && typeKnown && field === undefined)) return syncError('unknown-field', named);
  if (field?.readOnly === true && !rule.withState.includes(side)) return syncError('read-only', named);
  if (field?.required === true && after === null) return syncError('required-field', { ...named, level: 'field' });
  return undefined;
}

/** A value that was refused is not sent again; one that was refused at the creation was sealed without an item id. */
function isHeld({ input, rule }: FieldCase, side: Side, after: FieldValue | null, print: Fingerprint): boolean {
  const held = input.held?.[rule.id];
  if (held === undefined || held.rule !== rule.fingerprint) return false;
  const options = { kind: rule.kind, timeZone: input.profile.settings.timeZone };
  return held.value === print || held.value === fingerprintOf(input.key, side, '', rule.field[side], after, options);
}
