// Plans one mapped field of a pair: gathers the facts, asks the merge table, and maps the winning value. plan-pair.ts
// makes operations of the results.

import { type Fingerprint, neverAgreed } from './baseline.ts';
import { syncError } from './errors.ts';
import {
  type FieldCase,
  type FieldPlan,
  failed,
  left,
  printOf,
  recorded,
  stopped,
  undecided,
  written,
} from './field-case.ts';
import { mapValue, sameValue } from './mapping.ts';
import { type BySide, otherSide, type Side, sides } from './model.ts';
import type { MergeRule } from './plan.ts';
import { planSet, planText } from './plan-by-part.ts';
import type { PlanInput } from './plan-input.ts';
import { allowsTo, type FieldRule, nativeKind, type SideValue, valueOn } from './rules.ts';
import { ruling } from './ruling.ts';
import { comparableField } from './settle.ts';

/** Undefined when the field does not concern this pair: one side's item has no such field. */
export function planField(input: PlanInput, rule: FieldRule): FieldPlan | undefined {
  const given = { jira: valueOn(rule, input.jira), azure: valueOn(rule, input.azure) };
  if (given.jira === 'unavailable' || given.azure === 'unavailable') return unavailable(rule, given);
  const values = { jira: given.jira, azure: given.azure };
  const { profile, people, resolve } = input;
  const map = { settings: profile.settings, people, resolve };
  const base = comparableField(input, rule);
  const prints = {
    jira: printOf(input, rule, 'jira', values.jira),
    azure: printOf(input, rule, 'azure', values.azure),
  };
  // What had no counterpart before and has none now is no change that could stand against the other side's.
  const cannotTravel = (side: Side) =>
    base?.[side] === neverAgreed && mapValue(rule, side, values[side], map, values[otherSide(side)]).kind === 'skip';
  const jira = base?.jira !== prints.jira && !cannotTravel('jira');
  const azure = base?.azure !== prints.azure && !cannotTravel('azure');
  // Comparing texts is the dearest part of a plan: what neither side touched is not compared.
  const untouched = base !== undefined && !jira && !azure && !rule.enforce;
  const same = untouched || sameValue(rule, values.jira, values.azure, map);
  const facts = { comparable: base !== undefined, same, jira, azure };
  const field: FieldCase = { input, rule, map, values, prints, base, facts };
  if (input.stopped?.includes(rule.id) && !facts.same) return stopped(field);
  if (rule.kind === 'options') return planSet(field);
  const inText = (side: Side) => nativeKind(rule, side, values[side]) === 'richText';
  return inText('jira') && inText('azure') ? planText(field) : planWhole(field);
}

/** A field that one item does not have is no empty field: nothing is copied from there, and what was agreed stays. */
function unavailable(rule: FieldRule, given: BySide<SideValue>): FieldPlan | undefined {
  const [side, second] = sides.filter((one) => given[one] === 'unavailable');
  if (side === undefined || second !== undefined || given[otherSide(side)] === null) return undefined;
  // A type without the field is ordinary; a field that no type has is a mistake in the mapping.
  if (!rule.schema[side].unheardOf || !allowsTo(rule.direction, side)) return undefined;
  return failed(rule, syncError('unknown-field', { side, field: rule.field[side] }));
}

/** A field that is compared and written as a whole. */
function planWhole(field: FieldCase): FieldPlan {
  const decision = ruling(field);
  switch (decision.kind) {
    case 'record':
      return recorded(field, decision.rule, decision.rule === 'unchanged' ? stillWaiting(field) : {});
    case 'leave':
      return left(field, decision.rule);
    case 'history':
      return undecided(field, decision.sides);
    case 'write':
      return writeWhole(field, decision.from, decision.rule);
    default: {
      const never: never = decision;
      return never;
    }
  }
}

/** A value that could not travel goes on waiting for its counterpart. */
function stillWaiting({ rule, values, map, base }: FieldCase): Partial<BySide<Fingerprint>> {
  const waits = (side: Side) =>
    base?.[side] === neverAgreed && mapValue(rule, side, values[side], map, values[otherSide(side)]).kind === 'skip';
  return Object.fromEntries(sides.filter(waits).map((side) => [side, neverAgreed]));
}

function writeWhole(field: FieldCase, from: Side, merge: MergeRule): FieldPlan {
  const { rule, values, map, facts } = field;
  const target = otherSide(from);
  const mapped = mapValue(rule, from, values[from], map, values[target]);
  switch (mapped.kind) {
    case 'error':
      return failed(rule, mapped.error);
    case 'value': {
      // No answer to a value that could not travel: seeding does not empty what the winner could never have held.
      const alone =
        merge === 'seeded' &&
        mapped.value === null &&
        mapValue(rule, target, values[target], map, values[from]).kind === 'skip';
      if (alone) return recorded(field, 'adopted', { [target]: neverAgreed });
      return written(field, [{ side: target, after: mapped.value }], merge);
    }
    case 'skip': {
      // The source's value cannot travel, so a change on the other side is no conflict with it.
      const back = facts.comparable && facts[target] && allowsTo(rule.direction, from);
      const returned = back ? mapValue(rule, target, values[target], map, values[from]) : mapped;
      const changed = target === 'jira' ? 'jira-changed' : 'azure-changed';
      if (returned.kind === 'value') return written(field, [{ side: from, after: returned.value }], changed);
      // Recorded as never agreed, the value is looked at again once the mapping has a counterpart for it.
      return recorded(field, 'unchanged', { [from]: neverAgreed });
    }
    default: {
      const never: never = mapped;
      return never;
    }
  }
}
