// Projects with their properties, the process, and teams.
import { z } from 'zod';
import { invalidArgument, notFound } from '../errors.ts';
import { identityRef, type Json } from '../render.ts';
import { type Call, findProject, findTeam, json, list, noContent, type Route } from '../router.ts';
import { viewOf } from '../simulator.ts';
import { dateText } from '../store/clock-text.ts';
import { isGuid } from '../store/ids.ts';
import type { Project, Team } from '../store/model.ts';
import { personById } from '../store/people.ts';
import { contentType, integer, parseJson, shaped, splitList } from './read.ts';

export const AGILE_PROCESS_ID = 'adcc42ab-9882-485e-a3ed-7678f01f66bc';

function projectJson(call: Call, project: Project): Json {
  const { base } = viewOf(call.simulator);
  return {
    id: project.id,
    name: project.name,
    description: project.description,
    url: `${base}/_apis/projects/${project.id}`,
    state: 'wellFormed',
    revision: 11,
    visibility: 'private',
    lastUpdateTime: dateText(project.updatedAt),
  };
}

const paged = <T>(call: Call, all: readonly T[]): readonly T[] => {
  const skip = integer(call, '$skip') ?? 0;
  return all.slice(skip, skip + (integer(call, '$top') ?? 100));
};

function listProjects(call: Call): Response {
  const state = (call.query.get('statefilter') ?? 'wellFormed').toLowerCase();
  const { projects } = call.simulator.world;
  const shown = state === 'all' || state === 'wellformed' || state === '1' ? projects : [];
  return list(paged(call, shown).map((project) => projectJson(call, project)));
}

const projectOfPath = (call: Call): Project => findProject(call.simulator, call.params.project ?? '');

/** Properties are found by the project's id only. */
function projectById(call: Call): Project {
  const given = call.params.project ?? '';
  if (isGuid(given)) return findProject(call.simulator, given);
  throw invalidArgument(`The value '${given}' is not valid for projectId; it must be a GUID.`);
}

function getProject(call: Call): Response {
  const project = projectOfPath(call);
  const { base } = viewOf(call.simulator);
  const [team] = project.teams;
  return json({
    ...projectJson(call, project),
    ...(/^true$/i.test(call.query.get('includecapabilities') ?? '')
      ? {
          capabilities: {
            processTemplate: { templateName: 'Agile', templateTypeId: AGILE_PROCESS_ID },
            versioncontrol: { sourceControlType: 'Git', gitEnabled: 'True', tfvcEnabled: 'False' },
          },
        }
      : {}),
    _links: {
      self: { href: `${base}/_apis/projects/${project.id}` },
      collection: { href: `${base}/_apis/projectCollections/${call.simulator.world.organizationId}` },
      web: { href: `${base}/${encodeURIComponent(project.name)}` },
    },
    ...(team === undefined ? {} : { defaultTeam: { id: team.id, name: team.name, url: teamUrl(call, project, team) } }),
  });
}

function getProperties(call: Call): Response {
  const wanted = splitList(call.query.get('keys')).map((key) => key.toLowerCase());
  const matches = (name: string): boolean =>
    wanted.length === 0 || wanted.some((key) => (key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : name === key));
  const properties = [...projectById(call).properties].filter(([name]) => matches(name.toLowerCase()));
  return list(properties.map(([name, value]) => ({ name, value })));
}

const patchSchema = z.array(z.object({ op: z.string(), path: z.string().startsWith('/'), value: z.unknown() })).min(1);

async function setProperties(call: Call): Promise<Response> {
  const project = projectById(call);
  if (!/json/i.test(contentType(call.request))) throw notFound('The body must be a JSON Patch document.');
  for (const { op, path, value } of shaped(patchSchema, parseJson(await call.request.text()))) {
    const name = path.slice(1);
    if (op === 'remove' || value === null) project.properties.delete(name);
    else project.properties.set(name, value);
  }
  return noContent();
}

const teamUrl = (call: Call, project: Project, team: Team): string =>
  `${viewOf(call.simulator).base}/_apis/projects/${project.id}/teams/${team.id}`;

function teamJson(call: Call, project: Project, team: Team): Json {
  return {
    id: team.id,
    name: team.name,
    url: teamUrl(call, project, team),
    description: team.description,
    identityUrl: `${viewOf(call.simulator).base}/_apis/Identities/${team.id}`,
    projectName: project.name,
    projectId: project.id,
  };
}

const isMember = (call: Call, team: Team): boolean =>
  team.members.some((member) => member.personId === call.caller.person.id);

const mine = (call: Call): boolean => /^true$/i.test(call.query.get('$mine') ?? '');

function listTeams(call: Call): Response {
  const project = projectOfPath(call);
  const teams = project.teams.filter((team) => !mine(call) || isMember(call, team));
  return list(paged(call, teams).map((team) => teamJson(call, project, team)));
}

function allTeams(call: Call): Response {
  const teams = call.simulator.world.projects.flatMap((project) =>
    project.teams.filter((team) => !mine(call) || isMember(call, team)).map((team) => teamJson(call, project, team)),
  );
  return list(paged(call, teams));
}

const teamOfPath = (call: Call, project: Project): Team => findTeam(project, call.params.team ?? '');

function teamMembers(call: Call): Response {
  const team = teamOfPath(call, projectOfPath(call));
  const view = viewOf(call.simulator);
  return list(
    paged(call, team.members).map(({ personId, isAdmin }) => ({
      ...(isAdmin ? { isTeamAdmin: true } : {}),
      identity: identityRef(view, personById(view.world, personId)),
    })),
  );
}

const PROCESSES = [
  { name: 'Agile', id: AGILE_PROCESS_ID, isDefault: true },
  { name: 'Scrum', id: '6b724908-ef14-45cf-84f8-768b5384da45', isDefault: false },
  { name: 'Basic', id: 'b8a3a935-7e91-48b8-a94c-606d37c3e9f2', isDefault: false },
  { name: 'CMMI', id: '27450541-8e31-4150-9947-dc59f998fc01', isDefault: false },
];

function processJson(call: Call, process: (typeof PROCESSES)[number]): Json {
  const url = `${viewOf(call.simulator).base}/_apis/process/processes/${process.id}`;
  return {
    id: process.id,
    description: `The ${process.name} process.`,
    isDefault: process.isDefault,
    type: 'system',
    url,
    name: process.name,
    _links: { self: { href: url } },
  };
}

function getProcess(call: Call): Response {
  const process = PROCESSES.find((one) => one.id === (call.params.process ?? '').toLowerCase());
  if (process === undefined) throw notFound(`The process ${call.params.process ?? ''} does not exist.`);
  return json(processJson(call, process));
}

const read = (pattern: string, handler: (call: Call) => Response, preview = false): Route => ({
  method: 'GET',
  pattern,
  scope: 'vso.project',
  handler,
  preview,
});

export const CORE_ROUTES: readonly Route[] = [
  read('projects', listProjects),
  read('projects/:project', getProject),
  read('projects/:project/properties', getProperties, true),
  {
    method: 'PATCH',
    pattern: 'projects/:project/properties',
    scope: 'vso.project_write',
    handler: setProperties,
    preview: true,
  },
  read('projects/:project/teams', listTeams),
  read('projects/:project/teams/:team', (call) => {
    const project = projectOfPath(call);
    return json(teamJson(call, project, teamOfPath(call, project)));
  }),
  read('projects/:project/teams/:team/members', teamMembers),
  read('teams', allTeams, true),
  read('process/processes', (call) => list(PROCESSES.map((one) => processJson(call, one)))),
  read('process/processes/:process', getProcess),
];
