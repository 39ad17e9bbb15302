// Reads live the two values between which a person has to choose. Nothing of them is kept, and nothing is written.

import type { BySide, ItemSnapshot, Side } from '../sync/model.ts';
import { type FieldRule, nativeValue, type SideValue } from '../sync/rules.ts';
import { rulesOf } from '../sync/settle.ts';
import { openProfile, type ProfileContext, planContext } from './context.ts';
import type { EngineDeps, Pair, ReadOutcome, Scope } from './ports.ts';

/** One field of one pair. */
export interface Asked {
  readonly pairId: string;
  /** Mapping id. */
  readonly mapping: string;
}

export interface BothValues {
  /** What people call the field. */
  readonly names: BySide<string>;
  /** As each side holds it now. */
  readonly values: BySide<SideValue>;
}

/** What one bulk read takes. */
const batch = 100;

/**
 * In the order asked: null where the pair, one of its items or the mapping is gone. A few calls, however many are asked
 * for. Throws SyncFailure when a side can't be read.
 */
export async function readBothValues(
  deps: EngineDeps,
  scope: Scope,
  asked: readonly Asked[],
): Promise<readonly (BothValues | null)[]> {
  const pairs = new Map<string, Pair>();
  for (const id of new Set(asked.map(({ pairId }) => pairId))) {
    const pair = await deps.state.getPair(scope, id);
    if (pair !== null) pairs.set(id, pair);
  }
  const read = new Map<string, { readonly context: ProfileContext; readonly items: BySide<ItemSnapshot> }>();
  for (const profileId of new Set([...pairs.values()].map((pair) => pair.profileId))) {
    const context = await openProfile(deps, scope, profileId);
    if (context === null) continue;
    const some = [...pairs.values()].filter((pair) => pair.profileId === profileId);
    const [jira, azure] = await Promise.all([readSide(context, 'jira', some), readSide(context, 'azure', some)]);
    for (const { id, ids } of some) {
      const [issue, workItem] = [jira.get(ids.jira ?? ''), azure.get(ids.azure ?? '')];
      if (issue?.kind === 'found' && workItem?.kind === 'found') {
        read.set(id, { context, items: { jira: issue.item, azure: workItem.item } });
      }
    }
  }
  return asked.map(({ pairId, mapping }) => {
    const found = read.get(pairId);
    const rule = found && rulesOf({ ...planContext(found.context), ...found.items }).find(({ id }) => id === mapping);
    return found && rule ? bothOf(rule, found.items) : null;
  });
}

async function readSide(
  context: ProfileContext,
  side: Side,
  pairs: readonly Pair[],
): Promise<ReadonlyMap<string, ReadOutcome>> {
  const ids = pairs.flatMap((pair) => pair.ids[side] ?? []);
  const found = new Map<string, ReadOutcome>();
  for (let start = 0; start < ids.length; start += batch) {
    for (const [id, outcome] of await context.sides[side].reader.readMany(ids.slice(start, start + batch))) {
      found.set(id, outcome);
    }
  }
  return found;
}

function bothOf(rule: FieldRule, items: BySide<ItemSnapshot>): BothValues {
  const name = (side: Side) => rule.schema[side].field?.name ?? rule.field[side];
  const value = (side: Side): SideValue =>
    rule.isState ? { kind: 'option', option: { name: items[side].state } } : nativeValue(rule, items[side]);
  return {
    names: { jira: name('jira'), azure: name('azure') },
    values: { jira: value('jira'), azure: value('azure') },
  };
}
