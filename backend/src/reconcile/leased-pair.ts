// A pair under a lease, or on the way to one: the pair as last committed, and the one way to change it. Every write is fenced.

import type { Side } from '../sync/model.ts';
import {
  type ChildPair,
  type CommitOptions,
  type DecidedOperation,
  type EngineDeps,
  type Lease,
  LeaseLost,
  type Opening,
  type Pair,
  type PairPatch,
  type Scope,
  type SeenPair,
  type StateStore,
} from './ports.ts';

/** How soon a job that found its pair leased looks again, in ms. */
export const leaseRetryMs = 500;

type DeferredPatch = Omit<PairPatch, 'children' | 'forgotten' | 'decisions'>;

export class LeasedPair {
  readonly #deps: EngineDeps;
  readonly #scope: Scope;
  readonly #opening: Opening | null;
  /** Null until it is taken. */
  #lease: Promise<Lease> | null = null;
  #stopRenewing = () => {};
  #pair: Pair;
  #deferred: DeferredPatch = {};
  #removed = false;
  #released = false;
  #written: DecidedOperation[] = [];

  /** With an opening the lease is taken by the first commit, or by `hold` before that. */
  constructor(
    deps: EngineDeps,
    scope: Scope,
    pair: Pair,
    from: { readonly lease: Lease } | { readonly opening: Opening },
  ) {
    this.#deps = deps;
    this.#scope = scope;
    this.#pair = pair;
    this.#opening = 'opening' in from ? from.opening : null;
    if ('lease' in from) this.#take(from.lease);
  }

  get pair(): Pair {
    return this.#pair;
  }

  /**
   * The lease, taken now unless it was. What writes to a side, or has an effect that can't be taken back, waits for it.
   * Throws LeaseLost.
   */
  hold(): Promise<Lease> {
    return this.#lease ?? this.#open({});
  }

  /** Throws LeaseLost when a newer lease exists. Nothing can be committed after one that releases. */
  async commit(patch: PairPatch, options: CommitOptions = {}): Promise<void> {
    await this.#write({ ...this.#deferred, ...patch }, options);
    this.#deferred = {};
    this.#released ||= options.release ?? false;
    const { children: _, forgotten: __, decisions: ___, ...rest } = patch;
    this.#pair = { ...this.#pair, ...rest };
  }

  async #write(patch: PairPatch, options: CommitOptions): Promise<void> {
    if (this.#lease === null) {
      await this.#open(patch, options);
    } else if (!(await this.#deps.state.commit(this.#scope, await this.#lease, patch, options))) {
      throw new LeaseLost(this.#pair.id);
    }
  }

  #open(patch: PairPatch, options: CommitOptions = {}): Promise<Lease> {
    const { state, now, timing } = this.#deps;
    const open = async (): Promise<Lease> => {
      const lease =
        this.#opening && (await state.openLease(this.#scope, this.#opening, patch, now(), timing.leaseMs, options));
      if (lease === null) throw new LeaseLost(this.#pair.id);
      if (!options.release) this.#take(lease);
      return lease;
    };
    this.#lease = open().catch((thrown: unknown) => {
      this.#lease = null;
      throw thrown;
    });
    return this.#lease;
  }

  #take(lease: Lease): void {
    this.#lease = Promise.resolve(lease);
    this.#stopRenewing = keepAlive(this.#deps, this.#scope, lease);
  }

  /** Recorded with the next commit. For what a run that dies before it finds out again, from a write intent. */
  defer(patch: DeferredPatch): void {
    this.#deferred = { ...this.#deferred, ...patch };
    this.#pair = { ...this.#pair, ...patch };
  }

  /** Gives the lease back, unless a commit did; what was deferred is recorded. */
  async end(): Promise<void> {
    this.#stopRenewing();
    if (this.#released || this.#removed) return;
    if (Object.keys(this.#deferred).length > 0) await this.commit({}, { release: true });
    else if (this.#lease !== null) await this.#deps.state.releaseLease(this.#scope, await this.#lease);
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
    await this.#deps.state.removePair(this.#scope, await this.hold());
    this.#removed = true;
  }

  /** The item of one side is free for other pairs. Throws LeaseLost. */
  async release(siteId: string, side: Side): Promise<void> {
    await this.#deps.state.releaseItem(this.#scope, await this.hold(), siteId, side);
    this.#pair = { ...this.#pair, ids: { ...this.#pair.ids, [side]: null } };
  }

  /** The pair is another profile's from now on. Throws LeaseLost. */
  async handOver(profileId: string): Promise<void> {
    await this.#deps.state.handOver(this.#scope, await this.hold(), profileId);
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
    const taken = await this.#deps.state.completePair(this.#scope, await this.hold(), sites, patch);
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
  return taken && run(new LeasedPair(deps, scope, taken.pair, taken), work);
}

/**
 * The same for a pair that was just read, without reading it again: the lease is taken with the first commit of `work`,
 * which throws LeaseLost where anybody had the pair since. Null as well when this process works on the pair already: two
 * that begin at once would both read both sides, one of them for nothing.
 */
export async function withSeen<T>(
  deps: EngineDeps,
  scope: Scope,
  { pair, opening }: SeenPair,
  work: (leased: LeasedPair) => Promise<T>,
): Promise<T | null> {
  if (opening === null) return withLease(deps, scope, pair.id, work);
  const pairs = atWork.get(deps.state) ?? new Set();
  atWork.set(deps.state, pairs);
  const key = JSON.stringify([scope.installationId, pair.id]);
  if (pairs.has(key)) return null;
  pairs.add(key);
  try {
    return await run(new LeasedPair(deps, scope, pair, { opening }), work);
  } finally {
    pairs.delete(key);
  }
}

const atWork = new WeakMap<StateStore, Set<string>>();

async function run<T>(leased: LeasedPair, work: (leased: LeasedPair) => Promise<T>): Promise<T> {
  try {
    return await work(leased);
  } finally {
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
