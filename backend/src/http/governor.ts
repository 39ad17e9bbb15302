// Paces the calls of every connection, so that the services rarely have to: how many at once, how fast, and not at all while
// they ask to wait. A call that would wait long is refused instead, so that its job goes back to the queue.

import { SyncFailure, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import { defaultRetryAfterMs, retryAfterMs } from './classify.ts';
import { createPace, type Pace, type PaceLimits } from './pace.ts';
import type { HeaderReader } from './transport.ts';

/** Calls that a service limits together. */
export type EndpointClass = 'read' | 'search' | 'write' | 'media';

/** Where a call belongs: what its blocks and its pace are kept under. */
export interface Lane {
  /** The connection's id. */
  readonly connection: string;
  readonly endpoint: EndpointClass;
  /** Turns are shared evenly between callers, such as profiles. */
  readonly caller: string;
  /** For limits that a service sets on one item. */
  readonly item?: string;
  /** Names a quota that several connections draw from: Jira counts an app's points over all its sites. */
  readonly quota?: string;
}

/** What a 429 stops: one item's calls, a class of calls, everything on the connection, or all that share the lane's quota. */
export type BlockReach = 'item' | 'endpoint' | 'connection' | 'quota';

/** Shares blocks between processes; the database's form of it is in the store. */
export interface BlockStore {
  /** The latest end of a block under any of the keys, epoch ms; null when none is in force. */
  blockedUntil(keys: readonly string[]): Promise<number | null>;
  /** Keeps the later end. */
  block(key: string, until: number): Promise<void>;
}

export interface Permit {
  /** What the service answered: adapts the pace and raises blocks. Call at most once. */
  heard(status: number, header: HeaderReader, reach?: (header: HeaderReader) => BlockReach): void;
  /** Frees the place. Always call. */
  leave(): void;
}

export interface Governor {
  /** Resolves when the call may start. Throws `rate-limited` with the time to come back when that would take too long. */
  enter(lane: Lane, side: Side): Promise<Permit>;
}

export interface GovernorOptions {
  readonly blocks: BlockStore;
  /** The fastest pace of a class of calls; the governor adapts beneath it. */
  readonly limits?: (lane: Lane, side: Side) => PaceLimits;
  /** The pace of a shared quota; none by default. */
  readonly quotaLimits?: (quota: string) => PaceLimits | null;
  /** Epoch ms. */
  readonly now?: () => number;
  /** The longest that a call waits for its turn, in ms. */
  readonly maxWaitMs?: number;
  /** How often the shared blocks are asked for, in ms. */
  readonly blocksEveryMs?: number;
}

/**
 * Jira's bursts: 100 a second for GET and POST, 50 for PUT and DELETE on one endpoint (Atlassian, "Rate limiting").
 * Azure DevOps names no rate; it delays first, which the governor answers by slowing down.
 */
export function defaultLimits(lane: Lane): PaceLimits {
  switch (lane.endpoint) {
    case 'read':
      return { concurrency: 24, perSecond: 90, burst: 90 };
    case 'search':
      return { concurrency: 8, perSecond: 40, burst: 40 };
    case 'write':
      return { concurrency: 16, perSecond: 45, burst: 45 };
    case 'media':
      return { concurrency: 4, perSecond: 20, burst: 20 };
  }
}

/** For a single process, and for tests. */
export function memoryBlocks(now: () => number = Date.now): BlockStore {
  const ends = new Map<string, number>();
  return {
    blockedUntil: async (keys) => {
      const latest = Math.max(0, ...keys.map((key) => ends.get(key) ?? 0));
      return latest > now() ? latest : null;
    },
    block: async (key, until) => {
      ends.set(key, Math.max(until, ends.get(key) ?? 0));
    },
  };
}

const blockKey = (lane: Lane, reach: BlockReach): string => {
  switch (reach) {
    case 'item':
      return lane.item === undefined
        ? `${lane.connection}/${lane.endpoint}`
        : `${lane.connection}/${lane.endpoint}/${lane.item}`;
    case 'endpoint':
      return `${lane.connection}/${lane.endpoint}`;
    case 'connection':
      return lane.connection;
    case 'quota':
      return lane.quota === undefined ? lane.connection : `quota:${lane.quota}`;
  }
};

const allKeys = (lane: Lane): readonly string[] => [
  ...new Set((['item', 'endpoint', 'connection', 'quota'] as const).map((reach) => blockKey(lane, reach))),
];

export function createGovernor(options: GovernorOptions): Governor {
  const now = options.now ?? Date.now;
  const limits = options.limits ?? defaultLimits;
  const maxWaitMs = options.maxWaitMs ?? 2_000;
  const blocksEveryMs = options.blocksEveryMs ?? 1_000;
  const paces = new Map<string, Pace>();
  /** Ends of blocks that this process has seen, by key. */
  const known = new Map<string, number>();
  const askedAt = new Map<string, number>();

  const paceOf = (key: string, make: () => PaceLimits): Pace => {
    let pace = paces.get(key);
    if (!pace) {
      pace = createPace(make(), { now, maxWaitMs });
      paces.set(key, pace);
    }
    return pace;
  };

  const refuse = (side: Side, waitMs: number, lane: Lane): never => {
    const itemOnly = lane.item !== undefined && (known.get(blockKey(lane, 'item')) ?? 0) > now();
    throw new SyncFailure(
      syncError('rate-limited', {
        side,
        retryAfterMs: Math.max(1, Math.ceil(waitMs)),
        ...(itemOnly ? { level: 'item' as const } : {}),
      }),
      { mayHaveLanded: false },
    );
  };

  const remember = (key: string, until: number) => {
    if (known.size >= 10_000) for (const [old, end] of known) if (end <= now()) known.delete(old);
    known.set(key, Math.max(until, known.get(key) ?? 0));
  };

  /** How long the known blocks of the lane still hold, in ms. */
  const blockedFor = (lane: Lane): number => {
    let until = 0;
    for (const key of allKeys(lane)) {
      const end = known.get(key);
      if (end === undefined) continue;
      if (end <= now()) known.delete(key);
      else until = Math.max(until, end);
    }
    return until === 0 ? 0 : until - now();
  };

  /** Asks the shared store, at most once in a while for each set of keys. */
  const learnBlocks = async (lane: Lane): Promise<void> => {
    const keys = allKeys(lane);
    const asked = keys.join(' ');
    if ((askedAt.get(asked) ?? Number.NEGATIVE_INFINITY) > now() - blocksEveryMs) return;
    if (askedAt.size > 10_000) askedAt.clear();
    askedAt.set(asked, now());
    const until = await options.blocks.blockedUntil(keys);
    const narrowest = keys[0];
    if (until !== null && narrowest !== undefined) remember(narrowest, until);
  };

  return {
    async enter(lane, side) {
      await learnBlocks(lane);
      const blocked = blockedFor(lane);
      if (blocked > 0) refuse(side, blocked, lane);
      const pace = paceOf(`${lane.connection}/${lane.endpoint}`, () => limits(lane, side));
      const quotaLimits = lane.quota === undefined ? null : (options.quotaLimits?.(lane.quota) ?? null);
      const quota = quotaLimits === null ? null : paceOf(`quota:${lane.quota}`, () => quotaLimits);

      const waited = await pace.take(lane.caller);
      if (waited !== null) refuse(side, waited, lane);
      if (quota) {
        const waitedForQuota = await quota.take(lane.caller);
        if (waitedForQuota !== null) {
          pace.free();
          refuse(side, waitedForQuota, lane);
        }
      }
      // A block may have come while this call stood in line.
      const late = blockedFor(lane);
      if (late > 0) {
        pace.free();
        quota?.free();
        refuse(side, late, lane);
      }
      return {
        heard(status, header, reach) {
          const asked = retryAfterMs(header('retry-after'), now());
          if (status === 429 || (status === 503 && asked !== null)) {
            const extent = status === 429 ? (reach?.(header) ?? 'connection') : 'connection';
            const until = now() + Math.max(1, asked ?? defaultRetryAfterMs);
            const key = blockKey(lane, extent);
            remember(key, until);
            // Only this process misses the block if the store fails, and it will hear it from the service itself.
            void options.blocks.block(key, until).catch(() => undefined);
            if (extent !== 'item') pace.slowDown(0.5);
            return;
          }
          if (nearLimit(header)) pace.slowDown(0.8);
          else if (status > 0 && status < 500) pace.speedUp();
        },
        leave() {
          pace.free();
          quota?.free();
        },
      };
    },
  };
}

/** Jira: `X-RateLimit-NearLimit`. Azure DevOps: `X-RateLimit-Delay` tells that it held this call back, in seconds. */
function nearLimit(header: HeaderReader): boolean {
  if (header('x-ratelimit-nearlimit') === 'true') return true;
  if (Number(header('x-ratelimit-delay') ?? 0) > 0) return true;
  const remaining = header('x-ratelimit-remaining');
  const limit = Number(header('x-ratelimit-limit') ?? 0);
  return remaining !== null && limit > 0 && Number(remaining) < limit / 10;
}
