// The tasks that the queue knows, what each is given and what it may answer. Their work is done by handlers that are
// passed in; nothing of the queue's own library shows here.

import { z } from 'zod';
import type { ItemJob } from '../reconcile/ports.ts';

/** What a task that is not about one item works on. */
export const taskTargetSchema = z.strictObject({
  installationId: z.string(),
  profileId: z.string().optional(),
  connectionId: z.string().optional(),
});
export type TaskTarget = z.infer<typeof taskTargetSchema>;

/** For tasks that are about no installation in particular. */
export const everywhere: TaskTarget = { installationId: '' };

export const targetTasks = [
  'scan-profile',
  'initial-sync',
  'inventory',
  'adopt',
  'adopt-without-key',
  'sweep',
  'probe',
  'register-hooks',
  'refresh-catalogs',
  'purge',
  'erase-expired',
  'rewrap-keys',
  'send-notices',
] as const;
export type TargetTask = (typeof targetTasks)[number];

/**
 * How a run ended. `requeueIn` (ms): it could not start, no attempt is counted (a lease that another has, a blocked
 * connection, a shutdown). `retryAt`: it ran and wants to run again then.
 */
export type TaskOutcome =
  | 'done'
  | {
      readonly requeueIn: number;
      /** The initial sync that the item is a part of counted it already. */
      readonly counted?: boolean;
      /** The profile does not run. Should it be resumed before the item is back in the queue, it runs at once. */
      readonly parked?: boolean;
      /** Asked once it is back in the queue: whether what it waits for came meanwhile, so that it is to run at once. */
      readonly isOver?: () => Promise<boolean>;
    }
  | { readonly retryAt: Date };

export interface TaskContext {
  /** Aborted when the process is asked to stop: end between two steps and answer `{ requeueIn: 0 }`. */
  readonly signal: AbortSignal;
  /** Runs that ended with an unexpected error before this one. */
  readonly attempts: number;
  /** How many jobs of an initial sync merged into this run: what it counts there. */
  readonly initialJobs: number;
  /** Somebody asked for the item meanwhile: it no longer comes after all others, as an initial sync's do. */
  readonly lifted?: boolean;
}

export type ItemHandler = (job: ItemJob, context: TaskContext) => Promise<TaskOutcome>;
export type TargetHandler = (target: TaskTarget, context: TaskContext) => Promise<TaskOutcome>;

export type TaskHandlers = { readonly 'reconcile-item': ItemHandler } & {
  readonly [task in TargetTask]: TargetHandler;
};

/** Lower runs first. Live edits come before the items of an initial sync. */
export const priorities = { live: 0, task: 5, bulk: 20 } as const;
