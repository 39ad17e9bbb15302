// Dates and instants by an IANA zone, from the zone data of the runtime.

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string): Intl.DateTimeFormat {
  let found = formats.get(zone);
  if (found === undefined) {
    found = new Intl.DateTimeFormat('en-CA', {
      timeZone: zone,
      calendar: 'iso8601',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    formats.set(zone, found);
  }
  return found;
}

interface Clock {
  readonly date: string;
  readonly time: string;
}

/** Wall clock of an instant: date `YYYY-MM-DD` and time `HH:MM:SS`. Throws a RangeError for an unknown zone. */
function wallClock(zone: string, at: number): Clock {
  const parts = new Map(
    format(zone)
      .formatToParts(at)
      .map((part) => [part.type, part.value]),
  );
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.get(type) ?? '00';
  return {
    date: `${part('year').padStart(4, '0')}-${part('month')}-${part('day')}`,
    time: `${part('hour')}:${part('minute')}:${part('second')}`,
  };
}

/** The day that an instant falls on, or undefined when the text is no date-time. */
export function dateOf(zone: string, dateTime: string): string | undefined {
  const at = Date.parse(dateTime);
  return Number.isNaN(at) ? undefined : wallClock(zone, at).date;
}

/** The instant at which a day begins, as ISO 8601 in UTC; where a clock change swallows midnight, the first moment after it. */
export function startOfDay(zone: string, date: string): string | undefined {
  const asUtc = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(asUtc)) return undefined;
  // The offset at the wanted instant is found by trying the offsets in force around it.
  const candidates = [asUtc - 86_400_000, asUtc, asUtc + 86_400_000].map((at) => asUtc - offset(zone, at));
  const exact = candidates.filter((at) => {
    const clock = wallClock(zone, at);
    return clock.date === date && clock.time === '00:00:00';
  });
  const sameDay = candidates.filter((at) => wallClock(zone, at).date === date);
  const best = [...(exact.length > 0 ? exact : sameDay)].sort((a, b) => a - b)[0] ?? asUtc;
  return new Date(best).toISOString();
}

/** Local time less UTC, in ms. */
function offset(zone: string, at: number): number {
  const clock = wallClock(zone, at);
  return Date.parse(`${clock.date}T${clock.time}Z`) - Math.floor(at / 1000) * 1000;
}

/** `2026-11-24 06:00 UTC`; other zones show as their offset: `2026-11-24 07:00 UTC+01:00`. */
export function showTime(zone: string, dateTime: string): string {
  const at = Date.parse(dateTime);
  if (Number.isNaN(at)) return dateTime;
  const clock = wallClock(zone, at);
  const minutes = Math.round(offset(zone, at) / 60_000);
  const pad = (value: number) => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  const shift = minutes === 0 ? '' : `${minutes < 0 ? '-' : '+'}${pad(Math.floor(size / 60))}:${pad(size % 60)}`;
  return `${clock.date} ${clock.time.slice(0, 5)} UTC${shift}`;
}
