// What one run did, counted as it happens: for the progress line and the report.

import type { CallRecord } from '../http/transport.ts';
import type { Step } from '../reconcile/steps.ts';
import type { Side } from '../sync/model.ts';

export interface Tally {
  readonly did: Record<'created' | 'updated' | 'transitions' | 'comments' | 'attachments', number>;
  readonly calls: Record<Side, number>;
}

export const newTally = (): Tally => ({
  did: { created: 0, updated: 0, transitions: 0, comments: 0, attachments: 0 },
  calls: { jira: 0, azure: 0 },
});

const counted: Partial<Readonly<Record<Step, keyof Tally['did']>>> = {
  'pair-completed': 'created',
  'fields-written': 'updated',
  'transition-done': 'transitions',
  'comment-written': 'comments',
  'attachment-written': 'attachments',
};

export function countStep({ did }: Tally, step: Step): void {
  const kind = counted[step];
  if (kind) did[kind] += 1;
}

export function countCall({ calls }: Tally, { side }: CallRecord): void {
  calls[side] += 1;
}

export const snapshot = ({ did }: Tally): Tally['did'] => ({ ...did });

export const writesSince = ({ did }: Tally, before: Tally['did']): string =>
  (Object.keys(did) as (keyof Tally['did'])[])
    .filter((kind) => did[kind] > before[kind])
    .map((kind) => `${did[kind] - before[kind]} ${kind}`)
    .join(', ');

export const progressLine = (words: string, { did, calls }: Tally, left: number): string =>
  `${words}: ${left} to go, ${did.created} created, ${did.updated} updated, ${calls.jira + calls.azure} calls`;
