// What every store refuses of a patch.

import type { PairPatch } from '../reconcile/ports.ts';

/** Ids are claimed: only completePair changes them. */
export function refuseIds(patch: PairPatch): void {
  if (patch.ids) throw new TypeError('only completePair may change the ids of a pair: they are claimed');
}
