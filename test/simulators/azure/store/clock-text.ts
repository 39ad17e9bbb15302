// Dates as the service writes and reads them: UTC, at most milliseconds, no trailing zeros in the fraction.

/** `2026-11-24T05:53:48.12Z`. */
export function dateText(ms: number): string {
  return new Date(ms)
    .toISOString()
    .replace(/\.(\d*?)0+Z$/, (_, digits: string) => (digits === '' ? 'Z' : `.${digits}Z`));
}

export const FAR_FUTURE = '9999-01-01T00:00:00Z';

const ISO = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?\s*(?:Z|[+-]\d{2}:?\d{2})?$/i;
const US = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?::(\d{2}))?\s*(AM|PM)?\s*(Z)?)?$/i;

/** Milliseconds, or undefined when it is no date. Without a zone it is UTC, as the service's collections are. */
export function parseDate(text: string): number | undefined {
  const trimmed = text.trim();
  if (ISO.test(trimmed)) {
    const normal = trimmed.replace(' ', 'T').replace(/\s+/g, '');
    const zoned = /T/.test(normal) && !/(Z|[+-]\d{2}:?\d{2})$/i.test(normal) ? `${normal}Z` : normal;
    const ms = Date.parse(zoned);
    return Number.isNaN(ms) ? undefined : ms;
  }
  const us = US.exec(trimmed);
  if (us !== null) {
    const [, month, day, year, hour = '0', minute = '0', second = '0', half] = us;
    const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
    const ms = Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second));
    const back = new Date(ms);
    if (back.getUTCMonth() !== Number(month) - 1 || back.getUTCDate() !== Number(day)) return undefined;
    return ms;
  }
  return undefined;
}

/** How far local time in `timeZone` is ahead of UTC at `ms`, milliseconds. */
function offsetAt(ms: number, timeZone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(new Date(ms));
  const of = (type: string): number => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const shown = Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'));
  return shown - Math.floor(ms / 1000) * 1000;
}

/** The local calendar's date at `ms`, in the UTC parts of the answer. */
export const localDate = (ms: number, timeZone: string): Date => new Date(ms + offsetAt(ms, timeZone));

/** When that local day begins, as UTC milliseconds; days and months may lie outside their usual bounds. */
export function localMidnight(timeZone: string, year: number, month: number, day: number): number {
  const shown = Date.UTC(year, month, day);
  // The second look is for days on which the clock is set.
  return shown - offsetAt(shown - offsetAt(shown, timeZone), timeZone);
}

/** Midnight of the day that `ms` falls on in `timeZone`, as UTC milliseconds. */
export function startOfDay(ms: number, timeZone: string): number {
  const local = localDate(ms, timeZone);
  return localMidnight(timeZone, local.getUTCFullYear(), local.getUTCMonth(), local.getUTCDate());
}
