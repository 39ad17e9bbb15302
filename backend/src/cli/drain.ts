// Works until the queue holds nothing of a profile that will go through by itself soon, and tells how far it is.

import { setTimeout as delay } from 'node:timers/promises';
import { type Backlog, backlogOf } from '../jobs/backlog.ts';
import { itemKey } from '../jobs/pending-items.ts';
import { startRunner } from '../jobs/runner.ts';
import { triesThatFail } from '../reconcile/outcome.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { Service, Workers } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';

const pollMs = 200;
/** Beyond the settle time of an unanswered create. */
const marginMs = 30_000;

export type DrainEnd =
  /** `waiting`: items that are tried again later, by a next run. */
  | { readonly kind: 'empty'; readonly waiting: number }
  /** The profile paused or stopped itself. */
  | { readonly kind: 'not-enabled'; readonly profile: ProfileRecord }
  | { readonly kind: 'aborted' };

export interface DrainOptions {
  readonly signal: AbortSignal;
  readonly onProgress: (backlog: Backlog) => void;
}

export async function drain(
  service: Service,
  scope: Scope,
  profileId: string,
  { signal, onProgress }: DrainOptions,
): Promise<DrainEnd> {
  for (;;) {
    if (signal.aborted) return { kind: 'aborted' };
    const profile = await service.config.profileRecord(scope, profileId);
    if (profile && profile.status !== 'enabled') return { kind: 'not-enabled', profile };
    const backlog = await backlogOf(service.pool, scope.installationId, profileId);
    onProgress(backlog);
    if (backlog.busy === 0 && !(await goesOnSoon(service, scope, profileId, backlog))) {
      return { kind: 'empty', waiting: backlog.later.length };
    }
    await delay(pollMs, undefined, { signal }).catch(() => {});
  }
}

/** Whether something waits that is no failing item: an answer that may still land, a lease, a pause that a service asked for. */
async function goesOnSoon(service: Service, scope: Scope, profileId: string, { later }: Backlog): Promise<boolean> {
  const end = Date.now() + service.settings.timing.settleMs + marginMs;
  const soon = later.filter(({ at }) => at <= end);
  if (soon.length === 0) return false;
  const failing = await failingKeys(service, scope, profileId);
  return soon.some(({ key }) => !failing.has(key));
}

/** Items that were tried often enough for an error to be told. */
async function failingKeys({ state }: Service, scope: Scope, profileId: string): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  let after: string | undefined;
  do {
    const page = await state.listErrors(scope, profileId, { limit: 500, ...(after === undefined ? {} : { after }) });
    for (const { pair } of page.errors) if ((pair.retry?.attempts ?? 0) >= triesThatFail) keys.add(pair.id);
    after = page.next;
  } while (after !== undefined);
  for (const { side, itemId, retry } of await state.listItemErrors(scope, profileId)) {
    if ((retry?.attempts ?? 0) >= triesThatFail) keys.add(itemKey({ side, itemId }));
  }
  return keys;
}

/** The queue's jobs without the schedule: a single run does each periodic task itself, once. */
export async function startWorkers({ pool, handlers, settings, log }: Service): Promise<Workers> {
  const { heartbeatMs, deadAfterMs } = settings.timing;
  return startRunner({
    pool,
    handlers,
    log,
    concurrency: Math.max(1, settings.workers),
    heartbeat: { everyMs: heartbeatMs, deadAfterMs },
  });
}
