// Brings items that existed before the profile into pairs: pages through the ids of both sides, queues those without a
// pair, and keeps a checkpoint after each page so that it resumes where it was. Creating and pairing are reconcile's.

import { sides } from '../sync/model.ts';
import { createsFrom, openProfile, type ProfileContext } from './context.ts';
import type { EngineDeps, InitialSync, Scope } from './ports.ts';

export type InitialSyncStep = 'again' | 'done';

/** Records a new run; the job that pages is the caller's to queue. One that is running stays as it is. */
export async function startInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<InitialSync> {
  const present = await deps.state.getInitialSync(scope, profileId);
  if (present?.status === 'running') return present;
  const sync: InitialSync = {
    profileId,
    status: 'running',
    startedAt: deps.now(),
    finishedAt: null,
    phase: 'jira',
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

/** Queues one page and moves the checkpoint. `again` asks for the next step. Throws SyncFailure. */
export async function stepInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<InitialSyncStep> {
  const sync = await deps.state.getInitialSync(scope, profileId);
  if (sync?.status !== 'running') return 'done';
  const context = await openProfile(deps, scope, profileId);
  if (context?.profile.status !== 'enabled') return 'done';
  if (!createsFrom(context.profile, sync.phase)) return nextPhase(context, sync);
  const page = await context.sides[sync.phase].reader.inventory(sync.next ?? undefined);
  const pairs = await deps.state.findPairs(scope, context.sites[sync.phase], sync.phase, page.ids);
  const unpaired = page.ids.filter((id) => !pairs.has(id));
  await deps.queue.addItems(
    unpaired.map((itemId) => ({
      installationId: scope.installationId,
      profileId,
      side: sync.phase,
      itemId,
      hints: [],
      initial: true,
    })),
    { bulk: true },
  );
  const after: InitialSync = {
    ...sync,
    next: page.next ?? null,
    seen: sync.seen + page.ids.length,
    queued: sync.queued + unpaired.length,
  };
  if (page.next === undefined) return nextPhase(context, after);
  await save(context, after);
  return 'again';
}

/** All pages are queued when the last side is through; the run ends when its jobs have. */
async function nextPhase(context: ProfileContext, sync: InitialSync): Promise<InitialSyncStep> {
  const following = sides[sides.indexOf(sync.phase) + 1];
  if (following !== undefined) {
    await save(context, { ...sync, phase: following, next: null });
    return 'again';
  }
  const current = await context.deps.state.getInitialSync(context.scope, sync.profileId);
  const { done, failed } = current ?? sync;
  const ended = done + failed >= sync.queued;
  await save(context, ended ? { ...sync, status: 'done', finishedAt: context.deps.now() } : sync);
  return ended ? 'done' : 'again';
}

/** Only the checkpoint's own columns: the counters are added to by the jobs at the same time. */
const save = (context: ProfileContext, sync: InitialSync) => context.deps.state.putInitialSync(context.scope, sync);
