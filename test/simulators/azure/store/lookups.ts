// Finds what a work item or a request names: its project, its type.
import type { TypeDefinition } from '../data/types.ts';
import { typeNotFound } from '../errors.ts';
import type { Project, Revision, World } from './model.ts';

export function projectOf(world: World, revision: Revision | undefined): Project {
  const name = revision?.fields['System.TeamProject'];
  const project = world.projects.find((one) => one.name === name);
  if (project === undefined) throw new Error(`no project is named ${String(name)}`);
  return project;
}

export function typeOf(world: World, name: string, project: string): TypeDefinition {
  const wanted = name.toLowerCase();
  const type =
    world.types.get(wanted) ?? [...world.types.values()].find((one) => one.referenceName.toLowerCase() === wanted);
  if (type === undefined) throw typeNotFound(name, project);
  return type;
}
