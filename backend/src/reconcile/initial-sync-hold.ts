// Items that an initial sync queued and that wait when it is paused or stopped: they go on waiting, or are left alone. An item
// that somebody edits meanwhile is no longer only the initial sync's, and runs.

import type { EngineDeps, InitialSync, ItemJob } from './ports.ts';

/** How soon a waiting job looks again, in ms, should nobody wake it. */
const pausedLookMs = 60_000;
/** A run is asked after so seldom, in ms, while it goes on: a pause may take as long to be noticed. */
const runningKnownMs = 1_000;

const lastRunning = new WeakMap<EngineDeps, Map<string, number>>();

export interface Wait {
  /** In ms. */
  readonly requeueIn: number;
  /** Who resumes the run wakes the jobs that wait; one may only now be about to. */
  readonly isOver: () => Promise<boolean>;
}

/** How the job ends without having been done; null when it is to be done. Nothing is counted. */
export async function holdOf(deps: EngineDeps, job: ItemJob): Promise<Wait | 'leave' | null> {
  if (!job.initial || job.hints.length > 0) return null;
  const status = await statusOf(deps, job);
  if (status === 'stopped') return 'leave';
  if (status !== 'paused') return null;
  return { requeueIn: pausedLookMs, isOver: async () => (await statusOf(deps, job)) !== 'paused' };
}

async function statusOf(
  deps: EngineDeps,
  { installationId, profileId }: ItemJob,
): Promise<InitialSync['status'] | undefined> {
  const known = lastRunning.get(deps) ?? new Map<string, number>();
  lastRunning.set(deps, known);
  const name = `${installationId} ${profileId}`;
  if (deps.now() - (known.get(name) ?? 0) < runningKnownMs) return 'running';
  const status = (await deps.state.getInitialSync({ installationId }, profileId))?.status;
  if (status === 'running') known.set(name, deps.now());
  else known.delete(name);
  return status;
}
