// The admin at the app's own page: calls the real resolver through the Forge host, as the page in the browser does.

import { z } from 'zod';
import type { Answer } from '../../forge-app/contract.ts';
import type { AdminOperations, PayloadOf, ValueOf } from '../../forge-app/operations.ts';
import type { ForgeHost } from '../forge-host/host.ts';

export interface Admin {
  /** Throws an Error with the words that the page would show. */
  call<Name extends keyof AdminOperations>(
    name: Name,
    payload: PayloadOf<AdminOperations, Name>,
  ): Promise<ValueOf<AdminOperations, Name>>;
}

const resultSchema = z.object({ result: z.unknown() });

/** `accountId` of a person who administers Jira. */
export function adminAt(host: Pick<ForgeHost, 'url'>, accountId: string): Admin {
  return {
    async call<Name extends keyof AdminOperations>(name: Name, payload: PayloadOf<AdminOperations, Name>) {
      const response = await fetch(`${host.url}/bridge/invoke`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ page: { module: 'tandem-admin', user: accountId }, functionKey: name, payload }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${name}: the Forge host answered ${response.status}: ${text.slice(0, 300)}`);
      const { result } = resultSchema.parse(JSON.parse(text));
      const answer = result as Answer<ValueOf<AdminOperations, Name>>;
      if (!answer.ok) throw new Error(`${name}: ${answer.error.message}`);
      return answer.value;
    },
  };
}
