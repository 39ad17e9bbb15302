import { describe, expect, it } from 'vitest';
import { nextHop } from '../../backend/src/sync/workflow.ts';
import fc from '../property.ts';

const ranks: Readonly<Record<string, number>> = {
  'To Do': 0,
  Blocked: 1,
  'In Progress': 1,
  'In Review': 1,
  Done: 2,
  Cancelled: 2,
};
const rank = (state: string) => ranks[state];

describe('the way through a workflow', () => {
  const known = {
    'To Do': ['In Progress', 'Cancelled'],
    'In Progress': ['Blocked', 'In Review'],
    'In Review': ['In Progress', 'Done'],
  };

  it.each([
    ['a direct transition', 'In Review', 'Done', 'Done'],
    ['the first of several', 'To Do', 'Done', 'In Progress'],
    ['nowhere, when it is there already', 'Done', 'Done', null],
    ['nowhere, when no way is known', 'Cancelled', 'Done', null],
  ])('is %s', (_, from, to, hop) => {
    expect(nextHop(known, from, to)).toBe(hop);
  });

  it('takes what the item offers over what the graph says', () => {
    expect(nextHop(known, 'To Do', 'Done', ['Cancelled'])).toBeNull();
  });

  it('looks at the nearest unknown state between here and the goal, and never ends the work to look', () => {
    expect(nextHop({}, 'To Do', 'Done', ['Cancelled', 'In Progress'], rank)).toBe('In Progress');
  });

  it('finds its way out of a dead end and ends, however the unknown workflow is shaped', () => {
    const workflow: Readonly<Record<string, readonly string[]>> = {
      'To Do': ['In Progress', 'Cancelled'],
      'In Progress': ['Blocked', 'In Review', 'To Do'],
      Blocked: ['In Progress'],
      'In Review': ['Done', 'In Progress'],
    };
    const learned: Record<string, readonly string[]> = {};
    const way = ['To Do'];
    for (let at: string | null = 'To Do'; at !== null && at !== 'Done' && way.length < 20; ) {
      const offered: readonly string[] = workflow[at] ?? [];
      learned[at] = offered;
      at = nextHop(learned, at, 'Done', offered, rank);
      if (at !== null) way.push(at);
    }
    expect(way).toEqual(['To Do', 'In Progress', 'Blocked', 'In Progress', 'In Review', 'Done']);
  });

  it('does not depend on the order of the transitions', () => {
    const graph = { A: ['C', 'B'], B: ['D'], C: ['D'], D: [] };
    expect(nextHop(graph, 'A', 'D')).toBe('B');
    expect(nextHop({ ...graph, A: ['B', 'C'] }, 'A', 'D')).toBe('B');
  });

  it('never walks in circles, and arrives wherever a way leads', () => {
    const name = fc.constantFrom('A', 'B', 'C', 'D', 'E', 'F');
    const graphs = fc.dictionary(name, fc.uniqueArray(name, { maxLength: 4 }));
    fc.assert(
      fc.property(graphs, name, name, (graph, from, to) => {
        const reachable = new Set<string>();
        const queue = [from];
        for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
          for (const next of graph[at] ?? []) if (!reachable.has(next)) queue.push(next);
          for (const next of graph[at] ?? []) reachable.add(next);
        }
        let at: string = from;
        let steps = 0;
        for (let next = nextHop(graph, at, to); next !== null && steps < 10; next = nextHop(graph, at, to)) {
          at = next;
          steps += 1;
        }
        expect(steps).toBeLessThan(6);
        expect(at === to).toBe(from === to || reachable.has(to));
      }),
    );
  });
});
