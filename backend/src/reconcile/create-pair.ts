// An item without a pair gets its counterpart: once, whatever dies in between. The intent and the claim are recorded before the
// request is sent (create-counterpart.ts), and the marker travels in the request.

import { syncError } from '../sync/errors.ts';
import { verifyToken } from '../sync/marker.ts';
import type { BySide, ItemSnapshot } from '../sync/model.ts';
import { planCreate } from '../sync/plan-create.ts';
import { isHeldByValue } from './ambiguous-links.ts';
import { createsFrom, type ProfileContext, planContext, projectOf } from './context.ts';
import { createUnderLease, newIntent } from './create-counterpart.ts';
import { complain, runLeased } from './keep-error.ts';
import { requireKnownState } from './known-state.ts';
import { leaseRetryMs } from './leased-pair.ts';
import { newParent, waitForParent } from './new-parent.ts';
import { done, type JobResult } from './outcome.ts';
import type { CreateIntent, ItemJob, Pair } from './ports.ts';
import { resolveIntent } from './resolve-intent.ts';
import { passedSides } from './scope.ts';
import { namesOwnProject } from './unpaired.ts';
import { unsynced } from './unsynced.ts';

/** Throws SyncFailure when a service can't be reached. */
export async function pairItem(context: ProfileContext, job: ItemJob): Promise<JobResult> {
  const { deps, scope, profile } = context;
  const { side, itemId } = job;
  const { reader } = context.sides[side];
  const read = await reader.read(itemId, { comments: true });
  await deps.reached('item-read');
  if (read.kind !== 'found') return ignore(context, job);
  const source = read.item;
  await deps.config.raiseHighestKnown(scope, profile.id, side, source.id);
  const marked = await pairOfMarker(context, source);
  if (marked) return reconcileMarked(context, marked, source);
  if (await isOthersCopy(context, source))
    return complain(context, source, [syncError('claimed', { side, detail: othersCopy })]);
  if (await isHeldByValue(context, job)) return done;
  if (source.projectKey !== projectOf(context, side) || !createsFrom(profile, side)) return ignore(context, job);
  if (profile.settings[side].filter !== undefined && !(await reader.matchesFilter(itemId))) return ignore(context, job);
  const plan = planCreate({ ...planContext(context), source });
  if (plan.kind === 'skip') return ignore(context, job);
  if (plan.kind === 'error') return complain(context, source, plan.errors);
  const parent = await newParent(context, source, plan.type);
  if (parent.kind === 'coming' || parent.kind === 'missing') return waitForParent(context, source, parent);
  return createCounterpart(context, source);
}

async function ignore(context: ProfileContext, { side, itemId }: ItemJob): Promise<JobResult> {
  await context.deps.state.clearItemError(context.scope, context.profile.id, side, itemId);
  return done;
}

/**
 * The open or finished pair that this item was created for. A marker proves nothing by itself, since copies carry it
 * along: it counts on an item that our own account created, for a pair that waits for it or names it already. The pair may
 * be another profile's, whose account this one can't tell: while that pair waits, the item may be what it waits for.
 */
async function pairOfMarker(context: ProfileContext, item: ItemSnapshot): Promise<Pair | null> {
  const { deps, scope, profile, sides, key } = context;
  const { marker } = item;
  if (!marker) return null;
  const pair = await deps.state.findByToken(scope, marker.token);
  if (!pair || pair.source === item.side || pair.ids[pair.source] !== marker.sourceId) return null;
  const subject = { ...scope, profileId: pair.profileId, side: pair.source, sourceId: marker.sourceId };
  if (!verifyToken(key, marker.token, subject)) return null;
  if (pair.status !== 'creating') return pair.ids[item.side] === item.id ? pair : null;
  const ours = pair.profileId !== profile.id || item.createdBy?.id === (await sides[item.side].accountId());
  return ours ? pair : null;
}

const othersCopy = 'Another Tandem of these projects made it.';

/**
 * Made with our account for an item of this profile's own projects, by a Tandem that keeps its pairs elsewhere: two of them
 * on the same projects would go on making copies of each other's copies. One that came from another project or site is an
 * item like any other: chains of projects work.
 */
async function isOthersCopy(context: ProfileContext, item: ItemSnapshot): Promise<boolean> {
  const { deps, scope, sides } = context;
  const { marker, side } = item;
  if (!marker || item.createdBy?.id !== (await sides[side].accountId())) return false;
  return namesOwnProject(context, item) && (await deps.state.findByToken(scope, marker.token)) === null;
}

/** The created event came before the create's own answer, or the answer was lost: the pair takes the item now. */
async function reconcileMarked(context: ProfileContext, pair: Pair, item: ItemSnapshot): Promise<JobResult> {
  const { deps, profile } = context;
  if (pair.status !== 'creating') return done;
  if (pair.profileId !== profile.id) {
    // Once that pair is settled, the item is claimed by it, or is a copy and new.
    const settledAt = (pair.intent?.at ?? 0) + deps.timing.settleMs;
    return { kind: 'again', at: deps.now() < settledAt ? settledAt : deps.now() + deps.timing.settleMs };
  }
  return runLeased(context, pair.id, async (leased) =>
    leased.pair.status === 'creating' ? resolveIntent(context, leased, item) : done,
  );
}

async function createCounterpart(context: ProfileContext, source: ItemSnapshot): Promise<JobResult> {
  const { deps, scope, sites } = context;
  const intent = await newIntent(context, source);
  // Something is known of the side on which it is to be created: this may not be the first time.
  if (intent.highestKnown !== null) await requireKnownState(context);
  const pair = newPair(context, source, intent);
  const taken = await deps.state.createPair(scope, sites, pair);
  if (taken) return { kind: 'again', at: deps.now() + leaseRetryMs };
  await deps.reached('pair-claimed');
  return runLeased(context, pair.id, (leased) => createUnderLease(context, leased, source));
}

function newPair(context: ProfileContext, source: ItemSnapshot, intent: CreateIntent): Pair {
  const only = <T>(value: T) => ({ jira: null, azure: null, [source.side]: value }) as BySide<T | null>;
  return {
    id: context.deps.newId(),
    installationId: context.scope.installationId,
    profileId: context.profile.id,
    status: 'creating',
    source: source.side,
    ids: only(source.id),
    keys: only(source.key),
    intent,
    ...unsynced,
    choices: {},
    errors: [],
    retry: null,
    dirty: false,
    passed: passedSides(context.profile.settings, [source.side]),
    ...(context.seen?.some(({ by }) => by === 'initial-sync') ? { initialAt: context.deps.now() } : {}),
    syncedAt: null,
  };
}
