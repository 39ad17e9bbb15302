// The merge table: from what changed since the two sides last agreed to who is written. Knows facts and policies, no
// values: planning them is plan-field.ts' work.

import { otherSide, type Side } from './model.ts';
import type { MergeRule } from './plan.ts';
import type { ConflictPolicy, Direction, SeedingPolicy } from './profile.ts';
import { allowsTo } from './rules.ts';

export interface Facts {
  /** A baseline made under the same mapping, key and normal forms exists. */
  readonly comparable: boolean;
  /** The values mean the same. */
  readonly same: boolean;
  /** Changed since the baseline. */
  readonly jira: boolean;
  readonly azure: boolean;
}

type Verdict = 'adopt' | 'seed' | 'unchanged' | 'alike' | 'jira' | 'azure' | 'conflict';

/* comparable  same   Jira changed  Azure changed  verdict        what happened */
const table: readonly (readonly [boolean, boolean | null, boolean | null, boolean | null, Verdict])[] = [
  [false, true, null, null, 'adopt'], //              linked existing items that agree, or an edited mapping that fits
  [false, false, null, null, 'seed'], //              nothing tells which side is right: the seeding policy says
  [true, null, false, false, 'unchanged'], //         nobody touched it
  [true, true, null, null, 'alike'], //               both were set to the same, or one to another word for the same
  [true, false, true, false, 'jira'], //              edited in Jira: it goes to Azure DevOps
  [true, false, false, true, 'azure'], //             edited in Azure DevOps: it goes to Jira
  [true, false, true, true, 'conflict'], //           edited on both sides: the conflict policy says
];

function verdictOn(facts: Facts): Verdict {
  const fits = (wanted: boolean | null, fact: boolean) => wanted === null || wanted === fact;
  const row = table.find(
    ([comparable, same, jira, azure]) =>
      comparable === facts.comparable && fits(same, facts.same) && fits(jira, facts.jira) && fits(azure, facts.azure),
  );
  if (row === undefined) throw new Error('The merge table lacks a row.');
  return row[4];
}

export interface Policy {
  readonly direction: Direction;
  /** Undo edits of the target of a one-way field. */
  readonly enforce: boolean;
  readonly conflict: ConflictPolicy;
  readonly seeding: SeedingPolicy;
  /** Who wins where `newest` can't tell. */
  readonly winner: Side;
  /** An admin's answer to an `ask`. */
  readonly choice?: Side | undefined;
  /** When the field last changed on each side, epoch ms; read from the history only if `newest` has to decide. */
  readonly lastChange?: { readonly jira?: number | undefined; readonly azure?: number | undefined } | undefined;
}

/**
 * `record`: nothing to write, both sides stand as agreed. `leave`: nothing to write and nothing agreed either, so the
 * baseline stays. `history`: `newest` cannot be told yet.
 */
export type Decision =
  | { readonly kind: 'record'; readonly rule: MergeRule }
  | { readonly kind: 'leave'; readonly rule: MergeRule }
  | { readonly kind: 'write'; readonly from: Side; readonly rule: MergeRule }
  | { readonly kind: 'history' };

const changedRule = { jira: 'jira-changed', azure: 'azure-changed' } as const;
const conflictRule = { jira: 'conflict-jira', azure: 'conflict-azure' } as const;

export function decide(facts: Facts, policy: Policy): Decision {
  const verdict = verdictOn(facts);
  switch (verdict) {
    case 'unchanged':
      return facts.same ? { kind: 'record', rule: 'unchanged' } : unchangedButDifferent(policy);
    case 'adopt':
      return { kind: 'record', rule: 'adopted' };
    case 'alike':
      return { kind: 'record', rule: 'changed-alike' };
    case 'seed':
      return seed(policy);
    case 'jira':
    case 'azure':
      return allowsTo(policy.direction, otherSide(verdict))
        ? { kind: 'write', from: verdict, rule: changedRule[verdict] }
        : editOfTarget(policy);
    case 'conflict':
      return policy.direction === 'both' ? conflict(policy) : { kind: 'write', from: source(policy), rule: 'one-way' };
    default: {
      const never: never = verdict;
      return never;
    }
  }
}

/** The side that a one-way field comes from. */
const source = (policy: Policy): Side => (policy.direction === 'azure-to-jira' ? 'azure' : 'jira');

/** Both as recorded, and yet not the same: values that were let stand. Only an enforced field puts its target right. */
function unchangedButDifferent(policy: Policy): Decision {
  const enforced = policy.enforce && policy.direction !== 'both';
  return enforced ? editOfTarget(policy) : { kind: 'leave', rule: 'unchanged' };
}

/** A one-way field's target was edited: it stays until the source changes, unless the profile undoes it. */
const editOfTarget = (policy: Policy): Decision =>
  policy.enforce ? { kind: 'write', from: source(policy), rule: 'enforced' } : { kind: 'leave', rule: 'one-way' };

/** A one-way field is seeded from its source, since nothing else may be written; `ask` still asks. */
function seed(policy: Policy): Decision {
  const chosen = policy.choice ?? policy.seeding;
  if (chosen === 'ask') return { kind: 'leave', rule: 'seed-ask' };
  if (policy.direction === 'both') return { kind: 'write', from: chosen, rule: 'seeded' };
  const chosenTarget = policy.choice !== undefined && policy.choice !== source(policy);
  return chosenTarget ? { kind: 'record', rule: 'seeded' } : { kind: 'write', from: source(policy), rule: 'seeded' };
}

/** Clocks of the two services differ: changes closer than this count as simultaneous. */
const simultaneousMs = 5_000;

function conflict(policy: Policy): Decision {
  const chosen = policy.choice ?? policy.conflict;
  if (chosen === 'ask') return { kind: 'leave', rule: 'conflict-ask' };
  if (chosen !== 'newest') return { kind: 'write', from: chosen, rule: conflictRule[chosen] };
  if (policy.lastChange === undefined) return { kind: 'history' };
  // A value that no history entry explains is as old as the item.
  const { jira = Number.NEGATIVE_INFINITY, azure = Number.NEGATIVE_INFINITY } = policy.lastChange;
  const near = jira === azure || Math.abs(jira - azure) <= simultaneousMs;
  return { kind: 'write', from: near ? policy.winner : jira > azure ? 'jira' : 'azure', rule: 'conflict-newest' };
}
