// Turns hints into jobs: finds the profiles that care and the pairs that exist. The one place where an event of either
// side enters the queue; it answers in milliseconds and asks neither service.

import type { Hint, ItemJob, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Side } from '../sync/model.ts';
import { mergeHints } from '../sync/versions.ts';

/** Hints of one side, for the profiles of one installation. Returns how many jobs were queued. */
export async function queueHints(
  service: Pick<Service, 'state' | 'queue'>,
  scope: Scope,
  site: { readonly side: Side; readonly siteId: string },
  hints: readonly Hint[],
  /** Ids of the enabled profiles that an unpaired item of this hint may enter. */
  profilesOf: (hint: Hint) => readonly string[],
): Promise<number> {
  if (hints.length === 0) return 0;
  const byItem = Map.groupBy(hints, ({ itemId }) => itemId);
  const pairs = await service.state.findPairs(scope, site.siteId, site.side, [...byItem.keys()]);
  const jobs = [...byItem].flatMap(([itemId, own]): ItemJob[] => {
    const pair = pairs.get(itemId);
    const job = { ...scope, side: site.side, itemId, hints: mergeHints(own, []) };
    if (pair) return [{ ...job, profileId: pair.profileId, pairId: pair.id }];
    return [...new Set(own.flatMap(profilesOf))].map((profileId) => ({ ...job, profileId }));
  });
  await service.queue.addItems(jobs);
  return jobs.length;
}
