// Brings the comments and attachments of a leased pair across, kind by kind.

import type { BySide, ItemSnapshot } from '../sync/model.ts';
import type { ChildrenResult } from './child-stage.ts';
import type { ProfileContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import { syncAttachments } from './sync-attachments.ts';
import { syncComments } from './sync-comments.ts';

/** Throws SyncFailure for what concerns the whole connection; what concerns one child becomes a complaint. */
export async function syncChildren(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
  /** What became of the attachments, if they were brought across before. */
  attachments?: ChildrenResult,
): Promise<ChildrenResult> {
  // Files first: comments show them.
  const files = attachments ?? (await syncAttachments(context, leased, read));
  const results = [files, await syncComments(context, leased, read)];
  const waits = results.flatMap(({ again }) => (again === null ? [] : [again]));
  return {
    complaints: results.flatMap(({ complaints }) => complaints),
    again: waits.length > 0 ? Math.min(...waits) : null,
    judged: results.flatMap(({ judged }) => judged),
    operations: results.flatMap(({ operations = [] }) => operations),
    answers: results.flatMap(({ answers = [] }) => answers),
  };
}
