// Deletes an item: in Azure DevOps into the recycle bin, in Jira for good. Whether it may is the caller's to know.

import { type SyncError, SyncFailure } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import { concernsMore } from './keep-error.ts';

/** Null when it is gone; else why it may not be deleted, a lacking permission too. Throws SyncFailure. */
export async function removeItem(context: ProfileContext, item: ItemSnapshot): Promise<SyncError | null> {
  try {
    return await context.sides[item.side].writer.remove(item);
  } catch (thrown) {
    if (!(thrown instanceof SyncFailure) || thrown.error.code !== 'forbidden' || concernsMore(thrown.error))
      throw thrown;
    return thrown.error;
  }
}
