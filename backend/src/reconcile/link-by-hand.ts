// What a person decides of one issue: that it and a work item belong together, or no longer do. Nothing is written to a service
// here; the run that follows brings a new pair to agreement.

import { sameName } from '../sync/catalog.ts';
import { type BySide, type ItemSnapshot, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import { withLease } from './leased-pair.ts';
import { joinedPair } from './link-existing.ts';
import { type EngineDeps, LeaseLost, type Pair, type Scope } from './ports.ts';

/** Why two items can't be linked. */
export const linkRefusals = ['unreadable', 'project', 'filter', 'types', 'restricted', 'paired', 'copy'] as const;
export type LinkRefusal = (typeof linkRefusals)[number];

export type LinkedByHand =
  | { readonly kind: 'linked'; readonly pairId: string }
  | { readonly kind: 'refused'; readonly why: LinkRefusal };

const refused = (why: LinkRefusal): LinkedByHand => ({ kind: 'refused', why });

/** Only items that the profile covers on both sides, neither of which is in a pair. Throws SyncFailure. */
export async function linkByHand(context: ProfileContext, ids: BySide<string>): Promise<LinkedByHand> {
  const { deps, scope, sites } = context;
  for (const side of sides) {
    if (await deps.state.findPair(scope, sites[side], side, ids[side])) return refused('paired');
  }
  const items = await readBoth(context, ids);
  if (items === null) return refused('unreadable');
  const why = await refusalOf(context, items);
  if (why !== null) return refused(why);
  const pair = joinedPair(context, items.jira, items.azure);
  const linked = decision({ ...context, seen: [{ by: 'person' }] }, 'linked');
  if (await deps.state.createPair(scope, sites, pair, [linked])) return refused('paired');
  await queueNow(deps, scope, pair);
  return { kind: 'linked', pairId: pair.id };
}

async function readBoth(context: ProfileContext, ids: BySide<string>): Promise<BySide<ItemSnapshot> | null> {
  const read = (side: 'jira' | 'azure') => context.sides[side].reader.read(ids[side], { comments: false });
  const [jira, azure] = await Promise.all([read('jira'), read('azure')]);
  return jira.kind === 'found' && azure.kind === 'found' ? { jira: jira.item, azure: azure.item } : null;
}

async function refusalOf(context: ProfileContext, items: BySide<ItemSnapshot>): Promise<LinkRefusal | null> {
  const { settings } = context.profile;
  for (const side of sides) {
    const item = items[side];
    if (item.projectKey !== projectOf(context, side)) return 'project';
    // The counterpart of something else.
    if (item.marker) return 'copy';
    if (item.restricted && settings.policies.restricted === 'skip') return 'restricted';
    if (settings[side].filter !== undefined && !(await context.sides[side].reader.matchesFilter(item.id)))
      return 'filter';
  }
  const fits = settings.types.some(
    (type) => sameName(type.jira, items.jira.type) && sameName(type.azure, items.azure.type),
  );
  return fits ? null : 'types';
}

/**
 * The two are no longer kept the same. The pair stays and keeps its claims: without them the next change of either would make
 * it a counterpart anew. False when there is no such pair. Throws LeaseLost.
 */
export async function unlinkByHand(deps: EngineDeps, scope: Scope, pairId: string): Promise<boolean> {
  return change(deps, scope, pairId, (now) => ({
    status: 'orphaned',
    unlinkedAt: now,
    errors: [],
    retry: null,
    dirty: false,
    decisions: [told(now, 'unlinked')],
  }));
}

/** Kept the same again, from where it was: what changed since on either side travels. */
export async function relinkByHand(deps: EngineDeps, scope: Scope, pair: Pair): Promise<boolean> {
  const changed = await change(deps, scope, pair.id, (now) => ({
    status: 'paired',
    unlinkedAt: null,
    dirty: true,
    decisions: [told(now, 'linked')],
  }));
  if (changed) await queueNow(deps, scope, pair);
  return changed;
}

async function change(
  deps: EngineDeps,
  scope: Scope,
  pairId: string,
  patchOf: (now: number) => Parameters<EngineDeps['state']['commit']>[2],
): Promise<boolean> {
  if (!(await deps.state.getPair(scope, pairId))) return false;
  const done = await withLease(deps, scope, pairId, async (leased) => {
    await leased.commit(patchOf(deps.now()));
    return true;
  });
  if (done === null) throw new LeaseLost(pairId);
  return done;
}

const told = (at: number, what: 'linked' | 'unlinked') =>
  ({ at, what, seen: [{ by: 'person' }], versions: {}, operations: [], rules: [], codes: [] }) as const;

async function queueNow(deps: EngineDeps, scope: Scope, { id, profileId, ids: { jira } }: Pair): Promise<void> {
  if (jira === null) return;
  const job = { ...scope, profileId, pairId: id, side: 'jira', itemId: jira, hints: [] } as const;
  await deps.queue.addItems([job], { runAt: new Date(deps.now()) });
}
