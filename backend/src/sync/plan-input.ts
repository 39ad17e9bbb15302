// What the planners are given: everything read or remembered that a decision may rest on. The engine fills it in; the
// core changes none of it.

import type { Baseline, Fingerprint, FingerprintKey, WriteIntent } from './baseline.ts';
import type { SideSchema } from './catalog.ts';
import type { HistoryEntry, ItemSnapshot, Side } from './model.ts';
import type { PeopleIndex } from './people.ts';
import type { Profile } from './profile.ts';
import type { ConversionContext } from './richtext/context.ts';

/** What every planner needs, whatever it plans. */
export interface PlanContext {
  readonly profile: Profile;
  readonly key: FingerprintKey;
  readonly people: PeopleIndex;
  /** Without them nothing is known of read-only fields, allowed options or native kinds; the plan then trusts the mapping. */
  readonly catalogs?: { readonly jira: SideSchema; readonly azure: SideSchema } | null;
  /** Mentions and inline files in rich text. */
  readonly resolve?: ConversionContext;
  /** Epoch ms. */
  readonly now: number;
}

/** Values that a side refused by name, by mapping id. */
export type HeldFields = Readonly<Record<string, { readonly value: Fingerprint; readonly rule: Fingerprint }>>;

/** What we replaced and when, by mapping id. */
export type ReplacedValues = Readonly<Record<string, readonly { readonly value: Fingerprint; readonly at: number }[]>>;

export interface PlanInput extends PlanContext {
  readonly jira: ItemSnapshot;
  readonly azure: ItemSnapshot;
  readonly baseline: Baseline | null;
  readonly writeIntents?: readonly WriteIntent[];
  readonly held?: HeldFields;
  readonly replaced?: ReplacedValues;
  /** Mapping ids with an open `oscillation` error: they stay still until an admin's Retry takes them out. */
  readonly stopped?: readonly string[];
  /** Since the versions of the baseline; give it when a plan asked for it with `needsHistory`. */
  readonly history?: { readonly jira?: readonly HistoryEntry[]; readonly azure?: readonly HistoryEntry[] };
  /** Jira fields that the issue can be edited in; give it when a plan asked for it with `needsEditable`. */
  readonly editable?: ReadonlySet<string>;
  /** An admin's answers to `ask` and `seed-ask`, by mapping id. */
  readonly choices?: Readonly<Record<string, Side>>;
}

export interface CreateInput extends PlanContext {
  readonly source: ItemSnapshot;
  /** Fields that the other side refused when the create was tried before. */
  readonly held?: HeldFields;
}
