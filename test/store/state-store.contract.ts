// What every state store must do, whatever it is built on. Implementations run it from a test file of their own.

import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  type CommitOptions,
  type Decision,
  type ItemChild,
  type Lease,
  LeaseLost,
  type Opening,
  type Pair,
  type PairPatch,
  type Scope,
  type StateStore,
} from '../../backend/src/reconcile/ports.ts';
import { childPair, errorRecord, intentOf, newPair, sites } from './pairs.ts';

const now = 1_700_000_000_000;
const ttl = 60_000;

/** `factory` gives the same store for the whole suite: tests keep apart by installation. */
export function describeStateStore(name: string, factory: () => Promise<StateStore>): void {
  describe(`${name} as a state store`, () => {
    let store: StateStore;
    beforeAll(async () => {
      store = await factory();
    });

    const newScope = (): Scope => ({ installationId: randomUUID() });

    const leased = async (scope: Scope, pairId: string, at = now): Promise<{ lease: Lease; pair: Pair }> => {
      const got = await store.acquireLease(scope, pairId, at, ttl);
      if (!got) throw new Error(`no lease of ${pairId}`);
      return got;
    };

    /** A pair of the issue `jira` and the work item `azure`. */
    const paired = async (scope: Scope, id: string, jira: string, azure: string, more: Partial<Pair> = {}) => {
      const done = { status: 'paired', ids: { jira, azure }, ...more } as const;
      expect(await store.createPair(scope, sites, newPair(scope, id, jira, done))).toBeNull();
    };

    describe('what links and texts name', () => {
      test('an issue is found by the key that it has now, in its own installation', async () => {
        const [scope, other] = [newScope(), newScope()];
        await paired(scope, 'p1', '10', '20', { keys: { jira: 'TAN-1', azure: '20' } });
        await paired(scope, 'p2', '11', '21', { keys: { jira: 'TAN-2', azure: '21' } });
        await paired(other, 'p3', '10', '20', { keys: { jira: 'TAN-3', azure: '20' } });
        const found = await store.findPairsByKey(scope, ['TAN-1', 'TAN-2', 'TAN-3', 'UTF-8']);
        expect([...found].map(([key, pair]) => [key, pair.id]).sort()).toEqual([
          ['TAN-1', 'p1'],
          ['TAN-2', 'p2'],
        ]);
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { keys: { jira: 'NEW-7', azure: '20' } });
        expect([...(await store.findPairsByKey(scope, ['TAN-1', 'NEW-7'])).keys()]).toEqual(['NEW-7']);
        await store.removePair(scope, lease);
        expect((await store.findPairsByKey(scope, ['NEW-7'])).size).toBe(0);
      });

      test('who waits for an item is kept once, until told', async () => {
        const [scope, other] = [newScope(), newScope()];
        const [a, b] = ['1', '2'].map((itemId) => ({ profileId: 'profile-1', side: 'jira', itemId }) as const);
        if (!a || !b) throw new Error('there are two');
        const named = (name: string) => ({ side: 'jira', name }) as const;
        await store.awaitItems(scope, [named('10'), named('TAN-10')], a);
        await store.awaitItems(scope, [named('10')], a);
        await store.awaitItems(scope, [named('10')], b);
        await store.awaitItems(other, [named('10')], { ...b, itemId: '3' });
        const waiting = async (...names: string[]) =>
          (await store.waitersOf(scope, names.map(named))).map(({ itemId }) => itemId).sort();
        expect(await waiting('10', 'TAN-10')).toEqual(['1', '2']);
        expect(await waiting('11')).toEqual([]);
        expect(await store.waitersOf(scope, [{ side: 'azure', name: '10' }])).toEqual([]);
        await store.forgetWaiters(scope, [named('10')], [a]);
        expect(await waiting('10')).toEqual(['2']);
        expect(await waiting('TAN-10')).toEqual(['1']);
        await store.erase(scope);
        expect(await waiting('10', 'TAN-10')).toEqual([]);
        expect((await store.waitersOf(other, [named('10')])).map(({ itemId }) => itemId)).toEqual(['3']);
      });
    });

    describe('creating a pair', () => {
      test('keeps all that it was given', async () => {
        const scope = newScope();
        const pair = newPair(scope, 'p1', '10', {
          baseline: {
            normalizer: 1,
            keyId: 'k',
            fields: { 'summary~System.Title': { rule: 'r', jira: 'j', azure: 'a' } },
          },
          versions: { jira: { fields: { seq: 3, at: 9 } }, azure: { comments: { set: 's' } } },
          writeIntents: [{ side: 'jira', at: 5, base: { seq: 2 }, fields: { f: 'fp' } }],
          held: { f: { value: 'v', rule: 'r' } },
          replaced: { f: [{ value: 'v', at: 4 }] },
          late: [{ mapping: 'f', side: 'jira', field: 'summary', seq: 8 }],
          choices: { f: 'azure' },
          errors: [errorRecord('e1', { subject: 'f' })],
          retry: { attempts: 2, dueAt: now },
          dirty: true,
          syncedAt: now - 1,
        });
        expect(await store.createPair(scope, sites, pair)).toBeNull();
        expect(await store.getPair(scope, 'p1')).toEqual(pair);
      });

      test('claims the source item only, while the counterpart is not known', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.id).toBe('p1');
        expect(await store.findPair(scope, sites.azure, 'azure', '10')).toBeNull();
      });

      test('comes with the children that are known of it', async () => {
        const scope = newScope();
        const child = childPair('c1', { targetId: 'c2', targetVersion: { seq: 1 } });
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'), [], [child]);
        expect(await store.children(scope, 'p1', 'comment')).toEqual([child]);
      });

      test('gives way to the owner of a claim and writes nothing', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        expect(await store.createPair(scope, sites, newPair(scope, 'p2', '10'), [], [childPair('c1')])).toEqual({
          claimedBy: 'p1',
        });
        expect(await store.children(scope, 'p2', 'comment')).toEqual([]);
        expect(await store.getPair(scope, 'p2')).toBeNull();
        expect(await store.findByToken(scope, 'token-p2')).toBeNull();
      });

      test('claims neither item when one of two is taken', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const second = newPair(scope, 'p2', '11', { status: 'paired', ids: { jira: '11', azure: '20' } });
        expect(await store.createPair(scope, sites, second)).toEqual({ claimedBy: 'p1' });
        expect(await store.findPair(scope, sites.jira, 'jira', '11')).toBeNull();
      });

      test('lets exactly one of many creators at once have the item', async () => {
        const scope = newScope();
        const ids = Array.from({ length: 8 }, (_, index) => `p${index}`);
        const answers = await Promise.all(ids.map((id) => store.createPair(scope, sites, newPair(scope, id, '10'))));
        const winners = ids.filter((_, index) => answers[index] === null);
        expect(winners).toHaveLength(1);
        expect(answers.filter((answer) => answer !== null)).toEqual(
          Array.from({ length: 7 }, () => ({ claimedBy: winners[0] })),
        );
        expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.id).toBe(winners[0]);
      });

      test('does not let two that claim the same two items from opposite sides wait for each other', async () => {
        const scope = newScope();
        const both = { status: 'paired', ids: { jira: '10', azure: '20' } } as const;
        const answers = await Promise.all([
          store.createPair(scope, sites, newPair(scope, 'p1', '10', both)),
          store.createPair(scope, sites, newPair(scope, 'p2', '10', { ...both, source: 'azure' })),
        ]);
        expect(answers.filter((answer) => answer === null)).toHaveLength(1);
      });

      test('keeps items of one number apart by side and by site', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        await paired(scope, 'p2', '20', '10');
        const elsewhere = { ...sites, azure: 'https://dev.azure.com/other' };
        const third = newPair(scope, 'p3', '30', { status: 'paired', ids: { jira: '30', azure: '20' } });
        expect(await store.createPair(scope, elsewhere, third)).toBeNull();
        expect((await store.findPair(scope, sites.azure, 'azure', '20'))?.id).toBe('p1');
        expect((await store.findPair(scope, elsewhere.azure, 'azure', '20'))?.id).toBe('p3');
      });

      test('is found by its token, before and after it is completed', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        expect((await store.findByToken(scope, 'token-p1'))?.id).toBe('p1');
        const { lease } = await leased(scope, 'p1');
        await store.completePair(scope, lease, sites, { status: 'paired', ids: { jira: '10', azure: '20' } });
        expect((await store.findByToken(scope, 'token-p1'))?.status).toBe('paired');
        expect(await store.findByToken(scope, 'token-p9')).toBeNull();
      });

      test('is found with others in one look, by the items asked for', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        await paired(scope, 'p2', '11', '21');
        const found = await store.findPairs(scope, sites.azure, 'azure', ['20', '21', '22']);
        expect([...found].map(([item, pair]) => [item, pair.id]).sort()).toEqual([
          ['20', 'p1'],
          ['21', 'p2'],
        ]);
        expect((await store.findPairs(scope, sites.azure, 'azure', [])).size).toBe(0);
      });
    });

    describe('completing a pair', () => {
      test('claims the counterpart and applies the patch at once', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        const { lease } = await leased(scope, 'p1');
        const patch = {
          status: 'paired',
          ids: { jira: '10', azure: '20' },
          keys: { jira: 'TAN-10', azure: '20' },
          children: [childPair('c1')],
        } as const;
        expect(await store.completePair(scope, lease, sites, patch)).toBeNull();
        const pair = await store.findPair(scope, sites.azure, 'azure', '20');
        expect(pair).toMatchObject({ id: 'p1', status: 'paired', ids: patch.ids, keys: patch.keys });
        expect(await store.children(scope, 'p1', 'comment')).toEqual([childPair('c1')]);
      });

      test('twice is the same as once: the answer of the first may have been lost', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        const { lease } = await leased(scope, 'p1');
        const patch = { status: 'paired', ids: { jira: '10', azure: '20' } } as const;
        expect(await store.completePair(scope, lease, sites, patch)).toBeNull();
        expect(await store.completePair(scope, lease, sites, patch)).toBeNull();
      });

      test('gives way when the counterpart is taken, and stays as it was', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        await store.createPair(scope, sites, newPair(scope, 'p2', '11'));
        const { lease } = await leased(scope, 'p2');
        const patch = { status: 'paired', ids: { jira: '11', azure: '20' }, children: [childPair('c1')] } as const;
        expect(await store.completePair(scope, lease, sites, patch)).toEqual({ claimedBy: 'p1' });
        expect(await store.getPair(scope, 'p2')).toMatchObject({
          status: 'creating',
          ids: { jira: '11', azure: null },
        });
        expect(await store.children(scope, 'p2', 'comment')).toEqual([]);
      });

      test('lets one of two at once have the counterpart', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        await store.createPair(scope, sites, newPair(scope, 'p2', '11'));
        const [first, second] = [await leased(scope, 'p1'), await leased(scope, 'p2')];
        const answers = await Promise.all([
          store.completePair(scope, first.lease, sites, { status: 'paired', ids: { jira: '10', azure: '20' } }),
          store.completePair(scope, second.lease, sites, { status: 'paired', ids: { jira: '11', azure: '20' } }),
        ]);
        expect(answers.filter((answer) => answer === null)).toHaveLength(1);
      });

      test('under a stale lease throws and claims nothing', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        const stale = await leased(scope, 'p1');
        await leased(scope, 'p1', now + ttl);
        const patch = { status: 'paired', ids: { jira: '10', azure: '20' } } as const;
        await expect(store.completePair(scope, stale.lease, sites, patch)).rejects.toBeInstanceOf(LeaseLost);
        expect(await store.findPair(scope, sites.azure, 'azure', '20')).toBeNull();
      });
    });

    describe('a lease', () => {
      test('is had by one of many at once', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const got = await Promise.all(Array.from({ length: 8 }, () => store.acquireLease(scope, 'p1', now, ttl)));
        expect(got.filter((one) => one !== null)).toHaveLength(1);
      });

      test('ends at its time by the clock passed in, not before', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const first = await leased(scope, 'p1');
        expect(first.lease.expiresAt).toBe(now + ttl);
        expect(await store.acquireLease(scope, 'p1', now + ttl - 1, ttl)).toBeNull();
        const second = await leased(scope, 'p1', now + ttl);
        expect(second.lease.fence).toBeGreaterThan(first.lease.fence);
      });

      test('released is free at once, and its fence still grows', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const first = await leased(scope, 'p1');
        await store.releaseLease(scope, first.lease);
        const second = await leased(scope, 'p1');
        expect(second.lease.fence).toBeGreaterThan(first.lease.fence);
      });

      test('of a stale holder releases nothing', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const stale = await leased(scope, 'p1');
        await leased(scope, 'p1', now + ttl);
        await store.releaseLease(scope, stale.lease);
        expect(await store.acquireLease(scope, 'p1', now + ttl, ttl)).toBeNull();
      });

      test('that is renewed ends later, and only its newest holder may renew it', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const first = await leased(scope, 'p1');
        expect(await store.renewLease(scope, first.lease, now + ttl - 1, ttl)).toBe(true);
        expect(await store.acquireLease(scope, 'p1', now + ttl, ttl)).toBeNull();
        const second = await leased(scope, 'p1', now + 2 * ttl);
        expect(await store.renewLease(scope, first.lease, now + 2 * ttl, ttl)).toBe(false);
        await store.releaseLease(scope, second.lease);
        expect(await store.renewLease(scope, second.lease, now + 2 * ttl, ttl)).toBe(false);
        expect(await store.acquireLease(scope, 'p1', now + 2 * ttl, ttl)).not.toBeNull();
      });

      test('of a pair that is not there is not had', async () => {
        expect(await store.acquireLease(newScope(), 'p1', now, ttl)).toBeNull();
      });

      test('brings the pair as the last holder left it', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const first = await leased(scope, 'p1');
        await store.commit(scope, first.lease, { syncedAt: 77 });
        await store.releaseLease(scope, first.lease);
        expect((await leased(scope, 'p1')).pair.syncedAt).toBe(77);
      });
    });

    describe('a lease that is taken with the first commit', () => {
      const seen = async (scope: Scope): Promise<Opening> => {
        const opening = (await store.seePair(scope, 'p1'))?.opening;
        if (!opening) throw new Error('the pair is leased');
        return opening;
      };
      const open = (scope: Scope, opening: Opening, patch: PairPatch = {}, options?: CommitOptions) =>
        store.openLease(scope, opening, patch, now, ttl, options);

      test('comes with all that the patch says, and goes on as any other', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20', { dirty: true });
        expect((await store.seePair(scope, 'p1'))?.pair).toEqual(await store.getPair(scope, 'p1'));
        const lease = await open(scope, await seen(scope), { syncedAt: 8, dirty: false, children: [childPair('c1')] });
        if (!lease) throw new Error('nobody had it');
        expect(lease.expiresAt).toBe(now + ttl);
        expect(await store.acquireLease(scope, 'p1', now + ttl - 1, ttl)).toBeNull();
        expect(await store.getPair(scope, 'p1')).toMatchObject({ syncedAt: 8, dirty: false });
        expect(await store.renewLease(scope, lease, now + 1, ttl)).toBe(true);
        expect(await store.commit(scope, lease, { syncedAt: 9, children: [childPair('c2')] })).toBe(true);
        expect(await store.commit(scope, lease, { retry: null }, { release: true })).toBe(true);
        expect(await store.commit(scope, lease, { syncedAt: 10 })).toBe(false);
        expect((await store.seePair(scope, 'p1'))?.pair.syncedAt).toBe(9);
        expect(await store.children(scope, 'p1', 'comment')).toEqual([childPair('c1'), childPair('c2')]);
      });

      test('is over with it where nothing follows', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const lease = await open(scope, await seen(scope), { syncedAt: 8 }, { release: true });
        if (!lease) throw new Error('nobody had it');
        expect(await store.commit(scope, lease, { syncedAt: 9 })).toBe(false);
        expect(await store.renewLease(scope, lease, now, ttl)).toBe(false);
        expect((await leased(scope, 'p1')).pair.syncedAt).toBe(8);
      });

      test('is had by one of many that saw the same', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const openings = await Promise.all(Array.from({ length: 8 }, () => seen(scope)));
        const got = await Promise.all(
          openings.map((opening, index) =>
            open(scope, opening, { syncedAt: index, children: [childPair(`c${index}`)] }),
          ),
        );
        expect(got.filter((one) => one !== null)).toHaveLength(1);
        const winner = got.findIndex((one) => one !== null);
        expect((await store.getPair(scope, 'p1'))?.syncedAt).toBe(winner);
        expect(await store.children(scope, 'p1', 'comment')).toEqual([childPair(`c${winner}`)]);
      });

      test('is not offered while there is a lease, live or left behind by the dead', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        expect(await store.seePair(newScope(), 'p1')).toBeNull();
        const { lease } = await leased(scope, 'p1', 1);
        expect((await store.seePair(scope, 'p1'))?.opening).toBeNull();
        await store.releaseLease(scope, lease);
        expect((await store.seePair(scope, 'p1'))?.opening).not.toBeNull();
      });

      test.each(['is held', 'came and went', 'came with one commit that released it'])(
        'is refused where another lease %s since the pair was seen, and nothing is written',
        async (how) => {
          const scope = newScope();
          await paired(scope, 'p1', '10', '20');
          const late = await seen(scope);
          if (how === 'came with one commit that released it')
            await open(scope, await seen(scope), { syncedAt: 3 }, { release: true });
          else {
            const { lease } = await leased(scope, 'p1');
            await store.commit(scope, lease, { syncedAt: 3 }, { release: how === 'came and went' });
          }
          expect(await open(scope, late, { syncedAt: 4, children: [childPair('c1')] })).toBeNull();
          expect(await open(scope, { ...late }, { syncedAt: 4 })).toBeNull();
          expect((await store.getPair(scope, 'p1'))?.syncedAt).toBe(3);
          expect(await store.children(scope, 'p1', 'comment')).toEqual([]);
        },
      );

      test('may not change the ids, which are claimed', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const opening = await seen(scope);
        await expect(async () => open(scope, opening, { ids: { jira: '10', azure: '21' } })).rejects.toThrow(TypeError);
      });
    });

    describe('a commit', () => {
      test('changes what the patch names and nothing else', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20', {
          held: { f: { value: 'v', rule: 'r' } },
          retry: { attempts: 1, dueAt: 5 },
        });
        const { lease, pair } = await leased(scope, 'p1');
        const patch = {
          baseline: { normalizer: 1, keyId: 'k', fields: {} },
          versions: { jira: { fields: { seq: 4 } }, azure: {} },
          retry: null,
        } as const;
        expect(await store.commit(scope, lease, patch)).toBe(true);
        expect(await store.getPair(scope, 'p1')).toEqual({ ...pair, ...patch });
      });

      test('takes a value back to null', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20', { baseline: { normalizer: 1, keyId: 'k', fields: {} }, syncedAt: 4 });
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { baseline: null, syncedAt: null });
        expect(await store.getPair(scope, 'p1')).toMatchObject({ baseline: null, syncedAt: null });
      });

      test('with a stale fence writes nothing, children included', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const stale = await leased(scope, 'p1');
        await leased(scope, 'p1', now + ttl);
        expect(await store.commit(scope, stale.lease, { syncedAt: 9, children: [childPair('c1')] })).toBe(false);
        expect((await store.getPair(scope, 'p1'))?.syncedAt).toBeNull();
        expect(await store.children(scope, 'p1', 'comment')).toEqual([]);
      });

      test('after the release writes nothing', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.releaseLease(scope, lease);
        expect(await store.commit(scope, lease, { syncedAt: 9 })).toBe(false);
      });

      test('that releases writes and frees the pair in one', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const first = await leased(scope, 'p1');
        expect(await store.commit(scope, first.lease, { syncedAt: 9 }, { release: true })).toBe(true);
        expect(await store.commit(scope, first.lease, { syncedAt: 10 })).toBe(false);
        expect(await store.renewLease(scope, first.lease, now, ttl)).toBe(false);
        const second = await leased(scope, 'p1');
        expect(second.pair.syncedAt).toBe(9);
        expect(second.lease.fence).toBeGreaterThan(first.lease.fence);
        await store.releaseLease(scope, first.lease);
        expect(await store.acquireLease(scope, 'p1', now, ttl)).toBeNull();
      });

      test('past the time of a lease that nobody took over still counts', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1', 1);
        expect(await store.commit(scope, lease, { syncedAt: 9 })).toBe(true);
      });

      test('may not change the ids, which are claimed', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await expect(async () => store.commit(scope, lease, { ids: { jira: '10', azure: '21' } })).rejects.toThrow(
          TypeError,
        );
      });

      test('adds children, replaces those it knows, and leaves the others', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, {
          children: [childPair('c1'), childPair('c2'), childPair('a1', { kind: 'attachment' })],
        });
        const complete = childPair('c1', {
          targetId: '77',
          targetVersion: { seq: 1 },
          bodies: { jira: 'j', azure: 'a' },
        });
        const file = childPair('a1', { kind: 'attachment', file: { mediaId: 'm1', content: 'h', inline: true } });
        await store.commit(scope, lease, { children: [complete, file] });
        expect(await store.children(scope, 'p1', 'comment')).toEqual([complete, childPair('c2')]);
        expect(await store.children(scope, 'p1', 'attachment')).toEqual([file]);
      });

      test('forgets children, those of links too', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        const link = childPair('10001|outward|11', { kind: 'link', targetId: 'System.LinkTypes.Related|21' });
        await store.commit(scope, lease, { children: [link, childPair('c1'), childPair('c2')] });
        expect(await store.children(scope, 'p1', 'link')).toEqual([link]);
        const forgotten = [link, { kind: 'comment', source: 'jira', sourceId: 'c1' } as const];
        await store.commit(scope, lease, { children: [childPair('c3')], forgotten });
        expect(await store.children(scope, 'p1', 'link')).toEqual([]);
        expect(await store.children(scope, 'p1', 'comment')).toEqual([childPair('c2'), childPair('c3')]);
        const stale = await store.commit(scope, { ...lease, fence: lease.fence - 1 }, { forgotten: [childPair('c2')] });
        expect([stale, (await store.children(scope, 'p1', 'comment')).length]).toEqual([false, 2]);
      });

      test('finds children by their source and by their copy, and no others', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        const mine = childPair('c1', { targetId: '7' });
        const theirs = childPair('7', { source: 'azure', targetId: 'c9' });
        await store.commit(scope, lease, {
          children: [mine, theirs, childPair('c2'), childPair('c1', { kind: 'attachment' })],
        });
        const find = (...names: readonly ItemChild[]) => store.findChildren(scope, 'p1', 'comment', names);
        expect(await find({ side: 'jira', id: 'c1' })).toEqual([mine]);
        expect(await find({ side: 'jira', id: 'c9' })).toEqual([theirs]);
        expect(await find({ side: 'azure', id: '7' })).toEqual([theirs, mine]);
        expect(await find({ side: 'azure', id: 'c1' }, { side: 'jira', id: '7' })).toEqual([]);
        expect(await find()).toEqual([]);
        expect(await store.findChildren(newScope(), 'p1', 'comment', [{ side: 'jira', id: 'c1' }])).toEqual([]);
      });

      test('keeps a hundred children of both sides', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        const many = Array.from({ length: 100 }, (_, index) =>
          childPair(`c${String(index).padStart(3, '0')}`, { source: index % 2 ? 'jira' : 'azure' }),
        );
        await store.commit(scope, lease, { children: many });
        const ids = (await store.children(scope, 'p1', 'comment')).map((child) => child.sourceId).sort();
        expect(ids).toEqual(many.map((child) => child.sourceId));
      });

      test('takes text that the store cannot hold as it is', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        const record = errorRecord('e1', { error: { ...errorRecord('e1').error, detail: 'a\u0000b\ud800c 🚀' } });
        expect(await store.commit(scope, lease, { errors: [record] })).toBe(true);
        expect((await store.getPair(scope, 'p1'))?.errors[0]?.error.detail).toMatch(/^a.b.c 🚀$/su);
      });
    });

    describe('a dirty mark', () => {
      test('is cleared under a later lease, not under the one that it was set under', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { dirty: true });
        await store.commit(scope, lease, { dirty: false }, { release: true });
        const { lease: later, pair } = await leased(scope, 'p1');
        expect(pair.dirty).toBe(true);
        await store.commit(scope, later, { dirty: false });
        expect((await store.getPair(scope, 'p1'))?.dirty).toBe(false);
      });
    });

    describe('an item that is released', () => {
      test('is free for another pair, while the counterpart stays claimed', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.releaseItem(scope, lease, sites.jira, 'jira');
        expect((await store.getPair(scope, 'p1'))?.ids).toEqual({ jira: null, azure: '20' });
        expect(await store.findPair(scope, sites.jira, 'jira', '10')).toBeNull();
        expect((await store.findPair(scope, sites.azure, 'azure', '20'))?.id).toBe('p1');
        expect(await store.createPair(scope, sites, newPair(scope, 'p2', '10'))).toBeNull();
        // Again, after the answer was lost: the other pair's claim stands.
        await store.releaseItem(scope, lease, sites.jira, 'jira');
        expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.id).toBe('p2');
        await store.removePair(scope, lease);
        expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.id).toBe('p2');
      });

      test('stays under a stale lease', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        const stale = { ...lease, fence: lease.fence - 1 };
        await expect(store.releaseItem(scope, stale, sites.jira, 'jira')).rejects.toThrow(LeaseLost);
        await expect(store.handOver(scope, stale, 'profile-2')).rejects.toThrow(LeaseLost);
        expect(await store.getPair(scope, 'p1')).toMatchObject({ profileId: 'profile-1', ids: { jira: '10' } });
      });
    });

    test('a pair that is handed over is in the lists of its new profile', async () => {
      const scope = newScope();
      await paired(scope, 'p1', '10', '20');
      const { lease } = await leased(scope, 'p1');
      await store.handOver(scope, lease, 'profile-2');
      const idsOf = async (profileId: string) =>
        (await store.listPairs(scope, profileId, { limit: 10 })).pairs.map(({ id }) => id);
      expect([await idsOf('profile-1'), await idsOf('profile-2')]).toEqual([[], ['p1']]);
      expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.profileId).toBe('profile-2');
    });

    describe('a timeline', () => {
      const day = 24 * 60 * 60 * 1000;
      const decided = (at: number, more: Partial<Decision> = {}): Decision => ({
        at,
        what: 'updated',
        seen: [{ by: 'event', side: 'jira', aspect: 'fields' }],
        versions: { jira: 7, azure: 3 },
        operations: [{ side: 'azure', kind: 'update', fields: ['System.Title'], from: 'New', to: 'Active' }],
        rules: [{ mapping: 'summary~System.Title', rule: 'jira-changed' }],
        codes: [{ code: 'invalid-value', subject: 'labels~System.Tags' }],
        ...more,
      });
      const times = async (scope: Scope, id: string, at = now) =>
        (await store.timeline(scope, id, at)).map((one) => one.at - now);

      test('has what was decided at the creation and with each commit, newest first and whole', async () => {
        const [scope, other] = [newScope(), newScope()];
        const linked = decided(now, { what: 'linked', operations: [] });
        expect(await store.createPair(scope, sites, newPair(scope, 'p1', '10'), [linked])).toBeNull();
        await paired(scope, 'p2', '11', '21');
        const { lease } = await leased(scope, 'p1');
        const complete = { ids: { jira: '10', azure: '20' }, decisions: [decided(now + 1, { what: 'created' })] };
        expect(await store.completePair(scope, lease, sites, complete)).toBeNull();
        const many = { decisions: [decided(now + 2), decided(now + 3)], children: [childPair('c1')] };
        expect(await store.commit(scope, lease, many)).toBe(true);
        await store.commit(scope, lease, { syncedAt: 9 });
        expect(await store.timeline(scope, 'p1', now)).toEqual([
          decided(now + 3),
          decided(now + 2),
          decided(now + 1, { what: 'created' }),
          linked,
        ]);
        expect(await store.getPair(scope, 'p1')).not.toHaveProperty('decisions');
        expect(await store.timeline(scope, 'p2', now)).toEqual([]);
        expect(await store.timeline(scope, 'nothing', now)).toEqual([]);
        expect(await store.timeline(other, 'p1', now)).toEqual([]);
      });

      test('has nothing of a commit with a stale fence, nor of a creation that gave way', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        expect(await store.commit(scope, { ...lease, fence: lease.fence - 1 }, { decisions: [decided(now)] })).toBe(
          false,
        );
        expect(await store.createPair(scope, sites, newPair(scope, 'p2', '10'), [decided(now)])).not.toBeNull();
        expect([await times(scope, 'p1'), await times(scope, 'p2')]).toEqual([[], []]);
      });

      test('keeps the last 200, however they come', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        let at = now;
        for (const size of [1, 37, 150, 30, 1, 19, 20, 43, 1]) {
          const first = at + 1;
          at += size;
          const decisions = Array.from({ length: size }, (_, index) => decided(first + index));
          await store.commit(scope, lease, { decisions });
        }
        expect(await times(scope, 'p1')).toEqual(Array.from({ length: 200 }, (_, index) => at - now - index));
      });

      test('forgets what is older than 30 days', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { decisions: [decided(now), decided(now + 2 * day)] });
        expect(await times(scope, 'p1', now + 30 * day)).toEqual([2 * day, 0]);
        expect(await times(scope, 'p1', now + 31 * day)).toEqual([2 * day]);
        await store.purgeTimelines(now + 33 * day);
        expect(await times(scope, 'p1', now + 33 * day)).toEqual([]);
      });

      test('goes with its pair', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { decisions: [decided(now)] });
        await store.removePair(scope, lease);
        expect(await times(scope, 'p1')).toEqual([]);
        await paired(scope, 'p1', '10', '20');
        expect(await times(scope, 'p1')).toEqual([]);
      });
    });

    describe('removing a pair', () => {
      test('frees its items and its children', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const { lease } = await leased(scope, 'p1');
        await store.commit(scope, lease, { children: [childPair('c1')] });
        await store.removePair(scope, lease);
        expect(await store.getPair(scope, 'p1')).toBeNull();
        expect(await store.findByToken(scope, 'token-p1')).toBeNull();
        await paired(scope, 'p1', '10', '20');
        expect(await store.children(scope, 'p1', 'comment')).toEqual([]);
      });

      test('under a stale lease throws and removes nothing', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        const stale = await leased(scope, 'p1');
        await leased(scope, 'p1', now + ttl);
        await expect(store.removePair(scope, stale.lease)).rejects.toBeInstanceOf(LeaseLost);
        expect((await store.findPair(scope, sites.jira, 'jira', '10'))?.id).toBe('p1');
      });
    });

    describe('what is due', () => {
      test('is open intents, retries whose time has come, and dirty pairs that nothing holds back', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'intent', '10'));
        await paired(scope, 'retry', '11', '21', { retry: { attempts: 1, dueAt: now } });
        await paired(scope, 'later', '12', '22', { retry: { attempts: 1, dueAt: now + 1 } });
        await paired(scope, 'dirty', '13', '23', { dirty: true });
        await paired(scope, 'held', '14', '24', { dirty: true, retry: { attempts: 1, dueAt: now + 1 } });
        await paired(scope, 'quiet', '15', '25');
        const due = async (at: number) => (await store.due(scope, at, 10)).map((pair) => pair.id).sort();
        expect(await due(now)).toEqual(['dirty', 'intent', 'retry']);
        expect(await due(now + 1)).toEqual(['dirty', 'held', 'intent', 'later', 'retry']);
        expect(await store.due(scope, now + 1, 2)).toHaveLength(2);
      });

      test('leaves out what somebody works on now', async () => {
        const scope = newScope();
        await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
        await leased(scope, 'p1');
        expect(await store.due(scope, now, 10)).toEqual([]);
        expect(await store.due(scope, now + ttl, 10)).toHaveLength(1);
      });
    });

    describe('lists', () => {
      test('pages through the pairs of a profile', async () => {
        const scope = newScope();
        for (const index of [1, 2, 3, 4, 5]) await paired(scope, `p${index}`, `1${index}`, `2${index}`);
        await paired(scope, 'other', '19', '29', { profileId: 'profile-2' });
        const seen: string[] = [];
        let after: string | undefined;
        do {
          const page = await store.listPairs(scope, 'profile-1', {
            limit: 2,
            ...(after === undefined ? {} : { after }),
          });
          expect(page.pairs.length).toBeLessThanOrEqual(2);
          seen.push(...page.pairs.map((pair) => pair.id));
          after = page.next;
        } while (after !== undefined);
        expect(seen).toEqual(['p1', 'p2', 'p3', 'p4', 'p5']);
      });

      test('counts pairs by status, failing ones without those that are ignored', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        await paired(scope, 'p2', '11', '21', { errors: [errorRecord('e1')] });
        await paired(scope, 'p3', '12', '22', { errors: [errorRecord('e1', { ignored: true })] });
        await paired(scope, 'p4', '13', '23', { status: 'orphaned', errors: [errorRecord('e1'), errorRecord('e2')] });
        await store.createPair(scope, sites, newPair(scope, 'p5', '14'));
        expect(await store.countPairs(scope, 'profile-1')).toEqual({ paired: 3, creating: 1, orphaned: 1, failing: 2 });
        expect(await store.countPairs(scope, 'profile-9')).toEqual({ paired: 0, creating: 0, orphaned: 0, failing: 0 });
      });

      test('pages through the errors of a profile, several of one pair too', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20', { errors: [errorRecord('e1'), errorRecord('e2'), errorRecord('e3')] });
        await paired(scope, 'p2', '11', '21');
        await paired(scope, 'p3', '12', '22', { errors: [errorRecord('e0', { ignored: true })] });
        const first = await store.listErrors(scope, 'profile-1', { limit: 2 });
        expect(first.errors.map(({ pair, record }) => [pair.id, record.id])).toEqual([
          ['p1', 'e1'],
          ['p1', 'e2'],
        ]);
        const second = await store.listErrors(scope, 'profile-1', { limit: 2, after: first.next ?? 'missing' });
        expect(second.errors.map(({ pair, record }) => [pair.id, record.id])).toEqual([
          ['p1', 'e3'],
          ['p3', 'e0'],
        ]);
        expect(second.next).toBeUndefined();
      });

      test('errors of unpaired items are kept by item, replaced by id, and cleared by item', async () => {
        const scope = newScope();
        const put = (item: string, record: ReturnType<typeof errorRecord>, dueAt?: number) =>
          store.putItemError(
            scope,
            'profile-1',
            'jira',
            item,
            `TAN-${item}`,
            record,
            dueAt === undefined ? null : { attempts: 1, dueAt },
          );
        await put('10', errorRecord('e1'));
        await put('10', errorRecord('e1', { count: 2 }), now);
        await put('11', errorRecord('e1'));
        expect(await store.listItemErrors(scope, 'profile-1')).toEqual([
          {
            side: 'jira',
            itemId: '10',
            key: 'TAN-10',
            record: errorRecord('e1', { count: 2 }),
            retry: { attempts: 1, dueAt: now },
          },
          { side: 'jira', itemId: '11', key: 'TAN-11', record: errorRecord('e1'), retry: null },
        ]);
        const ofOne = await store.listItemErrors(scope, 'profile-1', { side: 'jira', itemId: '11' });
        expect(ofOne.map((one) => one.itemId)).toEqual(['11']);
        expect(await store.listItemErrors(scope, 'profile-1', { side: 'azure', itemId: '11' })).toEqual([]);
        await store.clearItemError(scope, 'profile-1', 'jira', '10');
        expect((await store.listItemErrors(scope, 'profile-1')).map((one) => one.itemId)).toEqual(['11']);
      });
    });

    describe('an initial sync', () => {
      const sync = {
        profileId: 'profile-1',
        options: {
          mode: 're-sync',
          linkBy: { jira: 'customfield_10050', azure: 'Custom.LegacyId' },
          range: { from: '2026-01-01', to: null },
        },
        status: 'running',
        startedAt: now,
        finishedAt: null,
        phase: 'jira',
        next: 'page-2',
        seen: 10,
        queued: 9,
        done: 0,
        failed: 0,
        linked: 2,
        ambiguous: 1,
        samples: [{ at: now, finished: 0 }],
        tookAllBefore: true,
      } as const;

      test('keeps what workers counted when the next page is recorded', async () => {
        const scope = newScope();
        expect(await store.getInitialSync(scope, 'profile-1')).toBeNull();
        await store.putInitialSync(scope, sync);
        await Promise.all([
          store.countInitialSync(scope, 'profile-1', { done: 2 }),
          store.countInitialSync(scope, 'profile-1', { failed: 1 }),
          store.countInitialSync(scope, 'profile-1', { done: 1 }),
        ]);
        await store.putInitialSync(scope, { ...sync, next: null, seen: 20 });
        expect(await store.getInitialSync(scope, 'profile-1')).toEqual({
          ...sync,
          next: null,
          seen: 20,
          done: 3,
          failed: 1,
        });
      });

      test('is changed in part, as long as it is the run and in the state that was meant', async () => {
        const scope = newScope();
        expect(await store.patchInitialSync(scope, sync, { status: 'paused' })).toBe(false);
        await store.putInitialSync(scope, sync);
        await store.countInitialSync(scope, 'profile-1', { done: 2 });
        const samples = [...sync.samples, { at: now + 5, finished: 2 }];
        const [paused, moved] = await Promise.all([
          store.patchInitialSync(scope, sync, { status: 'paused' }, ['running']),
          store.patchInitialSync(scope, sync, { phase: 'pairs', next: null, queued: 20, samples }),
        ]);
        expect([paused, moved]).toEqual([true, true]);
        const changed = { ...sync, status: 'paused', phase: 'pairs', next: null, queued: 20, done: 2, samples };
        expect(await store.getInitialSync(scope, 'profile-1')).toEqual(changed);

        expect(await store.patchInitialSync(scope, sync, { status: 'done', finishedAt: now }, ['running'])).toBe(false);
        const another = { profileId: 'profile-1', startedAt: now + 1 };
        expect(await store.patchInitialSync(scope, another, { status: 'stopped' })).toBe(false);
        expect(await store.getInitialSync(scope, 'profile-1')).toEqual(changed);
      });

      test('started anew counts anew', async () => {
        const scope = newScope();
        await store.putInitialSync(scope, sync);
        await store.countInitialSync(scope, 'profile-1', { done: 2 });
        await store.putInitialSync(scope, { ...sync, startedAt: now + 1 });
        expect(await store.getInitialSync(scope, 'profile-1')).toMatchObject({ startedAt: now + 1, done: 0 });
      });
    });

    describe('another installation', () => {
      test('sees nothing and changes nothing, even with the right ids', async () => {
        const [owner, other] = [newScope(), newScope()];
        await paired(owner, 'p1', '10', '20', { errors: [errorRecord('e1')], retry: { attempts: 1, dueAt: 1 } });
        await store.putItemError(owner, 'profile-1', 'jira', '50', 'TAN-50', errorRecord('e1'));
        const before = await store.getPair(owner, 'p1');
        const { lease } = await leased(owner, 'p1');

        expect(await store.getPair(other, 'p1')).toBeNull();
        expect(await store.findPair(other, sites.jira, 'jira', '10')).toBeNull();
        expect((await store.findPairs(other, sites.jira, 'jira', ['10'])).size).toBe(0);
        expect(await store.findByToken(other, 'token-p1')).toBeNull();
        expect(await store.acquireLease(other, 'p1', now + ttl, ttl)).toBeNull();
        expect(await store.commit(other, lease, { syncedAt: 1, children: [childPair('c1')] })).toBe(false);
        await expect(store.completePair(other, lease, sites, { ids: { jira: '10', azure: '99' } })).rejects.toThrow(
          LeaseLost,
        );
        await expect(store.removePair(other, lease)).rejects.toThrow(LeaseLost);
        await store.releaseLease(other, lease);
        await store.clearItemError(other, 'profile-1', 'jira', '50');
        await store.erase(other);
        expect((await store.listPairs(other, 'profile-1', { limit: 10 })).pairs).toEqual([]);
        expect((await store.listErrors(other, 'profile-1', { limit: 10 })).errors).toEqual([]);
        expect(await store.listItemErrors(other, 'profile-1')).toEqual([]);
        expect(await store.due(other, now + ttl, 10)).toEqual([]);
        expect((await store.countPairs(other, 'profile-1')).paired).toBe(0);
        expect(await store.children(other, 'p1', 'comment')).toEqual([]);

        expect(await store.getPair(owner, 'p1')).toEqual(before);
        expect(await store.listItemErrors(owner, 'profile-1')).toHaveLength(1);
        expect(await store.acquireLease(owner, 'p1', now, ttl)).toBeNull();
      });

      test('may use the same pair id and the same items for itself', async () => {
        const [one, two] = [newScope(), newScope()];
        await paired(one, 'p1', '10', '20');
        await paired(two, 'p1', '10', '20', { intent: intentOf('token-p1', '10') });
        await store.erase(one);
        expect(await store.getPair(one, 'p1')).toBeNull();
        expect(await store.findPair(one, sites.jira, 'jira', '10')).toBeNull();
        expect((await store.findPair(two, sites.jira, 'jira', '10'))?.id).toBe('p1');
      });

      test('erased leaves nothing of any kind', async () => {
        const scope = newScope();
        await paired(scope, 'p1', '10', '20');
        await store.putItemError(scope, 'profile-1', 'jira', '50', 'TAN-50', errorRecord('e1'));
        // Kinds have other names in each store; what a claim is beside its pair is the store's own to say.
        const counts = Object.values(await store.erase(scope));
        expect(counts.filter((count) => count > 0).length).toBeGreaterThanOrEqual(3);
        expect(await store.erase(scope)).toEqual({});
        expect((await store.listPairs(scope, 'profile-1', { limit: 10 })).pairs).toEqual([]);
        expect(await store.listItemErrors(scope, 'profile-1')).toEqual([]);
        await paired(scope, 'p1', '10', '20');
      });
    });
  });
}
