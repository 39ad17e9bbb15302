// Hands the counts on to the outbox and sends what is in it. A warehouse that can't be reached is told, and costs nothing but
// delay.

import type { Log } from '../reconcile/ports.ts';
import { type Outbox, type Warehouse, WarehouseFailed } from './outbox.ts';

export interface SenderOptions {
  readonly outbox: Pick<Outbox, 'handOnCounts' | 'send'>;
  /** Opened when it is first sent to. */
  readonly open: () => Promise<Warehouse>;
  readonly log: Log;
}

export function metricsSender({ outbox, open, log }: SenderOptions): () => Promise<void> {
  let opened: Promise<Warehouse> | null = null;
  return async () => {
    await outbox.handOnCounts();
    try {
      opened ??= open();
      await outbox.send(await opened);
    } catch (error) {
      if (!(error instanceof WarehouseFailed)) throw error;
      log.warn({ code: error.code }, 'the warehouse could not be reached: its rows are kept and sent again');
    }
  };
}
