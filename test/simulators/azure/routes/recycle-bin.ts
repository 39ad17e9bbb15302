// Deleting work items, and the recycle bin: what is in it, out of it again, and gone for good.
import { z } from 'zod';
import { areaWriteDenied, workItemNotFound } from '../errors.ts';
import { type Json, type View, workItemJson } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { saveContext, viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { destroy, recycle, restore } from '../store/deletion.ts';
import { projectOf } from '../store/lookups.ts';
import { latest, type WorkItem } from '../store/model.ts';
import { demand, demandAreaWrite, mayRead, personById, readable } from '../store/people.ts';
import { body, boolean, ids, itemOf, splitList } from './read.ts';

const PAGE = 200;

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

export const RECYCLE_BIN_ROUTES: readonly Route[] = [
  { method: 'DELETE', pattern: 'wit/workitems/:id', scope: 'vso.work_write', handler: deleteItem },
  { method: 'POST', pattern: 'wit/workitemsdelete', scope: 'vso.work_write', handler: deleteMany },
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
