// How pairs and children lie in Datastore: one namespace per installation, a head entity per pair, children in hashed
// shards beside it, so that a change of a field writes one small entity. Only what a query asks for is indexed, and none of
// it grows with time: https://cloud.google.com/datastore/docs/best-practices#indexes

import { createHash } from 'node:crypto';
import type { Datastore, Key } from '@google-cloud/datastore';
import { z } from 'zod';
import type { ChildPair, Pair, PairPatch, Scope } from '../reconcile/ports.ts';
import { type Side, sides } from '../sync/model.ts';

/** Every kind of ours: what erasing walks. */
export const kinds = [
  'Pair',
  'Claim',
  'Token',
  'Key',
  'Children',
  'Timeline',
  'Waiters',
  'ItemError',
  'InitialSync',
  'InitialCount',
] as const;
export type Kind = (typeof kinds)[number];

/** Installation ids are UUIDs, which a namespace takes as they are. */
export const namespaceOf = (scope: Scope): string => `i-${scope.installationId}`;

export const keyOf = (datastore: Datastore, scope: Scope, kind: Kind, name: string): Key =>
  datastore.key({ namespace: namespaceOf(scope), path: [kind, name] });

/** A key's name is at most 1,500 bytes and may not be empty or `__x__`: ids of others are hashed. */
export const hashed = (...parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('base64url');

export type Sites = Readonly<Record<Side, string>>;

/** The names of the claims of a pair's known items. */
export const claimNames = (sites: Sites, ids: Pair['ids']): readonly string[] =>
  sides.flatMap((side) => (ids[side] === null ? [] : [claimName(sites[side], side, ids[side])]));

export const claimName = (site: string, side: Side, itemId: string): string => hashed(site, side, itemId);

/** A pair with what the lease needs. `pair.dirty` is not kept: `dirtyAtFence` tells. */
export interface Head {
  readonly pair: Pair;
  readonly fence: number;
  readonly leaseExpiresAt: number | null;
  /** The fence at the time of the mark: only a later lease's commit clears it. */
  readonly dirtyAtFence: number | null;
  readonly claims: readonly string[];
  readonly tokens: readonly string[];
  /** How many decisions there ever were: where the next one lies (datastore-timelines.ts). */
  readonly decided: number;
}

const headSchema = z.object({
  pair: z.string(),
  fence: z.number(),
  leaseExpiresAt: z.number().nullable(),
  dirtyAtFence: z.number().nullable(),
  claims: z.array(z.string()),
  tokens: z.array(z.string()),
  decided: z.number().default(0),
});

/** JSON of a shape that only this file writes. */
const parse = <T>(text: string): T => JSON.parse(text) as T;

export function decodeHead(entity: unknown): Head {
  const { pair: text, ...rest } = headSchema.parse(entity);
  return { ...rest, pair: { ...parse<Pair>(text), dirty: rest.dirtyAtFence !== null } };
}

export interface EncodedEntity {
  readonly key: Key;
  readonly data: Readonly<Record<string, unknown>>;
  readonly excludeFromIndexes: string[];
}

export function encodeHead(key: Key, head: Head): EncodedEntity {
  const { pair } = head;
  const dirty = head.dirtyAtFence !== null;
  return {
    key,
    data: {
      profile: pair.profileId,
      status: pair.status,
      failing: pair.errors.some((record) => !record.ignored),
      withErrors: pair.errors.length > 0,
      open: pair.status === 'creating' || dirty || pair.retry !== null,
      pair: JSON.stringify({ ...pair, dirty }),
      fence: head.fence,
      leaseExpiresAt: head.leaseExpiresAt,
      dirtyAtFence: head.dirtyAtFence,
      claims: [...head.claims],
      tokens: [...head.tokens],
      decided: head.decided,
    },
    excludeFromIndexes: [
      'pair',
      'fence',
      'leaseExpiresAt',
      'dirtyAtFence',
      'claims',
      'claims[]',
      'tokens',
      'tokens[]',
      'decided',
    ],
  };
}

/** The head after a patch by the holder of its newest lease. */
export function patchHead(head: Head, patch: PairPatch): Head {
  const { children: _, forgotten: __, decisions, dirty, ...rest } = patch;
  const token = rest.intent?.token;
  return {
    ...head,
    pair: { ...head.pair, ...rest },
    dirtyAtFence:
      dirty === undefined
        ? head.dirtyAtFence
        : dirty
          ? head.fence
          : head.dirtyAtFence !== null && head.dirtyAtFence < head.fence
            ? null
            : head.dirtyAtFence,
    tokens: token === undefined || head.tokens.includes(token) ? head.tokens : [...head.tokens, token],
    decided: head.decided + (decisions?.length ?? 0),
  };
}

/** Enough that 5,000 comments stay far below an entity's 1 MiB, few enough to read at once. */
export const childShards = 8;

export const childShardName = (pairId: string, kind: ChildPair['kind'], shard: number): string =>
  hashed(pairId, kind, String(shard));

const childId = (child: Pick<ChildPair, 'source' | 'sourceId'>) => JSON.stringify([child.source, child.sourceId]);

export const childShardOf = (child: Pick<ChildPair, 'source' | 'sourceId'>): number =>
  (createHash('sha256').update(childId(child)).digest()[0] ?? 0) % childShards;

const shardSchema = z.object({ children: z.string() });

export const decodeShard = (entity: unknown): readonly ChildPair[] =>
  entity === undefined ? [] : parse(shardSchema.parse(entity).children);

export const encodeShard = (key: Key, children: readonly ChildPair[]): EncodedEntity => ({
  key,
  data: { children: JSON.stringify(children) },
  excludeFromIndexes: ['children'],
});

export type ChildName = Pick<ChildPair, 'kind' | 'source' | 'sourceId'>;

/** The shard's children with these added, or replaced where they are known, and without the forgotten ones. */
export function mergeChildren(
  known: readonly ChildPair[],
  given: readonly ChildPair[],
  forgotten: readonly ChildName[] = [],
): readonly ChildPair[] {
  const byId = new Map(known.map((child) => [childId(child), child]));
  for (const child of given) byId.set(childId(child), child);
  for (const child of forgotten) byId.delete(childId(child));
  return [...byId.values()];
}
