// Who is who on the other side: by the profile's own pairs first, then by e-mail address. Names never match people.

import { foldName } from './catalog.ts';
import type { BySide, Side, UserRef } from './model.ts';
import type { ValuePair } from './profile.ts';

/** Each map goes from a folded id, e-mail address, identity or (for pairs) name of that side to the person on the other. */
export interface PeopleIndex {
  readonly to: BySide<ReadonlyMap<string, UserRef>>;
  /** Known people of each side by folded id and e-mail, for set values and pairs. */
  readonly known: BySide<ReadonlyMap<string, UserRef>>;
}

/** What a person may be found by. Azure's unique name is often the e-mail address; texts of Azure name the identity. */
const names = ({ id, email, mentionId }: UserRef): readonly string[] =>
  [id, email, mentionId].flatMap((name) => (name === undefined ? [] : [foldName(name)]));

function known(people: readonly UserRef[]): ReadonlyMap<string, UserRef> {
  const map = new Map<string, UserRef>();
  // Active accounts first, so that a left-over of the same address never takes an active person's place.
  const ordered = [...people].sort((a, b) => Number(b.active ?? true) - Number(a.active ?? true));
  for (const user of ordered) for (const name of names(user)) if (!map.has(name)) map.set(name, user);
  return map;
}

/** A pair names a person by id, unique name, e-mail address or identity; one that the catalog doesn't know is taken as an id. */
export function buildPeople(pairs: readonly ValuePair[], people: BySide<readonly UserRef[]>): PeopleIndex {
  const all = { jira: known(people.jira), azure: known(people.azure) };
  const to = { jira: new Map<string, UserRef>(), azure: new Map<string, UserRef>() };
  const put = (target: Side, from: UserRef, user: UserRef) => {
    for (const name of names(from)) if (!to[target].has(name)) to[target].set(name, user);
  };
  for (const pair of pairs) {
    const jira = all.jira.get(foldName(pair.jira)) ?? { id: pair.jira, name: pair.jira };
    const azure = all.azure.get(foldName(pair.azure)) ?? { id: pair.azure, name: pair.azure };
    put('azure', jira, azure);
    put('jira', azure, jira);
  }
  for (const user of people.jira) {
    const match = names(user).map((name) => all.azure.get(name));
    const other = match.find((candidate) => candidate !== undefined);
    if (other !== undefined) {
      put('azure', user, other);
      put('jira', other, user);
    }
  }
  return { to, known: all };
}

/** The person on `target` who is `user` on the other side, or undefined. */
export function counterpartOf(index: PeopleIndex, target: Side, user: UserRef): UserRef | undefined {
  for (const name of names(user)) {
    const found = index.to[target].get(name) ?? index.known[target].get(name);
    if (found !== undefined) return found;
  }
  return undefined;
}
