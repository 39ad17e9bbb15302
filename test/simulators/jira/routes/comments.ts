// Comments: paged, ordered, with visibility and properties.
import { Hono } from 'hono';
import { checkVisibility, readVisibility } from '../edit.ts';
import { carryOut } from '../effects.ts';
import { badRequest, FieldError, JiraError, notFound } from '../errors.ts';
import { readDocument } from '../fields/input.ts';
import {
  type Ctx,
  type Env,
  entityProperties,
  expandOf,
  numericId,
  pageOf,
  pageView,
  param,
  type Routes,
  readObjectBody,
} from '../http.ts';
import { addComment } from '../issue-writes.ts';
import type { CommentRecord, IssueRecord } from '../model.ts';
import { canSeeIssue, hasPermission, visibleIssue } from '../permissions.ts';
import { commentView, mayReadComment } from '../views.ts';
import type { World } from '../world.ts';

const DEFAULT_PAGE = 5_000;
const LIST_LIMIT = 1_000;
/** https://support.atlassian.com/jira-cloud-administration/docs/jira-cloud-limits/ */
const COMMENTS_PER_ISSUE = 5_000;

export function commentRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const { store } = world;

  app.post('/comment/list', async (c) => {
    const { ids } = await readObjectBody(c);
    if (!Array.isArray(ids) || ids.length === 0) throw badRequest('The list of ids must not be empty.');
    if (ids.length > LIST_LIMIT) throw badRequest(`At most ${LIST_LIMIT} comments can be requested at once.`);
    const expand = expandOf(c.req.query('expand'));
    const found = ids.flatMap((id) => {
      const comment = store.findComment(Number(id));
      const issue = comment === undefined ? undefined : store.issues.get(comment.issueId);
      const visible =
        comment && issue && canSeeIssue(world, c.var.caller, issue) && mayReadComment(c.var.caller, comment);
      return visible ? [comment] : [];
    });
    const page = { startAt: 0, maxResults: LIST_LIMIT };
    return c.json(
      pageView(`${world.url}/rest/api/3/comment/list`, found, page, (it) =>
        commentView(world, c.var.caller, it, expand),
      ),
    );
  });

  app.get('/issue/:issueIdOrKey/comment', (c) => {
    const { caller } = c.var;
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    const orderBy = c.req.query('orderBy') ?? 'created';
    if (!['created', '+created', '-created'].includes(orderBy.trim())) {
      throw badRequest(`The orderBy value '${orderBy}' is not valid: created, +created or -created.`);
    }
    const expand = expandOf(c.req.query('expand'));
    const { startAt, maxResults } = pageOf(c, DEFAULT_PAGE);
    const readable = store.commentsOf(issue.id).filter((comment) => mayReadComment(caller, comment));
    const all = orderBy.startsWith('-') ? readable.toReversed() : readable;
    return c.json({
      startAt,
      maxResults,
      total: all.length,
      comments: all.slice(startAt, startAt + maxResults).map((comment) => commentView(world, caller, comment, expand)),
    });
  });

  app.post('/issue/:issueIdOrKey/comment', async (c) => {
    const { caller } = c.var;
    const issue = visibleIssue(world, caller, param(c, 'issueIdOrKey'));
    if (store.commentsOf(issue.id).length >= COMMENTS_PER_ISSUE) {
      throw new JiraError(413, [`The issue has reached the limit of ${COMMENTS_PER_ISSUE} comments.`]);
    }
    const body = await readObjectBody(c);
    const properties = entityProperties(body.properties);
    const comment = addComment(world, caller, issue, readComment(world, body), properties);
    return c.json(commentView(world, caller, comment, expandOf(c.req.query('expand'))), 201);
  });

  app.get('/issue/:issueIdOrKey/comment/:id', (c) => {
    const { comment } = find(world, c);
    return c.json(commentView(world, c.var.caller, comment, expandOf(c.req.query('expand'))));
  });

  app.put('/issue/:issueIdOrKey/comment/:id', async (c) => {
    const { caller } = c.var;
    const { issue, comment } = find(world, c);
    if (!mayChange(world, c, issue, comment, 'EDIT')) {
      throw badRequest(`You do not have permission to edit the comment with id: ${comment.id}.`);
    }
    const body = await readObjectBody(c);
    const { visibility, ...read } = readComment(world, { visibility: comment.visibility, ...body });
    if (visibility !== undefined) checkVisibility(caller, visibility);
    const { visibility: _, ...rest } = comment;
    const next: CommentRecord = {
      ...rest,
      ...read,
      ...(visibility === undefined ? {} : { visibility }),
      properties: { ...comment.properties, ...entityProperties(body.properties) },
      updateAuthor: caller.person?.accountId ?? '',
      updated: world.clock.now(),
    };
    store.putComment(next);
    carryOut(world, caller, 'comment.edit', issue, [], { comment: next });
    return c.json(commentView(world, caller, next, expandOf(c.req.query('expand'))));
  });

  app.delete('/issue/:issueIdOrKey/comment/:id', (c) => {
    const { issue, comment } = find(world, c);
    if (!mayChange(world, c, issue, comment, 'DELETE')) {
      throw badRequest(`You do not have permission to delete comment with id: ${comment.id}.`);
    }
    store.removeComment(comment);
    carryOut(world, c.var.caller, 'comment.delete', issue, [], { comment });
    return c.body(null, 204);
  });

  return app;
}

function find(world: World, c: Ctx): { readonly issue: IssueRecord; readonly comment: CommentRecord } {
  const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
  const comment = world.store.findComment(numericId(param(c, 'id')));
  if (comment === undefined || comment.issueId !== issue.id || !mayReadComment(c.var.caller, comment)) {
    throw notFound(`Can not find a comment for the id: ${param(c, 'id')}.`);
  }
  return { issue, comment };
}

function mayChange(world: World, c: Ctx, issue: IssueRecord, comment: CommentRecord, what: 'EDIT' | 'DELETE'): boolean {
  if (hasPermission(world, c.var.caller, `${what}_ALL_COMMENTS`, issue)) return true;
  const own = comment.author === c.var.caller.person?.accountId;
  return own && hasPermission(world, c.var.caller, `${what}_OWN_COMMENTS`, issue);
}

function readComment(
  world: World,
  input: Readonly<Record<string, unknown>>,
): Pick<CommentRecord, 'body' | 'visibility'> {
  try {
    const body = readDocument(world, input.body, 'comment');
    if (body === undefined) throw new JiraError(400, [], { comment: 'Comment body can not be empty!' });
    const visibility = readVisibility(input.visibility);
    return { body, ...(visibility === undefined ? {} : { visibility }) };
  } catch (error) {
    if (error instanceof FieldError) throw badRequest(error.message);
    throw error;
  }
}
