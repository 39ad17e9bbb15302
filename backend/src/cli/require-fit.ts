// Holds the mapping of a profile file against the live schemas before anything is done with it.

import type { FileProblem } from '../profile-file/parse.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { invalid, type ProfileFile } from './profile-file.ts';

/** Throws Failure with the mapping's errors; warnings pass. */
export function requireFit(file: ProfileFile, catalogs: Parameters<typeof validateProfile>[1]): void {
  const problems = validateProfile(file.settings, catalogs)
    .filter(({ level }) => level === 'error')
    .map((problem): FileProblem => ({ ...problem, ...file.locate(problem.path) }));
  if (problems.length > 0) throw invalid(file.path, problems);
}
