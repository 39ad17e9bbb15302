// The initial sync of both sides, killed twice in the middle: it goes on from its checkpoint and makes nothing twice.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startInitialSync } from '../../backend/src/reconcile/initial-sync.ts';
import type { Step } from '../../backend/src/reconcile/steps.ts';
import { sides } from '../../backend/src/sync/model.ts';
import { type Actions, actionsOf } from './actions.ts';
import { eventually, type Harness, startHarness } from './harness.ts';
import type { VictimOrder } from './victim.ts';

let tandem: Harness;
let people: Actions;
beforeAll(async () => {
  tandem = await startHarness({
    environment: { TANDEM_SETTLE_MS: '30000', TANDEM_LEASE_MS: '30000', TANDEM_WORKERS: '4' },
  });
  people = actionsOf(tandem);
});
afterAll(() => tandem?.close());

async function killAt(step: Step, nth: number): Promise<void> {
  const victim: ChildProcess = fork(join(import.meta.dirname, 'victim.ts'), {
    env: { ...process.env, ...tandem.environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  await once(victim, 'message');
  const order: VictimOrder = { step, nth, aheadMs: tandem.clock.now() - Date.now() };
  victim.send(order);
  const [, signal] = await once(victim, 'exit');
  expect(signal).toBe('SIGKILL');
  await tandem.advance(31_000);
}

it('ends with every item paired once', { timeout: 150_000 }, async () => {
  const { service, scope, profile } = tandem;
  const ids = { jira: [] as string[], azure: [] as string[] };
  for (const side of sides) {
    for (let index = 0; index < 10; index++) ids[side].push(await people.create(side, `${side} ${index}`));
  }
  await tandem.advance(60_000);
  await startInitialSync(service.deps, scope, profile.id);
  await service.queue.addTask('initial-sync', { ...scope, profileId: profile.id });
  await killAt('counterpart-created', 4);
  await killAt('pair-claimed', 5);
  await tandem.startWorkers();
  const ended = await eventually(async () => {
    const sync = await service.state.getInitialSync(scope, profile.id);
    return sync?.status === 'done' ? sync : null;
  });
  await tandem.settled();
  expect(ended.failed).toBe(0);
  for (const side of sides) {
    for (const id of ids[side]) expect((await people.pair(side, id))?.status).toBe('paired');
  }
  expect(await service.state.countPairs(scope, profile.id)).toMatchObject({ paired: 20, creating: 0, failing: 0 });
  expect(await people.audit()).toEqual({ duplicates: [], open: [] });
});
