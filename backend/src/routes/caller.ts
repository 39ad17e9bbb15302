// Who is calling: verifies the token, finds the installation and keeps the freshest system token. Routes read the result
// from a typed context variable; what the caller may do is rights.ts.

import type { MiddlewareHandler } from 'hono';
import { decodeJwt } from 'jose';
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
  readonly person: { readonly token: string; readonly jira: JiraClient } | null;
}

export interface CallerEnv {
  Variables: { caller: Caller };
}

const tokenRefused =
  'The call carries no valid Forge token. Reload the page; if that does not help, tell those who run Tandem.';

/** Where a token does not tell its end: an hour less than the two that Forge guarantees. */
const assumedLifeMs = 60 * 60 * 1000;

/**
 * What Forge sent before an uninstall may arrive for minutes after it. A call of the same Forge installation after that
 * shows that the uninstall, which a pre-uninstall only announces, was called off.
 */
const lateCallsMs = 15 * 60 * 1000;

export function verifiedCaller(service: Service, verify: ForgeVerifier): MiddlewareHandler<CallerEnv> {
  return async (c, next) => {
    const claims = await verify(c.req.header('authorization')).catch((error: unknown) => {
      if (error instanceof TokenRefused) {
        throw new Problem(401, 'unauthorized', tokenRefused);
      }
      if (error instanceof KeysUnavailable) throw new Problem(503, 'keys-unavailable', 'Try again in a moment.');
      throw error;
    });
    const installation = await installationOf(service, claims);
    const scope = { installationId: installation.id };
    const systemToken = c.req.header('x-forge-oauth-system');
    if (systemToken) await keepSystemToken(service, scope, claims, systemToken);
    const userToken = c.req.header('x-forge-oauth-user');
    const person = userToken ? { token: userToken, jira: userClient(service, claims, installation, userToken) } : null;
    c.set('caller', { claims, scope, installation, person });
    await next();
  };
}

/** Known by site and environment; a call that comes before the install event makes it. */
async function installationOf(service: Service, claims: ForgeClaims): Promise<Installation> {
  const known = await service.config.findInstallation(claims.cloudId, claims.environment);
  if (!known?.forgeInstallationIds.includes(claims.forgeInstallationId)) return install(service, claims);
  if (known.status === 'uninstalled' && !(await wasCalledOff(service, known))) return known;
  const moved = claims.siteUrl !== null && claims.siteUrl !== known.siteUrl;
  return known.status === 'active' && !moved ? known : install(service, claims);
}

async function wasCalledOff({ deps, settings }: Service, { graceUntil }: Installation): Promise<boolean> {
  const uninstalledAt = (graceUntil ?? 0) - settings.timing.graceMs;
  return deps.now() > uninstalledAt + lateCallsMs;
}

/** The handshake: the installation, active from now on, and the connection by which the app itself reaches its Jira. */
export async function install(service: Service, claims: ForgeClaims): Promise<Installation> {
  const installation = await service.config.install({
    cloudId: claims.cloudId,
    environment: claims.environment,
    forgeInstallationId: claims.forgeInstallationId,
    ...(claims.siteUrl === null ? {} : { siteUrl: claims.siteUrl }),
  });
  await appConnection(service, installation, claims);
  return installation;
}

/** The id of the connection to the app's own site. Its address becomes the one that people open once that is known. */
export async function appConnection(
  { config }: Pick<Service, 'config'>,
  installation: Installation,
  claims: Pick<ForgeClaims, 'apiBaseUrl'>,
): Promise<string> {
  const scope = { installationId: installation.id };
  const url = installation.siteUrl ?? claims.apiBaseUrl;
  const known = (await config.listConnections(scope)).find(({ side, auth }) => side === 'jira' && auth === 'app');
  if (!known) return (await config.createConnection(scope, { side: 'jira', name: 'Jira', url, auth: 'app' })).id;
  if (known.url !== url && installation.siteUrl !== null) await config.changeConnection(scope, known.id, { url });
  return known.id;
}

async function keepSystemToken(service: Service, scope: Scope, claims: ForgeClaims, token: string): Promise<void> {
  await service.config.saveSystemToken(scope, {
    token,
    expiresAt: expiryOf(token) ?? service.deps.now() + assumedLifeMs,
    apiBaseUrl: claims.apiBaseUrl,
  });
}

/** Epoch ms; null for a token that does not tell. */
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
