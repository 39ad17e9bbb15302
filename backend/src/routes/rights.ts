// What a person may do, asked of Jira with the person's own token: an account id in a body or a claim proves nothing.

import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { z } from 'zod';
import type { JiraClient } from '../jira/client.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { Caller, CallerEnv } from './caller.ts';
import { Problem } from './problem.ts';

/** How long an answer about rights is believed. */
const rightsFreshMs = 60_000;
const mostRemembered = 1_000;

const permissionsSchema = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

/** The person's Jira, or a refusal of what no person started. */
export function requirePerson({ person }: Caller, what: string): NonNullable<Caller['person']> {
  if (!person) throw new Problem(403, 'forbidden', `Only ${what} may ask for this.`);
  return person;
}

/** Runs a question to Jira with the person's token; a token that Jira no longer takes is the page's to renew. */
export async function withUserToken<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof SyncFailure && error.error.code === 'unauthorized') {
      throw new Problem(
        403,
        'forbidden',
        'Jira no longer accepts your session. Sign in to Jira in another tab, then try again: what you typed here is kept.',
      );
    }
    throw error;
  }
}

/** Lets only on what no person started: whoever views a page can have Forge sign a call of theirs to any address of ours. */
export const startedByForge: MiddlewareHandler<CallerEnv> = async (c, next) => {
  if (c.get('caller').person) throw new Problem(403, 'forbidden', 'Only Forge itself calls this.');
  await next();
};

/** Whether the person has one permission; on one issue where `issueId` is given. */
export async function may(jira: JiraClient, permission: string, issueId?: string): Promise<boolean> {
  const answer = await withUserToken(() =>
    jira.get(permissionsSchema, {
      operation: 'GET mypermissions',
      method: 'GET',
      path: 'mypermissions',
      query: { permissions: permission, ...(issueId === undefined ? {} : { issueId }) },
      endpoint: 'read',
    }),
  );
  return answer.permissions[permission]?.havePermission === true;
}

/** Lets only people on who administer Jira. A grant is remembered for a minute of `now` (epoch ms), a refusal never. */
export function jiraAdministrator(now: () => number): MiddlewareHandler<CallerEnv> {
  const grantedUntil = new Map<string, number>();
  return async (c, next) => {
    const caller = c.get('caller');
    const { token, jira } = requirePerson(caller, 'a person who administers Jira');
    const key = createHash('sha256').update(`${caller.scope.installationId} ${token}`).digest('base64url');
    if ((grantedUntil.get(key) ?? 0) <= now()) {
      if (!(await may(jira, 'ADMINISTER'))) {
        throw new Problem(
          403,
          'forbidden',
          'This needs the global permission Administer Jira. Ask a Jira administrator for it, or to do this for you.',
        );
      }
      if (grantedUntil.size >= mostRemembered) grantedUntil.clear();
      grantedUntil.set(key, now() + rightsFreshMs);
    }
    await next();
  };
}
