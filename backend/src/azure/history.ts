// A work item's updates as the changes of its fields.

import type { HistoryEntry } from '../sync/model.ts';
import type { AzureClient } from './client.ts';
import { decodeField, userOf, utc } from './fields.ts';
import type { AzureSchema } from './schema.ts';
import { updatesOf } from './updates.ts';

/** What the service keeps for itself in every revision: no change that a person made. */
const bookkeeping: ReadonlySet<string> = new Set([
  'System.Id',
  'System.Rev',
  'System.ChangedDate',
  'System.ChangedBy',
  'System.AuthorizedDate',
  'System.AuthorizedAs',
  'System.RevisedDate',
  'System.PersonId',
  'System.Watermark',
  'System.CommentCount',
  'System.History',
]);

/** Changes with a `rev` above `afterSeq`, oldest first. */
export async function readHistory(
  client: AzureClient,
  schema: AzureSchema,
  project: string,
  id: string,
  afterSeq: number,
): Promise<readonly HistoryEntry[]> {
  const entries: HistoryEntry[] = [];
  // Every revision has at least one update, so the first `afterSeq` updates are all of revisions up to it.
  for await (const update of updatesOf(client, project, id, Math.max(0, afterSeq))) {
    if (update.rev <= afterSeq || !update.fields) continue;
    // `revisedDate` is when the revision ended: the year 9999 on the newest.
    const at =
      Date.parse(utc(update.fields['System.ChangedDate']?.newValue) ?? '') || Date.parse(update.revisedDate ?? '');
    const byId = update.revisedBy ? (userOf(update.revisedBy)?.id ?? '') : '';
    for (const [field, change] of Object.entries(update.fields)) {
      if (bookkeeping.has(field)) continue;
      const shape = schema.field(field);
      entries.push({
        field,
        seq: update.rev,
        at: Number.isNaN(at) ? 0 : at,
        byId,
        from: decodeField(shape, change.oldValue),
        to: decodeField(shape, change.newValue),
      });
    }
  }
  return entries;
}
