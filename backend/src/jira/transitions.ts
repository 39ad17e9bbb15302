// Jira's transitions as the engine takes them.

import type { TransitionOption } from '../sync/model.ts';
import type { JiraTransition } from './schemas.ts';

export function transitionOptions(transitions: readonly JiraTransition[]): readonly TransitionOption[] {
  return transitions.flatMap((transition) => {
    if (transition.isAvailable === false || transition.to === undefined) return [];
    const required = Object.entries(transition.fields ?? {})
      .filter(([, field]) => field.required === true && field.hasDefaultValue !== true)
      .map(([id]) => id);
    const screen = Object.keys(transition.fields ?? {});
    return [{ id: transition.id, name: transition.name ?? transition.id, to: transition.to.name, required, screen }];
  });
}

/**
 * Those that came along with an issue, asked for by the same `transitions.fields` as the list of their own. A site that
 * leaves out the fields of their screens tells too little: then they are asked for.
 */
export function carriedTransitions(transitions: readonly JiraTransition[] | undefined): {
  readonly transitions?: readonly TransitionOption[];
} {
  if (!transitions?.every(({ fields }) => fields !== undefined)) return {};
  return { transitions: transitionOptions(transitions) };
}
