// State mappings as a person chooses them: what each state becomes on the other side. Stored are pairs, of which the first that
// names a state decides; several states of one side may become the same one. Pure.

import type { Side, ValuePair } from '../../contract.ts';

const otherOf = { jira: 'azure', azure: 'jira' } as const satisfies Record<Side, Side>;

/** What the state becomes; undefined when no pair names it. */
export const becomes = (pairs: readonly ValuePair[], side: Side, state: string): string | undefined =>
  pairs.find((pair) => pair[side] === state)?.[otherOf[side]];

/**
 * Lets a state become another one, and leaves what all others become as it is. Where that can't be said by an order of pairs
 * (each would have to stand before the other), the target becomes this state too.
 */
export function letBecome(
  pairs: readonly ValuePair[],
  side: Side,
  state: string,
  target: string,
): readonly ValuePair[] {
  const chosen: ValuePair = side === 'jira' ? { jira: state, azure: target } : { jira: target, azure: state };
  const decides = { jira: decisionsOf(pairs, 'jira'), azure: decisionsOf(pairs, 'azure') };
  decides[side].set(state, target);
  if (!decides[otherOf[side]].has(target)) decides[otherOf[side]].set(target, state);
  const isDecision = (pair: ValuePair): boolean =>
    decides.jira.get(pair.jira) === pair.azure || decides.azure.get(pair.azure) === pair.jira;
  const at = pairs.findIndex((pair) => pair[side] === state);
  const others = pairs.filter((pair) => !same(pair, chosen));
  const before = at < 0 ? others.length : at;
  return inOrder([...others.slice(0, before), chosen, ...others.slice(before)].filter(isDecision), decides, chosen);
}

/** Takes every pair of a state out. */
export const letBecomeNothing = (pairs: readonly ValuePair[], side: Side, state: string): readonly ValuePair[] =>
  pairs.filter((pair) => pair[side] !== state);

type Decisions = Map<string, string>;

function decisionsOf(pairs: readonly ValuePair[], side: Side): Decisions {
  const found: Decisions = new Map();
  for (const pair of pairs) if (!found.has(pair[side])) found.set(pair[side], pair[otherOf[side]]);
  return found;
}

const same = (a: ValuePair, b: ValuePair): boolean => a.jira === b.jira && a.azure === b.azure;

/** Each pair after those that decide its two states. */
function inOrder(
  pairs: readonly ValuePair[],
  decides: Readonly<Record<Side, Decisions>>,
  first: ValuePair,
): readonly ValuePair[] {
  let left = pairs;
  const placed: ValuePair[] = [];
  const isReady = (pair: ValuePair): boolean =>
    left.every((other) => {
      if (same(other, pair)) return true;
      const decidesJira = other.jira === pair.jira && decides.jira.get(pair.jira) === other.azure;
      const decidesAzure = other.azure === pair.azure && decides.azure.get(pair.azure) === other.jira;
      return !decidesJira && !decidesAzure;
    });
  while (left.length > 0) {
    const next = left.find(isReady) ?? left.find((pair) => same(pair, first)) ?? left[0];
    if (next === undefined) break;
    placed.push(next);
    left = left.filter((pair) => !same(pair, next));
  }
  return placed;
}
