// How a request fails: a status, a code for programs, a message for people. Made into an answer in one place.

import type { Context } from 'hono';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import type { Log } from '../reconcile/ports.ts';
import { describeError, type ErrorCode, SyncFailure } from '../sync/errors.ts';

export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  readonly path: string | undefined;
  constructor(status: ContentfulStatusCode, code: string, message: string, path?: string) {
    super(message);
    this.name = 'Problem';
    this.status = status;
    this.code = code;
    this.path = path;
  }
}

export const notFound = (what: string): Problem => new Problem(404, 'not-found', `There is no such ${what}.`);

const body = (code: string, message: string, path?: string) => ({
  error: { code, message, ...(path === undefined ? {} : { path }) },
});

const statusOf: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  unauthorized: 422,
  forbidden: 422,
  'connection-forbidden': 422,
  'rate-limited': 503,
  unavailable: 502,
  unreachable: 404,
};

/** For `app.onError`: what is not one of ours is told as an internal error and logged by its name alone. */
export const answerError =
  (log: Log) =>
  (error: Error, c: Context): Response => {
    if (error instanceof Problem) return c.json(body(error.code, error.message, error.path), error.status);
    if (error instanceof SyncFailure) {
      const { cause, remedy } = describeError(error.error);
      return c.json(body(error.error.code, `${cause} ${remedy}`), statusOf[error.error.code] ?? 422);
    }
    log.error(
      { route: c.req.routePath, method: c.req.method, code: error.name },
      'a request ended with an unexpected error',
    );
    return c.json(body('internal', 'Tandem met an error of its own.'), 500);
  };

/** For the validation hook of OpenAPI routes: names the field, what was wrong and what would be right. */
export function invalidRequest(
  result: { readonly success: true } | { readonly success: false; readonly error: z.core.$ZodError },
): void {
  if (result.success) return;
  const [issue] = result.error.issues;
  const path = issue?.path.map(String).join('.') ?? '';
  throw new Problem(
    400,
    'invalid-request',
    `${path === '' ? 'The request' : path}: ${issue?.message ?? 'not valid'}`,
    path,
  );
}
