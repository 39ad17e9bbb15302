// Which queries the Datastore store asks, and the composite indexes that they need: backend/infra/datastore/index.yaml is made
// from here. Every query asks for equality in the order of the keys, which the built-in index of each property answers by
// merging, so there are none: a query that needs one is written at volume with one more index, and a test asks why.
// https://cloud.google.com/datastore/docs/concepts/indexes

import type { Kind } from './datastore-entities.ts';

export interface QueryShape {
  readonly kind: Kind;
  /** Properties asked for equality. */
  readonly equal: readonly string[];
  /** Properties asked for a range, or sorted by; `__key__` is every index's own last order. */
  readonly ordered: readonly { readonly property: string; readonly descending: boolean }[];
}

const byKey = [{ property: '__key__', descending: false }] as const;

export const datastoreQueries: readonly QueryShape[] = [
  { kind: 'Pair', equal: ['profile'], ordered: byKey },
  { kind: 'Pair', equal: ['profile', 'withErrors'], ordered: byKey },
  { kind: 'Pair', equal: ['profile', 'status'], ordered: [] },
  { kind: 'Pair', equal: ['profile', 'failing'], ordered: [] },
  { kind: 'Pair', equal: ['open'], ordered: [] },
  { kind: 'Waiters', equal: ['name'], ordered: [] },
  { kind: 'ItemError', equal: ['profile'], ordered: [] },
  { kind: 'ItemError', equal: ['item'], ordered: [] },
];

/** The properties of the composite index that a query needs, in its order; null when the built-in ones do. */
export function compositeOf({ equal, ordered }: QueryShape): QueryShape['ordered'] | null {
  const further = ordered.filter(({ property }, index) => property !== '__key__' || ordered[index]?.descending);
  if (further.length === 0) return null;
  if (equal.length === 0 && further.length === 1 && further[0]?.property !== '__key__') return null;
  return [...equal.map((property) => ({ property, descending: false })), ...further];
}

/** For `gcloud datastore indexes create`. */
export function indexYaml(queries: readonly QueryShape[]): string {
  const needed = queries.flatMap((query) => {
    const properties = compositeOf(query);
    return properties ? [{ kind: query.kind, properties }] : [];
  });
  const head = '# Made from backend/src/store/datastore-indexes.ts, which says why; a test holds it current.\n';
  if (needed.length === 0) return `${head}indexes: []\n`;
  const lines = needed.flatMap(({ kind, properties }) => [
    `  - kind: ${kind}`,
    '    properties:',
    ...properties.flatMap(({ property, descending }) => [
      `      - name: ${property}`,
      ...(descending ? ['        direction: desc'] : []),
    ]),
  ]);
  return `${head}indexes:\n${lines.join('\n')}\n`;
}
