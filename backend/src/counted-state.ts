// The state store with what goes wrong counted by code: every run leaves its errors there, whoever started it.

import type { PairPatch, Scope, StateStore } from './reconcile/ports.ts';
import type { Metrics } from './telemetry/metrics.ts';

export function countedState(state: StateStore, metrics: Pick<Metrics, 'count'>): StateStore {
  const count = (scope: Scope, code: string) => metrics.count(scope, `errors.${code}`);
  const countDecided = (scope: Scope, { decisions = [] }: PairPatch) => {
    for (const { code } of decisions.flatMap(({ codes }) => codes)) count(scope, code);
  };
  return {
    ...state,
    async commit(scope, lease, patch, options) {
      const committed = await state.commit(scope, lease, patch, options);
      if (committed) countDecided(scope, patch);
      return committed;
    },
    async openLease(scope, opening, patch, now, ttlMs, options) {
      const lease = await state.openLease(scope, opening, patch, now, ttlMs, options);
      if (lease) countDecided(scope, patch);
      return lease;
    },
    async putItemError(scope, profileId, side, itemId, key, record, retry) {
      await state.putItemError(scope, profileId, side, itemId, key, record, retry);
      count(scope, record.error.code);
    },
  };
}
