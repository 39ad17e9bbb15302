// What an admin does about errors: try again, ignore, or choose a side. Each ends in a job; nothing is written to a service
// here.

import { neverAgreed } from '../sync/baseline.ts';
import type { ErrorCode } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import { withLease } from './leased-pair.ts';
import {
  type EngineDeps,
  type ErrorRecord,
  type IgnoreReason,
  LeaseLost,
  type Pair,
  type PairPatch,
  type Scope,
} from './ports.ts';

/** Changes a pair under its lease, however long a run that holds it takes to let go: at most a few tries, then LeaseLost. */
async function change(
  deps: EngineDeps,
  scope: Scope,
  pairId: string,
  patchOf: (pair: Pair) => PairPatch,
): Promise<Pair | null> {
  const known = await deps.state.getPair(scope, pairId);
  if (!known) return null;
  const changed = await withLease(deps, scope, pairId, async (leased) => {
    await leased.commit(patchOf(leased.pair));
    return leased.pair;
  });
  if (changed === null) throw new LeaseLost(pairId);
  return changed;
}

async function queue(deps: EngineDeps, scope: Scope, pair: Pair): Promise<void> {
  const side = pair.ids[pair.source] === null ? (pair.source === 'jira' ? 'azure' : 'jira') : pair.source;
  const itemId = pair.ids[side];
  if (itemId === null) return;
  await deps.queue.addItems([{ ...scope, profileId: pair.profileId, pairId: pair.id, side, itemId, hints: [] }], {
    runAt: new Date(deps.now()),
  });
}

/** Errors that no run clears by itself. */
const settledByRetry: ReadonlySet<ErrorCode> = new Set(['oscillation', 'overwritten', 'link-refused']);

/** Frees what was held back, of the named field or of all, and runs the pair now. */
export async function retryPair(deps: EngineDeps, scope: Scope, pairId: string, subject: string | null): Promise<void> {
  const pair = await change(deps, scope, pairId, (present) => ({
    retry: null,
    dirty: true,
    held: subject === null ? {} : omit(present.held, subject),
    replaced: subject === null ? {} : omit(present.replaced, subject),
    // A field that stopped for oscillation starts over; what was overwritten is seen to.
    errors: present.errors.filter(
      ({ error, subject: about }) => !settledByRetry.has(error.code) || (subject !== null && about !== subject),
    ),
  }));
  if (pair) await queue(deps, scope, pair);
}

export async function retryItem(
  deps: EngineDeps,
  scope: Scope,
  profileId: string,
  side: Side,
  itemId: string,
): Promise<void> {
  await deps.queue.addItems([{ ...scope, profileId, side, itemId, hints: [] }], { runAt: new Date(deps.now()) });
}

export async function ignoreError(
  deps: EngineDeps,
  scope: Scope,
  ref:
    | { readonly pair: string; readonly record: string }
    | { readonly profile: string; readonly side: Side; readonly item: string; readonly record: string },
  reason?: IgnoreReason,
): Promise<void> {
  const ignored = { ignored: true, ...(reason === undefined ? {} : { ignoredFor: reason }) };
  if ('pair' in ref) {
    await change(deps, scope, ref.pair, (present) => ({
      errors: present.errors.map((record) => (record.id === ref.record ? { ...record, ...ignored } : record)),
    }));
    return;
  }
  const entries = await deps.state.listItemErrors(scope, ref.profile);
  const entry = entries.find(
    ({ side, itemId, record }) => side === ref.side && itemId === ref.item && record.id === ref.record,
  );
  if (!entry) return;
  const { side, itemId, key, record, retry } = entry;
  await deps.state.putItemError(scope, ref.profile, side, itemId, key, { ...record, ...ignored }, retry);
}

/** The named side's value stays; used once. What was overwritten is seen to, and neither value counts as agreed any more. */
export async function chooseSide(
  deps: EngineDeps,
  scope: Scope,
  pairId: string,
  mapping: string,
  side: Side,
): Promise<void> {
  const pair = await change(deps, scope, pairId, (present) => {
    const overwritten = (record: ErrorRecord) => record.error.code === 'overwritten' && record.subject === mapping;
    const patch = { choices: { ...present.choices, [mapping]: side }, retry: null, dirty: true };
    if (!present.errors.some(overwritten)) return patch;
    const errors = present.errors.filter((record) => !overwritten(record));
    const agreed = present.baseline?.fields[mapping];
    if (present.baseline === null || agreed === undefined) return { ...patch, errors };
    const fields = { ...present.baseline.fields, [mapping]: { ...agreed, jira: neverAgreed, azure: neverAgreed } };
    return { ...patch, errors, baseline: { ...present.baseline, fields } };
  });
  if (pair) await queue(deps, scope, pair);
}

const omit = <T>(record: Readonly<Record<string, T>>, key: string): Readonly<Record<string, T>> =>
  Object.fromEntries(Object.entries(record).filter(([name]) => name !== key));
