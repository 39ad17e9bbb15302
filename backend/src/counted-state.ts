// The state store with what goes wrong counted by code: every run leaves its errors there, whoever started it.

import type { Scope, StateStore } from './reconcile/ports.ts';
import type { Metrics } from './telemetry/metrics.ts';

export function countedState(state: StateStore, metrics: Pick<Metrics, 'count'>): StateStore {
  const count = (scope: Scope, code: string) => metrics.count(scope, `errors.${code}`);
  return {
    ...state,
    async commit(scope, lease, patch, options) {
      const committed = await state.commit(scope, lease, patch, options);
      if (!committed) return false;
      for (const { code } of (patch.decisions ?? []).flatMap(({ codes }) => codes)) count(scope, code);
      return true;
    },
    async putItemError(scope, profileId, side, itemId, key, record, retry) {
      await state.putItemError(scope, profileId, side, itemId, key, record, retry);
      count(scope, record.error.code);
    },
  };
}
