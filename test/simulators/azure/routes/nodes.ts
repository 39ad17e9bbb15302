// Classification nodes: areas and iterations, made, renamed, moved, dated and deleted.
// https://learn.microsoft.com/rest/api/azure/devops/wit/classification-nodes
import { z } from 'zod';
import { conflict, invalidArgument, notFound } from '../errors.ts';
import type { Json } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText, parseDate } from '../store/clock-text.ts';
import { projectOf } from '../store/lookups.ts';
import { latest, type Project, type TreeNode } from '../store/model.ts';
import { demand } from '../store/people.ts';
import { childNamed, createNode, descendants, isUnder, levelsOf, pathOf, structurePath } from '../store/tree.ts';
import { body, ids, integer, splitList } from './read.ts';
import { demandProject } from './work-items.ts';

const notThere = (name: string) =>
  notFound(`VS402485: The classification node name ${name} is not recognized.`, 'ClassificationNodeNotFoundException');

function rootOf(call: Call, project: Project): TreeNode {
  const group = (call.params.group ?? '').toLowerCase();
  if (group === 'areas' || group === '0') return project.areas;
  if (group === 'iterations' || group === '1') return project.iterations;
  throw notThere(group);
}

function nodeOf(call: Call): TreeNode {
  let node = rootOf(call, demandProject(call));
  for (const name of (call.params.path ?? '').split(/[/\\]/).filter((part) => part !== '')) {
    const child = childNamed(node, name);
    if (child === undefined) throw notThere(name);
    node = child;
  }
  return node;
}

function nodeJson(call: Call, project: Project, node: TreeNode, depth: number): Json {
  const group = node.kind === 'area' ? 'Areas' : 'Iterations';
  const below = levelsOf(node).slice(1).map(encodeURIComponent).join('/');
  const root = `${viewOf(call.simulator).base}/${project.id}/_apis/wit/classificationNodes`;
  const url = `${root}/${group}${below === '' ? '' : `/${below}`}`;
  return {
    id: node.id,
    identifier: node.identifier,
    name: node.name,
    structureType: node.kind,
    hasChildren: node.children.length > 0,
    ...(depth > 0 && node.children.length > 0
      ? { children: node.children.map((child) => nodeJson(call, project, child, depth - 1)) }
      : {}),
    ...(node.startDate === undefined && node.finishDate === undefined
      ? {}
      : { attributes: { startDate: node.startDate ?? null, finishDate: node.finishDate ?? null } }),
    path: structurePath(node),
    _links: {
      self: { href: url },
      ...(node.parent === undefined ? {} : { parent: { href: url.replace(/\/[^/]*$/, '') } }),
    },
    url,
  };
}

const depthOf = (call: Call): number => Math.min(integer(call, '$depth') ?? 0, 100);

function roots(call: Call): Response {
  const project = demandProject(call);
  const wanted = splitList(call.query.get('ids'));
  if (wanted.length === 0) {
    return list([project.areas, project.iterations].map((node) => nodeJson(call, project, node, depthOf(call))));
  }
  const omit = /^(?:omit|2)$/i.test(call.query.get('errorpolicy') ?? '');
  const nodes = ids(wanted, 200).map((id) => {
    const node = call.simulator.world.nodes.get(id);
    const ours = node !== undefined && (isUnder(node, project.areas) || isUnder(node, project.iterations));
    if (node !== undefined && ours) return nodeJson(call, project, node, depthOf(call));
    if (omit) return null;
    throw notThere(String(id));
  });
  return list(nodes);
}

const nodeSchema = z.object({
  id: z.int().nullish(),
  name: z.string().nullish(),
  attributes: z.object({ startDate: z.string().nullish(), finishDate: z.string().nullish() }).nullish(),
});
type NodeInput = z.infer<typeof nodeSchema>;

/** Midnight of the day, or undefined when the date is taken away. */
function day(given: string | null | undefined): string | undefined {
  if (given === null || given === undefined || given === '') return undefined;
  const ms = parseDate(given);
  if (ms === undefined) throw invalidArgument(`The value '${given}' is not a valid date.`);
  return dateText(Math.floor(ms / 86_400_000) * 86_400_000);
}

function setDates(node: TreeNode, input: NodeInput): void {
  if (input.attributes === null || input.attributes === undefined) return;
  if (node.kind === 'area') throw invalidArgument('Areas have no dates.');
  const { startDate, finishDate } = input.attributes;
  const start = startDate === undefined ? node.startDate : day(startDate);
  const finish = finishDate === undefined ? node.finishDate : day(finishDate);
  if ((start === undefined) !== (finish === undefined)) {
    throw invalidArgument('VS402371: An iteration needs both a start date and a finish date, or neither.');
  }
  if (start !== undefined && finish !== undefined && start > finish) {
    throw invalidArgument('VS402372: The start date of an iteration must not be after its finish date.');
  }
  node.startDate = start;
  node.finishDate = finish;
}

function validName(name: string): string {
  const trimmed = name.trim();
  // https://learn.microsoft.com/azure/devops/organizations/settings/naming-restrictions#area-and-iteration-path-names
  if (
    trimmed === '' ||
    trimmed.length > 255 ||
    /[\\/$?*:"&<>#%|+\u0000-\u001f]/.test(trimmed) ||
    /^\.\.?$/.test(trimmed)
  ) {
    throw invalidArgument(`TF200001: The name '${name}' is not valid for an area or iteration.`);
  }
  return trimmed;
}

function demandFree(parent: TreeNode, name: string, except?: TreeNode): void {
  const sibling = childNamed(parent, name);
  if (sibling === undefined || sibling === except) return;
  throw conflict(
    `TF237018: The following node name is already in use: ${name}.`,
    'ClassificationNodeDuplicateNameException',
  );
}

/** Makes a child of the path, or moves the node of that id there. */
async function create(call: Call): Promise<Response> {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editNodes');
  const project = demandProject(call);
  const parent = nodeOf(call);
  const input = await body(call, nodeSchema);
  if (input.id !== null && input.id !== undefined && input.id > 0) return move(call, project, parent, input.id);
  const name = validName(input.name ?? '');
  demandFree(parent, name);
  const draft: TreeNode = {
    id: 0,
    identifier: '',
    kind: parent.kind,
    name,
    parent,
    children: [],
    startDate: undefined,
    finishDate: undefined,
  };
  setDates(draft, input);
  const node = createNode(world, parent.kind, name, parent, draft);
  return json(nodeJson(call, project, node, 0), 201);
}

function move(call: Call, project: Project, parent: TreeNode, id: number): Response {
  const node = call.simulator.world.nodes.get(id);
  if (node?.parent === undefined || node.kind !== parent.kind) throw notThere(String(id));
  if (isUnder(parent, node)) throw invalidArgument('TF237017: A node cannot be moved below itself.');
  demandFree(parent, node.name, node);
  const from = node.parent;
  repath(call, node, () => {
    from.children.splice(from.children.indexOf(node), 1);
    parent.children.push(node);
    node.parent = parent;
  });
  return json(nodeJson(call, project, node, 0));
}

/** Work items show a renamed or moved node at once, without a revision. */
function repath(call: Call, node: TreeNode, change: () => void): void {
  const before = new Map(descendants(node).map((one) => [pathOf(one), one]));
  change();
  const name = node.kind === 'area' ? 'System.AreaPath' : 'System.IterationPath';
  for (const item of call.simulator.world.items.values()) {
    for (const [index, revision] of item.revisions.entries()) {
      const moved = before.get(String(revision.fields[name]));
      if (moved === undefined) continue;
      item.revisions[index] = { ...revision, fields: { ...revision.fields, [name]: pathOf(moved) } };
    }
  }
}

async function update(call: Call): Promise<Response> {
  demand(call.simulator.world, call.caller.person.id, 'editNodes');
  const project = demandProject(call);
  const node = nodeOf(call);
  const input = await body(call, nodeSchema);
  setDates(node, input);
  if (input.name !== null && input.name !== undefined && input.name !== node.name) {
    const name = validName(input.name);
    const { parent } = node;
    if (parent === undefined) throw invalidArgument('The root of a tree is renamed with its project.');
    demandFree(parent, name, node);
    repath(call, node, () => {
      node.name = name;
    });
  }
  return json(nodeJson(call, project, node, 0));
}

/** Items of the deleted nodes go to `$reclassifyId`, by default the parent. */
function remove(call: Call): Response {
  const { world } = call.simulator;
  demand(world, call.caller.person.id, 'editNodes');
  const project = demandProject(call);
  const node = nodeOf(call);
  const { parent } = node;
  if (parent === undefined) throw invalidArgument('The root of a tree cannot be deleted.');
  const wanted = integer(call, '$reclassifyId');
  const heir = wanted === undefined ? parent : world.nodes.get(wanted);
  if (heir?.kind !== node.kind || isUnder(heir, node)) throw notThere(String(wanted));
  const gone = new Set(descendants(node).map(pathOf));
  const name = node.kind === 'area' ? 'System.AreaPath' : 'System.IterationPath';
  for (const item of world.items.values()) {
    const revision = latest(item);
    if (projectOf(world, revision) !== project || !gone.has(String(revision.fields[name]))) continue;
    item.revisions[item.revisions.length - 1] = {
      ...revision,
      fields: { ...revision.fields, [name]: pathOf(heir) },
    };
  }
  for (const one of descendants(node)) world.nodes.delete(one.id);
  parent.children.splice(parent.children.indexOf(node), 1);
  return noContent();
}

const ONE = 'wit/classificationnodes/:group/*path';

export const NODE_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: 'wit/classificationnodes', scope: 'vso.work', handler: roots },
  {
    method: 'GET',
    pattern: ONE,
    scope: 'vso.work',
    handler: (call) => json(nodeJson(call, demandProject(call), nodeOf(call), depthOf(call))),
  },
  { method: 'POST', pattern: ONE, scope: 'vso.work_write', handler: create },
  { method: 'PATCH', pattern: ONE, scope: 'vso.work_write', handler: update },
  { method: 'DELETE', pattern: ONE, scope: 'vso.work_write', handler: remove },
];
