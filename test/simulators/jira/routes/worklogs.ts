// Work logged on an issue: list, add, read, change, delete.
import { Hono } from 'hono';
import { isRecord } from '../adf.ts';
import { readNewWorklog } from '../edit.ts';
import { badRequest, FieldError, notFound } from '../errors.ts';
import { type Ctx, type Env, integer, numericId, pageOf, param, type Routes, readObjectBody } from '../http.ts';
import { inputContext } from '../issue-writes.ts';
import type { IssueRecord, WorklogRecord } from '../model.ts';
import { requirePermission, visibleIssue } from '../permissions.ts';
import { worklogView } from '../views.ts';
import { addWorklog, removeWorklog, replaceWorklog } from '../worklogs.ts';
import type { World } from '../world.ts';

const PAGE = 5_000;

export function worklogRoutes(world: World): Routes {
  const app: Routes = new Hono<Env>();
  const of = (issueId: number): readonly WorklogRecord[] => world.store.worklogs.get(issueId) ?? [];
  const read = (c: Ctx, issue: IssueRecord, value: unknown) => {
    try {
      return readNewWorklog(inputContext(world, c.var.caller, issue), { verb: 'add', value });
    } catch (error) {
      if (error instanceof FieldError) throw badRequest(error.message);
      throw error;
    }
  };

  app.get('/issue/:issueIdOrKey/worklog', (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const after = integer(c, 'startedAfter', 0);
    const before = integer(c, 'startedBefore', Number.MAX_SAFE_INTEGER);
    const all = of(issue.id).filter(({ started }) => started >= after && started < before);
    const { startAt, maxResults } = pageOf(c, PAGE);
    return c.json({
      startAt,
      maxResults,
      total: all.length,
      worklogs: all.slice(startAt, startAt + maxResults).map((worklog) => worklogView(world, c.var.caller, worklog)),
    });
  });

  app.post('/issue/:issueIdOrKey/worklog', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    requirePermission(world, c.var.caller, 'WORK_ON_ISSUES', issue);
    const worklog = addWorklog(world, c.var.caller, issue.id, read(c, issue, await readObjectBody(c)));
    return c.json(worklogView(world, c.var.caller, worklog), 201);
  });

  app.delete('/issue/:issueIdOrKey/worklog', async (c) => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const { ids } = await readObjectBody(c);
    const wanted = new Set(Array.isArray(ids) ? ids.map(Number) : []);
    for (const worklog of of(issue.id)) if (wanted.has(worklog.id)) removeWorklog(world, c.var.caller, worklog);
    return c.body(null, 204);
  });

  const find = (c: Ctx): { readonly issue: IssueRecord; readonly worklog: WorklogRecord } => {
    const issue = visibleIssue(world, c.var.caller, param(c, 'issueIdOrKey'));
    const worklog = of(issue.id).find(({ id }) => id === numericId(param(c, 'id')));
    if (worklog === undefined) throw notFound(`Cannot find worklog with id: '${param(c, 'id')}'.`);
    return { issue, worklog };
  };
  app.get('/issue/:issueIdOrKey/worklog/:id', (c) => c.json(worklogView(world, c.var.caller, find(c).worklog)));
  app.put('/issue/:issueIdOrKey/worklog/:id', async (c) => {
    const { issue, worklog } = find(c);
    const body = await readObjectBody(c);
    const merged =
      isRecord(body) && body.timeSpent === undefined ? { timeSpentSeconds: worklog.seconds, ...body } : body;
    const input = read(c, issue, merged);
    const next: WorklogRecord = {
      ...worklog,
      ...input,
      updateAuthor: c.var.caller.person?.accountId ?? '',
      updated: world.clock.now(),
    };
    replaceWorklog(world, c.var.caller, next);
    return c.json(worklogView(world, c.var.caller, next));
  });
  app.delete('/issue/:issueIdOrKey/worklog/:id', (c) => {
    removeWorklog(world, c.var.caller, find(c).worklog);
    return c.body(null, 204);
  });

  return app;
}
