// What holds while a request is answered: the trace that its log lines name, and what it reads of the two services, which is
// masked in what is told of their errors.

import type { MiddlewareHandler } from 'hono';
import { rememberingReads } from '../http/read-values.ts';
import { readTrace, withTrace } from '../telemetry/trace.ts';

export const requestContext: MiddlewareHandler = (c, next) =>
  withTrace(
    readTrace((name) => c.req.header(name)),
    () => rememberingReads(next),
  );
