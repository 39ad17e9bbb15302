// Service hooks: what can be subscribed to, subscriptions, their notifications, and a test of one.
// https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import type { HookNotification, Subscription, SubscriptionInput, SubscriptionStatus } from '../hooks/board.ts';
import {
  actionJson,
  CONFIDENTIAL,
  CONSUMER_INPUTS,
  consumerJson,
  EVENT_TYPES,
  eventTypeJson,
  PUBLISHER_INPUTS,
  publisherJson,
  RESOURCE_VERSIONS,
} from '../hooks/catalog.ts';
import { type HookEvent, hookEvent } from '../hooks/payload.ts';
import { identityRef, type Json } from '../render.ts';
import { type Call, findProject, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { latest } from '../store/model.ts';
import { demand, mayRead, personById } from '../store/people.ts';
import { body, integer } from './read.ts';

const MASK = '********';

function subscriptionJson(call: Call, subscription: Subscription): Json {
  const view = viewOf(call.simulator);
  const url = `${view.base}/_apis/hooks/subscriptions/${subscription.id}`;
  const consumerInputs = Object.fromEntries(
    Object.entries(subscription.consumerInputs).map(([name, value]) => [
      name,
      CONFIDENTIAL.includes(name) && value !== '' ? MASK : value,
    ]),
  );
  const event = EVENT_TYPES.find((one) => one.id === subscription.eventType);
  return {
    id: subscription.id,
    url,
    status: subscription.status,
    publisherId: 'tfs',
    eventType: subscription.eventType,
    resourceVersion: subscription.resourceVersion,
    eventDescription: event?.name ?? '',
    consumerId: 'webHooks',
    consumerActionId: 'httpRequest',
    actionDescription: `To host ${new URL(subscription.consumerInputs.url ?? 'http://unknown').host}`,
    ...(subscription.lastProbationRetryAt === undefined
      ? {}
      : { lastProbationRetryDate: dateText(subscription.lastProbationRetryAt) }),
    createdBy: identityRef(view, personById(view.world, subscription.createdBy)),
    createdDate: dateText(subscription.createdAt),
    modifiedBy: identityRef(view, personById(view.world, subscription.modifiedBy)),
    modifiedDate: dateText(subscription.modifiedAt),
    publisherInputs: subscription.publisherInputs,
    consumerInputs,
    _links: {
      self: { href: url },
      consumer: { href: `${view.base}/_apis/hooks/consumers/webHooks` },
      actions: { href: `${view.base}/_apis/hooks/consumers/webHooks/actions` },
      notifications: { href: `${url}/notifications` },
      publisher: { href: `${view.base}/_apis/hooks/publishers/tfs` },
    },
  };
}

const inputsSchema = z
  .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]))
  .transform((inputs) =>
    Object.fromEntries(
      Object.entries(inputs).flatMap(([name, value]) => (value === null ? [] : [[name, String(value)]])),
    ),
  );

const subscriptionSchema = z.object({
  publisherId: z.string(),
  eventType: z.string(),
  resourceVersion: z.string().nullish(),
  consumerId: z.string(),
  consumerActionId: z.string(),
  publisherInputs: inputsSchema,
  consumerInputs: inputsSchema,
  status: z.string().nullish(),
});

/** Checks every part against what the publisher and the consumer know. */
function inputOf(call: Call, given: z.infer<typeof subscriptionSchema>, old?: Subscription): SubscriptionInput {
  const event = EVENT_TYPES.find((one) => one.id === given.eventType);
  if (given.publisherId !== 'tfs') throw invalidArgument(`The publisher '${given.publisherId}' does not exist.`);
  if (event === undefined)
    throw invalidArgument(`The event type '${given.eventType}' is not supported by the publisher 'tfs'.`);
  if (given.consumerId !== 'webHooks' || given.consumerActionId !== 'httpRequest') {
    throw invalidArgument(`The consumer action '${given.consumerId}/${given.consumerActionId}' does not exist.`);
  }
  const resourceVersion = given.resourceVersion ?? '1.0';
  if (!RESOURCE_VERSIONS.includes(resourceVersion)) {
    throw invalidArgument(
      `The resource version '${resourceVersion}' is not supported; it must be one of ${RESOURCE_VERSIONS.join(', ')}.`,
    );
  }
  const known = [...PUBLISHER_INPUTS, ...event.inputs];
  const strange = Object.keys(given.publisherInputs).find((name) => !known.includes(name));
  if (strange !== undefined) throw invalidArgument(`The publisher input '${strange}' is not known for ${event.id}.`);
  const strangeConsumer = Object.keys(given.consumerInputs).find((name) => !CONSUMER_INPUTS.includes(name));
  if (strangeConsumer !== undefined) throw invalidArgument(`The consumer input '${strangeConsumer}' is not known.`);
  const { projectId } = given.publisherInputs;
  if (projectId !== undefined && projectId !== '') findProject(call.simulator, projectId);
  const { url } = given.consumerInputs;
  if (url === undefined || !/^https?:\/\//i.test(url) || !URL.canParse(url)) {
    throw invalidArgument('The consumer input url must be an absolute http or https URL.');
  }
  // A masked secret that comes back stands for the one that is kept.
  const consumerInputs = Object.fromEntries(
    Object.entries(given.consumerInputs).map(([name, value]) => [
      name,
      value === MASK ? (old?.consumerInputs[name] ?? '') : value,
    ]),
  );
  return {
    eventType: event.id,
    resourceVersion,
    publisherInputs: { ...given.publisherInputs, tfsSubscriptionId: call.simulator.world.organizationId },
    consumerInputs,
    by: call.caller.person.id,
    status: statusOf(given.status),
  };
}

const statusOf = (given: string | null | undefined): SubscriptionStatus =>
  given?.toLowerCase() === 'disabledbyuser' ? 'disabledByUser' : 'enabled';

function find(call: Call): Subscription {
  const id = (call.params.subscription ?? '').toLowerCase();
  const subscription = call.simulator.hooks.subscriptions.get(id);
  if (subscription !== undefined) return subscription;
  throw notFound(`No subscription could be found with id ${id}.`, 'SubscriptionNotFoundException');
}

const demandEdit = (call: Call): void => demand(call.simulator.world, call.caller.person.id, 'editSubscriptions');

async function create(call: Call): Promise<Response> {
  demandEdit(call);
  const given = await body(call, subscriptionSchema);
  return json(subscriptionJson(call, call.simulator.hooks.create(inputOf(call, given))));
}

async function replace(call: Call): Promise<Response> {
  demandEdit(call);
  const subscription = find(call);
  const given = await body(call, subscriptionSchema);
  call.simulator.hooks.replace(subscription, inputOf(call, given, subscription));
  return json(subscriptionJson(call, subscription));
}

function remove(call: Call): Response {
  demandEdit(call);
  call.simulator.hooks.delete(find(call).id);
  return noContent();
}

function listSubscriptions(call: Call): Response {
  const is = (name: string, value: string): boolean => {
    const wanted = call.query.get(name.toLowerCase());
    return wanted === undefined || wanted === '' || wanted.toLowerCase() === value.toLowerCase();
  };
  const all = [...call.simulator.hooks.subscriptions.values()].filter(
    (one) =>
      is('publisherId', 'tfs') &&
      is('eventType', one.eventType) &&
      is('consumerId', 'webHooks') &&
      is('consumerActionId', 'httpRequest'),
  );
  return list(all.map((one) => subscriptionJson(call, one)));
}

const filterSchema = z.array(
  z.object({
    conditions: z.array(
      z.object({
        inputId: z.string(),
        inputValue: z.string().nullish(),
        operator: z.union([z.string(), z.int()]).nullish(),
        caseSensitive: z.boolean().nullish(),
      }),
    ),
  }),
);

const querySchema = z.object({
  publisherId: z.string().nullish(),
  eventType: z.string().nullish(),
  consumerId: z.string().nullish(),
  consumerActionId: z.string().nullish(),
  publisherInputFilters: filterSchema.nullish(),
  consumerInputFilters: filterSchema.nullish(),
});

/** One filter must hold as a whole; its conditions all must. */
function passes(
  filters: z.infer<typeof filterSchema> | null | undefined,
  inputs: Readonly<Record<string, string>>,
): boolean {
  if (filters === null || filters === undefined || filters.length === 0) return true;
  return filters.some(({ conditions }) =>
    conditions.every(({ inputId, inputValue, operator, caseSensitive }) => {
      const [have, want] = [inputs[inputId] ?? '', inputValue ?? ''];
      const same = caseSensitive === true ? have === want : have.toLowerCase() === want.toLowerCase();
      return /^(?:notequals|1)$/i.test(String(operator ?? '')) ? !same : same;
    }),
  );
}

async function query(call: Call): Promise<Response> {
  const wanted = await body(call, querySchema);
  const is = (given: string | null | undefined, value: string): boolean =>
    given === null || given === undefined || given === '' || given === value;
  const results = [...call.simulator.hooks.subscriptions.values()].filter(
    (one) =>
      is(wanted.publisherId, 'tfs') &&
      is(wanted.eventType, one.eventType) &&
      is(wanted.consumerId, 'webHooks') &&
      is(wanted.consumerActionId, 'httpRequest') &&
      passes(wanted.publisherInputFilters, one.publisherInputs) &&
      passes(wanted.consumerInputFilters, one.consumerInputs),
  );
  return json({ ...wanted, results: results.map((one) => subscriptionJson(call, one)) });
}

function notificationJson(call: Call, notification: HookNotification, details: boolean): Json {
  return {
    id: notification.id,
    subscriptionId: notification.subscriptionId,
    subscriberId: call.simulator.world.organizationId,
    eventId: notification.event.id,
    status: notification.status,
    result: notification.result,
    createdDate: dateText(notification.createdAt),
    modifiedDate: dateText(notification.modifiedAt),
    ...(details
      ? {
          details: {
            publisherId: 'tfs',
            consumerId: 'webHooks',
            consumerActionId: 'httpRequest',
            eventType: notification.event.eventType,
            requestAttempts: notification.attempts,
            event: notification.event,
            ...(notification.errorMessage === undefined ? {} : { errorMessage: notification.errorMessage }),
            ...(notification.response === undefined ? {} : { response: notification.response }),
          },
        }
      : {}),
  };
}

function listNotifications(call: Call): Response {
  const subscription = find(call);
  const status = call.query.get('status')?.toLowerCase();
  const result = call.query.get('result')?.toLowerCase();
  const all = call.simulator.hooks
    .notificationsOf(subscription.id)
    .filter((one) => status === undefined || one.status.toLowerCase() === status)
    .filter((one) => result === undefined || one.result === result);
  const newest = all.toReversed().slice(0, integer(call, 'maxResults') ?? 100);
  return list(newest.map((one) => notificationJson(call, one, false)));
}

function getNotification(call: Call): Response {
  const subscription = find(call);
  const found = call.simulator.hooks
    .notificationsOf(subscription.id)
    .find((one) => String(one.id) === call.params.notification);
  if (found === undefined) throw notFound(`The notification ${call.params.notification ?? ''} does not exist.`);
  return json(notificationJson(call, found, true));
}

const testSchema = z.object({
  subscriptionId: z.string().nullish(),
  details: z.object({ eventType: z.string().nullish(), consumerInputs: inputsSchema.nullish() }).nullish(),
});

/** Sends an event made of the newest work item, to a subscription or to the inputs given. */
async function test(call: Call): Promise<Response> {
  demandEdit(call);
  const given = await body(call, testSchema);
  const { hooks } = call.simulator;
  const known = hooks.subscriptions.get((given.subscriptionId ?? '').toLowerCase());
  const eventType = given.details?.eventType ?? known?.eventType ?? 'workitem.created';
  const type = EVENT_TYPES.find((one) => one.id === eventType)?.id;
  const event = type === undefined ? undefined : sample(call, type);
  if (event === undefined) throw invalidArgument(`There is nothing to make a test event of type '${eventType}' from.`);
  const inputs = given.details?.consumerInputs ?? known?.consumerInputs;
  if (inputs?.url === undefined) throw invalidArgument('The consumer input url must be an absolute http or https URL.');
  const subscription: Subscription = {
    id: known?.id ?? '00000000-0000-0000-0000-000000000000',
    eventType,
    resourceVersion: known?.resourceVersion ?? '1.0',
    publisherInputs: known?.publisherInputs ?? {},
    consumerInputs: { ...known?.consumerInputs, ...inputs },
    status: 'enabled',
    probationRetries: 0,
    lastProbationRetryAt: undefined,
    createdBy: call.caller.person.id,
    createdAt: 0,
    modifiedBy: call.caller.person.id,
    modifiedAt: 0,
  };
  return json(notificationJson(call, await hooks.test(subscription, event), true));
}

function sample(call: Call, type: (typeof EVENT_TYPES)[number]['id']): HookEvent | undefined {
  const view = viewOf(call.simulator);
  const item = [...view.world.items.values()].findLast((one) => mayRead(view.world, call.caller.person.id, one));
  if (item === undefined) return undefined;
  return hookEvent(view, {
    type,
    item,
    revision: latest(item),
    update: item.updates.at(-1),
    comment: item.comments.at(-1),
    by: call.caller.person.id,
    at: call.simulator.clock.now(),
  });
}

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

const route = (method: string, pattern: string, handler: Route['handler']): Route => ({
  method,
  pattern: `hooks/${pattern}`,
  scope: 'vso.work',
  handler,
});

export const HOOK_ROUTES: readonly Route[] = [
  route('GET', 'consumers', (call) => list([consumerJson(base(call))])),
  route('GET', 'consumers/:consumer', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    return json(consumerJson(base(call)));
  }),
  route('GET', 'consumers/:consumer/actions', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    return list([actionJson(base(call))]);
  }),
  route('GET', 'consumers/:consumer/actions/:action', (call) => {
    demandNamed(call, 'consumer', 'webHooks');
    demandNamed(call, 'action', 'httpRequest');
    return json(actionJson(base(call)));
  }),
  route('GET', 'publishers', (call) => list([publisherJson(base(call))])),
  route('GET', 'publishers/:publisher', (call) => {
    demandNamed(call, 'publisher', 'tfs');
    return json(publisherJson(base(call)));
  }),
  route('GET', 'publishers/:publisher/eventtypes', (call) => {
    demandNamed(call, 'publisher', 'tfs');
    return list(EVENT_TYPES.map((one) => eventTypeJson(base(call), one)));
  }),
  route('GET', 'publishers/:publisher/eventtypes/:event', eventType),
  route('GET', 'subscriptions', listSubscriptions),
  route('POST', 'subscriptions', create),
  route('GET', 'subscriptions/:subscription', (call) => json(subscriptionJson(call, find(call)))),
  route('PUT', 'subscriptions/:subscription', replace),
  route('DELETE', 'subscriptions/:subscription', remove),
  route('GET', 'subscriptions/:subscription/notifications', listNotifications),
  route('GET', 'subscriptions/:subscription/notifications/:notification', getNotification),
  route('POST', 'subscriptionsquery', query),
  route('POST', 'testnotifications', test),
];
