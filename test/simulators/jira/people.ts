// The site's accounts: the seed's people who are in Jira, the synchronizer's own, and the app's.
import { createHash } from 'node:crypto';
import { SYNCHRONIZER } from '../credentials.ts';
import { PEOPLE } from '../seed/people.ts';
import type { PersonKey } from '../seed/team.ts';
import type { Person } from './model.ts';
import { TRUSTED_GROUP } from './permissions.ts';
import { GROUPS } from './site.ts';

/** Always the same for the same name, in the form of Atlassian's ids. */
export function accountIdOf(key: PersonKey | string): string {
  const hex = createHash('sha256').update(`tandem ${key}`).digest('hex');
  return `712020:${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const APP_KEY = 'tandem-app';

/** As their privacy settings say. */
const EMAIL_HIDDEN: readonly PersonKey[] = ['yusuf', 'sam'];
const ADMINISTRATORS: readonly PersonKey[] = ['mara'];
/** In the team, without a part in the development. */
const SUPPORT: readonly PersonKey[] = ['sam'];
const LEADS: readonly PersonKey[] = ['mara', 'olena'];

export function sitePeople(): readonly Person[] {
  const team = PEOPLE.filter(({ sides }) => sides.includes('jira')).map(
    (person): Person => ({
      accountId: accountIdOf(person.key),
      displayName: person.displayName,
      email: person.email,
      emailHidden: EMAIL_HIDDEN.includes(person.key),
      timeZone: person.timeZone,
      accountType: 'atlassian',
      active: person.active,
      groups: [
        GROUPS.users,
        GROUPS.team,
        ...(SUPPORT.includes(person.key) ? [] : [GROUPS.developers]),
        ...(ADMINISTRATORS.includes(person.key) ? [GROUPS.administrators] : []),
        ...(LEADS.includes(person.key) ? [GROUPS.leads] : []),
      ],
    }),
  );
  const synchronizer: Person = {
    accountId: accountIdOf(SYNCHRONIZER.name),
    displayName: SYNCHRONIZER.displayName,
    email: SYNCHRONIZER.email,
    emailHidden: false,
    timeZone: SYNCHRONIZER.timeZone,
    accountType: 'atlassian',
    active: true,
    groups: [GROUPS.users, GROUPS.team, GROUPS.developers, TRUSTED_GROUP],
  };
  const app: Person = {
    accountId: accountIdOf(APP_KEY),
    displayName: 'Tandem',
    email: '',
    emailHidden: true,
    timeZone: 'Etc/UTC',
    accountType: 'app',
    active: true,
    groups: [GROUPS.team, GROUPS.developers, TRUSTED_GROUP],
  };
  return [...team, synchronizer, app];
}
