// Searches that cannot be led outside the profile's project.

import { describe, expect, it } from 'vitest';
import { checkedFilter, composeJql, jqlString } from '../../backend/src/jira/jql.ts';
import fc from '../property.ts';

describe('a profile’s search', () => {
  it('holds the filter in parentheses of its own', () => {
    expect(
      composeJql({ project: 'TAN', filter: 'labels = a OR labels = b', and: ['updated >= 1'], order: 'updated ASC' }),
    ).toBe('project = "TAN" AND updated >= 1 AND (labels = a OR labels = b) ORDER BY updated ASC');
  });

  it('works without a filter', () => {
    expect(composeJql({ project: 'TAN', filter: '  ' })).toBe('project = "TAN"');
  });
});

describe('a filter', () => {
  it.each([
    ['labels in ("a)", \'b(\')'],
    ['summary ~ "say \\"hi\\")" and (status = Done)'],
    ['"Order by" = x'],
    ['reorder = by'],
  ])('may be %s', (filter) => expect(checkedFilter(filter)).toBe(filter));

  it.each([
    ['closes what it never opened', 'labels = a) OR (project = SECRET', /never opened/],
    ['leaves a parenthesis open', '(labels = a', /never closed/],
    ['leaves a quotation mark open', 'summary ~ "a', /never closed/],
    ['hides the end behind a backslash', 'summary ~ "a\\"', /never closed/],
    ['orders', 'labels = a ORDER  BY created', /ORDER BY/],
  ])('is refused when it %s', (_, filter, why) => {
    expect(() => checkedFilter(filter)).toThrow(why);
  });
});

it('any text stays one string of JQL', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const quoted = jqlString(text);
      expect(checkedFilter(`summary ~ ${quoted}`)).toBe(`summary ~ ${quoted}`);
    }),
  );
});
