// The initial sync of two seeded projects, through the queue and its workers: every item gets one counterpart.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import { eventually, type Harness, startHarness } from './harness.ts';

let tandem: Harness;
beforeAll(async () => {
  tandem = await startHarness({ seed: 'team' });
});
afterAll(() => tandem?.close());

describe('the initial sync of two full projects', () => {
  it('pairs every item once and then plans nothing', { timeout: 120_000 }, async () => {
    const { service, scope, profile } = tandem;
    await startInitialSync(service.deps, scope, profile.id);
    await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
    await tandem.startWorkers();
    const started = performance.now();
    const result = await eventually(async () => {
      const sync = await service.state.getInitialSync(scope, profile.id);
      return sync?.status === 'done' ? sync : null;
    }, 110_000);
    const errors = await service.state.listErrors(scope, profile.id, { limit: 500 });
    const itemErrors = await service.state.listItemErrors(scope, profile.id);
    const counts = await service.state.countPairs(scope, profile.id);
    console.log(result, counts, Math.round(performance.now() - started), tandem.calls.length);
    const tally = new Map<string, number>();
    for (const { record } of errors.errors) {
      const key = `${record.subject} ${record.error.code} ${record.error.side} ${record.error.value ?? ''} ${record.error.detail ?? ''}`;
      tally.set(key, (tally.get(key) ?? 0) + 1);
    }
    for (const { key, record } of itemErrors) tally.set(`ITEM ${key} ${JSON.stringify(record.error)}`, 1);
    console.log([...tally].sort((a, b) => b[1] - a[1]));
    const ops = new Map<string, number>();
    for (const call of tandem.calls)
      ops.set(
        `${call.side} ${call.operation} ${call.status}`,
        (ops.get(`${call.side} ${call.operation} ${call.status}`) ?? 0) + 1,
      );
    console.log([...ops].sort((a, b) => b[1] - a[1]));
    expect(result.failed).toBe(0);
  });
});
