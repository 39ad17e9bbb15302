// How a run ends: what the queue is told, and how errors and retries are kept on the pair. No I/O.

import { type SyncError, syncError } from '../sync/errors.ts';
import type { ErrorRecord, RetryState, Timing } from './ports.ts';

/** `again` puts the job back without using an attempt of the queue. */
export type JobResult = ({ readonly kind: 'done' } | { readonly kind: 'again'; readonly at: number }) & {
  /** The item has an error that an admin sees: an initial sync counts it as failed and waits for it no longer. */
  readonly failed?: boolean;
  /** The profile does not run: the job waits until it is resumed. */
  readonly parked?: true;
};

export const done: JobResult = { kind: 'done' };

/** How soon a job of a profile that does not run looks again, in ms, should nobody wake it. */
const pausedLookMs = 60 * 1000;

export const parked = (now: number): JobResult => ({ kind: 'again', at: now + pausedLookMs, parked: true });

/** Doubles from the base to the maximum; a wait that the service asked for is honoured when longer. */
export function nextRetry(previous: RetryState | null, error: SyncError, now: number, timing: Timing): RetryState {
  const attempts = (previous?.attempts ?? 0) + 1;
  const grown = Math.min(timing.retryMaxMs, timing.retryBaseMs * 2 ** Math.min(attempts - 1, 20));
  return { attempts, dueAt: now + Math.max(grown, error.retryAfterMs ?? 0) };
}

/** An initial sync counts an item as failed after so many tries; it is tried on all the same. */
export const triesThatFail = 3;

export const retryResult = ({ attempts, dueAt }: RetryState): JobResult => ({
  kind: 'again',
  at: dueAt,
  ...(attempts < triesThatFail ? {} : { failed: true }),
});

export interface Complaint {
  readonly subject?: string;
  readonly error: SyncError;
}

const identity = (subject: string | undefined, error: SyncError) =>
  subject !== undefined || error.field === undefined
    ? `${subject ?? 'item'}:${error.code}`
    : `item:${error.code}:${error.field}`;

/**
 * What the records become after a run: an error that came again keeps its first time and its Ignore, one that did
 * not is gone. `kept` tells records that this run could not judge.
 */
export function mergeErrors(
  present: readonly ErrorRecord[],
  complaints: readonly Complaint[],
  now: number,
  kept: (record: ErrorRecord) => boolean = () => false,
): readonly ErrorRecord[] {
  const known = new Map(present.map((record) => [record.id, record]));
  const raised = new Map<string, ErrorRecord>();
  for (const { subject, error } of complaints) {
    const id = identity(subject, error);
    const before = known.get(id);
    raised.set(id, {
      id,
      error,
      ...(subject === undefined ? {} : { subject }),
      firstAt: before?.firstAt ?? now,
      lastAt: now,
      count: (before?.count ?? 0) + 1,
      ignored: before?.ignored ?? false,
      ...(before?.ignoredFor === undefined ? {} : { ignoredFor: before.ignoredFor }),
    });
  }
  return [...present.filter((record) => !raised.has(record.id) && kept(record)), ...raised.values()];
}

/** An exception that is no SyncFailure, as an error for the admin; its text stays in the log. */
export const internalError = (): SyncError => syncError('internal');
