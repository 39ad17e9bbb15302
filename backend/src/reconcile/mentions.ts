// Who a mention in a text means on the other side. Azure DevOps names people in texts by their identity GUID, elsewhere
// by their unique name.

import { counterpartOf, type PeopleIndex } from '../sync/people.ts';
import type { PeopleResolver } from '../sync/richtext/context.ts';

const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function mentionResolver(people: PeopleIndex): PeopleResolver {
  return {
    toAzure: (accountId) => {
      const user = counterpartOf(people, 'azure', { id: accountId, name: '' });
      // A profile may name somebody whom the catalog does not know by the identity itself.
      const id = user?.mentionId ?? (user && guid.test(user.id) ? user.id.toLowerCase() : undefined);
      return user && id !== undefined ? { id, name: user.name } : undefined;
    },
    toJira: (identityId) => {
      const found = counterpartOf(people, 'jira', { id: identityId, name: '' });
      return found && { id: found.id, name: found.name };
    },
  };
}
