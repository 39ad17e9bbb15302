// Tells that a pool of workers lives, and frees what dead pools held: their jobs, and the items and tasks they had in hand.
// Without it the queue's library would wait four hours.

import type { Log } from '../reconcile/ports.ts';
import { type Pool, transaction } from '../store/database.ts';
import { machineIdentity, processStamp, stampAlive } from '../store/process-identity.ts';
import { returnTaken } from './pending-items.ts';

export interface HeartbeatTiming {
  readonly everyMs: number;
  /** A pool that was silent for so long is dead. With `everyMs` it must stay under 90 s. */
  readonly deadAfterMs: number;
}

export const defaultHeartbeat: HeartbeatTiming = { everyMs: 15_000, deadAfterMs: 60_000 };

const machine = machineIdentity();

export async function beat(pool: Pool, poolId: string): Promise<void> {
  await pool.query(
    `insert into tandem.worker_heartbeats (pool_id, machine, process, beat_at) values ($1, $2, $3, now())
     on conflict (pool_id) do update set beat_at = excluded.beat_at`,
    [poolId, machine, processStamp()],
  );
}

interface Holder {
  readonly pool_id: string;
  readonly machine: string | null;
  readonly process: string | null;
  readonly silent: boolean;
}

/** Dead: silent for too long, or a process of this machine that is gone (known at once). */
const isDead = (holder: Holder) =>
  holder.silent ||
  (machine !== null && holder.machine === machine && holder.process !== null && !stampAlive(holder.process));

/** Frees what dead pools held; returns their ids. */
export async function freeDead(pool: Pool, deadAfterMs: number): Promise<readonly string[]> {
  // A pool without any heartbeat counts from the time at which it took something.
  const { rows } = await pool.query<Holder>(
    `with held as (
       select locked_by as pool_id, locked_at as at from graphile_worker.jobs where locked_by is not null
       union all select pool_id, taken_at from tandem.taken_items
       union all select pool_id, started_at from tandem.running_tasks
       union all select pool_id, beat_at from tandem.worker_heartbeats
     )
     select held.pool_id, h.machine, h.process,
       coalesce(h.beat_at, max(held.at)) < now() - $1 * interval '1 ms' as silent
     from held left join tandem.worker_heartbeats h using (pool_id)
     group by held.pool_id, h.machine, h.process, h.beat_at`,
    [deadAfterMs],
  );
  const dead = rows.filter(isDead).map((row) => row.pool_id);
  if (dead.length > 0) await releasePools(pool, dead);
  return dead;
}

/** The jobs first: an item that is given back then finds its own job waiting. */
export async function releasePools(pool: Pool, poolIds: readonly string[]): Promise<void> {
  await transaction(pool, async (client) => {
    await client.query('select graphile_worker.force_unlock_workers($1)', [poolIds]);
    await returnTaken(client, poolIds);
    await client.query('delete from tandem.running_tasks where pool_id = any($1)', [poolIds]);
    await client.query('delete from tandem.worker_heartbeats where pool_id = any($1)', [poolIds]);
  });
}

export interface Heartbeat {
  stop(): void;
}

/** Beats and looks for the dead until stopped; the first look comes at once. */
export function startHeartbeat(pool: Pool, poolId: string, timing: HeartbeatTiming, log: Log): Heartbeat {
  let busy = false;
  const round = async () => {
    if (busy) return;
    busy = true;
    try {
      await beat(pool, poolId);
      const dead = await freeDead(pool, timing.deadAfterMs);
      if (dead.length > 0) log.warn({ count: dead.length }, 'freed the jobs of workers that died');
    } catch {
      log.warn({}, 'the heartbeat could not be written');
    } finally {
      busy = false;
    }
  };
  void round();
  const timer = setInterval(() => void round(), timing.everyMs);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
