// Delivers a simulator's events to whoever subscribed, at least once, with the disorder that a test asks for.
// What an event says is the simulator's business.
import { z } from 'zod';
import type { VirtualClock } from './clock.ts';

export interface SimulatorEvent {
  /** Unique; a duplicate carries the same one. */
  readonly id: string;
  /** Such as `avi:jira:updated:issue` or `workitem.updated`. */
  readonly type: string;
  /** When it happened, milliseconds since the epoch. */
  readonly at: number;
  /** The raw event as the service sends it. */
  readonly body: unknown;
}

export interface EventSubscriber {
  readonly id: string;
  /** Resolves when the receiver has taken the event; a rejection makes another attempt. */
  deliver(event: SimulatorEvent, attempt: number): Promise<void>;
  /** Only events for which this holds are delivered. */
  wants?(event: SimulatorEvent): boolean;
  /** Milliseconds before the second, third… attempt; the event is given up after the last. */
  readonly retryDelaysMs?: readonly number[];
  /** Told when an event is given up. */
  gaveUp?(event: SimulatorEvent, error: unknown): void;
}

/** What POST /_control/events takes. `ms` is how long `delay` and `reorder` hold events back. */
export const eventModeSchema = z.strictObject({
  mode: z.enum(['deliver', 'drop', 'duplicate', 'delay', 'reorder']),
  ms: z.int().min(0).optional(),
});

export type EventModeInput = z.infer<typeof eventModeSchema>;
export type EventMode = EventModeInput['mode'];

export interface EventsReport {
  readonly mode: EventMode;
  readonly ms: number;
  /** Held back, waiting for an attempt, or under way. */
  readonly pending: number;
  readonly published: number;
  /** Attempts that were taken. */
  readonly delivered: number;
  /** Attempts that were not. */
  readonly failed: number;
  /** Events given up after the last attempt. */
  readonly givenUp: number;
  readonly dropped: number;
  readonly subscribers: readonly string[];
}

export interface EventBus {
  subscribe(subscriber: EventSubscriber): () => void;
  publish(event: SimulatorEvent): void;
  /** Held events are let go before the new mode begins. */
  setMode(mode: EventModeInput): void;
  report(): EventsReport;
  /** Resolves when nothing is pending. */
  idle(): Promise<void>;
}

const DEFAULT_HOLD_MS = 500;
const DEFAULT_RETRY_DELAYS_MS = [1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 60_000];

export function createEventBus(clock: VirtualClock): EventBus {
  const lanes = new Map<string, { subscriber: EventSubscriber; tail: Promise<void> }>();
  const counts = { published: 0, delivered: 0, failed: 0, givenUp: 0, dropped: 0 };
  let mode: EventMode = 'deliver';
  let holdMs = DEFAULT_HOLD_MS;
  let held: SimulatorEvent[] = [];
  let cancelRelease: (() => void) | undefined;
  let pending = 0;
  let idleWaiters: (() => void)[] = [];

  const settle = (): void => {
    pending -= 1;
    if (pending > 0) return;
    const waiters = idleWaiters;
    idleWaiters = [];
    for (const done of waiters) done();
  };

  /** First attempts of one subscriber keep their order; a retry waits beside them and blocks nobody. */
  const attempt = async (subscriber: EventSubscriber, event: SimulatorEvent, number: number): Promise<void> => {
    if (!lanes.has(subscriber.id)) return settle();
    try {
      await subscriber.deliver(event, number);
      counts.delivered += 1;
      settle();
    } catch (error) {
      counts.failed += 1;
      const delay = (subscriber.retryDelaysMs ?? DEFAULT_RETRY_DELAYS_MS)[number - 1];
      if (delay === undefined) {
        counts.givenUp += 1;
        settle();
        subscriber.gaveUp?.(event, error);
      } else {
        clock.schedule(delay, () => attempt(subscriber, event, number + 1));
      }
    }
  };

  const send = (event: SimulatorEvent): Promise<unknown> => {
    const sent: Promise<void>[] = [];
    for (const lane of lanes.values()) {
      if (lane.subscriber.wants && !lane.subscriber.wants(event)) continue;
      pending += 1;
      const next = (): Promise<void> => attempt(lane.subscriber, event, 1);
      lane.tail = lane.tail.then(next, next);
      sent.push(lane.tail);
    }
    return Promise.all(sent);
  };

  const release = (): Promise<unknown> => {
    cancelRelease?.();
    cancelRelease = undefined;
    const events = held.reverse();
    held = [];
    const sent = events.map(send);
    for (const _ of events) settle();
    return Promise.all(sent);
  };

  const publish = (event: SimulatorEvent): void => {
    counts.published += 1;
    switch (mode) {
      case 'deliver':
        void send(event);
        return;
      case 'drop':
        counts.dropped += 1;
        return;
      case 'duplicate':
        void send(event);
        void send(event);
        return;
      case 'delay':
        pending += 1;
        clock.schedule(holdMs, () => {
          const sent = send(event);
          settle();
          return sent.then(() => {});
        });
        return;
      case 'reorder':
        pending += 1;
        held.push(event);
        cancelRelease ??= clock.schedule(holdMs, () => release().then(() => {}));
        return;
      default:
        mode satisfies never;
    }
  };

  return {
    subscribe(subscriber) {
      lanes.set(subscriber.id, { subscriber, tail: Promise.resolve() });
      return () => void lanes.delete(subscriber.id);
    },
    publish,
    setMode(next) {
      void release();
      mode = next.mode;
      holdMs = next.ms ?? DEFAULT_HOLD_MS;
    },
    report: () => ({ mode, ms: holdMs, pending, ...counts, subscribers: [...lanes.keys()] }),
    idle: () => (pending === 0 ? Promise.resolve() : new Promise((resolve) => idleWaiters.push(resolve))),
  };
}
