// Values of fields between Jira's JSON and the side-neutral form, in both directions. Which field is mapped to what is not decided here.

import { SyncFailure, syncError } from '../sync/errors.ts';
import type { FieldKind, FieldValue, OptionRef } from '../sync/model.ts';
import { isDuration, type OptionForm, systemKind } from './field-kinds.ts';
import { sprintOption, sprintSchema, withDates } from './planning.ts';
import { userRef, userSchema } from './schemas.ts';
import { isJiraDate, isJiraTime, toIso, toJiraTime } from './times.ts';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * A field of an answer. `wanted` is the kind that the profile maps the field as: it decides where Jira's JSON alone can't tell, as
 * between a text that reads as a date and a date. Undefined: nothing of a supported form (a cascading select, several people).
 */
export function decodeField(id: string, raw: unknown, wanted?: FieldKind): FieldValue | null | undefined {
  if (raw === null || raw === undefined || raw === '') return null;
  if (typeof raw === 'number') {
    return { kind: 'number', number: isDuration(id) ? raw / 3600 : raw };
  }
  if (typeof raw === 'boolean') return { kind: 'boolean', boolean: raw };
  if (typeof raw === 'string') return decodeText(id, raw, wanted);
  if (Array.isArray(raw)) {
    const sprints = decodeSprints(raw);
    if (sprints !== undefined) return sprints;
    const options = raw.map(decodeOption);
    if (options.some((option) => option === undefined)) return undefined;
    return options.length === 0 ? null : { kind: 'options', options: options.filter((option) => option !== undefined) };
  }
  if (!isRecord(raw)) return undefined;
  if (raw.type === 'doc' && (raw.content === undefined || Array.isArray(raw.content))) {
    return { kind: 'richText', format: 'adf', adf: raw };
  }
  if (typeof raw.accountId === 'string') {
    const user = userSchema.safeParse(raw);
    return user.success ? { kind: 'user', user: userRef(user.data) } : undefined;
  }
  if ('child' in raw) return undefined;
  const option = decodeOption(raw);
  return option === undefined ? undefined : { kind: 'option', option };
}

/**
 * An issue's sprints are one choice: the open one, else the last that ended with it. Undefined for other lists. Shape: the
 * field's `json` items as Jira Cloud shows them (atlassian-python-api and jira.js models of the Sprint field).
 */
function decodeSprints(raw: readonly unknown[]): FieldValue | undefined {
  const sprints = raw.map((one) => sprintSchema.safeParse(one));
  const found = sprints.flatMap((one) => (one.success ? [one.data] : []));
  const [last] = found.slice(-1);
  if (last === undefined || found.length < raw.length) return undefined;
  const open = found.findLast(({ state }) => state.toLowerCase() !== 'closed');
  return { kind: 'option', option: sprintOption(open ?? last) };
}

function decodeText(id: string, raw: string, wanted: FieldKind | undefined): FieldValue {
  const kind = systemKind(id) ?? wanted;
  const temporal = kind === 'date' || kind === 'dateTime' || kind === undefined;
  if (temporal && isJiraDate(raw)) return { kind: 'date', date: raw };
  if (temporal && isJiraTime(raw)) return { kind: 'dateTime', dateTime: toIso(raw) };
  return kind === 'url' ? { kind: 'url', url: raw } : { kind: 'text', text: raw };
}

function decodeOption(raw: unknown): OptionRef | undefined {
  if (typeof raw === 'string') return { name: raw };
  if (!isRecord(raw) || 'child' in raw || 'accountId' in raw) return undefined;
  const name = raw.name ?? raw.value;
  if (typeof name !== 'string') return undefined;
  const option = typeof raw.id === 'string' || typeof raw.id === 'number' ? { id: String(raw.id), name } : { name };
  return withDates(option, dayIn(raw.startDate), dayIn(raw.releaseDate));
}

const dayIn = (value: unknown): string | undefined =>
  typeof value === 'string' && isJiraDate(value) ? value : undefined;

/** What `fields` of a create or edit takes. Estimates are not sent this way: see `encodeFields`. */
export function encodeField(field: string, value: FieldValue | null, form: OptionForm): unknown {
  if (value === null) return form === 'string' || isList(field) ? [] : null;
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'richText':
      if (value.format === 'adf') return value.adf;
      throw new SyncFailure(
        syncError('internal', { side: 'jira', level: 'field', field, detail: 'Rich text for Jira must be ADF.' }),
      );
    case 'number':
      return value.number;
    case 'date':
      return value.date;
    case 'dateTime':
      return toJiraTime(value.dateTime);
    case 'option':
      return encodeOption(value.option, form);
    case 'options':
      return value.options.map((option) => encodeOption(option, form));
    case 'user':
      return { accountId: value.user.id };
    case 'url':
      return value.url;
    case 'boolean':
      return value.boolean;
  }
}

/** System fields that hold lists and are emptied by an empty list. */
const isList = (field: string) => ['labels', 'fixVersions', 'versions', 'components'].includes(field);

/** By id where it is known: names may be translated or stand twice. */
function encodeOption(option: OptionRef, form: OptionForm): unknown {
  if (form === 'string') return option.name;
  if (form === 'sprint') return Number(option.id);
  if (option.id !== undefined) return { id: option.id };
  return form === 'value' ? { value: option.name } : { name: option.name };
}

/** Hours to a duration that Jira reads; minutes are its smallest unit. */
export const encodeEstimate = (value: FieldValue | null): string =>
  value?.kind === 'number' ? `${Math.max(0, Math.round(value.number * 60))}m` : '0m';
