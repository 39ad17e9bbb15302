// Who calls, and whether the token may: personal access tokens in Basic (any user name) or Bearer, expiry, scopes.
import { unauthorizedRequest } from './errors.ts';
import type { Pat, Person, World } from './store/model.ts';

export type Caller = { readonly person: Person; readonly pat: Pat };

/** What a token must hold for a call; every reading is also allowed by the matching `_write` or `_manage`. */
export type Scope =
  | 'vso.work'
  | 'vso.work_write'
  | 'vso.work_full'
  | 'vso.project'
  | 'vso.project_write'
  | 'vso.identity'
  | 'vso.graph'
  | 'vso.graph_manage'
  | 'any';

/** What a scope brings along. https://learn.microsoft.com/azure/devops/integrate/get-started/authentication/oauth#scopes */
const IMPLIED: Readonly<Record<string, readonly string[]>> = {
  'vso.work_full': ['vso.work_write', 'vso.work'],
  'vso.work_write': ['vso.work'],
  'vso.project_manage': ['vso.project_write', 'vso.project'],
  'vso.project_write': ['vso.project'],
  'vso.graph_manage': ['vso.graph'],
  'vso.identity_manage': ['vso.identity'],
};

export function holds(pat: Pat, scope: Scope): boolean {
  if (scope === 'any') return true;
  return pat.scopes.some(
    (held) => held === '*' || held === 'app_token' || held === scope || IMPLIED[held]?.includes(scope),
  );
}

export type AuthResult =
  | { readonly kind: 'caller'; readonly caller: Caller }
  | { readonly kind: 'refused'; readonly response: Response };

/**
 * A token that is wrong, expired or revoked is a bare 401 that asks for Basic; the expired one says so in a header
 * (https://github.com/microsoft/azure-pipelines-agent/issues/1559). A call without credentials, or with something that is
 * no token at all, is sent to sign in: a 203 with a page for GET and POST, a 401 with a body for others
 * (https://github.com/microsoft/azure-devops-auth-samples/issues/52).
 */
export function authenticate(world: World, request: Request, now: number): AuthResult {
  const token = tokenOf(request.headers.get('authorization'));
  if (token === undefined) return { kind: 'refused', response: signIn(request) };
  const pat = world.pats.get(token);
  if (pat === undefined) return { kind: 'refused', response: basic401() };
  if (pat.expiresAt <= now) {
    return {
      kind: 'refused',
      response: basic401('Access Denied: The Personal Access Token used has expired.'),
    };
  }
  const person = world.people.get(pat.personId);
  if (person?.active !== true) return { kind: 'refused', response: basic401() };
  return { kind: 'caller', caller: { person, pat } };
}

function tokenOf(header: string | null): string | undefined {
  const [, scheme = '', credentials = ''] = /^(\w+)\s+(\S+)\s*$/.exec(header ?? '') ?? [];
  switch (scheme.toLowerCase()) {
    case 'bearer':
      return credentials;
    case 'basic': {
      const decoded = Buffer.from(credentials, 'base64').toString('utf8');
      const colon = decoded.indexOf(':');
      return colon === -1 ? undefined : decoded.slice(colon + 1);
    }
    default:
      return undefined;
  }
}

const CHALLENGE = 'Basic realm="https://tfsprodweu5.app.visualstudio.com/"';

/** A token without the scope looks the same as a wrong one (https://github.com/nkdAgility/azure-devops-migration-tools/pull/2057). */
export function basic401(serviceError?: string): Response {
  const headers = new Headers({ 'www-authenticate': CHALLENGE });
  if (serviceError !== undefined) headers.set('x-tfs-serviceerror', encodeURIComponent(serviceError));
  return new Response(null, { status: 401, headers });
}

function signIn(request: Request): Response {
  const suppressed = request.headers.get('x-tfs-fedauthredirect')?.toLowerCase() === 'suppress';
  if (suppressed || (request.method !== 'GET' && request.method !== 'POST')) {
    const error = unauthorizedRequest('');
    const headers = { 'content-type': 'application/json; charset=utf-8', 'www-authenticate': CHALLENGE };
    return new Response(JSON.stringify(error.body), { status: error.status, headers });
  }
  const page =
    '<!DOCTYPE html>\r\n<html lang="en-US"><head><title>Azure DevOps Services | Sign In</title></head><body></body></html>';
  return new Response(page, { status: 203, headers: { 'content-type': 'text/html; charset=utf-8' } });
}
