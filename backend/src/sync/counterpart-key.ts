// The counterpart's key in a field that the profile names, so that JQL and WIQL can ask for it. Not a mapping: nothing
// travels, and an edit of the field is undone.

import { typeSchema } from './catalog.ts';
import { fingerprintOf, ruleSeal } from './fingerprint.ts';
import type { ItemSnapshot, Side } from './model.ts';
import type { FieldOutcome, FieldWrite } from './plan.ts';
import type { HeldFields, PlanContext } from './plan-input.ts';

const mappingOf = (field: string) => `counterpart~${field}`;

/** The write on `item`, unless its field holds the key or the service refused it. `key` is the counterpart's. */
export function counterpartKeyWrite(
  { profile, key: secret }: Pick<PlanContext, 'profile' | 'key'>,
  side: Side,
  item: Pick<ItemSnapshot, 'id' | 'fields'>,
  key: string,
  held: HeldFields | undefined,
): { readonly write: FieldWrite; readonly outcome: FieldOutcome } | undefined {
  const field = profile.settings.counterpartKey[side];
  // A field that the answer leaves out is none of this type's.
  const before = field === undefined ? undefined : item.fields[field];
  if (field === undefined || before === undefined) return undefined;
  if (before?.kind === 'text' && before.text === key) return undefined;
  const print = (value: FieldWrite['after']) => fingerprintOf(secret, side, item.id, field, value);
  const after = { kind: 'text', text: key } as const;
  const ruleFingerprint = ruleSeal(secret, ['counterpart', field]);
  const fingerprint = print(after);
  const mapping = mappingOf(field);
  if (held?.[mapping]?.value === fingerprint) return undefined;
  return {
    write: { mapping, field, before, after, rule: 'enforced', fingerprint, replaces: print(before) },
    outcome: { mapping, rule: 'enforced', writes: [side], ruleFingerprint },
  };
}

/** The same for an item that is about to be made; its type must have the field. */
export function createdKeyWrite(
  context: Pick<PlanContext, 'profile' | 'key' | 'catalogs'>,
  side: Side,
  type: string,
  key: string,
): FieldWrite | undefined {
  const field = context.profile.settings.counterpartKey[side];
  if (field === undefined || !typeSchema(context.catalogs?.[side], type)?.fields.some(({ id }) => id === field)) {
    return undefined;
  }
  const made = counterpartKeyWrite(context, side, { id: '', fields: { [field]: null } }, key, undefined);
  return made?.write;
}
