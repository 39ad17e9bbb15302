// Work items: create, read, update, delete, many at once; their revisions and updates; the recycle bin.
import { z } from 'zod';
import {
  areaWriteDenied,
  conflictingParameters,
  contentTypeNotSupported,
  notFound,
  workItemNotFound,
} from '../errors.ts';
import { type Json, updateJson, type View, workItemJson } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { saveContext, viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { destroy, recycle, restore } from '../store/deletion.ts';
import { latest, type Project, type Revision, type WorkItem } from '../store/model.ts';
import { parsePatchDocument } from '../store/patch.ts';
import { demand, demandAreaWrite, mayRead, personById, readable } from '../store/people.ts';
import { projectOf, type SaveOptions, type SaveResult, type SaveTarget, saveWorkItem, typeOf } from '../store/save.ts';
import {
  body,
  boolean,
  contentType,
  date,
  expandOf,
  fieldNames,
  ids,
  integer,
  itemOf,
  parseJson,
  splitList,
} from './read.ts';

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

function deletedJson(call: Call, item: WorkItem): Json {
  const view = viewOf(call.simulator);
  const revision = latest(item);
  return {
    id: item.id,
    type: revision.fields['System.WorkItemType'],
    name: revision.fields['System.Title'],
    project: revision.fields['System.TeamProject'],
    ...(item.deleted === undefined
      ? {}
      : {
          deletedDate: dateText(item.deleted.at),
          deletedBy: personLabel(view, item.deleted.by),
        }),
    code: 200,
    url: `${view.base}/${projectOf(view.world, revision).id}/_apis/wit/recyclebin/${item.id}`,
    resource: workItemJson(view, item, revision, { expand: 'relations', links: true }),
  };
}

function personLabel(view: View, id: string): string {
  const person = personById(view.world, id);
  return `${person.displayName} <${person.uniqueName}>`;
}

function deleteOne(call: Call, item: WorkItem, forGood: boolean): Json {
  const { world } = call.simulator;
  const personId = call.caller.person.id;
  demandAreaWrite(world, personId, String(latest(item).fields['System.AreaPath']));
  demand(world, personId, 'deleteWorkItems');
  if (forGood) demand(world, personId, 'destroyWorkItems');
  if (item.deleted === undefined) recycle(saveContext(call.simulator, call.caller), item);
  const shown = deletedJson(call, item);
  if (forGood) destroy(world, item);
  return shown;
}

const deleteItem = (call: Call): Response => json(deleteOne(call, itemOf(call), boolean(call, 'destroy')));

const deleteManySchema = z.object({
  ids: z.array(z.int().min(1)).min(1).max(PAGE),
  destroy: z.boolean().nullish(),
  skipNotifications: z.boolean().nullish(),
});

async function deleteMany(call: Call): Promise<Response> {
  const wanted = await body(call, deleteManySchema);
  const items = wanted.ids.map((id) => readable(call.simulator.world, call.caller.person.id, id));
  return json({ results: items.map((item) => deleteOne(call, item, wanted.destroy === true)) });
}

function binned(call: Call): WorkItem[] {
  const { world } = call.simulator;
  return [...world.items.values()].filter(
    (item) =>
      item.deleted !== undefined &&
      mayRead(world, call.caller.person.id, item) &&
      (call.project === undefined || projectOf(world, latest(item)) === call.project),
  );
}

function binnedItem(call: Call): WorkItem {
  const id = Number(call.params.id);
  const item = binned(call).find((one) => one.id === id);
  if (item === undefined) throw workItemNotFound(id);
  return item;
}

function listBin(call: Call): Response {
  const wanted = splitList(call.query.get('ids'));
  if (wanted.length > 0) {
    const chosen = new Set(ids(wanted, PAGE));
    return list(
      binned(call)
        .filter((item) => chosen.has(item.id))
        .map((item) => deletedJson(call, item)),
    );
  }
  const { base } = viewOf(call.simulator);
  return list(binned(call).map((item) => ({ id: item.id, url: `${base}/_apis/wit/recyclebin/${item.id}` })));
}

async function restoreItem(call: Call): Promise<Response> {
  const item = binnedItem(call);
  const wanted = await body(call, z.object({ isDeleted: z.boolean() }));
  if (wanted.isDeleted) throw areaWriteDenied();
  demand(call.simulator.world, call.caller.person.id, 'deleteWorkItems');
  demandAreaWrite(call.simulator.world, call.caller.person.id, String(latest(item).fields['System.AreaPath']));
  restore(saveContext(call.simulator, call.caller), item);
  return json(deletedJson(call, item));
}

function destroyItem(call: Call): Response {
  const item = binnedItem(call);
  demand(call.simulator.world, call.caller.person.id, 'destroyWorkItems');
  destroy(call.simulator.world, item);
  return noContent();
}

function slice<T>(call: Call, all: readonly T[]): readonly T[] {
  const skip = integer(call, '$skip') ?? 0;
  return all.slice(skip, skip + Math.min(integer(call, '$top') ?? PAGE, PAGE));
}

function listRevisions(call: Call): Response {
  const item = itemOf(call);
  const expand = expandOf(call.query.get('$expand')) ?? 'none';
  const view = viewOf(call.simulator);
  return list(slice(call, item.revisions).map((revision) => workItemJson(view, item, revision, { expand })));
}

function getRevision(call: Call): Response {
  const item = itemOf(call);
  const revision = item.revisions.find((one) => String(one.rev) === call.params.revision);
  if (revision === undefined) {
    throw notFound(`VS402323: The revision ${call.params.revision ?? ''} of work item ${item.id} does not exist.`);
  }
  const expand = expandOf(call.query.get('$expand')) ?? 'none';
  return json(workItemJson(viewOf(call.simulator), item, revision, { expand, links: true }));
}

function listUpdates(call: Call): Response {
  const item = itemOf(call);
  const view = viewOf(call.simulator);
  return list(slice(call, item.updates).map((update) => updateJson(view, item, update)));
}

function getUpdate(call: Call): Response {
  const item = itemOf(call);
  const update = item.updates.find((one) => String(one.id) === call.params.update);
  if (update === undefined)
    throw notFound(`The update ${call.params.update ?? ''} of work item ${item.id} does not exist.`);
  return json(updateJson(viewOf(call.simulator), item, update));
}

export const WORK_ITEM_ROUTES: readonly Route[] = [
  { method: 'POST', pattern: 'wit/workitems/$:type', scope: 'vso.work_write', handler: create },
  // The service takes PATCH as well: https://learn.microsoft.com/azure/devops/extend/reference/work-item-batch
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
  { method: 'DELETE', pattern: 'wit/workitems/:id', scope: 'vso.work_write', handler: deleteItem },
  { method: 'POST', pattern: 'wit/workitemsbatch', scope: 'vso.work', handler: getBatch },
  { method: 'POST', pattern: 'wit/workitemsdelete', scope: 'vso.work_write', handler: deleteMany },
  { method: 'GET', pattern: 'wit/workitems/:id/revisions', scope: 'vso.work', handler: listRevisions },
  { method: 'GET', pattern: 'wit/workitems/:id/revisions/:revision', scope: 'vso.work', handler: getRevision },
  { method: 'GET', pattern: 'wit/workitems/:id/updates', scope: 'vso.work', handler: listUpdates },
  { method: 'GET', pattern: 'wit/workitems/:id/updates/:update', scope: 'vso.work', handler: getUpdate },
  { method: 'GET', pattern: 'wit/recyclebin', scope: 'vso.work', handler: listBin },
  {
    method: 'GET',
    pattern: 'wit/recyclebin/:id',
    scope: 'vso.work',
    handler: (call) => json(deletedJson(call, binnedItem(call))),
  },
  { method: 'PATCH', pattern: 'wit/recyclebin/:id', scope: 'vso.work_write', handler: restoreItem },
  { method: 'DELETE', pattern: 'wit/recyclebin/:id', scope: 'vso.work_write', handler: destroyItem },
];
