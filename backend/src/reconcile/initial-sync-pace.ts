// How fast an initial sync goes, measured by what its jobs counted within the last minutes. Pure.

import type { InitialSync, PaceSample } from './ports.ts';

/** A sample so often, and so many: five minutes. In ms. */
const sampleEveryMs = 15_000;
const mostSamples = 20;
/** Less time, or fewer items, tell nothing. */
const tellingMs = 5_000;
const tellingItems = 5;

export const paceFrom = (at: number, finished: number): readonly PaceSample[] => [{ at, finished }];

/** The samples with one of now; null while the newest is young. */
export function sampled({ samples, done, failed }: InitialSync, now: number): readonly PaceSample[] | null {
  const newest = samples.at(-1);
  if (newest !== undefined && now - newest.at < sampleEveryMs) return null;
  return [...samples, { at: now, finished: done + failed }].slice(-mostSamples);
}

export interface Pace {
  readonly itemsPerMinute: number | null;
  /** Null also while it is not known yet how many items there are. */
  readonly secondsLeft: number | null;
}

const unknown: Pace = { itemsPerMinute: null, secondsLeft: null };

/** Of one that is running; `now` in epoch ms. */
export function paceOf({ status, phase, samples, done, failed, queued }: InitialSync, now: number): Pace {
  const [first] = samples;
  if (status !== 'running' || first === undefined) return unknown;
  const finished = done + failed;
  const [items, ms] = [finished - first.finished, now - first.at];
  if (ms < tellingMs || items < tellingItems) return unknown;
  const left = Math.max(0, queued - finished);
  return {
    itemsPerMinute: Math.round((items / ms) * 60_000),
    secondsLeft: phase === 'draining' ? Math.ceil(((ms / items) * left) / 1_000) : null,
  };
}
