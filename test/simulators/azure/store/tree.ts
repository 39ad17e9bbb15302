// Area and iteration trees: paths, look-ups and dates.

import { guidOf } from './ids.ts';
import type { Project, TreeNode, World } from './model.ts';

/** `Tandem\Release 1\Sprint 2`. */
export function pathOf(node: TreeNode): string {
  return node.parent === undefined ? node.name : `${pathOf(node.parent)}\\${node.name}`;
}

/** `\Tandem\Area\Web`: the form in which nodes show their own path. */
export function structurePath(node: TreeNode): string {
  const group = node.kind === 'area' ? 'Area' : 'Iteration';
  const names = pathOf(node).split('\\');
  return `\\${[names[0], group, ...names.slice(1)].join('\\')}`;
}

/** Names from the root to the node. */
export const levelsOf = (node: TreeNode): string[] => pathOf(node).split('\\');

export function createNode(
  world: Pick<World, 'counters' | 'nodes'>,
  kind: TreeNode['kind'],
  name: string,
  parent: TreeNode | undefined,
  dates: { startDate?: string | undefined; finishDate?: string | undefined } = {},
): TreeNode {
  world.counters.node += 1;
  const id = world.counters.node;
  const node: TreeNode = {
    id,
    identifier: guidOf(`node:${kind}:${id}:${name}`),
    kind,
    name,
    parent,
    children: [],
    startDate: dates.startDate,
    finishDate: dates.finishDate,
  };
  parent?.children.push(node);
  world.nodes.set(id, node);
  return node;
}

export function childNamed(node: TreeNode, name: string): TreeNode | undefined {
  const wanted = name.toLowerCase();
  return node.children.find((child) => child.name.toLowerCase() === wanted);
}

/** By `Project\Child\…`, case-insensitively; a leading backslash is allowed. */
export function nodeByPath(project: Project, kind: TreeNode['kind'], path: string): TreeNode | undefined {
  const root = kind === 'area' ? project.areas : project.iterations;
  const [first, ...rest] = path.replace(/^\\+/, '').replace(/\\+$/, '').split('\\');
  if (first?.toLowerCase() !== project.name.toLowerCase()) return undefined;
  let node: TreeNode | undefined = root;
  for (const name of rest) node = node === undefined ? undefined : childNamed(node, name);
  return node;
}

export function isUnder(node: TreeNode, ancestor: TreeNode): boolean {
  for (let at: TreeNode | undefined = node; at !== undefined; at = at.parent) if (at === ancestor) return true;
  return false;
}

export function descendants(node: TreeNode): TreeNode[] {
  return [node, ...node.children.flatMap(descendants)];
}
