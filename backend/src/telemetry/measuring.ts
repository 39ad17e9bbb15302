// Writes the counts of a process and sends what is measured, every so often, beside all other work: nothing that
// synchronizes waits for it, and no worker is taken by it.

import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../reconcile/ports.ts';
import type { Metrics } from './metrics.ts';

export interface Measuring {
  /** Writes the last counts. What is not sent yet is in the outbox. */
  stop(): Promise<void>;
}

export interface MeasuringOptions {
  readonly metrics: Pick<Metrics, 'flush'>;
  /** Null where there is no warehouse. */
  readonly send: (() => Promise<void>) | null;
  readonly sendEveryMs: number;
  readonly log: Log;
}

/** A process that is killed loses the counts of so long. */
const flushEveryMs = 10_000;
const stopWaitMs = 2_000;

/** Sends at once first: a process before may have left something. */
export function startMeasuring({ metrics, send, sendEveryMs, log }: MeasuringOptions): Measuring {
  let sending: Promise<void> | null = null;
  const flush = () =>
    metrics.flush().catch(() => log.warn({}, 'the counts could not be stored: kept for the next time'));
  const sendNow = () => {
    sending ??= (send?.() ?? Promise.resolve())
      .catch(() => log.warn({}, 'what is measured could not be sent: kept for the next time'))
      .finally(() => {
        sending = null;
      });
  };
  const timers = [setInterval(() => void flush(), flushEveryMs)];
  if (send !== null) {
    timers.push(setInterval(sendNow, sendEveryMs));
    sendNow();
  }
  for (const timer of timers) timer.unref();
  return {
    stop: async () => {
      for (const timer of timers) clearInterval(timer);
      await flush();
      await Promise.race([sending, delay(stopWaitMs, undefined, { ref: false })]);
    },
  };
}
