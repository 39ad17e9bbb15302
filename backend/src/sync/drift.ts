// What changed on either site after a profile's mapping was made, told before items fail: the problems of the settings with the
// sites as they are now, less those that were there when the settings were saved. Pure.

import { fieldSchema, sameName, typeSchema } from './catalog.ts';
import { sides } from './model.ts';
import type { ProfileSettings } from './profile.ts';
import { type ProfileProblem, type Schemas, sideNames, warning } from './profile-problems.ts';
import { findPerson, namedPeople } from './validate-people.ts';
import { validateProfile } from './validate-profile.ts';

export interface WatchedProblem extends ProfileProblem {
  /** Epoch ms of the look that found it first. */
  readonly since: number;
  /** It was not there when these settings were first held against the sites. */
  readonly drifted: boolean;
}

export interface DriftCheck {
  /** Of the settings. */
  readonly revision: number;
  /** Epoch ms. */
  readonly checkedAt: number;
  readonly problems: readonly WatchedProblem[];
}

/** `before`: the last check of the profile, of whatever revision. */
export function checkDrift(
  settings: ProfileSettings,
  catalogs: Schemas,
  before: DriftCheck | null,
  { revision, now }: { readonly revision: number; readonly now: number },
): DriftCheck {
  const known = new Map(before?.problems.map((one) => [keyOf(one), one]));
  const sameSettings = before?.revision === revision;
  const problems = watchedProblems(settings, catalogs).map((problem): WatchedProblem => {
    const earlier = known.get(keyOf(problem));
    return {
      ...problem,
      since: earlier?.since ?? now,
      drifted: sameSettings && (earlier?.drifted ?? true),
    };
  });
  return { revision, checkedAt: now, problems };
}

/** What waits for an admin: all errors, and the warnings that came after the settings were saved. */
export const driftTasks = ({ problems }: DriftCheck): readonly WatchedProblem[] =>
  problems.filter(({ level, drifted }) => level === 'error' || drifted);

/** The admin has seen the warnings and leaves things as they are. */
export const acceptDrift = (check: DriftCheck): DriftCheck => ({
  ...check,
  problems: check.problems.map((problem) => ({ ...problem, drifted: false })),
});

const keyOf = ({ path, problem }: ProfileProblem): string => `${path}\n${problem}`;

/** Beside what the editor tells: worth a word only when it is new. */
const watchedProblems = (settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] => [
  ...validateProfile(settings, catalogs),
  ...unmappedTypes(settings, catalogs),
  ...fieldsGoneFromTypes(settings, catalogs),
  ...missingPeople(settings, catalogs),
];

function unmappedTypes(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return sides.flatMap((side) =>
    catalogs[side].types
      .filter(({ name }) => !settings.types.some((mapping) => sameName(mapping[side], name)))
      .map(({ name }) =>
        warning('types', `The type "${name}" of ${sideNames[side]} is not mapped.`, 'Map it, or leave its items out.'),
      ),
  );
}

/** A field that only some types have is no mistake; one that was taken off a type's screen is news. */
function fieldsGoneFromTypes(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return settings.fields.flatMap((mapping, index) =>
    sides.flatMap((side) =>
      settings.types
        .filter(({ jira }) => mapping.types?.some((type) => sameName(type, jira)) ?? true)
        .flatMap((type) => {
          const schema = typeSchema(catalogs[side], type[side]);
          if (schema === undefined || fieldSchema(schema, mapping[side])) return [];
          const what = `"${schema.name}" in ${sideNames[side]} no longer has the field "${mapping[side]}".`;
          return [warning(`fields.${index}.${side}`, what, 'Put it back on its screen, or change the mapping.')];
        }),
    ),
  );
}

function missingPeople(settings: ProfileSettings, catalogs: Schemas): readonly ProfileProblem[] {
  return sides.flatMap((side) =>
    namedPeople(settings, side)
      .filter(({ name }) => findPerson(catalogs[side].people, name) === undefined)
      .map(({ path, name }) =>
        warning(path, `${sideNames[side]} lists nobody as "${name}".`, 'Choose somebody else, or take the entry out.'),
      ),
  );
}
