// Brings a leased pair whose two sides were just read to agreement: plan, apply in order, record each finished
// operation. The one place where a plan turns into writes of fields and states.

import { neverAgreed } from '../sync/baseline.ts';
import { fingerprintOf } from '../sync/fingerprint.ts';
import type { BySide, HistoryEntry, ItemSnapshot, Side } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import type { Operation, PairPlan } from '../sync/plan.ts';
import type { PlanInput } from '../sync/plan-input.ts';
import { planPair } from '../sync/plan-pair.ts';
import { stateMappingId } from '../sync/profile.ts';
import { stateFields } from '../sync/rules.ts';
import { settleAll } from '../sync/settle.ts';
import { type ChildrenResult, syncChildren } from './children.ts';
import type { ProfileContext } from './context.ts';
import { findLate, settleLate } from './late.ts';
import type { LeasedPair } from './leased-pair.ts';
import { type Complaint, done, type JobResult, mergeErrors, nextRetry, retryResult } from './outcome.ts';
import type { ChildPair, Decision, ErrorRecord, Pair, RetryState } from './ports.ts';
import { walkTo } from './transition.ts';
import { applyUpdate, withdrawIntent } from './update.ts';

const timelineLength = 50;

/** What the operations of one run have come to so far. */
export interface Run {
  readonly context: ProfileContext;
  readonly leased: LeasedPair;
  readonly read: BySide<ItemSnapshot>;
  readonly plan: PairPlan;
  /** The items as the servers answered our writes. */
  readonly answers: { jira?: ItemSnapshot; azure?: ItemSnapshot };
  /** Mappings whose writes went through. */
  readonly written: Set<string>;
  readonly complaints: Complaint[];
  versions: Pair['versions'];
  /** Somebody else was seen writing: the pair is reconciled again at once. */
  again: boolean;
}

/** Throws SyncFailure when a service can't be reached, LeaseLost when another worker took over. */
export async function agree(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
  /** What the creation just before already complained of. */
  earlier: readonly Complaint[] = [],
): Promise<JobResult> {
  const { deps } = context;
  const late = [...leased.pair.late, ...(await findLate(context, leased.pair, read))];
  if (late.length > 0) {
    await settleLate(context, leased, read, late);
    return { kind: 'again', at: deps.now() };
  }

  const plan = await makePlan(context, leased.pair, read);
  const run: Run = {
    context,
    leased,
    read,
    plan,
    answers: {},
    written: new Set(),
    complaints: [
      ...earlier,
      ...plan.errors.map((error) => ({ error })),
      ...plan.outcomes.flatMap(({ mapping, error }) => (error ? [{ subject: mapping, error }] : [])),
    ],
    // What the plan was made from. A write moves its side on only where the answer proves that nothing came between.
    versions: {
      jira: { ...leased.pair.versions.jira, ...read.jira.versions },
      azure: { ...leased.pair.versions.azure, ...read.azure.versions },
    },
    again: false,
  };
  for (const operation of plan.operations) {
    if ((await apply(run, operation)) === 'stale') return { kind: 'again', at: deps.now() };
  }
  const children = await syncChildren(context, leased, read);
  run.complaints.push(...children.complaints);
  const retry = await recordResult(run, children);
  if (retry) return retryResult(retry);
  if (run.again) return { kind: 'again', at: deps.now() };
  return children.again === null ? done : { kind: 'again', at: children.again };
}

/** The plan for a pair as it was read; asks for a side's history only where a policy needs it. */
export async function makePlan(
  context: ProfileContext,
  pair: Pick<Pair, 'baseline' | 'writeIntents' | 'held' | 'replaced' | 'errors' | 'choices' | 'versions'>,
  read: BySide<ItemSnapshot>,
): Promise<PairPlan> {
  const input: PlanInput = {
    ...planContext(context),
    ...read,
    baseline: pair.baseline,
    writeIntents: pair.writeIntents,
    held: pair.held,
    replaced: pair.replaced,
    choices: pair.choices,
    stopped: pair.errors.flatMap(({ error, subject }) => (error.code === 'oscillation' && subject ? [subject] : [])),
  };
  // A history may show that the other side's is needed as well; each is read once.
  let history: { readonly jira?: readonly HistoryEntry[]; readonly azure?: readonly HistoryEntry[] } = {};
  let plan = planPair(input);
  while (plan.needsHistory.length > 0) {
    const asked = plan.needsHistory.filter((side) => history[side] === undefined);
    if (asked.length === 0) throw new Error('A plan asks for a history that it was given.');
    const entries = await Promise.all(
      asked.map(async (side) => {
        const since = pair.versions[side].fields?.seq ?? 0;
        return [side, await context.sides[side].reader.history(read[side].id, since)] as const;
      }),
    );
    history = { ...history, ...Object.fromEntries(entries) };
    plan = planPair({ ...input, history });
  }
  return plan;
}

export const planContext = (context: ProfileContext) => ({
  profile: context.profile,
  key: context.key,
  people: context.people,
  catalogs: context.catalogs,
  resolve: context.resolve,
  now: context.deps.now(),
});

async function apply(run: Run, operation: Operation): Promise<'done' | 'stale'> {
  switch (operation.kind) {
    case 'update':
      return applyUpdate(run, operation);
    case 'transition':
      return applyTransition(run, operation);
    case 'create':
    case 'add-comment':
    case 'update-comment':
    case 'add-attachment':
      throw new Error(`A pair's plan holds no ${operation.kind}.`);
    default: {
      const never: never = operation;
      return never;
    }
  }
}

async function applyTransition(
  run: Run,
  { side, to, fingerprint }: Operation & { kind: 'transition' },
): Promise<'done' | 'stale'> {
  const { context, leased } = run;
  const { deps } = context;
  const start = run.answers[side] ?? run.read[side];
  const outcome = await walkTo(context, start, to, {
    before: async (state) => {
      await leased.commit({
        writeIntents: [
          ...leased.pair.writeIntents,
          {
            side,
            at: deps.now(),
            base: run.versions[side].fields ?? {},
            fields: { [stateMappingId]: stateFingerprint(run, side, state) },
          },
        ],
      });
      await deps.reached('write-intent-recorded');
    },
    after: async ({ item, version, between }) => {
      await deps.reached('transition-done');
      run.answers[side] = item;
      if (version) moveVersion(run, side, version);
      await leased.commit({
        baseline: baselineOnTheWay(run, side, item.state),
        versions: run.versions,
        late: [...leased.pair.late, ...lateStates(side, between)],
      });
      await deps.reached('transition-committed');
    },
    refused: () => withdrawIntent(leased),
  });
  if (outcome.kind === 'stale') return 'stale';
  if (outcome.kind === 'stuck') {
    run.complaints.push({ subject: stateMappingId, error: outcome.error });
    const rule = run.plan.outcomes.find(({ mapping }) => mapping === stateMappingId)?.ruleFingerprint;
    if (rule) await leased.commit({ held: { ...leased.pair.held, [stateMappingId]: { value: fingerprint, rule } } });
    return 'done';
  }
  run.again ||= outcome.between.length > 0 || !outcome.proven;
  run.written.add(stateMappingId);
  await leased.commit({ baseline: settled(run) });
  return 'done';
}

/** States that others set between our read and a transition of ours, which then left them. */
const lateStates = (side: Side, between: readonly HistoryEntry[]): Pair['late'] =>
  between
    .filter(({ field }) => field === stateFields[side])
    .map(({ field, seq }) => ({ mapping: stateMappingId, side, field, seq }));

const stateFingerprint = (run: Run, side: Side, state: string) =>
  fingerprintOf(
    run.context.key,
    side,
    run.read[side].id,
    stateFields[side],
    { kind: 'option', option: { name: state } },
    { kind: 'option', timeZone: run.context.profile.settings.timeZone },
  );

/**
 * With the walked side at a state on the way: it counts as untouched there and the other as changed still, so that a walk
 * which dies or gets stuck goes on from there and never sends its own half-way state back.
 */
function baselineOnTheWay(run: Run, side: Side, state: string): NonNullable<Pair['baseline']> {
  const baseline = settled(run);
  const rule = run.plan.outcomes.find(({ mapping }) => mapping === stateMappingId)?.ruleFingerprint;
  if (!rule) return baseline;
  const before = baseline.fields[stateMappingId] ?? { rule, jira: neverAgreed, azure: neverAgreed };
  return {
    ...baseline,
    fields: { ...baseline.fields, [stateMappingId]: { ...before, [side]: stateFingerprint(run, side, state) } },
  };
}

/** The baseline after what was written so far. */
export const settled = (run: Run) =>
  settleAll(
    { ...planContext(run.context), ...run.read, baseline: run.leased.pair.baseline },
    run.plan,
    run.answers,
    run.written,
  );

export function moveVersion(run: Run, side: Side, fields: NonNullable<ItemSnapshot['versions']['fields']>): void {
  run.versions = { ...run.versions, [side]: { ...run.versions[side], fields } };
}

/** Answers when the pair is to be tried again because of an error. */
async function recordResult(run: Run, { judged, again }: ChildrenResult): Promise<RetryState | null> {
  const { context, leased, complaints } = run;
  const { pair } = leased;
  const now = context.deps.now();
  const retrying = complaints.find(({ error }) => error.retry === 'later');
  const retry = retrying ? nextRetry(pair.retry, retrying.error, now, context.deps.timing) : null;
  const wrote = sides.some((side) => run.answers[side] !== undefined);
  const decision: Decision = {
    at: now,
    what: complaints.length > 0 ? 'failed' : wrote ? 'updated' : 'nothing',
    rules: run.plan.outcomes.filter(({ rule }) => rule !== 'unchanged').map(({ mapping, rule }) => ({ mapping, rule })),
  };
  await leased.commit(
    {
      status: 'paired',
      keys: { jira: run.read.jira.key, azure: run.read.azure.key },
      baseline: settled(run),
      versions: run.versions,
      writeIntents: [],
      choices: {},
      held: stillHeld(run),
      errors: mergeErrors(
        pair.errors,
        complaints,
        now,
        (record) => isHeld(run, record.subject) || isUnjudged(record.subject, judged) || isOverwritten(record),
      ),
      retry,
      // A child whose creation may still land is looked for again whatever the next hint says.
      dirty: again !== null,
      timeline: [...pair.timeline, decision].slice(-timelineLength),
      syncedAt: complaints.length > 0 ? pair.syncedAt : now,
    },
    { release: true },
  );
  await context.deps.reached('result-committed');
  return retry;
}

const isHeld = (run: Run, subject: string | undefined): boolean =>
  run.plan.outcomes.some(({ mapping, rule }) => rule === 'held' && mapping === subject);

const isUnjudged = (subject: string | undefined, judged: readonly ChildPair['kind'][]): boolean =>
  (['comment', 'attachment'] as const).some((kind) => subject?.startsWith(`${kind}:`) && !judged.includes(kind));

/** What was lost stays lost when the sides agree: only a person can settle it. */
const isOverwritten = ({ error, ignored }: ErrorRecord): boolean => error.code === 'overwritten' && !ignored;

/** A field is held only as long as its refused value still waits. */
function stillHeld(run: Run): Pair['held'] {
  const waiting = new Set(
    run.plan.outcomes
      .filter(({ rule, mapping }) => rule === 'held' || !run.written.has(mapping))
      .map(({ mapping }) => mapping),
  );
  return Object.fromEntries(Object.entries(run.leased.pair.held).filter(([mapping]) => waiting.has(mapping)));
}
