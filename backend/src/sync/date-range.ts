// The days of which an initial sync takes items. One rule: an item is in the range when its last change, its creation being
// the first, lies in it. One outside waits until somebody changes it, as any new item of a running profile would come.

import { startOfDay } from './zones.ts';

/** Whole days in the profile's zone, `YYYY-MM-DD`, both included; null: no bound on that end. */
export interface DateRange {
  readonly from: string | null;
  readonly to: string | null;
}

/** The same as instants, epoch ms: from the first one on, until before the second one. */
export interface ChangedWithin {
  readonly from?: number;
  readonly before?: number;
}

/** Of a year that both sites can be asked for: no item is older, and the day after the last one is a day as well. */
const dayForm = /^2\d{3}-\d{2}-\d{2}$/;

/** Whether the calendar has such a day: `2026-02-30` has the form of one only. */
export function isDay(text: string): boolean {
  const at = dayForm.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}

export function instantsOf({ from, to }: DateRange, zone: string): ChangedWithin {
  return {
    ...(from === null ? {} : { from: beginOf(zone, from) }),
    ...(to === null ? {} : { before: beginOf(zone, dayAfter(to)) }),
  };
}

const beginOf = (zone: string, day: string): number => Date.parse(startOfDay(zone, day) ?? `${day}T00:00:00Z`);

const dayAfter = (day: string): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);

/** `changedAt` as ISO 8601. */
export function isWithin({ from, before }: ChangedWithin, changedAt: string): boolean {
  const at = Date.parse(changedAt);
  return (from === undefined || at >= from) && (before === undefined || at < before);
}
