// A pair under a lease: the pair as last committed, and the one way to change it. Every write is fenced.

import type { Side } from '../sync/model.ts';
import {
  type ChildPair,
  type CommitOptions,
  type DecidedOperation,
  type EngineDeps,
  type Lease,
  LeaseLost,
  type Pair,
  type PairPatch,
  type Scope,
} from './ports.ts';

/** How soon a job that found its pair leased looks again, in ms. */
export const leaseRetryMs = 500;

type DeferredPatch = Omit<PairPatch, 'children' | 'forgotten' | 'decisions'>;

export class LeasedPair {
  readonly #deps: EngineDeps;
  readonly #scope: Scope;
  readonly lease: Lease;
  #pair: Pair;
  #deferred: DeferredPatch = {};
  #removed = false;
  #released = false;
  #written: DecidedOperation[] = [];

  constructor(deps: EngineDeps, scope: Scope, lease: Lease, pair: Pair) {
    this.#deps = deps;
    this.#scope = scope;
    this.lease = lease;
    this.#pair = pair;
  }

  get pair(): Pair {
    return this.#pair;
  }

  /** Throws LeaseLost when a newer lease exists. Nothing can be committed after one that releases. */
  async commit(patch: PairPatch, options: CommitOptions = {}): Promise<void> {
    const whole = { ...this.#deferred, ...patch };
    const kept = await this.#deps.state.commit(this.#scope, this.lease, whole, options);
    if (!kept) throw new LeaseLost(this.#pair.id);
    this.#deferred = {};
    this.#released ||= options.release ?? false;
    const { children: _, forgotten: __, decisions: ___, ...rest } = patch;
    this.#pair = { ...this.#pair, ...rest };
  }

  /** Recorded with the next commit. For what a run that dies before it finds out again, from a write intent. */
  defer(patch: DeferredPatch): void {
    this.#deferred = { ...this.#deferred, ...patch };
    this.#pair = { ...this.#pair, ...patch };
  }

  /** Gives the lease back, unless a commit did; what was deferred is recorded. */
  async end(): Promise<void> {
    if (this.#released || this.#removed) return;
    if (Object.keys(this.#deferred).length > 0) await this.commit({}, { release: true });
    else await this.#deps.state.releaseLease(this.#scope, this.lease);
  }

  /** Notes what was written, for the decision that tells of this run, however it ends. */
  note(operation: DecidedOperation): void {
    this.#written.push(operation);
  }

  /** What was written since this was last asked. */
  takeWritten(): readonly DecidedOperation[] {
    const written = this.#written;
    this.#written = [];
    return written;
  }

  /** Removes the pair with its claims: nothing landed. Throws LeaseLost. */
  async remove(): Promise<void> {
    await this.#deps.state.removePair(this.#scope, this.lease);
    this.#removed = true;
  }

  /** The item of one side is free for other pairs. Throws LeaseLost. */
  async release(siteId: string, side: Side): Promise<void> {
    await this.#deps.state.releaseItem(this.#scope, this.lease, siteId, side);
    this.#pair = { ...this.#pair, ids: { ...this.#pair.ids, [side]: null } };
  }

  /** The pair is another profile's from now on. Throws LeaseLost. */
  async handOver(profileId: string): Promise<void> {
    await this.#deps.state.handOver(this.#scope, this.lease, profileId);
    this.#pair = { ...this.#pair, profileId };
  }

  get removed(): boolean {
    return this.#removed;
  }

  get released(): boolean {
    return this.#released;
  }

  children(kind: ChildPair['kind']): Promise<readonly ChildPair[]> {
    return this.#deps.state.children(this.#scope, this.#pair.id, kind);
  }

  /** Completes a pair in `creating`; returns the owner when the counterpart's claim is taken. */
  async complete(sites: { jira: string; azure: string }, patch: PairPatch): Promise<{ claimedBy: string } | null> {
    const taken = await this.#deps.state.completePair(this.#scope, this.lease, sites, patch);
    if (taken === null) {
      const { children: _, forgotten: __, decisions: ___, ...rest } = patch;
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
  const leased = new LeasedPair(deps, scope, taken.lease, taken.pair);
  const stop = keepAlive(deps, scope, taken.lease);
  try {
    return await work(leased);
  } finally {
    stop();
    await leased.end();
  }
}

/**
 * Renews the lease for as long as this process lives, so that it may be short: a long upload keeps it, and a dead
 * worker's pair is free soon. One that was lost is noticed at the next commit.
 */
function keepAlive(deps: EngineDeps, scope: Scope, lease: Lease): () => void {
  const { leaseMs } = deps.timing;
  const timer = setInterval(() => {
    deps.state.renewLease(scope, lease, deps.now(), leaseMs).catch(() => {
      deps.log.warn({ installation: scope.installationId, pair: lease.pairId }, 'a lease could not be renewed');
    });
  }, leaseMs / 3);
  timer.unref();
  return () => clearInterval(timer);
}
