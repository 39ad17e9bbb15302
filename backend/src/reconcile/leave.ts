// What happens when an item of a pair leaves the profile's scope: by policy its counterpart is left and marked, closed, or
// deleted, and both sides are told. Draws from the budget of destructive operations first, so that a mass change stops the
// profile; what is to be done is recorded before it is done.

import { type SyncError, syncError } from '../sync/errors.ts';
import { type BySide, type ItemSnapshot, otherSide } from '../sync/model.ts';
import { closeItem } from './close-item.ts';
import type { ProfileContext } from './context.ts';
import { decision } from './decide.ts';
import { findHeir, type Heir, handOver } from './hand-over.ts';
import type { LeasedPair } from './leased-pair.ts';
import { counterpartWords, type Done, ownWords, writeNotice } from './notices.ts';
import { type Complaint, done, type JobResult, mergeErrors, parked } from './outcome.ts';
import type { DecidedOperation, LeaveReason, Left, Pair } from './ports.ts';
import { removeItem } from './remove-item.ts';
import { actionOf, type Leaving } from './scope.ts';

type Items = Partial<BySide<ItemSnapshot>>;

/** `items` are those that are still there. Throws SyncFailure, LeaseLost. */
export async function leave(
  context: ProfileContext,
  leased: LeasedPair,
  leaving: Leaving,
  items: Items,
): Promise<JobResult> {
  const { pair } = leased;
  const known = pair.left ?? null;
  const open = known !== null && !known.done && known.side === leaving.side && known.why === leaving.why;
  // It is out already, and its counterpart was seen to. Deleting what had only left is news.
  const counterpart = items[otherSide(leaving.side)];
  const unmet = known !== null && counterpart !== undefined && isUnmet(known);
  const isOut = pair.status === 'orphaned' && (known?.why === 'deleted' || leaving.why !== 'deleted');
  if (isOut && !open && !unmet) return rest(leased);
  const heir = leaving.why === 'project' ? await findHeir(context, leaving.side, items[leaving.side]) : null;
  if (heir?.sharesCounterpart && context.profile.settings.policies.leftProject === 'follow') {
    return handOver(context, leased, heir.profile, leaving.side);
  }
  const left = open ? known : await recordIntent(context, leased, leaving, unmet);
  if (left === null) return parked(context.deps.now());
  return carryOut(context, leased, left, items, { heir, again: open });
}

/** The counterpart was gone when it was its turn, or the policy deleted it: there again, somebody has restored it. */
const isUnmet = ({ why, action, done: wasDone, unmet }: Left): boolean =>
  unmet === true || (why === 'deleted' && action === 'delete' && wasDone);

/** A pair that is out of scope, and what came in about it since: nothing is to be done. */
export async function rest(leased: LeasedPair): Promise<JobResult> {
  const { dirty, retry, errors } = leased.pair;
  // What a look at it met and was to be tried again is over; why it is out stays told.
  if (dirty || retry) {
    await leased.commit({
      dirty: false,
      retry: null,
      errors: errors.filter(({ subject, error }) => subject !== undefined || error.retry !== 'later'),
    });
  }
  return done;
}

/** Null when the budget is empty: the profile is stopped, and the job with its proof waits until an admin resumes it. */
async function recordIntent(
  context: ProfileContext,
  leased: LeasedPair,
  leaving: Leaving,
  /** Somebody has just restored the counterpart: whatever the policy, it is marked only. */
  restored: boolean,
): Promise<Left | null> {
  const { deps, scope, profile } = context;
  const now = deps.now();
  const action = restored ? 'mark' : actionOf(profile.settings, leaving);
  if (action === null) throw new Error('An item leaves only where its policy wants something done.');
  if (!(await deps.config.takeBudget(scope, profile.id, now, 1))) {
    const error = syncError('brake', { side: leaving.side });
    await deps.config.halt(scope, profile.id, 'stopped', error, now);
    await leased.commit({ decisions: [decision(context, 'stopped', { complaints: [{ error }] })] });
    return null;
  }
  const left: Left = { ...leaving, action, token: deps.newId().replaceAll('-', ''), at: now, done: false };
  // Due at once: the sweeper finds it even if the job is lost.
  await leased.commit({ left, retry: { attempts: 0, dueAt: now } });
  await deps.reached('leave-recorded');
  return left;
}

interface Circumstances {
  readonly heir: Heir | null;
  /** An earlier run began with it. */
  readonly again: boolean;
}

async function carryOut(
  context: ProfileContext,
  leased: LeasedPair,
  left: Left,
  items: Items,
  { heir, again }: Circumstances,
): Promise<JobResult> {
  const { deps, profile, sites } = context;
  const counterpart = items[otherSide(left.side)];
  const item = items[left.side];
  const act = counterpart ? await actOn(context, leased, left, counterpart) : gone(left, again);
  if (act === 'stale') return { kind: 'again', at: deps.now() };
  const { keys } = leased.pair;
  const { name } = profile.settings;
  const tell = (on: ItemSnapshot, words: string) => writeNotice(context, leased, left, on, words, again);
  const told = [
    ...(counterpart && act.done !== 'deleted'
      ? await tell(counterpart, counterpartWords(left, keys, name, act.done))
      : []),
    ...(item ? await tell(item, ownWords(left, keys, name, act.done)) : []),
  ];
  const complaints = [...visibleErrors(left), ...act.complaints];
  await leased.commit({
    status: 'orphaned',
    left: {
      ...left,
      action: left.action === 'delete' && act.done !== 'deleted' ? 'mark' : left.action,
      done: true,
      ...(act.done === 'nothing' ? { unmet: true } : {}),
    },
    retry: null,
    dirty: false,
    ...(act.baseline ? { baseline: act.baseline } : {}),
    errors: mergeErrors(leased.pair.errors, complaints, deps.now()),
    decisions: [
      decision(context, 'left', {
        read: items,
        operations: act.operations,
        complaints: [{ subject: left.why, error: reasons[left.why](left) }, ...act.complaints, ...told],
      }),
    ],
  });
  await deps.reached('result-committed');
  if (heir && item) await enterHeir();
  return done;

  /** The profile that covers the item now takes it as a new one. */
  async function enterHeir(): Promise<void> {
    if (!heir || !item) return;
    await leased.release(sites[left.side], left.side);
    const hint = { side: left.side, itemId: item.id, aspect: 'any' } as const;
    await deps.queue.addItems([
      { ...context.scope, profileId: heir.profile.id, side: left.side, itemId: item.id, hints: [hint] },
    ]);
  }
}

interface Act {
  readonly done: Done;
  readonly operations: readonly DecidedOperation[];
  readonly complaints: readonly Complaint[];
  readonly baseline?: Pair['baseline'];
}

/** A counterpart that is not there: deleted by the run before, or by somebody. */
const gone = (left: Left, again: boolean): Act => ({
  done: again && left.action === 'delete' ? 'deleted' : 'nothing',
  operations: [],
  complaints: [],
});

async function actOn(
  context: ProfileContext,
  leased: LeasedPair,
  left: Left,
  counterpart: ItemSnapshot,
): Promise<Act | 'stale'> {
  const { deps } = context;
  const { side } = counterpart;
  const { writer } = context.sides[side];
  const operations: DecidedOperation[] = [];
  const complaints: Complaint[] = [];
  let ended: Done = 'marked';
  let baseline: Act['baseline'];
  if (left.action === 'delete') {
    const error = await removeItem(context, counterpart);
    if (error === null) {
      await deps.reached('counterpart-deleted');
      return { done: 'deleted', operations: [{ side, kind: 'delete' }], complaints };
    }
    // Where it may not be deleted it is marked.
    complaints.push({ error });
  }
  if (left.action === 'close') {
    const closed = await closeItem(context, leased.pair, counterpart);
    if (closed.kind === 'stale') return 'stale';
    if (closed.kind === 'stuck') complaints.push({ error: { ...closed.error, level: 'item' } });
    else {
      ended = 'closed';
      baseline = closed.baseline;
      operations.push({ side, kind: 'close', from: counterpart.state, to: closed.state });
    }
  }
  await writer.mark(counterpart, left.why === 'deleted' ? 'deleted' : 'left');
  await deps.reached('orphan-marked');
  operations.push({ side, kind: 'mark' });
  return { done: ended, operations, complaints, ...(baseline ? { baseline } : {}) };
}

const reasons: Readonly<Record<LeaveReason, (left: Left) => SyncError>> = {
  deleted: ({ side }) => syncError('deleted', { side }),
  archived: ({ side }) => syncError('archived', { side }),
  filter: ({ side }) => syncError('left-filter', { side }),
  project: ({ side }) => syncError('outside-project', { side }),
  type: ({ side }) => syncError('type-change', { side }),
};

/** What was archived or left the filter did so by somebody's will: no error, the timeline and the panel tell it. */
const visibleErrors = (left: Left): readonly Complaint[] =>
  left.why === 'filter' || left.why === 'archived' ? [] : [{ error: reasons[left.why](left) }];
