// Who sends a request: the account behind its credentials, or nobody.
import type { Person, Token } from './model.ts';

export interface Caller {
  /** Undefined: anonymous, or credentials that were refused; Jira goes on with such a request as with nobody's. */
  readonly person: Person | undefined;
  readonly token: Token['kind'] | undefined;
  /** Times are read and written in it. */
  readonly zone: string;
}

export const SITE_ZONE = 'Etc/UTC';

export const anonymous: Caller = { person: undefined, token: undefined, zone: SITE_ZONE };

export const callerOf = (person: Person, token: Token['kind']): Caller => ({ person, token, zone: person.timeZone });
