// How a pair is written in PostgreSQL, with its children and its timeline: a part of postgres-state-store.ts.

import type { ChildPair, CommitOptions, Opening, Pair, PairPatch, Scope } from '../reconcile/ports.ts';
import { jsonb, type Queryable } from './database.ts';
import { childrenJson, columnsOf } from './pair-rows.ts';
import { appendDecisions } from './postgres-timelines.ts';

export async function insertPair(client: Queryable, scope: Scope, pair: Pair): Promise<void> {
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

export async function addChildren(
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
 * One statement for the pair, its children and its timeline; false when the fence is not the newest or the lease was
 * released. With `opensUntil` for a pair without a lease, of which it takes the next one.
 */
export async function applyPatch(
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
