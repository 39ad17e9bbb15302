// Who a mention in a text means on the other side. Azure DevOps names people in texts by their identity GUID, elsewhere
// by their unique name; this joins the two.

import type { UserRef } from '../sync/model.ts';
import { counterpartOf, type PeopleIndex } from '../sync/people.ts';
import type { PeopleResolver, PersonRef } from '../sync/richtext/context.ts';

export function mentionResolver(people: PeopleIndex, azurePeople: readonly UserRef[]): PeopleResolver {
  const byMention = new Map(azurePeople.flatMap((user) => (user.mentionId ? [[user.mentionId, user] as const] : [])));
  const mentionable = (user: UserRef | undefined): PersonRef | undefined =>
    user?.mentionId === undefined ? undefined : { id: user.mentionId, name: user.name };
  return {
    toAzure: (accountId) => mentionable(counterpartOf(people, 'azure', { id: accountId, name: '' })),
    toJira: (identityId) => {
      const user = byMention.get(identityId);
      const found = user && counterpartOf(people, 'jira', user);
      return found && { id: found.id, name: found.name };
    },
  };
}
