// Finds the way through a workflow when no single transition leads to the wanted state. Knows the graph as far as it
// was told or learned; doing the transitions is the engine's.

/** States that each state leads to. A state that is no key has not been looked at yet. */
export type StateGraph = Readonly<Record<string, readonly string[]>>;

/** How far along a state is: new 0, active 1, done 2, removed 3. Only states between here and the goal are explored. */
export type StateRank = (state: string) => number | undefined;

/** Work that ended is not ended in another way just to see where that leads. */
const ended = 2;

/**
 * The next state on the shortest known way from `from` to `to`, or null when none is known. `direct` are the states that
 * the item offers right now: they take the place of what the graph says of `from`. Ties go to the first name in
 * alphabetical order, so the answer depends on nothing else. With `explore`, the way to the nearest state whose own exits
 * are unknown is taken instead, if one lies between here and the goal; a run that learns the exits of each state that it
 * enters therefore ends.
 */
export function nextHop(
  graph: StateGraph,
  from: string,
  to: string,
  direct?: readonly string[],
  explore?: StateRank,
): string | null {
  if (from === to) return null;
  const reached = reach(graph, from, direct ?? graph[from] ?? []);
  const goal = reached.find(({ state }) => state === to);
  if (goal) return goal.first;
  return explore ? unexplored(graph, from, to, reached, explore) : null;
}

interface Reached {
  readonly state: string;
  /** The first state of the way there. */
  readonly first: string;
  readonly hops: number;
}

/** Every state that is known to be reachable, nearest first. */
function reach(graph: StateGraph, from: string, direct: readonly string[]): readonly Reached[] {
  const seen = new Set([from]);
  const reached: Reached[] = [];
  const enter = (state: string, first: string, hops: number) => {
    if (seen.has(state)) return;
    seen.add(state);
    reached.push({ state, first, hops });
  };
  for (const state of [...direct].sort()) enter(state, state, 1);
  for (let index = 0; index < reached.length; index++) {
    const at = reached[index];
    if (at === undefined) break;
    for (const state of [...(graph[at.state] ?? [])].sort()) enter(state, at.first, at.hops + 1);
  }
  return reached;
}

function unexplored(
  graph: StateGraph,
  from: string,
  to: string,
  reached: readonly Reached[],
  rank: StateRank,
): string | null {
  const [start, goal] = [rank(from), rank(to)];
  if (start === undefined || goal === undefined) return null;
  const between = (state: string) => {
    const at = rank(state);
    return at !== undefined && at < ended && at >= Math.min(start, goal) && at <= Math.max(start, goal);
  };
  const distance = (state: string) => Math.abs((rank(state) ?? 0) - goal);
  const [best] = reached
    .filter(({ state }) => graph[state] === undefined && between(state))
    .sort((a, b) => a.hops - b.hops || distance(a.state) - distance(b.state) || (a.state < b.state ? -1 : 1));
  return best?.first ?? null;
}
