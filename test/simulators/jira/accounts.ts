// Accounts and their credentials: who a request's Authorization header names, and what each may be shown of the others.
import { anonymous, type Caller, callerOf } from './caller.ts';
import type { Person, Token } from './model.ts';
import type { Store } from './store.ts';

export type Authentication =
  | { readonly kind: 'known'; readonly caller: Caller }
  /** No header, or Basic credentials that don't fit: Jira goes on as with an anonymous request. */
  | { readonly kind: 'anonymous'; readonly refused: boolean }
  /** A Bearer token that is unknown or has expired never reaches Jira: the gateway answers. */
  | { readonly kind: 'gateway-refusal' };

/**
 * Basic credentials are an e-mail and an API token. Wrong or expired ones make the request anonymous, and only the header
 * `X-Seraph-LoginReason: AUTHENTICATED_FAILED` tells (seen in MrRefactoring/jira.js issue 418, tenable/integration-jira-cloud issue 165).
 */
export function authenticate(store: Store, header: string | undefined, now: number): Authentication {
  if (header === undefined || header === '') return { kind: 'anonymous', refused: false };
  const [scheme = '', credentials = ''] = header.split(/\s+/, 2);
  if (scheme.toLowerCase() === 'bearer') {
    const token = store.tokens.get(credentials);
    const person = token === undefined ? undefined : store.people.get(token.accountId);
    if (token === undefined || token.kind === 'api-token' || token.expiresAt <= now || !person?.active) {
      return { kind: 'gateway-refusal' };
    }
    return { kind: 'known', caller: callerOf(person, token.kind) };
  }
  if (scheme.toLowerCase() !== 'basic') return { kind: 'anonymous', refused: true };
  const text = Buffer.from(credentials, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  const email = text.slice(0, Math.max(0, colon)).toLowerCase();
  const token = store.tokens.get(text.slice(colon + 1));
  const person = token === undefined ? undefined : store.people.get(token.accountId);
  const fits =
    token?.kind === 'api-token' && token.expiresAt > now && person?.active && person.email.toLowerCase() === email;
  return fits ? { kind: 'known', caller: callerOf(person, token.kind) } : { kind: 'anonymous', refused: true };
}

export const anonymousCaller = anonymous;

/** A header value that signs in as `person`; makes a token for it. */
export function authorizationFor(store: Store, person: Person, token: string, expiresAt: number): string {
  const kind: Token['kind'] = person.accountType === 'app' ? 'app-system' : 'api-token';
  store.tokens.set(token, { accountId: person.accountId, kind, expiresAt });
  return kind === 'api-token'
    ? `Basic ${Buffer.from(`${person.email}:${token}`).toString('base64')}`
    : `Bearer ${token}`;
}
