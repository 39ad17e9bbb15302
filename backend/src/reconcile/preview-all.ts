// What a run would do to every item of a profile, or to named ones, without doing it: the reads are made in bulk, the plans
// are those that reconcile makes. Records nothing.

import { type SyncError, syncError } from '../sync/errors.ts';
import { type BySide, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { CreatePlan, Operation, PairPlan } from '../sync/plan.ts';
import { planCreate } from '../sync/plan-create.ts';
import { createsFrom, type ProfileContext, planContext, projectOf } from './context.ts';
import { findTwins } from './link-existing.ts';
import { makePlan } from './make-plan.ts';
import { newParent } from './new-parent.ts';
import type { ItemName, Pair, ReadOutcome } from './ports.ts';
import { previewParts } from './preview-parts.ts';

/** Why an item is left alone although the profile could reach it. */
export type LeftReason =
  | 'creating'
  | 'orphaned'
  | 'other-profile'
  | 'filter'
  | (CreatePlan & { kind: 'skip' })['reason'];

export type PreviewAction =
  | {
      readonly kind: 'plan';
      readonly plan: PairPlan | CreatePlan;
      /** Comments, attachments and links that would follow. */
      readonly children: readonly Operation[];
      readonly errors: readonly SyncError[];
      /** Items without a counterpart, by their keys: what leads to them or names them follows once they have one. */
      readonly waitsFor: readonly ItemName[];
      /** Both items are there already, and an initial sync would pair them first. */
      readonly pairs: boolean;
    }
  | { readonly kind: 'left'; readonly reason: LeftReason }
  | { readonly kind: 'unreadable'; readonly error: SyncError };

export interface PreviewEntry {
  readonly ids: BySide<string | null>;
  readonly keys: { readonly jira?: string; readonly azure?: string };
  readonly action: PreviewAction;
}

/** What one bulk read takes on both sides. */
const batch = 100;
/** Items whose comments are read side by side, a call each. */
const parallel = 8;

/** The pairs that an initial sync would make of existing items, by side and item id. */
export type Twins = ReadonlyMap<string, Pair>;
export const noTwins: Twins = new Map();

export async function twinsOf(context: ProfileContext, goesOn?: () => boolean): Promise<Twins> {
  const pairs = await findTwins(context, goesOn);
  return new Map(pairs.flatMap((pair) => sides.map((side) => [twinKey(side, pair.ids[side]), pair] as const)));
}

const twinKey = (side: Side, id: string | null) => `${side} ${id}`;

/** Every item of both sides once, in the order of the inventories. Throws SyncFailure. */
export async function* previewAll(context: ProfileContext, twins: Twins): AsyncGenerator<PreviewEntry> {
  const seen = new Set<string>();
  for (const side of sides) {
    let next: string | undefined;
    do {
      const page = await context.sides[side].reader.inventory(next);
      for (let start = 0; start < page.ids.length; start += batch) {
        yield* previewIds(context, side, page.ids.slice(start, start + batch), { seen, twins, named: false });
      }
      next = page.next;
    } while (next !== undefined);
  }
}

/** Null when it can't be read. `id` is the item's id or, in Jira, its key. Throws SyncFailure. */
export async function previewNamed(
  context: ProfileContext,
  side: Side,
  id: string,
  twins: Twins,
): Promise<PreviewEntry | null> {
  const { reader } = context.sides[side];
  const read = await reader.read(id, { comments: false });
  if (read.kind !== 'found') return null;
  const { item } = read;
  const left = (reason: LeftReason): PreviewEntry => ({
    ids: only(side, item.id, null),
    keys: { [side]: item.key },
    action: { kind: 'left', reason },
  });
  const pair = await context.deps.state.findPair(context.scope, context.sites[side], side, item.id);
  if (!pair) {
    if (item.projectKey !== projectOf(context, side)) return left('filter');
    const { filter } = context.profile.settings[side];
    if (filter !== undefined && !(await reader.matchesFilter(item.id))) return left('filter');
  }
  for await (const entry of previewIds(context, side, [item.id], { seen: new Set(), twins, named: true })) return entry;
  return null;
}

async function* previewIds(
  context: ProfileContext,
  side: Side,
  ids: readonly string[],
  { seen, twins, named }: { readonly seen: Set<string>; readonly twins: Twins; readonly named: boolean },
): AsyncGenerator<PreviewEntry> {
  const { deps, scope, sites, profile } = context;
  const pairs = await deps.state.findPairs(scope, sites[side], side, ids);
  const paired: Pair[] = [];
  const unpaired: string[] = [];
  for (const id of ids) {
    const pair = pairs.get(id) ?? twins.get(twinKey(side, id));
    if (pair === undefined) {
      if (createsFrom(profile, side)) unpaired.push(id);
      else yield { ids: only(side, id, null), keys: {}, action: { kind: 'left', reason: 'direction' } };
      continue;
    }
    if (seen.has(pair.id)) continue;
    seen.add(pair.id);
    const reason = leftReason(context, pair);
    if (reason) yield { ...namesOf(pair), action: { kind: 'left', reason } };
    else paired.push(pair);
  }
  yield* previewPairs(context, paired, named, (pair) => twins.get(twinKey('jira', pair.ids.jira)) === pair);
  yield* previewUnpaired(context, side, unpaired, named);
}

function leftReason({ profile }: ProfileContext, pair: Pair): LeftReason | null {
  if (pair.profileId !== profile.id) return 'other-profile';
  if (pair.status === 'creating') return 'creating';
  return pair.status === 'orphaned' ? 'orphaned' : null;
}

async function* previewPairs(
  context: ProfileContext,
  pairs: readonly Pair[],
  named: boolean,
  isTwin: (pair: Pair) => boolean,
): AsyncGenerator<PreviewEntry> {
  if (pairs.length === 0) return;
  const idsOf = (side: Side) => pairs.flatMap(({ ids }) => (ids[side] === null ? [] : [ids[side]]));
  const [jira, azure] = await Promise.all([
    context.sides.jira.reader.readMany(idsOf('jira')),
    context.sides.azure.reader.readMany(idsOf('azure')),
  ]);
  for (let start = 0; start < pairs.length; start += parallel) {
    const some = pairs.slice(start, start + parallel);
    yield* await Promise.all(
      some.map((pair) => {
        const read = { jira: jira.get(pair.ids.jira ?? ''), azure: azure.get(pair.ids.azure ?? '') };
        return previewPair(context, pair, read, { named, pairs: isTwin(pair) });
      }),
    );
  }
}

async function previewPair(
  context: ProfileContext,
  pair: Pair,
  outcomes: BySide<ReadOutcome | undefined>,
  { named, pairs }: { readonly named: boolean; readonly pairs: boolean },
): Promise<PreviewEntry> {
  const absent = sides.find((side) => outcomes[side]?.kind !== 'found');
  if (outcomes.jira?.kind !== 'found' || outcomes.azure?.kind !== 'found') {
    const error = syncError('unreachable', { side: absent ?? 'jira' });
    return { ...namesOf(pair), action: { kind: 'unreadable', error } };
  }
  const read = { jira: outcomes.jira.item, azure: outcomes.azure.item };
  const { context: known, operations: children, ...parts } = await previewParts(context, read, pair, named);
  const plan = await makePlan(known, pair, read);
  return {
    ids: { jira: read.jira.id, azure: read.azure.id },
    keys: { jira: read.jira.key, azure: read.azure.key },
    action: { kind: 'plan', plan, children, pairs, ...parts },
  };
}

async function* previewUnpaired(
  context: ProfileContext,
  side: Side,
  ids: readonly string[],
  named: boolean,
): AsyncGenerator<PreviewEntry> {
  if (ids.length === 0) return;
  const read = await context.sides[side].reader.readMany(ids);
  for (let start = 0; start < ids.length; start += parallel) {
    const some = ids.slice(start, start + parallel);
    yield* await Promise.all(some.map((id) => previewSource(context, side, id, read.get(id), named)));
  }
}

async function previewSource(
  context: ProfileContext,
  side: Side,
  id: string,
  outcome: ReadOutcome | undefined,
  named: boolean,
): Promise<PreviewEntry> {
  const ids = only<string | null>(side, id, null);
  if (outcome?.kind !== 'found')
    return { ids, keys: {}, action: { kind: 'unreadable', error: syncError('unreachable', { side }) } };
  const { item } = outcome;
  const keys = { [side]: item.key };
  const first = planCreate({ ...planContext(context), source: item });
  if (first.kind === 'skip') return { ids, keys, action: { kind: 'left', reason: first.reason } };
  const failed = (plan: CreatePlan & { kind: 'error' }): PreviewEntry => ({
    ids,
    keys,
    action: { kind: 'plan', plan, children: [], errors: [], waitsFor: [], pairs: false },
  });
  if (first.kind === 'error') return failed(first);
  const parent = await newParent(context, item, first.type);
  if (parent.kind === 'missing') return failed({ kind: 'error', errors: [parent.error] });
  const read = only<ItemSnapshot | null>(side, item, null);
  const { context: known, operations: children, ...parts } = await previewParts(context, read, null, named);
  const plan = planCreate({ ...planContext(known), source: item });
  return { ids, keys, action: { kind: 'plan', plan, children, pairs: false, ...parts } };
}

const only = <T>(side: Side, value: T, other: T): BySide<T> =>
  ({ [side]: value, [otherSide(side)]: other }) as Record<Side, T>;

const namesOf = ({ ids, keys }: Pair): Pick<PreviewEntry, 'ids' | 'keys'> => ({
  ids,
  keys: {
    ...(keys.jira === null ? {} : { jira: keys.jira }),
    ...(keys.azure === null ? {} : { azure: keys.azure }),
  },
});
