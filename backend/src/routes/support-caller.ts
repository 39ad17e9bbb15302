// Lets support in: verifies the person, then writes the query into the audit log, then lets the route answer.

import type { MiddlewareHandler } from 'hono';
import type { Service } from '../service.ts';
import { recordSupportQuery } from '../store/support-queries.ts';
import { KeysUnavailable, TokenRefused } from './forge-token.ts';
import { Problem } from './problem.ts';
import type { SupportVerifier } from './support-token.ts';

export interface SupportEnv {
  /** E-mail address of the person. */
  Variables: { support: string };
}

export function supportCaller({ pool, log }: Service, verify: SupportVerifier): MiddlewareHandler<SupportEnv> {
  return async (c, next) => {
    const person = await verify(c.req.header('authorization')).catch((error: unknown) => {
      if (error instanceof TokenRefused) throw new Problem(401, 'unauthorized', 'This needs an account of support.');
      if (error instanceof KeysUnavailable) throw new Problem(503, 'keys-unavailable', 'Try again in a moment.');
      throw error;
    });
    const { pathname, search } = new URL(c.req.url);
    const named = /^\/support\/installations\/([^/]+)/.exec(pathname)?.[1];
    await recordSupportQuery(pool, {
      person,
      method: c.req.method,
      path: `${pathname}${search}`.slice(0, 2_000),
      installationId: named === undefined ? null : decodeURIComponent(named),
    });
    log.info({ installation: named, account: person, method: c.req.method }, 'support asked');
    c.set('support', person);
    await next();
  };
}
