// Claims of items in PostgreSQL: each is in one pair for each counterpart's site. A part of postgres-state-store.ts.

import type { Pair, Scope } from '../reconcile/ports.ts';
import { type Side, sides } from '../sync/model.ts';
import type { Queryable } from './database.ts';

type Sites = Readonly<Record<Side, string>>;

/** Rolls a transaction back because another pair owns the item. */
export class Claimed extends Error {
  readonly owner: string;
  constructor(owner: string) {
    super('the item belongs to another pair');
    this.owner = owner;
  }
}

export function claimedBy(error: unknown): { claimedBy: string } {
  if (error instanceof Claimed) return { claimedBy: error.owner };
  throw error;
}

/**
 * Claims every id that is given; null, or the pair that owns one of them. The claims are written in one order, so that
 * two creators never wait for each other; the second one waits for the first one's end here.
 */
export async function claim(
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
