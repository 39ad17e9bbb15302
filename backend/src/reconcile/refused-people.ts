// What becomes of a person whom a service does not take: an account that was closed, or lost its access, since the catalog
// was read. The profile's rule for people without a counterpart holds for them as well.

import type { SyncError } from '../sync/errors.ts';
import { mappingId, type Profile } from '../sync/profile.ts';

/** Whether the profile leaves such a person out, so that nobody needs to be told. */
export function isLeftOut({ settings }: Profile, mapping: string, { code }: SyncError): boolean {
  if (code !== 'unassignable-user') return false;
  const found = settings.fields.find((one) => mappingId(one) === mapping);
  return found?.kind === 'user' && (found.unmapped ?? settings.policies.unmappedUser) === 'skip';
}
