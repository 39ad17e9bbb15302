// An item without a pair gets its counterpart: once, whatever dies in between. The intent and the claim are recorded before the
// request is sent, and the marker travels in the request.

import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import { makeToken, verifyToken } from '../sync/marker.ts';
import { type BySide, type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import type { CreatePlan } from '../sync/plan.ts';
import { planCreate } from '../sync/plan-create.ts';
import { createdBaseline } from '../sync/settle.ts';
import { agree, planContext } from './agree.ts';
import { createsFrom, type ProfileContext, projectOf } from './context.ts';
import { putItemErrors, runLeased } from './keep-error.ts';
import { type LeasedPair, leaseRetryMs } from './leased-pair.ts';
import { type Complaint, done, type JobResult, mergeErrors, nextRetry } from './outcome.ts';
import type { CreateIntent, CreateOutcome, ItemJob, Pair, PairPatch, Refusal } from './ports.ts';
import { resolveIntent } from './resolve-intent.ts';

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
  if (source.projectKey !== projectOf(context, side) || !createsFrom(profile, side)) return ignore(context, job);
  if (profile.settings[side].filter !== undefined && !(await reader.matchesFilter(itemId))) return ignore(context, job);
  const plan = planCreate({ ...planContext(context), source });
  if (plan.kind === 'skip') return ignore(context, job);
  if (plan.kind === 'error') return complain(context, source, plan.errors);
  return createCounterpart(context, source);
}

async function ignore(context: ProfileContext, { side, itemId }: ItemJob): Promise<JobResult> {
  await context.deps.state.clearItemError(context.scope, context.profile.id, side, itemId);
  return done;
}

/** An error of an item that has no pair: told once, cleared when the item changes and passes. */
async function complain(context: ProfileContext, item: ItemSnapshot, errors: readonly SyncError[]): Promise<JobResult> {
  await putItemErrors(context, item, errors);
  return { ...done, failed: true };
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
  const pair = newPair(context, source, await newIntent(context, source));
  const taken = await deps.state.createPair(scope, sites, pair);
  if (taken) return { kind: 'again', at: deps.now() + leaseRetryMs };
  await deps.reached('pair-claimed');
  return runLeased(context, pair.id, (leased) => createUnderLease(context, leased, source));
}

export async function newIntent(context: ProfileContext, source: ItemSnapshot): Promise<CreateIntent> {
  const { deps, scope, profile, key } = context;
  const side = otherSide(source.side);
  const subject = { ...scope, profileId: profile.id, side: source.side, sourceId: source.id };
  return {
    side,
    token: makeToken(key, { ...subject, nonce: deps.newId() }),
    sourceId: source.id,
    at: deps.now(),
    highestKnown: await deps.config.highestKnown(scope, profile.id, side),
  };
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
    baseline: null,
    versions: { jira: {}, azure: {} },
    writeIntents: [],
    held: {},
    replaced: {},
    late: [],
    choices: {},
    errors: [],
    retry: null,
    dirty: false,
    timeline: [],
    syncedAt: null,
  };
}

/**
 * Sends the create request of a pair whose intent is recorded. Once more without the fields that the service refuses by
 * name; a refusal of the whole removes the pair, since nothing landed.
 */
export async function createUnderLease(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
): Promise<JobResult> {
  const { deps } = context;
  const { intent } = leased.pair;
  if (!intent) throw new Error('A pair is created under a recorded intent.');
  const complaints: Complaint[] = [];
  for (const lastTry of [false, true]) {
    const plan = planCreate({ ...planContext(context), source, held: leased.pair.held });
    if (plan.kind !== 'create') return giveUp(context, leased, source, plan.kind === 'error' ? plan.errors : []);
    const outcome = await sendCreate(context, leased, source, intent, plan);
    if (outcome.kind === 'created') {
      await deps.reached('counterpart-created');
      return completeWith(context, leased, source, outcome.item, complaints);
    }
    const held = refusedFields(plan, outcome.refusals);
    if (held === null || lastTry) {
      return giveUp(
        context,
        leased,
        source,
        outcome.refusals.map(({ error }) => error),
      );
    }
    complaints.push(...held.complaints);
    await leased.commit({ held: { ...leased.pair.held, ...held.fields } });
  }
  throw new Error('A create is tried twice at the most.');
}

/** A failure that proves that nothing landed frees the item at once; after any other the pair stays in `creating`. */
async function sendCreate(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
  intent: CreateIntent,
  plan: CreatePlan & { kind: 'create' },
): Promise<CreateOutcome> {
  try {
    return await context.sides[intent.side].writer.create({
      type: plan.type,
      fields: plan.writes.map(({ field, after }) => ({ field, value: after })),
      marker: { token: intent.token, sourceId: source.id },
      sourceUrl: source.url,
    });
  } catch (thrown) {
    if (thrown instanceof SyncFailure && !thrown.mayHaveLanded) await leased.remove();
    throw thrown;
  }
}

/** Null when the service refused something that leaving a field out can't mend. */
function refusedFields(plan: CreatePlan & { kind: 'create' }, refusals: readonly Refusal[]) {
  const fields: Record<string, Pair['held'][string]> = {};
  const complaints: Complaint[] = [];
  for (const { field, error } of refusals) {
    const write = plan.writes.find((candidate) => candidate.field === field);
    const rule = plan.outcomes.find(({ mapping }) => mapping === write?.mapping)?.ruleFingerprint;
    if (!write || !rule || error.code === 'required-field') return null;
    fields[write.mapping] = { value: write.fingerprint, rule };
    complaints.push({ subject: write.mapping, error: { ...error, level: 'field' } });
  }
  return complaints.length > 0 ? { fields, complaints } : null;
}

async function giveUp(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
  errors: readonly SyncError[],
): Promise<JobResult> {
  await leased.remove();
  return errors.length > 0 ? complain(context, source, errors) : done;
}

/** Claims the counterpart, then brings the new pair to agreement with what the create did not carry. */
export async function completeWith(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
  created: ItemSnapshot,
  complaints: readonly Complaint[] = [],
): Promise<JobResult> {
  const { deps, scope, profile } = context;
  const read = both(source, created);
  const taken = await complete(context, leased, created.side, {
    status: 'paired',
    ids: { jira: read.jira.id, azure: read.azure.id },
    keys: { jira: read.jira.key, azure: read.azure.key },
    baseline: createdBaseline({ ...planContext(context), ...read, baseline: null }, source.side),
    // The intent stays: its token goes on telling the counterpart from copies of it.
    versions: { ...leased.pair.versions, [created.side]: created.versions },
    errors: mergeErrors([], complaints, deps.now()),
    retry: null,
  });
  if (taken) return taken;
  await deps.config.raiseHighestKnown(scope, profile.id, created.side, created.id);
  return agree(context, leased, read, complaints);
}

/**
 * Claims the counterpart and completes the pair; the source's errors from before are gone. Null, or how the run ends when
 * another pair owns the counterpart: an admin must settle that, so it is looked at again seldom.
 */
export async function complete(
  context: ProfileContext,
  leased: LeasedPair,
  createdOn: Side,
  patch: PairPatch,
): Promise<JobResult | null> {
  const { deps, scope, profile, sites } = context;
  const taken = await leased.complete(sites, patch);
  if (taken) {
    const error = syncError('claimed', { side: createdOn, detail: `pair ${taken.claimedBy}` });
    const now = deps.now();
    await leased.commit({
      errors: mergeErrors(leased.pair.errors, [{ error }], now),
      retry: nextRetry(leased.pair.retry, { ...error, retryAfterMs: deps.timing.retryMaxMs }, now, deps.timing),
    });
    return { ...done, failed: true };
  }
  await deps.reached('pair-completed');
  const source = otherSide(createdOn);
  await deps.state.clearItemError(scope, profile.id, source, leased.pair.ids[source] ?? '');
  return null;
}

export const both = (one: ItemSnapshot, other: ItemSnapshot): BySide<ItemSnapshot> =>
  one.side === 'jira' ? { jira: one, azure: other } : { jira: other, azure: one };
