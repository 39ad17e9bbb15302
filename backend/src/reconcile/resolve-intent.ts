// A pair found in `creating`: a worker died or an answer was lost, and the request may still land. Waits until it can no
// longer, looks for what it made, and only then tries again.

import { neverAgreed } from '../sync/baseline.ts';
import { fingerprintOf } from '../sync/fingerprint.ts';
import { type ItemSnapshot, otherSide } from '../sync/model.ts';
import { valueOn } from '../sync/rules.ts';
import { createdBaseline, rulesOf } from '../sync/settle.ts';
import { agree } from './agree.ts';
import { type ProfileContext, planContext } from './context.ts';
import { both, complete, createUnderLease, newIntent } from './create-counterpart.ts';
import { decision } from './decide.ts';
import type { LeasedPair } from './leased-pair.ts';
import { done, type JobResult } from './outcome.ts';
import type { CreateIntent, Pair } from './ports.ts';

/** `created` is the counterpart where the caller met it already. Throws SyncFailure. */
export async function resolveIntent(
  context: ProfileContext,
  leased: LeasedPair,
  created?: ItemSnapshot,
): Promise<JobResult> {
  const { deps } = context;
  const { intent } = leased.pair;
  if (!intent) throw new Error('A pair in `creating` has an intent.');
  const settledAt = intent.at + deps.timing.settleMs;
  if (!created && deps.now() < settledAt) return { kind: 'again', at: settledAt };

  const source = await context.sides[otherSide(intent.side)].reader.read(intent.sourceId, { comments: true });
  const found = created ?? (await context.sides[intent.side].reader.findCreated(intent));
  if (source.kind !== 'found') {
    if (found) return pairWithoutSource(context, leased, found);
    await leased.remove();
    return done;
  }
  if (found) return adoptCreated(context, leased, source.item, found);
  const next: CreateIntent = { ...(await newIntent(context, source.item)), token: intent.token };
  await leased.commit({ intent: next, retry: null });
  return createUnderLease(context, leased, source.item);
}

/** The source is gone or hidden: the two are paired all the same, and the next run tells what became of it. */
async function pairWithoutSource(
  context: ProfileContext,
  leased: LeasedPair,
  created: ItemSnapshot,
): Promise<JobResult> {
  const { ids, keys } = leased.pair;
  const taken = await complete(context, leased, created.side, {
    status: 'paired',
    ids: { ...ids, [created.side]: created.id },
    keys: { ...keys, [created.side]: created.key },
    retry: null,
    decisions: [decision(context, 'found')],
  });
  return taken ?? { kind: 'again', at: context.deps.now() };
}

/** Fields that somebody changed on the counterpart since it was created count as changed there, all others as untouched. */
async function adoptCreated(
  context: ProfileContext,
  leased: LeasedPair,
  source: ItemSnapshot,
  created: ItemSnapshot,
): Promise<JobResult> {
  const read = both(source, created);
  const fresh = createdBaseline({ ...planContext(context), ...read, baseline: null }, source.side);
  const taken = await complete(context, leased, created.side, {
    status: 'paired',
    ids: { jira: read.jira.id, azure: read.azure.id },
    keys: { jira: read.jira.key, azure: read.azure.key },
    baseline: await withTheirEdits(context, read, created, fresh),
    versions: { ...leased.pair.versions, [created.side]: created.versions },
    retry: null,
    decisions: [decision(context, 'found', { read })],
  });
  if (taken) return taken;
  return agree(context, leased, read);
}

async function withTheirEdits(
  context: ProfileContext,
  read: ReturnType<typeof both>,
  created: ItemSnapshot,
  baseline: NonNullable<Pair['baseline']>,
): Promise<NonNullable<Pair['baseline']>> {
  const history = await context.sides[created.side].reader.history(created.id, firstSeq[created.side]);
  const edited = new Set(history.map(({ field }) => field));
  const source = read[otherSide(created.side)];
  const fields = { ...baseline.fields };
  for (const rule of rulesOf({ ...planContext(context), ...read })) {
    const entry = fields[rule.id];
    if (!entry || !edited.has(rule.field[created.side])) continue;
    const value = valueOn(rule, source);
    const print = fingerprintOf(
      context.key,
      source.side,
      source.id,
      rule.field[source.side],
      value === 'unavailable' ? null : value,
      { kind: rule.kind, timeZone: context.profile.settings.timeZone },
    );
    fields[rule.id] = { ...entry, [source.side]: print, [created.side]: neverAgreed };
  }
  return { ...baseline, fields };
}

/** Where an item's history starts: Jira's has no entry for the creation, Azure's first revision is the creation. */
const firstSeq = { jira: 0, azure: 1 } as const;
