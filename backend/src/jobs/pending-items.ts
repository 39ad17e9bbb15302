// Hints of items that wait for a job, merged by key, and the jobs that wake them up. The queue's own keys replace a waiting
// job's payload, due time and attempts; here the hints lie in a table of ours and the job carries ids only, so that a
// waiting job is left as it is.

import type { Hint, ItemJob } from '../reconcile/ports.ts';
import type { Queryable } from '../store/database.ts';
import { jsonb } from '../store/database.ts';
import { mergeHints } from '../sync/versions.ts';
import { addJobs, type QueuedJob } from './turns.ts';

export interface PendingItem extends ItemJob {
  readonly initialJobs: number;
  readonly attempts: number;
  readonly priority: number;
}

/** One per pair, or per item until it is paired. */
export const itemKey = (job: Pick<ItemJob, 'pairId' | 'side' | 'itemId'>): string =>
  job.pairId ?? `${job.side}:${job.itemId}`;

/** The queue's key of an item's job; unique over all installations and profiles. */
const jobKey = (installationId: string, profileId: string, key: string) =>
  `${itemJobKeys(installationId, profileId)}${key}`;

/** What the keys of all jobs of a profile's items begin with. */
export const itemJobKeys = (installationId: string, profileId: string) => `item/${installationId}/${profileId}/`;

const keyOf = (item: PendingItem) => jobKey(item.installationId, item.profileId, itemKey(item));

/** A job without hints looks at everything: joined with others it must go on doing so. */
const hintsOf = ({ hints, side, itemId }: PendingItem): readonly Hint[] =>
  hints.length > 0 ? hints : [{ side, itemId, aspect: 'any' }];

const merge = (a: PendingItem, b: PendingItem): PendingItem => ({
  ...a,
  hints: a.hints.length === 0 && b.hints.length === 0 ? [] : mergeHints(hintsOf(a), hintsOf(b)),
  initialJobs: a.initialJobs + b.initialJobs,
  attempts: Math.max(a.attempts, b.attempts),
  priority: Math.min(a.priority, b.priority),
});

interface PendingRow {
  readonly installation_id: string;
  readonly profile_id: string;
  readonly item_key: string;
  readonly pair_id: string | null;
  readonly side: ItemJob['side'];
  readonly item_id: string;
  readonly hints: readonly Hint[];
  readonly initial_jobs: number;
  readonly attempts: number;
}

const rowOf = (item: PendingItem): PendingRow => ({
  installation_id: item.installationId,
  profile_id: item.profileId,
  item_key: itemKey(item),
  pair_id: item.pairId ?? null,
  side: item.side,
  item_id: item.itemId,
  hints: item.hints,
  initial_jobs: item.initialJobs,
  attempts: item.attempts,
});

export const pendingOf = (row: PendingRow, priority: number): PendingItem => ({
  installationId: row.installation_id,
  profileId: row.profile_id,
  ...(row.pair_id === null ? {} : { pairId: row.pair_id }),
  side: row.side,
  itemId: row.item_id,
  hints: row.hints,
  ...(row.initial_jobs > 0 ? { initial: true } : {}),
  initialJobs: row.initial_jobs,
  attempts: row.attempts,
  priority,
});

const recordset = `jsonb_to_recordset($1::jsonb) as given (
  installation_id text, profile_id text, item_key text, pair_id text, side text, item_id text, hints jsonb,
  initial_jobs int, attempts int)`;

export interface PutOptions {
  /** From now, in ms. */
  readonly delayMs: number;
  /** Bring a waiting job forward to this time; otherwise its due time stays as it is. */
  readonly sooner: boolean;
}

/**
 * Adds items or merges them into those that wait, in the caller's transaction. Rows are taken in the order of their
 * keys, so that two callers never wait for each other.
 */
export async function putPending(client: Queryable, items: readonly PendingItem[], options: PutOptions): Promise<void> {
  const byKey = new Map<string, PendingItem>();
  for (const item of items) {
    const known = byKey.get(keyOf(item));
    byKey.set(keyOf(item), known ? merge(known, item) : item);
  }
  let open = [...byKey].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  const fresh: PendingItem[] = [];
  const waiting: PendingItem[] = [];
  // A row that a worker takes between the two statements is gone in the second: then it is inserted in the next round.
  while (open.length > 0) {
    const inserted = await insertNew(client, open);
    fresh.push(...open.filter((item) => inserted.has(keyOf(item))));
    open = open.filter((item) => !inserted.has(keyOf(item)));
    const merged = await mergeKnown(client, open);
    waiting.push(...open.filter((item) => merged.has(keyOf(item))));
    open = open.filter((item) => !merged.has(keyOf(item)));
  }
  const asleep = await touchWaitingJobs(client, waiting, options);
  await addJobs(client, [...fresh, ...asleep].map(jobOf), options.delayMs);
}

const jobOf = (item: PendingItem): QueuedJob => ({
  installationId: item.installationId,
  identifier: 'reconcile-item',
  payload: { installationId: item.installationId, profileId: item.profileId, key: itemKey(item) },
  key: keyOf(item),
  priority: item.priority,
});

async function insertNew(client: Queryable, items: readonly PendingItem[]): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<PendingRow>(
    `insert into tandem.pending_items select given.* from ${recordset}
     on conflict do nothing returning installation_id, profile_id, item_key`,
    [jsonb(items.map(rowOf))],
  );
  return new Set(rows.map((row) => jobKey(row.installation_id, row.profile_id, row.item_key)));
}

async function mergeKnown(client: Queryable, items: readonly PendingItem[]): Promise<ReadonlySet<string>> {
  if (items.length === 0) return new Set();
  const { rows } = await client.query<PendingRow>(
    `select p.* from ${recordset}
     join tandem.pending_items p using (installation_id, profile_id, item_key)
     order by (installation_id || '/' || profile_id || '/' || item_key) collate "C" for update of p`,
    [jsonb(items.map(rowOf))],
  );
  const known = new Map(rows.map((row) => [jobKey(row.installation_id, row.profile_id, row.item_key), row]));
  const merged = items.flatMap((item) => {
    const row = known.get(keyOf(item));
    return row ? [rowOf(merge(pendingOf(row, item.priority), item))] : [];
  });
  await client.query(
    `update tandem.pending_items p set hints = given.hints, initial_jobs = given.initial_jobs, attempts = given.attempts
     from ${recordset}
     where p.installation_id = given.installation_id and p.profile_id = given.profile_id and p.item_key = given.item_key`,
    [jsonb(merged)],
  );
  return new Set(known.keys());
}

/**
 * A live hint lifts a bulk job that waits and brings it forward, which may wait for a paused initial sync alone; so does
 * `sooner`. Attempts are left alone. Returns the items whose job is not waiting: it runs already, or was given up.
 */
async function touchWaitingJobs(
  client: Queryable,
  items: readonly PendingItem[],
  options: PutOptions,
): Promise<readonly PendingItem[]> {
  if (items.length === 0) return [];
  const { rows } = await client.query<{ id: string; key: string; priority: number }>(
    `select id, key, priority from graphile_worker.jobs
     where key = any($1) and locked_at is null and attempts < max_attempts`,
    [items.map(keyOf)],
  );
  const jobs = new Map(rows.map((row) => [row.key, row]));
  for (const item of items) {
    const job = jobs.get(keyOf(item));
    if (!job) continue;
    const priority = Math.min(job.priority, item.priority);
    const lifted = priority < job.priority;
    if (lifted) {
      await client.query('select graphile_worker.reschedule_jobs(array[$1::bigint], priority := $2)', [
        job.id,
        priority,
      ]);
    }
    if (lifted || options.sooner) {
      await client.query(
        `select graphile_worker.reschedule_jobs(array[id], run_at := now() + $2 * interval '1 ms')
         from graphile_worker.jobs where id = $1 and run_at > now() + $2 * interval '1 ms'`,
        [job.id, options.delayMs],
      );
    }
  }
  return items.filter((item) => !jobs.has(keyOf(item)));
}

export interface ItemJobRef {
  readonly installationId: string;
  readonly profileId: string;
  readonly key: string;
}

/** Moves what waits under a key into the hand of the worker that runs the job; null when another run took it already. */
export async function takePending(
  client: Queryable,
  ref: ItemJobRef,
  job: { readonly id: string; readonly poolId: string; readonly priority: number },
): Promise<PendingItem | null> {
  const { rows } = await client.query<PendingRow>(
    `with taken as (
       delete from tandem.pending_items where installation_id = $1 and profile_id = $2 and item_key = $3 returning *
     )
     insert into tandem.taken_items select $4::bigint, $5, now(), $6, taken.* from taken
     on conflict (job_id) do update set hints = excluded.hints, pool_id = excluded.pool_id, taken_at = excluded.taken_at
     returning *`,
    [ref.installationId, ref.profileId, ref.key, job.id, job.poolId, job.priority],
  );
  return rows[0] ? pendingOf(rows[0], job.priority) : null;
}

/** The run is over. */
export async function forgetTaken(client: Queryable, jobId: string): Promise<void> {
  await client.query('delete from tandem.taken_items where job_id = $1', [jobId]);
}

/** What the workers of these pools had in hand waits again; returns how many. */
export async function returnTaken(client: Queryable, poolIds: readonly string[]): Promise<number> {
  const { rows } = await client.query<PendingRow & { priority: number }>(
    'delete from tandem.taken_items where pool_id = any($1) returning *',
    [poolIds],
  );
  await putPending(
    client,
    rows.map((row) => pendingOf(row, row.priority)),
    { delayMs: 0, sooner: false },
  );
  return rows.length;
}
