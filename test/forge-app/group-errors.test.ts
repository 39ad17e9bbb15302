import { describe, expect, it } from 'vitest';
import { groupErrors } from '../../forge-app/admin/group-errors.ts';
import type { ErrorRecord } from '../../forge-app/contract.ts';
import { daysUntil, formatTime } from '../../forge-app/ui/times.ts';

const record = (ref: string, change: Partial<ErrorRecord>): ErrorRecord => ({
  ref,
  pairId: ref,
  code: 'unavailable',
  level: 'item',
  cause: 'Azure DevOps could not be reached.',
  remedy: 'Nothing to do.',
  detail: null,
  subject: null,
  jiraKey: 'TAN-1',
  azureId: '1',
  jiraUrl: null,
  azureUrl: null,
  firstAt: '2026-11-02T08:00:00Z',
  lastAt: '2026-11-02T08:00:00Z',
  count: 1,
  retryAt: null,
  ignored: false,
  ignoredFor: null,
  choosable: false,
  ...change,
});

describe('groups of errors', () => {
  it('have one cause each; what holds up most comes first, then what holds up many', () => {
    const field = { code: 'unmapped-value', level: 'field', cause: 'No counterpart.' } as const;
    const groups = groupErrors([
      record('a', { ...field, subject: 'priority' }),
      record('b', {}),
      record('c', { ...field, subject: 'labels' }),
      record('d', { ...field, subject: 'labels' }),
      record('e', { code: 'unauthorized', level: 'connection', cause: 'Refused.' }),
      record('f', {}),
    ]);
    expect(groups.map(({ errors }) => errors.map(({ ref }) => ref).join(''))).toEqual(['e', 'bf', 'cd', 'a']);
  });

  it('are none without errors', () => {
    expect(groupErrors([])).toEqual([]);
  });
});

describe('times', () => {
  it('are shown in the viewer’s zone, and in some zone when that is not known', () => {
    const instant = '2026-11-02T23:30:00Z';
    expect(formatTime(instant, { timezone: 'Asia/Kolkata', locale: 'en-US' })).toMatch(/^Nov 3, 2026, 5:00\sAM$/);
    expect(formatTime(instant, { timezone: 'Nowhere/Land', locale: 'en-US' })).toContain('2026');
  });

  it.each([
    ['2026-11-10', 8],
    ['2026-11-02', 0],
    ['2026-10-31', -2],
  ])('%s is %i days from the second of November', (date, days) => {
    expect(daysUntil(date, new Date(2026, 10, 2, 23, 59))).toBe(days);
  });
});
