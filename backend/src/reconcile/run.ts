// What one run on a leased pair has come to so far, as its operations share it.

import type { BySide, ItemSnapshot, Side } from '../sync/model.ts';
import type { PairPlan } from '../sync/plan.ts';
import { settleAll } from '../sync/settle.ts';
import { type ProfileContext, planContext } from './context.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { Complaint } from './outcome.ts';
import type { Pair } from './ports.ts';

/** What the operations of one run have come to so far. */
export interface Run {
  readonly context: ProfileContext;
  readonly leased: LeasedPair;
  readonly read: BySide<ItemSnapshot>;
  readonly plan: PairPlan;
  /** The items as the servers answered our writes. */
  readonly answers: { jira?: ItemSnapshot; azure?: ItemSnapshot };
  /** Mappings whose writes went through. */
  readonly written: Set<string>;
  readonly complaints: Complaint[];
  versions: Pair['versions'];
  /** When Jira's web links were read, if they were. */
  webLinksReadAt?: number;
  /** Somebody else was seen writing: the pair is reconciled again at once. */
  again: boolean;
}

/** The baseline after what was written so far. */
export const settled = (run: Run) =>
  settleAll(
    { ...planContext(run.context), ...run.read, baseline: run.leased.pair.baseline },
    run.plan,
    run.answers,
    run.written,
  );

export function moveVersion(run: Run, side: Side, fields: NonNullable<ItemSnapshot['versions']['fields']>): void {
  run.versions = { ...run.versions, [side]: { ...run.versions[side], fields } };
}
