// What a person decides of one issue: that it and a work item belong together, or no longer do. Nothing is written to a service
// here; the run that follows brings a new pair to agreement.

import { sameName } from '../sync/catalog.ts';
import { type BySide, type ItemSnapshot, type Side, sides } from '../sync/model.ts';
import { type ProfileContext, projectOf } from './context.ts';
import { decision } from './decide.ts';
import { withLease } from './leased-pair.ts';
import { joinedPair } from './link-existing.ts';
import { type EngineDeps, LeaseLost, type Pair, type Scope } from './ports.ts';

/** Why two items can't be linked. `unreadable`: not there, hidden, or in a project of somebody else's: nobody learns which. */
export const linkRefusals = ['unreadable', 'filter', 'types', 'restricted', 'paired', 'copy'] as const;
export type LinkRefusal = (typeof linkRefusals)[number];

export type LinkedByHand =
  | { readonly kind: 'linked'; readonly pairId: string }
  | { readonly kind: 'refused'; readonly why: LinkRefusal };

const refused = (why: LinkRefusal): LinkedByHand => ({ kind: 'refused', why });

/** Only items that the profile covers on both sides, neither of which is in a pair. Throws SyncFailure. */
export async function linkByHand(context: ProfileContext, ids: BySide<string>): Promise<LinkedByHand> {
  const { deps, scope, profile, sites } = context;
  const isPaired = async (side: Side) => (await deps.state.findPair(scope, sites[side], side, ids[side])) !== null;
  if (await isPaired('jira')) return refused('paired');
  const items = await readBoth(context, ids);
  if (items === null) return refused('unreadable');
  if (await isPaired('azure')) return refused('paired');
  // The counterpart of something else.
  if (sides.some((side) => items[side].marker)) return refused('copy');
  const filtered = sides.filter((side) => profile.settings[side].filter !== undefined);
  const why = await refusalOf(context, items, filtered);
  if (why !== null) return refused(why);
  const pair = joinedPair(context, items.jira, items.azure);
  const linked = decision({ ...context, seen: [{ by: 'person' }] }, 'linked');
  if (await deps.state.createPair(scope, sites, pair, [linked])) return refused('paired');
  for (const side of sides) await deps.state.clearItemError(scope, context.profile.id, side, ids[side]);
  await queueNow(deps, scope, pair);
  return { kind: 'linked', pairId: pair.id };
}

/** Null unless both can be read and are in the profile's projects. */
async function readBoth(context: ProfileContext, ids: BySide<string>): Promise<BySide<ItemSnapshot> | null> {
  const read = async (side: Side) => {
    const outcome = await context.sides[side].reader.read(ids[side], { comments: false });
    return outcome.kind === 'found' && outcome.item.projectKey === projectOf(context, side) ? outcome.item : null;
  };
  const [jira, azure] = await Promise.all([read('jira'), read('azure')]);
  return jira && azure ? { jira, azure } : null;
}

async function refusalOf(
  context: ProfileContext,
  items: BySide<ItemSnapshot>,
  /** Sides whose item has to pass the filter. */
  filtered: readonly Side[],
): Promise<LinkRefusal | null> {
  const { settings } = context.profile;
  const isLeftAlone = settings.policies.restricted === 'skip' && sides.some((side) => items[side].restricted);
  if (isLeftAlone) return 'restricted';
  for (const side of filtered) {
    if (!(await context.sides[side].reader.matchesFilter(items[side].id))) return 'filter';
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

/**
 * Kept the same again, from where it was: what changed since on either side travels. Not once an item has left the profile:
 * the run that follows would deal with the other one as the policy for that says. Throws SyncFailure, LeaseLost.
 */
export async function relinkByHand(context: ProfileContext, pair: Pair): Promise<LinkedByHand> {
  const { deps, scope, profile } = context;
  const { jira, azure } = pair.ids;
  const items = jira === null || azure === null ? null : await readBoth(context, { jira, azure });
  if (items === null) return refused('unreadable');
  // Of a pair, an item that never passed its filter, or may leave it, need not pass.
  const { leftFilter } = profile.settings.policies;
  const filtered = leftFilter === 'keep' ? [] : (pair.passed ?? []);
  const why = await refusalOf(context, items, filtered);
  if (why !== null) return refused(why);
  const changed = await change(deps, scope, pair.id, (now) => ({
    status: 'paired',
    unlinkedAt: null,
    dirty: true,
    decisions: [told(now, 'linked')],
  }));
  if (!changed) return refused('unreadable');
  await queueNow(deps, scope, pair);
  return { kind: 'linked', pairId: pair.id };
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
