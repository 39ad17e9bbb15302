// Which SyncError an HTTP status or a broken socket is, and whether the request may have been carried out all the same.

import { type SyncError, syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import type { HeaderReader } from './transport.ts';

export interface Judged {
  readonly error: SyncError;
  /** False when it is certain that the service did nothing. */
  readonly mayHaveLanded: boolean;
}

interface Subject {
  readonly side: Side;
  /** A read: whether it landed makes no difference. */
  readonly safe: boolean;
}

/** How long to wait when the service asks to but names no time. */
export const defaultRetryAfterMs = 30_000;
/** A longer wait than a day is a mistake of the service's or of a clock. */
const longestRetryAfterMs = 24 * 60 * 60 * 1000;

/** `Retry-After` in seconds or as an HTTP date (RFC 9110, section 10.2.3), in ms; null when absent or not readable. */
export function retryAfterMs(value: string | null, now: number = Date.now()): number | null {
  if (value === null) return null;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(Math.ceil(Number(text) * 1000), longestRetryAfterMs);
  const date = Date.parse(text);
  if (Number.isNaN(date)) return null;
  return Math.min(Math.max(date - now, 0), longestRetryAfterMs);
}

/** For statuses of 400 and above that no caller reads itself. */
export function classifyStatus(subject: Subject, status: number, header: HeaderReader): Judged {
  const { side } = subject;
  if (status === 401) return { error: syncError('unauthorized', { side }), mayHaveLanded: false };
  if (status === 403) return { error: syncError('forbidden', { side }), mayHaveLanded: false };
  const wait = retryAfterMs(header('retry-after'));
  if (status === 429) {
    return {
      error: syncError('rate-limited', { side, retryAfterMs: wait ?? defaultRetryAfterMs }),
      mayHaveLanded: false,
    };
  }
  // A gateway's 5xx may stand for a backend that has done the work. `Retry-After` with 503 is how Azure DevOps also limits.
  const error = syncError('unavailable', {
    side,
    value: `HTTP ${status}`,
    ...(wait === null ? {} : { retryAfterMs: wait }),
  });
  return { error, mayHaveLanded: !subject.safe && (status >= 500 || status === 408) };
}

/** undici's and Node's codes for a connection that was never made: nothing was sent. */
const neverConnected: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** `value` of the error is `socket` or `timeout`; the detail names the code only, as messages may hold addresses. */
export function classifySocketError(subject: Subject, cause: unknown): Judged {
  const code = codeOf(cause);
  const timeout = code === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_BODY_TIMEOUT';
  const error = syncError('unavailable', {
    side: subject.side,
    value: timeout ? 'timeout' : 'socket',
    detail: timeout ? 'No answer in time.' : `The connection failed (${code}).`,
  });
  return { error, mayHaveLanded: !subject.safe && !neverConnected.has(code) };
}

/** The innermost code of an error chain: fetch wraps the socket's error as its cause. */
function codeOf(error: unknown): string {
  let found = 'unknown';
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth += 1) {
    if ('code' in current && typeof current.code === 'string') found = current.code;
    else if (current.name === 'TimeoutError' || current.name === 'AbortError') found = current.name;
    current = current.cause;
  }
  return found;
}
