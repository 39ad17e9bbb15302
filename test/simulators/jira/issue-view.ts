// An issue as get, search and bulk fetch answer it: the fields that were asked for, and what `expand` adds.

import { renderHtml } from './adf.ts';
import type { Caller } from './caller.ts';
import { badRequest } from './errors.ts';
import { editMeta } from './field-meta.ts';
import type { FieldDef } from './fields/definitions.ts';
import { showField } from './fields/output.ts';
import { availableTransitions } from './issue-writes.ts';
import type { AdfNode, IssueRecord } from './model.ts';
import { transitionView } from './transition-view.ts';
import { historyView, type View } from './views.ts';
import type { World } from './world.ts';

export interface IssueSelection {
  /** As clients name them: ids, `*all`, `*navigable`, `-id`. */
  readonly fields: readonly string[];
  readonly expand: ReadonlySet<string>;
  /** Property keys, `*all`. At most five in searches. */
  readonly properties: readonly string[];
}

const EXPANDABLE = 'renderedFields,names,schema,operations,editmeta,changelog,versionedRepresentations';

/** Newest histories that `expand=changelog` carries; the rest is paged by GET changelog. */
const CARRIED_HISTORIES = 100;

export function selectFields(
  world: World,
  names: readonly string[],
  byDefault: '*all' | '*navigable',
): readonly FieldDef[] {
  const wanted = names
    .flatMap((name) => name.split(','))
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const plus = wanted.filter((name) => !name.startsWith('-'));
  const base = plus.length === 0 ? [byDefault] : plus;
  const chosen = new Set<FieldDef>();
  for (const name of base) {
    for (const field of world.store.fields.values()) {
      const fits = name === '*all' || (name === '*navigable' && field.navigable) || field.id === name;
      if (fits) chosen.add(field);
    }
  }
  for (const name of wanted)
    if (name.startsWith('-')) for (const field of chosen) if (field.id === name.slice(1)) chosen.delete(field);
  return [...chosen];
}

export function issueView(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  fields: readonly FieldDef[],
  selection: Pick<IssueSelection, 'expand' | 'properties'>,
  storedProperties: Readonly<Record<string, unknown>> = world.store.properties.get(issue.id) ?? {},
): View {
  const { expand } = selection;
  const shown: Record<string, unknown> = {};
  const screen = expand.size === 0 ? undefined : fields;
  for (const field of fields) {
    const value = showField(world, caller, issue, field);
    if (value !== undefined) shown[field.id] = value;
  }
  return {
    expand: EXPANDABLE,
    id: String(issue.id),
    self: `${world.url}/rest/api/3/issue/${issue.id}`,
    key: world.store.keyOf(issue),
    fields: shown,
    ...(selection.properties.length === 0
      ? {}
      : { properties: pickProperties(storedProperties, selection.properties) }),
    ...(screen === undefined ? {} : expansions(world, caller, issue, screen, expand)),
  };
}

function pickProperties(stored: Readonly<Record<string, unknown>>, keys: readonly string[]): View {
  if (keys.includes('*all')) return stored;
  return Object.fromEntries(keys.filter((key) => key in stored).map((key) => [key, stored[key]]));
}

function expansions(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  fields: readonly FieldDef[],
  expand: ReadonlySet<string>,
): View {
  const histories = world.store.histories.get(issue.id) ?? [];
  return {
    ...(expand.has('names') ? { names: namesOf(fields) } : {}),
    ...(expand.has('schema') ? { schema: schemaOf(fields) } : {}),
    ...(expand.has('renderedFields') ? { renderedFields: rendered(issue, fields) } : {}),
    ...(expand.has('transitions') || expand.has('transitions.fields')
      ? {
          transitions: availableTransitions(world, caller, issue).map((it) =>
            transitionView(world, caller, issue, it, expand.has('transitions.fields')),
          ),
        }
      : {}),
    ...(expand.has('editmeta') ? { editmeta: editMeta(world, caller, issue) } : {}),
    ...(expand.has('changelog')
      ? {
          changelog: {
            startAt: 0,
            maxResults: Math.min(CARRIED_HISTORIES, histories.length),
            total: histories.length,
            histories: histories
              .slice(-CARRIED_HISTORIES)
              .reverse()
              .map((history) => historyView(world, caller, history)),
          },
        }
      : {}),
  };
}

export const namesOf = (fields: readonly FieldDef[]): View =>
  Object.fromEntries(fields.map(({ id, name }) => [id, name]));
export const schemaOf = (fields: readonly FieldDef[]): View =>
  Object.fromEntries(fields.map(({ id, schema }) => [id, schema]));

function rendered(issue: IssueRecord, fields: readonly FieldDef[]): View {
  return Object.fromEntries(
    fields.map(({ id, kind }) => {
      const value = issue.values[id];
      return [id, kind === 'adf' && value !== undefined ? renderHtml(value as AdfNode) : null];
    }),
  );
}

export const readList = (text: string | undefined): readonly string[] =>
  (text ?? '')
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ : at most five property keys. */
export function checkPropertyCount(properties: readonly string[]): readonly string[] {
  if (properties.length > 5) throw badRequest('The maximum number of issue properties that can be requested is 5.');
  return properties;
}
