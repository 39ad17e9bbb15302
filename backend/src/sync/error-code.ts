// What may be logged and stored of any error: a code, as messages may hold what people wrote.

import { SyncFailure } from './errors.ts';

/** A code of the closed list, PostgreSQL's or Node's own error code, or `internal`. */
export function errorCodeOf(error: unknown): string {
  if (error instanceof SyncFailure) return error.error.code;
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Za-z0-9_-]{1,40}$/.test(code) ? `internal:${code}` : 'internal';
}
