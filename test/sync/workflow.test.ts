import { describe, expect, it } from 'vitest';
import { nextHop } from '../../backend/src/sync/workflow.ts';

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
});
