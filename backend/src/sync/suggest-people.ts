// Suggests who is who where Jira hides an e-mail address: people of one name, when each side has just one of it. The engine
// never goes by names; an admin who looks at the draft may.

import { foldName } from './catalog.ts';
import type { BySide, UserRef } from './model.ts';
import { buildPeople, counterpartOf } from './people.ts';
import type { ValuePair } from './profile.ts';

export interface SuggestedPerson {
  readonly pair: ValuePair;
  readonly reason: string;
}

export function suggestPeople(people: BySide<readonly UserRef[]>): readonly SuggestedPerson[] {
  const byAddress = buildPeople([], people);
  const active = (list: readonly UserRef[]) => list.filter((user) => user.active !== false);
  const left = {
    jira: active(people.jira).filter((user) => counterpartOf(byAddress, 'azure', user) === undefined),
    azure: active(people.azure).filter((user) => counterpartOf(byAddress, 'jira', user) === undefined),
  };
  const azure = uniqueByName(left.azure);
  return [...uniqueByName(left.jira)].flatMap(([name, user]): SuggestedPerson[] => {
    const other = azure.get(name);
    if (other === undefined) return [];
    return [
      {
        pair: { jira: user.id, azure: other.id },
        reason: `${user.name}: the same name on both sides, with no e-mail address to go by.`,
      },
    ];
  });
}

function uniqueByName(users: readonly UserRef[]): ReadonlyMap<string, UserRef> {
  const byName = new Map<string, UserRef[]>();
  for (const user of users) {
    const name = foldName(user.name);
    if (name !== '') byName.set(name, [...(byName.get(name) ?? []), user]);
  }
  return new Map([...byName].flatMap(([name, [only, ...more]]) => (only && more.length === 0 ? [[name, only]] : [])));
}
