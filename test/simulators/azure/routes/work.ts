// A team's settings: its iterations, its areas, its backlog iteration.
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import type { Json } from '../render.ts';
import { type Call, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { projectOf } from '../store/lookups.ts';
import { latest, type Project, type Team, type TreeNode } from '../store/model.ts';
import { isUnder, pathOf } from '../store/tree.ts';
import { body } from './read.ts';
import { demandProject } from './work-items.ts';

const DAY_MS = 86_400_000;

function teamOf(call: Call): { project: Project; team: Team; url: string } {
  const project = demandProject(call);
  const team = call.team ?? project.teams[0];
  if (team === undefined) throw notFound(`The project ${project.name} has no team.`, 'TeamNotFoundException');
  return { project, team, url: `${viewOf(call.simulator).base}/${project.id}/${team.id}/_apis/work/teamsettings` };
}

function timeFrame(call: Call, node: TreeNode): 'past' | 'current' | 'future' {
  const now = call.simulator.clock.now();
  if (node.startDate === undefined || node.finishDate === undefined) return 'future';
  if (Date.parse(node.finishDate) + DAY_MS <= now) return 'past';
  return Date.parse(node.startDate) <= now ? 'current' : 'future';
}

function iterationJson(call: Call, url: string, node: TreeNode): Json {
  return {
    id: node.identifier,
    name: node.name,
    path: pathOf(node),
    attributes: {
      ...(node.startDate === undefined ? {} : { startDate: node.startDate }),
      ...(node.finishDate === undefined ? {} : { finishDate: node.finishDate }),
      timeFrame: timeFrame(call, node),
    },
    url: `${url}/iterations/${node.identifier}`,
  };
}

function iterations(call: Call): Response {
  const { team, url } = teamOf(call);
  const wanted = call.query.get('$timeframe')?.toLowerCase();
  const shown = team.iterations.filter((node) => wanted === undefined || timeFrame(call, node) === wanted);
  return list(shown.map((node) => iterationJson(call, url, node)));
}

function iterationOf(call: Call, team: Team): TreeNode {
  const node = team.iterations.find((one) => one.identifier === (call.params.id ?? '').toLowerCase());
  if (node !== undefined) return node;
  throw notFound(
    `The iteration with id '${call.params.id ?? ''}' does not exist.`,
    'InvalidTeamSettingsIterationException',
  );
}

async function addIteration(call: Call): Promise<Response> {
  const { project, team, url } = teamOf(call);
  const { id } = await body(call, z.object({ id: z.string() }));
  const node = [...call.simulator.world.nodes.values()].find((one) => one.identifier === id.toLowerCase());
  if (node === undefined || !isUnder(node, project.iterations)) {
    throw invalidArgument(`The iteration with id '${id}' does not exist in the project.`);
  }
  if (!team.iterations.includes(node)) team.iterations.push(node);
  return json(iterationJson(call, url, node));
}

function removeIteration(call: Call): Response {
  const { team } = teamOf(call);
  team.iterations.splice(team.iterations.indexOf(iterationOf(call, team)), 1);
  return noContent();
}

/** The iteration's items, each without a source; children show their parent. */
function iterationItems(call: Call): Response {
  const { project, team, url } = teamOf(call);
  const node = iterationOf(call, team);
  const { world } = call.simulator;
  const base = `${viewOf(call.simulator).base}/${project.id}/_apis/wit/workItems`;
  const reference = (id: number): Json => ({ id, url: `${base}/${id}` });
  const items = [...world.items.values()].filter(
    (item) =>
      item.deleted === undefined &&
      projectOf(world, latest(item)) === project &&
      latest(item).fields['System.IterationPath'] === pathOf(node),
  );
  return json({
    workItemRelations: items.map((item) => {
      const parent = latest(item).relations.find((one) => one.rel === 'System.LinkTypes.Hierarchy-Reverse')?.target;
      return {
        rel: parent === undefined ? null : 'System.LinkTypes.Hierarchy-Forward',
        source: parent === undefined ? null : reference(parent),
        target: reference(item.id),
      };
    }),
    url: `${url}/iterations/${node.identifier}/workitems`,
  });
}

function settings(call: Call): Response {
  const { team, url } = teamOf(call);
  return json({
    backlogIteration: iterationJson(call, url, team.backlogIteration),
    bugsBehavior: team.bugsBehavior,
    workingDays: team.workingDays,
    backlogVisibilities: {
      'Microsoft.EpicCategory': true,
      'Microsoft.FeatureCategory': true,
      'Microsoft.RequirementCategory': true,
    },
    defaultIterationMacro: '@currentIteration',
    url,
  });
}

function fieldValues(call: Call): Response {
  const { team, url } = teamOf(call);
  const value = pathOf(team.defaultArea);
  return json({
    field: {
      referenceName: 'System.AreaPath',
      url: `${viewOf(call.simulator).base}/_apis/wit/fields/System.AreaPath`,
    },
    defaultValue: value,
    values: [{ value, includeChildren: team.defaultArea.parent === undefined }],
    url: `${url}/teamfieldvalues`,
  });
}

const BASE = 'work/teamsettings';

export const WORK_ROUTES: readonly Route[] = [
  { method: 'GET', pattern: BASE, scope: 'vso.work', handler: settings },
  { method: 'GET', pattern: `${BASE}/teamfieldvalues`, scope: 'vso.work', handler: fieldValues },
  { method: 'GET', pattern: `${BASE}/iterations`, scope: 'vso.work', handler: iterations },
  { method: 'POST', pattern: `${BASE}/iterations`, scope: 'vso.work_write', handler: addIteration },
  {
    method: 'GET',
    pattern: `${BASE}/iterations/:id`,
    scope: 'vso.work',
    handler: (call) => {
      const { team, url } = teamOf(call);
      return json(iterationJson(call, url, iterationOf(call, team)));
    },
  },
  { method: 'DELETE', pattern: `${BASE}/iterations/:id`, scope: 'vso.work_write', handler: removeIteration },
  { method: 'GET', pattern: `${BASE}/iterations/:id/workitems`, scope: 'vso.work', handler: iterationItems },
];
