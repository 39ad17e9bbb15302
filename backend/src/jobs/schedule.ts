// Queues the periodic tasks. Any number of instances may run it: a row in the database is moved on by one of them, and
// that one queues the task.

import type { Log } from '../reconcile/ports.ts';
import { jsonb, type Pool } from '../store/database.ts';
import type { TandemQueue } from './queue.ts';
import type { TargetTask, TaskTarget } from './tasks.ts';

export interface ScheduleEntry {
  readonly task: TargetTask;
  readonly everyMs: number;
  /** What the task is queued for: enabled profiles, active installations, connections. */
  readonly targets: () => Promise<readonly TaskTarget[]>;
}

const targetOf = (target: TaskTarget) => target.profileId ?? target.connectionId ?? '';

/** Queues what is due; returns how many tasks. The time is the database's, unless a test gives one. */
export async function queueDue(
  pool: Pool,
  queue: Pick<TandemQueue, 'addTask'>,
  entries: readonly ScheduleEntry[],
  now?: number,
): Promise<number> {
  let queued = 0;
  for (const entry of entries) {
    const targets = await entry.targets();
    const { rows } = await pool.query<{ installation_id: string; target: string }>(
      `with clock as (select coalesce($4::bigint, (extract(epoch from now()) * 1000)::bigint) as at)
       insert into tandem.schedules as known (installation_id, target, task, last_at)
       select distinct given.installation_id, given.target, $2, clock.at
       from jsonb_to_recordset($1::jsonb) as given (installation_id text, target text) cross join clock
       order by 1, 2
       on conflict (installation_id, target, task) do update set last_at = excluded.last_at
         where known.last_at <= excluded.last_at - $3::bigint
       returning installation_id, target`,
      [
        jsonb(targets.map((target) => ({ installation_id: target.installationId, target: targetOf(target) }))),
        entry.task,
        entry.everyMs,
        now ?? null,
      ],
    );
    const due = new Set(rows.map((row) => `${row.installation_id}\n${row.target}`));
    for (const target of targets) {
      if (!due.delete(`${target.installationId}\n${targetOf(target)}`)) continue;
      await queue.addTask(entry.task, target, { unlessRunning: true });
      queued += 1;
    }
  }
  return queued;
}

export interface Schedule {
  /** Waits for a round that is under way. */
  stop(): Promise<void>;
}

/** Looks every `tickMs`, at once first. */
export function startSchedule(
  options: {
    readonly pool: Pool;
    readonly queue: Pick<TandemQueue, 'addTask'>;
    readonly entries: readonly ScheduleEntry[];
    readonly log: Log;
  },
  tickMs = 1_000,
): Schedule {
  let round: Promise<void> | undefined;
  const tick = () => {
    round ??= queueDue(options.pool, options.queue, options.entries)
      .then(
        () => {},
        () => options.log.warn({}, 'the schedule could not be looked at'),
      )
      .finally(() => {
        round = undefined;
      });
  };
  tick();
  const timer = setInterval(tick, tickMs);
  timer.unref();
  return {
    async stop() {
      clearInterval(timer);
      await round;
    },
  };
}
