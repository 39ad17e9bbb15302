// Somebody changed the type of one item: the counterpart gets the type that the profile maps to it, where its service lets it.

import { sameName } from '../sync/catalog.ts';
import { syncError } from '../sync/errors.ts';
import type { BySide, ItemSnapshot } from '../sync/model.ts';
import type { ProfileContext } from './context.ts';
import { decision } from './decide.ts';
import { keepError } from './keep-error.ts';
import type { LeasedPair } from './leased-pair.ts';
import type { JobResult } from './outcome.ts';
import type { RetypeOutcome } from './ports.ts';
import { typeChange } from './scope.ts';

/** Null when the pair goes on with the types that it has. Throws SyncFailure. */
export async function followType(
  context: ProfileContext,
  leased: LeasedPair,
  items: BySide<ItemSnapshot>,
): Promise<JobResult | null> {
  const { deps } = context;
  const { settings } = context.profile;
  const change = typeChange(settings, leased.pair, items);
  if (change === null || settings.policies.typeChanged === 'keep') return null;
  const { from, follows } = change;
  const told = { side: from, value: items[from].type };
  if (follows === null) return keepError(context, leased, syncError('type-change', told));
  const item = items[follows.side];
  const outcome = await retype(context, items, item, follows.type);
  switch (outcome.kind) {
    case 'stale':
      return { kind: 'again', at: deps.now() };
    case 'refused': {
      const { side, detail } = outcome.error;
      const where = side === 'azure' ? 'Azure DevOps' : 'Jira';
      const why = `${where} does not let ${item.key} become "${follows.type}"${detail ? `: ${detail}` : '.'}`;
      return keepError(context, leased, syncError('type-change', { ...told, detail: why }));
    }
    case 'done': {
      await deps.reached('type-changed');
      const operation = { side: follows.side, kind: 'retype', from: item.type, to: follows.type } as const;
      await leased.commit({ decisions: [decision(context, 'retyped', { read: items, operations: [operation] })] });
      return { kind: 'again', at: deps.now() };
    }
    default: {
      const never: never = outcome;
      return never;
    }
  }
}

/**
 * Azure DevOps takes a state along, and refuses a type whose states do not have the present one; where it refuses the mapped
 * state, the service's own choice stands until the next run.
 */
async function retype(
  context: ProfileContext,
  items: BySide<ItemSnapshot>,
  item: ItemSnapshot,
  type: string,
): Promise<RetypeOutcome> {
  const { writer } = context.sides[item.side];
  if (item.side === 'jira') return writer.retype(item, type);
  const mapping = context.profile.settings.types.find(
    (one) => sameName(one.jira, items.jira.type) && sameName(one.azure, type),
  );
  const state = mapping?.states.find((pair) => sameName(pair.jira, items.jira.state))?.azure;
  const first = await writer.retype(item, type, state);
  return first.kind === 'refused' && state !== undefined ? writer.retype(item, type) : first;
}
