// Puts work into the queue: items (merged by key while they wait) and other tasks (one of a kind waits). Taking it out is
// runner.ts.

import type { ItemJob, Queue, Scope } from '../reconcile/ports.ts';
import { numberOf, type Pool, type Queryable, transaction } from '../store/database.ts';
import type { Side } from '../sync/model.ts';
import { itemJobKeys, type PendingItem, putPending } from './pending-items.ts';
import { priorities, type TargetTask, type TaskTarget } from './tasks.ts';

export interface TaskOptions {
  readonly runAt?: Date;
  /** Leaves it when one of the kind runs now: for periodic tasks. */
  readonly unlessRunning?: boolean;
}

export interface TandemQueue extends Queue {
  /** One of a kind and target waits: a second one leaves it as it is, but for an earlier `runAt`. */
  addTask(task: TargetTask, target: TaskTarget, options?: TaskOptions): Promise<void>;
  /** Jobs that wait, by task; for health pages and tests. */
  waiting(): Promise<ReadonlyMap<string, number>>;
  /** Items of a profile that wait: how many, and the first of them, deleted ones before others. */
  waitingItems(scope: Scope, profileId: string, limit: number): Promise<WaitingItems>;
  /**
   * Removes the jobs of an installation; returns how many there were. One that runs now is counted and ends by itself: it
   * finds nothing to work on.
   */
  forget(scope: Scope): Promise<number>;
  /** Removes jobs that were given up and not touched for so long (ms); returns how many. */
  purge(olderThanMs: number): Promise<number>;
}

export interface WaitingItems {
  readonly count: number;
  /** How many of them were told or seen to be deleted. */
  readonly deleted: number;
  readonly items: readonly {
    readonly pairId: string | null;
    readonly side: Side;
    readonly itemId: string;
    readonly deleted: boolean;
  }[];
}

/** Items that one statement takes: bounds its memory and how long it holds rows. */
const batchSize = 500;

export const taskKey = (task: TargetTask, target: TaskTarget): string =>
  `task/${task}/${target.installationId}/${target.profileId ?? ''}/${target.connectionId ?? ''}`;

/** `now` in epoch ms: due times are turned into delays, so that the database's clock need not agree with ours. */
export function postgresQueue(pool: Pool, now: () => number = Date.now): TandemQueue {
  const delayOf = (runAt: Date | undefined) => Math.max(0, (runAt?.getTime() ?? 0) - now());

  return {
    async addItems(jobs, options = {}) {
      const priority = options.bulk ? priorities.bulk : priorities.live;
      const put = { delayMs: delayOf(options.runAt), sooner: options.runAt !== undefined };
      for (let start = 0; start < jobs.length; start += batchSize) {
        const batch = jobs.slice(start, start + batchSize).map((job) => pendingItem(job, priority));
        await transaction(pool, (client) => putPending(client, batch, put));
      }
    },

    addTask: (task, target, options = {}) =>
      addTaskJob(pool, task, target, delayOf(options.runAt), options.unlessRunning ?? false),

    async wake(scope, profileId) {
      await pool.query(
        `select graphile_worker.reschedule_jobs(array(
           select id from graphile_worker.jobs
           where starts_with(key, $1) and locked_at is null and attempts < max_attempts and run_at > now()
         ), run_at := now())`,
        [itemJobKeys(scope.installationId, profileId)],
      );
    },

    async withdrawInitial(scope, profileId) {
      await pool.query(
        `with known as (
           select item_key, hints = '[]' as alone from tandem.pending_items
           where installation_id = $1 and profile_id = $2 and initial_jobs > 0
           order by item_key collate "C" for update
         ), withdrawn as (
           delete from tandem.pending_items p using known
           where installation_id = $1 and profile_id = $2 and p.item_key = known.item_key and alone
         )
         update tandem.pending_items p set initial_jobs = 0 from known
         where installation_id = $1 and profile_id = $2 and p.item_key = known.item_key and not alone`,
        [scope.installationId, profileId],
      );
    },

    async waiting() {
      const { rows } = await pool.query<{ task_identifier: string; count: string }>(
        `select task_identifier, count(*) from graphile_worker.jobs
         where locked_at is null and attempts < max_attempts group by 1`,
      );
      return new Map(rows.map((row) => [row.task_identifier, Number(row.count)]));
    },

    async waitingItems(scope, profileId, limit) {
      const { rows } = await pool.query<WaitingRow>(
        `select pair_id, side, item_id, hints @> '[{"aspect": "deleted"}]' as deleted,
           count(*) over () as total, count(*) filter (where hints @> '[{"aspect": "deleted"}]') over () as deletions
         from tandem.pending_items where installation_id = $1 and profile_id = $2
         order by deleted desc, length(item_id), item_id limit $3`,
        [scope.installationId, profileId, limit],
      );
      return {
        count: numberOf(rows[0]?.total ?? 0),
        deleted: numberOf(rows[0]?.deletions ?? 0),
        items: rows.map((row) => ({
          pairId: row.pair_id,
          side: row.side,
          itemId: row.item_id,
          deleted: row.deleted,
        })),
      };
    },

    async forget({ installationId }) {
      const { rows } = await pool.query<{ ids: readonly string[] }>(
        `select coalesce(array_agg(id), '{}') as ids from graphile_worker.jobs
         where split_part(key, '/', 1) = 'item' and split_part(key, '/', 2) = $1
           or split_part(key, '/', 1) = 'task' and split_part(key, '/', 3) = $1`,
        [installationId],
      );
      const ids = rows[0]?.ids ?? [];
      await pool.query('select graphile_worker.complete_jobs($1::bigint[])', [ids]);
      return ids.length;
    },

    async purge(olderThanMs) {
      const { rowCount } = await pool.query(
        `select graphile_worker.complete_jobs(array(
           select id from graphile_worker.jobs
           where locked_at is null and attempts >= max_attempts and updated_at <= now() - $1 * interval '1 ms'))`,
        [olderThanMs],
      );
      return rowCount ?? 0;
    },
  };
}

interface WaitingRow {
  readonly pair_id: string | null;
  readonly side: Side;
  readonly item_id: string;
  readonly deleted: boolean;
  readonly total: string;
  readonly deletions: string;
}

const pendingItem = (job: ItemJob, priority: number): PendingItem => ({
  ...job,
  initialJobs: job.initial ? 1 : 0,
  attempts: 0,
  priority,
});

/** Leaves a waiting job of the same key alone, unless it is due later than this one would be. */
export async function addTaskJob(
  client: Queryable,
  task: TargetTask,
  target: TaskTarget,
  delayMs: number,
  unlessRunning: boolean,
): Promise<void> {
  await client.query(
    `with known as (
       select id, run_at, locked_at from graphile_worker.jobs
       where key = $2 and (locked_at is not null or attempts < max_attempts)
     ), sooner as (
       select graphile_worker.reschedule_jobs(array[id], run_at := now() + $4 * interval '1 ms') from known
       where locked_at is null and run_at > now() + $4 * interval '1 ms'
     ), added as (
       select graphile_worker.add_job($1, $3::json, run_at := now() + $4 * interval '1 ms', job_key := $2,
         priority := $5, flags := $7::text[], job_key_mode := 'preserve_run_at')
       where not exists (select from known where locked_at is null or $6)
     )
     select (select count(*) from sooner), (select count(*) from added)`,
    [
      task,
      taskKey(task, target),
      JSON.stringify(target),
      delayMs,
      priorities.task,
      unlessRunning,
      target.installationId === '' ? null : [target.installationId],
    ],
  );
}
