// Takes an initial sync back: counterparts that it had made, and that nobody touched since, are removed, and their sources are
// unpaired items again. What somebody touched is kept. Only of a profile that does not run: a running one would make them anew.

import { type ItemSnapshot, otherSide, type Side } from '../sync/model.ts';
import { notNewer } from '../sync/versions.ts';
import type { ProfileContext } from './context.ts';
import { type LeasedPair, withLease } from './leased-pair.ts';
import type { ChildPair, InitialSync, Pair, ReadOutcome } from './ports.ts';
import { removeItem } from './remove-item.ts';

/** Why a counterpart stays: somebody touched it, it can't be read, a run has it in hand, the service refuses. */
export type KeptReason = 'touched' | 'gone' | 'busy' | 'refused';

export interface MadeCounterpart {
  readonly pairId: string;
  /** Of the counterpart. */
  readonly side: Side;
  readonly key: string;
  readonly sourceKey: string;
}

export interface UndoPage {
  readonly made: readonly (MadeCounterpart & { readonly kept: KeptReason | null })[];
  readonly next?: string;
}

/** Pairs looked through for one page: most take a call, and Forge waits 25 s. */
const pageSize = 50;
const callsAtOnce = 10;

/** What the profile's last initial sync made, page by page, each as it stands now. Throws SyncFailure. */
export async function previewUndo(context: ProfileContext, initialSync: UndoneSync, after?: string): Promise<UndoPage> {
  const { deps, scope, profile, sides } = context;
  const page = await deps.state.listPairs(scope, profile.id, { ...(after ? { after } : {}), limit: pageSize });
  const pairs = page.pairs.flatMap((pair) => (isMadeBy(initialSync, pair) ? [{ pair, made: madeOf(pair) }] : []));
  const idsOn = (side: Side) =>
    pairs.flatMap(({ pair, made }) => (made.side === side ? [pair.ids[side] ?? ''] : [])).filter(Boolean);
  const read = async (side: Side): Promise<ReadonlyMap<string, ReadOutcome>> =>
    idsOn(side).length === 0 ? new Map() : sides[side].reader.readMany(idsOn(side));
  const [jira, azure] = await Promise.all([read('jira'), read('azure')]);
  const found = { jira, azure };
  const judged: UndoPage['made'][number][] = [];
  for (let from = 0; from < pairs.length; from += callsAtOnce) {
    const some = pairs.slice(from, from + callsAtOnce).map(async ({ pair, made }) => {
      const item = found[made.side].get(pair.ids[made.side] ?? '') ?? { kind: 'missing' };
      return { ...made, kept: await judge(context, pair, item) };
    });
    judged.push(...(await Promise.all(some)));
  }
  return { made: judged, ...(page.next === undefined ? {} : { next: page.next }) };
}

type UndoneSync = Pick<InitialSync, 'startedAt' | 'options'>;

export type Undone = MadeCounterpart & { readonly kept: KeptReason | null };

export interface Undoing {
  readonly undone: readonly Undone[];
  /** The profile was enabled, or deleted, meanwhile: the rest stays. */
  readonly running: boolean;
}

/**
 * Removes these counterparts, the newest first, so that what lies beneath another goes before it; each is looked at again
 * under its lease. Ends early when the profile runs again or `goesOn` says so: what is not answered is not done. Throws
 * SyncFailure.
 */
export async function undoPairs(
  context: ProfileContext,
  initialSync: UndoneSync,
  pairIds: readonly string[],
  goesOn: () => boolean = () => true,
): Promise<Undoing> {
  const { deps, scope, profile } = context;
  const found = await Promise.all(pairIds.map((id) => deps.state.getPair(scope, id)));
  const pairs = found.filter((pair) => pair?.profileId === profile.id).filter((pair) => pair !== null);
  const undone: Undone[] = [];
  for (const pair of pairs.filter((one) => isMadeBy(initialSync, one)).toSorted(newestFirst)) {
    if (!goesOn()) break;
    if (await runsAgain(context)) return { undone, running: true };
    const kept = await withLease(deps, scope, pair.id, (leased) => undo(context, initialSync, leased));
    undone.push({ ...madeOf(pair), kept: kept === null ? 'busy' : kept.why });
  }
  return { undone, running: false };
}

/** The context knows the profile as it was. */
async function runsAgain({ deps, scope, profile }: ProfileContext): Promise<boolean> {
  const present = await deps.config.profile(scope, profile.id);
  return present === null || present.status === 'enabled';
}

/** One that went through all pairs stands for all that initial syncs made. */
const isMadeBy = ({ startedAt, options }: UndoneSync, { status, intent, initialAt = -1 }: Pair): boolean =>
  status === 'paired' && intent !== undefined && initialAt >= (options.mode === 're-sync' ? 0 : startedAt);

/** An undo set out to remove the counterpart, and no run has found both since. */
export const isBeingUndone = ({ undoneAt, syncedAt }: Pair): boolean =>
  undoneAt !== undefined && undoneAt >= (syncedAt ?? 0);

function madeOf({ id, source, keys }: Pair): MadeCounterpart {
  const side = otherSide(source);
  return { pairId: id, side, key: keys[side] ?? '', sourceKey: keys[source] ?? '' };
}

const numberOf = ({ ids, source }: Pair): number => Number(ids[otherSide(source)] ?? 0);
const newestFirst = (a: Pair, b: Pair): number => numberOf(b) - numberOf(a);

async function undo(
  context: ProfileContext,
  initialSync: UndoneSync,
  leased: LeasedPair,
): Promise<{ readonly why: KeptReason | null }> {
  const { deps, sides } = context;
  const { pair } = leased;
  if (!isMadeBy(initialSync, pair)) return { why: 'busy' };
  const side = otherSide(pair.source);
  const read = await sides[side].reader.read(pair.ids[side] ?? '', { comments: true });
  // The run before died after it had removed it.
  if (isBeingUndone(pair) && read.kind !== 'found') {
    await leased.remove();
    return { why: null };
  }
  const why = await judge(context, pair, read);
  if (why !== null || read.kind !== 'found') return { why };
  // A link that somebody made there need not have moved the version.
  if (!(await isOnlyOurs(context, read.item))) return { why: 'touched' };
  await takeBudget(context);
  await leased.commit({ undoneAt: deps.now() });
  await deps.reached('leave-recorded');
  if ((await removeItem(context, read.item)) !== null) return { why: 'refused' };
  await deps.reached('counterpart-deleted');
  await leased.remove();
  return { why: null };
}

/** What is removed here was confirmed one by one: it leaves the less for what a running profile would remove. */
async function takeBudget({ deps, scope, profile }: ProfileContext): Promise<void> {
  await deps.config.takeBudget(scope, profile.id, deps.now(), 1);
}

/**
 * Whether the counterpart stands as we left it: changed by us alone, and without a comment that is not our copy. The version
 * recorded for it tells nothing: it moves on with what others changed and a run brought across.
 */
async function judge(context: ProfileContext, pair: Pair, read: ReadOutcome): Promise<KeptReason | null> {
  if (read.kind !== 'found') return 'gone';
  const { item } = read;
  const copies = (await context.deps.state.children(context.scope, pair.id, 'comment')).filter(
    ({ source, targetId }) => source === pair.source && targetId !== undefined,
  );
  if (!areOurs(item, copies)) return 'touched';
  return isAsCreated(item) || (await isOnlyOurs(context, item)) ? null : 'touched';
}

/** Azure DevOps begins with revision 1; an issue is read in bulk without its history. */
const isAsCreated = ({ side, versions, createdAt, updatedAt }: ItemSnapshot): boolean =>
  side === 'azure' ? versions.fields?.seq === 1 : Date.parse(createdAt) === Date.parse(updatedAt);

async function isOnlyOurs({ sides }: ProfileContext, item: ItemSnapshot): Promise<boolean> {
  const { reader, accountId } = sides[item.side];
  const [accounts, us] = await Promise.all([reader.changedBy(item.id), accountId()]);
  return [...accounts].every((account) => account === us);
}

function areOurs({ comments, commentCount }: ItemSnapshot, copies: readonly ChildPair[]): boolean {
  if (comments === undefined) return commentCount === undefined || commentCount <= copies.length;
  return comments.every(({ id, version }) => {
    const copy = copies.find(({ targetId }) => targetId === id);
    return copy !== undefined && notNewer(version, copy.targetVersion);
  });
}
