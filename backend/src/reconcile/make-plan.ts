// Asks the core for a pair's plan, and the sides for their histories where a policy cannot decide without.

import type { BySide, HistoryEntry, ItemSnapshot } from '../sync/model.ts';
import type { PairPlan } from '../sync/plan.ts';
import type { PlanInput } from '../sync/plan-input.ts';
import { planPair } from '../sync/plan-pair.ts';
import { type ProfileContext, planContext } from './context.ts';
import type { Pair } from './ports.ts';

/** The plan for a pair as it was read; asks for a side's history, or what can be edited, only where it decides something. */
export async function makePlan(
  context: ProfileContext,
  pair: Pick<Pair, 'baseline' | 'writeIntents' | 'held' | 'replaced' | 'errors' | 'choices' | 'versions'>,
  read: BySide<ItemSnapshot>,
): Promise<PairPlan> {
  const input: PlanInput = {
    ...planContext(context),
    ...read,
    baseline: pair.baseline,
    writeIntents: pair.writeIntents,
    held: pair.held,
    replaced: pair.replaced,
    choices: pair.choices,
    stopped: pair.errors.flatMap(({ error, subject }) => (error.code === 'oscillation' && subject ? [subject] : [])),
  };
  // A history may show that the other side's is needed as well; each is read once.
  let history: { readonly jira?: readonly HistoryEntry[]; readonly azure?: readonly HistoryEntry[] } = {};
  let plan = planPair(input);
  while (plan.needsHistory.length > 0) {
    const asked = plan.needsHistory.filter((side) => history[side] === undefined);
    if (asked.length === 0) throw new Error('A plan asks for a history that it was given.');
    const entries = await Promise.all(
      asked.map(async (side) => {
        const since = pair.versions[side].fields?.seq ?? 0;
        return [side, await context.sides[side].reader.history(read[side].id, since)] as const;
      }),
    );
    history = { ...history, ...Object.fromEntries(entries) };
    plan = planPair({ ...input, history });
  }
  if (!plan.needsEditable) return plan;
  const editable = (await context.sides.jira.reader.editable?.(read.jira.id)) ?? new Set<string>();
  return planPair({ ...input, history, editable });
}
