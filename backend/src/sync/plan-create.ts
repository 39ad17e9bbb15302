// Plans the counterpart of an item that has none: type, fields, fixed values, and the state that follows the creation.
// Both services create an item in its first state, so another state is a step of its own.

import { typeSchema } from './catalog.ts';
import { createdKeyWrite } from './counterpart-key.ts';
import { syncError } from './errors.ts';
import { forbids, shownDays } from './field-case.ts';
import { sentValue } from './field-view.ts';
import { fingerprintOf } from './fingerprint.ts';
import { toKind } from './kinds.ts';
import { mapType, mapValue, overLimit } from './mapping.ts';
import { type FieldValue, otherSide, type Side } from './model.ts';
import type { CreatePlan, FieldOutcome, FieldWrite, Operation } from './plan.ts';
import type { CreateInput } from './plan-input.ts';
import { allowsTo, type FieldRule, fieldRules, typeMappingOf, valueOn } from './rules.ts';

/** Without these no item can be created. */
const titles: { readonly [side in Side]: string } = { jira: 'summary', azure: 'System.Title' };

export function planCreate(input: CreateInput): CreatePlan {
  const { source, profile, key, catalogs } = input;
  const { settings } = profile;
  const side = otherSide(source.side);
  if (!allowsTo(settings.direction, side)) return { kind: 'skip', reason: 'direction' };
  if (source.restricted && settings.policies.restricted === 'skip') return { kind: 'skip', reason: 'restricted' };
  const type = mapType(settings, source.side, source.type);
  if (type.kind === 'skip') return { kind: 'skip', reason: 'type' };
  if (type.kind === 'error') return { kind: 'error', errors: [type.error] };
  const schema = catalogs?.[side];
  if (schema !== undefined && typeSchema(schema, type.type) === undefined) {
    return { kind: 'error', errors: [syncError('unknown-type', { side, value: type.type })] };
  }
  const types =
    source.side === 'jira' ? { jira: source.type, azure: type.type } : { jira: type.type, azure: source.type };
  const rules = fieldRules({ settings, key, catalogs }, types);
  const fields = rules.map((rule) => createField(input, side, rule)).filter((field) => field !== undefined);
  const fatal = fields.find((field) => field.outcome.error?.field === titles[side]);
  if (fatal?.outcome.error) return { kind: 'error', errors: [{ ...fatal.outcome.error, level: 'item' }] };
  const mapped = fields.flatMap((field) => (field.write && !field.rule.isState ? [field.write] : []));
  const named = createdKeyWrite(input, side, type.type, source.key);
  const writes = [...mapped, ...fixedWrites(input, side, types, mapped), ...(named ? [named] : [])];
  const initial = typeSchema(schema, type.type)?.initialState;
  const stated = fields.find((field) => field.rule.isState)?.write;
  const state = stated?.after?.kind === 'option' && stated.after.option.name !== initial ? stated : undefined;
  const operations: Operation[] = [{ kind: 'create', side, type: type.type, writes }];
  const name = state?.after?.kind === 'option' ? state.after.option.name : undefined;
  if (state !== undefined && name !== undefined) {
    const { rule, fingerprint, replaces } = state;
    operations.push({ kind: 'transition', side, from: initial ?? '', to: name, rule, fingerprint, replaces });
  }
  const outcomes = fields.map((field) => field.outcome);
  const along = name === undefined ? {} : { state: name };
  return { kind: 'create', side, type: type.type, writes, ...along, outcomes, operations };
}

interface CreatedField {
  readonly rule: FieldRule;
  readonly outcome: FieldOutcome;
  readonly write?: FieldWrite;
}

/** Undefined when nothing of the field goes along: it is empty, belongs to the other direction, or the type lacks it. */
function createField(input: CreateInput, side: Side, rule: FieldRule): CreatedField | undefined {
  const { source, profile, people, resolve, key } = input;
  const value = valueOn(rule, source);
  if (value === 'unavailable' || value === null || !allowsTo(rule.direction, side)) return undefined;
  // Set with the state that follows.
  if (rule.withState.includes(side)) return undefined;
  const mapped = mapValue(rule, source.side, value, { settings: profile.settings, people, resolve });
  const outcome = { mapping: rule.id, rule: 'created', writes: [], ruleFingerprint: rule.fingerprint } as const;
  if (mapped.kind === 'error') return { rule, outcome: { ...outcome, rule: 'failed', error: mapped.error } };
  if (mapped.kind === 'skip' || mapped.value === null || forbids(rule, side, mapped.value)) return undefined;
  const { field, typeKnown } = rule.schema[side];
  if (typeKnown && field === undefined) return undefined;
  const options = { kind: rule.kind, timeZone: profile.settings.timeZone };
  const print = (of: FieldValue | null) => fingerprintOf(key, side, '', rule.field[side], of, options);
  const held = input.held?.[rule.id];
  const fingerprint = print(mapped.value);
  if (held?.value === fingerprint && held.rule === rule.fingerprint)
    return { rule, outcome: { ...outcome, rule: 'held' } };
  const names = { mapping: rule.id, field: rule.field[side], rule: 'created' } as const;
  const after = sentValue(rule, side, mapped.value, source);
  const tooLong = overLimit(rule, side, after);
  if (tooLong !== undefined) return { rule, outcome: { ...outcome, rule: 'failed', error: tooLong } };
  const days = shownDays(rule, profile.settings, null, after);
  const write = { ...names, before: null, after, fingerprint, replaces: print(null), ...days };
  return { rule, outcome: { ...outcome, writes: [side] }, write };
}

/** The profile's fixed values for what the mapping left empty. */
function fixedWrites(
  input: CreateInput,
  side: Side,
  types: { readonly jira: string; readonly azure: string },
  mapped: readonly FieldWrite[],
): readonly FieldWrite[] {
  const fixed = typeMappingOf(input.profile.settings, types)?.defaults[side] ?? {};
  const schema = typeSchema(input.catalogs?.[side], types[side]);
  return Object.entries(fixed)
    .filter(([field]) => !mapped.some((write) => write.field === field))
    .map(([field, given]): FieldWrite => {
      const known = schema?.fields.find((one) => one.id === field);
      const plain = fixedValue(given);
      const format = side === 'jira' ? 'adf' : 'html';
      const kind = known === undefined || known.kind === 'unsupported' ? plain.kind : known.kind;
      const after = toKind(plain, { kind, format, timeZone: input.profile.settings.timeZone }) ?? plain;
      const print = (of: FieldValue | null) => fingerprintOf(input.key, side, '', field, of);
      const names = { mapping: `default~${field}`, field, rule: 'created' } as const;
      return { ...names, before: null, after, fingerprint: print(after), replaces: print(null) };
    });
}

function fixedValue(given: string | number | readonly string[]): FieldValue {
  if (typeof given === 'number') return { kind: 'number', number: given };
  if (typeof given === 'string') return { kind: 'text', text: given };
  return { kind: 'options', options: given.map((name) => ({ name })) };
}
