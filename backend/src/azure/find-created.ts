// Looks for the work item that a create request made whose answer was lost. First by search, which lags; then at the ids that
// followed, straight from the store.

import type { CreateIntent } from '../reconcile/ports.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import type { AzureClient } from './client.ts';
import { batchSize, fetchItems, queryIds } from './queries.ts';
import { type SnapshotContext, toSnapshot } from './snapshot.ts';
import { quote, selectIds } from './wiql.ts';

export interface FindOptions {
  readonly client: AzureClient;
  readonly context: SnapshotContext;
  readonly project: string;
  /** The id of our account as `createdBy` names it. */
  readonly accountId: string;
}

/** How far the service's clock and ours may differ, in ms. */
const clockSkewMs = 10 * 60 * 1000;
/** A whole window of ids that can't be read is the end. */
const windowSize = batchSize;

/** Only an item that our own account created counts: a person's copy carries the marker along. */
export async function findCreated(options: FindOptions, intent: CreateIntent): Promise<ItemSnapshot | null> {
  const start = Number(intent.highestKnown ?? Number.NaN);
  const bySearch = await search(options, intent, start);
  if (bySearch !== null) return bySearch;
  return lookAfter(options, intent, Number.isFinite(start) ? start : await newestBefore(options, intent));
}

async function search(options: FindOptions, intent: CreateIntent, start: number): Promise<ItemSnapshot | null> {
  const since = new Date(intent.at - clockSkewMs).toISOString();
  const wiql = selectIds([
    `[System.TeamProject] = ${quote(options.project)}`,
    '[System.CreatedBy] = @Me',
    `[System.CreatedDate] >= ${quote(since)}`,
    Number.isFinite(start) ? `[System.Id] > ${start}` : undefined,
  ]);
  const ids = await queryIds(options.client, options.project, wiql, 10_000, true);
  for (let from = 0; from < ids.length; from += batchSize) {
    const found = await match(options, intent, ids.slice(from, from + batchSize));
    if (found.item !== null) return found.item;
  }
  return null;
}

/** Ids are given out in order over the whole organization: those after `start` are looked at until a window has nothing. */
async function lookAfter(options: FindOptions, intent: CreateIntent, start: number): Promise<ItemSnapshot | null> {
  for (let from = start + 1; ; from += windowSize) {
    const ids = Array.from({ length: windowSize }, (_, index) => from + index);
    const found = await match(options, intent, ids);
    if (found.item !== null) return found.item;
    if (found.seen === 0) return null;
  }
}

/** The newest item from before the intent: where to start when no id was known. */
async function newestBefore(options: FindOptions, intent: CreateIntent): Promise<number> {
  const before = new Date(intent.at - clockSkewMs).toISOString();
  const ids = await queryIds(
    options.client,
    undefined,
    selectIds([`[System.CreatedDate] < ${quote(before)}`], 'DESC'),
    1,
    true,
  );
  return ids[0] ?? 0;
}

async function match(options: FindOptions, intent: CreateIntent, ids: readonly number[]) {
  const items = await fetchItems(options.client, ids);
  for (const wire of items) {
    const item = toSnapshot(wire, options.context);
    if (item.marker?.token === intent.token && item.createdBy?.id === options.accountId)
      return { item, seen: items.length };
  }
  return { item: null, seen: items.length };
}
