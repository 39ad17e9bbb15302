// Turns the fields of a write into the body of a create, an edit or a transition.

import type { Refusal } from '../reconcile/ports.ts';
import type { FieldKind, FieldValue, OptionRef } from '../sync/model.ts';
import type { JiraClient } from './client.ts';
import { estimateFields, isEstimate, kindOf, nativeOf, optionForm, systemKind } from './field-kinds.ts';
import { encodeEstimate, encodeField } from './fields.ts';
import { makeOption } from './planning.ts';

export interface FieldToWrite {
  readonly field: string;
  readonly value: FieldValue | null;
}

/**
 * The values with ids of all that they name: sprints, versions and components that are not there are made first. What could
 * not be made, by field.
 */
export async function makeMissing(
  client: JiraClient,
  projectKey: string,
  writes: readonly FieldToWrite[],
): Promise<{ readonly fields: readonly FieldToWrite[]; readonly refusals: readonly Refusal[] }> {
  const fields: FieldToWrite[] = [];
  const refusals: Refusal[] = [];
  for (const write of writes) {
    const { field, value } = write;
    const options = value?.kind === 'option' ? [value.option] : value?.kind === 'options' ? value.options : [];
    if (value === null || !options.some(({ missing }) => missing)) {
      fields.push(write);
      continue;
    }
    const schema = systemKind(field) === undefined ? (await client.fieldDefs()).get(field)?.schema : undefined;
    const what = nativeOf(field, schema);
    const named: OptionRef[] = [];
    for (const option of options) {
      const made = what && option.missing ? await makeOption(client, projectKey, what, option) : undefined;
      if (made?.kind === 'refused') refusals.push({ field, error: { ...made.error, field } });
      named.push(made?.kind === 'made' ? { id: made.id, name: option.name } : option);
    }
    const [first] = named;
    if (value.kind === 'option' && first !== undefined)
      fields.push({ field, value: { kind: 'option', option: first } });
    else fields.push({ field, value: { kind: 'options', options: named } });
  }
  return { fields, refusals };
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
