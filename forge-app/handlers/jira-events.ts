// The trigger of Jira's events: cuts each to ids and hands it to the backend. When that can't take it, Forge is asked to bring
// the event again; an event that stays lost is found by the backend's scans.

import { InvocationError, InvocationErrorCode } from '@forge/events';
import { callBackend } from '../backend.ts';
import { cutJiraEvent } from './cut-event.ts';

/** Seconds; Forge allows up to 900. https://developer.atlassian.com/platform/forge/events-reference/product_events/ */
const firstRetryAfter = 30;
const longestRetryAfter = 900;

/** Statuses that a second attempt with the same body will not change. */
const refusedForGood: ReadonlySet<number> = new Set([400, 413, 422]);

/** Never throws: Forge repeats only what *returns* an InvocationError. */
export async function onJiraEvent(event: unknown): Promise<InvocationError | undefined> {
  const events = cutJiraEvent(event);
  if (events.length === 0) return undefined;
  const answer = await callBackend({ method: 'POST', path: '/forge/events', body: { events } });
  if (answer.ok || refusedForGood.has(answer.status)) {
    if (!answer.ok) console.error(`the backend refused an event: ${answer.error.code}`);
    return undefined;
  }
  return new InvocationError({
    retryAfter: Math.min(longestRetryAfter, firstRetryAfter * 4 ** retryCount(event)),
    retryReason: InvocationErrorCode.FUNCTION_RETRY_REQUEST,
  });
}

function retryCount(event: unknown): number {
  const { retryContext } = (event ?? {}) as { retryContext?: { retryCount?: unknown } };
  const count = retryContext?.retryCount;
  return typeof count === 'number' && count > 0 ? count : 0;
}
