// Counts what the service does, by run of the queue: calls to either side, statements of the database. Everything that
// happens while a run's handler works is that run's, however many run at once.

import { AsyncLocalStorage } from 'node:async_hooks';
import pg from 'pg';
import type { CallRecord } from '../../backend/src/http/transport.ts';
import type { TaskHandlers } from '../../backend/src/jobs/tasks.ts';
import type { Side } from '../../backend/src/sync/model.ts';
import { exactNow } from './process.ts';

export interface MeteredCall extends CallRecord {
  /** When the answer had come, epoch ms. */
  readonly endedAt: number;
}

/** A run of one item's job. */
export interface ItemRun {
  /** The side whose event or scan queued it. */
  readonly side: Side;
  readonly itemId: string;
  readonly calls: MeteredCall[];
  statements: number;
}

export interface Meter {
  onCall(call: CallRecord): void;
  wrap(handlers: TaskHandlers): TaskHandlers;
  /** What was counted since the last time. */
  take(): Metered;
}

export interface Metered {
  readonly itemRuns: readonly ItemRun[];
  /** All calls, those of scans and catalogs included. */
  readonly calls: readonly MeteredCall[];
  readonly statements: {
    /** Of items' runs. */
    readonly engine: number;
    /** All others: the queue's own, routes, schedules. */
    readonly around: number;
  };
}

/** How often each operation was called, by side, the most frequent first. */
export function tally(calls: readonly CallRecord[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { side, operation } of calls) {
    const name = `${side} ${operation}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

export function startMeter(): Meter {
  const present = new AsyncLocalStorage<ItemRun>();
  let itemRuns: ItemRun[] = [];
  let calls: MeteredCall[] = [];
  let statements = { engine: 0, around: 0 };

  const query = pg.Client.prototype.query as (...args: unknown[]) => unknown;
  pg.Client.prototype.query = function counted(this: pg.Client, ...args: unknown[]) {
    const run = present.getStore();
    if (run) {
      run.statements += 1;
      statements.engine += 1;
    } else statements.around += 1;
    return query.apply(this, args);
  } as typeof pg.Client.prototype.query;

  return {
    onCall(call) {
      const metered = { ...call, endedAt: exactNow() };
      calls.push(metered);
      present.getStore()?.calls.push(metered);
    },
    wrap: (handlers) => ({
      ...handlers,
      'reconcile-item': (job, context) => {
        const run: ItemRun = { side: job.side, itemId: job.itemId, calls: [], statements: 0 };
        itemRuns.push(run);
        return present.run(run, () => handlers['reconcile-item'](job, context));
      },
    }),
    take() {
      const taken = { itemRuns, calls, statements };
      itemRuns = [];
      calls = [];
      statements = { engine: 0, around: 0 };
      return taken;
    },
  };
}
