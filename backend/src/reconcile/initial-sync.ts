// What a person does with the initial sync of a profile: start, pause, resume, stop. It brings items that existed before the
// profile into pairs; how it goes through them is step-initial-sync.ts.

import type { ProfileContext } from './context.ts';
import { paceFrom } from './initial-sync-pace.ts';
import type { EngineDeps, InitialSync, InitialSyncOptions, Scope } from './ports.ts';

/** Where the first phase starts once it is known what became of the pairs that an earlier state kept. */
export const adopted = 'adopted';

/** What a run takes when nothing else is asked for. */
export const everythingUnpaired: InitialSyncOptions = { mode: 'unpaired', linkBy: null, range: null };

export const isUnderWay = ({ status }: Pick<InitialSync, 'status'>): boolean =>
  status === 'running' || status === 'paused';

export function sameOptions(a: InitialSyncOptions, b: InitialSyncOptions): boolean {
  const parts = ({ mode, linkBy, range }: InitialSyncOptions) =>
    JSON.stringify([mode, linkBy?.jira, linkBy?.azure, range?.from, range?.to]);
  return parts(a) === parts(b);
}

/** Whether every item that there was went through a run: one without a pair is new since then, or was lost. */
export const tookAll = (sync: InitialSync | null): boolean =>
  sync !== null && (sync.tookAllBefore || (sync.status === 'done' && sync.options.range === null));

/** Records a new run; the job that pages is the caller's to queue. One that is under way stays as it is. */
export async function startInitialSync(
  deps: EngineDeps,
  scope: Scope,
  profileId: string,
  options: InitialSyncOptions = everythingUnpaired,
): Promise<InitialSync> {
  const present = await deps.state.getInitialSync(scope, profileId);
  if (present && isUnderWay(present)) return present;
  // What an earlier run left waiting when it was stopped is none of this one's: it may take other items.
  if (present) await deps.queue.withdrawInitial(scope, profileId);
  const sync = newSync(deps.now(), profileId, options);
  // A state that knows an earlier run was not lost.
  const started = present === null ? sync : { ...sync, next: adopted, tookAllBefore: tookAll(present) };
  await deps.state.putInitialSync(scope, started);
  return started;
}

const newSync = (startedAt: number, profileId: string, options: InitialSyncOptions): InitialSync => ({
  profileId,
  options,
  status: 'running',
  tookAllBefore: false,
  startedAt,
  finishedAt: null,
  phase: 'linking',
  next: null,
  seen: 0,
  queued: 0,
  done: 0,
  failed: 0,
  linked: 0,
  ambiguous: 0,
  samples: paceFrom(startedAt, 0),
});

/** Somebody had the pairs rebuilt: a run that waits for it, or the first one to come, goes on with the items that are left. */
export async function adoptionIsDone({ deps, scope, profile }: ProfileContext): Promise<void> {
  const present = await deps.state.getInitialSync(scope, profile.id);
  if (present === null) {
    const now = deps.now();
    const sync = newSync(now, profile.id, everythingUnpaired);
    await deps.state.putInitialSync(scope, { ...sync, status: 'stopped', finishedAt: now, next: adopted });
  } else if (present.phase === 'linking') await deps.state.patchInitialSync(scope, present, { next: adopted });
}

/**
 * No more pages are read, and items that wait are left waiting: initial-sync-hold.ts. What is in hand is finished, and people's
 * edits travel on. False when none is running.
 */
export async function pauseInitialSync({ state }: EngineDeps, scope: Scope, profileId: string): Promise<boolean> {
  const present = await state.getInitialSync(scope, profileId);
  return present !== null && state.patchInitialSync(scope, present, { status: 'paused' }, ['running']);
}

/** From where it was; the job that pages is the caller's to queue. False when none is paused. */
export async function resumeInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<boolean> {
  const present = await deps.state.getInitialSync(scope, profileId);
  if (present === null) return false;
  // The time that it was paused says nothing of its rate.
  const samples = paceFrom(deps.now(), present.done + present.failed);
  if (!(await deps.state.patchInitialSync(scope, present, { status: 'running', samples }, ['paused']))) return false;
  await deps.queue.wake(scope, profileId);
  return true;
}

/** What is paired stays; items that wait are left without a pair. */
export async function stopInitialSync(deps: EngineDeps, scope: Scope, profileId: string): Promise<void> {
  const { state, queue, now } = deps;
  const present = await state.getInitialSync(scope, profileId);
  if (present === null) return;
  const stopped = { status: 'stopped', finishedAt: now() } as const;
  // Those that wait for the end of a pause end now.
  if (await state.patchInitialSync(scope, present, stopped, ['running', 'paused'])) await queue.wake(scope, profileId);
}
