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

/** `now()`, `startOfDay(-1d)` and the like; undefined for functions that name no time. */
export function dateFunction(name: string, args: readonly string[], context: DateContext): number | undefined {
  const shift = args[0] === undefined ? 0 : (readPeriod(args[0]) ?? Number.NaN);
  if (Number.isNaN(shift)) return undefined;
  const { now, zone } = context;
  const local = new Date(now + zoneOffset(zone, now));
  const [year, month, day] = [local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate()];
  // Weeks begin on Sunday, as in Jira's default.
  const at = (y: number, m: number, d: number): number => fromLocal(zone, Date.UTC(y, m, d)) + shift;
  switch (name.toLowerCase()) {
    case 'now':
      return now;
    case 'startofday':
      return at(year, month, day);
    case 'endofday':
      return at(year, month, day + 1) - 1;
    case 'startofweek':
      return at(year, month, day - local.getUTCDay());
    case 'endofweek':
      return at(year, month, day - local.getUTCDay() + 7) - 1;
    case 'startofmonth':
      return at(year, month, 1);
    case 'endofmonth':
      return at(year, month + 1, 1) - 1;
    case 'startofyear':
      return at(year, 0, 1);
    case 'endofyear':
      return at(year + 1, 0, 1) - 1;
    default:
      return undefined;
  }
}
