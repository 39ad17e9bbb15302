// Counts one call to a service for its installation: how it ended, how long it took, what it moved and what it cost. Which
// item it was about is nowhere.

import type { CallRecord } from './http/transport.ts';
import type { Scope } from './reconcile/ports.ts';
import type { Metrics } from './telemetry/metrics.ts';

/**
 * An estimate of what Jira charges an app: one point a request, and for a read one more for each thing that it answers
 * (https://developer.atlassian.com/cloud/jira/platform/rate-limiting/).
 */
export const pointsOf = ({ method, objects }: Pick<CallRecord, 'method' | 'objects'>): number =>
  method === 'GET' ? 1 + objects : 1;

/** Whose page a call was made for, with the token of the person at it: routes/caller.ts names such connections. */
export function visitorOf(connection: string): Scope | null {
  const installationId = /^user:(.+)$/.exec(connection)?.[1];
  return installationId === undefined ? null : { installationId };
}

export function countCall(metrics: Pick<Metrics, 'count'>, owner: Scope | null, call: CallRecord): void {
  const { side, status, ms, bytes } = call;
  metrics.count(owner, `calls.${side}`);
  metrics.count(owner, `ms.${side}`, Math.round(ms));
  metrics.count(owner, `bytes.${side}`, bytes);
  if (side === 'jira') metrics.count(owner, 'points.jira', pointsOf(call));
  if (status === 429) metrics.count(owner, `calls.${side}.limited`);
  else if (status === 0 || status >= 500) metrics.count(owner, `calls.${side}.failed`);
}
