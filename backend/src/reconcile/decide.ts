// Tells a run's outcome for the timeline of its pair: names, ids and codes, nothing that a person wrote. No I/O.

import type { LinkOperation } from '../sync/links.ts';
import type { BySide, ItemSnapshot, Side } from '../sync/model.ts';
import { sides } from '../sync/model.ts';
import type { Operation, PairPlan } from '../sync/plan.ts';
import { stateFields } from '../sync/rules.ts';
import type { ProfileContext } from './context.ts';
import type { Complaint } from './outcome.ts';
import type { DecidedOperation, Decision, ItemJob, Pair } from './ports.ts';

/** Of each list of a decision; with it the 200 decisions of a pair stay far below a megabyte. */
const mostEntries = 25;

export type Seen = Decision['seen'];

/** What a job came for, as the timeline tells it. */
export function seenOf({ hints, initial }: Pick<ItemJob, 'hints' | 'initial'>): Seen {
  if (initial) return [{ by: 'initial-sync' }];
  if (hints.length === 0) return [{ by: 'retry' }];
  const told = hints.map(({ by, side, aspect }): Seen[number] => ({ by: by ?? 'event', side, aspect }));
  return [...new Map(told.map((one) => [JSON.stringify(one), one])).values()];
}

export interface Outcome {
  readonly read?: Partial<BySide<Pick<ItemSnapshot, 'versions'>>>;
  readonly operations?: readonly DecidedOperation[];
  readonly rules?: Decision['rules'];
  readonly complaints?: readonly Complaint[];
}

export function decision(context: ProfileContext, what: Decision['what'], outcome: Outcome = {}): Decision {
  const { read = {}, operations = [], rules = [], complaints = [] } = outcome;
  const seqs = sides.flatMap((side) => {
    const seq = read[side]?.versions.fields?.seq;
    return seq === undefined ? [] : [[side, seq] as const];
  });
  let more = 0;
  const cut = <T>(list: readonly T[]): readonly T[] => {
    more += Math.max(0, list.length - mostEntries);
    return list.slice(0, mostEntries);
  };
  const told: Decision = {
    at: context.deps.now(),
    what,
    seen: (context.seen ?? []).slice(0, mostEntries),
    versions: Object.fromEntries(seqs),
    operations: cut(operations).map((operation) =>
      operation.fields ? { ...operation, fields: cut(operation.fields) } : operation,
    ),
    rules: cut(rules),
    codes: cut(complaints).map(({ error, subject }) => ({ code: error.code, ...(subject ? { subject } : {}) })),
  };
  return more === 0 ? told : { ...told, more };
}

/** Of the plan's outcomes, those that decided something. */
export const rulesOfPlan = ({ outcomes }: Pick<PairPlan, 'outcomes'>): Decision['rules'] =>
  outcomes.filter(({ rule }) => rule !== 'unchanged').map(({ mapping, rule }) => ({ mapping, rule }));

/** A planned operation without its values: states and types are names of the site's configuration. */
export function decidedOperation(operation: Operation): DecidedOperation {
  const { kind, side } = operation;
  switch (operation.kind) {
    case 'create':
      return { side, kind, to: operation.type, fields: operation.writes.map(({ field }) => field) };
    case 'update': {
      const { writes, state } = operation;
      const fields = [...writes.map(({ field }) => field), ...(state ? [stateFields[side]] : [])];
      return { side, kind, fields, ...(state ? { from: state.from, to: state.to } : {}) };
    }
    case 'transition':
      return { side, kind, fields: [stateFields[side]], from: operation.from, to: operation.to };
    default:
      return { side, kind, ...('sourceId' in operation ? { child: operation.sourceId } : {}) };
  }
}

/** A link by its type and the item at its other end; an address is what people wrote. */
export function decidedLink(operation: LinkOperation): DecidedOperation {
  const { type, target } = operation.kind === 'add' ? operation : operation.link;
  const child = /^\d+$/.test(target) ? { child: target } : {};
  return { side: operation.side, kind: `${operation.kind}-link`, to: type, ...child };
}

/** The one operation that a side saw beside its fields. */
export const operationOn = (side: Side, kind: DecidedOperation['kind'], more: Partial<DecidedOperation> = {}) => ({
  side,
  kind,
  ...more,
});

/** A pair's keys for words that people read: `TAN-12`, `#345`. */
export const nameOf = (side: Side, key: Pair['keys'][Side]): string =>
  side === 'azure' ? `#${key ?? ''}` : (key ?? '');
