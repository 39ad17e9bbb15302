// Runs a query over the index page by page. A page's token carries where the page before ended, so that pages neither repeat nor
// skip issues that stand still; it is bound to its query and expires after seven days.
import { createHash } from 'node:crypto';
import { badRequest } from './errors.ts';
import { type CompiledQuery, compileQuery, type SortKey } from './jql/compile.ts';
import type { Comparable, JqlContext } from './jql/fields.ts';
import { parseOrThrow } from './jql/parse.ts';
import { canSeeIssue } from './permissions.ts';
import type { Indexed } from './search-index.ts';

export interface SearchPage {
  readonly found: readonly Indexed[];
  readonly nextPageToken: string | undefined;
}

interface Cursor {
  readonly query: string;
  readonly expires: number;
  readonly keys: readonly (Comparable | null)[];
  readonly id: number;
}

const TOKEN_LIFE_MS = 7 * 24 * 3_600_000;

export function searchPage(
  context: JqlContext,
  jql: string,
  page: { readonly maxResults: number; readonly token: string | undefined; readonly reconcile: ReadonlySet<number> },
): SearchPage {
  const compiled = compileQuery(context, parseOrThrow(jql));
  const query = createHash('sha256').update(jql).digest('base64url').slice(0, 12);
  const after = page.token === undefined ? undefined : readToken(page.token, query, context.now);
  const found: Indexed[] = [];
  let more = false;
  for (const indexed of walk(context, compiled, page.reconcile, after)) {
    if (found.length === page.maxResults) {
      more = true;
      break;
    }
    found.push(indexed);
  }
  const last = found.at(-1);
  const nextPageToken =
    more && last !== undefined
      ? writeToken({
          query,
          expires: context.now + TOKEN_LIFE_MS,
          keys: compiled.order.map((key) => key.of(last) ?? null),
          id: last.record.id,
        })
      : undefined;
  return { found, nextPageToken };
}

export function countMatches(context: JqlContext, jql: string): number {
  let count = 0;
  for (const _ of walk(context, compileQuery(context, parseOrThrow(jql)), new Set(), undefined)) count += 1;
  return count;
}

/** Matches in order, from behind the cursor on. Without an order: newest first, by id. */
function* walk(
  context: JqlContext,
  { matches, order, only }: CompiledQuery,
  reconcile: ReadonlySet<number>,
  after: Cursor | undefined,
): Generator<Indexed> {
  const { index, store } = context.world;
  const fits = (id: number): Indexed | undefined => {
    const indexed = reconcile.has(id) ? index.live(id) : index.seen(id);
    return indexed && matches(indexed) && canSeeIssue(context.world, context.caller, indexed.record)
      ? indexed
      : undefined;
  };
  const candidates =
    only === undefined ? undefined : 'ids' in only ? [...new Set(only.ids)] : index.updatedSince(only.updatedFrom);
  const direction = idDirection(order);
  if (direction !== undefined) {
    // Ids ascend in the store, so this needs no sorting and stops when the page is full.
    const ids = candidates ?? store.issueIds();
    const ascending = candidates === undefined ? ids : [...ids].sort((a, b) => a - b);
    const start = after === undefined ? undefined : after.id;
    yield* inIdOrder(ascending, direction, start, fits);
    return;
  }
  const rows = (candidates ?? store.issueIds()).flatMap((id) => fits(id) ?? []);
  const keyed = rows.map((indexed) => ({ indexed, keys: order.map((key) => key.of(indexed) ?? null) }));
  keyed.sort((a, b) => compareKeys(order, a.keys, b.keys) || b.indexed.record.id - a.indexed.record.id);
  for (const { indexed, keys } of keyed) {
    if (after !== undefined) {
      const place = compareKeys(order, keys, after.keys) || after.id - indexed.record.id;
      if (place <= 0) continue;
    }
    yield indexed;
  }
}

const ID_LIKE = new Set(['key', 'issuekey', 'issue', 'id']);

function idDirection(order: readonly SortKey[]): 'up' | 'down' | undefined {
  const [first] = order;
  if (first === undefined) return 'down';
  return ID_LIKE.has(first.field) ? (first.descending ? 'down' : 'up') : undefined;
}

function* inIdOrder(
  ascending: readonly number[],
  direction: 'up' | 'down',
  after: number | undefined,
  fits: (id: number) => Indexed | undefined,
): Generator<Indexed> {
  const step = direction === 'up' ? 1 : -1;
  let place = direction === 'up' ? 0 : ascending.length - 1;
  if (after !== undefined)
    place = direction === 'up' ? firstAbove(ascending, after) : firstAbove(ascending, after - 1) - 1;
  for (; place >= 0 && place < ascending.length; place += step) {
    const indexed = fits(ascending[place] ?? 0);
    if (indexed !== undefined) yield indexed;
  }
}

/** The place of the first id above `bound`. */
function firstAbove(ascending: readonly number[], bound: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? 0) <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}

function compareKeys(
  order: readonly SortKey[],
  a: readonly (Comparable | null)[],
  b: readonly (Comparable | null)[],
): number {
  for (const [place, { descending }] of order.entries()) {
    const difference = compareValues(a[place] ?? null, b[place] ?? null);
    if (difference !== 0) return descending ? -difference : difference;
  }
  return 0;
}

function compareValues(a: Comparable | null, b: Comparable | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

const writeToken = (cursor: Cursor): string => Buffer.from(JSON.stringify(cursor)).toString('base64url');

function readToken(token: string, query: string, now: number): Cursor {
  let cursor: Cursor | undefined;
  try {
    cursor = JSON.parse(Buffer.from(token, 'base64url').toString()) as Cursor;
  } catch {
    cursor = undefined;
  }
  if (cursor?.query !== query || !(cursor.expires > now))
    throw badRequest('The nextPageToken is invalid or has expired.');
  return cursor;
}
