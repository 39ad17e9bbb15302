// What the parts of the PostgreSQL configuration store share.

import type { Scope } from '../reconcile/ports.ts';
import type { Pool } from './database.ts';
import type { SecretStore } from './secrets.ts';

export interface ConfigContext {
  readonly pool: Pool;
  readonly secrets: SecretStore;
  /** Epoch ms. */
  readonly now: () => number;
  readonly newId: () => string;
  /** Older catalogs count as absent. */
  readonly catalogMaxAgeMs: number;
}

/** Opens a sealed column that may be empty. */
export async function openColumn(
  { secrets }: Pick<ConfigContext, 'secrets'>,
  scope: Scope,
  place: string,
  sealed: string | null | undefined,
): Promise<string | null> {
  return sealed === null || sealed === undefined ? null : secrets.openText(scope, place, sealed);
}
