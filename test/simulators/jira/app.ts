// The site as one Hono app: signs the caller in, holds the rate limits, routes, and turns refusals into Jira's answers.
import { Hono, type MiddlewareHandler } from 'hono';
import { anonymousCaller, authenticate } from './accounts.ts';
import { JiraError } from './errors.ts';
import type { Ctx, Env, Routes } from './http.ts';
import { isRefusal, passHeaders, refusalAnswer } from './limits.ts';
import type { MediaHost } from './media.ts';
import { agileRoutes } from './routes/agile.ts';
import { attachmentRoutes, XsrfError } from './routes/attachments.ts';
import { BulkError, bulkRoutes } from './routes/bulk-operations.ts';
import { catalogRoutes } from './routes/catalog.ts';
import { changelogRoutes } from './routes/changelog.ts';
import { commentRoutes } from './routes/comments.ts';
import { issueRoutes } from './routes/issues.ts';
import { linkRoutes } from './routes/links.ts';
import { notifyRoutes } from './routes/notify.ts';
import { projectRoutes } from './routes/projects.ts';
import { propertyRoutes } from './routes/properties.ts';
import { searchRoutes } from './routes/search.ts';
import { transitionRoutes } from './routes/transitions.ts';
import { userRoutes } from './routes/users.ts';
import { version2Routes } from './routes/version2.ts';
import { versionRoutes } from './routes/versions.ts';
import { worklogRoutes } from './routes/worklogs.ts';
import type { World } from './world.ts';

/** Names the operation of a request, for the limits: the path's template. */
export type OperationName = (method: string, path: string) => string | undefined;

export function createApp(world: World, media: MediaHost, operationName: OperationName): Hono {
  const signIn: MiddlewareHandler<Env> = async (c, next) => {
    const signedIn = authenticate(world.store, c.req.header('authorization'), world.clock.now());
    if (signedIn.kind === 'gateway-refusal') return c.json({ code: 401, message: 'Unauthorized' }, 401);
    const caller = signedIn.kind === 'known' ? signedIn.caller : anonymousCaller;
    c.set('caller', caller);
    c.set('points', 0);
    const { method, path } = c.req;
    const issueId = writtenIssue(world, method, path);
    const limited = world.limits.take({
      method,
      operation: operationName(method, path) ?? path,
      token: caller.token,
      ...(issueId === undefined ? {} : { issueId }),
    });
    if (isRefusal(limited)) return refusalAnswer(limited, world.clock.now());
    await next();
    world.limits.charge(caller.token, c.var.points);
    for (const [name, value] of Object.entries(passHeaders(limited))) c.header(name, value);
    if (signedIn.kind === 'anonymous' && signedIn.refused) c.header('X-Seraph-LoginReason', 'AUTHENTICATED_FAILED');
    if (caller.person !== undefined) c.header('X-AACCOUNTID', encodeURIComponent(caller.person.accountId));
    return undefined;
  };
  const api: Routes = new Hono<Env>({ strict: false });
  api.use(signIn);

  const parts = [
    propertyRoutes(world),
    issueRoutes(world),
    transitionRoutes(world),
    searchRoutes(world),
    commentRoutes(world),
    attachmentRoutes(world, media),
    linkRoutes(world),
    notifyRoutes(world),
    worklogRoutes(world),
    changelogRoutes(world),
    catalogRoutes(world),
    projectRoutes(world),
    versionRoutes(world),
    bulkRoutes(world),
    userRoutes(world),
  ];
  for (const part of parts) api.route('/', part);
  api.onError((error, c) => answerError(error, c));

  const app = new Hono({ strict: false });
  for (const version of ['2', '3']) app.all(`/rest/api/${version}/search`, (c) => c.json(REMOVED_SEARCH, 410));
  app.route('/rest/api/3', api);
  const agile: Routes = new Hono<Env>({ strict: false });
  agile.use(signIn);
  agile.route('/', agileRoutes(world));
  agile.onError((error, c) => answerError(error, c));
  app.route('/rest/agile/1.0', agile);
  app.route(
    '/rest/api/2',
    version2Routes(world, (request) => app.fetch(request)),
  );
  app.notFound((c) => {
    // Described, yet not simulated: must show as a defect of the simulator, not as Jira's answer.
    if (operationName(c.req.method, c.req.path) !== undefined) return c.text('not simulated', 501);
    return c.json({ message: `null for uri: ${c.req.url}`, 'status-code': 404 }, 404);
  });
  return app;
}

/** Word for word: https://github.com/adyscorpius/logseq-jira/issues/34 */
const REMOVED_SEARCH = {
  errorMessages: [
    'The requested API has been removed. Please migrate to the /rest/api/3/search/jql API. A full migration guideline is available at https://developer.atlassian.com/changelog/#CHANGE-2046',
  ],
  errors: {},
};

function answerError(error: Error, c: Ctx): Response {
  if (error instanceof JiraError) return c.json(error.body, error.status);
  if (error instanceof BulkError) return c.json({ errors: [{ message: error.message }] }, 400);
  if (error instanceof XsrfError) return c.text('XSRF check failed', 403);
  console.error(error);
  return c.json({ errorMessages: ['Internal server error'], errors: {} }, 500);
}

const ISSUE_PATH = /^\/rest\/api\/3\/issue\/([^/]+)/;
const NOT_ISSUES = new Set(['bulk', 'bulkfetch', 'properties', 'createmeta']);

/** The one issue that a request writes to; undefined for reads and for what touches none or many. */
function writtenIssue(world: World, method: string, path: string): number | undefined {
  if (method === 'GET') return undefined;
  const named = ISSUE_PATH.exec(path)?.[1];
  if (named === undefined || NOT_ISSUES.has(named) || path.endsWith('/changelog/list')) return undefined;
  return world.store.findIssue(decodeURIComponent(named))?.id;
}
