// Brings items that existed before the profile into pairs: pages through the ids of both sides, queues those without a
// pair, and keeps a checkpoint after each page so that it resumes where it was. Creating and pairing are reconcile's.

import { createsFrom, openProfile, type ProfileContext } from './context.ts';
import { linkExisting } from './link-existing.ts';
import type { EngineDeps, InitialSync, Scope } from './ports.ts';

/** `again`: there are more pages. `draining`: all are queued and their jobs are under way. */
export type InitialSyncStep = 'again' | 'draining' | 'done';

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
    next: null,
    seen: 0,
    queued: 0,
    done: 0,
    failed: 0,
  };
  await deps.state.putInitialSync(scope, sync);
  return sync;
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
  const jobs = await linkExisting(context);
  await context.deps.queue.addItems(jobs, { bulk: true });
  return nextPhase(context, { ...sync, seen: sync.seen + 2 * jobs.length, queued: sync.queued + jobs.length });
}

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
