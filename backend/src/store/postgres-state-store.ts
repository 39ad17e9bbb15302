// Pairs, claims, leases and children in PostgreSQL. One statement or one transaction for each method; every statement
// names the installation.

import type { ErrorRecord, Pair, StateStore } from '../reconcile/ports.ts';
import { LeaseLost } from '../reconcile/ports.ts';
import { jsonb, numberOf, type Pool, transaction } from './database.ts';
import { type ChildRow, childOf, type PairRow, pairOf } from './pair-rows.ts';
import { Claimed, claim, claimedBy } from './postgres-claims.ts';
import { initialSyncTable } from './postgres-initial-syncs.ts';
import { itemErrorTable } from './postgres-item-errors.ts';
import { addChildren, applyPatch, insertPair } from './postgres-pair-writes.ts';
import { rowsOf } from './postgres-row-counts.ts';
import { addDecisions, timelineTable } from './postgres-timelines.ts';
import { waiterTable } from './postgres-waiters.ts';
import { refuseIds } from './refuse-ids.ts';

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

/** Those that refer to others before them. */
const tables = ['decisions', 'children', 'claims', 'pairs', 'item_errors', 'initial_syncs', 'waiters'];

const nextOf = (rows: readonly PairRow[], limit: number): { readonly next?: string } => {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  return last ? { next: last.pair_id } : {};
};
