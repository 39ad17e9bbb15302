// Checks an answer against the schema of what is read from it. A service that answers otherwise is an error with the place named.

import type { z } from 'zod';
import { syncError } from '../sync/errors.ts';
import type { Side } from '../sync/model.ts';
import { type HttpAnswer, HttpFailure } from './transport.ts';

/** Throws `unavailable`, with the path and never the value, when the answer is not of that shape. */
export function decode<T>(schema: z.ZodType<T>, answer: HttpAnswer, side: Side, operation: string): T {
  const result = schema.safeParse(answer.json);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const place = issue === undefined || issue.path.length === 0 ? 'the answer' : issue.path.map(String).join('.');
  throw new HttpFailure(
    syncError('unavailable', {
      side,
      value: 'answer',
      detail: `${operation}: ${answer.json === undefined ? 'the answer is not JSON' : `${place} is not of the documented form (${issue?.code ?? 'unknown'})`}.`,
    }),
    // The service answered: whatever was asked has been done.
    { mayHaveLanded: true, status: answer.status },
  );
}
