// One line per request: which route, how it ended, how long it took, for whom. Never bodies, addresses or headers, which hold
// what users wrote and tokens.

import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import type { Log } from '../reconcile/ports.ts';
import type { Caller } from './caller.ts';

/** Asked every few seconds by the platform. */
const silent: ReadonlySet<string> = new Set(['/health', '/ready']);

interface RequestEnv {
  Variables: { requestId: string; caller?: Caller; hook?: { readonly scope: Caller['scope'] } };
}

/** `now` gives monotonic milliseconds. */
export function logRequests(log: Log, now: () => number = () => performance.now()): MiddlewareHandler<RequestEnv> {
  return async (c, next) => {
    const started = now();
    await next();
    // Patterns end in `*` where only what holds for every request matched: there is no such route.
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path;
    if (route !== undefined && silent.has(route)) return;
    const { installationId } = (c.get('caller') ?? c.get('hook'))?.scope ?? {};
    log.info(
      {
        request: c.get('requestId'),
        method: c.req.method,
        route,
        status: c.res.status,
        ms: Math.round(now() - started),
        installation: installationId,
      },
      'request',
    );
  };
}
