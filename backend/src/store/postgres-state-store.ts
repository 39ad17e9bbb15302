// Pairs, claims, leases and children in PostgreSQL. One statement or one transaction for each method; every statement
// names the installation.

import type {
  ChildPair,
  CommitOptions,
  ErrorRecord,
  Opening,
  Pair,
  PairPatch,
  Scope,
  StateStore,
} from '../reconcile/ports.ts';
import { LeaseLost } from '../reconcile/ports.ts';
import { type Side, sides } from '../sync/model.ts';
import { jsonb, numberOf, type Pool, type Queryable, transaction } from './database.ts';
import { type ChildRow, childOf, childrenJson, columnsOf, type PairRow, pairOf } from './pair-rows.ts';
import { initialSyncTable } from './postgres-initial-syncs.ts';
import { itemErrorTable } from './postgres-item-errors.ts';
import { rowsOf } from './postgres-row-counts.ts';
import { addDecisions, appendDecisions, timelineTable } from './postgres-timelines.ts';
import { waiterTable } from './postgres-waiters.ts';

type Sites = Readonly<Record<Side, string>>;

export function postgresStateStore(pool: Pool): StateStore {
  const onePair = async (text: string, values: readonly unknown[]): Promise<Pair | null> => {
    const { rows } = await pool.query<PairRow>(text, [...values]);
    return rows[0] ? pairOf(rows[0]) : null;
  };

  return {
    createPair: (scope, sites, pair, decisions = [], children = []) =>
      transaction(pool, async (client) => {
        await insertPair(client, scope, pair);
        await addDecisions(client, scope, pair.id, decisions);
        await addChildren(client, scope, pair.id, children);
        const owner = await claim(client, scope, sites, pair.id, pair.ids);
        if (owner === null) return null;
        throw new Claimed(owner);
      }).catch(claimedBy),

    completePair: (scope, lease, sites, patch) =>
      transaction(pool, async (client) => {
        if (!(await applyPatch(client, scope, lease, patch))) throw new LeaseLost(lease.pairId);
        const owner = patch.ids ? await claim(client, scope, sites, lease.pairId, patch.ids) : null;
        if (owner === null) return null;
        throw new Claimed(owner);
      }).catch(claimedBy),

    getPair: (scope, pairId) =>
      onePair('select * from tandem.pairs where installation_id = $1 and pair_id = $2', [scope.installationId, pairId]),

    findPair: (scope, siteId, side, itemId) =>
      onePair(
        `select p.* from tandem.claims c join tandem.pairs p using (installation_id, pair_id)
         where c.installation_id = $1 and c.site_id = $2 and c.side = $3 and c.item_id = $4`,
        [scope.installationId, siteId, side, itemId],
      ),

    async findPairs(scope, siteId, side, itemIds) {
      const { rows } = await pool.query<PairRow & { claimed_item: string }>(
        `select p.*, c.item_id as claimed_item
         from tandem.claims c join tandem.pairs p using (installation_id, pair_id)
         where c.installation_id = $1 and c.site_id = $2 and c.side = $3 and c.item_id = any($4)`,
        [scope.installationId, siteId, side, itemIds],
      );
      return new Map(rows.map((row) => [row.claimed_item, pairOf(row)]));
    },

    async findPairsByKey(scope, jiraKeys) {
      const { rows } = await pool.query<PairRow>(
        `select * from tandem.pairs where installation_id = $1 and jira_key = any($2) and jira_key is not null`,
        [scope.installationId, jiraKeys],
      );
      return new Map(rows.map((row) => [row.jira_key ?? '', pairOf(row)]));
    },

    ...waiterTable(pool),
    ...timelineTable(pool),

    findByToken: (scope, token) =>
      onePair('select * from tandem.pairs where installation_id = $1 and token = $2', [scope.installationId, token]),

    async children(scope, pairId, kind) {
      const { rows } = await pool.query<ChildRow>(
        `select * from tandem.children where installation_id = $1 and pair_id = $2 and kind = $3
         order by source, source_id`,
        [scope.installationId, pairId, kind],
      );
      return rows.map(childOf);
    },

    async findChildren(scope, pairId, kind, names) {
      if (names.length === 0) return [];
      const { rows } = await pool.query<ChildRow>(
        `select c.* from tandem.children c
         where c.installation_id = $1 and c.pair_id = $2 and c.kind = $3
           and exists (select from jsonb_to_recordset($4::jsonb) as named (side text, id text)
                       where case when c.source = named.side then c.source_id else c.target_id end = named.id)
         order by c.source, c.source_id`,
        [scope.installationId, pairId, kind, jsonb(names)],
      );
      return rows.map(childOf);
    },

    async seePair(scope, pairId) {
      const { rows } = await pool.query<PairRow>(
        'select * from tandem.pairs where installation_id = $1 and pair_id = $2',
        [scope.installationId, pairId],
      );
      const [row] = rows;
      if (!row) return null;
      const opening = row.lease_expires_at === null ? { pairId, fence: numberOf(row.fence) } : null;
      return { pair: pairOf(row), opening };
    },

    async openLease(scope, opening, patch, now, ttlMs, options) {
      refuseIds(patch);
      const expiresAt = now + ttlMs;
      const opened = await applyPatch(pool, scope, opening, patch, options, expiresAt);
      return opened ? { ...opening, fence: opening.fence + 1, expiresAt } : null;
    },

    async acquireLease(scope, pairId, now, ttlMs) {
      const { rows } = await pool.query<PairRow>(
        `update tandem.pairs set fence = fence + 1, lease_expires_at = $3::bigint + $4::bigint
         where installation_id = $1 and pair_id = $2 and (lease_expires_at is null or lease_expires_at <= $3)
         returning *`,
        [scope.installationId, pairId, now, ttlMs],
      );
      const row = rows[0];
      return row ? { lease: { pairId, fence: numberOf(row.fence), expiresAt: now + ttlMs }, pair: pairOf(row) } : null;
    },

    async releaseLease(scope, lease) {
      await pool.query(
        `update tandem.pairs set lease_expires_at = null where installation_id = $1 and pair_id = $2 and fence = $3`,
        [scope.installationId, lease.pairId, lease.fence],
      );
    },

    async renewLease(scope, lease, now, ttlMs) {
      const { rowCount } = await pool.query(
        `update tandem.pairs set lease_expires_at = $4::bigint + $5::bigint
         where installation_id = $1 and pair_id = $2 and fence = $3 and lease_expires_at is not null`,
        [scope.installationId, lease.pairId, lease.fence, now, ttlMs],
      );
      return rowCount === 1;
    },

    commit(scope, lease, patch, options) {
      refuseIds(patch);
      return applyPatch(pool, scope, lease, patch, options);
    },

    async markDirty(scope, pairId) {
      await pool.query(
        `update tandem.pairs
         set dirty_at_fence = fence, fence = case when lease_expires_at is null then fence + 1 else fence end
         where installation_id = $1 and pair_id = $2 and dirty_at_fence is distinct from fence`,
        [scope.installationId, pairId],
      );
    },

    releaseItem: (scope, lease, siteId, side) =>
      transaction(pool, async (client) => {
        const { rows } = await client.query<{ item_id: string | null }>(
          `update tandem.pairs p set ${side}_id = null from tandem.pairs before
           where p.installation_id = $1 and p.pair_id = $2 and p.fence = $3 and p.lease_expires_at is not null
             and before.installation_id = p.installation_id and before.pair_id = p.pair_id
           returning before.${side}_id as item_id`,
          [scope.installationId, lease.pairId, lease.fence],
        );
        const [released] = rows;
        if (!released) throw new LeaseLost(lease.pairId);
        await client.query(
          `delete from tandem.claims
           where installation_id = $1 and site_id = $2 and side = $3 and item_id = $4 and pair_id = $5`,
          [scope.installationId, siteId, side, released.item_id, lease.pairId],
        );
      }),

    async handOver(scope, lease, profileId) {
      const { rowCount } = await pool.query(
        `update tandem.pairs set profile_id = $4
         where installation_id = $1 and pair_id = $2 and fence = $3 and lease_expires_at is not null`,
        [scope.installationId, lease.pairId, lease.fence, profileId],
      );
      if (!rowCount) throw new LeaseLost(lease.pairId);
    },

    async removePair(scope, lease) {
      const { rowCount } = await pool.query(
        `delete from tandem.pairs
         where installation_id = $1 and pair_id = $2 and fence = $3 and lease_expires_at is not null`,
        [scope.installationId, lease.pairId, lease.fence],
      );
      if (!rowCount) throw new LeaseLost(lease.pairId);
    },

    async listPairs(scope, profileId, page) {
      const { rows } = await pool.query<PairRow>(
        `select * from tandem.pairs where installation_id = $1 and profile_id = $2 and pair_id > $3
         order by pair_id limit $4`,
        [scope.installationId, profileId, page.after ?? '', page.limit + 1],
      );
      return { pairs: rows.slice(0, page.limit).map(pairOf), ...nextOf(rows, page.limit) };
    },

    async countPairs(scope, profileId) {
      const { rows } = await pool.query<{ status: Pair['status']; total: string; failing: string }>(
        `select status, count(*) as total, count(*) filter (where failing) as failing
         from tandem.pairs where installation_id = $1 and profile_id = $2 group by status`,
        [scope.installationId, profileId],
      );
      const counts = { paired: 0, creating: 0, orphaned: 0, failing: 0 };
      for (const row of rows) {
        counts[row.status] = numberOf(row.total);
        counts.failing += numberOf(row.failing);
      }
      return counts;
    },

    async due(scope, now, limit) {
      // The condition is the one of the index pairs_due, word for word.
      const { rows } = await pool.query<PairRow>(
        `select * from tandem.pairs
         where installation_id = $1 and coalesce(retry_due_at, 0) <= $2
           and (status = 'creating' or dirty_at_fence is not null or retry_due_at is not null)
           and (lease_expires_at is null or lease_expires_at <= $2)
         order by coalesce(retry_due_at, 0) limit $3`,
        [scope.installationId, now, limit],
      );
      return rows.map(pairOf);
    },

    async listErrors(scope, profileId, page) {
      const [afterPair = '', afterRecord = ''] = page.after ? page.after.split('\n') : [];
      const { rows } = await pool.query<PairRow & { record: ErrorRecord; record_id: string }>(
        `select p.*, e.record, e.record ->> 'id' as record_id
         from tandem.pairs p cross join lateral jsonb_array_elements(p.errors) as e (record)
         where p.installation_id = $1 and p.profile_id = $2 and p.errors <> '[]'::jsonb
           and (p.pair_id, e.record ->> 'id') > ($3, $4)
         order by p.pair_id, e.record ->> 'id' limit $5`,
        [scope.installationId, profileId, afterPair, afterRecord, page.limit + 1],
      );
      const errors = rows.slice(0, page.limit).map((row) => ({ pair: pairOf(row), record: row.record }));
      const last = rows.length > page.limit ? rows[page.limit - 1] : undefined;
      return last ? { errors, next: `${last.pair_id}\n${last.record_id}` } : { errors };
    },

    ...itemErrorTable(pool),
    ...initialSyncTable(pool),

    erase: (scope) =>
      transaction(pool, async (client) => {
        const rows = Object.entries(await rowsOf(client, scope)).filter(([table]) => tables.includes(table));
        for (const table of tables) {
          await client.query(`delete from tandem.${table} where installation_id = $1`, [scope.installationId]);
        }
        return Object.fromEntries(rows);
      }),
  };
}

/** Ids are claimed: only completePair changes them. */
function refuseIds(patch: PairPatch): void {
  if (patch.ids) throw new TypeError('only completePair may change the ids of a pair: they are claimed');
}

/** Those that refer to others before them. */
const tables = ['decisions', 'children', 'claims', 'pairs', 'item_errors', 'initial_syncs', 'waiters'];

const nextOf = (rows: readonly PairRow[], limit: number): { readonly next?: string } => {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last ? { next: last.pair_id } : {};
};

/** Rolls a transaction back because another pair owns the item. */
class Claimed extends Error {
  readonly owner: string;
  constructor(owner: string) {
    super('the item belongs to another pair');
    this.owner = owner;
  }
}

function claimedBy(error: unknown): { claimedBy: string } {
  if (error instanceof Claimed) return { claimedBy: error.owner };
  throw error;
}

async function insertPair(client: Queryable, scope: Scope, pair: Pair): Promise<void> {
  const { id, installationId: _, profileId, ...rest } = pair;
  const { columns, detail } = columnsOf(rest);
  const all = [
    ['installation_id', scope.installationId],
    ['pair_id', id],
    ['profile_id', profileId],
    ['detail', jsonb(detail)],
    ['dirty_at_fence', pair.dirty ? 0 : null],
    ...columns,
  ] as const;
  await client.query(
    `insert into tandem.pairs (${all.map(([column]) => column).join(', ')})
     values (${all.map((_column, index) => `$${index + 1}`).join(', ')})`,
    all.map(([, value]) => value),
  );
}

async function addChildren(
  client: Queryable,
  scope: Scope,
  pairId: string,
  children: readonly ChildPair[],
): Promise<void> {
  if (children.length === 0) return;
  await client.query(`insert into tandem.children select $1, $2, given.* from ${givenChildren('$3')}`, [
    scope.installationId,
    pairId,
    childrenJson(children),
  ]);
}

const givenChildren = (parameter: string) => `jsonb_to_recordset(${parameter}::jsonb) as given (
  kind text, source text, source_id text, target_id text, token text,
  source_version jsonb, target_version jsonb, bodies jsonb, intent_at bigint, file jsonb)`;

/**
 * Claims every id that is given; null, or the pair that owns one of them. The claims are written in one order, so that
 * two creators never wait for each other; the second one waits for the first one's end here.
 */
async function claim(
  client: Queryable,
  scope: Scope,
  sites: Sites,
  pairId: string,
  ids: Pair['ids'],
): Promise<string | null> {
  const wanted = sides.flatMap((side) => (ids[side] === null ? [] : [{ side, site: sites[side], item: ids[side] }]));
  const values = [
    scope.installationId,
    wanted.map((one) => one.site),
    wanted.map((one) => one.side),
    wanted.map((one) => one.item),
    pairId,
  ];
  const { rows } = await client.query<{ item_id: string }>(
    `insert into tandem.claims (installation_id, site_id, side, item_id, pair_id)
     select $1, site, side, item, $5 from unnest($2::text[], $3::text[], $4::text[]) as wanted (site, side, item)
     order by side, site, item
     on conflict (installation_id, site_id, side, item_id)
       do update set pair_id = excluded.pair_id where claims.pair_id = excluded.pair_id
     returning item_id`,
    values,
  );
  if (rows.length === wanted.length) return null;
  const owners = await client.query<{ pair_id: string }>(
    `select c.pair_id from tandem.claims c
     join unnest($2::text[], $3::text[], $4::text[]) as wanted (site, side, item)
       on c.site_id = wanted.site and c.side = wanted.side and c.item_id = wanted.item
     where c.installation_id = $1 and c.pair_id <> $5 order by c.side limit 1`,
    values,
  );
  const owner = owners.rows[0]?.pair_id;
  if (owner === undefined) throw new Error('a claim was refused but nobody owns it');
  return owner;
}

/**
 * One statement for the pair, its children and its timeline; false when the fence is not the newest or the lease was
 * released. With `opensUntil` for a pair without a lease, of which it takes the next one.
 */
async function applyPatch(
  client: Queryable,
  scope: Scope,
  { pairId, fence }: Opening,
  patch: PairPatch,
  options: CommitOptions = {},
  opensUntil?: number,
): Promise<boolean> {
  const { columns, detail } = columnsOf(patch);
  const forgotten = (patch.forgotten ?? []).map(({ kind, source, sourceId }) => ({
    kind,
    source,
    source_id: sourceId,
  }));
  const values: unknown[] = [
    scope.installationId,
    pairId,
    fence,
    childrenJson(patch.children ?? []),
    jsonb(forgotten),
    jsonb(patch.decisions ?? []),
  ];
  const sets = columns.map(([column, value]) => `${column} = $${values.push(value)}`);
  if (Object.keys(detail).length > 0) sets.push(`detail = detail || $${values.push(jsonb(detail))}::jsonb`);
  const own = opensUntil === undefined ? 'fence' : 'fence + 1';
  if (patch.dirty === true) sets.push(`dirty_at_fence = ${own}`);
  if (patch.dirty === false)
    sets.push(`dirty_at_fence = case when dirty_at_fence < ${own} then null else dirty_at_fence end`);
  if (opensUntil !== undefined) sets.push('fence = fence + 1');
  if (options.release) sets.push('lease_expires_at = null');
  else if (opensUntil !== undefined) sets.push(`lease_expires_at = $${values.push(opensUntil)}`);
  if (sets.length === 0) sets.push('fence = fence');
  const { rowCount } = await client.query(
    `with head as (
       update tandem.pairs set ${sets.join(', ')}
       where installation_id = $1 and pair_id = $2 and fence = $3
         and lease_expires_at is ${opensUntil === undefined ? 'not null' : 'null'}
       returning installation_id, pair_id
     ), written as (
       insert into tandem.children as c
       select head.installation_id, head.pair_id, given.*
       from head cross join ${givenChildren('$4')}
       on conflict (installation_id, pair_id, kind, source, source_id) do update set
         target_id = excluded.target_id, token = excluded.token, source_version = excluded.source_version,
         target_version = excluded.target_version, bodies = excluded.bodies, intent_at = excluded.intent_at,
         file = excluded.file
     ), removed as (
       delete from tandem.children c using head, jsonb_to_recordset($5::jsonb) as given (kind text, source text, source_id text)
       where c.installation_id = head.installation_id and c.pair_id = head.pair_id
         and c.kind = given.kind and c.source = given.source and c.source_id = given.source_id
     ), ${appendDecisions('head', '$6')}
     select from head`,
    values,
  );
  return rowCount === 1;
}
