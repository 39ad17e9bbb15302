// Items that links and texts name before they are paired: who waits is remembered, and gets a job when the pair is there.

import type { BySide, ItemSnapshot } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { ItemName, Waiter } from './ports.ts';

/**
 * Lets the pair wait for these. True when one of them was paired in the meantime: it may have looked for those who wait
 * before this one did, so the pair has to look again itself.
 */
export async function waitFor(
  context: ProfileContext,
  leased: LeasedPair,
  names: readonly ItemName[],
): Promise<boolean> {
  const { source, ids } = leased.pair;
  const itemId = ids[source];
  if (itemId === null) throw new Error('A pair names its source.');
  return rememberWaiting(context, { side: source, itemId }, names);
}

/** The same for an item that need not be paired itself. */
export async function rememberWaiting(
  context: ProfileContext,
  item: Pick<Waiter, 'side' | 'itemId'>,
  names: readonly ItemName[],
): Promise<boolean> {
  if (names.length === 0) return false;
  const { deps, scope, profile, sites } = context;
  await deps.state.awaitItems(scope, names, { profileId: profile.id, ...item });
  const of = (side: ItemName['side']) => names.filter((name) => name.side === side).map(({ name }) => name);
  const [keys, issues, workItems] = await Promise.all([
    deps.state.findPairsByKey(scope, of('jira')),
    deps.state.findPairs(scope, sites.jira, 'jira', of('jira')),
    deps.state.findPairs(scope, sites.azure, 'azure', of('azure')),
  ]);
  return [keys, issues, workItems].some((found) => [...found.values()].some(({ status }) => status === 'paired'));
}

/** Gives a job to everyone who waits for one of the pair's items. Told twice does no harm, so they are forgotten last. */
export async function tellWaiters(context: ProfileContext, read: BySide<ItemSnapshot>): Promise<void> {
  const { deps, scope, sites } = context;
  const names = sides.flatMap((side): ItemName[] =>
    [...new Set([read[side].id, read[side].key])].map((name) => ({ side, name })),
  );
  const waiters = await deps.state.waitersOf(scope, names);
  if (waiters.length === 0) return;
  const pairIds = await Promise.all(
    waiters.map(async ({ side, itemId }) => (await deps.state.findPair(scope, sites[side], side, itemId))?.id),
  );
  await deps.queue.addItems(
    waiters.map(({ profileId, side, itemId }: Waiter, index) => {
      const pairId = pairIds[index];
      return { ...scope, profileId, side, itemId, hints: [], ...(pairId === undefined ? {} : { pairId }) };
    }),
  );
  await deps.state.forgetWaiters(scope, names, waiters);
}
