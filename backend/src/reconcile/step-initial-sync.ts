// An initial sync, page by page: pairs what exists on both sides, then queues what it takes of the pairs and of the items
// without one, and keeps a checkpoint after each page so that it resumes where it was. Creating and pairing are reconcile's.

import { type ChangedWithin, instantsOf, isWithin } from '../sync/date-range.ts';
import { syncError } from '../sync/errors.ts';
import { type BySide, type Side, sides } from '../sync/model.ts';
import { isUndecided, planAdoption, storeAdoption } from './adoption.ts';
import { heldByValue, tellAmbiguous } from './ambiguous-links.ts';
import { createsFrom, openProfile, type ProfileContext } from './context.ts';
import { adopted } from './initial-sync.ts';
import { sampled } from './initial-sync-pace.ts';
import { linkExisting } from './link-existing.ts';
import type { EngineDeps, InitialSync, InitialSyncPatch, ItemJob, Pair, Scope } from './ports.ts';
import { readUnpaired, type UnpairedItem } from './unpaired.ts';

/**
 * `again`: there are more pages. `draining`: all are queued and their jobs are under way. `waiting`: the profile does not run,
 * and the sync goes on with it.
 */
export type InitialSyncStep = 'again' | 'draining' | 'waiting' | 'done';

const pairsPerPage = 500;

/** Queues one page and moves the checkpoint. Throws SyncFailure. */
export async function stepInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<InitialSyncStep> {
  const sync = await deps.state.getInitialSync(scope, profileId);
  if (sync?.status !== 'running') return 'done';
  if (sync.phase === 'draining') return drain(deps, scope, sync);
  const context = await openProfile(deps, scope, profileId);
  if (!context) return 'done';
  if (context.profile.status !== 'enabled') return 'waiting';
  switch (sync.phase) {
    case 'linking':
      return link(context, sync);
    case 'pairs':
      return sync.options.mode === 're-sync' ? queuePairs(context, sync) : nextPhase(context, sync);
    case 'jira':
    case 'azure':
      return createsFrom(context.profile, sync.phase)
        ? queueItems(context, sync, sync.phase)
        : nextPhase(context, sync);
    default: {
      const never: never = sync.phase;
      return never;
    }
  }
}

const withinOf = ({ profile }: ProfileContext, { options }: InitialSync): ChangedWithin | undefined =>
  options.range === null ? undefined : instantsOf(options.range, profile.settings.timeZone);

async function link(context: ProfileContext, sync: InitialSync): Promise<InitialSyncStep> {
  const { deps, scope, profile } = context;
  const since = deps.now();
  const { linkBy } = sync.options;
  let unpaired = await readUnpaired(context, { linkBy });
  if (sync.next !== adopted) {
    const rest = await adoptKnown(context, unpaired);
    if (rest === null) {
      await deps.config.halt(scope, profile.id, 'stopped', syncError('state-lost'), since);
      return 'done';
    }
    unpaired = rest;
  }
  const { jobs, ambiguous } = await linkExisting(context, unpaired, { linkBy, within: withinOf(context, sync) });
  await tellAmbiguous(context, ambiguous, linkBy);
  await deps.queue.addItems(jobs, { bulk: true });
  return nextPhase(context, sync, {
    seen: sync.seen + 2 * jobs.length,
    queued: sync.queued + jobs.length,
    linked: jobs.length,
    ambiguous: ambiguous.length,
  });
}

/**
 * Items that this installation made for the profile before are paired again; the others are returned. Null when counterparts
 * may be among them that only a person can tell: created from as they are, each would be made twice.
 */
async function adoptKnown(
  context: ProfileContext,
  unpaired: BySide<readonly UnpairedItem[]>,
): Promise<BySide<readonly UnpairedItem[]> | null> {
  const options = { keyLost: false };
  const plan = await planAdoption(context, unpaired, options);
  await storeAdoption(context, plan, options);
  if (isUndecided(plan)) return null;
  const paired = new Set(plan.pairs.flatMap(({ created, source }) => [created, source].map(nameOf)));
  const rest = (side: Side) => unpaired[side].filter((item) => !paired.has(nameOf(item)));
  return { jira: rest('jira'), azure: rest('azure') };
}

const nameOf = ({ side, id }: Pick<UnpairedItem, 'side' | 'id'>) => `${side} ${id}`;

async function queuePairs(context: ProfileContext, sync: InitialSync): Promise<InitialSyncStep> {
  const { deps, scope, profile } = context;
  const page = await deps.state.listPairs(scope, profile.id, {
    limit: pairsPerPage,
    ...(sync.next === null ? {} : { after: sync.next }),
  });
  const within = withinOf(context, sync);
  const pairs = within === undefined ? page.pairs : await changedWithin(context, page.pairs, within);
  const jobs = pairs.flatMap((pair): ItemJob[] => {
    const side = sides.find((one) => pair.ids[one] !== null);
    const itemId = side === undefined ? null : pair.ids[side];
    if (side === undefined || itemId === null) return [];
    return [{ ...scope, profileId: profile.id, pairId: pair.id, side, itemId, hints: [], initial: true }];
  });
  return queuePage(context, sync, jobs, page.next);
}

/** Those of which one item at least changed last in that time, as both sites tell now. */
async function changedWithin(
  { sides: ports }: ProfileContext,
  pairs: readonly Pair[],
  within: ChangedWithin,
): Promise<readonly Pair[]> {
  const changed = async (side: Side): Promise<ReadonlySet<string>> => {
    const read = await ports[side].reader.readMany(pairs.flatMap(({ ids }) => ids[side] ?? []));
    const found = [...read.values()].flatMap((outcome) => (outcome.kind === 'found' ? [outcome.item] : []));
    return new Set(found.filter(({ updatedAt }) => isWithin(within, updatedAt)).map(({ id }) => id));
  };
  const [jira, azure] = await Promise.all([changed('jira'), changed('azure')]);
  return pairs.filter(({ ids }) => jira.has(ids.jira ?? '') || azure.has(ids.azure ?? ''));
}

async function queueItems(context: ProfileContext, sync: InitialSync, side: Side): Promise<InitialSyncStep> {
  const { deps, scope, profile } = context;
  const page = await context.sides[side].reader.inventory(sync.next ?? undefined, withinOf(context, sync));
  const pairs = await deps.state.findPairs(scope, context.sites[side], side, page.ids);
  const held = sync.ambiguous === 0 ? null : await heldByValue(context, side);
  const unpaired = page.ids.filter((id) => !pairs.has(id) && !held?.has(id));
  const jobs = unpaired.map(
    (itemId): ItemJob => ({ ...scope, profileId: profile.id, side, itemId, hints: [], initial: true }),
  );
  return queuePage(context, sync, jobs, page.next);
}

async function queuePage(
  context: ProfileContext,
  sync: InitialSync,
  jobs: readonly ItemJob[],
  next: string | undefined,
): Promise<InitialSyncStep> {
  const { deps, scope } = context;
  await deps.queue.addItems(jobs, { bulk: true });
  const counts = { seen: sync.seen + jobs.length, queued: sync.queued + jobs.length };
  if (next === undefined) return nextPhase(context, sync, counts);
  await deps.state.patchInitialSync(scope, sync, { ...counts, next, ...paceNow(deps, sync) });
  return 'again';
}

const followingPhase = {
  linking: 'pairs',
  pairs: 'jira',
  jira: 'azure',
  azure: 'draining',
  draining: 'draining',
} as const satisfies Record<InitialSync['phase'], InitialSync['phase']>;

/** One that was paused or stopped meanwhile stays so: the next step finds it. */
async function nextPhase(
  { deps, scope }: ProfileContext,
  sync: InitialSync,
  counts: InitialSyncPatch = {},
): Promise<InitialSyncStep> {
  const phase = followingPhase[sync.phase];
  await deps.state.patchInitialSync(scope, sync, { ...counts, phase, next: null, ...paceNow(deps, sync) });
  return 'again';
}

/** The run ends when the jobs that it queued have: they count themselves. */
async function drain(deps: EngineDeps, scope: Scope, sync: InitialSync): Promise<InitialSyncStep> {
  if (sync.done + sync.failed < sync.queued) {
    const pace = paceNow(deps, sync);
    if (pace.samples) await deps.state.patchInitialSync(scope, sync, pace);
    return 'draining';
  }
  const ended = { status: 'done', finishedAt: deps.now() } as const;
  return (await deps.state.patchInitialSync(scope, sync, ended, ['running'])) ? 'done' : 'again';
}

function paceNow({ now }: EngineDeps, sync: InitialSync): Pick<InitialSyncPatch, 'samples'> {
  const samples = sampled(sync, now());
  return samples === null ? {} : { samples };
}
