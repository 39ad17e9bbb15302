// Brings graphile-worker's own schema up to date. Ours is store/migrate.ts.

import { Logger, runMigrations } from 'graphile-worker';
import type { Pool } from '../store/database.ts';

/** Says nothing: what the queue's library would log may hold payloads. */
export const silentLogger = new Logger(() => () => {});

export async function migrateQueue(pool: Pool): Promise<void> {
  await runMigrations({ pgPool: pool, logger: silentLogger });
}
