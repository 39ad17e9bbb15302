// The one way anything is ever synchronized: an item's job comes in, and ends as an echo, a new pair, or two sides that
// agree. Read this first.

import { SyncFailure, syncError } from '../sync/errors.ts';
import { type BySide, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import { isEcho } from '../sync/versions.ts';
import { agree } from './agree.ts';
import { bringBack, comeBack } from './come-back.ts';
import { openContext, type ProfileContext } from './context.ts';
import { pairItem } from './create-pair.ts';
import { seenOf } from './decide.ts';
import { ownFileHints } from './file-hints.ts';
import { withHeldWriters } from './held-writers.ts';
import { keepError, keepItemError, runLeased } from './keep-error.ts';
import { type LeasedPair, leaseRetryMs } from './leased-pair.ts';
import { leave, rest } from './leave.ts';
import { ownLinkHints } from './link-hints.ts';
import { done, type JobResult, parked } from './outcome.ts';
import {
  type EngineDeps,
  type Hint,
  type ItemJob,
  LeaseLost,
  type Left,
  type Pair,
  type ReadOutcome,
  type Scope,
  type SeenPair,
} from './ports.ts';
import { commentIdOf, readBoth } from './read-comments.ts';
import { resolveIntent } from './resolve-intent.ts';
import { followType } from './retype.ts';
import { findLeaving, isMissed } from './scope.ts';
import { isBeingUndone } from './undo.ts';

/**
 * Never throws for what a service or an item does wrong: that becomes an error which an admin sees. `initialJobs` is how
 * many jobs of an initial sync this one stands for.
 */
export async function reconcileItem(
  deps: EngineDeps,
  job: ItemJob,
  initialJobs = job.initial ? 1 : 0,
): Promise<JobResult> {
  const result = await runJob(deps, job);
  if (initialJobs > 0 && endsInitialSync(result)) {
    const scope = { installationId: job.installationId };
    const count = result.failed ? { failed: initialJobs } : { done: initialJobs };
    await deps.state.countInitialSync(scope, job.profileId, count);
  }
  return result;
}

/** Whether an initial sync counts the item now: a job that goes on after it is no longer a part of it. */
export const endsInitialSync = (result: JobResult): boolean => result.kind === 'done' || result.failed === true;

async function runJob(deps: EngineDeps, job: ItemJob): Promise<JobResult> {
  const scope = { installationId: job.installationId };
  const startedAt = deps.now();
  try {
    const profile = await deps.config.profile(scope, job.profileId);
    // The jobs of a profile that is paused, or that the brake stopped, wait for it; they use no attempt and make no call.
    if (profile?.status === 'paused' || profile?.status === 'stopped') return parked(deps.now());
    if (profile?.status !== 'enabled') return done;
    const known = await pairOfJob(deps, scope, job);
    if (known && (await isOnlyEcho(deps, scope, known.pair, job.hints))) return done;
    const context = { ...(await openContext(deps, scope, profile)), seen: seenOf(job), hints: job.hints };
    const pair = known?.pair ?? (await deps.state.findPair(scope, context.sites[job.side], job.side, job.itemId));
    if (pair && pair.profileId !== profile.id) return done;
    // Queued before there was a pair: what went wrong with the item alone is over.
    if (pair && job.pairId === undefined) await deps.state.clearItemError(scope, profile.id, job.side, job.itemId);
    if (!pair && job.hints.length > 0 && job.hints.every(({ aspect }) => aspect === 'deleted')) {
      await deps.state.clearItemError(scope, profile.id, job.side, job.itemId);
      return done;
    }
    try {
      return pair ? await reconcilePair(context, known ?? pair.id, job.hints) : await pairItem(context, job);
    } catch (thrown) {
      return await keepItemError(context, job, thrown);
    }
  } catch (thrown) {
    return await judge(deps, job, thrown, startedAt);
  }
}

/** The pair that the job names, if it still is the item's. The one read of it, for the echo as for the run. */
async function pairOfJob(deps: EngineDeps, scope: Scope, job: ItemJob): Promise<SeenPair | null> {
  const seen = job.pairId === undefined ? null : await deps.state.seePair(scope, job.pairId);
  return seen?.pair.profileId === job.profileId && seen.pair.ids[job.side] === job.itemId ? seen : null;
}

/**
 * Whether the pair has recorded all that the hints tell: an echo of our own write ends here, with no call to either side.
 * It needs no lease either, since what is recorded of a pair only grows.
 */
async function isOnlyEcho(deps: EngineDeps, scope: Scope, pair: Pair, hints: readonly Hint[]): Promise<boolean> {
  if (hints.length === 0 || pair.status === 'creating' || isUnfinished(pair)) return false;
  // A run that is under way may not have recorded yet what was deleted meanwhile: its end is waited for.
  if (hints.some(({ aspect, childId }) => aspect === 'comments' && childId?.startsWith('-'))) return false;
  return (await newsOf({ deps, scope }, pair, hints)).length === 0;
}

type NewsContext = Pick<ProfileContext, 'deps' | 'scope'>;

/** No run has come to its end yet that looked at all there is, or one has left something to do. */
const isUnfinished = (pair: Pair): boolean =>
  pair.types === undefined ||
  pair.retry !== null ||
  pair.dirty ||
  pair.left?.done === false ||
  pair.writeIntents.length > 0 ||
  pair.late.length > 0;

/**
 * `hints` may be empty: then both sides are read whatever their versions. Of a pair whose two items are kept the same, the
 * lease comes with what is written first; of any other it is taken before anything is read.
 */
const reconcilePair = (
  context: ProfileContext,
  known: SeenPair | string,
  hints: readonly Hint[],
): Promise<JobResult> => {
  const pair = typeof known === 'string' || known.pair.status === 'paired' ? known : known.pair.id;
  return runLeased(context, pair, (leased) => reconcileLeased(withHeldWriters(context, leased), leased, hints));
};

async function reconcileLeased(
  context: ProfileContext,
  leased: LeasedPair,
  hints: readonly Hint[],
): Promise<JobResult> {
  const { deps } = context;
  const { pair } = leased;
  // What is told of a held pair waits with it: a deletion may be told this once only.
  if (pair.retry && deps.now() < pair.retry.dueAt && hints.length > 0) return { kind: 'again', at: pair.retry.dueAt };
  if (pair.status === 'creating') return resolveIntent(context, leased);
  // Its item was let go to another profile.
  if (pair.ids.jira === null || pair.ids.azure === null) return rest(leased);
  if (pair.unlinkedAt != null) return rest(leased);
  const unfinished = isUnfinished(pair);
  const told = unfinished ? [] : await newsOf(context, pair, hints);
  const news = await ownFileHints(context, pair, await ownLinkHints(context, pair, told));
  if (hints.length > 0 && news.length === 0 && !unfinished) return done;

  const read = await readBoth(context, leased, news);
  await deps.reached('both-read');
  if (read.jira.kind === 'found' && read.azure.kind === 'found') {
    const items = { jira: read.jira.item, azure: read.azure.item };
    const leaving = await findLeaving(context, leased, items, hints);
    if (leaving) {
      await leased.hold();
      return leave(context, leased, leaving, items);
    }
    if (leased.pair.left || leased.pair.status === 'orphaned') return comeBack(context, leased, items);
    const retyped = await followType(context, leased, items);
    if (retyped) return retyped;
    return agree(context, leased, items);
  }
  await leased.hold();
  return settleAbsence(context, leased, read, hints);
}

/** Hints that tell more than the pair has recorded. Only comments have versions of their own beside the pair's. */
async function newsOf({ deps, scope }: NewsContext, pair: Pair, hints: readonly Hint[]): Promise<readonly Hint[]> {
  const named = hints.flatMap(({ aspect, side, childId }) =>
    aspect === 'comments' && childId !== undefined ? [{ side, id: commentIdOf(childId) }] : [],
  );
  const children = await deps.state.findChildren(scope, pair.id, 'comment', named);
  return hints.filter((hint) => !isEcho(hint, { versions: pair.versions, children }));
}

/**
 * Deleted counts only on proof: the recycle bin, a delete event for an item that can no longer be read, or its absence where
 * nothing is hidden. What was proven once stays so while the item is away.
 */
async function settleAbsence(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ReadOutcome>,
  hints: readonly Hint[],
): Promise<JobResult> {
  const { source, status, left } = leased.pair;
  const items = foundItems(read);
  const deletedByUs = left?.action === 'delete' && read[otherSide(left.side)].kind !== 'found';
  const item = left ? items[left.side] : undefined;
  if (left && item && deletedByUs) {
    const leaving = await findLeaving(context, leased, items, hints);
    return leaving ? leave(context, leased, leaving, items) : bringBack(context, leased, left, item);
  }
  const proven = (side: Side) =>
    read[side].kind === 'deleted' ||
    (read[side].kind === 'missing' &&
      (hints.some((hint) => hint.side === side && hint.aspect === 'deleted') ||
        (left?.why === 'deleted' && left.side === side)));
  const deletedOn = sides.find(proven) ?? (await deletedUnheard(context, leased, read, hints));
  // An undo died after it had removed the counterpart: its source stays, whatever the policy.
  if (deletedOn === otherSide(source) && isBeingUndone(leased.pair)) {
    await leased.remove();
    return done;
  }
  if (status === 'orphaned' && left && !item) {
    const other = otherSide(left.side);
    // What lies in the recycle bin may come back: of two that were deleted, the one that can't is the one that left.
    const leftBehind = isLeftBehind(left) && (!left.unmet || read[other].kind === 'missing');
    if (leftBehind && proven(other)) {
      await leased.commit({ left: { ...left, side: other, unmet: true } });
      return rest(leased);
    }
  }
  // Out of scope already: an edit of the counterpart, our own mark among them, is no news of it.
  if (status === 'orphaned' && (deletedOn === undefined || !left || left.side !== deletedOn)) return rest(leased);
  if (deletedOn) return leave(context, leased, { side: deletedOn, why: 'deleted' }, items);
  const absent = sides.find((side) => read[side].kind !== 'found') ?? 'jira';
  return keepError(context, leased, syncError('unreachable', { side: absent }));
}

/**
 * Its counterpart was not deleted by the policy. Deleted by somebody as well: should the one that went first be restored, it
 * is the one without a counterpart.
 */
const isLeftBehind = ({ why, action, done: wasDone }: Left): boolean =>
  why === 'deleted' && action !== 'delete' && wasDone;

/** The inventory misses it, it can't be read, and nothing could hide it: its event was lost. */
async function deletedUnheard(
  { sides: ports }: ProfileContext,
  { pair }: LeasedPair,
  read: BySide<ReadOutcome>,
  hints: readonly Hint[],
): Promise<Side | undefined> {
  if (pair.status === 'orphaned') return undefined;
  for (const side of sides) {
    if (read[side].kind !== 'missing' || !isMissed(side, hints)) continue;
    if (await ports[side].reader.hidesNothing?.()) return side;
  }
  return undefined;
}

const foundItems = ({ jira, azure }: BySide<ReadOutcome>): Partial<BySide<ItemSnapshot>> => ({
  ...(jira.kind === 'found' ? { jira: jira.item } : {}),
  ...(azure.kind === 'found' ? { azure: azure.item } : {}),
});

/** What reached the job as a whole. A connection's trouble pauses its profile; the item itself stays untouched. */
async function judge(deps: EngineDeps, job: ItemJob, thrown: unknown, startedAt: number): Promise<JobResult> {
  const now = deps.now();
  const ids = { installation: job.installationId, profile: job.profileId, side: job.side, item: job.itemId };
  if (thrown instanceof LeaseLost) return { kind: 'again', at: now + leaseRetryMs };
  if (!(thrown instanceof SyncFailure)) throw thrown;
  const { error } = thrown;
  if (error.code === 'rate-limited')
    return { kind: 'again', at: now + (error.retryAfterMs ?? deps.timing.retryBaseMs) };
  deps.log.warn({ ...ids, code: error.code, detail: error.detail }, 'reconcile failed');
  if (error.level === 'connection' || error.level === 'profile') {
    const status = error.level === 'connection' ? 'paused' : 'stopped';
    await deps.config.halt({ installationId: job.installationId }, job.profileId, status, error, startedAt);
  }
  return { kind: 'again', at: now + Math.max(error.retryAfterMs ?? 0, deps.timing.retryBaseMs) };
}
