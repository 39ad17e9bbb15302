// Items that an initial sync queued and that wait when it is paused or stopped: they go on waiting, or are left alone. An item
// that somebody edits meanwhile, or asks for, is no longer only the initial sync's, and runs.

import type { EngineDeps, InitialSync, ItemJob } from './ports.ts';

/** How soon a waiting job looks again, in ms, should nobody wake it. */
const pausedLookMs = 10 * 60_000;
/** A run is asked after so seldom, in ms, however many of its items come: a pause may take as long to be noticed. */
const knownMs = 1_000;

type Status = InitialSync['status'] | undefined;

/** Only of runs that are under way. */
const lately = new WeakMap<EngineDeps, Map<string, { readonly status: Status; readonly at: number }>>();

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
  return { requeueIn: pausedLookMs, isOver: async () => (await ask(deps, job)) !== 'paused' };
}

const nameOf = ({ installationId, profileId }: ItemJob) => `${installationId} ${profileId}`;

async function statusOf(deps: EngineDeps, job: ItemJob): Promise<Status> {
  const known = lately.get(deps)?.get(nameOf(job));
  return known && deps.now() - known.at < knownMs ? known.status : ask(deps, job);
}

async function ask(deps: EngineDeps, job: ItemJob): Promise<Status> {
  const { installationId, profileId } = job;
  const status = (await deps.state.getInitialSync({ installationId }, profileId))?.status;
  const all = lately.get(deps) ?? new Map();
  lately.set(deps, all);
  // The items of one that begins after a stop must not be left with those of the one before.
  if (status === 'running' || status === 'paused') all.set(nameOf(job), { status, at: deps.now() });
  else all.delete(nameOf(job));
  return status;
}
