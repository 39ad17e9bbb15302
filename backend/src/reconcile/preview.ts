// What a run would write for one item, without writing: the same reads and the same plan. Records nothing.

import { type Side, sides } from '../sync/model.ts';
import type { CreatePlan, PairPlan } from '../sync/plan.ts';
import { planCreate } from '../sync/plan-create.ts';
import type { Profile } from '../sync/profile.ts';
import { openContext, planContext } from './context.ts';
import { makePlan } from './make-plan.ts';
import type { EngineDeps, Scope } from './ports.ts';

export interface Preview {
  readonly plan: PairPlan | CreatePlan;
  readonly keys: { readonly jira?: string; readonly azure?: string };
}

/** `id` is the item's id or, in Jira, its key. Null when it can't be read. Throws SyncFailure. */
export async function previewItem(
  deps: EngineDeps,
  scope: Scope,
  profile: Profile,
  side: Side,
  id: string,
): Promise<Preview | null> {
  const context = await openContext(deps, scope, profile);
  const first = await context.sides[side].reader.read(id, { comments: false });
  if (first.kind !== 'found') return null;
  const { item } = first;
  const pair = await deps.state.findPair(scope, context.sites[side], side, item.id);
  if (pair?.status !== 'paired') {
    return { plan: planCreate({ ...planContext(context), source: item }), keys: { [side]: item.key } };
  }
  const [jira, azure] = await Promise.all(
    sides.map(async (one) => {
      if (one === side) return first;
      const otherId = pair.ids[one];
      return otherId === null ? null : context.sides[one].reader.read(otherId, { comments: false });
    }),
  );
  if (jira?.kind !== 'found' || azure?.kind !== 'found') return null;
  const read = { jira: jira.item, azure: azure.item };
  return { plan: await makePlan(context, pair, read), keys: { jira: read.jira.key, azure: read.azure.key } };
}
