// What a profile is at, in the one word that an admin looks for, and how far its initial sync is. Pure.

import type { InitialSync, ListedProfile, ProfileSummary } from '../contract.ts';

export type ProfileState = 'draft' | 'running' | 'paused' | 'attention' | 'syncing';

/** What waits for a person comes first: a stop, a pause that nobody asked for, errors. */
export function stateOf(profile: Omit<ListedProfile, 'lastChangeAt'>): ProfileState {
  const { status, reason, initialSync } = profile;
  if (status === 'draft') return 'draft';
  if (status === 'stopped' || reason !== null) return 'attention';
  if (status === 'paused') return 'paused';
  if (initialSync?.status === 'running') return 'syncing';
  return withErrors(profile) > 0 ? 'attention' : 'running';
}

/** Pairs, and items that never got a counterpart. */
export const withErrors = ({ pairs, itemErrors }: Pick<ListedProfile, 'pairs' | 'itemErrors'>): number =>
  pairs.failing + itemErrors;

/** Pairs whose two items agree, as far as Tandem knows. */
export const inStep = ({ pairs }: Pick<ProfileSummary, 'pairs'>): number => Math.max(0, pairs.paired - pairs.failing);

export interface Progress {
  /** 0 to 100, of the items found so far. */
  readonly percent: number;
  /** At the rate of the last minutes, at least 1; null while there is no telling. */
  readonly minutesLeft: number | null;
}

export function progressOf({ done, failed, queued, secondsLeft }: InitialSync): Progress {
  return {
    percent: queued === 0 ? 0 : Math.min(100, Math.floor((100 * (done + failed)) / queued)),
    minutesLeft: secondsLeft === null ? null : Math.max(1, Math.ceil(secondsLeft / 60)),
  };
}
