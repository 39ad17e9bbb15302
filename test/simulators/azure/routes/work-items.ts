// Work items: create, read, update, delete, many at once; their revisions and updates; the recycle bin.
import { z } from 'zod';
import { conflictingParameters, contentTypeNotSupported, notFound, workItemNotFound } from '../errors.ts';
import { type Json, type View, workItemJson } from '../render.ts';
import { type Call, json, list, type Route } from '../router.ts';
import { saveContext, viewOf } from '../simulator.ts';
import { projectOf, typeOf } from '../store/lookups.ts';
import { latest, type Project, type Revision, type WorkItem } from '../store/model.ts';
import { parsePatchDocument } from '../store/patch.ts';
import { mayRead } from '../store/people.ts';
import { type SaveOptions, type SaveResult, type SaveTarget, saveWorkItem } from '../store/save.ts';
import { body, boolean, contentType, date, expandOf, fieldNames, ids, itemOf, parseJson, splitList } from './read.ts';

const PAGE = 200;

export function saveOptions(call: Call): SaveOptions {
  return {
    bypassRules: boolean(call, 'bypassRules'),
    suppressNotifications: boolean(call, 'suppressNotifications'),
    validateOnly: boolean(call, 'validateOnly'),
  };
}

async function patchOf(call: Call) {
  const type = contentType(call.request);
  const { method } = call.request;
  if (type.toLowerCase() !== 'application/json-patch+json') {
    throw contentTypeNotSupported(type, method, 'application/json-patch+json');
  }
  return parsePatchDocument(parseJson(await call.request.text()));
}

/** What a save answers: all of the item unless `$expand` says less. */
export function saved(view: View, result: SaveResult, call: Call): Json {
  const expand = expandOf(call.query.get('$expand')) ?? 'relations';
  return workItemJson(view, result.item, result.revision, { expand, links: true, comment: result.comment });
}

export function demandProject(call: Call): Project {
  const project =
    call.project ?? (call.simulator.world.projects.length === 1 ? call.simulator.world.projects[0] : undefined);
  if (project === undefined) throw notFound('A project name is required in the path of this request.');
  return project;
}

async function save(call: Call, target: SaveTarget): Promise<Response> {
  const ops = await patchOf(call);
  const result = saveWorkItem(saveContext(call.simulator, call.caller), target, ops, saveOptions(call));
  return json(saved(viewOf(call.simulator), result, call));
}

const create = (call: Call): Promise<Response> => {
  const project = demandProject(call);
  return save(call, {
    kind: 'create',
    project,
    type: typeOf(call.simulator.world, call.params.type ?? '', project.name),
  });
};

/** The revision that was current at `asOf`. */
function revisionAt(item: WorkItem, asOf: number | undefined): Revision {
  if (asOf === undefined) return latest(item);
  const revision = item.revisions.findLast((one) => one.at <= asOf);
  if (revision === undefined) throw workItemNotFound(item.id);
  return revision;
}

function readOptions(call: Call) {
  const expand = expandOf(call.query.get('$expand'));
  const named = splitList(call.query.get('fields'));
  if (expand !== undefined && expand !== 'none' && named.length > 0) throw conflictingParameters();
  return {
    expand: expand ?? ('none' as const),
    ...(named.length === 0 ? {} : { fields: fieldNames(call.simulator.world, named) }),
  };
}

function getOne(call: Call): Response {
  const item = itemOf(call);
  const revision = revisionAt(item, date(call, 'asOf'));
  return json(workItemJson(viewOf(call.simulator), item, revision, { ...readOptions(call), links: true }));
}

interface ManyOptions {
  readonly ids: readonly number[];
  readonly omit: boolean;
  readonly asOf: number | undefined;
  readonly options: { readonly expand: NonNullable<ReturnType<typeof expandOf>>; readonly fields?: readonly string[] };
}

/** In the order asked; with `errorPolicy=omit` a missing one is null. */
function many(call: Call, wanted: ManyOptions): Response {
  const view = viewOf(call.simulator);
  const { world } = call.simulator;
  const found = wanted.ids.map((id) => {
    const item = world.items.get(id);
    const visible =
      item !== undefined &&
      item.deleted === undefined &&
      mayRead(world, call.caller.person.id, item) &&
      (call.project === undefined || projectOf(world, latest(item)) === call.project);
    if (item === undefined || !visible) {
      if (wanted.omit) return null;
      throw workItemNotFound(id);
    }
    return workItemJson(view, item, revisionAt(item, wanted.asOf), wanted.options);
  });
  return list(found);
}

const getMany = (call: Call): Response =>
  many(call, {
    ids: ids(splitList(call.query.get('ids')), PAGE),
    omit: /^(?:omit|2)$/i.test(call.query.get('errorpolicy') ?? ''),
    asOf: date(call, 'asOf'),
    options: readOptions(call),
  });

const batchSchema = z.object({
  ids: z.array(z.int().min(0)).min(1).max(PAGE),
  fields: z.array(z.string()).nullish(),
  $expand: z.union([z.string(), z.int()]).nullish(),
  asOf: z.iso.datetime({ offset: true }).nullish(),
  errorPolicy: z.union([z.string(), z.int()]).nullish(),
});

async function getBatch(call: Call): Promise<Response> {
  const wanted = await body(call, batchSchema);
  const expand = expandOf(wanted.$expand === null || wanted.$expand === undefined ? undefined : String(wanted.$expand));
  const named = wanted.fields ?? [];
  if (expand !== undefined && expand !== 'none' && named.length > 0) throw conflictingParameters();
  return many(call, {
    ids: wanted.ids,
    omit: /^(?:omit|2)$/i.test(String(wanted.errorPolicy ?? '')),
    asOf: wanted.asOf === null || wanted.asOf === undefined ? undefined : Date.parse(wanted.asOf),
    options: {
      expand: expand ?? 'none',
      ...(named.length === 0 ? {} : { fields: fieldNames(call.simulator.world, named) }),
    },
  });
}

/** A new item's fields as they would stand before anything is typed. */
function template(call: Call): Response {
  const { world } = call.simulator;
  const project = demandProject(call);
  const type = typeOf(world, call.params.type ?? '', project.name);
  const [state = ''] = Object.keys(type.transitions[''] ?? {});
  const defaults = type.fields.flatMap(({ referenceName, defaultValue }) =>
    defaultValue === undefined ? [] : [[referenceName, defaultValue] as const],
  );
  return json({
    fields: {
      'System.WorkItemType': type.name,
      'System.State': state,
      'System.Reason': type.transitions['']?.[state]?.[0],
      'System.AreaPath': project.name,
      'System.IterationPath': project.name,
      'System.TeamProject': project.name,
      ...Object.fromEntries(defaults),
    },
    url: `${viewOf(call.simulator).base}/${project.id}/_apis/wit/workItems/$${encodeURIComponent(type.name)}`,
  });
}

export const WORK_ITEM_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: 'wit/workitems/$:type', scope: 'vso.work_write', handler: create },
  // The service takes PATCH as well: https://learn.microsoft.com/rest/api/azure/devops/wit/ (in batches)
  { method: 'PATCH', pattern: 'wit/workitems/$:type', scope: 'vso.work_write', handler: create },
  { method: 'GET', pattern: 'wit/workitems/$:type', scope: 'vso.work', handler: template },
  { method: 'GET', pattern: 'wit/workitems', scope: 'vso.work', handler: getMany },
  { method: 'GET', pattern: 'wit/workitems/:id', scope: 'vso.work', handler: getOne },
  {
    method: 'PATCH',
    pattern: 'wit/workitems/:id',
    scope: 'vso.work_write',
    handler: (call) => save(call, { kind: 'update', item: itemOf(call) }),
  },
  { method: 'POST', pattern: 'wit/workitemsbatch', scope: 'vso.work', handler: getBatch },
];
