// What one side did since the baseline, in units that both sides share: kept, replaced, inserted. Works on indices and
// fingerprints alone.
import type { RichTextBaseline } from '../baseline.ts';
import type { Side } from '../model.ts';
import { matches, type Pair } from './align.ts';

/** From, and up to but not including. */
export type Range = readonly [number, number];

/** Blocks of the baseline that stand for each other; a range is empty where a side has nothing for it. */
export type Unit = Readonly<Record<Side, Range>>;

/** Units in a row that a side replaced by a range of its present blocks (an empty one: deleted). */
export interface Change {
  readonly units: Range;
  readonly blocks: Range;
}

export interface Script {
  /** By every unit that a change covers; no two changes of a side cover the same one. */
  readonly changes: ReadonlyMap<number, Change>;
  /** Inserted blocks by the unit before which they stand; the number of units for the end. */
  readonly inserts: ReadonlyMap<number, Range>;
  /** Where a kept unit stands now. */
  readonly kept: ReadonlyMap<number, Range>;
  readonly unchanged: boolean;
}

export function unitsOf(baseline: RichTextBaseline): readonly Unit[] {
  const units: Unit[] = [];
  let [jira, azure] = [0, 0];
  const skipTo = (pair: Pair) => {
    for (; jira < pair[0]; jira += 1) units.push({ jira: [jira, jira + 1], azure: [azure, azure] });
    for (; azure < pair[1]; azure += 1) units.push({ jira: [jira, jira], azure: [azure, azure + 1] });
  };
  const usable = baseline.pairs.filter(([a, b]) => a < baseline.jira.length && b < baseline.azure.length);
  for (const [a, b] of usable) {
    const last = units.at(-1);
    if (last !== undefined && (a < jira || b < azure)) {
      // Shares a block with the unit before: the two are one.
      units.pop();
      [jira, azure] = [Math.max(jira, a + 1), Math.max(azure, b + 1)];
      units.push({ jira: [last.jira[0], jira], azure: [last.azure[0], azure] });
      continue;
    }
    skipTo([a, b]);
    units.push({ jira: [a, a + 1], azure: [b, b + 1] });
    [jira, azure] = [a + 1, b + 1];
  }
  skipTo([baseline.jira.length, baseline.azure.length]);
  return units;
}

export function scriptOf(units: readonly Unit[], side: Side, base: readonly string[], now: readonly string[]): Script {
  const place = new Map(matches(base, now));
  const kept = new Map<number, Range>();
  for (const [i, unit] of units.entries()) {
    const [from, to] = unit[side];
    const first = place.get(from);
    if (from === to || first === undefined) continue;
    const inRow = Array.from({ length: to - from }, (_, k) => place.get(from + k) === first + k).every(Boolean);
    if (inRow) kept.set(i, [first, first + to - from]);
  }
  const changes: Change[] = [];
  const inserts = new Map<number, Range>();
  let reached = 0;
  let open: number[] = [];
  const closeGap = (end: number, slot: number) => {
    const gap: Range = [reached, end];
    if (open.length === 0) {
      if (end > reached) inserts.set(slot, gap);
    } else changes.push(...changesOf(open, gap, units, side));
    open = [];
  };
  for (const [i, unit] of units.entries()) {
    const at = kept.get(i);
    if (at !== undefined) {
      closeGap(at[0], i);
      reached = at[1];
    } else if (unit[side][0] < unit[side][1]) open.push(i);
  }
  closeGap(now.length, units.length);
  const byUnit = new Map<number, Change>();
  for (const change of changes) for (let i = change.units[0]; i < change.units[1]; i += 1) byUnit.set(i, change);
  return { changes: byUnit, inserts, kept, unchanged: changes.length === 0 && inserts.size === 0 };
}

/** As many blocks as before: each replaced its own. Else nobody can tell which became which, so all of them together. */
function changesOf(units: readonly number[], [from, to]: Range, all: readonly Unit[], side: Side): readonly Change[] {
  const [first, last] = [units[0] ?? 0, units.at(-1) ?? 0];
  const sizes = units.map((unit) => (all[unit]?.[side][1] ?? 0) - (all[unit]?.[side][0] ?? 0));
  const total = sizes.reduce((sum, size) => sum + size, 0);
  if (from === to) return units.map((unit): Change => ({ units: [unit, unit + 1], blocks: [from, to] }));
  if (total !== to - from) return [{ units: [first, last + 1], blocks: [from, to] }];
  let at = from;
  return units.map((unit, i): Change => {
    const start = at;
    at += sizes[i] ?? 0;
    return { units: [unit, unit + 1], blocks: [start, at] };
  });
}
