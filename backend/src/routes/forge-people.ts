// Atlassian's personal data reporting: which accounts are kept is told once in seven days, and whoever closed an account is
// erased, whoever changed one is read again. The app asks Atlassian, by Forge's privacy API; it takes both ends of it here.
// https://developer.atlassian.com/cloud/jira/platform/user-privacy-developer-guide/,
// https://developer.atlassian.com/platform/forge/runtime-reference/privacy-api/

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { body, forgeProblems, fromForge, json, problems } from './described.ts';
import { invalidRequest } from './problem.ts';

const accountId = z.string().min(1).max(128);

const dueRoute = createRoute({
  method: 'post',
  path: '/people/due',
  summary: 'Accounts that Atlassian is to be asked about',
  tags: ['forge'],
  ...fromForge,
  responses: {
    200: {
      description: 'Those not asked about for seven days, since when each is kept',
      ...json(z.object({ accounts: z.array(z.object({ accountId, updatedAt: z.iso.datetime() })) })),
    },
    ...forgeProblems,
  },
});
const reportedRoute = createRoute({
  method: 'post',
  path: '/people/reported',
  summary: 'What Atlassian answered',
  tags: ['forge'],
  ...fromForge,
  request: {
    body: body(
      z.strictObject({
        asked: z.array(accountId).max(1_000),
        updates: z.array(z.strictObject({ accountId, status: z.enum(['closed', 'updated']) })).max(1_000),
      }),
    ),
  },
  responses: { 204: { description: 'Done' }, ...forgeProblems, ...problems(400, 415) },
});

/** Atlassian's cycle. */
const cycleMs = 7 * 24 * 60 * 60 * 1000;
/** Ten requests of Forge's privacy API, which a function has time for; the next day brings the others. */
const mostAtOnce = 900;

export function forgePeopleRoutes({ config, deps, log }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(dueRoute, async (c) => {
    const due = await config.accountsDue(c.get('caller').scope, deps.now() - cycleMs, mostAtOnce);
    const accounts = due.map(({ id, storedAt }) => ({ accountId: id, updatedAt: new Date(storedAt).toISOString() }));
    return c.json({ accounts }, 200);
  });

  app.openapi(reportedRoute, async (c) => {
    const { scope } = c.get('caller');
    const { asked, updates } = c.req.valid('json');
    for (const { accountId: id, status } of updates) {
      if (status === 'updated') await config.forgetAccount(scope, id);
      else {
        const { left } = await config.erasePerson(scope, 'jira', id);
        if (left.length > 0) {
          log.warn(
            { installation: scope.installationId, account: id, count: left.length },
            'profiles name a closed account',
          );
        }
      }
    }
    // Last: what was interrupted is asked about again.
    await config.accountsReported(scope, asked, deps.now());
    return c.body(null, 204);
  });
  return app;
}
