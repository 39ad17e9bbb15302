// Where the pages' usage events go: into the warehouse's outbox, or, where there is no warehouse, into the counts.

import type { Scope } from '../reconcile/ports.ts';
import type { Metrics } from './metrics.ts';
import type { Outbox } from './outbox.ts';
import type { UsageEvent } from './usage-events.ts';

export interface Usage {
  record(scope: Scope, event: UsageEvent): Promise<void>;
}

/** `now` in epoch ms. */
export const warehouseUsage = (outbox: Pick<Outbox, 'add'>, now: () => number): Usage => ({
  record: ({ installationId }, { page, action, durationMs }) =>
    outbox.add(installationId, 'usage', {
      told_at: new Date(now()).toISOString(),
      installation: installationId,
      page,
      action,
      duration_ms: durationMs,
    }),
});

export const countedUsage = (metrics: Pick<Metrics, 'count'>): Usage => ({
  record: async (scope, { page, action, durationMs }) => {
    metrics.count(scope, `usage.${page}.${action}`);
    metrics.count(scope, `usage.${page}.${action}.ms`, durationMs);
  },
});
