// Brings items that existed before the profile into pairs: pages through the ids of both sides, queues those without a
// pair, and keeps a checkpoint after each page so that it resumes where it was. Creating and pairing are reconcile's.

import { syncError } from '../sync/errors.ts';
import type { BySide, Side } from '../sync/model.ts';
import { isUndecided, planAdoption, storeAdoption } from './adoption.ts';
import { createsFrom, openProfile, type ProfileContext } from './context.ts';
import { linkExisting } from './link-existing.ts';
import type { EngineDeps, InitialSync, Scope } from './ports.ts';
import { readUnpaired, type UnpairedItem } from './unpaired.ts';

/** `again`: there are more pages. `draining`: all are queued and their jobs are under way. */
export type InitialSyncStep = 'again' | 'draining' | 'done';

/** Where the first phase starts once it is known what became of the pairs that an earlier state kept. */
const adopted = 'adopted';

/** Records a new run; the job that pages is the caller's to queue. One that is running stays as it is. */
export async function startInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<InitialSync> {
  const present = await deps.state.getInitialSync(scope, profileId);
  if (present?.status === 'running') return present;
  const sync: InitialSync = {
    profileId,
    status: 'running',
    startedAt: deps.now(),
    finishedAt: null,
    phase: 'linking',
    // A state that knows an earlier run was not lost.
    next: present === null ? null : adopted,
    seen: 0,
    queued: 0,
    done: 0,
    failed: 0,
  };
  await deps.state.putInitialSync(scope, sync);
  return sync;
}

/** Somebody had the pairs rebuilt: a run that waits for it, or the first one to come, goes on with the items that are left. */
export async function adoptionIsDone({ deps, scope, profile }: ProfileContext): Promise<void> {
  const present = await deps.state.getInitialSync(scope, profile.id);
  if (present === null) {
    const sync = await startInitialSync(deps, scope, profile.id);
    await deps.state.putInitialSync(scope, { ...sync, status: 'stopped', finishedAt: deps.now(), next: adopted });
  } else if (present.phase === 'linking') await deps.state.putInitialSync(scope, { ...present, next: adopted });
}

export async function stopInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<void> {
  const present = await deps.state.getInitialSync(scope, profileId);
  if (present?.status !== 'running') return;
  await deps.state.putInitialSync(scope, { ...present, status: 'stopped', finishedAt: deps.now() });
}

/** Queues one page and moves the checkpoint. Throws SyncFailure. */
export async function stepInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<InitialSyncStep> {
  const sync = await deps.state.getInitialSync(scope, profileId);
  if (sync?.status !== 'running') return 'done';
  const side = sync.phase;
  if (side === 'draining') return drain(deps, scope, sync);
  const context = await openProfile(deps, scope, profileId);
  if (context?.profile.status !== 'enabled') return 'done';
  if (side === 'linking') return link(context, sync);
  if (!createsFrom(context.profile, side)) return nextPhase(context, sync);
  const page = await context.sides[side].reader.inventory(sync.next ?? undefined);
  const pairs = await deps.state.findPairs(scope, context.sites[side], side, page.ids);
  const unpaired = page.ids.filter((id) => !pairs.has(id));
  await deps.queue.addItems(
    unpaired.map((itemId) => ({
      installationId: scope.installationId,
      profileId,
      side,
      itemId,
      hints: [],
      initial: true,
    })),
    { bulk: true },
  );
  const after: InitialSync = {
    ...sync,
    next: page.next ?? null,
    seen: sync.seen + unpaired.length,
    queued: sync.queued + unpaired.length,
  };
  if (page.next === undefined) return nextPhase(context, after);
  await deps.state.putInitialSync(scope, after);
  return 'again';
}

async function link(context: ProfileContext, sync: InitialSync): Promise<InitialSyncStep> {
  const { deps, scope, profile } = context;
  const since = deps.now();
  let unpaired = await readUnpaired(context);
  if (sync.next !== adopted) {
    const rest = await adoptKnown(context, unpaired);
    if (rest === null) {
      await deps.config.halt(scope, profile.id, 'stopped', syncError('state-lost'), since);
      return 'done';
    }
    unpaired = rest;
  }
  const jobs = await linkExisting(context, unpaired);
  await deps.queue.addItems(jobs, { bulk: true });
  return nextPhase(context, { ...sync, seen: sync.seen + 2 * jobs.length, queued: sync.queued + jobs.length });
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

const followingPhase = { linking: 'jira', jira: 'azure', azure: 'draining', draining: 'draining' } as const;

async function nextPhase({ deps, scope }: ProfileContext, sync: InitialSync): Promise<InitialSyncStep> {
  const following = followingPhase[sync.phase];
  const after: InitialSync = { ...sync, phase: following, next: null };
  await deps.state.putInitialSync(scope, after);
  return following === 'draining' ? drain(deps, scope, after) : 'again';
}

/** The run ends when the jobs that it queued have: they count themselves. */
async function drain(deps: EngineDeps, scope: Scope, sync: InitialSync): Promise<InitialSyncStep> {
  const current = (await deps.state.getInitialSync(scope, sync.profileId)) ?? sync;
  if (current.done + current.failed < current.queued) return 'draining';
  await deps.state.putInitialSync(scope, { ...current, status: 'done', finishedAt: deps.now() });
  return 'done';
}
