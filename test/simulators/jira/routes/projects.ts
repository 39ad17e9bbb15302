// Projects with their versions, components and statuses.
import { Hono } from 'hono';
import { tell } from '../effects.ts';
import { badRequest, notFound } from '../errors.ts';
import {
  type Ctx,
  type Env,
  expandOf,
  orderedBy,
  pageOf,
  pageView,
  param,
  type Routes,
  readObjectBody,
} from '../http.ts';
import type { ProjectRecord } from '../model.ts';
import { requireAdministrator, requirePermission } from '../permissions.ts';
import { findProject, visibleProjects } from '../projects.ts';
import { ISSUE_TYPES, known, PROJECT_ROLES, SECURITY_LEVELS, statuses } from '../site.ts';
import {
  componentView,
  fullVersionView,
  issueTypeView,
  projectView,
  securityView,
  statusView,
  userById,
  type View,
} from '../views.ts';
import { workflowOf } from '../workflow.ts';
import type { World } from '../world.ts';

/** Projects have no category here, and none was archived or deleted. */
const PROJECT_ORDERS: Readonly<Record<string, (project: ProjectRecord) => string | number>> = {
  key: ({ key }) => key,
  name: ({ name }) => name,
  owner: ({ leadAccountId }) => leadAccountId,
  category: () => '',
  issueCount: () => 0,
  lastIssueUpdatedDate: () => 0,
  archivedDate: () => 0,
  deletedDate: () => 0,
};

export function projectRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;
  const self = (path: string): string => `${world.url}/rest/api/3/${path}`;
  const projectOf = (c: Ctx): ProjectRecord => findProject(world, c.var.caller, param(c, 'projectIdOrKey'));

  app.get('/project/search', (c) => {
    const keys = c.req.queries('keys')?.flatMap((text) => text.split(','));
    const ids = c.req.queries('id');
    const query = c.req.query('query')?.toLowerCase() ?? '';
    const found = visibleProjects(world, c.var.caller).filter(
      (project) =>
        (keys === undefined || keys.includes(project.key)) &&
        (ids === undefined || ids.includes(String(project.id))) &&
        `${project.key} ${project.name}`.toLowerCase().includes(query),
    );
    const expand = expandOf(c.req.query('expand'));
    return c.json(
      pageView(self('project/search'), orderedBy(c, found, PROJECT_ORDERS), pageOf(c, 50, 100), (it) =>
        fullProject(world, c, it, expand, false),
      ),
    );
  });

  app.get('/project/:projectIdOrKey', (c) =>
    c.json(fullProject(world, c, projectOf(c), expandOf(c.req.query('expand')), true)),
  );

  app.put('/project/:projectIdOrKey', async (c) => {
    const project = projectOf(c);
    requireAdministrator(world, c.var.caller);
    const { name, description } = await readObjectBody(c);
    const next: ProjectRecord = {
      ...project,
      ...(typeof name === 'string' ? { name } : {}),
      ...(typeof description === 'string' ? { description } : {}),
    };
    store.projects.set(project.id, next);
    tell(world, c.var.caller, 'project.edit', { project: next });
    return c.json(fullProject(world, c, next, new Set(), true));
  });

  // No event for any of its issues: "cascading events aren't emitted".
  app.delete('/project/:projectIdOrKey', (c) => {
    const project = projectOf(c);
    requireAdministrator(world, c.var.caller);
    for (const issue of [...store.issues.values()]) if (issue.projectId === project.id) store.removeIssue(issue);
    store.projects.delete(project.id);
    tell(world, c.var.caller, 'project.delete', { project });
    return c.body(null, 204);
  });

  // A project without a scheme has no Security Level on its screens.
  app.get('/project/:projectIdOrKey/issuesecuritylevelscheme', (c) => {
    projectOf(c);
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    if (!ISSUE_TYPES.some(({ id }) => world.screens.edit(id).has('security'))) {
      throw notFound('The project has no issue security scheme.');
    }
    return c.json({
      self: self('issuesecurityschemes/10000'),
      id: 10_000,
      name: 'Tandem',
      levels: SECURITY_LEVELS.map(({ id }) => securityView(world, id)),
    });
  });

  app.get('/project/:projectIdOrKey/statuses', (c) => {
    projectOf(c);
    return c.json(
      ISSUE_TYPES.map((type) => ({
        self: self(`issuetype/${type.id}`),
        id: type.id,
        name: type.name,
        subtask: type.level === -1,
        statuses: workflowOf(type.id).statuses.map((id) => statusView(world, known(statuses, id))),
      })),
    );
  });

  app.get('/project/:projectId/hierarchy', (c) => {
    // Unlike its neighbours this one takes no key.
    const named = param(c, 'projectId');
    if (!/^\d+$/.test(named)) throw badRequest(`'${named}' is not a project ID.`);
    const project = findProject(world, c.var.caller, named);
    const levels = [
      { level: -1, name: 'Subtask', entityId: '5a1f6a56-1b4c-4f36-8b54-6f0a7f6d0001' },
      { level: 0, name: 'Story', entityId: '5a1f6a56-1b4c-4f36-8b54-6f0a7f6d0002' },
      { level: 1, name: 'Epic', entityId: '5a1f6a56-1b4c-4f36-8b54-6f0a7f6d0003' },
    ];
    return c.json({
      projectId: project.id,
      hierarchy: levels.map((level) => ({
        ...level,
        issueTypes: ISSUE_TYPES.filter((type) => type.level === level.level).map(({ id, name, avatarId }) => ({
          id: Number(id),
          name,
          avatarId,
        })),
      })),
    });
  });

  return app;
}

function fullProject(world: World, c: Ctx, project: ProjectRecord, expand: ReadonlySet<string>, alone: boolean): View {
  const lead = userById(world, c.var.caller, project.leadAccountId);
  return {
    ...projectView(world, project),
    expand: 'description,lead,issueTypes,url,projectKeys,permissions,insight',
    style: 'classic',
    isPrivate: false,
    properties: {},
    ...(alone || expand.has('description') ? { description: project.description } : {}),
    ...((alone || expand.has('lead')) && lead !== null ? { lead } : {}),
    ...(alone || expand.has('issueTypes') ? { issueTypes: ISSUE_TYPES.map((type) => issueTypeView(world, type)) } : {}),
    ...(alone
      ? {
          assigneeType: 'UNASSIGNED',
          components: [...world.store.components.values()]
            .filter(({ projectId }) => projectId === project.id)
            .map((component) => componentView(world, component)),
          versions: [...world.store.versions.values()]
            .filter(({ projectId }) => projectId === project.id)
            .map((version) => fullVersionView(world, version)),
          roles: Object.fromEntries(
            PROJECT_ROLES.map((role, index) => [
              role,
              `${world.url}/rest/api/3/project/${project.id}/role/${10_002 + index}`,
            ]),
          ),
        }
      : {}),
  };
}
