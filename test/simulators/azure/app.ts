// The simulator's HTTP side: every request outside /_control, from sign-in to answer.
import { randomUUID } from 'node:crypto';
import { Hono } from 'hono';
import { authenticate, basic401 } from './auth.ts';
import { AzureError, blockedByUsage, internalError, invalidArgument, notFound } from './errors.ts';
import { demandVersion, findRoute, locate, mayCall, type Route, resolveScope } from './router.ts';
import { ATTACHMENT_ROUTES } from './routes/attachments.ts';
import { BATCH_ROUTES } from './routes/batch.ts';
import { COMMENT_ROUTES } from './routes/comments.ts';
import { CORE_ROUTES } from './routes/core.ts';
import { HISTORY_ROUTES } from './routes/history.ts';
import { HOOK_CATALOG_ROUTES } from './routes/hook-catalog.ts';
import { IDENTITY_ROUTES } from './routes/identities.ts';
import { LOCATION_ROUTES } from './routes/locations.ts';
import { METADATA_ROUTES } from './routes/metadata.ts';
import { NODE_ROUTES } from './routes/nodes.ts';
import { NOTIFICATION_ROUTES } from './routes/notifications.ts';
import { PROCESS_ROUTES } from './routes/processes.ts';
import { RECYCLE_BIN_ROUTES } from './routes/recycle-bin.ts';
import { REPORTING_ROUTES } from './routes/reporting.ts';
import { HOOK_ROUTES } from './routes/subscriptions.ts';
import { WIQL_ROUTES } from './routes/wiql.ts';
import { WORK_ROUTES } from './routes/work.ts';
import { WORK_ITEM_ROUTES } from './routes/work-items.ts';
import type { Simulator } from './simulator.ts';

const ROUTES: readonly Route[] = [
  ...WORK_ITEM_ROUTES,
  ...RECYCLE_BIN_ROUTES,
  ...HISTORY_ROUTES,
  ...BATCH_ROUTES,
  ...WIQL_ROUTES,
  ...COMMENT_ROUTES,
  ...ATTACHMENT_ROUTES,
  ...REPORTING_ROUTES,
  ...METADATA_ROUTES,
  ...NODE_ROUTES,
  ...CORE_ROUTES,
  ...WORK_ROUTES,
  ...PROCESS_ROUTES,
  ...IDENTITY_ROUTES,
  ...LOCATION_ROUTES,
  ...HOOK_ROUTES,
  ...HOOK_CATALOG_ROUTES,
  ...NOTIFICATION_ROUTES,
];

export function createApp(simulator: Simulator): Hono {
  const app = new Hono();
  app.all('*', (c) => answer(simulator, c.req.raw));
  return app;
}

async function answer(simulator: Simulator, request: Request): Promise<Response> {
  try {
    return await dispatch(simulator, request);
  } catch (error) {
    if (error instanceof AzureError) return errorResponse(error);
    throw error;
  }
}

export function errorResponse(error: AzureError, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(error.body), {
    status: error.status,
    headers: { 'content-type': 'application/json; charset=utf-8', activityid: randomUUID(), ...headers },
  });
}

async function dispatch(simulator: Simulator, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const located = locate(url.pathname);
  if (located?.organization.toLowerCase() !== simulator.world.organization.toLowerCase() || located === undefined) {
    throw notFound('The resource cannot be found.');
  }
  const now = simulator.clock.now();
  const auth = authenticate(simulator.world, request, now);
  if (auth.kind === 'refused') return auth.response;
  const { caller } = auth;
  const { person } = caller;
  const { headers, refusal } = simulator.rates.count(person.id, person.displayName, 1, now);
  if (refusal !== undefined) return errorResponse(refusal, headers);

  const found = findRoute(ROUTES, request.method, located.rest);
  // Described, yet not simulated: must show as a defect of the simulator, not as the service's answer.
  if (typeof found !== 'object' && simulator.checker.operationOf(request.method, url.pathname) !== undefined)
    return new Response('not simulated', { status: 501 });
  if (found === undefined)
    throw notFound(`The controller for path '${url.pathname}' was not found or does not implement IController.`);
  if (found === 'method') {
    const error = notFound(`The requested resource does not support http method '${request.method}'.`);
    throw new AzureError(405, error.body);
  }
  if (!mayCall(caller, found.route)) return basic401();
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  demandVersion(request, query, found.route);
  const { project, team } = resolveScope(simulator, located.scopeSegments);
  const call = { simulator, request, caller, project, team, params: found.params, query };
  const response = await handled(() => found.route.handler(call));
  response.headers.set('activityid', randomUUID());
  for (const [name, value] of Object.entries(headers)) response.headers.set(name, value);
  return response;
}

async function handled(handler: () => Response | Promise<Response>): Promise<Response> {
  try {
    return await handler();
  } catch (error) {
    if (error instanceof AzureError) return errorResponse(error);
    throw error;
  }
}

/** The real service's answer to what a fault asks for; Retry-After is added by the kernel. */
export function faultAnswer(status: number): Response {
  const error = blockedByUsage(status, 'User');
  if (status === 429) {
    return errorResponse(error, {
      'x-ratelimit-resource': 'core',
      'x-ratelimit-limit': '200',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-delay': '5.000',
    });
  }
  if (status === 401) return basic401();
  if (status === 500) return errorResponse(internalError(randomUUID()));
  if (status < 500) return errorResponse(new AzureError(status, invalidArgument('The request was refused.').body));
  const body = '<!DOCTYPE html><html><head><title>Azure DevOps Services Unavailable</title></head><body></body></html>';
  return new Response(body, { status, headers: { 'content-type': 'text/html' } });
}
