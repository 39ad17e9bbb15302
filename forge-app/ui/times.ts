// Times as the person who looks reads them. Pure.

/** `2026-11-02T08:00:00Z` as `Nov 2, 2026, 9:00 AM` in the viewer's zone and language. */
export function formatTime(instant: string, zone: { readonly timezone?: string; readonly locale?: string }): string {
  const options: Intl.DateTimeFormatOptions = { dateStyle: 'medium', timeStyle: 'short' };
  const date = new Date(instant);
  try {
    return new Intl.DateTimeFormat(zone.locale, { ...options, timeZone: zone.timezone }).format(date);
  } catch {
    // A zone or language that this browser doesn't know.
    return new Intl.DateTimeFormat('en', options).format(date);
  }
}

/** `2026-11-02T08:00:00Z` as `09:00`, with the day as `Mon 09:00`. */
export function formatStep(
  instant: string,
  withDay: boolean,
  { timezone, locale }: { readonly timezone: string | undefined; readonly locale: string | undefined },
): string {
  const options: Intl.DateTimeFormatOptions = {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    ...(withDay ? { weekday: 'short' } : {}),
  };
  const date = new Date(instant);
  try {
    return new Intl.DateTimeFormat(locale, { ...options, timeZone: timezone }).format(date);
  } catch {
    // A zone or language that this browser doesn't know.
    return new Intl.DateTimeFormat('en', options).format(date);
  }
}

/** Whole days from the local day of `now` to a date without time; negative when it is over. */
export function daysUntil(date: string, now: Date): number {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const today = Date.UTC(now.getFullYear(), now.getMonth(), now.getDate());
  return Math.round((Date.UTC(year, month - 1, day) - today) / 86_400_000);
}
