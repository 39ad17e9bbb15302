// The rate of an initial sync is what was counted over time, and nothing is told before there is enough of it.

import { describe, expect, it } from 'vitest';
import { paceOf, sampled } from '../../backend/src/reconcile/initial-sync-pace.ts';
import type { InitialSync } from '../../backend/src/reconcile/ports.ts';

const start = 1_000_000;
const sync: InitialSync = {
  profileId: 'p',
  options: { mode: 'unpaired', linkBy: null, range: null },
  status: 'running',
  startedAt: 0,
  finishedAt: null,
  phase: 'draining',
  next: null,
  seen: 1_000,
  queued: 1_000,
  done: 390,
  failed: 10,
  linked: 0,
  ambiguous: 0,
  samples: [{ at: start, finished: 100 }],
  tookAllBefore: false,
};

describe('the pace', () => {
  it('is what ended since the first sample, and the time that the rest takes at it', () => {
    expect(paceOf(sync, start + 60_000)).toEqual({ itemsPerMinute: 300, secondsLeft: 120 });
    // Nothing moves any more: it gets slower.
    expect(paceOf(sync, start + 120_000)).toEqual({ itemsPerMinute: 150, secondsLeft: 240 });
    expect(paceOf({ ...sync, done: 1_200 }, start + 60_000).secondsLeft).toBe(0);
  });

  it('is not told early, nor of a run that rests; the time left not while more items are found', () => {
    const unknown = { itemsPerMinute: null, secondsLeft: null };
    expect(paceOf(sync, start + 4_999)).toEqual(unknown);
    expect(paceOf({ ...sync, done: 94 }, start + 60_000)).toEqual(unknown);
    expect(paceOf({ ...sync, samples: [] }, start + 60_000)).toEqual(unknown);
    expect(paceOf({ ...sync, status: 'paused' }, start + 60_000)).toEqual(unknown);
    expect(paceOf({ ...sync, phase: 'azure' }, start + 60_000)).toEqual({ itemsPerMinute: 300, secondsLeft: null });
  });

  it('is measured over the last five minutes, by a sample each quarter of one', () => {
    expect(sampled(sync, start + 14_999)).toBeNull();
    let run = sync;
    for (let turn = 1; turn <= 40; turn += 1) {
      run = { ...run, done: run.done + 1, samples: sampled(run, start + turn * 15_000) ?? run.samples };
    }
    expect(run.samples).toHaveLength(20);
    expect(run.samples.at(-1)).toEqual({ at: start + 600_000, finished: 439 });
    expect(run.samples[0]?.at).toBe(start + 600_000 - 19 * 15_000);
  });
});
