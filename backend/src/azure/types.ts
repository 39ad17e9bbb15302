// The work item types of a project with their states, transitions and fields, as the catalog's TypeInfo.

import type { FieldInfo, TypeInfo } from '../reconcile/ports.ts';
import type { OptionRef } from '../sync/model.ts';
import { type AzureClient, refusedFailure } from './client.ts';
import { kindOf } from './fields.ts';
import {
  fieldDefinitionsSchema,
  typeCategorySchema,
  typeFieldsSchema,
  type WireFieldDefinition,
  type WireTypeField,
  type WireWorkItemType,
  workItemTypesSchema,
} from './wire.ts';

/** Two calls and one for each type. Types that people never create (code reviews, shared steps) are left out. */
export async function loadTypes(client: AzureClient, project: string): Promise<readonly TypeInfo[]> {
  const [types, definitions, hidden] = await Promise.all([
    client.call(read(project, ['workitemtypes']), workItemTypesSchema),
    client.call(read(project, ['fields']), fieldDefinitionsSchema),
    hiddenTypes(client, project),
  ]);
  const byName = new Map(definitions.value.map((definition) => [definition.referenceName, definition]));
  const offered = types.value.filter((type) => !type.isDisabled && !hidden.has(type.name));
  return Promise.all(offered.map((type) => loadType(client, project, type, byName)));
}

const read = (project: string, path: readonly string[], query: Readonly<Record<string, string>> = {}) =>
  ({
    operation: `GET ${path.length > 1 ? 'workitemtypes/{type}/fields' : path[0]}`,
    method: 'GET',
    path: ['wit', ...path],
    project,
    query,
    endpoint: 'read',
    scope: 'Work Items (Read)',
  }) as const;

async function hiddenTypes(client: AzureClient, project: string): Promise<ReadonlySet<string>> {
  const operation = 'GET workitemtypecategories/{category}';
  const answer = await client.answer({
    ...read(project, ['workitemtypecategories', 'Microsoft.HiddenCategory']),
    operation,
  });
  if (answer.kind === 'ok') {
    const category = client.parse(typeCategorySchema, answer.http, operation);
    return new Set(category.workItemTypes.map((type) => type.name));
  }
  // A process may lack the category.
  if (answer.status === 404) return new Set();
  throw refusedFailure(answer);
}

async function loadType(
  client: AzureClient,
  project: string,
  type: WireWorkItemType,
  definitions: ReadonlyMap<string, WireFieldDefinition>,
): Promise<TypeInfo> {
  const path = ['workitemtypes', type.name, 'fields'];
  const fields = await client.call(read(project, path, { $expand: 'allowedValues' }), typeFieldsSchema);
  const transitions = Object.fromEntries(
    Object.entries(type.transitions)
      .filter(([from]) => from !== '')
      .map(([from, targets]) => [from, (targets ?? []).map(({ to }) => to)]),
  );
  const initialState = type.transitions['']?.[0]?.to ?? type.states[0]?.name;
  return {
    id: type.referenceName,
    name: type.name,
    subtask: false,
    states: type.states.map(({ name, category }) => ({ name, category: categoryOf(category) })),
    transitions,
    ...(initialState === undefined ? {} : { initialState }),
    fields: fields.value.map((field) => fieldInfo(field, definitions.get(field.referenceName), type)),
  };
}

/** The service's state categories (learn.microsoft.com, "Workflow states and state categories"). */
function categoryOf(category: string): 'new' | 'active' | 'done' | 'removed' {
  switch (category.toLowerCase()) {
    case 'proposed':
      return 'new';
    case 'completed':
      return 'done';
    case 'removed':
      return 'removed';
    default:
      return 'active';
  }
}

/** Set by rules or by other calls, though the service does not call them read-only. */
const notWritten: ReadonlySet<string> = new Set(['System.WorkItemType', 'System.TeamProject', 'System.History']);

function fieldInfo(
  field: WireTypeField,
  definition: WireFieldDefinition | undefined,
  type: WireWorkItemType,
): FieldInfo {
  const allowed =
    field.referenceName === 'System.State' ? type.states.map(({ name }) => ({ name })) : allowedValues(field);
  const limited = allowed.length > 0 || definition?.isPicklist === true || stateLike.has(field.referenceName);
  const { kind, native } = kindOf({
    referenceName: field.referenceName,
    type: definition?.type ?? 'string',
    isIdentity: definition?.isIdentity ?? false,
    limited,
  });
  return {
    id: field.referenceName,
    name: field.name,
    kind,
    native,
    // Without a choice a path is the project itself.
    required: field.alwaysRequired && native !== 'treePath',
    readOnly: (definition?.readOnly ?? false) || notWritten.has(field.referenceName),
    ...(allowed.length > 0 && (kind === 'option' || kind === 'options') ? { allowed } : {}),
  };
}

const stateLike: ReadonlySet<string> = new Set(['System.State', 'System.Reason', 'System.WorkItemType']);

/** People are no options: identity fields give objects here. */
const allowedValues = (field: WireTypeField): readonly OptionRef[] =>
  (field.allowedValues ?? []).flatMap((value) =>
    typeof value === 'string' || typeof value === 'number' ? [{ name: String(value) }] : [],
  );
