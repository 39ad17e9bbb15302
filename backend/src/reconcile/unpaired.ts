// The items of one side that are in no pair, read in bulk; and those among them that an earlier state of ours has made.

import type { ItemSnapshot, Side } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';

/** What one bulk read takes on both sides. */
const batch = 100;

/** In the order of the inventory; what can't be read is left out. Throws SyncFailure. */
export async function* unpairedItems(context: ProfileContext, side: Side): AsyncGenerator<ItemSnapshot> {
  const { deps, scope, sites } = context;
  const { reader } = context.sides[side];
  let next: string | undefined;
  do {
    const page = await reader.inventory(next);
    const pairs = await deps.state.findPairs(scope, sites[side], side, page.ids);
    const unpaired = page.ids.filter((id) => !pairs.has(id));
    for (let start = 0; start < unpaired.length; start += batch) {
      const read = await reader.readMany(unpaired.slice(start, start + batch));
      for (const outcome of read.values()) if (outcome.kind === 'found') yield outcome.item;
    }
    next = page.next;
  } while (next !== undefined);
}

/**
 * How many items our own account made for pairs that this store does not know: its state was lost, or another one keeps
 * them. An initial sync would take them for new items and make each of them twice. Throws SyncFailure.
 */
export async function countStrays(context: ProfileContext): Promise<number> {
  const { deps, scope } = context;
  let count = 0;
  for (const side of sides) {
    for await (const { marker, createdBy } of unpairedItems(context, side)) {
      if (!marker || createdBy?.id !== (await context.sides[side].accountId())) continue;
      if ((await deps.state.findByToken(scope, marker.token)) === null) count += 1;
    }
  }
  return count;
}
