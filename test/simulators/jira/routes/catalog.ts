// The site's lists: statuses, priorities, resolutions, issue types, labels, fields, workflows, events, server information.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { badRequest, JiraError } from '../errors.ts';
import { createMeta } from '../field-meta.ts';
import { CUSTOM_TYPES, customField, type FieldDef } from '../fields/definitions.ts';
import { type Env, integer, orderedBy, pageOf, pageView, param, type Routes, readObjectBody } from '../http.ts';
import { hasPermission, requireAdministrator } from '../permissions.ts';
import { findProject } from '../projects.ts';
import { ISSUE_TYPES, issueTypes, PRIORITIES, RESOLUTIONS, STATUSES, statuses } from '../site.ts';
import { formatInstant } from '../time.ts';
import { issueTypeView, priorityView, resolutionView, statusView, type View } from '../views.ts';
import { WORKFLOWS, type WorkflowDef } from '../workflow.ts';
import type { World } from '../world.ts';

/** Use is not counted here, so that fields are alike in it. */
const FIELD_ORDERS: Readonly<Record<string, (field: FieldDef) => string | number>> = {
  name: ({ name }) => name,
  contextsCount: () => 1,
  lastUsed: () => 0,
  screensCount: () => 1,
  projectsCount: () => 1,
};

const CATEGORY_NAMES = { new: 'TODO', indeterminate: 'IN_PROGRESS', done: 'DONE' } as const;

export function catalogRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;
  const self = (path: string): string => `${world.url}/rest/api/3/${path}`;

  app.get('/status', (c) => c.json(STATUSES.map((status) => statusView(world, status))));
  app.get('/statuses/search', (c) => {
    const search = c.req.query('searchString')?.toLowerCase() ?? '';
    const category = c.req.query('statusCategory');
    const found = STATUSES.filter(
      (status) =>
        status.name.toLowerCase().includes(search) &&
        (category === undefined || CATEGORY_NAMES[status.category] === category),
    );
    return c.json(
      pageView(self('statuses/search'), found, pageOf(c, 200), (status) => ({
        id: status.id,
        name: status.name,
        description: status.description,
        statusCategory: CATEGORY_NAMES[status.category],
        scope: { type: 'GLOBAL' },
      })),
    );
  });
  app.get('/priority', (c) =>
    c.json(
      PRIORITIES.map((priority) => ({
        ...priorityView(world, priority),
        statusColor: priority.color,
        description: priority.description,
      })),
    ),
  );
  app.get('/priority/search', (c) =>
    c.json(
      pageView(self('priority/search'), PRIORITIES, pageOf(c, 50), (priority) => ({
        ...priorityView(world, priority),
        statusColor: priority.color,
        description: priority.description,
        isDefault: priority.id === '3',
      })),
    ),
  );
  app.get('/resolution', (c) => c.json(RESOLUTIONS.map((resolution) => resolutionView(world, resolution))));
  app.get('/resolution/search', (c) =>
    c.json(
      pageView(self('resolution/search'), RESOLUTIONS, pageOf(c, 50), ({ id, name, description }) => ({
        id,
        name,
        description,
        self: self(`resolution/${id}`),
        default: false,
      })),
    ),
  );
  app.get('/issuetype', (c) => c.json(ISSUE_TYPES.map((type) => issueTypeView(world, type))));
  app.get('/issuetype/project', (c) => {
    const projectId = integer(c, 'projectId', 0);
    if (!store.projects.has(projectId)) throw new JiraError(404, ['The project was not found.']);
    const level = c.req.query('level');
    const listed = ISSUE_TYPES.filter((type) => level === undefined || type.level === Number(level));
    return c.json(listed.map((type) => issueTypeView(world, type)));
  });

  app.get('/label', (c) => {
    const labels = new Set<string>();
    for (const { values } of store.issues.values()) {
      for (const label of (values.labels ?? []) as readonly string[]) labels.add(label);
    }
    return c.json(pageView(self('label'), [...labels].sort(), pageOf(c, 1_000), (label) => label));
  });

  app.get('/field', (c) => c.json([...store.fields.values()].map(fieldDetails)));
  app.get('/field/search', (c) => {
    const query = c.req.query('query')?.toLowerCase() ?? '';
    const kinds = (c.req.queries('type') ?? []).flatMap((text) => text.split(','));
    const odd = kinds.find((kind) => kind !== 'custom' && kind !== 'system');
    if (odd !== undefined) throw badRequest(`The field type '${odd}' is not valid: custom or system.`);
    const ids = c.req.queries('id') ?? [];
    const found = [...store.fields.values()].filter(
      (field) =>
        field.name.toLowerCase().includes(query) &&
        (kinds.length === 0 || kinds.includes(field.custom ? 'custom' : 'system')) &&
        (ids.length === 0 || ids.includes(field.id)),
    );
    return c.json(
      pageView(self('field/search'), orderedBy(c, found, FIELD_ORDERS), pageOf(c, 50), (field) => ({
        id: field.id,
        key: field.id,
        name: field.name,
        schema: field.schema,
        description: field.description ?? '',
        isLocked: false,
        ...(field.schema.custom === undefined ? {} : { searcherKey: `${field.schema.custom}searcher` }),
      })),
    );
  });
  app.post('/field', async (c) => {
    requireAdministrator(world, c.var.caller);
    const { name, type, description } = await readObjectBody(c);
    if (typeof name !== 'string' || name.trim() === '') throw badRequest('The field name must be given.');
    if (typeof type !== 'string' || CUSTOM_TYPES[type] === undefined)
      throw badRequest(`The custom field type '${String(type)}' is not valid.`);
    const field = customField(
      store.nextId('field'),
      name,
      type,
      typeof description === 'string' ? { description } : {},
    );
    store.fields.set(field.id, field);
    return c.json(fieldDetails(field), 201);
  });

  app.get('/issue/createmeta/:projectIdOrKey/issuetypes', (c) => {
    findProject(world, c.var.caller, param(c, 'projectIdOrKey'));
    const listed = hasPermission(world, c.var.caller, 'CREATE_ISSUES') ? ISSUE_TYPES : [];
    const { startAt, maxResults } = pageOf(c, 50, 200);
    return c.json({
      startAt,
      maxResults,
      total: listed.length,
      issueTypes: listed.slice(startAt, startAt + maxResults).map((type) => issueTypeView(world, type)),
    });
  });
  app.get('/issue/createmeta/:projectIdOrKey/issuetypes/:issueTypeId', (c) => {
    const project = findProject(world, c.var.caller, param(c, 'projectIdOrKey'));
    const typeId = param(c, 'issueTypeId');
    if (!issueTypes.has(typeId)) throw badRequest(`The issue type with id '${typeId}' does not exist in the project.`);
    const all = createMeta(world, c.var.caller, project.id, typeId);
    const { startAt, maxResults } = pageOf(c, 50, 200);
    return c.json({ startAt, maxResults, total: all.length, fields: all.slice(startAt, startAt + maxResults) });
  });

  app.get('/workflow/search', (c) => {
    requireAdministrator(world, c.var.caller);
    const expand = c.req.query('expand') ?? '';
    const name = c.req.query('workflowName');
    const found = WORKFLOWS.filter((workflow) => name === undefined || workflow.name === name);
    return c.json(
      pageView(self('workflow/search'), found, pageOf(c, 50), (workflow) => workflowView(workflow, expand)),
    );
  });

  app.post('/workflows', async (c) => {
    requireAdministrator(world, c.var.caller);
    const body = await readObjectBody(c);
    return c.json(readWorkflows(body));
  });

  app.get('/events', (c) => {
    requireAdministrator(world, c.var.caller);
    return c.json([
      { id: 1, name: 'Issue Created' },
      { id: 2, name: 'Issue Updated' },
      { id: 3, name: 'Issue Assigned' },
      { id: 6, name: 'Issue Commented' },
      { id: 8, name: 'Issue Deleted' },
      { id: 13, name: 'Generic Event' },
    ]);
  });

  app.get('/serverInfo', (c) =>
    c.json({
      baseUrl: world.url,
      displayUrl: world.url,
      version: '1001.0.0-SNAPSHOT',
      versionNumbers: [1001, 0, 0],
      deploymentType: 'Cloud',
      buildNumber: 100_287,
      buildDate: '2026-10-20T10:20:30.000+0000',
      serverTime: formatInstant(world.clock.now(), c.var.caller.zone),
      serverTimeZone: 'Etc/UTC',
      scmInfo: '0000000000000000000000000000000000000000',
      serverTitle: 'Jira',
    }),
  );

  return app;
}

const fieldDetails = (field: FieldDef): View => ({
  id: field.id,
  key: field.id,
  name: field.name,
  custom: field.custom,
  orderable: field.kind !== 'computed',
  navigable: field.navigable,
  searchable: field.clauseNames.length > 0,
  clauseNames: field.clauseNames,
  schema: field.schema,
});

function workflowView(workflow: WorkflowDef, expand: string): View {
  return {
    id: { name: workflow.name, entityId: workflow.id },
    description: workflow.description,
    isDefault: false,
    ...(expand.includes('statuses')
      ? { statuses: workflow.statuses.map((id) => ({ id, name: statuses.get(id)?.name ?? id, properties: {} })) }
      : {}),
    ...(expand.includes('transitions')
      ? {
          transitions: [
            { id: '1', name: 'Create', description: '', from: [], to: workflow.initialStatus, type: 'initial' },
            ...workflow.transitions.map(({ id, name, from, to }) => ({
              id,
              name,
              description: '',
              from: from === 'any' ? [] : from,
              to,
              type: from === 'any' ? 'global' : 'directed',
            })),
          ],
        }
      : {}),
  };
}

/** Statuses stand once in the answer, by their ids as references. */
function readWorkflows(body: Readonly<Record<string, unknown>>): View {
  const pairs = Array.isArray(body.projectAndIssueTypes) ? body.projectAndIssueTypes.filter(isRecord) : [];
  const named = (list: unknown, of: (workflow: WorkflowDef) => string, workflow: WorkflowDef): boolean =>
    Array.isArray(list) && list.includes(of(workflow));
  const chosen = WORKFLOWS.filter(
    (workflow) =>
      named(body.workflowIds, ({ id }) => id, workflow) ||
      named(body.workflowNames, ({ name }) => name, workflow) ||
      pairs.some(({ issueTypeId }) => workflow.types.includes(String(issueTypeId))),
  );
  const used = new Set(chosen.flatMap((workflow) => workflow.statuses));
  return {
    statuses: STATUSES.filter(({ id }) => used.has(id)).map((status) => ({
      id: status.id,
      name: status.name,
      description: status.description,
      statusReference: status.id,
      statusCategory: CATEGORY_NAMES[status.category],
      scope: { type: 'GLOBAL' },
    })),
    workflows: chosen.map((workflow) => ({
      id: workflow.id,
      name: workflow.name,
      description: workflow.description,
      isEditable: true,
      scope: { type: 'GLOBAL' },
      version: { id: workflow.id, versionNumber: 1 },
      statuses: workflow.statuses.map((statusReference) => ({ statusReference, properties: {}, deprecated: false })),
      transitions: [
        {
          id: '1',
          name: 'Create',
          description: '',
          type: 'INITIAL',
          toStatusReference: workflow.initialStatus,
          links: [],
          properties: {},
        },
        ...workflow.transitions.map(({ id, name, from, to }) => ({
          id,
          name,
          description: '',
          type: from === 'any' ? 'GLOBAL' : 'DIRECTED',
          toStatusReference: to,
          links:
            from === 'any' ? [] : from.map((fromStatusReference) => ({ fromStatusReference, fromPort: 0, toPort: 0 })),
          properties: {},
        })),
      ],
    })),
  };
}
