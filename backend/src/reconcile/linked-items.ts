// What stands at the other ends of an item's links: the pairs there, and whether an item whose link went is still there
// itself.

import type { LinkedPair, LinkOperation } from '../sync/links.ts';
import { type LinkSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import type { Pair } from './ports.ts';

/** Pairs of this site and this organization at the other ends, by side and item. */
export async function linkedPairs(
  context: ProfileContext,
  links: { readonly [side in Side]: readonly LinkSnapshot[] },
): Promise<ReadonlyMap<string, LinkedPair & Pick<Pair, 'profileId' | 'keys'>>> {
  const { deps, scope, profile, sites } = context;
  const found = new Map<string, LinkedPair & Pick<Pair, 'profileId' | 'keys'>>();
  for (const side of sides) {
    const ids = [...new Set(links[side].map(({ target }) => target).filter((target) => /^\d+$/.test(target)))];
    if (ids.length === 0) continue;
    for (const [id, pair] of await deps.state.findPairs(scope, sites[side], side, ids)) {
      const { jira, azure } = pair.ids;
      if (pair.status !== 'paired' || jira === null || azure === null) continue;
      const other = otherSide(side);
      const here =
        pair.profileId === profile.id ||
        (await deps.state.findPair(scope, sites[other], other, pair.ids[other] ?? ''))?.id === pair.id;
      const { profileId, keys } = pair;
      if (here) found.set(`${side} ${id}`, { id: pair.id, ids: { jira, azure }, profileId, keys });
    }
  }
  return found;
}

/** A link that is gone because the linked item is hidden or deleted stays on the other side. Costs a call where links went. */
export async function provenRemovals(
  context: ProfileContext,
  operations: readonly LinkOperation[],
): Promise<readonly LinkOperation[]> {
  const there = new Set<string>();
  for (const side of sides) {
    const ids = operations.flatMap((one) =>
      one.kind === 'remove' && one.missing?.side === side ? [one.missing.id] : [],
    );
    if (ids.length === 0) continue;
    for (const [id, outcome] of await context.sides[side].reader.readMany([...new Set(ids)])) {
      if (outcome.kind === 'found') there.add(`${side} ${id}`);
    }
  }
  return operations.filter(
    (one) => one.kind === 'add' || !one.missing || there.has(`${one.missing.side} ${one.missing.id}`),
  );
}
