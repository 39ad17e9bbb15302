// Times as Jira writes and reads them: instants in the zone of the account that asks, and calendar dates without one.

const parts = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();
const QUARTER = 15 * 60_000;

function formatter(zone: string): Intl.DateTimeFormat {
  let format = parts.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    parts.set(zone, format);
  }
  return format;
}

/** Milliseconds that `zone` is ahead of UTC at `instant`. Offsets change on quarter hours at the finest. */
export function zoneOffset(zone: string, instant: number): number {
  const quarter = Math.floor(instant / QUARTER) * QUARTER;
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  const value = Object.fromEntries(
    formatter(zone)
      .formatToParts(quarter)
      .map((part) => [part.type, Number(part.value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = value;
  const offset = Date.UTC(year, month - 1, day, hour, minute, second) - quarter;
  if (offsets.size > 50_000) offsets.clear();
  offsets.set(key, offset);
  return offset;
}

/** `2026-11-24T06:53:48.123+0100`: Jira's form, with the offset of the asking account and without a colon in it. */
export function formatInstant(instant: number, zone: string): string {
  const offset = zoneOffset(zone, instant);
  const local = new Date(instant + offset).toISOString().slice(0, -1);
  const minutes = Math.abs(offset) / 60_000;
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(minutes / 60))}${two(minutes % 60)}`;
}

/** The calendar date of `instant` in `zone`, `yyyy-MM-dd`. */
export const dateIn = (instant: number, zone: string): string =>
  new Date(instant + zoneOffset(zone, instant)).toISOString().slice(0, 10);

/** The instant of a wall-clock time in `zone`; a time that a clock change skips is read with the offset before it. */
export function fromLocal(zone: string, localAsUtc: number): number {
  const first = localAsUtc - zoneOffset(zone, localAsUtc);
  return localAsUtc - zoneOffset(zone, first);
}

const DATE = /^(\d{4})-(\d{2})-(\d{2})$/;

/** True for a date that exists, as `yyyy-MM-dd`. */
export function isDate(text: string): boolean {
  const match = DATE.exec(text);
  if (match === null) return false;
  const time = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
}

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?(?:Z|[+-]\d{2}:?\d{2})$/;

/** Reads Jira's form and plain ISO 8601 with an offset; undefined when it is neither. */
export function parseInstant(text: string): number | undefined {
  if (!INSTANT.test(text)) return undefined;
  const time = Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2'));
  return Number.isNaN(time) ? undefined : time;
}

const UNITS: Readonly<Record<string, number>> = { w: 5 * 8 * 3600, d: 8 * 3600, h: 3600, m: 60 };

/** Seconds of a duration such as `2d 4h 30m`, with Jira's default week of 5 days of 8 hours; undefined when malformed. */
export function parseDuration(text: string): number | undefined {
  const words = text.trim().split(/\s+/);
  let seconds = 0;
  for (const word of words) {
    const match = /^(\d+(?:\.\d+)?)([wdhm])?$/.exec(word);
    if (match === null) return undefined;
    seconds += Number(match[1]) * (UNITS[match[2] ?? 'm'] ?? 60);
  }
  return Math.round(seconds);
}

/** `1w 2d 4h 30m` of seconds. */
export function formatDuration(seconds: number): string {
  let rest = seconds;
  const words: string[] = [];
  for (const [unit, size] of Object.entries(UNITS)) {
    const count = Math.floor(rest / size);
    if (count > 0) words.push(`${count}${unit}`);
    rest -= count * size;
  }
  return words.length === 0 ? '0m' : words.join(' ');
}
