// The profile that a request names, of the caller's own installation.

import type { Scope } from '../reconcile/ports.ts';
import type { ConfigStore, ProfileRecord } from '../store/config-store.ts';
import { notFound } from './problem.ts';

/** Throws Problem 404 where the installation has none by that id. */
export async function requireProfile(
  config: Pick<ConfigStore, 'profileRecord'>,
  scope: Scope,
  id: string,
): Promise<ProfileRecord> {
  const record = await config.profileRecord(scope, id);
  if (!record) throw notFound('profile');
  return record;
}
