// Which items a range of days takes, in any zone, and how each side is asked for them.

import { describe, expect, it } from 'vitest';
import { changedWithin as wiql } from '../../backend/src/azure/wiql.ts';
import { changedWithin as jql } from '../../backend/src/jira/jql.ts';
import { instantsOf, isDay, isWithin } from '../../backend/src/sync/date-range.ts';

const iso = (range: { from: string | null; to: string | null }, zone: string) => {
  const { from, before } = instantsOf(range, zone);
  return [from, before].map((at) => (at === undefined ? null : new Date(at).toISOString()));
};

describe('a range of days', () => {
  it.each([
    ['UTC', '2026-03-01T00:00:00.000Z', '2026-04-01T00:00:00.000Z'],
    // Summer time begins on 29 March: the first day starts an hour later in UTC than the day after the last one.
    ['Europe/Berlin', '2026-02-28T23:00:00.000Z', '2026-03-31T22:00:00.000Z'],
    ['America/New_York', '2026-03-01T05:00:00.000Z', '2026-04-01T04:00:00.000Z'],
    ['Asia/Kathmandu', '2026-02-28T18:15:00.000Z', '2026-03-31T18:15:00.000Z'],
  ])('begins and ends with the days of %s', (zone, from, before) => {
    expect(iso({ from: '2026-03-01', to: '2026-03-31' }, zone)).toEqual([from, before]);
  });

  it('may be open on either end, and takes both of its days whole', () => {
    expect(iso({ from: null, to: '2024-02-28' }, 'UTC')).toEqual([null, '2024-02-29T00:00:00.000Z']);
    expect(iso({ from: '2026-12-31', to: null }, 'UTC')).toEqual(['2026-12-31T00:00:00.000Z', null]);
    const day = instantsOf({ from: '2026-03-01', to: '2026-03-01' }, 'UTC');
    const times = [
      '2026-02-28T23:59:59.999Z',
      '2026-03-01T00:00:00.000Z',
      '2026-03-01T23:59:59.999Z',
      '2026-03-02T00:00:00Z',
    ];
    expect(times.map((at) => isWithin(day, at))).toEqual([false, true, true, false]);
  });

  it.each([
    ['2026-02-28', true],
    ['2026-02-30', false],
    ['2026-2-1', false],
    // Neither site can be asked for the day after it.
    ['9999-12-31', false],
    ['1969-12-31', false],
    ['2026-01-01T00:00:00Z', false],
    ['', false],
  ])('%j is a day: %s', (text, expected) => {
    expect(isDay(text)).toBe(expected);
  });
});

describe('the condition of a search', () => {
  const within = { from: Date.UTC(2026, 2, 1), before: Date.UTC(2026, 3, 1) };

  it('names instants, whoever asks', () => {
    expect(jql(within)).toEqual(['updated >= 1772323200000', 'updated < 1775001600000']);
    expect(wiql(within)).toEqual([
      "[System.ChangedDate] >= '2026-03-01T00:00:00.000Z'",
      "[System.ChangedDate] < '2026-04-01T00:00:00.000Z'",
    ]);
    expect([jql({}), wiql({})]).toEqual([[], []]);
  });
});
