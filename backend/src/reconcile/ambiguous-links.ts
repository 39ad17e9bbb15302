// Items that an initial sync can't link by a field, since several of one side hold the value: each would be made a second time
// if it got a counterpart of its own. They are told as errors and left alone until a person decides.

import { syncError } from '../sync/errors.ts';
import type { LinkFields } from '../sync/link-fields.ts';
import type { Side } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import { putItemErrors } from './keep-error.ts';
import type { ItemJob } from './ports.ts';
import type { UnpairedItem } from './unpaired.ts';

const code = 'ambiguous-link';

/** What an earlier run told and this one did not find again is over. */
export async function tellAmbiguous(
  context: ProfileContext,
  items: readonly UnpairedItem[],
  linkBy: LinkFields | null,
): Promise<void> {
  const { deps, scope, profile } = context;
  const told = await deps.state.listItemErrors(scope, profile.id);
  for (const { side, itemId, record } of told) {
    if (record.error.code === code) await deps.state.clearItemError(scope, profile.id, side, itemId);
  }
  if (linkBy === null) return;
  for (const item of items) {
    await putItemErrors(context, item, [syncError(code, { side: item.side, field: linkBy[item.side] })]);
  }
}

/** Ids of the side's items that wait for a person. */
export async function heldByValue({ deps, scope, profile }: ProfileContext, side: Side): Promise<ReadonlySet<string>> {
  const told = await deps.state.listItemErrors(scope, profile.id);
  return new Set(
    told.filter((entry) => entry.side === side && entry.record.error.code === code).map(({ itemId }) => itemId),
  );
}

/** Whether what the job tells of the item is to be left: a person who asks to try again wants it to have a counterpart. */
export async function isHeldByValue({ deps, scope, profile }: ProfileContext, job: ItemJob): Promise<boolean> {
  if (job.hints.length === 0) return false;
  const told = await deps.state.listItemErrors(scope, profile.id, job);
  return told.some(({ record }) => record.error.code === code);
}
