// What a profile is at, in the one word that an admin looks for, and how far its initial sync is. Pure.

import type { InitialSync, ProfileSummary } from '../contract.ts';

export type ProfileState = 'draft' | 'running' | 'paused' | 'attention' | 'syncing';

/** What waits for a person comes first: a stop, a pause that nobody asked for, errors. */
export function stateOf({ status, reason, pairs, initialSync }: ProfileSummary): ProfileState {
  if (status === 'draft') return 'draft';
  if (status === 'stopped' || reason !== null) return 'attention';
  if (status === 'paused') return 'paused';
  if (initialSync?.status === 'running') return 'syncing';
  return pairs.failing > 0 ? 'attention' : 'running';
}

/** Pairs whose two items agree, as far as Tandem knows. */
export const inStep = ({ pairs }: Pick<ProfileSummary, 'pairs'>): number => Math.max(0, pairs.paired - pairs.failing);

export interface Progress {
  /** 0 to 100, of the items found so far. */
  readonly percent: number;
  /** At the present rate, at least 1; null while there is no telling. */
  readonly minutesLeft: number | null;
}

/** An early rate says little: fewer items than this, and no time is told. */
const tellingItems = 20;

/** `now` in epoch ms. */
export function progressOf({ startedAt, done, failed, queued }: InitialSync, now: number): Progress {
  const finished = done + failed;
  if (queued === 0) return { percent: 0, minutesLeft: null };
  const percent = Math.min(100, Math.floor((100 * finished) / queued));
  const elapsedMs = now - Date.parse(startedAt);
  if (finished < tellingItems || elapsedMs <= 0) return { percent, minutesLeft: null };
  const leftMs = (elapsedMs / finished) * Math.max(0, queued - finished);
  return { percent, minutesLeft: Math.max(1, Math.ceil(leftMs / 60_000)) };
}
