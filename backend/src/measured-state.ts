// The state store with how each profile keeps up: a run's decision is recorded there, whoever started it, with the versions
// that tell when the change was made.

import type { Decision, Lease, Opening, Pair, PairPatch, Scope, StateStore } from './reconcile/ports.ts';
import { otherSide } from './sync/model.ts';
import type { ProfileFigures } from './telemetry/profile-figures.ts';

const carried: ReadonlySet<Decision['what']> = new Set(['created', 'found', 'linked', 'updated', 'retyped']);
/** What was changed longer ago waited for an admin, or was there before the profile. */
const longestLagMs = 24 * 60 * 60_000;

/** `now` in epoch ms. */
export function measuredState(
  state: StateStore,
  figures: Pick<ProfileFigures, 'count'>,
  now: () => number,
): StateStore {
  /** Until the run of the lease was counted: one that creates a counterpart also brings what the creation did not carry. */
  const leased = new WeakMap<Lease, Pick<Pair, 'profileId' | 'versions'>>();
  const seen = new WeakMap<Opening, Pair>();

  const count = (scope: Scope, lease: Lease, patch: PairPatch) => {
    const pair = leased.get(lease);
    if (!pair) return;
    for (const decision of patch.decisions ?? []) {
      const failed = decision.what === 'failed';
      if (!failed && !carried.has(decision.what)) continue;
      leased.delete(lease);
      figures.count(scope, pair.profileId, { failed, lagMs: lagOf(decision, patch.versions ?? pair.versions) });
      return;
    }
  };

  /** From the change of the side that was read to now, when it is on the side that was written. */
  const lagOf = ({ what, operations }: Decision, versions: Pair['versions']): number | null => {
    const [written] = operations;
    if (what !== 'updated' || written === undefined) return null;
    const changedAt = versions[otherSide(written.side)].fields?.at;
    if (changedAt === undefined) return null;
    const lag = now() - changedAt;
    return lag >= 0 && lag <= longestLagMs ? lag : null;
  };

  return {
    ...state,
    async seePair(scope, pairId) {
      const found = await state.seePair(scope, pairId);
      if (found?.opening) seen.set(found.opening, found.pair);
      return found;
    },
    async openLease(scope, opening, patch, at, ttlMs, options) {
      const lease = await state.openLease(scope, opening, patch, at, ttlMs, options);
      const pair = seen.get(opening);
      if (lease && pair) {
        leased.set(lease, pair);
        count(scope, lease, patch);
      }
      return lease;
    },
    async acquireLease(scope, pairId, at, ttlMs) {
      const taken = await state.acquireLease(scope, pairId, at, ttlMs);
      if (taken) leased.set(taken.lease, taken.pair);
      return taken;
    },
    async commit(scope, lease, patch, options) {
      const committed = await state.commit(scope, lease, patch, options);
      if (committed) count(scope, lease, patch);
      return committed;
    },
    async completePair(scope, lease, sites, patch) {
      const taken = await state.completePair(scope, lease, sites, patch);
      if (taken === null) count(scope, lease, patch);
      return taken;
    },
  };
}
