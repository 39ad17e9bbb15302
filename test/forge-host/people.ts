// Who uses the pages: accounts of the Jira simulator, with the token that Forge would send for them.

import { z } from 'zod';

export interface PagePerson {
  readonly accountId: string;
  readonly displayName: string;
  /** IANA name, as set in the person's profile. */
  readonly timeZone: string;
  /** Bearer token of the app acting for this person. */
  readonly userToken: string;
}

export interface People {
  /** By account id, e-mail or name. Throws when nobody is called so. */
  find(named: string): Promise<PagePerson>;
}

const tokenSchema = z.object({ token: z.string(), authorization: z.string(), accountId: z.string() });
const myselfSchema = z.object({ accountId: z.string(), displayName: z.string(), timeZone: z.string() });

export function jiraPeople(jira: { readonly url: string; readonly apiBaseUrl: string }): People {
  const known = new Map<string, Promise<PagePerson>>();

  const logIn = async (named: string): Promise<PagePerson> => {
    const made = await fetch(`${jira.url}/_control/tokens`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ user: named, kind: 'app-user' }),
    });
    if (!made.ok) throw new Error(`nobody is called ${JSON.stringify(named)} in Jira`);
    const { token, authorization } = tokenSchema.parse(await made.json());
    const answer = await fetch(`${jira.apiBaseUrl}/rest/api/3/myself`, { headers: { authorization } });
    return { ...myselfSchema.parse(await answer.json()), userToken: token };
  };

  return {
    find(named) {
      const before = known.get(named);
      if (before) return before;
      const person = logIn(named);
      known.set(named, person);
      person.catch(() => known.delete(named));
      return person;
    },
  };
}
