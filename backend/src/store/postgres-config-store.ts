// The configuration store in PostgreSQL, put together from its tables.

import { randomUUID } from 'node:crypto';
import type { ConfigContext } from './config-context.ts';
import type { ConfigStore } from './config-store.ts';
import { accessTables } from './postgres-access.ts';
import { accountTables } from './postgres-accounts.ts';
import { connectionTable } from './postgres-connections.ts';
import { engineTables } from './postgres-engine-config.ts';
import { installationTable } from './postgres-installations.ts';
import { personErasure } from './postgres-person-erasure.ts';
import { profileTable } from './postgres-profiles.ts';
import { seenTables } from './postgres-seen.ts';

const hourMs = 3_600_000;

export function postgresConfigStore(
  options: Pick<ConfigContext, 'pool' | 'secrets'> & Partial<ConfigContext>,
): ConfigStore {
  const context: ConfigContext = { now: Date.now, newId: randomUUID, catalogMaxAgeMs: hourMs, ...options };
  const profiles = profileTable(context);
  return {
    ...installationTable(context),
    ...connectionTable(context),
    ...accessTables(context),
    ...profiles,
    ...engineTables(context, profiles),
    ...seenTables(context),
    ...personErasure(context),
    ...accountTables(context),
  };
}
