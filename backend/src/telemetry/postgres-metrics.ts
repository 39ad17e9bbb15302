// Counters in PostgreSQL: gathered in memory, added to the hour's rows when flushed.

import { jsonb, numberOf, type Pool } from '../store/database.ts';
import { type Metrics, metricName } from './metrics.ts';

const hourMs = 3_600_000;

interface Counter {
  readonly installation_id: string;
  readonly hour: number;
  readonly name: string;
  value: number;
}

export function postgresMetrics(pool: Pool, now: () => number = Date.now): Metrics {
  let counters = new Map<string, Counter>();

  const add = (counter: Counter) => {
    const key = JSON.stringify([counter.installation_id, counter.hour, counter.name]);
    const known = counters.get(key);
    if (known) known.value += counter.value;
    else counters.set(key, counter);
  };

  return {
    count(scope, name, value = 1) {
      if (!metricName.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of a metric`);
      add({ installation_id: scope?.installationId ?? '', hour: Math.floor(now() / hourMs) * hourMs, name, value });
    },

    async flush() {
      const taken = counters;
      if (taken.size === 0) return;
      counters = new Map();
      try {
        // Of one that was erased since it was counted nothing comes back.
        await pool.query(
          `insert into tandem.metrics as known (installation_id, hour, name, value)
           select given.* from jsonb_to_recordset($1::jsonb)
             as given (installation_id text, hour bigint, name text, value double precision)
           where installation_id = '' or exists (
             select 1 from tandem.installations i where i.installation_id = given.installation_id)
           order by 1, 2, 3
           on conflict (installation_id, hour, name) do update set value = known.value + excluded.value`,
          [jsonb([...taken.values()])],
        );
      } catch (error) {
        for (const counter of taken.values()) add(counter);
        throw error;
      }
    },

    async read(scope, from, to) {
      const { rows } = await pool.query<{ hour: string; name: string; value: number }>(
        `select hour, name, value from tandem.metrics
         where installation_id = $1 and hour >= $2 and hour < $3 order by hour, name`,
        [scope?.installationId ?? '', from, to],
      );
      return rows.map((row) => ({ ...row, hour: numberOf(row.hour) }));
    },

    async purge(before) {
      const { rowCount } = await pool.query('delete from tandem.metrics where hour < $1', [before]);
      return rowCount ?? 0;
    },
  };
}
