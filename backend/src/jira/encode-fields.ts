// Turns the fields of a write into the body of a create, an edit or a transition.

import type { FieldValue } from '../sync/model.ts';
import type { JiraClient } from './client.ts';
import { estimateFields, isEstimate, optionForm, systemKind } from './field-kinds.ts';
import { encodeEstimate, encodeField } from './fields.ts';

export interface FieldToWrite {
  readonly field: string;
  readonly value: FieldValue | null;
}

export interface EncodedFields {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly update?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>;
}

/** Asks for the site's field list only where a custom choice is written, whose form the value alone does not tell. */
export async function encodeFields(
  client: Pick<JiraClient, 'fieldDefs'>,
  writes: readonly FieldToWrite[],
  /** `edit` changes one estimate and leaves the other; a create and a screen take them only together. */
  estimates: 'edit' | 'set',
): Promise<EncodedFields> {
  const fields: Record<string, unknown> = {};
  const tracking: Record<string, string> = {};
  for (const { field, value } of writes) {
    if (isEstimate(field)) {
      tracking[estimateFields[field]] = encodeEstimate(value);
      continue;
    }
    const choice = value === null || value.kind === 'option' || value.kind === 'options';
    const schema =
      choice && systemKind(field) === undefined ? (await client.fieldDefs()).get(field)?.schema : undefined;
    fields[field] = encodeField(field, value, optionForm(field, schema));
  }
  if (Object.keys(tracking).length === 0) return { fields };
  if (estimates === 'edit') return { fields, update: { timetracking: [{ edit: tracking }] } };
  return { fields: { ...fields, timetracking: tracking } };
}
