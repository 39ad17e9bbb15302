import { expect, test } from 'vitest';
import { type LongRuns, longRuns } from '../../backend/src/jobs/long-runs.ts';

const minute = 60_000;
let at = 0;
const tracked = (concurrency: number) => longRuns(concurrency, { now: () => at });

/** Begins so many runs; returns what ends them. */
function begin(runs: LongRuns, installationId: string, count: number): () => Promise<void> {
  const end = Promise.withResolvers<void>();
  const all = Array.from({ length: count }, () => runs.during(installationId, () => end.promise));
  return async () => {
    end.resolve();
    await Promise.all(all);
  };
}

test('an installation whose long runs hold three of four workers starts no more until one ends', async () => {
  const runs = tracked(8);
  await begin(runs, 'other', 1)();
  const end = begin(runs, 'busy', 6);
  expect(runs.heldBack()).toEqual([]);
  at += minute;
  expect(runs.heldBack()).toEqual(['busy']);
  await end();
  expect(runs.heldBack()).toEqual([]);
});

test.each([
  ['less than its share', 8, 'busy', 5],
  ['runs of no installation', 8, '', 8],
  ['the only worker', 1, 'busy', 1],
])('%s holds nobody back', async (_, concurrency, installationId, count) => {
  const runs = tracked(concurrency);
  await begin(runs, 'other', 1)();
  const end = begin(runs, installationId, count);
  at += minute;
  expect(runs.heldBack()).toEqual([]);
  await end();
});

test('one that is alone, or that no other joined for an hour, takes all', async () => {
  const runs = tracked(4);
  const end = begin(runs, 'busy', 4);
  at += minute;
  expect(runs.heldBack()).toEqual([]);
  await begin(runs, 'other', 1)();
  expect(runs.heldBack()).toEqual(['busy']);
  at += 61 * minute;
  expect(runs.heldBack()).toEqual([]);
  await end();
});
