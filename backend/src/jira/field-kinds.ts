// Which kind of value a Jira field holds, by its description (`schema`) or, for the usual fields, by its id.

import type { FieldKind } from '../sync/model.ts';
import type { JsonType } from './schemas.ts';

/** Estimates are seconds in Jira and hours in Tandem, as Azure DevOps keeps them. They are written through `timetracking`. */
export const estimateFields = { timeoriginalestimate: 'originalEstimate', timeestimate: 'remainingEstimate' } as const;
export const isEstimate = (id: string): id is keyof typeof estimateFields => Object.hasOwn(estimateFields, id);

/** Time spent is the sum of the work logs: read, and never written. */
export const isDuration = (id: string): boolean => isEstimate(id) || id === 'timespent';

const systemKinds: Readonly<Record<string, FieldKind | 'unsupported'>> = {
  summary: 'text',
  description: 'richText',
  environment: 'richText',
  priority: 'option',
  resolution: 'option',
  status: 'option',
  issuetype: 'option',
  labels: 'options',
  fixVersions: 'options',
  versions: 'options',
  components: 'options',
  assignee: 'user',
  reporter: 'user',
  creator: 'user',
  duedate: 'date',
  created: 'dateTime',
  updated: 'dateTime',
  resolutiondate: 'dateTime',
  timeoriginalestimate: 'number',
  timeestimate: 'number',
  timespent: 'number',
};

export const systemKind = (id: string): FieldKind | 'unsupported' | undefined =>
  Object.hasOwn(systemKinds, id) ? systemKinds[id] : undefined;

/** The last part of the custom field type's key, whichever plug-in it comes from. */
const customKinds: Readonly<Record<string, FieldKind | 'unsupported'>> = {
  textfield: 'text',
  textarea: 'richText',
  float: 'number',
  'jsw-story-points': 'number',
  datepicker: 'date',
  datetime: 'dateTime',
  select: 'option',
  radiobuttons: 'option',
  multiselect: 'options',
  multicheckboxes: 'options',
  userpicker: 'user',
  url: 'url',
  labels: 'options',
  version: 'option',
  multiversion: 'options',
  'gh-sprint': 'option',
  cascadingselect: 'unsupported',
  multiuserpicker: 'unsupported',
};

export function kindOf(id: string, schema: JsonType | undefined): FieldKind | 'unsupported' {
  const system = systemKind(id);
  if (system !== undefined) return system;
  const custom = schema?.custom?.split(':').at(-1);
  if (custom !== undefined && Object.hasOwn(customKinds, custom)) return customKinds[custom] ?? 'unsupported';
  switch (schema?.type) {
    case 'string':
      return 'text';
    case 'number':
      return 'number';
    case 'date':
      return 'date';
    case 'datetime':
      return 'dateTime';
    case 'user':
      return 'user';
    case 'option':
    case 'priority':
    case 'version':
    case 'resolution':
      return 'option';
    case 'array':
      return ['string', 'option', 'version', 'component'].includes(schema.items ?? '') ? 'options' : 'unsupported';
    default:
      return 'unsupported';
  }
}

/** What of the project's planning a field chooses from, if it does. */
export function nativeOf(id: string, schema: JsonType | undefined): 'sprint' | 'version' | 'component' | undefined {
  if (id === 'components') return 'component';
  if (id === 'fixVersions' || id === 'versions') return 'version';
  const custom = schema?.custom?.split(':').at(-1);
  if (custom === 'gh-sprint') return 'sprint';
  return custom === 'version' || custom === 'multiversion' ? 'version' : undefined;
}

/**
 * How an option is named to Jira: custom options by `value`, a sprint by its bare number, all else by `name`; labels are bare
 * strings.
 */
export type OptionForm = 'name' | 'value' | 'string' | 'sprint';

export function optionForm(id: string, schema: JsonType | undefined): OptionForm {
  if (id === 'labels') return 'string';
  if (nativeOf(id, schema) === 'sprint') return 'sprint';
  if (systemKind(id) !== undefined) return 'name';
  if (schema?.type === 'array') {
    if (schema.items === 'string') return 'string';
    return schema.items === 'option' ? 'value' : 'name';
  }
  return schema?.type === 'option' || schema === undefined ? 'value' : 'name';
}
