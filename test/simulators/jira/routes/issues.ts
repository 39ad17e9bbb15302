// Issues: create, create many, read, read many, edit, assign, delete.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import type { IssueInput } from '../edit.ts';
import { badRequest, JiraError } from '../errors.ts';
import { editMeta } from '../field-meta.ts';
import {
  type Ctx,
  type Env,
  entityProperties,
  expandOf,
  flag,
  param,
  type Routes,
  readObjectBody,
  record,
  strings,
} from '../http.ts';
import { checkPropertyCount, issueView, readList, selectFields } from '../issue-view.ts';
import { type CreateInput, createIssue, deleteIssue, editIssue } from '../issue-writes.ts';
import type { IssueRecord } from '../model.ts';
import { canSeeIssue, requirePermission, visibleIssue } from '../permissions.ts';
import type { View } from '../views.ts';
import type { World } from '../world.ts';

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-bulk-post */
const BULK_CREATE = 50;
const BULK_FETCH = 100;

export function issueRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();

  app.post('/issue', async (c) => {
    requireSignIn(c);
    const issue = createIssue(world, c.var.caller, readCreate(await readObjectBody(c)));
    return c.json(createdView(world, issue), 201);
  });

  app.post('/issue/bulk', async (c) => {
    requireSignIn(c);
    const { issueUpdates } = await readObjectBody(c);
    if (!Array.isArray(issueUpdates) || issueUpdates.length === 0) throw badRequest('No issue data provided.');
    if (issueUpdates.length > BULK_CREATE) {
      throw badRequest(`The maximum number of issues that can be created in one request is ${BULK_CREATE}.`);
    }
    const issues: View[] = [];
    const errors: View[] = [];
    for (const [index, update] of issueUpdates.entries()) {
      try {
        if (!isRecord(update)) throw badRequest('Issue data must be an object.');
        issues.push(createdView(world, createIssue(world, c.var.caller, readCreate(update))));
      } catch (error) {
        if (!(error instanceof JiraError)) throw error;
        errors.push({ status: error.status, elementErrors: error.body, failedElementNumber: index });
      }
    }
    // What was made is listed, what failed is known by its number in the request alone.
    return c.json({ issues, errors }, issues.length === 0 ? 400 : 201);
  });

  app.post('/issue/bulkfetch', async (c) => {
    const body = await readObjectBody(c);
    const ids = strings(body.issueIdsOrKeys, 'issueIdsOrKeys');
    if (ids.length === 0) throw badRequest('issueIdsOrKeys must name at least one issue.');
    if (ids.length > BULK_FETCH) throw badRequest(`You can request at most ${BULK_FETCH} issues at once.`);
    const fields = selectFields(world, strings(body.fields, 'fields'), '*navigable');
    const expand = expandOf(strings(body.expand, 'expand'));
    const properties = checkPropertyCount(strings(body.properties, 'properties'));
    const found = new Map<number, IssueRecord>();
    for (const id of ids) {
      const issue = world.store.findIssue(id);
      if (issue !== undefined && canSeeIssue(world, c.var.caller, issue)) found.set(issue.id, issue);
    }
    // In ascending order of ids, whatever the order of the request; those that can't be seen are left out without a word.
    const issues = [...found.values()].sort((a, b) => a.id - b.id);
    c.set('points', issues.length);
    return c.json({
      issues: issues.map((issue) => issueView(world, c.var.caller, issue, fields, { expand, properties })),
      issueErrors: [],
    });
  });

  app.get('/issue/:issueIdOrKey', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const fields = selectFields(world, c.req.queries('fields') ?? [], '*all');
    const expand = expandOf(c.req.query('expand'));
    const properties = readList(c.req.query('properties'));
    c.set('points', 1);
    return c.json(issueView(world, c.var.caller, issue, fields, { expand, properties }));
  });

  app.get('/issue/:issueIdOrKey/editmeta', (c) =>
    c.json(editMeta(world, c.var.caller, visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey')))),
  );

  // `notifyUsers` needs no right: without it the request for silence is passed over, not refused.
  app.put('/issue/:issueIdOrKey', async (c) => {
    const { caller } = c.var;
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    const body = await readObjectBody(c);
    const input = readInput(body);
    const properties = entityProperties(body.properties);
    if (input.fields === undefined && input.update === undefined && Object.keys(properties).length === 0) {
      throw badRequest("one of 'fields' or 'update' required");
    }
    const edited = editIssue(world, caller, issue, input);
    if (Object.keys(properties).length > 0) {
      world.index.changing(issue.id);
      world.store.properties.set(issue.id, { ...world.store.properties.get(issue.id), ...properties });
    }
    if (!flag(c, 'returnIssue')) return c.body(null, 204);
    const expand = expandOf(c.req.query('expand'));
    return c.json(issueView(world, caller, edited, selectFields(world, [], '*all'), { expand, properties: [] }));
  });

  app.put('/issue/:issueIdOrKey/assignee', async (c) => {
    const { caller } = c.var;
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    requirePermission(world, caller, 'ASSIGN_ISSUES', issue);
    const { accountId } = await readObjectBody(c);
    editIssue(world, caller, issue, {
      fields: { assignee: accountId === null || accountId === undefined ? null : { accountId } },
    });
    return c.body(null, 204);
  });

  app.delete('/issue/:issueIdOrKey', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    deleteIssue(world, c.var.caller, issue, flag(c, 'deleteSubtasks'));
    return c.body(null, 204);
  });

  return app;
}

function requireSignIn(c: Ctx): void {
  if (c.var.caller.person === undefined) {
    throw new JiraError(401, ['You are not authenticated. Authentication required to perform this operation.']);
  }
}

const readInput = (body: Readonly<Record<string, unknown>>): IssueInput => {
  const fields = record(body.fields, 'fields');
  const update = record(body.update, 'update');
  return { ...(fields === undefined ? {} : { fields }), ...(update === undefined ? {} : { update }) };
};

function readCreate(body: Readonly<Record<string, unknown>>): CreateInput {
  const transition = record(body.transition, 'transition');
  const transitionId = transition?.id;
  return {
    ...readInput(body),
    properties: entityProperties(body.properties),
    ...(typeof transitionId === 'string' ? { transitionId } : {}),
  };
}

const createdView = (world: World, issue: IssueRecord): View => ({
  id: String(issue.id),
  key: world.store.keyOf(issue),
  self: `${world.url}/rest/api/3/issue/${issue.id}`,
});
