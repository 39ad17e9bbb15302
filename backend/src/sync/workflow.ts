// Finds the way through a workflow when no single transition leads to the wanted state. Knows the graph as far as it
// was told or learned; doing the transitions is the engine's.

/** States that each state leads to. A state that is no key has not been looked at yet. */
export type StateGraph = Readonly<Record<string, readonly string[]>>;

export interface Exploration {
  /** States that this run has been in, the present one included: never entered again, so that a run ends. */
  readonly visited: readonly string[];
  /** How far along a state is (new 0, active 1, done 2…): only states between here and the goal are tried. */
  readonly rank: (state: string) => number | undefined;
}

/**
 * The next state on the shortest known way from `from` to `to`, or null when none is known. `direct` are the states that
 * the item offers right now: they take the place of what the graph says of `from`. Ties go to the first name in
 * alphabetical order, so the answer depends on nothing else. With `explore`, a state whose own exits are unknown may be
 * tried on the way, if it lies between here and the goal.
 */
export function nextHop(
  graph: StateGraph,
  from: string,
  to: string,
  direct?: readonly string[],
  explore?: Exploration,
): string | null {
  if (from === to) return null;
  const visited = new Set(explore?.visited ?? []);
  const exits = (state: string) =>
    [...(state === from ? (direct ?? graph[from] ?? []) : (graph[state] ?? []))].filter((next) => next !== from).sort();
  const firsts = exits(from).filter((state) => state === to || !visited.has(state));
  if (firsts.includes(to)) return to;
  const reached = new Set([from, ...firsts]);
  let wave = firsts.map((first) => ({ first, at: first }));
  while (wave.length > 0) {
    const next: { first: string; at: string }[] = [];
    for (const { first, at } of wave) {
      for (const state of exits(at)) {
        if (state === to) return first;
        if (reached.has(state) || visited.has(state)) continue;
        reached.add(state);
        next.push({ first, at: state });
      }
    }
    wave = next;
  }
  return explore === undefined ? null : unexplored(graph, from, to, firsts, explore);
}

function unexplored(
  graph: StateGraph,
  from: string,
  to: string,
  direct: readonly string[],
  { rank }: Exploration,
): string | null {
  const [start, goal] = [rank(from), rank(to)];
  if (start === undefined || goal === undefined) return null;
  const between = (state: string) => {
    const at = rank(state);
    return at !== undefined && at >= Math.min(start, goal) && at <= Math.max(start, goal);
  };
  const candidates = direct.filter((state) => graph[state] === undefined && between(state));
  const distance = (state: string) => Math.abs((rank(state) ?? 0) - goal);
  return [...candidates].sort((a, b) => distance(a) - distance(b) || (a < b ? -1 : 1))[0] ?? null;
}
