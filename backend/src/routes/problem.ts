// How a request fails: a status, a code for programs, a message for people. Made into an answer in one place.

import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type { z } from 'zod';
import { LeaseLost, type Log } from '../reconcile/ports.ts';
import { KeyServiceFailed } from '../store/key-service-failed.ts';
import { describeError, type ErrorCode, SyncFailure } from '../sync/errors.ts';

export class Problem extends Error {
  readonly status: ContentfulStatusCode;
  readonly code: string;
  /** Where in the request: `settings.fields.3.azure`. */
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

/** What a field should be instead, named in the message and by `path`. */
export const invalidField = (path: string, message: string): Problem =>
  new Problem(400, 'invalid-request', `${path}: ${message}`, path);

const bodyOf = ({ code, message, path }: Pick<Problem, 'code' | 'message' | 'path'>) => ({
  error: { code, message, ...(path === undefined ? {} : { path }) },
});

/** A token for a service that is wrong says nothing of the caller's own: 401 and 403 are kept for that. */
const statusOf: Partial<Record<ErrorCode, ContentfulStatusCode>> = {
  'rate-limited': 503,
  unavailable: 502,
  unreachable: 404,
};

/** What the framework refuses by itself: JSON that does not parse, another media type. */
const frameworkProblems: Readonly<Record<number, Problem>> = {
  400: new Problem(400, 'invalid-request', 'The body is not valid JSON.'),
  415: new Problem(415, 'unsupported-media-type', 'Send the body as JSON, with the content type application/json.'),
};

const internalWords = 'Tandem met an error of its own. Try again in a minute; if it stays, tell those who run Tandem.';

/** What is wrong with the key service is the operator's to know. */
const keysUnavailable = new Problem(
  503,
  'keys-unavailable',
  'Tandem cannot reach the keys of its secrets at this moment: try again in a minute.',
);

/** PostgreSQL's text holds every character but U+0000: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const unstorable = (error: Error): boolean => 'code' in error && error.code === '22021';

function problemOf(error: Error): Problem | null {
  if (error instanceof Problem) return error;
  if (unstorable(error)) {
    return new Problem(400, 'invalid-request', 'The request holds a character that no text may have: U+0000.');
  }
  if (error instanceof HTTPException) {
    return frameworkProblems[error.status] ?? new Problem(error.status, 'refused', 'The request was refused.');
  }
  if (error instanceof LeaseLost) {
    return new Problem(503, 'busy', 'The item is being synchronized at this moment: try again in a few seconds.');
  }
  if (error instanceof SyncFailure) {
    const { code, detail } = error.error;
    const { cause, remedy } = describeError(error.error);
    return new Problem(statusOf[code] ?? 422, code, [cause, remedy, detail].filter(Boolean).join(' '));
  }
  return null;
}

/** For `app.onError`: what is not one of ours is told as an internal error and logged by its name alone. */
export const answerError =
  (log: Log) =>
  (error: Error, c: Context): Response => {
    if (error instanceof KeyServiceFailed) {
      log.error({ request: c.get('requestId'), method: c.req.method, code: error.code }, 'the keys could not be had');
      return c.json(bodyOf(keysUnavailable), keysUnavailable.status);
    }
    const problem = problemOf(error);
    if (problem) return c.json(bodyOf(problem), problem.status);
    log.error(
      { request: c.get('requestId'), method: c.req.method, code: error.name },
      'a request met an unexpected error',
    );
    return c.json(bodyOf(new Problem(500, 'internal', internalWords)), 500);
  };

export const answerNotFound = (c: Context): Response =>
  c.json(bodyOf(new Problem(404, 'not-found', 'There is no such address.')), 404);

/** With the methods that the address knows. */
export const answerWrongMethod = (c: Context, methods: readonly string[]): Response => {
  const allowed = methods.join(', ');
  return c.json(bodyOf(new Problem(405, 'method-not-allowed', `This address takes ${allowed}.`)), 405, {
    allow: allowed,
  });
};

export const bodyTooLarge = (mostBytes: number) => (): never => {
  throw new Problem(413, 'too-large', `The body may have ${mostBytes} bytes at most.`);
};

type Issue = z.core.$ZodIssue;

/** Of a value that fits none of several shapes, what is wrong by the shape that it comes closest to. */
function deepest(issue: Issue): Issue {
  if (issue.code !== 'invalid_union') return issue;
  const [closest] = issue.errors.filter((issues) => issues.length > 0).sort((a, b) => a.length - b.length);
  const [first] = closest ?? [];
  return first ? deepest({ ...first, path: [...issue.path, ...first.path] }) : issue;
}

/** For the validation hook of described routes: names the field, what was wrong and what would be right. */
export function invalidRequest(
  result: { readonly success: true } | { readonly success: false; readonly error: z.core.$ZodError },
): void {
  if (result.success) return;
  const [first] = result.error.issues;
  const issue = first && deepest(first);
  const path = issue?.path.map(String).join('.') ?? '';
  const message = `${path === '' ? 'The request' : path}: ${issue?.message ?? 'not valid'}`;
  throw new Problem(400, 'invalid-request', message, path === '' ? undefined : path);
}
