// States of a type that no way leads to from the one in which its items begin: as a target, such a state ends in an error.

import type { TypeSchema } from './catalog.ts';

/** In the order of the states; none where the service tells no transitions. */
export function unreachableStates({
  states,
  transitions,
  initialState,
}: Pick<TypeSchema, 'states' | 'transitions' | 'initialState'>): readonly string[] {
  const start = initialState ?? states[0]?.name;
  if (transitions === undefined || start === undefined) return [];
  const reached = new Set([start]);
  for (const state of reached) for (const next of transitions[state] ?? []) reached.add(next);
  return states.map(({ name }) => name).filter((name) => !reached.has(name));
}
