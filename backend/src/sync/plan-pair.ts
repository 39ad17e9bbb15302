// Plans a pair: what would bring its fields and its state to agreement. Comments and attachments are planned beside it.

import { typeSchema } from './catalog.ts';
import type { FieldPlan, SidedWrite } from './field-case.ts';
import { type Side, sides } from './model.ts';
import type { FieldWrite, Operation, PairPlan, StateWrite } from './plan.ts';
import { planField } from './plan-field.ts';
import type { PlanInput } from './plan-input.ts';
import { stateMappingId } from './profile.ts';
import { rulesOf } from './settle.ts';

export function planPair(input: PlanInput): PairPlan {
  const plans = rulesOf(input)
    .map((rule) => planField(input, rule))
    .filter((plan) => plan !== undefined);
  const needsHistory = sides.filter((side) => plans.some((plan) => plan.needsHistory.includes(side)));
  const operations = needsHistory.length > 0 ? [] : operationsOf(input, plans);
  return { operations, outcomes: plans.map((plan) => plan.outcome), errors: [], needsHistory };
}

/** Field writes first, at most one a side; then transitions, whose screens may ask for what was written. */
function operationsOf(input: PlanInput, plans: readonly FieldPlan[]): readonly Operation[] {
  const writes = plans.flatMap((plan) => plan.writes);
  const updates = sides.flatMap((side): Operation[] => {
    const fields = writes.filter((write) => write.side === side && write.mapping !== stateMappingId).map(plain);
    const state = stateWrite(writes, side);
    const along = state !== undefined && goesAlong(input, side, state) ? { state } : {};
    return fields.length > 0 || 'state' in along ? [{ kind: 'update', side, writes: fields, ...along }] : [];
  });
  const transitions = sides.flatMap((side): Operation[] => {
    const state = stateWrite(writes, side);
    return state === undefined || goesAlong(input, side, state) ? [] : [{ kind: 'transition', side, ...state }];
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
