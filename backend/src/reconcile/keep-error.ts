// Where a failed run leaves its error: on the pair, or on the item that has none yet, with the time of the next try. What
// concerns more than the item (a connection, a profile, a limit, a lost lease) is passed on to the job.

import { type SyncError, SyncFailure } from '../sync/errors.ts';
import type { ItemSnapshot, Side } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import { decision } from './decide.ts';
import { type LeasedPair, leaseRetryMs, withLease, withSeen } from './leased-pair.ts';
import { done, internalError, type JobResult, mergeErrors, nextRetry, retryResult } from './outcome.ts';
import { type EngineDeps, type ErrorRecord, type ItemJob, LeaseLost, type RetryState, type SeenPair } from './ports.ts';

/**
 * Runs `work` under the pair's lease; what goes wrong with the item is kept on the pair, unless `work` removed it. A pair
 * that was just read is leased once something is to be written.
 */
export async function runLeased(
  context: ProfileContext,
  pair: string | SeenPair,
  work: (leased: LeasedPair) => Promise<JobResult>,
): Promise<JobResult> {
  const { deps, scope } = context;
  const pairId = typeof pair === 'string' ? pair : pair.pair.id;
  const guarded = async (leased: LeasedPair): Promise<JobResult> => {
    try {
      const outcome = await work(leased);
      await tellWritten(context, leased);
      return outcome;
    } catch (thrown) {
      if (leased.removed) throw thrown;
      if (thrown instanceof SyncFailure && concernsMore(thrown.error)) await tellWritten(context, leased, thrown.error);
      return await keepError(context, leased, itemErrorOf(deps, thrown, { pair: pairId }));
    }
  };
  const result =
    typeof pair === 'string' ? await withLease(deps, scope, pair, guarded) : await withSeen(deps, scope, pair, guarded);
  return result ?? { kind: 'again', at: deps.now() + leaseRetryMs };
}

/** A run that broke off before its decision was recorded has written all the same. */
async function tellWritten(context: ProfileContext, leased: LeasedPair, error?: SyncError): Promise<void> {
  const operations = leased.takeWritten();
  if (operations.length === 0 || leased.removed || leased.released) return;
  const outcome = { operations, complaints: error ? [{ error }] : [] };
  await leased.commit({ decisions: [decision(context, error ? 'failed' : 'updated', outcome)] });
}

/**
 * The error of the item as a whole, which ends the run; what was known of single fields and children stays, and of a pair
 * that is out of scope why it is so.
 */
export async function keepError(context: ProfileContext, leased: LeasedPair, error: SyncError): Promise<JobResult> {
  const { deps } = context;
  const now = deps.now();
  const retry = error.retry === 'later' ? nextRetry(leased.pair.retry, error, now, deps.timing) : null;
  const kept = ({ subject }: ErrorRecord) => subject !== undefined || leased.pair.status === 'orphaned';
  await leased.commit(
    {
      errors: mergeErrors(leased.pair.errors, [{ error }], now, kept),
      retry,
      decisions: [decision(context, 'failed', { operations: leased.takeWritten(), complaints: [{ error }] })],
    },
    { release: true },
  );
  return resultOf(retry);
}

/** The same for an item without a pair. */
export async function keepItemError(context: ProfileContext, job: ItemJob, thrown: unknown): Promise<JobResult> {
  const { deps } = context;
  const { side, itemId } = job;
  const error = itemErrorOf(deps, thrown, { profile: job.profileId, side, item: itemId });
  const key = (await presentErrors(context, side, itemId))[0]?.key ?? itemId;
  return resultOf(await putItemErrors(context, { side, id: itemId, key }, [error]));
}

/** An error of an item that has no pair: told once, cleared when the item changes and passes. */
export async function complain(
  context: ProfileContext,
  item: ItemSnapshot,
  errors: readonly SyncError[],
): Promise<JobResult> {
  await putItemErrors(context, item, errors);
  return { ...done, failed: true };
}

/** Replaces the item's errors by these; those that came again keep their first time and their count. */
export async function putItemErrors(
  context: ProfileContext,
  item: { readonly side: Side; readonly id: string; readonly key: string },
  errors: readonly SyncError[],
): Promise<RetryState | null> {
  const { deps, scope, profile } = context;
  const now = deps.now();
  const present = await presentErrors(context, item.side, item.id);
  const retrying = errors.find(({ retry }) => retry === 'later');
  const before = present.find(({ retry }) => retry !== null)?.retry ?? null;
  const retry = retrying ? nextRetry(before, retrying, now, deps.timing) : null;
  const records = mergeErrors(
    present.map(({ record }) => record),
    errors.map((error) => ({ error })),
    now,
  );
  await deps.state.clearItemError(scope, profile.id, item.side, item.id);
  for (const record of records) {
    await deps.state.putItemError(scope, profile.id, item.side, item.id, item.key, record, retry);
  }
  return retry;
}

const presentErrors = ({ deps, scope, profile }: ProfileContext, side: Side, itemId: string) =>
  deps.state.listItemErrors(scope, profile.id, { side, itemId });

const resultOf = (retry: RetryState | null): JobResult =>
  retry === null ? { ...done, failed: true } : retryResult(retry);

/** What concerns more than the item is thrown on. A defect of ours becomes an error that an admin sees, and a line in the log. */
function itemErrorOf(deps: EngineDeps, thrown: unknown, ids: Readonly<Record<string, string>>): SyncError {
  if (thrown instanceof LeaseLost) throw thrown;
  if (!(thrown instanceof SyncFailure)) {
    deps.log.error(
      { ...ids, kind: thrown instanceof Error ? thrown.name : typeof thrown, at: placeOf(thrown) },
      'defect',
    );
    return internalError();
  }
  if (concernsMore(thrown.error)) throw thrown;
  return thrown.error;
}

/** A wait that a service asked for is no error of the item that met it, even if it is the only one that has to wait. */
export const concernsMore = ({ code, level }: SyncError): boolean =>
  level === 'connection' || level === 'profile' || code === 'rate-limited';

/** Where it was thrown: its message may hold what people wrote. */
const placeOf = (thrown: unknown): string | undefined =>
  thrown instanceof Error ? /^\s+at (.*)$/m.exec(thrown.stack ?? '')?.[1] : undefined;
