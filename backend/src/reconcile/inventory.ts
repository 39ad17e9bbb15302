// Compares the ids that each side lists with the pairs, so that a lost delete or create event is found. Proves nothing
// by itself: what is absent is queued, and reconcile reads it. A side that suddenly shows nothing stops the profile.

import { type ChangedWithin, instantsOf } from '../sync/date-range.ts';
import { syncError } from '../sync/errors.ts';
import { type Side, sides } from '../sync/model.ts';
import { createsFrom, openProfile, type ProfileContext } from './context.ts';
import { tookAll } from './initial-sync.ts';
import type { EngineDeps, InitialSync, ItemJob, Pair, Scope } from './ports.ts';

const pairsPerPage = 500;

export interface InventoryResult {
  readonly absent: number;
  readonly unpaired: number;
}

/** Throws SyncFailure. Memory holds one id per listed item. */
export async function takeInventory(deps: EngineDeps, scope: Scope, profileId: string): Promise<InventoryResult> {
  const startedAt = deps.now();
  const context = await openProfile(deps, scope, profileId);
  if (context?.profile.status !== 'enabled') return { absent: 0, unpaired: 0 };
  // Counted first: a pair that is made while the sides are listed says nothing about an empty list.
  const counts = await deps.state.countPairs(scope, profileId);
  const listed = { jira: await listedIds(context, 'jira'), azure: await listedIds(context, 'azure') };
  for (const side of sides) {
    if (listed[side].size > 0 || counts.paired === 0) continue;
    // The list comes from a search index, which may lag; an item that can be read is not gone.
    if (await canReadAny(context, side)) return { absent: 0, unpaired: 0 };
    await deps.config.halt(scope, profileId, 'stopped', syncError('storage-empty', { side }), startedAt);
    return { absent: 0, unpaired: 0 };
  }
  let absent = 0;
  const paired = { jira: new Set<string>(), azure: new Set<string>() };
  for await (const pair of pairsOf(context)) {
    for (const side of sides) {
      const id = pair.ids[side];
      if (id === null) continue;
      paired[side].add(id);
      // One that had left is listed again, or one of a pair is listed no longer.
      const returned = pair.status === 'orphaned' && pair.left?.side === side && listed[side].has(id);
      const missed = pair.status === 'paired' && !listed[side].has(id);
      if (!returned && !missed) continue;
      if (missed) absent++;
      await deps.queue.addItems([jobFor(context, side, id, pair)], { bulk: true });
    }
  }
  // What existed before the profile is the initial sync's: until one is through, an unpaired item is no lost event.
  const sync = await deps.state.getInitialSync(scope, profileId);
  const jobs: ItemJob[] = [];
  for (const side of sides) {
    if (sync === null || !createsFrom(context.profile, side)) continue;
    if (!tookAll(sync) && sync.status !== 'done') continue;
    const taken = tookAll(sync) ? listed[side] : await takenIds(context, sync, side);
    for (const id of taken) if (!paired[side].has(id)) jobs.push(jobFor(context, side, id));
  }
  await deps.queue.addItems(jobs, { bulk: true });
  return { absent, unpaired: jobs.length };
}

/** What a run with a range took, and what changed since it began: the rest waits until somebody changes it. */
async function takenIds(context: ProfileContext, sync: InitialSync, side: Side): Promise<ReadonlySet<string>> {
  const { range } = sync.options;
  const inRange = range === null ? {} : instantsOf(range, context.profile.settings.timeZone);
  const since = { from: Math.floor(sync.startedAt / minute) * minute };
  return new Set([...(await listedIds(context, side, inRange)), ...(await listedIds(context, side, since))]);
}

/** Searches may compare times to the minute. */
const minute = 60_000;

const samples = 5;

async function canReadAny(context: ProfileContext, side: Side): Promise<boolean> {
  const { pairs } = await context.deps.state.listPairs(context.scope, context.profile.id, { limit: samples });
  const ids = pairs.flatMap((pair) => pair.ids[side] ?? []);
  const read = await context.sides[side].reader.readMany(ids);
  return [...read.values()].some(({ kind }) => kind === 'found');
}

async function listedIds(context: ProfileContext, side: Side, within?: ChangedWithin): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let next: string | undefined;
  do {
    const page = await context.sides[side].reader.inventory(next, within);
    for (const id of page.ids) ids.add(id);
    next = page.next;
  } while (next !== undefined);
  return ids;
}

async function* pairsOf(context: ProfileContext): AsyncGenerator<Pair> {
  let after: string | undefined;
  do {
    const page = await context.deps.state.listPairs(context.scope, context.profile.id, {
      limit: pairsPerPage,
      ...(after === undefined ? {} : { after }),
    });
    yield* page.pairs;
    after = page.next;
  } while (after !== undefined);
}

const jobFor = (context: ProfileContext, side: Side, itemId: string, pair?: Pair): ItemJob => ({
  installationId: context.scope.installationId,
  profileId: context.profile.id,
  ...(pair ? { pairId: pair.id } : {}),
  side,
  itemId,
  hints: [{ side, itemId, aspect: 'any', by: 'inventory' }],
});
