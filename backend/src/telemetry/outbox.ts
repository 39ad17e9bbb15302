// What is to leave for the warehouse, kept in PostgreSQL until the warehouse has it: a crash loses none of it, and nothing
// that synchronizes ever waits for it.

import { outboxRetention } from '../data-policy/bigquery.ts';
import type { Log } from '../reconcile/ports.ts';
import { jsonb, type Pool } from '../store/database.ts';
import { type Destination, warehouseRows } from './warehouse-tables.ts';

export interface OutboxRow {
  /** The insert id. */
  readonly id: string;
  readonly row: Readonly<Record<string, unknown>>;
}

export interface Refused {
  readonly id: string;
  /** The warehouse's own word for why, such as `invalid`: a code. */
  readonly reason: string;
}

export interface Warehouse {
  /** Adds the rows; those that it refuses are answered, all others are in it. Throws WarehouseFailed when none is. */
  insert(destination: Destination, rows: readonly OutboxRow[]): Promise<readonly Refused[]>;
}

/** `code` is the warehouse's own, or the socket's. */
export class WarehouseFailed extends Error {
  readonly code: string;
  constructor(code: string, options?: ErrorOptions) {
    super(`the warehouse failed: ${code}`, options);
    this.name = 'WarehouseFailed';
    this.code = code;
  }
}

export interface Outbox {
  /** Puts a row in; throws when it is not of the destination's form. */
  add(installationId: string, destination: Destination, row: Readonly<Record<string, unknown>>): Promise<void>;
  /** Puts in what was counted since the last time; returns how many rows. */
  handOnCounts(): Promise<number>;
  /** Sends what is due; returns how many rows the warehouse took. What it refuses stays, and is told. */
  send(warehouse: Warehouse): Promise<number>;
  /** Gives up rows that were refused for too long, and says how many. */
  purge(): Promise<number>;
}

/** "We recommend 500": https://cloud.google.com/bigquery/quotas#streaming_inserts */
const batch = 500;
/** Of one run: what is left waits for the next. */
const mostBatches = 100;
const countsAtOnce = 10_000;
/** Longer than a call to the warehouse may take. */
const takenMs = 2 * 60_000;

const minute = 60_000;
const longestWaitMs = 6 * 60 * minute;
const day = 24 * 60 * minute;

/** `pool` is the queue's. `now` in epoch ms. */
export function postgresOutbox(pool: Pool, log: Log, now: () => number = Date.now): Outbox {
  /** Of other instances nobody sends them meanwhile; should this one die, somebody does later. */
  const take = async (): Promise<readonly (OutboxRow & { readonly destination: Destination })[]> => {
    const { rows } = await pool.query<{ row_id: string; destination: Destination; row: OutboxRow['row'] }>(
      `update tandem.outbox set due_at = $1::bigint + $3::bigint where row_id in (
         select row_id from tandem.outbox where due_at <= $1 order by due_at, row_id limit $2 for update skip locked)
       returning row_id, destination, row`,
      [now(), batch, takenMs],
    );
    return rows.map(({ row_id: id, destination, row }) => ({ id, destination, row }));
  };

  const giveBack = (ids: readonly string[]) =>
    pool.query('update tandem.outbox set due_at = $2 where row_id = any($1)', [ids, now()]);

  const forget = (ids: readonly string[]) => pool.query('delete from tandem.outbox where row_id = any($1)', [ids]);

  /** Waits a minute, then twice as long each time. */
  const refused = (ids: readonly string[]) =>
    pool.query(
      `update tandem.outbox set attempts = attempts + 1,
         due_at = $2 + least($3::bigint, $4::bigint * (2 ^ least(attempts, 20))::bigint)
       where row_id = any($1)`,
      [ids, now(), longestWaitMs, minute],
    );

  return {
    async add(installationId, destination, row) {
      await pool.query(
        'insert into tandem.outbox (installation_id, destination, row, made_at, due_at) values ($1, $2, $3, $4, $4)',
        [installationId, destination, jsonb(warehouseRows[destination].parse(row)), now()],
      );
    },

    async handOnCounts() {
      let handedOn = 0;
      for (;;) {
        const { rowCount } = await pool.query(
          `with changed as (
             select installation_id, hour, name, value, value - handed_on as more from tandem.metrics
             where value <> handed_on order by installation_id, hour, name limit $2 for update
           ), noted as (
             update tandem.metrics as known set handed_on = changed.value from changed
             where known.installation_id = changed.installation_id and known.hour = changed.hour
               and known.name = changed.name
           )
           insert into tandem.outbox (installation_id, destination, row, made_at, due_at)
           select installation_id, 'metrics', jsonb_build_object(
             'hour', to_char(to_timestamp(hour / 1000) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
             'installation', nullif(installation_id, ''), 'name', name, 'value', more), $1::bigint, $1::bigint
           from changed`,
          [now(), countsAtOnce],
        );
        handedOn += rowCount ?? 0;
        if ((rowCount ?? 0) < countsAtOnce) return handedOn;
      }
    },

    async send(warehouse) {
      let sent = 0;
      for (let round = 0; round < mostBatches; round += 1) {
        const rows = await take();
        const left = new Set(rows.map(({ id }) => id));
        for (const [destination, some] of Map.groupBy(rows, (row) => row.destination)) {
          const errors = await warehouse.insert(destination, some).catch(async (error: unknown) => {
            await giveBack([...left]);
            throw error;
          });
          for (const { id } of some) left.delete(id);
          const bad = new Set(errors.map(({ id }) => id));
          const good = some.filter(({ id }) => !bad.has(id));
          await forget(good.map(({ id }) => id));
          sent += good.length;
          if (errors.length === 0) continue;
          await refused([...bad]);
          log.error(
            { count: errors.length, code: errors[0]?.reason, event: destination },
            'the warehouse refuses rows: they are kept and sent again',
          );
        }
        if (rows.length < batch) break;
      }
      return sent;
    },

    async purge() {
      const { rowCount } = await pool.query('delete from tandem.outbox where made_at < $1', [
        now() - outboxRetention * day,
      ]);
      const count = rowCount ?? 0;
      if (count > 0) log.error({ count }, 'rows that the warehouse never took were given up');
      return count;
    },
  };
}
