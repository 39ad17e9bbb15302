// Whether an item of a pair is still within the profile's scope: its project, its filter, the types that it maps. Reads
// only; what follows is leave.ts' and come-back.ts' to do.

import { sameName } from '../sync/catalog.ts';
import { type BySide, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { notNewer } from '../sync/versions.ts';
import { type ProfileContext, projectOf } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Hint, LeaveReason, Left, Pair } from './ports.ts';

export interface Leaving {
  readonly side: Side;
  readonly why: LeaveReason;
}

/**
 * The first item that is out of scope and whose policy wants something done about it; null when both are in. A filter costs
 * a call: it is asked only of an item that changed, that the inventory misses, or that is out already, and only an item
 * that once passed can leave.
 */
export async function findLeaving(
  context: ProfileContext,
  leased: LeasedPair,
  items: Partial<BySide<ItemSnapshot>>,
  hints: readonly Hint[],
): Promise<Leaving | null> {
  const { policies } = context.profile.settings;
  for (const side of sides) {
    const item = items[side];
    if (item && item.projectKey !== projectOf(context, side)) return { side, why: 'project' };
    if (item && policies.archived !== 'keep' && (await isArchived(context, leased, item, hints))) {
      return { side, why: 'archived' };
    }
  }
  for (const side of sides) {
    const item = items[side];
    if (item && (await leftFilter(context, leased, item, hints))) return { side, why: 'filter' };
  }
  const { jira, azure } = items;
  const changed = jira && azure ? typeChange(context.profile.settings, leased.pair, { jira, azure }) : null;
  if (changed && actionOf(context.profile.settings, { side: changed.from, why: 'type' }) !== null && !changed.follows) {
    return { side: changed.from, why: 'type' };
  }
  return null;
}

export const isMissed = (side: Side, hints: readonly Hint[]): boolean =>
  hints.some((hint) => hint.side === side && hint.by === 'inventory');

/** No event tells of an archive: the inventory misses the issue, which can be read and which no search lists. */
async function isArchived(
  context: ProfileContext,
  { pair }: LeasedPair,
  { side, id }: ItemSnapshot,
  hints: readonly Hint[],
): Promise<boolean> {
  if (!isMissed(side, hints) && !(pair.left?.why === 'archived' && pair.left.side === side)) return false;
  return !(await context.sides[side].reader.isListed(id));
}

async function leftFilter(
  context: ProfileContext,
  leased: LeasedPair,
  item: ItemSnapshot,
  hints: readonly Hint[],
): Promise<boolean> {
  const { side } = item;
  const { settings } = context.profile;
  const { pair } = leased;
  if (settings[side].filter === undefined || settings.policies.leftFilter === 'keep') return false;
  const moved = !notNewer(item.versions.fields ?? {}, pair.versions[side].fields);
  if (!isMissed(side, hints) && !moved && !pair.left) return false;
  const passes = await context.sides[side].reader.matchesFilter(item.id);
  const passed = pair.passed?.includes(side) ?? false;
  if (passes && !passed) await leased.commit({ passed: [...(pair.passed ?? []), side] });
  return !passes && passed;
}

/** Sides whose filter a new pair's item passed to enter. */
export const passedSides = (settings: ProfileSettings, entered: readonly Side[]): readonly Side[] =>
  entered.filter((side) => settings[side].filter !== undefined);

/** What the counterpart of a leaving item gets; null where the policy leaves the pair as it is. */
export function actionOf(settings: ProfileSettings, { why }: Leaving): Left['action'] | null {
  const { deleted, archived, leftFilter, leftProject, typeChanged } = settings.policies;
  switch (why) {
    case 'deleted':
      return deleted;
    case 'archived':
      return archived === 'keep' ? null : archived;
    case 'filter':
      return leftFilter === 'keep' ? null : leftFilter;
    case 'project':
      return leftProject === 'follow' ? 'mark' : leftProject;
    case 'type':
      return typeChanged === 'keep' || typeChanged === 'error' ? null : typeChanged === 'follow' ? 'mark' : typeChanged;
    default: {
      const never: never = why;
      return never;
    }
  }
}

export interface TypeChange {
  /** The side on which the type was changed. */
  readonly from: Side;
  /** The counterpart is to get the type that goes with it. */
  readonly follows: { readonly side: Side; readonly type: string } | null;
}

/**
 * A type that somebody changed, so that the pair's two types stand for each other no longer. Null when they do, and when
 * they never did: then the mapping was edited, which is no change of the item.
 */
export function typeChange(
  settings: ProfileSettings,
  pair: Pick<Pair, 'types'>,
  items: BySide<Pick<ItemSnapshot, 'type'>>,
): TypeChange | null {
  const { types, policies } = settings;
  const before = pair.types;
  const fits = (one: BySide<string>) =>
    types.some((type) => sameName(type.jira, one.jira) && sameName(type.azure, one.azure));
  if (before === undefined || !fits(before) || fits({ jira: items.jira.type, azure: items.azure.type })) return null;
  const changed = sides.filter((side) => !sameName(items[side].type, before[side]));
  const fixed = policies.conflict === 'jira' || policies.conflict === 'azure' ? policies.conflict : policies.winner;
  const from = changed.length === 1 ? (changed[0] ?? fixed) : fixed;
  const side = otherSide(from);
  const type = types.find((one) => sameName(one[from], items[from].type))?.[side];
  return { from, follows: policies.typeChanged === 'follow' && type !== undefined ? { side, type } : null };
}
