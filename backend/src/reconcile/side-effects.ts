// What a service changed by itself when we wrote to it. No I/O.

import { fingerprintOf } from '../sync/fingerprint.ts';
import { type ItemSnapshot, otherSide, type Side, sides } from '../sync/model.ts';
import { allowsTo, type FieldRule, valueOn } from '../sync/rules.ts';
import { rulesOf } from '../sync/settle.ts';
import { planContext } from './context.ts';
import type { Run } from './run.ts';

/**
 * Whether a write of ours had its service change a field that it did not name, which the other side has not heard of: closing
 * a task empties Remaining Work, a workflow of Jira may set an assignee.
 */
export function hasSideEffects(run: Run): boolean {
  if (sides.every((side) => run.answers[side] === undefined)) return false;
  const rules = rulesOf({ ...planContext(run.context), ...run.read });
  return sides.some((side) => {
    const answer = run.answers[side];
    if (answer === undefined) return false;
    const unnamed = rules.filter(
      ({ id, isState, direction }) => !isState && !run.written.has(id) && allowsTo(direction, otherSide(side)),
    );
    return unnamed.some((rule) => differ(run, side, rule, answer));
  });
}

function differ({ context, read }: Run, side: Side, rule: FieldRule, answer: ItemSnapshot): boolean {
  const { timeZone } = context.profile.settings;
  const [before, after] = [read[side], answer].map((item) => {
    const value = valueOn(rule, item);
    if (value === 'unavailable') return null;
    return fingerprintOf(context.key, side, item.id, rule.field[side], value, { kind: rule.kind, timeZone });
  });
  return before !== null && after !== null && before !== after;
}
