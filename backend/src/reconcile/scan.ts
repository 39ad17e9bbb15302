// Finds what events missed: pages through what a side says changed since the watermark and queues it. Reads ids and
// versions only; what changed is reconcile's to find out.

import { type Side, sides } from '../sync/model.ts';
import { isEcho } from '../sync/versions.ts';
import { openProfile, type ProfileContext } from './context.ts';
import { tookAll } from './initial-sync.ts';
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
  const mark = parseMark(await deps.config.watermark(scope, profile.id, side));
  const first = mark === null;
  const initial = first ? null : await deps.state.getInitialSync(scope, profile.id);
  const existing = tookAll(initial) ? null : (mark?.existing ?? null);
  // A first scan has nothing to compare with: items without a pair are the initial sync's, those with one may have news.
  // The next ones see the newest of them again.
  const isNew = (at: number) => !first && (existing === null || at > existing);
  let next: string | undefined;
  let watermark: string | undefined;
  let newest = 0;
  let seen = 0;
  let queued = 0;
  do {
    const page: ChangePage = await reader.changes(mark?.watermark ?? null, next);
    const times = new Map(page.changes.map(({ id, at }) => [id, at]));
    const jobs = (await jobsOf(context, side, page)).filter(
      ({ pairId, itemId }) => pairId !== undefined || isNew(times.get(itemId) ?? 0),
    );
    await deps.queue.addItems(jobs, { bulk: true });
    seen += page.changes.length;
    queued += jobs.length;
    for (const { at } of page.changes) newest = Math.max(newest, at);
    watermark = page.watermark ?? watermark;
    next = page.next;
  } while (next !== undefined);
  // Kept only now that everything up to it is queued: a scan that died starts again where it started.
  const reached = watermark ?? mark?.watermark ?? null;
  const stored = formatMark({ watermark: reached, existing: first ? newest : existing });
  await deps.config.setWatermark(scope, profile.id, side, stored);
  return { seen, queued };
}

interface Mark {
  /** The side's own, opaque; null where it had nothing to tell of yet. */
  readonly watermark: string | null;
  /**
   * Server time of the newest change that the first scan saw, until the initial sync is through: what is no newer and has
   * no pair existed before the profile, and is the initial sync's to pair or to create.
   */
  readonly existing: number | null;
}

const markForm = /^existing:(\d{1,16}):(.*)$/s;

const formatMark = ({ watermark, existing }: Mark): string =>
  existing === null ? (watermark ?? '') : `existing:${existing}:${watermark ?? ''}`;

function parseMark(stored: string | null): Mark | null {
  if (stored === null) return null;
  const [, existing, watermark = stored] = markForm.exec(stored) ?? [];
  return { watermark: watermark || null, existing: existing === undefined ? null : Number(existing) };
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
