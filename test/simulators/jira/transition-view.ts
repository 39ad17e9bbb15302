// A transition as `GET transitions` lists it, with its screen's fields where asked.
import type { Caller } from './caller.ts';
import { fieldMeta } from './field-meta.ts';
import { meetsCondition } from './issue-writes.ts';
import type { IssueRecord } from './model.ts';
import { known, statuses } from './site.ts';
import { statusView, type View } from './views.ts';
import type { TransitionDef } from './workflow.ts';
import type { World } from './world.ts';

export function transitionView(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  transition: TransitionDef,
  withFields: boolean,
): View {
  const fields: Record<string, View> = {};
  for (const { fieldId, required } of transition.screen ?? []) {
    const field = world.store.fields.get(fieldId);
    if (field !== undefined) fields[fieldId] = fieldMeta(world, field, issue.projectId, required);
  }
  return {
    id: transition.id,
    name: transition.name,
    to: statusView(world, known(statuses, transition.to)),
    hasScreen: transition.screen !== undefined,
    isGlobal: transition.from === 'any',
    isInitial: false,
    isAvailable: meetsCondition(caller, transition),
    isConditional: transition.onlyGroup !== undefined,
    isLooped: false,
    ...(withFields ? { fields } : {}),
  };
}
