// A work item's past: its revisions, and the updates between them.
import { notFound } from '../errors.ts';
import { updateJson, workItemJson } from '../render.ts';
import { type Call, json, list, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { expandOf, integer, itemOf } from './read.ts';

const PAGE = 200;

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

export const HISTORY_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: 'wit/workitems/:id/revisions', scope: 'vso.work', handler: listRevisions },
  { method: 'GET', pattern: 'wit/workitems/:id/revisions/:revision', scope: 'vso.work', handler: getRevision },
  { method: 'GET', pattern: 'wit/workitems/:id/updates', scope: 'vso.work', handler: listUpdates },
  { method: 'GET', pattern: 'wit/workitems/:id/updates/:update', scope: 'vso.work', handler: getUpdate },
];
