// The plan as data: what would bring a pair to agreement, and why. planPair and planCreate (plan-pair.ts, plan-create.ts) make it; the engine
// applies it; preview and `tandem plan` print it.

import type { FieldBaseline, Fingerprint } from './baseline.ts';
import type { SyncError } from './errors.ts';
import type { FieldValue, LinkSnapshot, Side } from './model.ts';

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
  /** Nothing was edited: an item that the text names has got its counterpart. */
  | 'relinked'
  | 'held'
  | 'failed';

export interface FieldWrite {
  readonly mapping: string;
  /** Native field id on the written side. */
  readonly field: string;
  readonly before: FieldValue | null;
  readonly after: FieldValue | null;
  readonly rule: MergeRule;
  /** Of `after`, as the written side's: for write intents and held values. On a create the item id in it is empty. */
  readonly fingerprint: Fingerprint;
  /** Of `before`: what a later `oscillates` looks for. */
  readonly replaces: Fingerprint;
  /** What people read instead of the two values: the days, where the mapping compares days and the side keeps moments. */
  readonly shown?: { readonly before: FieldValue | null; readonly after: FieldValue | null };
}

/** A change of state, as it goes along with an update (Azure) or as transitions of its own. */
export interface StateWrite {
  readonly from: string;
  readonly to: string;
  /** Fields that the service changes along with the state, whether they are written or not: they settle with it. */
  readonly settles?: readonly string[];
  readonly rule: MergeRule;
  readonly fingerprint: Fingerprint;
  readonly replaces: Fingerprint;
}

export type Operation =
  | { readonly kind: 'create'; readonly side: Side; readonly type: string; readonly writes: readonly FieldWrite[] }
  | {
      readonly kind: 'update';
      readonly side: Side;
      readonly writes: readonly FieldWrite[];
      /** Azure only: the state goes with the fields when one step leads there. */
      readonly state?: StateWrite;
    }
  /** On Jira always; on Azure where the known workflow has no single step to the state. Walk it with `nextHop`. */
  | ({
      readonly kind: 'transition';
      readonly side: Side;
      /** Fields for the last step. */
      readonly along?: readonly FieldWrite[];
    } & StateWrite)
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
      /** The edit of a copy comes back: `targetId` is the person's own comment, which takes no marker. */
      readonly returning?: true;
    }
  | {
      readonly kind: 'delete-comment';
      readonly side: Side;
      /** Of the other side: the counterpart, which is gone. */
      readonly sourceId: string;
      readonly targetId: string;
      /** The copy was deleted: `targetId` is the person's own comment. */
      readonly returning?: true;
      /** The counterpart is not gone but restricted: it may become public again. */
      readonly hidden?: true;
    }
  | {
      readonly kind: 'add-attachment';
      readonly side: Side;
      readonly sourceId: string;
      readonly name: string;
      readonly size: number;
    }
  | {
      readonly kind: 'delete-attachment';
      readonly side: Side;
      /** Of the other side: the counterpart, which is gone. */
      readonly sourceId: string;
      readonly targetId: string;
      /** The copy was deleted: `targetId` is the person's own file. */
      readonly returning?: true;
    }
  /** As previews tell of it; sync/links.ts plans it for the engine. */
  | {
      readonly kind: 'add-link' | 'remove-link';
      readonly side: Side;
      /** A Jira link type, `parent` or `web`; in Azure DevOps a relation's reference name. */
      readonly type: string;
      readonly direction: LinkSnapshot['direction'];
      /** The linked item's key on that side, or an address. */
      readonly target: string;
    };

/** What was decided for one mapped field (the state is one, under `stateMappingId`). */
export interface FieldOutcome {
  readonly mapping: string;
  readonly rule: MergeRule;
  /** The sides that are written: none, one, or (sets and rich text that merge) both. */
  readonly writes: readonly Side[];
  /** Of the mapping's own rule, for `held`. */
  readonly ruleFingerprint: Fingerprint;
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
  /** A resolution waits for a change of the status unless the issue can be edited in it: plan again with what it can. */
  readonly needsEditable?: true;
}

/** What planCreate makes of an unpaired item. `skip`: the profile does not want a counterpart; `error`: it cannot have one. */
export type CreatePlan =
  | { readonly kind: 'skip'; readonly reason: 'direction' | 'type' | 'restricted' }
  | { readonly kind: 'error'; readonly errors: readonly SyncError[] }
  | {
      readonly kind: 'create';
      /** The side that is created on. */
      readonly side: Side;
      readonly type: string;
      /** Mapped fields and the profile's fixed values; these have the mapping id `default~<field>`. */
      readonly writes: readonly FieldWrite[];
      /** Wanted after the creation, unless the created item already stands there. */
      readonly state?: string;
      readonly outcomes: readonly FieldOutcome[];
      /** The same as data: the create, then the state. */
      readonly operations: readonly Operation[];
    };
