// The PostgreSQL stores as the product uses them: each call bound to its installation (tenancy.ts). Which ones go over all
// installations is said here and nowhere else.

import type { StateStore } from '../reconcile/ports.ts';
import type { ConfigStore } from './config-store.ts';
import { postgresConfigStore } from './postgres-config-store.ts';
import { postgresStateStore } from './postgres-state-store.ts';
import { boundToInstallation } from './tenancy.ts';

/** An installation is found by its site before its id is known; schedules and clean-ups are for all. */
const configAcross = [
  'install',
  'findInstallation',
  'listInstallations',
  'allEnabledProfiles',
  'purgeDeliveries',
] as const satisfies readonly (keyof ConfigStore)[];

const stateAcross = ['purgeTimelines'] as const satisfies readonly (keyof StateStore)[];

/** On a pool from tenantPool. */
export const tenantConfigStore = (options: Parameters<typeof postgresConfigStore>[0]): ConfigStore =>
  boundToInstallation(postgresConfigStore(options), configAcross);

/** On a pool from tenantPool. */
export const tenantStateStore = (pool: Parameters<typeof postgresStateStore>[0]): StateStore =>
  boundToInstallation(postgresStateStore(pool), stateAcross);
