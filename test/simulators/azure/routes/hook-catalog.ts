// What service hooks can be made of: publishers with their events, consumers with their actions.
import { notFound } from '../errors.ts';
import { actionJson, consumerJson, EVENT_TYPES, eventTypeJson, publisherJson } from '../hooks/catalog.ts';
import { type Call, json, list, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { hookRoute } from './subscriptions.ts';

const base = (call: Call): string => viewOf(call.simulator).base;

function demandNamed(call: Call, name: string, id: string): void {
  if ((call.params[name] ?? '').toLowerCase() === id.toLowerCase()) return;
  throw notFound(`The ${name} '${call.params[name] ?? ''}' does not exist.`);
}

function eventType(call: Call): Response {
  demandNamed(call, 'publisher', 'tfs');
  const found = EVENT_TYPES.find((one) => one.id === call.params.event?.toLowerCase());
  if (found === undefined) throw notFound(`The event type '${call.params.event ?? ''}' does not exist.`);
  return json(eventTypeJson(base(call), found));
}

export const HOOK_CATALOG_ROUTES: readonly Route[] = [
  hookRoute('GET', 'consumers', (call) => list([consumerJson(base(call))])),
  hookRoute('GET', 'consumers/:consumer', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    return json(consumerJson(base(call)));
  }),
  hookRoute('GET', 'consumers/:consumer/actions', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    return list([actionJson(base(call))]);
  }),
  hookRoute('GET', 'consumers/:consumer/actions/:action', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    demandNamed(call, 'action', 'httpRequest');
    return json(actionJson(base(call)));
  }),
  hookRoute('GET', 'publishers', (call) => list([publisherJson(base(call))])),
  hookRoute('GET', 'publishers/:publisher', (call) => {
    demandNamed(call, 'publisher', 'tfs');
    return json(publisherJson(base(call)));
  }),
  hookRoute('GET', 'publishers/:publisher/eventtypes', (call) => {
    demandNamed(call, 'publisher', 'tfs');
    return list(EVENT_TYPES.map((one) => eventTypeJson(base(call), one)));
  }),
  hookRoute('GET', 'publishers/:publisher/eventtypes/:event', eventType),
];
