// What happens to the counterpart of an item that is proven deleted: by the profile's policy it is left and marked, and
// an admin is told. Draws from the budget of destructive operations first, so that a mass deletion stops the profile.

import { syncError } from '../sync/errors.ts';
import { type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import { done, type JobResult, mergeErrors, pausedLookMs } from './outcome.ts';

/** `counterpart` is the other side's item as read, or null when it is gone as well. */
export async function orphan(
  context: ProfileContext,
  leased: LeasedPair,
  deletedOn: Side,
  counterpart: ItemSnapshot | null,
): Promise<JobResult> {
  const { deps, scope, profile, sides } = context;
  const now = deps.now();
  if (!(await deps.config.takeBudget(scope, profile.id, now, 1))) {
    await deps.config.setStatus(scope, profile.id, 'stopped', syncError('brake', { side: deletedOn }));
    // The pair stays as it was, and the job with its proof waits until an admin resumes the profile.
    return { kind: 'again', at: now + pausedLookMs };
  }
  if (counterpart !== null) {
    await sides[otherSide(deletedOn)].writer.mark(counterpart, 'deleted');
    await deps.reached('orphan-marked');
  }
  await leased.commit({
    status: 'orphaned',
    retry: null,
    dirty: false,
    errors: mergeErrors(leased.pair.errors, [{ error: syncError('deleted', { side: deletedOn }) }], now),
  });
  await deps.reached('result-committed');
  return done;
}
