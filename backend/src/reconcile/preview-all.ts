// What a run would do to every item of a profile, or to named ones, without doing it: the reads are made in bulk, the plans
// are those that reconcile makes. Records nothing.

import { planAttachments } from '../sync/attachments.ts';
import { planComments } from '../sync/comments.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import { type BySide, type CommentSnapshot, type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import type { CreatePlan, Operation, PairPlan } from '../sync/plan.ts';
import { planCreate } from '../sync/plan-create.ts';
import { createsFrom, type ProfileContext, planContext, projectOf } from './context.ts';
import { findTwins } from './link-existing.ts';
import { makePlan } from './make-plan.ts';
import type { ChildPair, Pair, ReadOutcome } from './ports.ts';

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
      /** Comments and attachments that would follow. */
      readonly children: readonly Operation[];
      readonly errors: readonly SyncError[];
      /** Both items are there already, and an initial sync would pair them first. */
      readonly links: boolean;
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
        yield* previewIds(context, side, page.ids.slice(start, start + batch), { seen, twins });
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
  for await (const entry of previewIds(context, side, [item.id], { seen: new Set(), twins })) return entry;
  return null;
}

async function* previewIds(
  context: ProfileContext,
  side: Side,
  ids: readonly string[],
  { seen, twins }: { readonly seen: Set<string>; readonly twins: Twins },
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
  yield* previewPairs(context, paired, (pair) => twins.get(twinKey('jira', pair.ids.jira)) === pair);
  yield* previewUnpaired(context, side, unpaired);
}

function leftReason({ profile }: ProfileContext, pair: Pair): LeftReason | null {
  if (pair.profileId !== profile.id) return 'other-profile';
  if (pair.status === 'creating') return 'creating';
  return pair.status === 'orphaned' ? 'orphaned' : null;
}

async function* previewPairs(
  context: ProfileContext,
  pairs: readonly Pair[],
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
        return previewPair(context, pair, read, isTwin(pair));
      }),
    );
  }
}

async function previewPair(
  context: ProfileContext,
  pair: Pair,
  outcomes: BySide<ReadOutcome | undefined>,
  links: boolean,
): Promise<PreviewEntry> {
  const absent = sides.find((side) => outcomes[side]?.kind !== 'found');
  if (outcomes.jira?.kind !== 'found' || outcomes.azure?.kind !== 'found') {
    const error = syncError('unreachable', { side: absent ?? 'jira' });
    return { ...namesOf(pair), action: { kind: 'unreadable', error } };
  }
  const read = { jira: outcomes.jira.item, azure: outcomes.azure.item };
  const [plan, children] = await Promise.all([makePlan(context, pair, read), childrenOf(context, read, pair)]);
  return {
    ids: { jira: read.jira.id, azure: read.azure.id },
    keys: { jira: read.jira.key, azure: read.azure.key },
    action: { kind: 'plan', plan, links, ...children },
  };
}

async function* previewUnpaired(
  context: ProfileContext,
  side: Side,
  ids: readonly string[],
): AsyncGenerator<PreviewEntry> {
  if (ids.length === 0) return;
  const read = await context.sides[side].reader.readMany(ids);
  for (let start = 0; start < ids.length; start += parallel) {
    const some = ids.slice(start, start + parallel);
    yield* await Promise.all(some.map((id) => previewSource(context, side, id, read.get(id))));
  }
}

async function previewSource(
  context: ProfileContext,
  side: Side,
  id: string,
  outcome: ReadOutcome | undefined,
): Promise<PreviewEntry> {
  const ids = only<string | null>(side, id, null);
  if (outcome?.kind !== 'found')
    return { ids, keys: {}, action: { kind: 'unreadable', error: syncError('unreachable', { side }) } };
  const { item } = outcome;
  const keys = { [side]: item.key };
  const plan = planCreate({ ...planContext(context), source: item });
  if (plan.kind === 'skip') return { ids, keys, action: { kind: 'left', reason: plan.reason } };
  if (plan.kind === 'error')
    return { ids, keys, action: { kind: 'plan', plan, children: [], errors: [], links: false } };
  const children = await childrenOf(context, only<ItemSnapshot | null>(side, item, null), null);
  return { ids, keys, action: { kind: 'plan', plan, links: false, ...children } };
}

/** Of a pair, or of a source whose counterpart does not exist yet. */
async function childrenOf(
  context: ProfileContext,
  read: BySide<ItemSnapshot | null>,
  pair: Pair | null,
): Promise<{ readonly children: readonly Operation[]; readonly errors: readonly SyncError[] }> {
  const { deps, scope, profile, catalogs } = context;
  const known = async (kind: ChildPair['kind']) => (pair ? deps.state.children(scope, pair.id, kind) : []);
  const shared = {
    ...planContext(context),
    itemIds: { jira: read.jira?.id ?? '', azure: read.azure?.id ?? '' },
    settleMs: deps.timing.settleMs,
  };
  const comments = async (side: Side) => (read[side] ? commentsOf(context, read[side]) : []);
  const { comments: commentRules, attachments: attachmentRules } = profile.settings;
  const plans = [
    commentRules.enabled
      ? planComments({
          ...shared,
          children: await known('comment'),
          jira: await comments('jira'),
          azure: await comments('azure'),
        })
      : null,
    attachmentRules.enabled
      ? planAttachments({
          ...shared,
          children: await known('attachment'),
          jira: read.jira?.attachments ?? [],
          azure: read.azure?.attachments ?? [],
          maxSize: { jira: catalogs.jira.maxAttachmentSize },
        })
      : null,
  ];
  return {
    children: plans.flatMap((plan) => plan?.operations ?? []),
    errors: plans.flatMap((plan) => plan?.errors ?? []),
  };
}

/** A call of its own only where the bulk read left out comments that exist. */
async function commentsOf(context: ProfileContext, item: ItemSnapshot): Promise<readonly CommentSnapshot[]> {
  if (item.comments) return item.comments;
  return item.commentCount === 0 ? [] : context.sides[item.side].reader.comments(item.id);
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
