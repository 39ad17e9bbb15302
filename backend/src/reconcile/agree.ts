// Brings a leased pair whose two sides were just read to agreement: plan, apply in order, record each finished
// operation. The one place where a plan turns into writes of fields and states.

import type { BySide, ItemSnapshot } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { applyTransition } from './apply-transition.ts';
import type { ChildrenResult } from './child-stage.ts';
import { syncChildren } from './children.ts';
import type { ProfileContext } from './context.ts';
import { decidedOperation, decision, rulesOfPlan } from './decide.ts';
import { withFreshCatalogs } from './fresh-catalogs.ts';
import { findLate, settleLate } from './late.ts';
import type { LeasedPair } from './leased-pair.ts';
import { makePlan } from './make-plan.ts';
import { withMedia } from './media.ts';
import { awaitedIn, withNames } from './named-items.ts';
import { type Complaint, done, type JobResult, mergeErrors, nextRetry, retryResult } from './outcome.ts';
import { childKinds, type ErrorRecord, type Pair, type RetryState } from './ports.ts';
import { type Run, settled } from './run.ts';
import { hasSideEffects } from './side-effects.ts';
import { syncLinks } from './sync-links.ts';
import { applyUpdate } from './update.ts';
import { tellWaiters, waitFor } from './waiting.ts';

/** Throws SyncFailure when a service can't be reached, LeaseLost when another worker took over. */
export async function agree(
  profileContext: ProfileContext,
  leased: LeasedPair,
  items: BySide<ItemSnapshot>,
  /** What the creation just before already complained of. */
  earlier: readonly Complaint[] = [],
): Promise<JobResult> {
  const known = await withFreshCatalogs(profileContext, [items.jira, items.azure]);
  const { read, attachments, ...media } = await withMedia(known, leased, items);
  const context = await withNames(media.context, [read.jira, read.azure]);
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
      jira: { ...leased.pair.versions.jira, ...withoutSets(read.jira.versions) },
      azure: { ...leased.pair.versions.azure, ...withoutSets(read.azure.versions) },
    },
    again: false,
  };
  for (const operation of plan.operations) {
    if ((await apply(run, operation)) === 'stale') return { kind: 'again', at: deps.now() };
    leased.note(decidedOperation(operation));
  }
  const links = await syncLinks(run);
  if (links === 'stale') return { kind: 'again', at: deps.now() };
  const children = await syncChildren(context, leased, read, attachments);
  for (const side of sides) moveAttachmentsVersion(run, read[side]);
  for (const item of children.answers ?? []) follow(run, item);
  run.complaints.push(...children.complaints);
  if (await waitFor(context, leased, awaitedIn(context, [read.jira, read.azure]))) run.again = true;
  if (leased.pair.syncedAt === null) await tellWaiters(context, read);
  const judged = links === 'done' ? ([...children.judged, 'link'] as const) : children.judged;
  const unheard = hasSideEffects(run);
  const retry = await recordResult(run, { ...children, judged }, unheard);
  if (retry) return retryResult(retry);
  if (run.again || unheard) return { kind: 'again', at: deps.now() };
  return children.again === null ? done : { kind: 'again', at: children.again };
}

/** Moves the versions past a write of ours, if its answer shows that nothing came between. */
function follow(run: Run, { side, versions }: ItemSnapshot): void {
  const [known, now] = [run.versions[side].fields?.seq, versions.fields?.seq];
  if (known === undefined || now !== known + 1) return;
  run.versions = { ...run.versions, [side]: { ...run.versions[side], ...versions } };
}

async function apply(run: Run, operation: Operation): Promise<'done' | 'stale'> {
  switch (operation.kind) {
    case 'update':
      return applyUpdate(run, operation);
    case 'transition':
      return applyTransition(run, operation);
    case 'create':
    case 'add-comment':
    case 'update-comment':
    case 'delete-comment':
    case 'add-attachment':
    case 'delete-attachment':
    case 'add-link':
    case 'remove-link':
      throw new Error(`A pair's plan holds no ${operation.kind}.`);
    default: {
      const never: never = operation;
      return never;
    }
  }
}

/**
 * The versions of links and attachments move with these alone: a run that dies before them must find them changed again.
 */
function withoutSets({ links: _, attachments: __, ...rest }: ItemSnapshot['versions']): ItemSnapshot['versions'] {
  return rest;
}

/** Files that the profile leaves out are recorded as unseen: they are news once it takes them. */
function moveAttachmentsVersion(run: Run, { side, versions: { attachments } }: ItemSnapshot): void {
  if (attachments === undefined) return;
  const { set: _, ...unseen } = attachments;
  const { enabled } = run.context.profile.settings.attachments;
  run.versions = { ...run.versions, [side]: { ...run.versions[side], attachments: enabled ? attachments : unseen } };
}

/** Answers when the pair is to be tried again because of an error. */
async function recordResult(
  run: Run,
  { judged, again }: ChildrenResult,
  /** There is news of which no hint tells. */
  unheard: boolean,
): Promise<RetryState | null> {
  const { context, leased, complaints } = run;
  const { pair } = leased;
  const now = context.deps.now();
  const retrying = complaints.find(({ error }) => error.retry === 'later');
  const retry = retrying ? nextRetry(pair.retry, retrying.error, now, context.deps.timing) : null;
  const operations = leased.takeWritten();
  const wrote = operations.length > 0 || sides.some((side) => run.answers[side] !== undefined);
  await leased.commit(
    {
      status: 'paired',
      keys: { jira: run.read.jira.key, azure: run.read.azure.key },
      types: { jira: run.read.jira.type, azure: run.read.azure.type },
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
      ...(run.webLinksReadAt === undefined ? {} : { webLinksReadAt: run.webLinksReadAt }),
      // A child whose creation may still land is looked for again whatever the next hint says.
      dirty: again !== null || unheard,
      decisions: [
        decision(context, complaints.length > 0 ? 'failed' : wrote ? 'updated' : 'nothing', {
          read: run.read,
          operations,
          rules: rulesOfPlan(run.plan),
          complaints,
        }),
      ],
      syncedAt: complaints.length > 0 ? pair.syncedAt : now,
    },
    { release: true },
  );
  await context.deps.reached('result-committed');
  return retry;
}

const isHeld = (run: Run, subject: string | undefined): boolean =>
  run.plan.outcomes.some(({ mapping, rule }) => rule === 'held' && mapping === subject);

const isUnjudged = (subject: string | undefined, judged: readonly string[]): boolean =>
  subject !== undefined &&
  !judged.includes(subject) &&
  childKinds.some((kind) => subject.startsWith(`${kind}:`) && !judged.includes(kind));

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
