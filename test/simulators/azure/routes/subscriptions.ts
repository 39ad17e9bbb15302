// Service hooks: what can be subscribed to, subscriptions, their notifications, and a test of one.
// https://learn.microsoft.com/rest/api/azure/devops/hooks/subscriptions
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import type { Subscription, SubscriptionInput, SubscriptionStatus } from '../hooks/board.ts';
import { CONFIDENTIAL, CONSUMER_INPUTS, EVENT_TYPES, PUBLISHER_INPUTS, RESOURCE_VERSIONS } from '../hooks/catalog.ts';
import { identityRef, type Json } from '../render.ts';
import { type Call, findProject, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { demand, personById } from '../store/people.ts';
import { body } from './read.ts';

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

export const inputsSchema = z
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

export function findSubscription(call: Call): Subscription {
  const id = (call.params.subscription ?? '').toLowerCase();
  const subscription = call.simulator.hooks.subscriptions.get(id);
  if (subscription !== undefined) return subscription;
  throw notFound(`No subscription could be found with id ${id}.`, 'SubscriptionNotFoundException');
}

export const demandEdit = (call: Call): void =>
  demand(call.simulator.world, call.caller.person.id, 'editSubscriptions');

async function create(call: Call): Promise<Response> {
  demandEdit(call);
  const given = await body(call, subscriptionSchema);
  return json(subscriptionJson(call, call.simulator.hooks.create(inputOf(call, given))));
}

async function replace(call: Call): Promise<Response> {
  demandEdit(call);
  const subscription = findSubscription(call);
  const given = await body(call, subscriptionSchema);
  call.simulator.hooks.replace(subscription, inputOf(call, given, subscription));
  return json(subscriptionJson(call, subscription));
}

function remove(call: Call): Response {
  demandEdit(call);
  call.simulator.hooks.delete(findSubscription(call).id);
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

export const hookRoute = (method: string, pattern: string, handler: Route['handler']): Route => ({
  method,
  pattern: `hooks/${pattern}`,
  scope: 'vso.work',
  handler,
});

export const HOOK_ROUTES: readonly Route[] = [
  hookRoute('GET', 'subscriptions', listSubscriptions),
  hookRoute('POST', 'subscriptions', create),
  hookRoute('GET', 'subscriptions/:subscription', (call) => json(subscriptionJson(call, findSubscription(call)))),
  hookRoute('PUT', 'subscriptions/:subscription', replace),
  hookRoute('DELETE', 'subscriptions/:subscription', remove),
  hookRoute('POST', 'subscriptionsquery', query),
];
