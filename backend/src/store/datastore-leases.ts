// Leases of pairs in Datastore, and what is written under them: a part of datastore-state-store.ts. A head is written only
// at the version that it was seen at, so a run that was the last to write it writes again without reading it; what fails
// for that is judged anew by a fresh read.

import type { Datastore } from '@google-cloud/datastore';
import {
  type Lease,
  LeaseLost,
  type Opening,
  type PairPatch,
  type Scope,
  type StateStore,
} from '../reconcile/ports.ts';
import { type Beside, besideHead } from './datastore-beside-head.ts';
import { decodeHead, encodeHead, type Head, keyOf, patchHead } from './datastore-entities.ts';
import { mostAttempts, waitApart } from './datastore-transaction.ts';
import { versionedEntities } from './datastore-versions.ts';
import { refuseIds } from './refuse-ids.ts';

interface Seen {
  readonly head: Head;
  readonly version: string;
}

type Leases = Pick<
  StateStore,
  'seePair' | 'openLease' | 'acquireLease' | 'renewLease' | 'releaseLease' | 'commit' | 'handOver'
> & {
  /** The head is being written in another way under this lease: what was seen of it holds no longer. */
  forget(lease: Lease): void;
};

export function pairLeases(datastore: Datastore): Leases {
  const entities = versionedEntities(datastore);
  const beside = besideHead(datastore);
  const pairKey = (scope: Scope, pairId: string) => keyOf(datastore, scope, 'Pair', pairId);
  /** The heads as the holders of these last saw them. */
  const lastSeen = new WeakMap<Lease | Opening, Seen>();

  const known = (scope: Scope, holder: Lease | Opening): Seen | undefined => {
    const seen = lastSeen.get(holder);
    // A lease of another installation is none here.
    return seen?.head.pair.installationId === scope.installationId ? seen : undefined;
  };

  const look = async (scope: Scope, pairId: string): Promise<Seen | null> => {
    const found = await entities.lookUp(pairKey(scope, pairId));
    return found && { head: decodeHead(found.data), version: found.version };
  };

  /** Writes what `next` makes of the head; null, and nothing is written, where it makes nothing of it. */
  const change = async (
    scope: Scope,
    pairId: string,
    next: (head: Head) => Head | null,
    lately?: Seen,
    more: Beside = {},
  ): Promise<Seen | null> => {
    let seen = lately ?? null;
    for (let attempt = 1; ; attempt += 1) {
      seen ??= await look(scope, pairId);
      const head = seen && next(seen.head);
      if (!seen || !head) return null;
      // Read outside of any transaction: shards change with their head only, whose version tells.
      const others = await beside(datastore, scope, head, seen.head, more);
      const version = await entities.replace(encodeHead(pairKey(scope, pairId), head), seen.version, others);
      if (version !== null) return { head, version };
      if (attempt === mostAttempts) throw new Error('A pair is written by too many at once.');
      seen = null;
      await waitApart(attempt);
    }
  };

  /** The same under a lease, while it is the newest and was not released. */
  const changeLeased = async (
    scope: Scope,
    lease: Lease,
    next: (head: Head) => Head,
    more?: PairPatch,
  ): Promise<boolean> => {
    const isHeld = (head: Head) => head.fence === lease.fence && head.leaseExpiresAt !== null;
    const held = (head: Head) => (isHeld(head) ? next(head) : null);
    const seen = await change(scope, lease.pairId, held, known(scope, lease), more);
    if (seen) lastSeen.set(lease, seen);
    return seen !== null;
  };

  const leaseOf = (seen: Seen, expiresAt: number): Lease => {
    const lease = { pairId: seen.head.pair.id, fence: seen.head.fence, expiresAt };
    lastSeen.set(lease, seen);
    return lease;
  };

  return {
    forget: (lease) => void lastSeen.delete(lease),

    async seePair(scope, pairId) {
      const seen = await look(scope, pairId);
      if (!seen) return null;
      const { pair, fence, leaseExpiresAt } = seen.head;
      if (leaseExpiresAt !== null) return { pair, opening: null };
      const opening = { pairId, fence };
      lastSeen.set(opening, seen);
      return { pair, opening };
    },

    async openLease(scope, opening, patch, now, ttlMs, { release = false } = {}) {
      refuseIds(patch);
      const expiresAt = now + ttlMs;
      const opened = (head: Head) =>
        head.fence === opening.fence && head.leaseExpiresAt === null
          ? { ...patchHead({ ...head, fence: head.fence + 1 }, patch), leaseExpiresAt: release ? null : expiresAt }
          : null;
      const seen = await change(scope, opening.pairId, opened, known(scope, opening), patch);
      return seen && leaseOf(seen, expiresAt);
    },

    async acquireLease(scope, pairId, now, ttlMs) {
      const expiresAt = now + ttlMs;
      const seen = await change(scope, pairId, (head) =>
        head.leaseExpiresAt !== null && head.leaseExpiresAt > now
          ? null
          : { ...head, fence: head.fence + 1, leaseExpiresAt: expiresAt },
      );
      return seen && { lease: leaseOf(seen, expiresAt), pair: seen.head.pair };
    },

    async releaseLease(scope, lease) {
      await changeLeased(scope, lease, (head) => ({ ...head, leaseExpiresAt: null }));
    },

    renewLease: (scope, lease, now, ttlMs) =>
      changeLeased(scope, lease, (head) => ({ ...head, leaseExpiresAt: now + ttlMs })),

    async commit(scope, lease, patch, { release = false } = {}) {
      refuseIds(patch);
      const next = (head: Head) => ({ ...patchHead(head, patch), ...(release ? { leaseExpiresAt: null } : {}) });
      return changeLeased(scope, lease, next, patch);
    },

    async handOver(scope, lease, profileId) {
      if (!(await changeLeased(scope, lease, (head) => ({ ...head, pair: { ...head.pair, profileId } }))))
        throw new LeaseLost(lease.pairId);
    },
  };
}
