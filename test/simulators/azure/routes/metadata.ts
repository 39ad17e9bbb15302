// What work items are made of: types, states, fields, rules' visible side, categories, kinds of relation, tags.
import { z } from 'zod';
import type { FieldDefinition } from '../data/fields.ts';
import { RELATION_TYPES } from '../data/relations.ts';
import type { TypeDefinition } from '../data/types.ts';
import { CATEGORIES } from '../data/types.ts';
import { AzureError, conflict, fieldNotFound, invalidArgument, notFound } from '../errors.ts';
import { type Json, relationTypeJson } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { guidOf } from '../store/ids.ts';
import { typeOf } from '../store/lookups.ts';
import { latest } from '../store/model.ts';
import { demand, readable } from '../store/people.ts';
import { findTag, renameTag, tagJson } from '../store/tags.ts';
import { body, ids, splitList } from './read.ts';
import { demandProject } from './work-items.ts';

const witBase = (call: Call): string => {
  const { base } = viewOf(call.simulator);
  return `${call.project === undefined ? base : `${base}/${call.project.id}`}/_apis/wit`;
};

const namedType = (call: Call): TypeDefinition =>
  typeOf(call.simulator.world, call.params.type ?? '', demandProject(call).name);

function stateOrder(type: TypeDefinition): Json[] {
  return type.states.map(({ name, color, category }) => ({ name, color, category }));
}

function typeJson(call: Call, type: TypeDefinition): Json {
  const base = witBase(call);
  const url = `${base}/workItemTypes/${encodeURIComponent(type.name)}`;
  const transitions = Object.entries(type.transitions).map(([from, targets]) => [
    from,
    // A state may stay as it is; the service lists that as a transition without actions.
    [...(from === '' ? [] : [from]), ...Object.keys(targets)].map((to) => ({ to, actions: null })),
  ]);
  const instances = type.fields.map((field) => fieldInstance(call, type, field.referenceName, false));
  return {
    name: type.name,
    referenceName: type.referenceName,
    description: type.description,
    color: type.color,
    icon: {
      id: type.icon,
      url: `${viewOf(call.simulator).base}/_apis/wit/workItemIcons/${type.icon}?color=${type.color}&v=2`,
    },
    isDisabled: false,
    xmlForm: '',
    fields: instances,
    fieldInstances: instances,
    transitions: Object.fromEntries(transitions),
    states: stateOrder(type),
    _links: { self: { href: url } },
    url,
  };
}

function isRequired(call: Call, type: TypeDefinition, referenceName: string): boolean {
  if (type.fields.some((field) => field.referenceName === referenceName && field.alwaysRequired)) return true;
  return call.simulator.world.rules.some(
    (rule) =>
      rule.action === 'required' && rule.when.length === 0 && rule.field === referenceName && rule.type === type.name,
  );
}

function fieldInstance(call: Call, type: TypeDefinition, referenceName: string, withValues: boolean): Json {
  const field = call.simulator.world.fields.get(referenceName.toLowerCase());
  if (field === undefined) throw fieldNotFound(referenceName);
  const own = type.fields.find((one) => one.referenceName === referenceName);
  const allowed =
    referenceName === 'System.State'
      ? type.states.map((state) => state.name)
      : referenceName === 'System.Reason'
        ? [...new Set(Object.values(type.transitions).flatMap((targets) => Object.values(targets).flat()))]
        : (field.picklist ?? []);
  const { defaultValue } = own ?? {};
  return {
    ...(withValues ? { allowedValues: allowed } : {}),
    defaultValue: defaultValue === undefined ? null : String(defaultValue),
    alwaysRequired: isRequired(call, type, referenceName),
    ...(withValues ? { dependentFields: [] } : {}),
    ...(own?.helpText === undefined ? {} : { helpText: own.helpText }),
    referenceName: field.referenceName,
    name: field.name,
    url: `${viewOf(call.simulator).base}/_apis/wit/fields/${field.referenceName}`,
  };
}

const expandsValues = (call: Call): boolean => /^(?:allowedvalues|all|1|3)$/i.test(call.query.get('$expand') ?? '');

function typeField(call: Call): Response {
  const type = namedType(call);
  const wanted = (call.params.field ?? '').toLowerCase();
  const own = type.fields.find(
    ({ referenceName }) =>
      referenceName.toLowerCase() === wanted ||
      call.simulator.world.fields.get(referenceName.toLowerCase())?.name.toLowerCase() === wanted,
  );
  if (own === undefined) throw fieldNotFound(call.params.field ?? '');
  return json(fieldInstance(call, type, own.referenceName, expandsValues(call)));
}

const OPERATIONS: Readonly<Record<string, string>> = {
  'SupportedOperations.Equals': '=',
  'SupportedOperations.NotEquals': '<>',
  'SupportedOperations.GreaterThan': '>',
  'SupportedOperations.LessThan': '<',
  'SupportedOperations.In': 'In',
};

function fieldJson(call: Call, field: FieldDefinition): Json {
  const url = `${viewOf(call.simulator).base}/_apis/wit/fields/${field.referenceName}`;
  return {
    name: field.name,
    referenceName: field.referenceName,
    description: field.description === '' ? field.name : field.description,
    type: field.type,
    usage: 'workItem',
    readOnly: field.readOnly,
    canSortBy: field.type !== 'html' && field.type !== 'history' && field.type !== 'plainText',
    isQueryable: true,
    supportedOperations: Object.entries(OPERATIONS).map(([referenceName, name]) => ({ referenceName, name })),
    isIdentity: field.isIdentity,
    isPicklist: field.picklist !== undefined,
    isPicklistSuggested: false,
    ...(field.picklist === undefined ? {} : { picklistId: guidOf(`picklist:${field.referenceName}`) }),
    isDeleted: false,
    isLocked: false,
    url,
  };
}

function namedField(call: Call): FieldDefinition {
  const wanted = (call.params.field ?? '').toLowerCase();
  const { fields } = call.simulator.world;
  const field = fields.get(wanted) ?? [...fields.values()].find((one) => one.name.toLowerCase() === wanted);
  if (field !== undefined) return field;
  const error = fieldNotFound(call.params.field ?? '');
  throw new AzureError(404, error.body);
}

const FIELD_TYPES = ['string', 'integer', 'double', 'dateTime', 'plainText', 'html', 'boolean'] as const;

const fieldSchema = z.object({
  name: z.string().min(1).max(128),
  referenceName: z.string().regex(/^[A-Za-z_]\w*(?:\.\w+)+$/),
  type: z.enum([...FIELD_TYPES, 'identity', 'picklistString']),
  description: z.string().nullish(),
});

/** A new field of the organization; the simulator also puts it on every type, as the form editor would. */
async function createField(call: Call): Promise<Response> {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editProcess');
  const wanted = await body(call, fieldSchema);
  if (world.fields.has(wanted.referenceName.toLowerCase())) {
    throw conflict(`VS402365: The field ${wanted.referenceName} already exists.`, 'FieldAlreadyExistsException');
  }
  const field: FieldDefinition = {
    name: wanted.name,
    referenceName: wanted.referenceName,
    type: wanted.type === 'identity' || wanted.type === 'picklistString' ? 'string' : wanted.type,
    readOnly: false,
    isIdentity: wanted.type === 'identity',
    description: wanted.description ?? '',
    extended: false,
  };
  addField(call.simulator.world, field);
  return json(fieldJson(call, field));
}

export function addField(world: Call['simulator']['world'], field: FieldDefinition): void {
  world.fields.set(field.referenceName.toLowerCase(), field);
  for (const [key, type] of world.types) {
    const fields = [...type.fields, { referenceName: field.referenceName, alwaysRequired: false }];
    world.types.set(key, { ...type, fields });
  }
}

function deleteField(call: Call): Response {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editProcess');
  const field = namedField(call);
  if (!field.referenceName.startsWith('Custom.')) {
    throw invalidArgument(`The field ${field.referenceName} belongs to the system and cannot be deleted.`);
  }
  world.fields.delete(field.referenceName.toLowerCase());
  for (const [key, type] of world.types) {
    world.types.set(key, { ...type, fields: type.fields.filter((one) => one.referenceName !== field.referenceName) });
  }
  return noContent();
}

function categoryJson(call: Call, category: (typeof CATEGORIES)[number]): Json {
  const base = witBase(call);
  const type = (name: string) => ({ name, url: `${base}/workItemTypes/${encodeURIComponent(name)}` });
  return {
    name: category.name,
    referenceName: category.referenceName,
    defaultWorkItemType: type(category.defaultType),
    workItemTypes: category.types.map(type),
    url: `${base}/workItemTypeCategories/${category.referenceName}`,
  };
}

function category(call: Call): Response {
  const wanted = (call.params.category ?? '').toLowerCase();
  const found = CATEGORIES.find(
    (one) => one.referenceName.toLowerCase() === wanted || one.name.toLowerCase() === wanted,
  );
  if (found === undefined) throw notFound(`The category ${call.params.category ?? ''} does not exist.`);
  return json(categoryJson(call, found));
}

/** The state that a check-in would bring each item to: the next one forward, when there is one. */
function nextStates(call: Call): Response {
  const { world } = call.simulator;
  const wanted = ids(splitList(call.query.get('ids')), 200);
  return list(
    wanted.map((id) => {
      const { fields } = latest(readable(world, call.caller.person.id, id));
      const type = typeOf(world, String(fields['System.WorkItemType']), '');
      const order = type.states.map((state) => state.name);
      const from = String(fields['System.State']);
      const next = Object.keys(type.transitions[from] ?? {}).find((to) => order.indexOf(to) > order.indexOf(from));
      return { id, stateOnTransition: next ?? from };
    }),
  );
}

function relation(call: Call): Response {
  const found = relationTypeJson(viewOf(call.simulator).base, call.params.relation ?? '');
  if (found === undefined) throw notFound(`The relation type ${call.params.relation ?? ''} does not exist.`);
  return json(found);
}

function namedTag(call: Call) {
  const tag = findTag(call.simulator.world, call.params.tag ?? '');
  if (tag === undefined) throw notFound(`The tag ${call.params.tag ?? ''} does not exist.`, 'TagNotFoundException');
  return tag;
}

const tagBase = (call: Call): string => witBase(call).replace(/\/_apis\/wit$/, '');

async function updateTag(call: Call): Promise<Response> {
  const tag = namedTag(call);
  const wanted = await body(call, z.object({ name: z.string().trim().min(1).max(400) }));
  if (/[;,]/.test(wanted.name)) throw invalidArgument('The name of a tag must not contain ; or ,.');
  renameTag(call.simulator.world, tag, wanted.name, call.simulator.clock.now());
  return json(tagJson(tag, tagBase(call)));
}

function deleteTag(call: Call): Response {
  const tag = findTag(call.simulator.world, call.params.tag ?? '');
  if (tag !== undefined) renameTag(call.simulator.world, tag, undefined, call.simulator.clock.now());
  return noContent();
}

const read = (pattern: string, handler: (call: Call) => Response): Route => ({
  method: 'GET',
  pattern,
  scope: 'vso.work',
  handler,
});

export const METADATA_ROUTES: readonly Route[] = [
  read('wit/workitemtypes', (call) => {
    demandProject(call);
    return list([...call.simulator.world.types.values()].map((type) => typeJson(call, type)));
  }),
  read('wit/workitemtypes/:type', (call) => json(typeJson(call, namedType(call)))),
  read('wit/workitemtypes/:type/fields', (call) => {
    const type = namedType(call);
    return list(type.fields.map(({ referenceName }) => fieldInstance(call, type, referenceName, expandsValues(call))));
  }),
  read('wit/workitemtypes/:type/fields/:field', typeField),
  read('wit/workitemtypes/:type/states', (call) => list(stateOrder(namedType(call)))),
  read('wit/workitemtypecategories', (call) => list(CATEGORIES.map((one) => categoryJson(call, one)))),
  read('wit/workitemtypecategories/:category', category),
  read('wit/workitemtransitions', nextStates),
  read('wit/workitemrelationtypes', (call) => {
    const { base } = viewOf(call.simulator);
    return list(RELATION_TYPES.map((type) => relationTypeJson(base, type.referenceName)));
  }),
  read('wit/workitemrelationtypes/:relation', relation),
  read('wit/fields', (call) => list([...call.simulator.world.fields.values()].map((field) => fieldJson(call, field)))),
  read('wit/fields/:field', (call) => json(fieldJson(call, namedField(call)))),
  { method: 'POST', pattern: 'wit/fields', scope: 'vso.work_write', handler: createField },
  { method: 'DELETE', pattern: 'wit/fields/:field', scope: 'vso.work_write', handler: deleteField },
  read('wit/tags', (call) => list([...call.simulator.world.tags.values()].map((tag) => tagJson(tag, tagBase(call))))),
  read('wit/tags/:tag', (call) => json(tagJson(namedTag(call), tagBase(call)))),
  { method: 'PATCH', pattern: 'wit/tags/:tag', scope: 'vso.work_write', handler: updateTag },
  { method: 'DELETE', pattern: 'wit/tags/:tag', scope: 'vso.work_write', handler: deleteTag },
];
