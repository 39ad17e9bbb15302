// Turns a plan that was carried out into the new baseline: the written side's fingerprint from what the server answered,
// the other's from the read that the plan was made from.

import { type Baseline, type FieldBaseline, type Fingerprint, neverAgreed } from './baseline.ts';
import { blockFingerprint, elementFingerprint, fingerprintOf, normalizerVersion } from './fingerprint.ts';
import { elementsOf } from './kinds.ts';
import { sameValue } from './mapping.ts';
import type { BySide, FieldValue, ItemSnapshot, Side } from './model.ts';
import type { CreatePlan, FieldOutcome, PairPlan } from './plan.ts';
import type { PlanContext } from './plan-input.ts';
import { alignText } from './rich-text.ts';
import { type FieldRule, fieldRules, valueOn } from './rules.ts';
import { mergeSets } from './set-merge.ts';

/** The pair as the plan saw it. */
export interface SettleContext extends PlanContext {
  readonly jira: ItemSnapshot;
  readonly azure: ItemSnapshot;
  readonly baseline: Baseline | null;
}

/** What the servers answered to the writes: the items as they stand after them. */
export interface Answers {
  readonly jira?: ItemSnapshot | undefined;
  readonly azure?: ItemSnapshot | undefined;
}

const emptyBaseline = (keyId: string): Baseline => ({ normalizer: normalizerVersion, keyId, fields: {} });

/** What was agreed for a field, if it was under the same key, normal forms and mapping. */
export function comparableField(
  { baseline, key }: Pick<SettleContext, 'baseline' | 'key'>,
  rule: FieldRule,
): FieldBaseline | undefined {
  if (baseline === null || baseline.normalizer !== normalizerVersion || baseline.keyId !== key.id) return undefined;
  const field = baseline.fields[rule.id];
  return field?.rule === rule.fingerprint ? field : undefined;
}

/** Seals the blocks of a rich text field on each side. */
export function blockSeals(
  context: Pick<SettleContext, 'key' | 'jira' | 'azure'>,
  rule: FieldRule,
): BySide<(form: string) => Fingerprint> {
  const seal = (side: Side) => (form: string) =>
    blockFingerprint(context.key, side, context[side].id, rule.field[side], form);
  return { jira: seal('jira'), azure: seal('azure') };
}

/**
 * The field's new baseline, or undefined to keep the present one: nothing was decided, or a side that was to be written
 * has not answered yet.
 */
export function settleField(
  context: SettleContext,
  outcome: FieldOutcome,
  rule: FieldRule,
  answers: Answers,
): FieldBaseline | undefined {
  const planned = outcome.baseline;
  if (planned === undefined || outcome.writes.length === 0) return planned;
  if (outcome.writes.some((side) => answers[side] === undefined)) return undefined;
  if (rule.isState && outcome.writes.some((side) => !reached(context, rule, planned, side, answers[side])))
    return undefined;
  const after = (side: Side): FieldValue | null => {
    const written = outcome.writes.includes(side) ? answers[side] : undefined;
    const value = valueOn(rule, written ?? context[side]);
    return value === 'unavailable' ? null : value;
  };
  const values = { jira: after('jira'), azure: after('azure') };
  const settled = {
    rule: planned.rule,
    jira: print(context, rule, 'jira', values.jira),
    azure: print(context, rule, 'azure', values.azure),
  };
  if (planned.elements !== undefined) {
    return { ...settled, elements: settledElements(context, rule, planned.elements, values) };
  }
  if (planned.richText !== undefined) return { ...settled, ...aligned(context, rule, values) };
  return settled;
}

/** How the blocks of two texts that agree stand for each other, where they can be told apart. */
function aligned(
  context: SettleContext,
  rule: FieldRule,
  values: BySide<FieldValue | null>,
): Pick<FieldBaseline, 'richText'> {
  const text = (side: Side) => (values[side]?.kind === 'richText' ? values[side] : null);
  const richText = alignText(text('jira'), text('azure'), blockSeals(context, rule), context.resolve ?? {});
  return richText === undefined ? {} : { richText };
}

function print(context: SettleContext, rule: FieldRule, side: Side, value: FieldValue | null): Fingerprint {
  const { timeZone } = context.profile.settings;
  return fingerprintOf(context.key, side, context[side].id, rule.field[side], value, { kind: rule.kind, timeZone });
}

/** A state on the way to the planned one has not settled anything. */
function reached(
  context: SettleContext,
  rule: FieldRule,
  planned: FieldBaseline,
  side: Side,
  answer: ItemSnapshot | undefined,
): boolean {
  const value = answer && valueOn(rule, answer);
  return value !== undefined && value !== 'unavailable' && print(context, rule, side, value) === planned[side];
}

type Elements = NonNullable<FieldBaseline['elements']>;

/** A pair half of which the server dropped stands alone from now on, so that it is not sent again and again. */
function settledElements(
  context: SettleContext,
  rule: FieldRule,
  planned: Elements,
  values: BySide<FieldValue | null>,
): Elements {
  const held = (side: Side) =>
    new Set(
      elementsOf(values[side]).map((one) =>
        elementFingerprint(context.key, side, context[side].id, rule.field[side], one),
      ),
    );
  const [jira, azure] = [held('jira'), held('azure')];
  return planned
    .map(([a, b]) => [a !== null && jira.has(a) ? a : null, b !== null && azure.has(b) ? b : null] as const)
    .filter(([a, b]) => a !== null || b !== null);
}

/**
 * The baseline after the plan, or after as much of it as was done: `done` names the mappings whose writes went through
 * (all whose sides answered, when left out). Fields that the plan said nothing of keep theirs, as long as it is still
 * comparable.
 */
export function settleAll(
  context: SettleContext,
  plan: PairPlan,
  answers: Answers,
  done?: ReadonlySet<string>,
): Baseline {
  const fields: Record<string, FieldBaseline> = {};
  const outcomes = new Map(plan.outcomes.map((outcome) => [outcome.mapping, outcome]));
  for (const rule of rulesOf(context)) {
    const outcome = outcomes.get(rule.id);
    const skipped = outcome !== undefined && outcome.writes.length > 0 && done !== undefined && !done.has(rule.id);
    const settled = outcome && !skipped ? settleField(context, outcome, rule, answers) : undefined;
    const next = settled ?? comparableField(context, rule);
    if (next !== undefined) fields[rule.id] = next;
  }
  return { ...emptyBaseline(context.key.id), fields };
}

export const rulesOf = (
  context: Pick<SettleContext, 'profile' | 'key' | 'catalogs' | 'jira' | 'azure'>,
): readonly FieldRule[] =>
  fieldRules(
    { settings: context.profile.settings, key: context.key, catalogs: context.catalogs },
    { jira: context.jira.type, azure: context.azure.type },
  );

/**
 * The baseline of a counterpart that was just created, before anything was compared. Every field counts as changed on
 * the source's side and as untouched on the created one, so that what the create did not carry, or what a crash kept
 * from being recorded, is written from the source by the next run: the new item's defaults never travel back.
 */
export function createdBaseline(context: SettleContext, source: Side): Baseline {
  const target = source === 'jira' ? 'azure' : 'jira';
  const fields: Record<string, FieldBaseline> = {};
  for (const rule of rulesOf(context)) {
    const value = valueOn(rule, context[target]);
    if (value === 'unavailable') continue;
    const untouched = print(context, rule, target, value);
    fields[rule.id] = { rule: rule.fingerprint, jira: neverAgreed, azure: neverAgreed, [target]: untouched };
  }
  return { ...emptyBaseline(context.key.id), fields };
}

/**
 * The baseline after a create that was answered: what it wrote is agreed as the answer shows it, and so is every field
 * that means the same on both sides; the rest stays as createdBaseline leaves it. A counterpart that was found after a
 * lost answer gets createdBaseline alone.
 */
export function settleCreate(context: SettleContext, source: Side, plan: CreatePlan): Baseline {
  const created = createdBaseline(context, source);
  const written = new Set(plan.kind === 'create' ? plan.writes.map((write) => write.mapping) : []);
  const fields: Record<string, FieldBaseline> = { ...created.fields };
  const map = { settings: context.profile.settings, people: context.people, resolve: context.resolve };
  for (const rule of rulesOf(context)) {
    const values = { jira: valueOn(rule, context.jira), azure: valueOn(rule, context.azure) };
    if (values.jira === 'unavailable' || values.azure === 'unavailable' || fields[rule.id] === undefined) continue;
    const { jira, azure } = values;
    if (!written.has(rule.id) && !sameValue(rule, jira, azure, map)) continue;
    fields[rule.id] = agreedField(context, rule, { jira, azure });
  }
  return { ...created, fields };
}

/** Both values as they stand, with the elements or blocks that stand for each other. */
function agreedField(context: SettleContext, rule: FieldRule, values: BySide<FieldValue | null>): FieldBaseline {
  const prints = {
    jira: print(context, rule, 'jira', values.jira),
    azure: print(context, rule, 'azure', values.azure),
  };
  const agreed = { rule: rule.fingerprint, ...prints };
  if (rule.kind === 'options') {
    const merge = mergeSets({
      rule,
      key: context.key,
      itemIds: { jira: context.jira.id, azure: context.azure.id },
      present: { jira: elementsOf(values.jira), azure: elementsOf(values.azure) },
      agreed: [],
      direction: rule.direction,
    });
    return { ...agreed, elements: settledElements(context, rule, merge.elements, values) };
  }
  const bothText = values.jira?.kind === 'richText' && values.azure?.kind === 'richText';
  return bothText ? { ...agreed, ...aligned(context, rule, values) } : agreed;
}
