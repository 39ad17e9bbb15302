// A pair under a lease: the pair as last committed, and the one way to change it. Every write is fenced.

import {
  type ChildPair,
  type EngineDeps,
  type Lease,
  LeaseLost,
  type Pair,
  type PairPatch,
  type Scope,
} from './ports.ts';

export class LeasedPair {
  readonly #deps: EngineDeps;
  readonly #scope: Scope;
  readonly lease: Lease;
  #pair: Pair;

  constructor(deps: EngineDeps, scope: Scope, lease: Lease, pair: Pair) {
    this.#deps = deps;
    this.#scope = scope;
    this.lease = lease;
    this.#pair = pair;
  }

  get pair(): Pair {
    return this.#pair;
  }

  /** Throws LeaseLost when a newer lease exists. */
  async commit(patch: PairPatch): Promise<void> {
    const kept = await this.#deps.state.commit(this.#scope, this.lease, patch);
    if (!kept) throw new LeaseLost(this.#pair.id);
    const { children: _, ...rest } = patch;
    this.#pair = { ...this.#pair, ...rest };
  }

  children(kind: ChildPair['kind']): Promise<readonly ChildPair[]> {
    return this.#deps.state.children(this.#scope, this.#pair.id, kind);
  }

  /** Completes a pair in `creating`; returns the owner when the counterpart's claim is taken. */
  async complete(sites: { jira: string; azure: string }, patch: PairPatch): Promise<{ claimedBy: string } | null> {
    const taken = await this.#deps.state.completePair(this.#scope, this.lease, sites, patch);
    if (taken === null) {
      const { children: _, ...rest } = patch;
      this.#pair = { ...this.#pair, ...rest };
    }
    return taken;
  }
}

/** Runs `work` under the pair's lease and releases it whatever happens; null when another lease is live. */
export async function withLease<T>(
  deps: EngineDeps,
  scope: Scope,
  pairId: string,
  work: (leased: LeasedPair) => Promise<T>,
): Promise<T | null> {
  const taken = await deps.state.acquireLease(scope, pairId, deps.now(), deps.timing.leaseMs);
  if (taken === null) return null;
  try {
    return await work(new LeasedPair(deps, scope, taken.lease, taken.pair));
  } finally {
    await deps.state.releaseLease(scope, taken.lease);
  }
}
