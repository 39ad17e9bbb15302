// Every method of a state store with another installation's ids: see strangers.ts.

import { randomUUID } from 'node:crypto';
import { expect, test } from 'vitest';
import type { InitialSync, Scope, StateStore } from '../../backend/src/reconcile/ports.ts';
import { childPair, errorRecord, newPair, sites } from './pairs.ts';
import { type Probes, walkStrangers } from './strangers.ts';

const now = 1_700_000_000_000;
const profile = 'profile-1';
const item = { side: 'jira', id: 'c1' } as const;
const named = [{ side: 'jira', name: '10' } as const];
const waiter = { profileId: profile, side: 'jira', itemId: '11' } as const;
const sync: InitialSync = {
  profileId: profile,
  status: 'running',
  startedAt: now,
  finishedAt: null,
  phase: 'jira',
  next: null,
  seen: 3,
  queued: 3,
  done: 1,
  failed: 0,
  options: { mode: 'unpaired', linkBy: null, range: null },
  linked: 0,
  ambiguous: 0,
  samples: [],
  tookAllBefore: false,
};
const page = { limit: 10 };

export function testStateStrangers(name: string, store: StateStore): void {
  test(`${name}: a stranger with all ids gets nothing by any method, and changes nothing`, async () => {
    const [owner, stranger]: Scope[] = [{ installationId: randomUUID() }, { installationId: randomUUID() }];
    if (!owner || !stranger) throw new Error('there are two');
    const pair = newPair(owner, 'p1', '10', {
      status: 'paired',
      ids: { jira: '10', azure: '20' },
      errors: [errorRecord('e1')],
      dirty: true,
    });
    await store.createPair(owner, sites, pair, [], [childPair('c1')]);
    await store.createPair(owner, sites, newPair(owner, 'p2', '13'));
    const opening = (await store.seePair(owner, 'p2'))?.opening;
    const taken = await store.acquireLease(owner, 'p1', now, 60_000);
    if (!taken || !opening) throw new Error('nobody else has it');
    await store.awaitItems(owner, named, waiter);
    await store.putItemError(owner, profile, 'jira', '12', 'TAN-12', errorRecord('e2'));
    await store.putInitialSync(owner, sync);
    const { lease } = taken;

    const lost = { throws: /lease/ };
    const probes: Probes<StateStore> = {
      getPair: [[['p1'], { gives: null }]],
      findPair: [
        [[sites.jira, 'jira', '10'], { gives: null }],
        [[sites.azure, 'azure', '20'], { gives: null }],
      ],
      findPairs: [[[sites.jira, 'jira', ['10']], { gives: new Map() }]],
      findPairsByKey: [[[['TAN-10']], { gives: new Map() }]],
      findByToken: [[['token-p1'], { gives: null }]],
      children: [[['p1', 'comment'], { gives: [] }]],
      findChildren: [[['p1', 'comment', [item]], { gives: [] }]],
      timeline: [[['p1', now], { gives: [] }]],
      waitersOf: [[[named], { gives: [] }]],
      listPairs: [[[profile, page], { gives: { pairs: [] } }]],
      countPairs: [[[profile], { gives: { paired: 0, creating: 0, orphaned: 0, failing: 0 } }]],
      due: [[[now + 1_000_000, 10], { gives: [] }]],
      listErrors: [[[profile, page], { gives: { errors: [] } }]],
      listItemErrors: [
        [[profile], { gives: [] }],
        [[profile, { side: 'jira', itemId: '12' }], { gives: [] }],
      ],
      getInitialSync: [[[profile], { gives: null }]],
      seePair: [[['p1'], { gives: null }]],
      openLease: [[[opening, { errors: [], children: [childPair('c2')] }, now, 60_000], { gives: null }]],
      acquireLease: [[['p1', now + 1_000_000, 60_000], { gives: null }]],
      renewLease: [[[lease, now, 60_000], { gives: false }]],
      releaseLease: [[[lease], { gives: undefined }]],
      commit: [[[lease, { errors: [], children: [childPair('c2')] }], { gives: false }]],
      completePair: [[[lease, sites, { ids: pair.ids }], lost]],
      releaseItem: [[[lease, sites.jira, 'jira'], lost]],
      handOver: [[[lease, 'profile-2'], lost]],
      removePair: [[[lease], lost]],
      forgetWaiters: [[[named, [waiter]], { gives: undefined }]],
      clearItemError: [[[profile, 'jira', '12'], { gives: undefined }]],
      countInitialSync: [[[profile, { done: 5 }], { gives: undefined }]],
      patchInitialSync: [[[sync, { status: 'stopped' }], { gives: false }]],
      // The same ids are another installation's own to use.
      createPair: [[[sites, newPair(stranger, 'p1', '10')], { gives: null }]],
      awaitItems: [[[named, { ...waiter, itemId: '99' }], 'own']],
      putItemError: [[[profile, 'jira', '12', 'TAN-12', errorRecord('other')], 'own']],
      putInitialSync: [[[{ ...sync, seen: 99 }], 'own']],
      erase: [[[], 'own']],
      purgeTimelines: null,
    };
    const snapshot = async () => [
      await store.getPair(owner, 'p1'),
      await store.seePair(owner, 'p2'),
      await store.findPair(owner, sites.jira, 'jira', '10'),
      [...(await store.findPairsByKey(owner, ['TAN-10'])).keys()],
      await store.children(owner, 'p1', 'comment'),
      await store.waitersOf(owner, named),
      await store.listErrors(owner, profile, page),
      await store.listItemErrors(owner, profile),
      await store.getInitialSync(owner, profile),
      await store.countPairs(owner, profile),
      await store.acquireLease(owner, 'p1', now, 60_000),
    ];
    expect(await walkStrangers(store, stranger, probes, snapshot)).toBeGreaterThanOrEqual(35);
    expect(await store.renewLease(owner, lease, now, 60_000)).toBe(true);
  });
}
