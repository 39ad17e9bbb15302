// Reads live the two values between which a person has to choose. Nothing of them is kept, and nothing is written.

import { type BySide, type ItemSnapshot, type Side, sides } from '../sync/model.ts';
import { ownWords } from '../sync/own-words.ts';
import { type FieldRule, nativeValue, type SideValue } from '../sync/rules.ts';
import { rulesOf } from '../sync/settle.ts';
import { openProfile, type ProfileContext, planContext } from './context.ts';
import type { EngineDeps, Pair, ReadOutcome, Scope } from './ports.ts';

/** One field of one pair. */
export interface Asked {
  readonly pairId: string;
  /** Mapping id, or `comment:` and the id of the person's comment. */
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
  return Promise.all(
    asked.map(async ({ pairId, mapping }) => {
      const found = read.get(pairId);
      if (!found) return null;
      const comment = /^comment:(.+)/.exec(mapping)?.[1];
      if (comment !== undefined) return bothTexts(found.context, pairId, found.items, comment);
      const rule = rulesOf({ ...planContext(found.context), ...found.items }).find(({ id }) => id === mapping);
      return rule ? bothOf(rule, found.items) : null;
    }),
  );
}

/** A comment and its copy without its attribution line; null for one that was deleted. */
async function bothTexts(
  context: ProfileContext,
  pairId: string,
  items: BySide<ItemSnapshot>,
  id: string,
): Promise<BothValues | null> {
  const { deps, scope } = context;
  const names = sides.map((side) => ({ side, id }));
  const records = await deps.state.findChildren(scope, pairId, 'comment', names);
  const child = records.find(({ sourceId }) => sourceId === id);
  if (child?.targetId === undefined) return null;
  const { source, targetId } = child;
  const text = async (side: Side): Promise<SideValue> => {
    const own = side === source ? id : targetId;
    const [comment] = await context.sides[side].reader.commentsById(items[side], [own]);
    return comment ? ownWords(comment.body, side === source ? undefined : { side: source, id }) : null;
  };
  const [jira, azure] = await Promise.all([text('jira'), text('azure')]);
  return { names: { jira: 'Comment', azure: 'Comment' }, values: { jira, azure } };
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
