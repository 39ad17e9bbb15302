// From a request to the handler of its route: paths without regard to case, `{project}` and `{team}` optional, api-version
// negotiated, the caller known and allowed. What a route does is in routes/.
import { type Caller, holds, type Scope } from './auth.ts';
import { AzureError, invalidArgument, notFound, projectNotFound } from './errors.ts';
import type { Simulator } from './simulator.ts';
import type { Project, Team } from './store/model.ts';

export interface Call {
  readonly simulator: Simulator;
  readonly request: Request;
  readonly caller: Caller;
  readonly project: Project | undefined;
  readonly team: Team | undefined;
  /** Of the route's `:name` parts, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** By lower-case name. */
  readonly query: ReadonlyMap<string, string>;
}

export type Handler = (call: Call) => Response | Promise<Response>;

export interface Route {
  readonly method: string;
  /** Below `_apis/`, in lower case: `:name` takes a segment, `$:name` one that begins with `$`, `*name` all that is left. */
  readonly pattern: string;
  readonly scope: Scope;
  readonly handler: Handler;
  /** True for resources that were never released, whose api-version needs `-preview`. */
  readonly preview?: boolean;
}

interface Located {
  readonly organization: string;
  readonly scopeSegments: readonly string[];
  readonly rest: readonly string[];
}

/** `/acme/Tandem/_apis/wit/workitems/5` in its parts; undefined outside `_apis`. */
export function locate(pathname: string): Located | undefined {
  const segments = pathname.split('/').filter((segment) => segment !== '');
  const apis = segments.findIndex((segment) => segment.toLowerCase() === '_apis');
  const organization = segments[0];
  if (apis < 1 || organization === undefined) return undefined;
  return {
    organization: decode(organization),
    scopeSegments: segments.slice(1, apis).map(decode),
    rest: segments.slice(apis + 1).map(decode),
  };
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    throw invalidArgument(`The path has a segment that is not encoded well: ${segment}.`);
  }
}

export function matchPattern(pattern: string, rest: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  const parts = pattern.split('/');
  for (const [index, part] of parts.entries()) {
    if (part.startsWith('*')) {
      params[part.slice(1)] = rest.slice(index).join('/');
      return params;
    }
    const segment = rest[index];
    if (segment === undefined) return undefined;
    if (part.startsWith('$:')) {
      if (!segment.startsWith('$')) return undefined;
      params[part.slice(2)] = segment.slice(1);
    } else if (part.startsWith(':')) {
      if (segment.startsWith('$')) return undefined;
      params[part.slice(1)] = segment;
    } else if (part !== segment.toLowerCase()) {
      return undefined;
    }
  }
  return parts.length === rest.length ? params : undefined;
}

export interface Found {
  readonly route: Route;
  readonly params: Record<string, string>;
}

/** Fixed segments win over parameters, so the table's order does not matter. */
export function findRoute(
  routes: readonly Route[],
  method: string,
  rest: readonly string[],
): Found | 'method' | undefined {
  let best: Found | undefined;
  let otherMethod = false;
  for (const route of routes) {
    const params = matchPattern(route.pattern, rest);
    if (params === undefined) continue;
    if (route.method !== method) {
      otherMethod = true;
      continue;
    }
    if (best === undefined || exactness(route.pattern) > exactness(best.route.pattern)) best = { route, params };
  }
  return best ?? (otherMethod ? 'method' : undefined);
}

const exactness = (pattern: string): number =>
  pattern.split('/').filter((part) => !/^[:*]/.test(part)).length * 10 - (pattern.includes('*') ? 1 : 0);

/** The project by name or id, then the team. */
export function resolveScope(
  simulator: Simulator,
  segments: readonly string[],
): { project: Project | undefined; team: Team | undefined } {
  const [projectName, teamName] = segments;
  if (projectName === undefined) return { project: undefined, team: undefined };
  const project = findProject(simulator, projectName);
  if (teamName === undefined) return { project, team: undefined };
  return { project, team: findTeam(project, teamName) };
}

export function findProject(simulator: Simulator, nameOrId: string): Project {
  const wanted = nameOrId.toLowerCase();
  const project = simulator.world.projects.find((one) => one.name.toLowerCase() === wanted || one.id === wanted);
  if (project === undefined) throw projectNotFound(nameOrId);
  return project;
}

export function findTeam(project: Project, nameOrId: string): Team {
  const wanted = nameOrId.toLowerCase();
  const team = project.teams.find((one) => one.name.toLowerCase() === wanted || one.id === wanted);
  if (team !== undefined) return team;
  throw notFound(`The team with id '${nameOrId}' does not exist.`, 'TeamNotFoundException');
}

export const LATEST_VERSION = 7.2;

const VERSION = /^(\d+(?:\.\d+)?)(-preview(?:\.(\d+))?)?$/i;

/** From the query or the Accept header; wording of the service, https://learn.microsoft.com/azure/devops/integrate/concepts/rest-api-versioning */
export function demandVersion(request: Request, query: ReadonlyMap<string, string>, route: Route): void {
  const given = query.get('api-version') ?? /api-version=([^;,\s]+)/i.exec(request.headers.get('accept') ?? '')?.[1];
  if (given === undefined) {
    if (request.method === 'GET' || request.method === 'OPTIONS') return;
    throw versionError(
      'VssVersionNotSpecifiedException',
      `No api-version was supplied for the "${request.method}" request. The version must be supplied either as part of the Accept header (e.g. "application/json; api-version=1.0") or as a query parameter (e.g. "?api-version=1.0").`,
    );
  }
  const match = VERSION.exec(given);
  if (match === null) {
    throw versionError(
      'VssVersionNotSpecifiedException',
      `The api-version "${given}" is not of the form {major}.{minor}[-preview[.{resourceVersion}]].`,
    );
  }
  if (Number(match[1]) > LATEST_VERSION) {
    throw versionError(
      'VssVersionOutOfRangeException',
      `The requested REST API version of ${match[1]} is out of range for this server. The latest REST API version this server supports is ${LATEST_VERSION}.`,
    );
  }
  if ((route.preview === true || Number(match[1]) === LATEST_VERSION) && match[2] === undefined) {
    throw versionError(
      'VssInvalidPreviewVersionException',
      `The requested version "${given}" of the resource is under preview. The -preview flag must be supplied in the api-version for such requests. For example: "${given}-preview"`,
    );
  }
}

function versionError(typeKey: string, message: string): AzureError {
  const error = invalidArgument(message);
  return new AzureError(400, {
    ...error.body,
    typeName: `Microsoft.VisualStudio.Services.WebApi.${typeKey}, Microsoft.VisualStudio.Services.WebApi`,
    typeKey,
  });
}

export const mayCall = (caller: Caller, route: Route): boolean => holds(caller.pat, route.scope);

export function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8; api-version=7.1', ...headers },
  });
}

export const list = (value: readonly unknown[], headers: Record<string, string> = {}): Response =>
  json({ count: value.length, value }, 200, headers);

export const noContent = (): Response => new Response(null, { status: 204 });
