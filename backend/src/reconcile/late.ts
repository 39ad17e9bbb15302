// Values of other people that our write replaced in the moment between our read and our write. They are never passed
// over: by the field's policy the value is put back or ours stands, and where the history can't give it back, an error
// shows it.

import { neverAgreed } from '../sync/baseline.ts';
import { syncError } from '../sync/errors.ts';
import { fingerprintOf } from '../sync/fingerprint.ts';
import {
  type BySide,
  type FieldValue,
  type HistoryEntry,
  type ItemSnapshot,
  otherSide,
  type Side,
  sides,
} from '../sync/model.ts';
import { ownEntries } from '../sync/own-writes.ts';
import { type FieldRule, valueOn } from '../sync/rules.ts';
import { rulesOf } from '../sync/settle.ts';
import { type ProfileContext, planContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import { type Complaint, mergeErrors } from './outcome.ts';
import type { Pair } from './ports.ts';
import { walkTo } from './transition.ts';

type Late = Pair['late'][number];

const rulesFor = (context: ProfileContext, read: BySide<ItemSnapshot>) => rulesOf({ ...planContext(context), ...read });

/**
 * What a run that died after its write could not record: for every open write intent whose side has moved since, the
 * others' entries that stand before our own. Reads a history only then.
 */
export async function findLate(
  context: ProfileContext,
  pair: Pair,
  read: BySide<ItemSnapshot>,
): Promise<readonly Late[]> {
  const found: Late[] = [];
  for (const side of sides) {
    const intents = pair.writeIntents.filter((intent) => intent.side === side);
    if (intents.length === 0) continue;
    const base = Math.min(...intents.map((intent) => intent.base.seq ?? 0));
    if ((read[side].versions.fields?.seq ?? 0) <= base) continue;
    const history = await context.sides[side].reader.history(read[side].id, base);
    const sent = new Set(intents.flatMap((intent) => Object.keys(intent.fields)));
    for (const rule of rulesFor(context, read)) {
      if (sent.has(rule.id)) found.push(...replacedEntries(context, rule, read[side], intents, history));
    }
  }
  return found;
}

function replacedEntries(
  context: ProfileContext,
  rule: FieldRule,
  item: ItemSnapshot,
  intents: Pair['writeIntents'],
  history: readonly HistoryEntry[],
): readonly Late[] {
  const { side } = item;
  const field = rule.field[side];
  const entries = history.filter((entry) => entry.field === field);
  const value = valueOn(rule, item);
  const { timeZone } = context.profile.settings;
  const ours = ownEntries({
    rule,
    item,
    key: context.key,
    timeZone,
    current: fingerprintOf(context.key, side, item.id, field, value === 'unavailable' ? null : value, {
      kind: rule.kind,
      timeZone,
    }),
    sent: new Set(intents.flatMap((intent) => intent.fields[rule.id] ?? [])),
    history,
  });
  const lastOwn = Math.max(-1, ...entries.map((entry, index) => (ours.has(entry) ? index : -1)));
  const before = entries.slice(0, Math.max(0, lastOwn)).filter((entry) => !ours.has(entry));
  const last = before.at(-1);
  return last === undefined ? [] : [{ mapping: rule.id, side, field, seq: last.seq }];
}

/** Weighs each by its field's policy and clears them; the pair must be read again afterwards. Throws SyncFailure. */
export async function settleLate(
  context: ProfileContext,
  leased: LeasedPair,
  read: BySide<ItemSnapshot>,
  late: readonly Late[],
): Promise<void> {
  const rules = new Map(rulesFor(context, read).map((rule) => [rule.id, rule]));
  const complaints: Complaint[] = [];
  // Kept first: a crash in what follows finds them again.
  await leased.commit({ late });
  await context.deps.reached('late-recorded');
  const open: Late[] = [];
  for (const entry of late) {
    const rule = rules.get(entry.mapping);
    const settled = rule ? await settleOne(context, leased, read[entry.side], entry, rule) : [];
    if (settled === 'stale') open.push(entry);
    else complaints.push(...settled);
  }
  const { pair } = leased;
  await leased.commit({
    late: open,
    writeIntents: [],
    errors: mergeErrors(pair.errors, complaints, context.deps.now(), () => true),
  });
}

/** `stale`: somebody changed the item meanwhile, so it has to be read again before the value can go back. */
async function settleOne(
  context: ProfileContext,
  leased: LeasedPair,
  item: ItemSnapshot,
  late: Late,
  rule: FieldRule,
): Promise<readonly Complaint[] | 'stale'> {
  const source: Side = otherSide(late.side);
  const ourWriteStands = rule.direction !== 'both' || rule.conflict === source;
  if (ourWriteStands) return [];
  const { reader, accountId } = context.sides[late.side];
  const since = (await reader.history(item.id, late.seq - 1)).filter((entry) => entry.field === late.field);
  const theirs = since.find((entry) => entry.seq === late.seq);
  if (theirs === undefined) return [];
  // Ours is the next entry; a later one means that the value was set again since. A status takes us several steps.
  const after = since.filter((entry) => entry.seq > late.seq);
  const us = rule.isState ? await accountId() : undefined;
  if (us === undefined ? after.length > 1 : after.some(({ byId }) => byId !== us)) return [];
  const outcome = theirs.to === undefined ? 'lost' : await putBack(context, item, rule, theirs.to);
  if (outcome === 'stale') return 'stale';
  if (outcome === 'lost') {
    return [{ subject: late.mapping, error: syncError('overwritten', { side: late.side, field: late.field }) }];
  }
  await context.deps.reached('late-put-back');
  if (rule.conflict === 'ask') await markBothChanged(leased, rule);
  return [];
}

async function putBack(
  context: ProfileContext,
  item: ItemSnapshot,
  rule: FieldRule,
  value: FieldValue | null,
): Promise<'done' | 'stale' | 'lost'> {
  if (rule.isState && item.side === 'jira') {
    if (value?.kind !== 'option') return 'lost';
    const nothing = async () => {};
    const walk = await walkTo(context, item, value.option.name, { before: nothing, after: nothing, refused: nothing });
    return walk.kind === 'arrived' ? 'done' : walk.kind === 'stale' ? 'stale' : 'lost';
  }
  const { writer } = context.sides[item.side];
  const outcome = rule.isState
    ? await writer.update(item, [], value?.kind === 'option' ? value.option.name : undefined)
    : await writer.update(item, [{ field: rule.field[item.side], value }]);
  return outcome.kind === 'written' ? 'done' : outcome.kind === 'stale' ? 'stale' : 'lost';
}

/** With nothing agreed on either side, the next plan sees a conflict and asks. */
async function markBothChanged(leased: LeasedPair, rule: FieldRule): Promise<void> {
  const { baseline } = leased.pair;
  if (baseline === null) return;
  const field = { rule: rule.fingerprint, jira: neverAgreed, azure: neverAgreed };
  await leased.commit({ baseline: { ...baseline, fields: { ...baseline.fields, [rule.id]: field } } });
}
