// Finding a project that the caller may browse.
import type { Caller } from './caller.ts';
import { notFound } from './errors.ts';
import type { ProjectRecord } from './model.ts';
import { hasPermission } from './permissions.ts';
import type { World } from './world.ts';

export const visibleProjects = (world: World, caller: Caller): readonly ProjectRecord[] =>
  hasPermission(world, caller, 'BROWSE_PROJECTS') ? [...world.store.projects.values()] : [];

/** By id or key. One that can't be browsed counts as missing. */
export function findProject(world: World, caller: Caller, idOrKey: string): ProjectRecord {
  const found = visibleProjects(world, caller).find(
    ({ id, key }) => String(id) === idOrKey || key === idOrKey.toUpperCase(),
  );
  if (found !== undefined) return found;
  throw notFound(
    /^\d+$/.test(idOrKey)
      ? `No project could be found with id '${idOrKey}'.`
      : `No project could be found with key '${idOrKey}'.`,
  );
}
