// Service hook subscriptions of one project: makes, lists, renews and removes those that point to one address of ours.

import { type AzureCall, type AzureClient, refusedFailure } from './client.ts';
import { hookEvents } from './events.ts';
import { projectSchema, subscriptionSchema, subscriptionsSchema, type WireSubscription } from './wire.ts';

export interface HookTarget {
  /** Project name or id. */
  readonly project: string;
  /** Where events are posted; the subscriptions of a project are known again by it. */
  readonly url: string;
  /** Basic authentication of the deliveries. The service never shows the password again. */
  readonly username: string;
  readonly password: string;
}

export type HookStatus = 'enabled' | 'probation' | 'disabled';

export interface Hook {
  readonly id: string;
  readonly event: string;
  /** The service stops a subscription after repeated failures, when its creator leaves, or when someone stops it. */
  readonly status: HookStatus;
  /** The service's own word, such as `disabledBySystem`. */
  readonly reason: string;
}

const scope = 'Edit subscriptions (service hooks)';

/**
 * Brings the project to one enabled subscription per event: creates what is missing, renews what is there (address, secret
 * and state), removes duplicates. Doing it twice changes nothing but the secret.
 */
export async function registerHooks(client: AzureClient, target: HookTarget): Promise<readonly Hook[]> {
  const projectId = await idOf(client, target.project);
  const present = await subscriptionsOf(client, projectId, target.url);
  const hooks: Hook[] = [];
  for (const event of hookEvents) {
    const [first, ...rest] = present.filter((subscription) => subscription.eventType === event);
    const body = subscription(event, projectId, target);
    for (const extra of rest) await remove(client, extra.id);
    const saved =
      first === undefined
        ? await client.call(write('POST hooks/subscriptions', 'POST', [], body), subscriptionSchema)
        : await client.call(
            write('PUT hooks/subscriptions/{id}', 'PUT', [first.id], { ...body, id: first.id, status: 'enabled' }),
            subscriptionSchema,
          );
    hooks.push(toHook(saved));
  }
  return hooks;
}

/** The subscriptions that post to the address, in no particular order. */
export async function listHooks(
  client: AzureClient,
  target: Pick<HookTarget, 'project' | 'url'>,
): Promise<readonly Hook[]> {
  const projectId = await idOf(client, target.project);
  return (await subscriptionsOf(client, projectId, target.url)).map(toHook);
}

/** Also those that someone made by hand for the same address. Missing ones are no error. */
export async function removeHooks(client: AzureClient, target: Pick<HookTarget, 'project' | 'url'>): Promise<void> {
  const projectId = await idOf(client, target.project);
  for (const { id } of await subscriptionsOf(client, projectId, target.url)) await remove(client, id);
}

/** Events that no enabled subscription delivers: what makes the profile depend on scans. */
export const missingEvents = (hooks: readonly Hook[]): readonly string[] =>
  hookEvents.filter((event) => !hooks.some((hook) => hook.event === event && hook.status === 'enabled'));

/** Subscriptions name projects by id only. */
async function idOf(client: AzureClient, project: string): Promise<string> {
  const found = await client.call(
    {
      operation: 'GET projects/{id}',
      method: 'GET',
      path: ['projects', project],
      endpoint: 'read',
      scope: 'Project and Team (Read)',
    },
    projectSchema,
  );
  return found.id;
}

async function subscriptionsOf(
  client: AzureClient,
  projectId: string,
  url: string,
): Promise<readonly WireSubscription[]> {
  const page = await client.call(
    {
      operation: 'GET hooks/subscriptions',
      method: 'GET',
      path: ['hooks', 'subscriptions'],
      query: { publisherId: 'tfs', consumerId: 'webHooks', consumerActionId: 'httpRequest' },
      endpoint: 'read',
      scope,
    },
    subscriptionsSchema,
  );
  return page.value.filter(
    ({ publisherInputs, consumerInputs }) => publisherInputs?.projectId === projectId && consumerInputs?.url === url,
  );
}

/**
 * The whole resource is asked for and no message: the reduced form has only `id`, `url` and `workItemId`, without the
 * revision that makes an echo of our own write recognizable without a call. events.ts cuts it on arrival.
 */
const subscription = (eventType: string, projectId: string, target: HookTarget) => ({
  publisherId: 'tfs',
  eventType,
  resourceVersion: '1.0',
  consumerId: 'webHooks',
  consumerActionId: 'httpRequest',
  publisherInputs: { projectId },
  consumerInputs: {
    url: target.url,
    basicAuthUsername: target.username,
    basicAuthPassword: target.password,
    resourceDetailsToSend: 'all',
    messagesToSend: 'none',
    detailedMessagesToSend: 'none',
  },
});

const write = (operation: string, method: 'POST' | 'PUT', id: readonly string[], value: unknown): AzureCall => ({
  operation,
  method,
  path: ['hooks', 'subscriptions', ...id],
  body: { kind: 'json', value },
  endpoint: 'write',
  scope,
});

async function remove(client: AzureClient, id: string): Promise<void> {
  const answer = await client.answer({
    operation: 'DELETE hooks/subscriptions/{id}',
    method: 'DELETE',
    path: ['hooks', 'subscriptions', id],
    endpoint: 'write',
    scope,
  });
  if (answer.kind === 'refused' && answer.status !== 404) throw refusedFailure(answer);
}

const toHook = ({ id, eventType, status }: WireSubscription): Hook => ({
  id,
  event: eventType,
  status: status === 'enabled' ? 'enabled' : status === 'onProbation' ? 'probation' : 'disabled',
  reason: status,
});
