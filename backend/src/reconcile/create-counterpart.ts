// Sends the create request of a pair whose intent is recorded, and completes the pair with the answer.

import { type SyncError, SyncFailure, syncError } from '../sync/errors.ts';
import { makeToken } from '../sync/marker.ts';
import { type BySide, type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import type { CreatePlan } from '../sync/plan.ts';
import { planCreate } from '../sync/plan-create.ts';
import type { Profile } from '../sync/profile.ts';
import { createdBaseline } from '../sync/settle.ts';
import { agree } from './agree.ts';
import { type ProfileContext, planContext } from './context.ts';
import { decidedOperation, decision } from './decide.ts';
import { withFreshCatalogs } from './fresh-catalogs.ts';
import { complain } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import { withNames } from './named-items.ts';
import { newParent, waitForParent } from './new-parent.ts';
import { type Complaint, done, type JobResult, mergeErrors, nextRetry } from './outcome.ts';
import type { CreateIntent, CreateOutcome, ItemDraft, Pair, PairPatch, Refusal } from './ports.ts';
import { isLeftOut } from './refused-people.ts';

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

/**
 * Sends the create request of a pair whose intent is recorded. Once more without the fields that the service refuses by
 * name; a refusal of the whole removes the pair, since nothing landed.
 */
export async function createUnderLease(
  profileContext: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
): Promise<JobResult> {
  const context = await withNames(await withFreshCatalogs(profileContext, [source]), [source]);
  const { deps } = context;
  const { intent } = leased.pair;
  if (!intent) throw new Error('A pair is created under a recorded intent.');
  const complaints: Complaint[] = [];
  for (const lastTry of [false, true]) {
    const plan = planCreate({ ...planContext(context), source, held: leased.pair.held });
    if (plan.kind !== 'create') return giveUp(context, leased, source, plan.kind === 'error' ? plan.errors : []);
    const parent = await newParent(context, source, plan.type);
    if (parent.kind === 'coming' || parent.kind === 'missing') {
      await leased.remove();
      return waitForParent(context, source, parent);
    }
    const beneath = parent.kind === 'there' ? { parent: parent.id } : {};
    const outcome = await sendCreate(context, leased, source, intent, { ...draftOf(plan), ...beneath });
    if (outcome.kind === 'created') {
      await deps.reached('counterpart-created');
      return completeWith(context, leased, source, outcome.item, plan, complaints);
    }
    const held = refusedFields(context.profile, plan, outcome.refusals);
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

const draftOf = ({ type, writes }: CreatePlan & { kind: 'create' }): Pick<ItemDraft, 'type' | 'fields'> => ({
  type,
  fields: writes.map(({ field, after }) => ({ field, value: after })),
});

/** A failure that proves that nothing landed frees the item at once; after any other the pair stays in `creating`. */
async function sendCreate(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
  intent: CreateIntent,
  draft: Pick<ItemDraft, 'type' | 'fields' | 'parent'>,
): Promise<CreateOutcome> {
  try {
    return await context.sides[intent.side].writer.create({
      ...draft,
      marker: { token: intent.token, sourceId: source.id },
      sourceUrl: source.url,
    });
  } catch (thrown) {
    if (thrown instanceof SyncFailure && !thrown.mayHaveLanded) await leased.remove();
    throw thrown;
  }
}

/** Null when the service refused something that leaving a field out can't mend. */
function refusedFields(profile: Profile, plan: CreatePlan & { kind: 'create' }, refusals: readonly Refusal[]) {
  const fields: Record<string, Pair['held'][string]> = {};
  const complaints: Complaint[] = [];
  for (const { field, error } of refusals) {
    const write = plan.writes.find((candidate) => candidate.field === field);
    const rule = plan.outcomes.find(({ mapping }) => mapping === write?.mapping)?.ruleFingerprint;
    if (!write || !rule || error.code === 'required-field') return null;
    fields[write.mapping] = { value: write.fingerprint, rule };
    if (isLeftOut(profile, write.mapping, error)) continue;
    complaints.push({ subject: write.mapping, error: { ...error, level: 'field' } });
  }
  return Object.keys(fields).length > 0 ? { fields, complaints } : null;
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
  plan: CreatePlan & { kind: 'create' },
  complaints: readonly Complaint[],
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
    decisions: [decision(context, 'created', { read, operations: plan.operations.map(decidedOperation), complaints })],
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
      decisions: [decision(context, 'failed', { complaints: [{ error }] })],
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
