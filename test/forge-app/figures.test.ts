import { describe, expect, test } from 'vitest';
import { lagRows, sumsOf, throughputRows } from '../../forge-app/admin/figures.ts';
import { formatStep } from '../../forge-app/ui/times.ts';

const points = [
  { at: '2026-11-02T08:00:00Z', changes: 3, failed: 1, averageLagMs: 2_040, longestLagMs: 5_000 },
  { at: '2026-11-02T09:00:00Z', changes: 0, failed: 0, averageLagMs: null, longestLagMs: null },
];
const label = (instant: string) => instant.slice(11, 16);

describe('the figures of a profile', () => {
  test('become a bar of changes and failures for each step', () => {
    expect(throughputRows(points, label, { changes: 'Carried', failed: 'Failed' })).toEqual([
      { at: '08:00', value: 3, series: 'Carried' },
      { at: '08:00', value: 1, series: 'Failed' },
      { at: '09:00', value: 0, series: 'Carried' },
      { at: '09:00', value: 0, series: 'Failed' },
    ]);
  });

  test('become points of the lag in seconds, where it is known', () => {
    expect(lagRows(points, label, { average: 'Average', longest: 'Longest' })).toEqual([
      { at: '08:00', value: 2, series: 'Average' },
      { at: '08:00', value: 5, series: 'Longest' },
    ]);
  });

  test('add up', () => {
    expect(sumsOf(points)).toEqual({ changes: 3, failed: 1, averageLagMs: 2_040, longestLagMs: 5_000 });
    expect(sumsOf([])).toEqual({ changes: 0, failed: 0, averageLagMs: 0, longestLagMs: 0 });
  });

  test('have labels in the zone of who looks, and in plain ones where it is not known', () => {
    const at = '2026-11-02T08:00:00Z';
    expect(formatStep(at, false, { timezone: 'Europe/Berlin', locale: 'en' })).toBe('09:00');
    expect(formatStep(at, true, { timezone: 'Europe/Berlin', locale: 'en' })).toBe('Mon 09:00');
    expect(formatStep(at, false, { timezone: 'Nowhere/Land', locale: 'en' })).toMatch(/^\d\d:\d\d$/);
  });
});
