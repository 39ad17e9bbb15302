// Turns the fields of a write into the body of a create, an edit or a transition.

import type { FieldKind, FieldValue } from '../sync/model.ts';
import type { JiraClient } from './client.ts';
import { estimateFields, isEstimate, kindOf, optionForm, systemKind } from './field-kinds.ts';
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
    fields[field] = encodeField(field, fitted(value, kindOf(field, schema)), optionForm(field, schema));
  }
  if (Object.keys(tracking).length === 0) return { fields };
  if (estimates === 'edit') return { fields, update: { timetracking: [{ edit: tracking }] } };
  return { fields: { ...fields, timetracking: tracking } };
}

/** Choices that stand for a value of another kind, as the fixed values of a type mapping do, in the field's own kind. */
function fitted(value: FieldValue | null, kind: FieldKind | 'unsupported'): FieldValue | null {
  if (value?.kind !== 'option' && value?.kind !== 'options') return value;
  const options = value.kind === 'option' ? [value.option] : value.options;
  const [first] = options;
  if (first === undefined) return null;
  switch (kind) {
    case 'options':
      return { kind, options };
    case 'text':
      return { kind, text: first.name };
    case 'url':
      return { kind, url: first.name };
    case 'date':
      return { kind, date: first.name };
    case 'dateTime':
      return { kind, dateTime: first.name };
    case 'number':
      return Number.isFinite(Number(first.name)) ? { kind, number: Number(first.name) } : value;
    case 'user':
      return { kind, user: { id: first.id ?? first.name, name: first.name } };
    case 'richText':
      return {
        kind,
        format: 'adf',
        adf: {
          version: 1,
          type: 'doc',
          content: [{ type: 'paragraph', content: [{ type: 'text', text: first.name }] }],
        },
      };
    default:
      return { kind: 'option', option: first };
  }
}
