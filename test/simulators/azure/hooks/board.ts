// Service hook subscriptions at work: which event goes where, how it is delivered, and when a subscription is given up.
// All by https://learn.microsoft.com/azure/devops/service-hooks/troubleshoot: 410 ends a subscription at once; 408, 502, 503 and 504
// are sent again up to eight times. Any other failure, and the last of those, puts it on probation: what failed is sent again up to
// seven times, new events are lost meanwhile, a success ends the probation, and the last failure ends the subscription.
// The page does not say what no answer at all and 429 count as; here they pass.
import type { VirtualClock } from '../../kernel/clock.ts';
import type { EventBus, SimulatorEvent } from '../../kernel/events.ts';
import type { View } from '../render.ts';
import { latestVersion } from '../store/comments.ts';
import { guidOf } from '../store/ids.ts';
import { projectOf } from '../store/lookups.ts';
import type { WorkItemHappening } from '../store/save.ts';
import { splitTags } from '../store/values.ts';
import { deliveryBody, type HookEvent, hookEvent } from './payload.ts';

export type SubscriptionStatus = 'enabled' | 'onProbation' | 'disabledByUser' | 'disabledBySystem';

export interface Subscription {
  readonly id: string;
  eventType: string;
  resourceVersion: string;
  publisherInputs: Readonly<Record<string, string>>;
  consumerInputs: Readonly<Record<string, string>>;
  status: SubscriptionStatus;
  probationRetries: number;
  lastProbationRetryAt: number | undefined;
  readonly createdBy: string;
  readonly createdAt: number;
  modifiedBy: string;
  modifiedAt: number;
}

export interface HookNotification {
  readonly id: number;
  readonly subscriptionId: string;
  readonly event: HookEvent;
  readonly createdAt: number;
  modifiedAt: number;
  attempts: number;
  status: 'queued' | 'requestInProgress' | 'completed';
  result: 'pending' | 'succeeded' | 'failed' | 'filtered';
  errorMessage: string | undefined;
  response: string | undefined;
}

export type SubscriptionInput = Pick<
  Subscription,
  'eventType' | 'resourceVersion' | 'publisherInputs' | 'consumerInputs'
> & {
  readonly by: string;
  readonly status?: SubscriptionStatus;
};

/** Milliseconds before each attempt after the first, of a delivery that failed in passing. */
export const RETRY_DELAYS_MS = [1, 2, 4, 8, 16, 32, 60, 60].map((seconds) => seconds * 1_000);
/** Milliseconds before each attempt of a probation. */
export const PROBATION_DELAYS_MS = [20, 40, 80, 160, 320, 640, 900].map((minutes) => minutes * 60_000);

const REQUEST_TIMEOUT_MS = 100_000;
const KEPT_NOTIFICATIONS = 500;
const KEPT_EVENTS = 5_000;
const TRANSIENT = new Set([408, 429, 502, 503, 504]);

class Transient extends Error {}

export interface HookBoardDeps {
  readonly clock: VirtualClock;
  readonly events: EventBus;
  readonly view: () => View;
  readonly fetch: typeof fetch;
}

export class HookBoard {
  readonly subscriptions = new Map<string, Subscription>();
  readonly notifications: HookNotification[] = [];
  private readonly deps: HookBoardDeps;
  private readonly leave = new Map<string, () => void>();
  private readonly happenings = new Map<string, WorkItemHappening>();
  private readonly published = new Map<string, HookEvent>();
  private counter = 0;

  constructor(deps: HookBoardDeps) {
    this.deps = deps;
  }

  /** Rendered at once: a later change does not show in an earlier event. */
  happened(happening: WorkItemHappening): void {
    const { events } = this.deps;
    if (this.subscriptions.size === 0 && events.report().subscribers.length === 0) return;
    const body = hookEvent(this.deps.view(), happening);
    this.happenings.set(body.id, happening);
    this.published.set(body.id, body);
    this.forgetOld();
    events.publish({ id: body.id, type: happening.type, at: happening.at, body });
  }

  create(input: SubscriptionInput): Subscription {
    this.counter += 1;
    const now = this.deps.clock.now();
    const { by, status, ...rest } = input;
    const subscription: Subscription = {
      ...rest,
      id: guidOf(`subscription:${this.counter}:${now}`),
      status: status ?? 'enabled',
      probationRetries: 0,
      lastProbationRetryAt: undefined,
      createdBy: by,
      createdAt: now,
      modifiedBy: by,
      modifiedAt: now,
    };
    this.subscriptions.set(subscription.id, subscription);
    this.leave.set(
      subscription.id,
      this.deps.events.subscribe({
        id: `subscription ${subscription.id}`,
        wants: (event) => this.wants(subscription, event),
        deliver: (event, attempt) => this.deliver(subscription, event, attempt),
        retryDelaysMs: RETRY_DELAYS_MS,
        gaveUp: (event) => this.putOnProbation(subscription, this.notificationOf(subscription, event.id)),
      }),
    );
    return subscription;
  }

  replace(subscription: Subscription, input: SubscriptionInput): void {
    const { by, status, ...rest } = input;
    Object.assign(subscription, rest);
    subscription.modifiedBy = by;
    subscription.modifiedAt = this.deps.clock.now();
    subscription.status = status ?? 'enabled';
    subscription.probationRetries = 0;
    subscription.lastProbationRetryAt = undefined;
  }

  delete(id: string): void {
    this.subscriptions.delete(id);
    this.leave.get(id)?.();
    this.leave.delete(id);
  }

  clear(): void {
    for (const id of [...this.subscriptions.keys()]) this.delete(id);
    this.notifications.length = 0;
    this.happenings.clear();
    this.published.clear();
  }

  notificationsOf(subscriptionId: string): readonly HookNotification[] {
    return this.notifications.filter((one) => one.subscriptionId === subscriptionId);
  }

  /** Sends once, now, whatever the filters say. */
  async test(subscription: Subscription, event: HookEvent): Promise<HookNotification> {
    const notification = this.note(subscription, event);
    try {
      await this.post(subscription, notification);
    } catch {
      // The notification tells how it went.
    }
    return notification;
  }

  private wants(subscription: Subscription, event: SimulatorEvent): boolean {
    if (subscription.eventType !== event.type) return false;
    const happening = this.happenings.get(event.id);
    if (happening === undefined || !matches(this.deps.view(), subscription, happening)) return false;
    return subscription.status === 'enabled';
  }

  private notificationOf(subscription: Subscription, eventId: string): HookNotification | undefined {
    return this.notifications.findLast((one) => one.subscriptionId === subscription.id && one.event.id === eventId);
  }

  private async deliver(subscription: Subscription, event: SimulatorEvent, attempt: number): Promise<void> {
    const body = this.published.get(event.id);
    if (body === undefined || !this.subscriptions.has(subscription.id)) return;
    if (subscription.status === 'disabledBySystem' || subscription.status === 'disabledByUser') return;
    const again = attempt > 1 ? this.notificationOf(subscription, event.id) : undefined;
    await this.post(subscription, again ?? this.note(subscription, body));
  }

  private note(subscription: Subscription, event: HookEvent): HookNotification {
    const now = this.deps.clock.now();
    const notification: HookNotification = {
      id: this.notificationsOf(subscription.id).reduce((last, one) => Math.max(last, one.id), 0) + 1,
      subscriptionId: subscription.id,
      event,
      createdAt: now,
      modifiedAt: now,
      attempts: 0,
      status: 'queued',
      result: 'pending',
      errorMessage: undefined,
      response: undefined,
    };
    this.notifications.push(notification);
    if (this.notifications.length > KEPT_NOTIFICATIONS)
      this.notifications.splice(0, this.notifications.length - KEPT_NOTIFICATIONS);
    return notification;
  }

  /** Rejects with Transient when another attempt is due. */
  private async post(subscription: Subscription, notification: HookNotification): Promise<void> {
    notification.attempts += 1;
    notification.status = 'requestInProgress';
    const status = await this.send(subscription, notification).catch(() => 0);
    notification.modifiedAt = this.deps.clock.now();
    if (status >= 200 && status < 300) {
      notification.status = 'completed';
      notification.result = 'succeeded';
      subscription.status = subscription.status === 'onProbation' ? 'enabled' : subscription.status;
      subscription.probationRetries = 0;
      return;
    }
    notification.errorMessage = status === 0 ? 'The endpoint did not answer.' : `The endpoint answered ${status}.`;
    notification.result = 'failed';
    if (status === 0 || TRANSIENT.has(status)) {
      notification.status = 'queued';
      throw new Transient(notification.errorMessage);
    }
    notification.status = 'completed';
    if (status === 410) subscription.status = 'disabledBySystem';
    else this.putOnProbation(subscription, notification);
  }

  private putOnProbation(subscription: Subscription, notification: HookNotification | undefined): void {
    if (subscription.status !== 'enabled' || notification === undefined) return;
    subscription.status = 'onProbation';
    subscription.probationRetries = 0;
    this.scheduleProbation(subscription, notification);
  }

  private scheduleProbation(subscription: Subscription, notification: HookNotification): void {
    const { clock } = this.deps;
    const delay = PROBATION_DELAYS_MS[subscription.probationRetries];
    if (delay === undefined) {
      subscription.status = 'disabledBySystem';
      return;
    }
    const { modifiedAt } = subscription;
    clock.schedule(delay, async () => {
      // Deleted, or set anew by a person meanwhile.
      const same = this.subscriptions.get(subscription.id) === subscription && subscription.modifiedAt === modifiedAt;
      if (!same || subscription.status !== 'onProbation') return;
      subscription.lastProbationRetryAt = clock.now();
      subscription.probationRetries += 1;
      // While on probation a transient failure counts as any other does.
      await this.post(subscription, notification).catch(() => {});
      if (subscription.status === 'onProbation') this.scheduleProbation(subscription, notification);
    });
  }

  private async send(subscription: Subscription, notification: HookNotification): Promise<number> {
    const inputs = subscription.consumerInputs;
    const headers = new Headers({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'VSServices/19.230',
    });
    for (const line of (inputs.httpHeaders ?? '').split(/\r?\n/)) {
      const colon = line.indexOf(':');
      if (colon > 0) headers.set(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    }
    const user = inputs.basicAuthUsername ?? '';
    const password = inputs.basicAuthPassword ?? '';
    if (user !== '' || password !== '') {
      headers.set('authorization', `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`);
    }
    const body = deliveryBody(notification.event, {
      subscriptionId: subscription.id,
      notificationId: notification.id,
      resourceVersion: subscription.resourceVersion,
      resourceDetailsToSend: inputs.resourceDetailsToSend ?? 'all',
      messagesToSend: inputs.messagesToSend ?? 'all',
      detailedMessagesToSend: inputs.detailedMessagesToSend ?? 'all',
    });
    const response = await this.deps.fetch(inputs.url ?? '', {
      method: 'POST',
      headers,
      body: JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    });
    notification.response = (await response.text()).slice(0, 1000);
    return response.status;
  }

  private forgetOld(): void {
    for (const id of this.published.keys()) {
      if (this.published.size <= KEPT_EVENTS) return;
      this.published.delete(id);
      this.happenings.delete(id);
    }
  }
}

function matches(view: View, subscription: Subscription, happening: WorkItemHappening): boolean {
  const inputs = subscription.publisherInputs;
  const wanted = (name: string): string => inputs[name] ?? '';
  const { revision, update, comment } = happening;
  const { fields } = revision;
  if (wanted('projectId') !== '' && projectOf(view.world, revision).id !== wanted('projectId').toLowerCase())
    return false;
  const type = wanted('workItemType').toLowerCase();
  if (type !== '' && type !== String(fields['System.WorkItemType']).toLowerCase()) return false;
  const area = wanted('areaPath').replace(/^\\+/, '').toLowerCase();
  const path = String(fields['System.AreaPath']).toLowerCase();
  if (area !== '' && path !== area && !path.startsWith(`${area}\\`)) return false;
  const tag = wanted('tag').toLowerCase();
  if (tag !== '' && !splitTags(fields['System.Tags']).some((one) => one.toLowerCase() === tag)) return false;
  const field = wanted('changedFields').toLowerCase();
  if (field !== '' && !Object.keys(update?.fields ?? {}).some((one) => one.toLowerCase() === field)) return false;
  if (/^true$/i.test(wanted('linksChanged')) && update?.relations === undefined) return false;
  const pattern = wanted('commentPattern').toLowerCase();
  return pattern === '' || (comment !== undefined && latestVersion(comment).text.toLowerCase().includes(pattern));
}
