// The plan as data: what would bring a pair to agreement, and why. planPair and planCreate (plan-pair.ts, plan-create.ts) make it; the engine
// applies it; preview and `tandem plan` print it.

import type { FieldBaseline } from './baseline.ts';
import type { SyncError } from './errors.ts';
import type { FieldValue, Side } from './model.ts';

/** The row of the merge table (or the policy beneath it) that decided. */
export type MergeRule =
  | 'created'
  | 'unchanged'
  | 'jira-changed'
  | 'azure-changed'
  | 'changed-alike'
  | 'conflict-jira'
  | 'conflict-azure'
  | 'conflict-newest'
  | 'conflict-ask'
  | 'adopted'
  | 'seeded'
  | 'seed-ask'
  | 'merged'
  | 'one-way'
  | 'enforced'
  | 'held'
  | 'failed';

export interface FieldWrite {
  readonly mapping: string;
  /** Native field id on the written side. */
  readonly field: string;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
  readonly rule: MergeRule;
}

export type Operation =
  | { readonly kind: 'create'; readonly side: Side; readonly type: string; readonly writes: readonly FieldWrite[] }
  | {
      readonly kind: 'update';
      readonly side: Side;
      readonly writes: readonly FieldWrite[];
      /** Azure only: the state goes with the fields when one step leads there. */
      readonly state?: { readonly from: string; readonly to: string; readonly rule: MergeRule };
    }
  | {
      readonly kind: 'transition';
      readonly side: Side;
      readonly from: string;
      readonly to: string;
      readonly rule: MergeRule;
    }
  | {
      readonly kind: 'add-comment';
      readonly side: Side;
      readonly sourceId: string;
      readonly body: FieldValue & { readonly kind: 'richText' };
    }
  | {
      readonly kind: 'update-comment';
      readonly side: Side;
      readonly sourceId: string;
      readonly targetId: string;
      readonly body: FieldValue & { readonly kind: 'richText' };
    }
  | {
      readonly kind: 'add-attachment';
      readonly side: Side;
      readonly sourceId: string;
      readonly name: string;
      readonly size: number;
    };

/** What was decided for one mapped field (the state is one, under `stateMappingId`). */
export interface FieldOutcome {
  readonly mapping: string;
  readonly rule: MergeRule;
  /** The side that is written; absent when nothing is. */
  readonly writes?: Side;
  /** Recorded as it stands when nothing is written; else completed from the answer by `settleField`. Absent: keep the present baseline. */
  readonly baseline?: FieldBaseline;
  readonly error?: SyncError;
}

export interface PairPlan {
  readonly operations: readonly Operation[];
  readonly outcomes: readonly FieldOutcome[];
  /** Errors of the item as a whole; those of fields stand in their outcomes. */
  readonly errors: readonly SyncError[];
  /** Sides whose history must be read before a policy can decide; plan again with it. Operations are then empty. */
  readonly needsHistory: readonly Side[];
}
