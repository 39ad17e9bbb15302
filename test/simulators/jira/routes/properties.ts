// Properties of issues and comments: free JSON under a key, which moves no `updated` and raises no event.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { badRequest, JiraError, notFound } from '../errors.ts';
import { type Ctx, checkProperty, type Env, numericId, param, type Routes, readBody, readObjectBody } from '../http.ts';
import type { CommentRecord } from '../model.ts';
import { canSeeIssue, hasPermission, requirePermission, visibleIssue } from '../permissions.ts';
import { mayReadComment } from '../views.ts';
import type { World } from '../world.ts';

export function propertyRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  // Before the routes with a parameter in that place. The work goes on in a task, which the redirect names.
  app.post('/issue/properties/multi', async (c) => {
    const { issues } = await readObjectBody(c);
    if (!Array.isArray(issues) || issues.length === 0) throw badRequest('The list of issues must not be empty.');
    if (issues.length > 100) throw badRequest('At most 100 issues can be updated at once.');
    const writes = issues.map(readMulti);
    let failed = 0;
    for (const { issueId, properties } of writes) {
      const issue = store.issues.get(issueId);
      if (
        issue === undefined ||
        !canSeeIssue(world, c.var.caller, issue) ||
        !hasPermission(world, c.var.caller, 'EDIT_ISSUES', issue)
      ) {
        failed += 1;
        continue;
      }
      world.index.changing(issueId);
      store.properties.set(issueId, { ...store.properties.get(issueId), ...properties });
    }
    const taskId = String(store.nextId('task'));
    const now = world.clock.now();
    store.tasks.set(taskId, {
      self: `${world.url}/rest/api/3/task/${taskId}`,
      id: taskId,
      description: 'Bulk set issue properties',
      status: failed === writes.length ? 'FAILED' : 'COMPLETE',
      message: `${writes.length - failed} of ${writes.length} issues were updated.`,
      result: null,
      submittedBy: 10_000,
      progress: 100,
      elapsedRuntime: 1,
      submitted: now,
      started: now,
      finished: now,
      lastUpdate: now,
    });
    return c.body(null, 303, { Location: `${world.url}/rest/api/3/task/${taskId}` });
  });

  app.get('/task/:taskId', (c) => {
    const task = store.tasks.get(param(c, 'taskId'));
    if (task === undefined) throw notFound('The task was not found.');
    return c.json(task);
  });

  app.get('/issue/:issueIdOrKey/properties', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const keys = Object.keys(store.properties.get(issue.id) ?? {});
    return c.json({
      keys: keys.map((key) => ({
        self: `${world.url}/rest/api/3/issue/${issue.id}/properties/${encodeURIComponent(key)}`,
        key,
      })),
    });
  });

  app.get('/issue/:issueIdOrKey/properties/:propertyKey', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const key = param(c, 'propertyKey');
    const properties = store.properties.get(issue.id) ?? {};
    if (!(key in properties)) throw noProperty(key);
    return c.json({ key, value: properties[key] });
  });

  app.put('/issue/:issueIdOrKey/properties/:propertyKey', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    requirePermission(world, c.var.caller, 'EDIT_ISSUES', issue);
    const key = param(c, 'propertyKey');
    const value = await readBody(c);
    checkProperty(key, value);
    const properties = store.properties.get(issue.id) ?? {};
    world.index.changing(issue.id);
    store.properties.set(issue.id, { ...properties, [key]: value });
    return c.json({}, key in properties ? 200 : 201);
  });

  app.delete('/issue/:issueIdOrKey/properties/:propertyKey', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    requirePermission(world, c.var.caller, 'EDIT_ISSUES', issue);
    const key = param(c, 'propertyKey');
    const { [key]: removed, ...rest } = store.properties.get(issue.id) ?? {};
    if (removed === undefined) throw noProperty(key);
    world.index.changing(issue.id);
    store.properties.set(issue.id, rest);
    return c.body(null, 204);
  });

  const commentOf = (c: Ctx): CommentRecord => {
    const comment = store.findComment(numericId(param(c, 'commentId')));
    const issue = comment === undefined ? undefined : store.issues.get(comment.issueId);
    if (!comment || !issue || !canSeeIssue(world, c.var.caller, issue) || !mayReadComment(c.var.caller, comment)) {
      throw notFound(`Can not find a comment for the id: ${param(c, 'commentId')}.`);
    }
    return comment;
  };

  app.get('/comment/:commentId/properties', (c) => {
    const comment = commentOf(c);
    const keys = Object.keys(comment.properties);
    return c.json({
      keys: keys.map((key) => ({
        self: `${world.url}/rest/api/3/comment/${comment.id}/properties/${encodeURIComponent(key)}`,
        key,
      })),
    });
  });

  app.get('/comment/:commentId/properties/:propertyKey', (c) => {
    const key = param(c, 'propertyKey');
    const { properties } = commentOf(c);
    if (!(key in properties)) throw noProperty(key);
    return c.json({ key, value: properties[key] });
  });

  app.put('/comment/:commentId/properties/:propertyKey', async (c) => {
    const comment = commentOf(c);
    requireCommentEdit(world, c, comment);
    const key = param(c, 'propertyKey');
    const value = await readBody(c);
    checkProperty(key, value);
    store.putComment({ ...comment, properties: { ...comment.properties, [key]: value } });
    return c.json({}, key in comment.properties ? 200 : 201);
  });

  app.delete('/comment/:commentId/properties/:propertyKey', (c) => {
    const comment = commentOf(c);
    requireCommentEdit(world, c, comment);
    const key = param(c, 'propertyKey');
    const { [key]: removed, ...rest } = comment.properties;
    if (removed === undefined) throw noProperty(key);
    store.putComment({ ...comment, properties: rest });
    return c.body(null, 204);
  });

  return app;
}

const noProperty = (key: string): JiraError => notFound(`The property with key '${key}' does not exist.`);

function requireCommentEdit(world: World, c: Ctx, comment: CommentRecord): void {
  const issue = world.store.issues.get(comment.issueId);
  const own = comment.author === c.var.caller.person?.accountId;
  const may =
    hasPermission(world, c.var.caller, 'EDIT_ALL_COMMENTS', issue) ||
    (own && hasPermission(world, c.var.caller, 'EDIT_OWN_COMMENTS', issue));
  if (!may) throw new JiraError(403, ['You do not have permission to edit this comment.']);
}

function readMulti(entry: unknown): {
  readonly issueId: number;
  readonly properties: Readonly<Record<string, unknown>>;
} {
  if (!isRecord(entry) || typeof entry.issueID !== 'number' || !isRecord(entry.properties)) {
    throw badRequest('Each entry must have an issueID and properties.');
  }
  const keys = Object.keys(entry.properties);
  if (keys.length === 0 || keys.length > 10) throw badRequest('Each issue can have 1 to 10 properties set at once.');
  for (const key of keys) checkProperty(key, entry.properties[key]);
  return { issueId: entry.issueID, properties: entry.properties };
}
