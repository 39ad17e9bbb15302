// How the planning things of the two sides are called by each other's names: a sprint, version or component is a plain
// name in Jira, an area or iteration is a path in Azure DevOps. Says which of the offered ones a name means, and what a
// new one would be called; making it is the adapters' work.
//
// | Jira        | Azure DevOps (root `Tandem`)                                        |
// | ----------- | ------------------------------------------------------------------- |
// | `Sprint 21` | `Tandem\Sprint 21`, else the only path that ends in `\Sprint 21`    |
// | `Data\Core` | `Tandem\Data\Core`                                                  |
// | nothing     | `Tandem` itself, which is read as empty                             |

import { type FieldSchema, sameName } from './catalog.ts';
import type { OptionRef } from './model.ts';

/** Area and iteration paths begin with the project. */
export const isPath = (field: Pick<FieldSchema, 'native'> | undefined): boolean => field?.native === 'treePath';

/** Kinds of things that exist in a project on their own and can be made there. */
const creatable: ReadonlySet<string> = new Set(['treePath', 'sprint', 'version', 'component']);
export const isCreatable = (field: Pick<FieldSchema, 'native'> | undefined): boolean =>
  field?.native !== undefined && creatable.has(field.native);

/** `\Tandem\Iteration\Release 5\Sprint 21` and `Tandem\Release 5\Sprint 21` alike as `Release 5\Sprint 21`. */
export function relativePath(path: string, root: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part.trim() !== '');
  const [first, second] = parts;
  if (first === undefined || !sameName(first, root)) return parts.join('\\');
  const structural = path.startsWith('\\') && second !== undefined && /^(?:area|iteration)$/i.test(second);
  return parts.slice(structural ? 2 : 1).join('\\');
}

const leafOf = (path: string): string => path.split('\\').at(-1) ?? path;

/** The node that a profile or the other side names: by its path with or without the project, else by its only last part. */
export function findNode(nodes: readonly OptionRef[], wanted: OptionRef, root: string): OptionRef | undefined {
  const path = relativePath(wanted.name, root);
  const exact = nodes.find((node) => sameName(relativePath(node.name, root), path));
  if (exact !== undefined) return exact;
  const leaves = nodes.filter((node) => sameName(leafOf(node.name), wanted.name));
  if (leaves.length <= 1) return leaves[0];
  // Several of one name: the one of the same days.
  const { start, end } = wanted.dates ?? {};
  const dated = leaves.filter(({ dates }) => end !== undefined && dates?.start === start && dates?.end === end);
  return dated.length === 1 ? dated[0] : undefined;
}

/** The plain option that a path names: by the whole path within the project, else by its last part. */
export function findByPath(options: readonly OptionRef[], path: string, root: string): OptionRef | undefined {
  const relative = relativePath(path, root);
  return (
    options.find(({ name }) => name === relative || name === path) ??
    options.find(({ name }) => sameName(name, relative)) ??
    options.find(({ name }) => sameName(name, leafOf(relative)))
  );
}

/** https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions#area-and-iteration-path-names */
const notInNodes = /[\\/$?*:"&<>#%|+\u0000-\u001f]/u;
/** Jira: "Sprint name must be shorter than 30 characters" (seen by readers of POST sprint); 255 for versions and components. */
const lengths: Readonly<Record<string, number>> = { sprint: 29, version: 255, component: 255 };

/** What a new one is called, or undefined where the name can't be one. A path without its own name is the source's. */
export function newName(field: Pick<FieldSchema, 'native'>, name: string, root: string): string | undefined {
  if (isPath(field)) {
    const trimmed = name.trim();
    const valid = trimmed !== '' && trimmed.length <= 255 && !notInNodes.test(trimmed) && !/^\.{1,2}$/.test(trimmed);
    return valid ? `${root}\\${trimmed}` : undefined;
  }
  const plain = leafOf(relativePath(name, root)).trim();
  return plain !== '' && plain.length <= (lengths[field.native ?? ''] ?? 0) ? plain : undefined;
}
