// People and rights: who one is, who can be found or assigned, what one may do.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { badRequest, JiraError, notFound } from '../errors.ts';
import { type Ctx, type Env, integer, pageOf, pageView, type Routes, readObjectBody, strings } from '../http.ts';
import { readList } from '../issue-view.ts';
import type { IssueRecord, Person } from '../model.ts';
import {
  canSeeIssue,
  hasPermission,
  isAssignable,
  PERMISSIONS,
  personHas,
  requireAdministrator,
  requirePermission,
  requirePerson,
  visibleIssue,
} from '../permissions.ts';
import { findProject, visibleProjects } from '../projects.ts';
import { GROUPS } from '../site.ts';
import { emailFor, userView, type View } from '../views.ts';
import type { World } from '../world.ts';

export function userRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  app.get('/myself', (c) => {
    const person = requirePerson(c.var.caller);
    const expand = c.req.query('expand') ?? '';
    return c.json({
      ...userView(world, c.var.caller, person),
      locale: 'en_US',
      groups: {
        size: person.groups.length,
        items: expand.includes('groups') ? person.groups.map((name) => ({ name })) : [],
      },
      applicationRoles: { size: 1, items: [] },
      expand: 'groups,applicationRoles',
    });
  });

  app.get('/user', (c) => {
    requirePerson(c.var.caller);
    const person = store.people.get(c.req.query('accountId') ?? '');
    if (person === undefined) throw notFound('Specified user does not exist or you do not have required permissions');
    c.set('points', 2);
    return c.json(userView(world, c.var.caller, person));
  });

  app.get('/user/bulk', (c) => {
    requirePerson(c.var.caller);
    const ids = c.req.queries('accountId') ?? [];
    if (ids.length === 0) throw badRequest('The accountId parameter must be given.');
    if (ids.length > 200) throw badRequest('At most 200 account ids can be requested.');
    const found = ids.flatMap((id) => store.people.get(id) ?? []);
    c.set('points', 2 * found.length);
    return c.json(
      pageView(`${world.url}/rest/api/3/user/bulk`, found, pageOf(c, 10, 200), (it) =>
        userView(world, c.var.caller, it),
      ),
    );
  });

  /** By the beginning of a part of the name, or by e-mail where it shows to the caller. */
  const matching = (c: Ctx): readonly Person[] => {
    const accountId = c.req.query('accountId');
    const query = c.req.query('query')?.toLowerCase();
    if (accountId === undefined && query === undefined)
      throw badRequest("The 'query' or 'accountId' parameter must be given.");
    return [...store.people.values()].filter((person) => {
      if (accountId !== undefined) return person.accountId === accountId;
      const words = person.displayName.toLowerCase().split(/\s+/);
      const email = emailFor(world, c.var.caller, person)?.toLowerCase() ?? '';
      return (
        query === '' ||
        words.some((word) => word.startsWith(query ?? '')) ||
        person.displayName.toLowerCase().startsWith(query ?? '') ||
        (query !== undefined && email.startsWith(query))
      );
    });
  };
  const listed = (c: Ctx, people: readonly Person[]): Response => {
    const startAt = integer(c, 'startAt', 0);
    const page = people.slice(startAt, startAt + Math.min(integer(c, 'maxResults', 50), 1_000));
    c.set('points', 2 * page.length);
    return c.json(page.map((person) => userView(world, c.var.caller, person)));
  };

  app.get('/user/search', (c) => {
    requirePerson(c.var.caller);
    return listed(c, matching(c));
  });
  app.get('/users/search', (c) => {
    requirePermission(world, c.var.caller, 'USER_PICKER');
    return listed(c, [...store.people.values()]);
  });
  app.get('/user/assignable/search', (c) => {
    requirePerson(c.var.caller);
    const issue = issueOf(world, c);
    const project = c.req.query('project');
    if (issue === undefined && project === undefined)
      throw badRequest('One of project, issueKey or issueId must be given.');
    const projectId = issue?.projectId ?? findProject(world, c.var.caller, project ?? '').id;
    const asked =
      c.req.query('query') === undefined && c.req.query('accountId') === undefined
        ? [...store.people.values()]
        : matching(c);
    return listed(
      c,
      asked.filter((person) => isAssignable(world, person, projectId)),
    );
  });
  app.get('/user/assignable/multiProjectSearch', (c) => {
    requirePerson(c.var.caller);
    const project = findProject(world, c.var.caller, readList(c.req.query('projectKeys'))[0] ?? '');
    const asked =
      c.req.query('query') === undefined && c.req.query('accountId') === undefined
        ? [...store.people.values()]
        : matching(c);
    return listed(
      c,
      asked.filter((person) => isAssignable(world, person, project.id)),
    );
  });
  app.get('/user/permission/search', (c) => {
    requireAdministrator(world, c.var.caller);
    const wanted = permissionKeys(c.req.query('permissions'));
    if (wanted.length === 0) throw badRequest("The 'permissions' query parameter is required.");
    const issue = issueOf(world, c);
    const asked =
      c.req.query('query') === undefined && c.req.query('accountId') === undefined
        ? [...store.people.values()]
        : matching(c);
    return listed(
      c,
      asked.filter((person) => wanted.every((key) => personHas(world, person, key, issue))),
    );
  });

  app.get('/mypermissions', (c) => {
    const text = c.req.query('permissions');
    if (text === undefined || text === '') throw badRequest("The 'permissions' query parameter is required.");
    const wanted = permissionKeys(text);
    const issue = issueOf(world, c);
    const key = c.req.query('projectKey') ?? c.req.query('projectId');
    if (key !== undefined) findProject(world, c.var.caller, key);
    const permissions: Record<string, View> = {};
    for (const name of wanted) {
      const {
        id,
        key: permission,
        name: label,
        type,
        description,
      } = PERMISSIONS.get(name) ?? { id: '', key: name, name, type: 'PROJECT', description: '' };
      permissions[name] = {
        id,
        key: permission,
        name: label,
        type,
        description,
        havePermission: hasPermission(world, c.var.caller, name, issue),
      };
    }
    c.set('points', 2);
    return c.json({ permissions });
  });

  app.post('/permissions/check', async (c) => {
    const caller = requirePerson(c.var.caller);
    const body = await readObjectBody(c);
    const accountId = typeof body.accountId === 'string' ? body.accountId : caller.accountId;
    if (accountId !== caller.accountId) requireAdministrator(world, c.var.caller);
    const person = store.people.get(accountId);
    if (person === undefined) throw badRequest('The user does not exist.');
    const globals = permissionKeys(strings(body.globalPermissions, 'globalPermissions').join(','));
    const asked = Array.isArray(body.projectPermissions) ? body.projectPermissions.filter(isRecord) : [];
    const projects = new Set(visibleProjects(world, c.var.caller).map(({ id }) => id));
    return c.json({
      globalPermissions: globals.filter((key) => personHas(world, person, key)),
      projectPermissions: asked.flatMap((entry) => {
        const projectIds = numbers(entry.projects).filter((id) => projects.has(id));
        const issues = numbers(entry.issues).flatMap((id): readonly IssueRecord[] => {
          const issue = store.issues.get(id);
          return issue !== undefined && canSeeIssue(world, c.var.caller, issue) ? [issue] : [];
        });
        return permissionKeys(strings(entry.permissions, 'permissions').join(',')).map((permission) => ({
          permission,
          projects: projectIds.filter(() => personHas(world, person, permission)),
          issues: issues.filter((issue) => personHas(world, person, permission, issue)).map(({ id }) => id),
        }));
      }),
    });
  });

  app.post('/user', async (c) => {
    requireAdministrator(world, c.var.caller);
    const { emailAddress, displayName } = await readObjectBody(c);
    if (typeof emailAddress !== 'string') throw badRequest('The email address must be given.');
    const person: Person = {
      accountId: `712020:${crypto.randomUUID()}`,
      displayName: typeof displayName === 'string' ? displayName : emailAddress,
      email: emailAddress,
      emailHidden: false,
      timeZone: 'Etc/UTC',
      accountType: 'atlassian',
      active: true,
      groups: [GROUPS.users, GROUPS.team],
    };
    store.people.set(person.accountId, person);
    return c.json(userView(world, c.var.caller, person), 201);
  });

  app.delete('/user', (c) => {
    requireAdministrator(world, c.var.caller);
    const person = store.people.get(c.req.query('accountId') ?? '');
    if (person === undefined) throw new JiraError(404, ['The user does not exist.']);
    // Named on old issues still, hence kept.
    store.people.set(person.accountId, { ...person, active: false, displayName: 'Former user' });
    return c.body(null, 204);
  });

  return app;
}

const numbers = (value: unknown): readonly number[] => (Array.isArray(value) ? value.map(Number) : []);

function issueOf(world: World, c: Ctx): IssueRecord | undefined {
  const named = c.req.query('issueKey') ?? c.req.query('issueId');
  return named === undefined ? undefined : visibleIssue(world, c.var.caller, named);
}

function permissionKeys(text: string | undefined): readonly string[] {
  const keys = readList(text);
  const unknown = keys.filter((key) => !PERMISSIONS.has(key));
  if (unknown.length > 0) throw badRequest(`Unrecognized permission(s): ${unknown.join(', ')}`);
  return keys;
}
