// What was sent for a subscription, and how it went; and a test of one.
// https://learn.microsoft.com/rest/api/azure/devops/hooks/notifications
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import type { HookNotification, Subscription } from '../hooks/board.ts';
import { EVENT_TYPES } from '../hooks/catalog.ts';
import { type HookEvent, hookEvent } from '../hooks/payload.ts';
import type { Json } from '../render.ts';
import { type Call, json, list, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { latest } from '../store/model.ts';
import { mayRead } from '../store/people.ts';
import { body, integer } from './read.ts';
import { demandEdit, findSubscription, hookRoute, inputsSchema } from './subscriptions.ts';

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
  const subscription = findSubscription(call);
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
  const subscription = findSubscription(call);
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

export const NOTIFICATION_ROUTES: readonly Route[] = [
  hookRoute('GET', 'subscriptions/:subscription/notifications', listNotifications),
  hookRoute('GET', 'subscriptions/:subscription/notifications/:notification', getNotification),
  hookRoute('POST', 'testnotifications', test),
];
