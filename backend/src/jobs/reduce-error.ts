// Reduces what a task threw to a code: the queue stores and logs the message, and the thrown one may hold what people wrote.

import { errorCodeOf } from '../sync/error-code.ts';

export function reduceError(error: unknown): Error {
  const reduced = new Error(errorCodeOf(error));
  reduced.stack = '';
  return reduced;
}
