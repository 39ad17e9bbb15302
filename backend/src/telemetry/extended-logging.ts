// Extended logging: for one installation, for at most a day, each call and each run is logged as well, still without content.
// That it was switched, by whom and until when, is itself logged.

import type { Log, Scope } from '../reconcile/ports.ts';
import { numberOf, type Pool } from '../store/database.ts';

const hour = 60 * 60 * 1000;
export const longestExtendedHours = 24;

export interface ExtendedLogging {
  /** Until when, epoch ms, and who switched it on; null when it is off. */
  status(scope: Scope): Promise<{ readonly until: number; readonly by: string } | null>;
  /**
   * From now on for so many hours, more than 0 and at most 24, whatever was left of an earlier time; returns the end, epoch
   * ms. `by` is the account that asked. Throws RangeError for other hours.
   */
  switchOn(scope: Scope, hours: number, by: string): Promise<number>;
  switchOff(scope: Scope, by: string): Promise<void>;
  /** Known at once, and at most some seconds late where another instance switched it. It ends to the millisecond. */
  isOn(installationId: string): boolean;
  /** Forgets what is over; returns how many. */
  purge(): Promise<number>;
}

/** What other instances switched is known so many ms later. */
const freshMs = 5_000;

/** `pool` is the queue's: what is on is looked up for all installations at once. `now` in epoch ms. */
export function extendedLogging(pool: Pool, log: Log, now: () => number = Date.now): ExtendedLogging {
  let ends: ReadonlyMap<string, number> = new Map();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading = false;

  const read = async (): Promise<void> => {
    const { rows } = await pool.query<{ installation_id: string; until: string }>(
      'select installation_id, until from tandem.extended_logging where until > $1',
      [now()],
    );
    ends = new Map(rows.map((row) => [row.installation_id, numberOf(row.until)]));
  };
  /** Nobody waits for it: what is logged until then goes by what was known. */
  const refresh = (): void => {
    readAt = now();
    if (reading) return;
    reading = true;
    void read()
      .catch(() => {})
      .finally(() => {
        reading = false;
      });
  };

  return {
    async status({ installationId }) {
      const { rows } = await pool.query<{ until: string; switched_on_by: string }>(
        'select until, switched_on_by from tandem.extended_logging where installation_id = $1 and until > $2',
        [installationId, now()],
      );
      const [row] = rows;
      return row ? { until: numberOf(row.until), by: row.switched_on_by } : null;
    },

    async switchOn({ installationId }, hours, by) {
      if (!(hours > 0 && hours <= longestExtendedHours)) {
        throw new RangeError(`${hours} hours: extended logging is for more than 0 and at most ${longestExtendedHours}`);
      }
      const at = now();
      const until = at + Math.round(hours * hour);
      await pool.query(
        `insert into tandem.extended_logging (installation_id, until, switched_on_by, switched_on_at)
         values ($1, $2, $3, $4)
         on conflict (installation_id) do update
           set until = excluded.until, switched_on_by = excluded.switched_on_by, switched_on_at = excluded.switched_on_at`,
        [installationId, until, by, at],
      );
      await read();
      log.warn({ installation: installationId, account: by, event: 'on', until }, 'extended logging was switched on');
      return until;
    },

    async switchOff({ installationId }, by) {
      await pool.query('delete from tandem.extended_logging where installation_id = $1', [installationId]);
      await read();
      log.warn({ installation: installationId, account: by, event: 'off' }, 'extended logging was switched off');
    },

    isOn(installationId) {
      if (now() - readAt >= freshMs) refresh();
      return (ends.get(installationId) ?? Number.NEGATIVE_INFINITY) > now();
    },

    async purge() {
      const { rowCount } = await pool.query('delete from tandem.extended_logging where until <= $1', [now()]);
      return rowCount ?? 0;
    },
  };
}
