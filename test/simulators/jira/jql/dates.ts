// Reads JQL's ways to name a time: dates with or without a time in the caller's zone, epoch milliseconds, periods, functions.
import { fromLocal, zoneOffset } from '../time.ts';

export interface DateContext {
  readonly now: number;
  /** Bare times are in it. */
  readonly zone: string;
}

const ABSOLUTE = /^(\d{4})[/-](\d{1,2})[/-](\d{1,2})(?:\s+(\d{1,2}):(\d{2}))?$/;
const PERIOD = /^([+-])?\s*((?:\d+\s*[yMwdhm]\s*)+)$/;
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const UNITS: Readonly<Record<string, number>> = {
  y: 365 * DAY,
  M: 30 * DAY,
  w: 7 * DAY,
  d: DAY,
  h: 60 * MINUTE,
  m: MINUTE,
};

/** The instant that `text` names, to the minute where it is a date-time; undefined when it names none. */
export function readJqlDate(text: string, { now, zone }: DateContext): number | undefined {
  const trimmed = text.trim();
  // Seen to work in Cloud: epoch milliseconds as a bare number.
  if (/^-?\d{9,}$/.test(trimmed)) return Number(trimmed);
  const absolute = ABSOLUTE.exec(trimmed);
  if (absolute !== null) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0] = absolute.slice(1).map((part) => Number(part ?? 0));
    const local = Date.UTC(year, month - 1, day, hour, minute);
    const date = new Date(local);
    const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60;
    return real ? fromLocal(zone, local) : undefined;
  }
  const period = readPeriod(trimmed);
  return period === undefined ? undefined : now + period;
}

/** Milliseconds of `-2h`, `4w 2d`; a period without a sign lies ahead. */
export function readPeriod(text: string): number | undefined {
  const match = PERIOD.exec(text.trim());
  if (match === null) return undefined;
  let sum = 0;
  for (const [, count, unit] of (match[2] ?? '').matchAll(/(\d+)\s*([yMwdhm])/g))
    sum += Number(count) * (UNITS[unit ?? ''] ?? 0);
  return match[1] === '-' ? -sum : sum;
}

type Unit = 'y' | 'M' | 'w' | 'd' | 'h' | 'm';

interface Shift {
  readonly count: number;
  readonly unit: Unit;
}

/** `-1M`, or `-1` in the function's own unit; undefined when it is neither. */
function readShifts(text: string, own: Unit): readonly Shift[] | undefined {
  const bare = /^[+-]?\d+$/.exec(text.trim());
  if (bare !== null) return [{ count: Number(text), unit: own }];
  const match = PERIOD.exec(text.trim());
  if (match === null) return undefined;
  const sign = match[1] === '-' ? -1 : 1;
  return [...(match[2] ?? '').matchAll(/(\d+)\s*([yMwdhm])/g)].map(([, count, unit]) => ({
    count: sign * Number(count),
    unit: unit as Unit,
  }));
}

/** The function's own unit, and the first instant of the span around a local date. Weeks begin on Sunday, as in Jira's default. */
const SPANS: Readonly<Record<string, { readonly unit: Unit; first(date: Date): readonly [number, number, number] }>> = {
  day: { unit: 'd', first: (date) => [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()] },
  week: {
    unit: 'w',
    first: (date) => [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate() - date.getUTCDay()],
  },
  month: { unit: 'M', first: (date) => [date.getUTCFullYear(), date.getUTCMonth(), 1] },
  year: { unit: 'y', first: (date) => [date.getUTCFullYear(), 0, 1] },
};

/**
 * `now()`, `startOfDay(-1d)` and the like; undefined for functions that name no time. The argument moves the result; without a
 * unit it counts in the function's own: https://support.atlassian.com/jira-software-cloud/docs/jql-functions/ (startOfMonth).
 */
export function dateFunction(name: string, args: readonly string[], { now, zone }: DateContext): number | undefined {
  const lower = name.toLowerCase();
  if (lower === 'now') return now;
  const [, edge, span = ''] = /^(start|end)of(day|week|month|year)$/.exec(lower) ?? [];
  const known = SPANS[span];
  if (edge === undefined || known === undefined) return undefined;
  const shifts = args[0] === undefined ? [] : readShifts(args[0], known.unit);
  if (shifts === undefined) return undefined;
  const total = (unit: Unit): number => shifts.reduce((sum, shift) => sum + (shift.unit === unit ? shift.count : 0), 0);
  const [year, month, day] = known.first(new Date(now + zoneOffset(zone, now)));
  // An end is the next beginning less a moment; months and years move the calendar, the rest the clock.
  const after = (unit: Unit): number => (edge === 'end' && known.unit === unit ? 1 : 0);
  const days = day + total('d') + 7 * total('w') + after('d') + 7 * after('w');
  const local = Date.UTC(year + total('y') + after('y'), month + total('M') + after('M'), days);
  const clock = total('h') * 60 * MINUTE + total('m') * MINUTE;
  return fromLocal(zone, local) + clock - (edge === 'end' ? 1 : 0);
}
