// The rules of the process on one save: required, read-only, workflow, and what a change of state sets by itself.

import type { FieldDefinition } from '../data/fields.ts';
import type { TypeDefinition } from '../data/types.ts';
import type { RuleViolation } from '../errors.ts';
import type { FieldValue, IdentityValue, World } from './model.ts';
import { sameValue } from './values.ts';

export interface RuleInput {
  readonly world: World;
  readonly type: TypeDefinition;
  /** Undefined for a new item. */
  readonly before: Readonly<Record<string, FieldValue>> | undefined;
  /** The wished-for fields; changed in place by defaults and by what the workflow sets. */
  readonly after: Record<string, FieldValue>;
  readonly changed: ReadonlySet<string>;
  readonly at: string;
  readonly by: IdentityValue;
  readonly bypassRules: boolean;
}

const STATE = 'System.State';
const REASON = 'System.Reason';
const COMMON = 'Microsoft.VSTS.Common';
const LIST = ['HasValues', 'LimitedToValues', 'AllowsOldValue', 'InvalidListValue'] as const;

export function applyRules(input: RuleInput): RuleViolation[] {
  const violations: RuleViolation[] = [];
  if (input.before === undefined) setDefaults(input);
  violations.push(...workflow(input));
  if (input.bypassRules) return [];
  violations.push(...required(input), ...processRules(input), ...closedTask(input));
  return violations;
}

function setDefaults({ type, after }: RuleInput): void {
  for (const { referenceName, defaultValue } of type.fields) {
    if (defaultValue !== undefined && after[referenceName] === undefined) after[referenceName] = defaultValue;
  }
  const [initial = ''] = Object.keys(type.transitions[''] ?? {});
  after[STATE] ??= initial;
}

const fieldOf = (world: World, referenceName: string): Pick<FieldDefinition, 'name' | 'referenceName'> =>
  world.fields.get(referenceName.toLowerCase()) ?? { name: referenceName, referenceName };

function listViolation(world: World, referenceName: string, value: FieldValue): RuleViolation {
  const { name } = fieldOf(world, referenceName);
  return {
    referenceName,
    name,
    flags: LIST,
    message: `The field '${name}' contains the value '${String(value)}' that is not in the list of supported values`,
  };
}

function workflow(input: RuleInput): RuleViolation[] {
  const { world, type, before, after, changed } = input;
  const from = before === undefined ? '' : String(before[STATE] ?? '');
  const wanted = String(after[STATE] ?? '');
  const to = type.states.find((state) => state.name.toLowerCase() === wanted.toLowerCase())?.name;
  if (to === undefined) return [listViolation(world, STATE, wanted)];
  after[STATE] = to;
  if (from === to) {
    const reasonKept = before === undefined || !changed.has(REASON) || sameValue(before[REASON], after[REASON]);
    return reasonKept || input.bypassRules ? [] : [listViolation(world, REASON, after[REASON] ?? '')];
  }
  const reasons = type.transitions[from]?.[to];
  if (reasons === undefined && !input.bypassRules) return [listViolation(world, STATE, to)];
  const refused = settleReason(input, reasons, to);
  stampState(input, to);
  return refused;
}

/** The transition's first reason, unless the patch gives another of its reasons. */
function settleReason(input: RuleInput, reasons: readonly string[] | undefined, to: string): RuleViolation[] {
  const { world, after, changed } = input;
  if (!changed.has(REASON)) {
    after[REASON] = reasons?.[0] ?? `Moved to state ${to}`;
    return [];
  }
  const reason = String(after[REASON] ?? '');
  const known = reasons?.find((one) => one.toLowerCase() === reason.toLowerCase());
  after[REASON] = known ?? reason;
  return known === undefined && !input.bypassRules ? [listViolation(world, REASON, reason)] : [];
}

/** Dates and people of a state's beginning, which the process sets on the way in and empties on the way back. */
function stampState({ type, after, changed, at, by }: RuleInput, to: string): void {
  const has = new Set(type.fields.map((field) => field.referenceName));
  const put = (referenceName: string, value: FieldValue | undefined): void => {
    if (!has.has(referenceName) || changed.has(referenceName)) return;
    if (value === undefined) delete after[referenceName];
    else after[referenceName] = value;
  };
  put(`${COMMON}.StateChangeDate`, at);
  const category = (name: string) => type.states.find((state) => state.name === name)?.category;
  switch (category(to)) {
    case 'Proposed':
    case 'Removed':
      for (const name of ['Activated', 'Resolved', 'Closed']) {
        put(`${COMMON}.${name}Date`, undefined);
        put(`${COMMON}.${name}By`, undefined);
      }
      put(`${COMMON}.ResolvedReason`, undefined);
      break;
    case 'InProgress':
      put(`${COMMON}.ActivatedDate`, at);
      put(`${COMMON}.ActivatedBy`, by);
      for (const name of ['Resolved', 'Closed']) {
        put(`${COMMON}.${name}Date`, undefined);
        put(`${COMMON}.${name}By`, undefined);
      }
      put(`${COMMON}.ResolvedReason`, undefined);
      break;
    case 'Resolved':
      put(`${COMMON}.ResolvedDate`, at);
      put(`${COMMON}.ResolvedBy`, by);
      put(`${COMMON}.ResolvedReason`, after[REASON]);
      put(`${COMMON}.ClosedDate`, undefined);
      put(`${COMMON}.ClosedBy`, undefined);
      break;
    case 'Completed':
      put(`${COMMON}.ClosedDate`, at);
      put(`${COMMON}.ClosedBy`, by);
      break;
    case undefined:
      break;
  }
}

function required({ world, type, after }: RuleInput): RuleViolation[] {
  return type.fields
    .filter((field) => field.alwaysRequired && isEmpty(after[field.referenceName]))
    .map((field) => missing(world, field.referenceName));
}

const isEmpty = (value: FieldValue | undefined): boolean => value === undefined || value === '';

function missing(world: World, referenceName: string): RuleViolation {
  return { referenceName, name: fieldOf(world, referenceName).name, flags: ['Required', 'InvalidEmpty'] };
}

function processRules({ world, type, before, after, changed }: RuleInput): RuleViolation[] {
  const violations: RuleViolation[] = [];
  for (const rule of world.rules) {
    if (rule.type.toLowerCase() !== type.name.toLowerCase()) continue;
    const holds = rule.when.every(
      ({ field, value }) => String(after[field] ?? '').toLowerCase() === value.toLowerCase(),
    );
    if (!holds) continue;
    switch (rule.action) {
      case 'required':
        if (isEmpty(after[rule.field])) violations.push(missing(world, rule.field));
        break;
      case 'readOnly':
        if (changed.has(rule.field) && !sameValue(before?.[rule.field], after[rule.field])) {
          violations.push({
            referenceName: rule.field,
            name: fieldOf(world, rule.field).name,
            flags: ['ReadOnly', 'InvalidNotOldValue'],
          });
        }
        break;
      default:
        rule.action satisfies never;
    }
  }
  return violations;
}

/** The stock processes empty Remaining Work when a task is done, and refuse a value given in the same save. */
function closedTask({ world, type, after, changed }: RuleInput): RuleViolation[] {
  const remaining = 'Microsoft.VSTS.Scheduling.RemainingWork';
  if (type.name !== 'Task' || after[STATE] !== 'Closed') return [];
  const given = changed.has(remaining) && !isEmpty(after[remaining]);
  if (!given) delete after[remaining];
  return given ? [{ referenceName: remaining, name: fieldOf(world, remaining).name, flags: ['InvalidNotEmpty'] }] : [];
}
