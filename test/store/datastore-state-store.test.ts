import { afterAll, describe, expect, test } from 'vitest';
import { datastoreKinds } from '../../backend/src/data-policy/datastore.ts';
import { openDatastore } from '../../backend/src/store/datastore-client.ts';
import { kinds } from '../../backend/src/store/datastore-entities.ts';
import { datastoreQueries } from '../../backend/src/store/datastore-indexes.ts';
import { datastoreStateStore } from '../../backend/src/store/datastore-state-store.ts';
import { findEmulator, startEmulator } from './datastore-emulator.ts';
import { listenTo } from './datastore-requests.ts';
import { childPair, newPair, sites } from './pairs.ts';
import { describeStateStore } from './state-store.contract.ts';
import { testStateStrangers } from './state-store.strangers.ts';

const program = findEmulator();

if (program === null) {
  const missing = 'Google’s Datastore emulator is not on this machine (set DATASTORE_EMULATOR to its program)';
  if (process.env.CI === 'true') throw new Error(missing);
  describe.skip(missing, () => test('is needed'));
} else {
  const emulator = await startEmulator(program);
  afterAll(() => emulator.stop());
  const datastore = openDatastore({ project: 'tandem-test', database: '', emulator: emulator.host });
  const requests = listenTo(datastore);
  const store = datastoreStateStore(datastore);

  describeStateStore('Datastore', async () => store);
  testStateStrangers('Datastore', store);

  describe('what lies in Datastore', () => {
    const scope = { installationId: 'layout' };

    test('is in the installation’s own namespace only', async () => {
      await store.createPair(scope, sites, newPair(scope, 'p1', '10'));
      const [namespaces] = await datastore.runQuery(datastore.createQuery('__namespace__').select('__key__'));
      const names = namespaces.map((entity: Record<symbol, { name?: string }>) => entity[datastore.KEY]?.name);
      expect(names).toContain('i-layout');
      const [outside] = await datastore.runQuery(datastore.createQuery('Pair'));
      expect(outside).toEqual([]);
    });

    test('indexes no time, no version and no child', async () => {
      const got = await store.acquireLease(scope, 'p1', 1, 60_000);
      if (!got) throw new Error('no lease');
      await store.commit(scope, got.lease, {
        retry: { attempts: 1, dueAt: 77 },
        children: [childPair('c1')],
        syncedAt: 5,
        decisions: [{ at: 5, what: 'nothing', seen: [], versions: {}, operations: [], rules: [], codes: [] }],
      });
      const [properties] = await datastore.runQuery(
        datastore.createQuery('i-layout', '__property__').select('__key__'),
      );
      const indexed = properties.map((entity: Record<symbol, { path?: string[] }>) => {
        const path = entity[datastore.KEY]?.path ?? [];
        return `${path[1]}.${path[3]}`;
      });
      expect(indexed.sort()).toEqual(['Pair.failing', 'Pair.open', 'Pair.profile', 'Pair.status', 'Pair.withErrors']);
    });

    test('has every kind and property of the data policy, and no other', async () => {
      const found = new Set<string>();
      const [namespaces] = await datastore.runQuery(datastore.createQuery('__namespace__').select('__key__'));
      for (const entity of namespaces as Record<symbol, { name?: string }>[]) {
        const namespace = entity[datastore.KEY]?.name;
        if (namespace === undefined) continue;
        for (const kind of kinds) {
          const [entities] = await datastore.runQuery(datastore.createQuery(namespace, kind));
          for (const one of entities) for (const property of Object.keys(one)) found.add(`${kind}.${property}`);
        }
      }
      const listed = Object.entries(datastoreKinds).flatMap(([kind, { fields }]) =>
        Object.keys(fields).map((field) => `${kind}.${field}`),
      );
      expect([...found].sort()).toEqual(listed.sort());
    });

    test('is asked by the queries that the indexes are made for, and by no other', () => {
      const whole = (shape: { readonly equal: readonly string[]; readonly ordered: readonly unknown[] }) =>
        shape.equal.length > 0 || shape.ordered.length > 0;
      // Without any condition: what erasing and this test walk.
      const asked = [...requests.queries.values()].filter(whole).map((shape) => JSON.stringify(shape));
      expect(asked.sort()).toEqual(datastoreQueries.map((shape) => JSON.stringify(shape)).sort());
    });

    test('keeps 2,000 children of a pair far below the limit of an entity', async () => {
      const got = await store.acquireLease(scope, 'p1', 100_000, 60_000);
      if (!got) throw new Error('no lease');
      const many = Array.from({ length: 2_000 }, (_, index) =>
        childPair(`comment-${index}`, {
          bodies: { jira: 'j'.repeat(43), azure: 'a'.repeat(43) },
          targetId: String(index),
        }),
      );
      expect(await store.commit(scope, got.lease, { children: many })).toBe(true);
      expect(await store.children(scope, 'p1', 'comment')).toHaveLength(2_001);
    });
  });
}
