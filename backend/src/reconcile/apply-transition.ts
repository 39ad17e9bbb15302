// Applies a planned change of state: walks the workflow, and records after each step on the way where the item stands.

import { neverAgreed } from '../sync/baseline.ts';
import { fingerprintOf } from '../sync/fingerprint.ts';
import type { HistoryEntry, Side } from '../sync/model.ts';
import type { Operation } from '../sync/plan.ts';
import { stateMappingId } from '../sync/profile.ts';
import { stateFields } from '../sync/rules.ts';
import type { Pair } from './ports.ts';
import { moveVersion, type Run, settled } from './run.ts';
import { walkTo } from './transition.ts';
import { withdrawIntent } from './update.ts';

export async function applyTransition(
  run: Run,
  { side, to, fingerprint, along = [], settles = [] }: Operation & { kind: 'transition' },
): Promise<'done' | 'stale'> {
  const { context, leased } = run;
  const { deps } = context;
  const start = run.answers[side] ?? run.read[side];
  const outcome = await walkTo(context, start, to, {
    before: async (state) => {
      await leased.commit({
        writeIntents: [
          ...leased.pair.writeIntents,
          {
            side,
            at: deps.now(),
            base: run.versions[side].fields ?? {},
            fields: { [stateMappingId]: stateFingerprint(run, side, state) },
          },
        ],
      });
      await deps.reached('write-intent-recorded');
    },
    after: async ({ item, version, between }) => {
      await deps.reached('transition-done');
      run.answers[side] = item;
      if (version) moveVersion(run, side, version);
      const way = {
        baseline: baselineOnTheWay(run, side, item.state),
        versions: run.versions,
        late: [...leased.pair.late, ...lateStates(side, between)],
      };
      // At the goal the intent tells it to the next run, should this one die: the result is recorded with the next commit.
      if (item.state === to) leased.defer(way);
      else await leased.commit(way);
      await deps.reached('transition-committed');
    },
    refused: () => withdrawIntent(leased),
    along: along.map(({ field, after }) => ({ field, value: after })),
  });
  if (outcome.kind === 'stale') return 'stale';
  if (outcome.kind === 'stuck') {
    run.complaints.push({ subject: stateMappingId, error: outcome.error });
    const rule = run.plan.outcomes.find(({ mapping }) => mapping === stateMappingId)?.ruleFingerprint;
    if (rule) await leased.commit({ held: { ...leased.pair.held, [stateMappingId]: { value: fingerprint, rule } } });
    return 'done';
  }
  run.again ||= outcome.between.length > 0 || !outcome.proven;
  for (const mapping of [stateMappingId, ...settles]) run.written.add(mapping);
  leased.defer({ baseline: settled(run) });
  return 'done';
}

/** States that others set between our read and a transition of ours, which then left them. */
const lateStates = (side: Side, between: readonly HistoryEntry[]): Pair['late'] =>
  between
    .filter(({ field }) => field === stateFields[side])
    .map(({ field, seq }) => ({ mapping: stateMappingId, side, field, seq }));

const stateFingerprint = (run: Run, side: Side, state: string) =>
  fingerprintOf(
    run.context.key,
    side,
    run.read[side].id,
    stateFields[side],
    { kind: 'option', option: { name: state } },
    { kind: 'option', timeZone: run.context.profile.settings.timeZone },
  );

/**
 * With the walked side at a state on the way: it counts as untouched there and the other as changed still, so that a walk
 * which dies or gets stuck goes on from there and never sends its own half-way state back.
 */
function baselineOnTheWay(run: Run, side: Side, state: string): NonNullable<Pair['baseline']> {
  const baseline = settled(run);
  const rule = run.plan.outcomes.find(({ mapping }) => mapping === stateMappingId)?.ruleFingerprint;
  if (!rule) return baseline;
  const before = baseline.fields[stateMappingId] ?? { rule, jira: neverAgreed, azure: neverAgreed };
  return {
    ...baseline,
    fields: { ...baseline.fields, [stateMappingId]: { ...before, [side]: stateFingerprint(run, side, state) } },
  };
}
