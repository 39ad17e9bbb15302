// Closes an item whose counterpart left the profile's scope: walks it to a state of its workflow that means done.

import { neverAgreed } from '../sync/baseline.ts';
import { sameName, typeSchema } from '../sync/catalog.ts';
import { type SyncError, syncError } from '../sync/errors.ts';
import { fingerprintOf } from '../sync/fingerprint.ts';
import { type ItemSnapshot, otherSide } from '../sync/model.ts';
import { stateMappingId } from '../sync/profile.ts';
import { stateFields } from '../sync/rules.ts';
import type { ProfileContext } from './context.ts';
import type { Pair } from './ports.ts';
import { walkTo } from './transition.ts';

export type CloseOutcome =
  /** The baseline counts the closed side as untouched and the other as changed: if the pair goes on, that state returns. */
  | { readonly kind: 'closed'; readonly state: string; readonly baseline: Pair['baseline'] }
  | { readonly kind: 'stuck'; readonly error: SyncError }
  | { readonly kind: 'stale' };

/** An item that is closed or removed already stays. Throws SyncFailure. */
export async function closeItem(context: ProfileContext, pair: Pair, item: ItemSnapshot): Promise<CloseOutcome> {
  const goal = closedState(context, item);
  if (goal === null) {
    const error = syncError('no-transition', { side: item.side, detail: 'Its type has no state that means done.' });
    return { kind: 'stuck', error };
  }
  if (goal === item.state) return { kind: 'closed', state: goal, baseline: baselineAt(context, pair, item, goal) };
  const walked = await walkTo(context, item, goal, {
    before: async () => {},
    after: () => context.deps.reached('transition-done'),
    refused: async () => {},
  });
  if (walked.kind === 'stale') return walked;
  if (walked.kind === 'stuck') return { kind: 'stuck', error: walked.error };
  return { kind: 'closed', state: goal, baseline: baselineAt(context, pair, item, goal) };
}

/** The present state if it is a last one, else the first of the type that means done, those that the profile maps first. */
function closedState({ catalogs, profile }: ProfileContext, { side, type, state }: ItemSnapshot): string | null {
  const { states = [] } = typeSchema(catalogs[side], type) ?? {};
  const present = states.find(({ name }) => sameName(name, state));
  if (present?.category === 'done' || present?.category === 'removed') return state;
  const mapped = profile.settings.types.filter((one) => sameName(one[side], type)).flatMap((one) => one.states);
  const closing = states.filter(({ category }) => category === 'done').map(({ name }) => name);
  return closing.find((name) => mapped.some((pair) => sameName(pair[side], name))) ?? closing[0] ?? null;
}

function baselineAt(context: ProfileContext, pair: Pair, item: ItemSnapshot, state: string): Pair['baseline'] {
  const { baseline } = pair;
  const before = baseline?.fields[stateMappingId];
  if (!baseline || !before) return baseline;
  const value = { kind: 'option', option: { name: state } } as const;
  const { timeZone } = context.profile.settings;
  const print = fingerprintOf(context.key, item.side, item.id, stateFields[item.side], value, {
    kind: 'option',
    timeZone,
  });
  const closed = { ...before, [item.side]: print, [otherSide(item.side)]: neverAgreed };
  return { ...baseline, fields: { ...baseline.fields, [stateMappingId]: closed } };
}
