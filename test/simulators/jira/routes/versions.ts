// Versions and components of projects.
import { Hono } from 'hono';
import { tell } from '../effects.ts';
import { invalidFields, notFound } from '../errors.ts';
import { type Ctx, type Env, orderedBy, pageOf, pageView, param, type Routes, readObjectBody } from '../http.ts';
import type { ComponentRecord, ProjectRecord, VersionRecord } from '../model.ts';
import { hasPermission, requirePermission } from '../permissions.ts';
import { findProject } from '../projects.ts';
import { isDate } from '../time.ts';
import { componentView, fullVersionView, userById, type View } from '../views.ts';
import type { World } from '../world.ts';

const VERSION_ORDERS: Readonly<Record<string, (version: VersionRecord) => string | number>> = {
  name: ({ name }) => name,
  description: ({ description }) => description,
  releaseDate: ({ releaseDate }) => releaseDate ?? '',
  startDate: ({ startDate }) => startDate ?? '',
  sequence: ({ id }) => Number(id),
};
const COMPONENT_ORDERS: Readonly<Record<string, (component: ComponentRecord) => string | number>> = {
  name: ({ name }) => name,
  description: ({ description }) => description,
};

export function versionRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;
  const self = (path: string): string => `${world.url}/rest/api/3/${path}`;
  const projectOf = (c: Ctx): ProjectRecord => findProject(world, c.var.caller, param(c, 'projectIdOrKey'));
  const versionsOf = (projectId: number): readonly VersionRecord[] =>
    [...store.versions.values()].filter((it) => it.projectId === projectId);
  const componentsOf = (projectId: number): readonly ComponentRecord[] =>
    [...store.components.values()].filter((it) => it.projectId === projectId);

  // ---- versions ----

  app.get('/project/:projectIdOrKey/versions', (c) =>
    c.json(versionsOf(projectOf(c).id).map((it) => fullVersionView(world, it))),
  );
  app.get('/project/:projectIdOrKey/version', (c) => {
    const project = projectOf(c);
    const query = c.req.query('query')?.toLowerCase() ?? '';
    const statuses = (c.req.query('status') ?? '').split(',').filter((status) => status !== '');
    const statusOf = ({ archived, released }: VersionRecord): string =>
      archived ? 'archived' : released ? 'released' : 'unreleased';
    const found = versionsOf(project.id).filter(
      (version) =>
        version.name.toLowerCase().includes(query) && (statuses.length === 0 || statuses.includes(statusOf(version))),
    );
    const ordered = orderedBy(c, found, VERSION_ORDERS);
    return c.json(
      pageView(self(`project/${project.id}/version`), ordered, pageOf(c, 50), (it) => fullVersionView(world, it)),
    );
  });
  const versionOf = (c: Ctx): VersionRecord => {
    const version = store.versions.get(param(c, 'id'));
    if (version === undefined || !hasPermission(world, c.var.caller, 'BROWSE_PROJECTS')) {
      throw notFound(`Could not find version for id '${param(c, 'id')}'`);
    }
    return version;
  };
  app.get('/version/:id', (c) => c.json(fullVersionView(world, versionOf(c))));
  app.post('/version', async (c) => {
    const body = await readObjectBody(c);
    const project = findProject(world, c.var.caller, String(body.projectId ?? body.project ?? ''));
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    if (typeof body.name !== 'string' || body.name.trim() === '')
      throw invalidFields({ name: 'You must specify a valid version name' });
    if (versionsOf(project.id).some(({ name }) => name === body.name)) {
      throw invalidFields({ name: 'A version with this name already exists in this project.' });
    }
    const blank = {
      id: String(store.nextId('version')),
      projectId: project.id,
      name: '',
      description: '',
      archived: false,
      released: false,
    };
    const version = readVersion(blank, body);
    store.versions.set(version.id, version);
    tell(world, c.var.caller, 'version.create', { version });
    return c.json(fullVersionView(world, version), 201);
  });
  app.put('/version/:id', async (c) => {
    const version = readVersion(versionOf(c), await readObjectBody(c));
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    store.versions.set(version.id, version);
    tell(world, c.var.caller, 'version.edit', { version });
    return c.json(fullVersionView(world, version));
  });
  app.delete('/version/:id', (c) => {
    const version = versionOf(c);
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    dropFromIssues(world, ['fixVersions', 'versions'], version.id);
    store.versions.delete(version.id);
    tell(world, c.var.caller, 'version.delete', { version });
    return c.body(null, 204);
  });

  // ---- components ----

  app.get('/component', (c) => {
    const query = c.req.query('query')?.toLowerCase() ?? '';
    const found = [...store.components.values()].filter(({ name }) => name.toLowerCase().includes(query));
    const ordered = orderedBy(c, found, COMPONENT_ORDERS);
    return c.json(pageView(self('component'), ordered, pageOf(c, 50), (it) => componentView(world, it)));
  });
  app.get('/project/:projectIdOrKey/components', (c) =>
    c.json(componentsOf(projectOf(c).id).map((it) => fullComponent(world, c, it))),
  );
  app.get('/project/:projectIdOrKey/component', (c) => {
    const project = projectOf(c);
    const counts = new Map<string, number>();
    for (const { values } of store.issues.values()) {
      for (const id of (values.components ?? []) as readonly string[]) counts.set(id, (counts.get(id) ?? 0) + 1);
    }
    const query = c.req.query('query')?.toLowerCase() ?? '';
    const found = componentsOf(project.id).filter(({ name }) => name.toLowerCase().includes(query));
    const ordered = orderedBy(c, found, {
      ...COMPONENT_ORDERS,
      issueCount: ({ id }: ComponentRecord) => counts.get(id) ?? 0,
      lead: ({ leadAccountId }: ComponentRecord) => store.people.get(leadAccountId ?? '')?.displayName ?? '',
    });
    return c.json(
      pageView(self(`project/${project.id}/component`), ordered, pageOf(c, 50), (it) => ({
        ...fullComponent(world, c, it),
        issueCount: counts.get(it.id) ?? 0,
      })),
    );
  });
  const componentOf = (c: Ctx): ComponentRecord => {
    const component = store.components.get(param(c, 'id'));
    if (component === undefined || !hasPermission(world, c.var.caller, 'BROWSE_PROJECTS')) {
      throw notFound(`The component with id ${param(c, 'id')} does not exist.`);
    }
    return component;
  };
  app.get('/component/:id', (c) => c.json(fullComponent(world, c, componentOf(c))));
  app.post('/component', async (c) => {
    const body = await readObjectBody(c);
    const project = findProject(world, c.var.caller, String(body.project ?? ''));
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    if (typeof body.name !== 'string' || body.name.trim() === '')
      throw invalidFields({ name: 'The component name specified is invalid - cannot be an empty string.' });
    if (componentsOf(project.id).some(({ name }) => name === body.name)) {
      throw invalidFields({ name: `A component with the name ${body.name} already exists in this project.` });
    }
    const component = readComponent(
      { id: String(store.nextId('component')), projectId: project.id, name: '', description: '' },
      body,
    );
    store.components.set(component.id, component);
    tell(world, c.var.caller, 'component.create', { component });
    return c.json(fullComponent(world, c, component), 201);
  });
  app.put('/component/:id', async (c) => {
    const component = readComponent(componentOf(c), await readObjectBody(c));
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    store.components.set(component.id, component);
    tell(world, c.var.caller, 'component.edit', { component });
    return c.json(fullComponent(world, c, component));
  });
  app.delete('/component/:id', (c) => {
    const component = componentOf(c);
    requirePermission(world, c.var.caller, 'ADMINISTER_PROJECTS');
    dropFromIssues(world, ['components'], component.id);
    store.components.delete(component.id);
    tell(world, c.var.caller, 'component.delete', { component });
    return c.body(null, 204);
  });

  return app;
}

function fullComponent(world: World, c: Ctx, component: ComponentRecord): View {
  const lead = userById(world, c.var.caller, component.leadAccountId);
  return {
    ...componentView(world, component),
    ...(lead === null ? {} : { lead }),
    assigneeType: 'PROJECT_DEFAULT',
    realAssigneeType: 'PROJECT_DEFAULT',
    isAssigneeTypeValid: false,
    project: world.store.projects.get(component.projectId)?.key ?? '',
    projectId: component.projectId,
  };
}

function readVersion(version: VersionRecord, body: Readonly<Record<string, unknown>>): VersionRecord {
  const date = (name: 'startDate' | 'releaseDate'): string | undefined => {
    const value = body[name];
    if (value === undefined || value === null) return version[name];
    if (typeof value !== 'string' || !isDate(value))
      throw invalidFields({ [name]: 'The date must be of the form yyyy-MM-dd.' });
    return value;
  };
  const startDate = date('startDate');
  const releaseDate = date('releaseDate');
  return {
    id: version.id,
    projectId: version.projectId,
    name: typeof body.name === 'string' ? body.name : version.name,
    description: typeof body.description === 'string' ? body.description : version.description,
    archived: typeof body.archived === 'boolean' ? body.archived : version.archived,
    released: typeof body.released === 'boolean' ? body.released : version.released,
    ...(startDate === undefined ? {} : { startDate }),
    ...(releaseDate === undefined ? {} : { releaseDate }),
  };
}

function readComponent(component: ComponentRecord, body: Readonly<Record<string, unknown>>): ComponentRecord {
  const lead = typeof body.leadAccountId === 'string' ? body.leadAccountId : component.leadAccountId;
  return {
    id: component.id,
    projectId: component.projectId,
    name: typeof body.name === 'string' ? body.name : component.name,
    description: typeof body.description === 'string' ? body.description : component.description,
    ...(lead === undefined ? {} : { leadAccountId: lead }),
  };
}

/** Takes a deleted version or component off its issues, whose `updated` stays. */
function dropFromIssues(world: World, fieldIds: readonly string[], id: string): void {
  for (const issue of [...world.store.issues.values()]) {
    const values: Record<string, unknown> = { ...issue.values };
    let changed = false;
    for (const fieldId of fieldIds) {
      const list = values[fieldId];
      if (!Array.isArray(list) || !list.includes(id)) continue;
      const rest = list.filter((other) => other !== id);
      if (rest.length === 0) delete values[fieldId];
      else values[fieldId] = rest;
      changed = true;
    }
    if (changed) world.store.putIssue({ ...issue, values });
  }
}
