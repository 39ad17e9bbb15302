// Takes what waits for an admin to where it goes: at least once, again with growing delay, and given up after a day. No sync
// waits for it.

import type { Log, Scope } from '../reconcile/ports.ts';
import type { Installation } from '../store/config-store.ts';
import { errorCodeOf } from '../sync/error-code.ts';
import type { Notice } from './events.ts';
import type { NoticeStore, StoredNotice } from './notice-store.ts';
import type { Delivered, SendWebhook } from './webhook.ts';

export interface DeliveryDeps {
  readonly notices: NoticeStore;
  readonly sendWebhook: SendWebhook;
  /** Through Jira's own notification of this issue. */
  readonly notifyIssue: (scope: Scope, key: string, notice: Notice) => Promise<Delivered>;
  readonly installation: (scope: Scope) => Promise<Pick<Installation, 'siteUrl'> | null>;
  readonly log: Log;
  /** Epoch ms. */
  readonly now: () => number;
}

/** From this many days before its end an admin is told of a token. */
const tokenDays = 7;
const atOnce = 100;
/** Of one installation, so that one with many holds up no other. */
const eachAtOnce = 10;
const minute = 60_000;
const longestWaitMs = 6 * 60 * minute;
const givenUpAfterMs = 24 * 60 * minute;

export async function deliverNotices(deps: DeliveryDeps): Promise<void> {
  await deps.notices.addEndingTokens(tokenDays);
  const due = await deps.notices.due(atOnce, eachAtOnce);
  // A receiver that is slow holds up itself only, and is waited for once a round.
  const byReceiver = Map.groupBy(due, ({ installationId, channel }) => `${channel} ${installationId}`);
  await Promise.all(
    [...byReceiver.values()].map(async (some) => {
      for (const notice of some) {
        const installation = await deps.installation({ installationId: notice.installationId });
        if (!(await deliver(deps, notice, installation?.siteUrl ?? null))) return;
      }
    }),
  );
}

/** Whether it arrived. */
async function deliver(deps: DeliveryDeps, stored: StoredNotice, siteUrl: string | null): Promise<boolean> {
  const { notices, log, now } = deps;
  const scope = { installationId: stored.installationId };
  const outcome = await tell(deps, scope, stored.channel, { ...stored, siteUrl }).catch((error: unknown): Delivered => {
    // One installation's key can't be opened, say: neither it nor the others' may hold up the rest.
    return { kind: 'failed', failure: errorCodeOf(error), retry: true };
  });
  if (outcome.kind === 'arrived') {
    await notices.end(stored.id, null);
    return true;
  }
  const ids = { installation: stored.installationId, code: outcome.failure, event: stored.event.kind };
  const over = now() - stored.madeAt >= givenUpAfterMs;
  if (!outcome.retry || over) {
    log.error({ ...ids, attempts: stored.attempts + 1 }, 'a notification of an admin was given up');
    await notices.end(stored.id, outcome.failure);
    return false;
  }
  log.warn(ids, 'a notification of an admin did not arrive and is sent again');
  const grown = Math.min(longestWaitMs, minute * 2 ** Math.min(stored.attempts, 20));
  await notices.tryAgain(stored.id, outcome.failure, Math.max(grown, outcome.retryAfterMs ?? 0));
  return false;
}

/** Sends one at once, whatever waits. */
export async function tell(
  { notices, sendWebhook, notifyIssue }: Pick<DeliveryDeps, 'notices' | 'sendWebhook' | 'notifyIssue'>,
  scope: Scope,
  channel: StoredNotice['channel'],
  notice: Notice,
): Promise<Delivered> {
  const unset: Delivered = { kind: 'failed', failure: 'not-set', retry: false };
  if (channel === 'webhook') {
    const webhook = await notices.webhook(scope);
    return webhook === null ? unset : sendWebhook(webhook, notice);
  }
  const { issueKey } = await notices.channels(scope);
  return issueKey === null ? unset : notifyIssue(scope, issueKey, notice);
}
