// Plans a pair: what would bring its fields and its state to agreement. Comments and attachments are planned beside it.

import { neverAgreed } from './baseline.ts';
import { typeSchema } from './catalog.ts';
import { counterpartKeyWrite } from './counterpart-key.ts';
import type { FieldPlan, SidedWrite } from './field-case.ts';
import { otherSide, type Side, sides } from './model.ts';
import type { FieldWrite, Operation, PairPlan, StateWrite } from './plan.ts';
import { planField } from './plan-field.ts';
import type { PlanInput } from './plan-input.ts';
import { stateMappingId } from './profile.ts';
import type { FieldRule } from './rules.ts';
import { rulesOf } from './settle.ts';

export function planPair(input: PlanInput): PairPlan {
  const rules = rulesOf(input);
  const found = rules
    .map((rule) => ({ rule, plan: planField(input, rule) }))
    .flatMap(({ rule, plan }) => (plan === undefined ? [] : [{ rule, plan }]));
  const stated = found.find(({ rule }) => rule.isState)?.plan;
  const moved = sides.filter((side) => stated?.writes.some((write) => write.side === side));
  const planned = found.map(({ rule, plan }) => ({ rule, plan: withState(input, rule, plan, moved) }));
  const asks = found.some(({ rule, plan }) => asksEditable(input, rule, plan, moved));
  const plans = planned.map(({ plan }) => plan);
  const needsHistory = sides.filter((side) => plans.some((plan) => plan.needsHistory.includes(side)));
  const companions = planned.filter(({ rule }) => rule.withState.length > 0);
  const keys = keyWrites(input);
  const operations = needsHistory.length > 0 ? [] : operationsOf(input, plans, companions, keys);
  const outcomes = [...plans.map((plan) => plan.outcome), ...keys.map(({ outcome }) => outcome)];
  return { operations, outcomes, errors: [], needsHistory, ...(asks ? { needsEditable: true } : {}) };
}

type KeyWrite = NonNullable<ReturnType<typeof counterpartKeyWrite>> & { readonly side: Side };

const keyWrites = (input: PlanInput): readonly KeyWrite[] =>
  sides.flatMap((side): KeyWrite[] => {
    const found = counterpartKeyWrite(input, side, input[side], input[otherSide(side)].key, input.held);
    return found ? [{ ...found, side }] : [];
  });

interface Companion {
  readonly rule: FieldRule;
  readonly plan: FieldPlan;
}

/**
 * A field that can be set only with the state waits for a change of it. With one, the service sets the field even where
 * nothing is written: what its answer shows is agreed then, and no change that would travel back.
 */
function withState(input: PlanInput, rule: FieldRule, plan: FieldPlan, moved: readonly Side[]): FieldPlan {
  if (rule.withState.length === 0 || plan.outcome.error !== undefined) return plan;
  const mayWrite = ({ side, after }: SidedWrite) =>
    !rule.withState.includes(side) || (after !== null && (moved.includes(side) || isEditable(input, rule, side)));
  const writes = plan.writes.filter(mayWrite);
  const settled = sides.filter(
    (side) => writes.some((write) => write.side === side) || (rule.withState.includes(side) && moved.includes(side)),
  );
  if (settled.length === 0 && writes.length === plan.writes.length) return plan;
  const { baseline, ...outcome } = plan.outcome;
  // What has to wait changes nothing that was agreed.
  if (settled.length === 0) return { ...plan, writes, outcome: { ...outcome, rule: 'unchanged', writes: [] } };
  const blank = { rule: rule.fingerprint, jira: neverAgreed, azure: neverAgreed };
  return { ...plan, writes, outcome: { ...outcome, writes: settled, baseline: baseline ?? blank } };
}

/**
 * Jira's resolution may stand on the edit screen. Azure DevOps takes no other reason within a state:
 * http://ssimakov.geekswithblogs.net/BobHardister/archive/2012/05/15/updating-an-incorrect-reason-code-after-a-state-transition.aspx
 */
const isEditable = ({ editable }: PlanInput, rule: FieldRule, side: Side): boolean =>
  side === 'jira' && (rule.schema.jira.field?.readOnly === false || (editable?.has(rule.field.jira) ?? false));

/** The catalog tells the create screen alone. */
const asksEditable = (input: PlanInput, rule: FieldRule, { writes }: FieldPlan, moved: readonly Side[]): boolean =>
  rule.withState.includes('jira') &&
  input.editable === undefined &&
  !moved.includes('jira') &&
  !isEditable(input, rule, 'jira') &&
  writes.some(({ side, after }) => side === 'jira' && after !== null);

/** Field writes first, at most one a side; then transitions, whose screens may ask for what was written. */
function operationsOf(
  input: PlanInput,
  plans: readonly FieldPlan[],
  companions: readonly Companion[],
  keys: readonly KeyWrite[],
): readonly Operation[] {
  const writes = plans.flatMap((plan) => plan.writes);
  const stateOf = (side: Side): StateWrite | undefined => {
    const state = stateWrite(writes, side);
    const settles = companions.filter(({ rule }) => rule.withState.includes(side)).map(({ rule }) => rule.id);
    return state === undefined || settles.length === 0 ? state : { ...state, settles };
  };
  const travelsWith = (state: StateWrite | undefined, mapping: string) => state?.settles?.includes(mapping) ?? false;
  const updates = sides.flatMap((side): Operation[] => {
    const state = stateOf(side);
    const along = state !== undefined && goesAlong(input, side, state) ? { state } : {};
    const apart = 'state' in along ? undefined : state;
    const fields = writes
      .filter((write) => write.side === side && write.mapping !== stateMappingId && !travelsWith(apart, write.mapping))
      .map(plain);
    fields.push(...keys.filter((key) => key.side === side).map(({ write }) => write));
    return fields.length > 0 || 'state' in along ? [{ kind: 'update', side, writes: fields, ...along }] : [];
  });
  const transitions = sides.flatMap((side): Operation[] => {
    const state = stateOf(side);
    if (state === undefined || goesAlong(input, side, state)) return [];
    const along = writes.filter((write) => write.side === side && travelsWith(state, write.mapping)).map(plain);
    return [{ kind: 'transition', side, ...state, ...(along.length === 0 ? {} : { along }) }];
  });
  return [...updates, ...transitions];
}

const plain = ({ side: _, ...write }: SidedWrite): FieldWrite => write;

function stateWrite(writes: readonly SidedWrite[], side: Side): StateWrite | undefined {
  const write = writes.find((one) => one.side === side && one.mapping === stateMappingId);
  if (write?.after?.kind !== 'option' || write.before?.kind !== 'option') return undefined;
  const { rule, fingerprint, replaces } = write;
  return { from: write.before.option.name, to: write.after.option.name, rule, fingerprint, replaces };
}

/** Azure DevOps takes a state with the fields, if one step leads there; Jira knows transitions only. */
function goesAlong(input: PlanInput, side: Side, state: StateWrite): boolean {
  if (side === 'jira') return false;
  const next = typeSchema(input.catalogs?.azure, input.azure.type)?.transitions?.[state.from];
  return next === undefined || next.includes(state.to);
}
