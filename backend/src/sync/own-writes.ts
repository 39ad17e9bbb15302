// Tells our own writes from other people's in a field's history, and a field that fights another automation.

import type { Fingerprint, FingerprintKey, WriteIntent } from './baseline.ts';
import { seenValue } from './field-view.ts';
import { fingerprintOf } from './fingerprint.ts';
import { toKind } from './kinds.ts';
import type { FieldValue, HistoryEntry, ItemSnapshot } from './model.ts';
import { type FieldRule, nativeKind, nativeValue } from './rules.ts';

export interface FieldHistory {
  /** Nothing but our own write, whose answer was lost, changed the field since the baseline. */
  readonly onlyOurs: boolean;
  /** Epoch ms of the last change by anyone else. */
  readonly lastChange: number | undefined;
  /** What we had written when somebody else went on from there. */
  readonly builtOn: ReadonlySet<Fingerprint>;
}

/** Fingerprints that open intents sent to this side for this field. */
export function sentFingerprints(
  rule: FieldRule,
  item: ItemSnapshot,
  intents: readonly WriteIntent[],
): ReadonlySet<Fingerprint> {
  const sent = intents.filter((intent) => intent.side === item.side).map((intent) => intent.fields[rule.id]);
  return new Set(sent.filter((fingerprint) => fingerprint !== undefined));
}

export interface HistoryQuestion {
  readonly rule: FieldRule;
  readonly item: ItemSnapshot;
  readonly key: FingerprintKey;
  readonly timeZone: string;
  /** Of the value that stands there now. */
  readonly current: Fingerprint;
  readonly sent: ReadonlySet<Fingerprint>;
  /** Since the baseline. */
  readonly history: readonly HistoryEntry[];
}

/**
 * The entries that are ours: those that set the very value that an intent sent. Where the history can't give the value
 * back (rich text in Jira), the last entry is ours if what stands there now is what we sent.
 */
export const ownEntries = (question: HistoryQuestion): ReadonlySet<HistoryEntry> => new Set(ownPrints(question).keys());

function ownPrints(question: HistoryQuestion): ReadonlyMap<HistoryEntry, Fingerprint> {
  const { rule, item, key, timeZone, current, sent, history } = question;
  const field = rule.field[item.side];
  const entries = history.filter((entry) => entry.field === field);
  const last = entries.at(-1);
  // A history tells many kinds as plain words: they are read in the kind of the value that stands there.
  const kind = nativeKind(rule, item.side, nativeValue(rule, item));
  const format = item.side === 'jira' ? 'adf' : 'html';
  const asPresent = (value: FieldValue | null) =>
    seenValue(rule, item.side, value === null ? null : (toKind(value, { kind, format, timeZone }) ?? value));
  const own = new Map<HistoryEntry, Fingerprint>();
  for (const entry of entries) {
    if (entry.to === undefined) {
      if (entry === last && sent.has(current)) own.set(entry, current);
      continue;
    }
    const print = fingerprintOf(key, item.side, item.id, field, asPresent(entry.to), { kind: rule.kind, timeZone });
    if (sent.has(print)) own.set(entry, print);
  }
  return own;
}

export function readHistory(question: HistoryQuestion): FieldHistory {
  const { rule, item, current, sent } = question;
  const entries = question.history.filter((entry) => entry.field === rule.field[item.side]);
  const own = ownPrints(question);
  const others = entries.filter((entry) => !own.has(entry));
  const before = entries.slice(
    0,
    Math.max(
      0,
      entries.findLastIndex((entry) => !own.has(entry)),
    ),
  );
  return {
    onlyOurs: sent.size > 0 && others.length === 0 && (entries.length > 0 || sent.has(current)),
    lastChange: others.length === 0 ? undefined : Math.max(...others.map((entry) => entry.at)),
    builtOn: new Set(before.flatMap((entry) => own.get(entry) ?? [])),
  };
}

const windowMs = 60 * 60 * 1000;

/**
 * Whether a value has come back, for the second time within an hour, that we had replaced each time. `replaced` are the
 * field's replacements, `current` the fingerprint of what stands on a side now.
 */
export function oscillates(
  replaced: readonly { readonly value: Fingerprint; readonly at: number }[],
  current: Fingerprint,
  now: number,
): boolean {
  return replaced.filter(({ value, at }) => value === current && now - at <= windowMs).length >= 2;
}
