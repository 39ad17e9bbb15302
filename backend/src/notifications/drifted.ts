// What an admin is told outside the page of a drift: where in the mapping, by the ids that its settings name. Pure.

import { createHash } from 'node:crypto';
import type { WatchedProblem } from '../sync/drift.ts';
import { sides } from '../sync/model.ts';
import type { Profile } from '../sync/profile.ts';
import { sideNames } from '../sync/profile-problems.ts';
import type { NoticeEvent } from './events.ts';

export type DriftEvent = NoticeEvent & { readonly kind: 'profile-drifted' };

/** A message names so many places; the page has all. */
const mostPlaces = 10;

export function driftEvent(profile: Profile, found: readonly WatchedProblem[]): DriftEvent {
  const places = [...new Set(found.map(({ path }) => placeOf(profile, path)))];
  return {
    kind: 'profile-drifted',
    profileId: profile.id,
    profile: profile.settings.name,
    changes: found.length,
    fails: found.some(({ level }) => level === 'error'),
    places: places.slice(0, mostPlaces),
  };
}

/** The same drift has the same key for a day: two looks at once tell of it once. */
export function driftKey({ id, revision }: Profile, found: readonly WatchedProblem[], at: number): string {
  const digest = createHash('sha256').update(
    found
      .map(({ path, problem }) => `${path}\n${problem}`)
      .sort()
      .join('\0'),
  );
  return `drift/${id}/${revision}/${new Date(at).toISOString().slice(0, 10)}/${digest.digest('hex').slice(0, 32)}`;
}

/** `fields.3.azure` as the field that stands there; people and values are not named. */
function placeOf({ settings }: Profile, path: string): string {
  const [part = '', index = '', name] = path.split('.');
  const side = sides.find((one) => one === name);
  const field = part === 'fields' ? settings.fields[Number(index)] : undefined;
  if (field) return side ? `field ${field[side]} in ${sideNames[side]}` : `fields ${field.jira} and ${field.azure}`;
  const type = part === 'types' ? settings.types[Number(index)] : undefined;
  if (type) return `types ${type.jira} and ${type.azure}${name === 'states' ? ', states' : ''}`;
  return part;
}
