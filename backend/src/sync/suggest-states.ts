// Suggests which workflow states stand for each other: the same name, else a usual word for the same, else the category.

import { foldName, type TypeSchema } from './catalog.ts';
import type { ValuePair } from './profile.ts';

type State = TypeSchema['states'][number];

/** Words that teams use for the same stage, in the order of the work. */
const stages: readonly (readonly string[])[] = [
  ['to do', 'todo', 'new', 'open', 'backlog', 'proposed', 'selected for development', 'ready', 'reopened'],
  ['approved', 'ready for development'],
  ['in progress', 'active', 'doing', 'committed', 'in development', 'started'],
  ['in review', 'review', 'code review', 'resolved', 'testing', 'in test', 'in testing', 'qa', 'ready for test'],
  ['done', 'closed', 'completed', 'complete', 'finished', 'released'],
  ['removed', 'cancelled', 'canceled', 'rejected', 'declined', 'abandoned', "won't do", 'wont do', 'obsolete'],
];

/** Without a name to go by: the stage of a category. */
const stageOfCategory = { new: 0, active: 2, done: 4, removed: 5 } as const;

const stageOf = (state: State): number => {
  const named = stages.findIndex((names) => names.includes(foldName(state.name)));
  return named >= 0 ? named : stageOfCategory[state.category];
};

/** Higher is closer. Earlier states of a workflow come first among equals. */
function closeness(jira: State, azure: State): number {
  if (foldName(jira.name) === foldName(azure.name)) return 100;
  if (stageOf(jira) === stageOf(azure)) return 80;
  const apart = Math.abs(stageOf(jira) - stageOf(azure));
  return (jira.category === azure.category ? 60 : 30) - apart;
}

/**
 * Each state of each side once at least, the closest pairs first, since the first pair that names a state decides where
 * it goes. A removed state without a namesake goes with the last done one.
 */
export function suggestStates(jira: readonly State[], azure: readonly State[]): readonly ValuePair[] {
  const scored: { pair: ValuePair; score: number; order: number }[] = [];
  const put = (from: State, to: State, score: number, order: number) => {
    if (scored.some(({ pair }) => pair.jira === from.name && pair.azure === to.name)) return;
    scored.push({ pair: { jira: from.name, azure: to.name }, score, order });
  };
  const best = <T>(candidates: readonly T[], score: (candidate: T) => number): T | undefined =>
    candidates.reduce<T | undefined>(
      (top, one) => (top === undefined || score(one) > score(top) ? one : top),
      undefined,
    );
  for (const [index, state] of jira.entries()) {
    const match = best(azure, (other) => closeness(state, other));
    if (match) put(state, match, closeness(state, match), index);
  }
  for (const [index, state] of azure.entries()) {
    const match = best(jira, (other) => closeness(other, state));
    // Below every pair that a Jira state chose, so that it never turns one of those away.
    if (match)
      put(match, state, closeness(match, state) - (match.category === state.category ? 10 : 40), index + jira.length);
  }
  scored.sort((a, b) => b.score - a.score || a.order - b.order);
  return scored.map(({ pair }) => pair);
}
