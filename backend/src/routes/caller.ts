// Who is calling: one middleware verifies the token, finds the installation and keeps the freshest system token; a second one
// lets only Jira's administrators on. Routes read the result from typed context variables.

import { createHash } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { decodeJwt } from 'jose';
import { z } from 'zod';
import { createJiraClient, type JiraClient } from '../jira/client.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Installation } from '../store/config-store.ts';
import { type ForgeClaims, type ForgeVerifier, KeysUnavailable, TokenRefused } from './forge-token.ts';
import { Problem } from './problem.ts';

export interface Caller {
  readonly claims: ForgeClaims;
  readonly scope: Scope;
  readonly installation: Installation;
  /** With the token of the person at the page; null for calls that no person started. */
  readonly jira: JiraClient | null;
}

export interface CallerEnv {
  Variables: { caller: Caller };
}

/** Where a token does not tell its end: an hour less than the two that Forge guarantees. */
const assumedLifeMs = 60 * 60 * 1000;

export function verifiedCaller(service: Service, verify: ForgeVerifier): MiddlewareHandler<CallerEnv> {
  return async (c, next) => {
    const claims = await verify(c.req.header('authorization')).catch((error: unknown) => {
      if (error instanceof TokenRefused)
        throw new Problem(401, 'unauthorized', 'The call carries no valid Forge token.');
      if (error instanceof KeysUnavailable) throw new Problem(503, 'keys-unavailable', 'Try again in a moment.');
      throw error;
    });
    const installation = await installationOf(service, claims);
    const scope = { installationId: installation.id };
    const systemToken = c.req.header('x-forge-oauth-system');
    if (systemToken) await keepSystemToken(service, scope, claims, systemToken);
    const userToken = c.req.header('x-forge-oauth-user');
    const jira = userToken ? userClient(service, claims, installation, userToken) : null;
    c.set('caller', { claims, scope, installation, jira });
    await next();
  };
}

/** Known by site and environment; a call that comes before the install event makes it. */
async function installationOf(service: Service, claims: ForgeClaims): Promise<Installation> {
  const known = await service.config.findInstallation(claims.cloudId, claims.environment);
  if (known?.status === 'active' && known.forgeInstallationIds.includes(claims.forgeInstallationId)) return known;
  return install(service, claims);
}

/** The handshake: the installation, and the connection by which the app itself reaches its Jira. */
export async function install(service: Service, claims: ForgeClaims): Promise<Installation> {
  const installation = await service.config.install({
    cloudId: claims.cloudId,
    environment: claims.environment,
    forgeInstallationId: claims.forgeInstallationId,
    ...(claims.siteUrl === null ? {} : { siteUrl: claims.siteUrl }),
  });
  const scope = { installationId: installation.id };
  await appConnection(service, scope, claims.siteUrl ?? claims.apiBaseUrl);
  return installation;
}

export async function appConnection(service: Service, scope: Scope, url: string): Promise<string> {
  const connections = await service.config.listConnections(scope);
  const known = connections.find(({ side, auth }) => side === 'jira' && auth === 'app');
  if (known) return known.id;
  const made = await service.config.createConnection(scope, { side: 'jira', name: 'Jira', url, auth: 'app' });
  return made.id;
}

async function keepSystemToken(service: Service, scope: Scope, claims: ForgeClaims, token: string): Promise<void> {
  await service.config.saveSystemToken(scope, {
    token,
    expiresAt: expiryOf(token) ?? service.deps.now() + assumedLifeMs,
    apiBaseUrl: claims.apiBaseUrl,
  });
}

function expiryOf(token: string): number | null {
  try {
    const { exp } = decodeJwt(token);
    return exp === undefined ? null : exp * 1000;
  } catch {
    return null;
  }
}

function userClient(service: Service, claims: ForgeClaims, installation: Installation, token: string): JiraClient {
  return createJiraClient(
    {
      id: `user:${installation.id}`,
      siteUrl: installation.siteUrl ?? claims.apiBaseUrl,
      apiUrl: claims.apiBaseUrl,
      siteId: installation.cloudId,
      auth: { kind: 'bearer', token: async () => token },
    },
    service.transport,
    'pages',
  );
}

/** How long an answer about rights is believed. */
const rightsFreshMs = 60_000;
const mostRemembered = 1_000;

const permissionsSchema = z.object({ permissions: z.record(z.string(), z.object({ havePermission: z.boolean() })) });

/** Asks Jira, with the person's own token, for one permission; on one issue where `issueId` is given. */
export async function may(jira: JiraClient, permission: string, issueId?: string): Promise<boolean> {
  const answer = await jira.get(permissionsSchema, {
    operation: 'GET mypermissions',
    method: 'GET',
    path: 'mypermissions',
    query: { permissions: permission, ...(issueId === undefined ? {} : { issueId }) },
    endpoint: 'read',
  });
  return answer.permissions[permission]?.havePermission === true;
}

export function jiraAdministrator(now: () => number): MiddlewareHandler<CallerEnv> {
  const granted = new Map<string, number>();
  return async (c, next) => {
    const { jira, scope } = c.get('caller');
    const userToken = c.req.header('x-forge-oauth-user');
    if (!jira || !userToken) {
      throw new Problem(403, 'forbidden', 'Only a person who administers Jira may do this.');
    }
    const key = createHash('sha256').update(`${scope.installationId} ${userToken}`).digest('base64url');
    if ((granted.get(key) ?? 0) <= now()) {
      if (!(await may(jira, 'ADMINISTER'))) {
        throw new Problem(403, 'forbidden', 'This needs the global permission Administer Jira.');
      }
      if (granted.size >= mostRemembered) granted.clear();
      granted.set(key, now() + rightsFreshMs);
    }
    await next();
  };
}
