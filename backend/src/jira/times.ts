// Jira's ways to write a time, and ours.

/** `2021-01-20T15:58:12.797+1100` (the offset is the caller's zone) to epoch milliseconds; null when it is no time. */
export function parseJiraTime(text: string): number | null {
  const colon = text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const time = Date.parse(colon);
  return Number.isNaN(time) ? null : time;
}

/** ISO 8601 in UTC. Falls back to the epoch for what is no time, so that one odd answer does not stop a read. */
export const toIso = (text: string): string => new Date(parseJiraTime(text) ?? 0).toISOString();

/** What Jira takes in date-time fields: milliseconds and an offset without a colon. */
export const toJiraTime = (iso: string): string => new Date(iso).toISOString().replace(/Z$/, '+0000');

const dateOnly = /^\d{4}-\d{2}-\d{2}$/;
const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})$/;

export const isJiraDate = (text: string): boolean => dateOnly.test(text);
export const isJiraTime = (text: string): boolean => dateTime.test(text) && parseJiraTime(text) !== null;
