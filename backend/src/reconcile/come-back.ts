// An item that had left the profile's scope is back: restored, moved back, or past the filter again. Its pair goes on where
// it was; a counterpart that had been deleted for it is restored, or made anew.

import { type BySide, type ItemSnapshot, otherSide, sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import { createUnderLease, newIntent } from './create-counterpart.ts';
import { decision } from './decide.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { JobResult } from './outcome.ts';
import { childKinds, type DecidedOperation, type Left, type PairPatch } from './ports.ts';
import { unsynced } from './unsynced.ts';

/** Dirty: whatever the hint was about, all of both items is read. */
const inScope = (leased: LeasedPair): PairPatch => ({
  status: 'paired',
  left: null,
  dirty: true,
  retry: null,
  errors: leased.pair.errors.filter(({ subject }) => subject !== undefined),
});

/** Both items are there: the marks go, and both are read again. */
export async function comeBack(
  context: ProfileContext,
  leased: LeasedPair,
  items: BySide<ItemSnapshot>,
): Promise<JobResult> {
  const { left } = leased.pair;
  const marked = left ? [otherSide(left.side)] : sides;
  for (const side of marked) await context.sides[side].writer.unmark(items[side]);
  await context.deps.reached('mark-removed');
  const operations = marked.map((side): DecidedOperation => ({ side, kind: 'unmark' }));
  await leased.commit({
    ...inScope(leased),
    decisions: [decision(context, 'returned', { read: items, operations })],
  });
  return { kind: 'again', at: context.deps.now() };
}

/** The counterpart had been deleted by the profile's policy. Jira can't restore: there a new one is made. */
export async function bringBack(
  context: ProfileContext,
  leased: LeasedPair,
  left: Left,
  item: ItemSnapshot,
): Promise<JobResult> {
  const { deps, sites } = context;
  const side = otherSide(left.side);
  const id = leased.pair.ids[side];
  if (id !== null && (await context.sides[side].writer.restore(id))) {
    await deps.reached('counterpart-restored');
    const operations: DecidedOperation[] = [{ side, kind: 'restore' }];
    await leased.commit({
      ...inScope(leased),
      decisions: [decision(context, 'returned', { read: { [item.side]: item }, operations })],
    });
    return { kind: 'again', at: deps.now() };
  }
  await leased.release(sites[side], side);
  const children = (await Promise.all(childKinds.map((kind) => leased.children(kind)))).flat();
  await leased.commit({
    ...inScope(leased),
    status: 'creating',
    source: item.side,
    intent: await newIntent(context, item),
    keys: { ...leased.pair.keys, [side]: null },
    ...unsynced,
    forgotten: children,
    decisions: [decision(context, 'returned', { read: { [item.side]: item } })],
  });
  return createUnderLease(context, leased, item);
}
