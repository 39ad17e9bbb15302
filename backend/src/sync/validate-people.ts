// Holds the people whom a profile names against the accounts of both sides: those that were closed.

import { foldName } from './catalog.ts';
import { type Side, sides, type UserRef } from './model.ts';
import type { ProfileSettings } from './profile.ts';
import { type ProfileProblem, type Schemas, sideNames, warning } from './profile-problems.ts';

/** People as a profile names them, each with its place in the settings. */
export function namedPeople(settings: ProfileSettings, side: Side): readonly { path: string; name: string }[] {
  const pairs = settings.users.map((pair, index) => ({ path: `users.${index}.${side}`, name: pair[side] }));
  const { unmappedUser } = settings.policies;
  const standIns = [
    { path: `policies.unmappedUser.set.${side}`, policy: unmappedUser },
    ...settings.fields.flatMap(({ kind, unmapped }, index) =>
      kind === 'user' ? [{ path: `fields.${index}.unmapped.set.${side}`, policy: unmapped }] : [],
    ),
  ];
  const sets = standIns.flatMap(({ path, policy }) => {
    const name = typeof policy === 'object' ? policy.set[side] : undefined;
    return name === undefined ? [] : [{ path, name }];
  });
  return [...pairs, ...sets];
}

export function findPerson(people: readonly UserRef[], name: string): UserRef | undefined {
  const folded = foldName(name);
  return people.find(({ id, email, mentionId }) =>
    [id, email, mentionId].some((one) => one !== undefined && foldName(one) === folded),
  );
}

export function peopleProblems(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return sides.flatMap((side) =>
    namedPeople(settings, side).flatMap(({ path, name }) => {
      const person = findPerson(catalogs[side].people, name);
      if (person?.active !== false) return [];
      const what = `The account of ${person.name} in ${sideNames[side]} was closed.`;
      return [warning(path, what, 'Choose somebody else, or take the entry out.')];
    }),
  );
}
