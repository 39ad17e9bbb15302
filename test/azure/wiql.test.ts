import { describe, expect, it } from 'vitest';
import { filterCondition, filterProblem, quote, selectIds } from '../../backend/src/azure/wiql.ts';
import { SyncFailure } from '../../backend/src/sync/errors.ts';

describe('a filter', () => {
  it.each([
    "[System.AreaPath] UNDER 'Tandem\\Team A'",
    "[System.Tags] CONTAINS 'it''s ) fine' AND ([System.State] <> 'Closed' OR [System.Id] IN (1, 2))",
    '[System.Title] CONTAINS "order by ("',
    "[Custom.Order (by)] = 'x'",
    'NOT ([Ordering] > 3)',
  ])('%s stands as one condition', (filter) => {
    expect(filterProblem(filter)).toBeUndefined();
    expect(filterCondition(filter)).toBe(`(${filter})`);
  });

  it.each([
    ['1 = 1) OR ([System.Id] > 0', /closes nothing/],
    ['([System.Id] > 0', /not closed/],
    ["[System.Title] = 'open", /text that begins at character 18 is not closed/],
    ['[System.Title = 1', /field name at character 1/],
    ['[System.Id] > 0 ORDER BY [System.Id]', /ORDER/],
    ["[System.Id] > 0 asof '2020-01-01'", /ASOF/],
    ['[System.Id] > 0; SELECT', /semicolon/],
    ['  ', /empty/],
  ])('%s is refused with the reason', (filter, reason) => {
    expect(filterProblem(filter)).toMatch(reason);
  });

  it('that is refused is an error of the profile', () => {
    const broken = () => filterCondition('1) OR (1');
    expect(broken).toThrow(SyncFailure);
    expect(broken).toThrow(
      expect.objectContaining({ error: expect.objectContaining({ level: 'profile', field: 'filter' }) }),
    );
  });

  it('that is absent is no condition', () => {
    expect(filterCondition(undefined)).toBeUndefined();
    expect(filterCondition(' ')).toBeUndefined();
  });
});

describe('a query', () => {
  it('quotes names that hold quotes', () => {
    expect(quote("O'Neill's")).toBe("'O''Neill''s'");
  });

  it('joins its conditions and sorts by id', () => {
    expect(selectIds(['[System.Id] > 3', undefined, '(x = 1)'])).toBe(
      'SELECT [System.Id] FROM WorkItems WHERE [System.Id] > 3 AND (x = 1) ORDER BY [System.Id] ASC',
    );
  });
});
