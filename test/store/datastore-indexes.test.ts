import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compositeOf, datastoreQueries, indexYaml } from '../../backend/src/store/datastore-indexes.ts';

const descending = (property: string) => ({ property, descending: true });
const ascending = (property: string) => ({ property, descending: false });

describe('the composite index of a query', () => {
  test.each([
    ['equality alone, merged', { equal: ['a', 'b'], ordered: [] }, null],
    ['equality in the order of the keys', { equal: ['a'], ordered: [ascending('__key__')] }, null],
    ['one order alone', { equal: [], ordered: [descending('a')] }, null],
    ['equality and an order', { equal: ['a'], ordered: [descending('b')] }, [ascending('a'), descending('b')]],
    ['two orders', { equal: [], ordered: [ascending('a'), ascending('b')] }, [ascending('a'), ascending('b')]],
    ['keys backwards', { equal: ['a'], ordered: [descending('__key__')] }, [ascending('a'), descending('__key__')]],
  ] as const)('for %s', (_what, shape, needed) => {
    expect(compositeOf({ kind: 'Pair', ...shape })).toEqual(needed);
  });

  test('is written as gcloud reads it', () => {
    expect(indexYaml([{ kind: 'Pair', equal: ['profile'], ordered: [descending('synced')] }])).toContain(
      'indexes:\n  - kind: Pair\n    properties:\n      - name: profile\n      - name: synced\n        direction: desc\n',
    );
  });

  test('is needed by none of our queries: index.yaml is current', async () => {
    await expect(indexYaml(datastoreQueries)).toMatchFileSnapshot(
      join(import.meta.dirname, '../../backend/infra/datastore/index.yaml'),
    );
  });
});
