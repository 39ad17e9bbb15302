// The three-way merge of set-like fields (labels ↔ tags, versions, components), element by element. An element is a
// pair (Jira element, Azure element); one that the other side cannot express, or has no place for, stands alone.

import type { FieldBaseline, Fingerprint, FingerprintKey } from './baseline.ts';
import { sameName } from './catalog.ts';
import type { SyncError } from './errors.ts';
import { elementFingerprint } from './fingerprint.ts';
import { mapElement, namesOption } from './mapping.ts';
import { type BySide, type OptionRef, otherSide, type Side, sides } from './model.ts';
import type { Direction } from './profile.ts';
import { allowsTo, type FieldRule, nativeKind } from './rules.ts';

type ElementPairs = NonNullable<FieldBaseline['elements']>;

export interface SetMergeInput {
  readonly rule: FieldRule;
  readonly key: FingerprintKey;
  readonly itemIds: BySide<string>;
  readonly present: BySide<readonly OptionRef[]>;
  /** The agreed elements; empty when nothing was agreed yet. */
  readonly agreed: ElementPairs;
  readonly direction: Direction;
  /** A side whose set is right as a whole: the other's elements that it could express and lacks are taken away. */
  readonly leader?: Side | undefined;
}

export interface SetMerge {
  /** What each side should hold: what it held, in its order, less what was taken away, then what was added. */
  readonly result: BySide<readonly OptionRef[]>;
  readonly elements: ElementPairs;
  /** Elements that the profile wants told as errors; they are not recorded, so they are tried again. */
  readonly errors: readonly SyncError[];
}

type Elements = ReadonlyMap<Fingerprint, OptionRef>;

export function mergeSets(input: SetMergeInput): SetMerge {
  const { rule, key, itemIds } = input;
  const print = (side: Side, option: OptionRef) =>
    elementFingerprint(key, side, itemIds[side], rule.field[side], option);
  const index = (side: Side): Elements => {
    const map = new Map<Fingerprint, OptionRef>();
    for (const option of input.present[side]) if (!map.has(print(side, option))) map.set(print(side, option), option);
    return map;
  };
  const present = { jira: index('jira'), azure: index('azure') };
  const pairs = matchPairs(rule, present, input.agreed);
  const removed = { jira: new Set<Fingerprint>(), azure: new Set<Fingerprint>() };
  const added = { jira: new Map<Fingerprint, OptionRef>(), azure: new Map<Fingerprint, OptionRef>() };
  const alone: (readonly [Fingerprint | null, Fingerprint | null])[] = [];
  const errors: SyncError[] = [];

  for (const side of sides) {
    const other = otherSide(side);
    for (const [fingerprint, option] of present[side]) {
      if (pairs.some((pair) => at(pair, side) === fingerprint)) continue;
      const fate = fateOf(input, side, fingerprint);
      if (fate === 'remove') {
        if (input.leader !== other || mapElement(rule, side, option).kind === 'value') removed[side].add(fingerprint);
        else alone.push(pairOf(side, fingerprint, null));
      } else if (fate === 'stay') {
        alone.push(pairOf(side, fingerprint, null));
      } else {
        const mapped = mapElement(rule, side, option);
        if (mapped.kind === 'error') errors.push(mapped.error);
        else if (mapped.kind === 'skip') alone.push(pairOf(side, fingerprint, null));
        else {
          const counterpart = print(other, mapped.option);
          if (!present[other].has(counterpart)) added[other].set(counterpart, mapped.option);
          pairs.push(pairOf(side, fingerprint, counterpart));
        }
      }
    }
  }
  const kept = (side: Side) => [...present[side]].filter(([fingerprint]) => !removed[side].has(fingerprint));
  for (const side of sides.filter((one) => nativeKind(rule, one) === 'option')) {
    const other = otherSide(side);
    if (kept(side).length + added[side].size === 0) fillPlace(input, side, { present, alone, pairs, added, print });
    // What finds no place stands alone on its own side until there is one.
    const rest = [...added[side].keys()].slice(kept(side).length > 0 ? 0 : 1);
    for (const fingerprint of rest) {
      added[side].delete(fingerprint);
      for (const pair of pairs.filter((one) => at(one, side) === fingerprint)) {
        pairs.splice(pairs.indexOf(pair), 1);
        const own = at(pair, other);
        if (own !== null) alone.push(pairOf(other, own, null));
      }
    }
  }
  const result = (side: Side) => [...kept(side).map(([, option]) => option), ...added[side].values()];
  return { result: { jira: result('jira'), azure: result('azure') }, elements: [...pairs, ...alone], errors };
}

type Pairs = [Fingerprint | null, Fingerprint | null][];

/** Gives the empty place of a side that holds one element to the first that waits for it on the other side. */
function fillPlace(
  { rule, direction }: SetMergeInput,
  side: Side,
  state: {
    readonly present: BySide<Elements>;
    readonly alone: (readonly [Fingerprint | null, Fingerprint | null])[];
    readonly pairs: Pairs;
    readonly added: BySide<Map<Fingerprint, OptionRef>>;
    readonly print: (side: Side, option: OptionRef) => Fingerprint;
  },
): void {
  const other = otherSide(side);
  if (!allowsTo(direction, side)) return;
  for (const waiting of state.alone) {
    const own = at(waiting, other);
    const option = own === null ? undefined : state.present[other].get(own);
    const mapped = option === undefined ? undefined : mapElement(rule, other, option);
    if (own === null || mapped?.kind !== 'value') continue;
    const counterpart = state.print(side, mapped.option);
    state.alone.splice(state.alone.indexOf(waiting), 1);
    state.pairs.push(pairOf(other, own, counterpart));
    state.added[side].set(counterpart, mapped.option);
    return;
  }
}

const at = (pair: readonly [Fingerprint | null, Fingerprint | null], side: Side) => pair[side === 'jira' ? 0 : 1];

const pairOf = (side: Side, own: Fingerprint, other: Fingerprint | null): [Fingerprint | null, Fingerprint | null] =>
  side === 'jira' ? [own, other] : [other, own];

/** Pairs of elements that stand on both sides: those agreed before, and those that mean the same. */
function matchPairs(
  rule: FieldRule,
  present: BySide<Elements>,
  agreed: ElementPairs,
): [Fingerprint | null, Fingerprint | null][] {
  const pairs: [Fingerprint | null, Fingerprint | null][] = [];
  const seen = new Set<string>();
  const put = (jira: Fingerprint, azure: Fingerprint) => {
    if (seen.has(`${jira} ${azure}`)) return;
    seen.add(`${jira} ${azure}`);
    pairs.push([jira, azure]);
  };
  for (const [jira, azure] of agreed) {
    if (jira !== null && azure !== null && present.jira.has(jira) && present.azure.has(azure)) put(jira, azure);
  }
  for (const [jira, jiraOption] of present.jira) {
    for (const [azure, azureOption] of present.azure) {
      if (sameElement(rule, jiraOption, azureOption)) put(jira, azure);
    }
  }
  return pairs;
}

/** A listed pair, or either element mapped gives the other. */
function sameElement(rule: FieldRule, jira: OptionRef, azure: OptionRef): boolean {
  const named = (side: Side, given: string, option: OptionRef) => namesOption(rule, side, given, option.name);
  if (rule.values.some((pair) => named('jira', pair.jira, jira) && named('azure', pair.azure, azure))) return true;
  const toAzure = mapElement(rule, 'jira', jira);
  if (toAzure.kind === 'value' && sameName(toAzure.option.name, azure.name)) return true;
  const toJira = mapElement(rule, 'azure', azure);
  return toJira.kind === 'value' && toJira.option.name === jira.name;
}

/** What becomes of an element that has no partner on the other side now. */
function fateOf(input: SetMergeInput, side: Side, fingerprint: Fingerprint): 'remove' | 'stay' | 'send' {
  const other = otherSide(side);
  const maySend = allowsTo(input.direction, other);
  if (input.leader === side) return maySend ? 'send' : 'stay';
  if (input.leader === other) return allowsTo(input.direction, side) ? 'remove' : 'stay';
  const agreed = input.agreed.filter((pair) => at(pair, side) === fingerprint);
  const hadPartner = agreed.some((pair) => at(pair, other) !== null);
  if (hadPartner) return allowsTo(input.direction, side) ? 'remove' : 'stay';
  if (agreed.length > 0) return 'stay';
  return maySend ? 'send' : 'stay';
}
