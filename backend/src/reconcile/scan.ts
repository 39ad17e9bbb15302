// Finds what events missed: pages through what a side says changed since the watermark and queues it. Reads ids and
// versions only; what changed is reconcile's to find out.

import { type Side, sides } from '../sync/model.ts';
import { isEcho } from '../sync/versions.ts';
import { openProfile, type ProfileContext } from './context.ts';
import type { ChangePage, EngineDeps, ItemJob, Scope } from './ports.ts';

export interface ScanResult {
  readonly seen: number;
  readonly queued: number;
}

/** Scans both sides of an enabled profile. Throws SyncFailure; the watermark then stands where the last safe page left it. */
export async function scanProfile(deps: EngineDeps, scope: Scope, profileId: string): Promise<ScanResult> {
  const context = await openProfile(deps, scope, profileId);
  if (context?.profile.status !== 'enabled') return { seen: 0, queued: 0 };
  let result: ScanResult = { seen: 0, queued: 0 };
  for (const side of sides) {
    const found = await scanSide(context, side);
    result = { seen: result.seen + found.seen, queued: result.queued + found.queued };
  }
  return result;
}

async function scanSide(context: ProfileContext, side: Side): Promise<ScanResult> {
  const { deps, scope, profile } = context;
  const { reader } = context.sides[side];
  const from = await deps.config.watermark(scope, profile.id, side);
  // A first scan has nothing to compare with: items without a pair are the initial sync's, those with one may have news.
  let next: string | undefined;
  let watermark: string | undefined;
  let seen = 0;
  let queued = 0;
  do {
    const page: ChangePage = await reader.changes(from, next);
    const jobs = (await jobsOf(context, side, page)).filter(({ pairId }) => from !== null || pairId !== undefined);
    await deps.queue.addItems(jobs, { bulk: true });
    seen += page.changes.length;
    queued += jobs.length;
    watermark = page.watermark ?? watermark;
    next = page.next;
  } while (next !== undefined);
  // Kept only now that everything up to it is queued: a scan that died starts again where it started.
  if (watermark !== undefined) await deps.config.setWatermark(scope, profile.id, side, watermark);
  return { seen, queued };
}

async function jobsOf(context: ProfileContext, side: Side, page: ChangePage): Promise<readonly ItemJob[]> {
  const { deps, scope, profile, sites } = context;
  const ids = page.changes.map((change) => change.id);
  const pairs = await deps.state.findPairs(scope, sites[side], side, ids);
  const jobs: ItemJob[] = [];
  for (const change of page.changes) {
    const pair = pairs.get(change.id);
    if (pair && pair.profileId !== profile.id) continue;
    const hint = change.deleted
      ? ({ side, itemId: change.id, aspect: 'deleted' } as const)
      : ({ side, itemId: change.id, aspect: 'fields', version: change.version } as const);
    if (pair ? isEcho(hint, pair) : change.deleted) continue;
    // What moved may be a comment or an attachment: the read looks at everything.
    jobs.push({
      installationId: scope.installationId,
      profileId: profile.id,
      ...(pair ? { pairId: pair.id } : {}),
      side,
      itemId: change.id,
      hints: [change.deleted ? { ...hint, by: 'scan' } : { side, itemId: change.id, aspect: 'any', by: 'scan' }],
    });
  }
  return jobs;
}
