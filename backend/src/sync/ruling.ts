// What the merge table says of a field once its history has been weighed. Before a conflict policy applies, a side on
// which nothing but our own lost write happened counts as unchanged.

import { type FieldCase, printOf } from './field-case.ts';
import { mapValue } from './mapping.ts';
import { type Decision, decide, type Policy } from './merge.ts';
import { type Side, sides } from './model.ts';
import { type FieldHistory, readHistory, sentFingerprints } from './own-writes.ts';

export type Ruling =
  | Exclude<Decision, { kind: 'history' }>
  | { readonly kind: 'history'; readonly sides: readonly Side[] };

export function ruling(field: FieldCase): Ruling {
  const { input, rule, facts } = field;
  const policy: Policy = {
    direction: rule.direction,
    enforce: rule.enforce,
    conflict: rule.conflict,
    seeding: rule.seeding,
    winner: input.profile.settings.policies.winner,
    choice: input.choices?.[rule.id],
  };
  const conflicting = facts.comparable && facts.jira && facts.azure && !facts.same && rule.direction === 'both';
  if (!conflicting) return asRuling(decide(facts, policy));
  const jira = historyOf(field, 'jira');
  const azure = historyOf(field, 'azure');
  const missing = [jira, azure].filter((one) => one.needed && one.read === undefined).map((one) => one.side);
  if (missing.length > 0) return { kind: 'history', sides: missing };
  const own = { jira: jira.read?.onlyOurs === true, azure: azure.read?.onlyOurs === true };
  const known = {
    jira: own.jira || hasArrived(field, 'jira', azure),
    azure: own.azure || hasArrived(field, 'azure', jira),
  };
  // Only our own writes on both sides tell nothing about which is newer: the policy decides.
  const weighed = known.jira && known.azure ? facts : { ...facts, jira: !known.jira, azure: !known.azure };
  const decision = decide(weighed, policy);
  if (decision.kind !== 'history') return decision;
  const unread = [jira, azure].filter((one) => one.read === undefined).map((one) => one.side);
  if (unread.length > 0) return { kind: 'history', sides: unread };
  const lastChange = { jira: jira.read?.lastChange, azure: azure.read?.lastChange };
  return asRuling(decide(weighed, { ...policy, lastChange }));
}

const asRuling = (decision: Decision): Ruling => (decision.kind === 'history' ? { kind: 'history', sides } : decision);

/** Whether the other side had a side's present value already when somebody there went on from it: no conflict, an answer. */
function hasArrived({ input, rule, map, values }: FieldCase, side: Side, other: SideHistory): boolean {
  if (other.read === undefined || other.read.builtOn.size === 0) return false;
  const mapped = mapValue(rule, side, values[side], map, values[other.side]);
  return mapped.kind === 'value' && other.read.builtOn.has(printOf(input, rule, other.side, mapped.value));
}

interface SideHistory {
  readonly side: Side;
  /** A write of ours is in doubt on this side. */
  readonly needed: boolean;
  readonly read: FieldHistory | undefined;
}

function historyOf({ input, rule, prints }: FieldCase, side: Side): SideHistory {
  const item = input[side];
  const sent = sentFingerprints(rule, item, input.writeIntents ?? []);
  const history = input.history?.[side];
  const { timeZone } = input.profile.settings;
  const read = history && readHistory({ rule, item, key: input.key, timeZone, current: prints[side], sent, history });
  return { side, needed: sent.size > 0, read };
}
