// The admin's connections to Azure DevOps: list, add, test, edit, delete. A token goes in and never comes out.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { createCatalog as azureCatalog } from '../azure/catalog.ts';
import { checkConnection } from '../azure/check.ts';
import { parseOrganization } from '../azure/organization.ts';
import { openAzureClient } from '../azure/side.ts';
import type { ConnectionCheck, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Connection } from '../store/config-store.ts';
import { describeError, SyncFailure } from '../sync/errors.ts';
import type { CallerEnv } from './caller.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { connectionCheckSchema, connectionInputSchema, connectionSchema, projectSchema } from './schemas.ts';

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });
const idParam = z.object({ id: z.string() });
const projectsSchema = z.object({ projects: z.array(projectSchema), next: z.string().nullable() });
export const pageQuery = z.object({
  query: z.string().max(200).optional(),
  after: z.string().max(20).optional(),
});
const testSchema = z.union([z.strictObject({ id: z.string() }), connectionInputSchema]);

const routes = {
  list: createRoute({
    method: 'get',
    path: '/',
    summary: 'All connections to Azure DevOps',
    responses: { 200: { description: 'Connections', ...json(z.object({ connections: z.array(connectionSchema) })) } },
  }),
  add: createRoute({
    method: 'post',
    path: '/',
    summary: 'Add a connection',
    request: { body: { required: true, ...json(connectionInputSchema) } },
    responses: { 201: { description: 'Added', ...json(connectionSchema) } },
  }),
  test: createRoute({
    method: 'post',
    path: '/test',
    summary: 'Try a stored or a new connection: reachable, authenticated, each permission by name',
    request: { body: { required: true, ...json(testSchema) } },
    responses: { 200: { description: 'What was found', ...json(connectionCheckSchema) } },
  }),
  change: createRoute({
    method: 'put',
    path: '/{id}',
    summary: 'Change a connection; a token that is left out stays',
    request: { params: idParam, body: { required: true, ...json(connectionInputSchema) } },
    responses: { 200: { description: 'Changed', ...json(connectionSchema) } },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/{id}',
    summary: 'Delete a connection that no profile uses',
    request: { params: idParam },
    responses: { 204: { description: 'Deleted' } },
  }),
  projects: createRoute({
    method: 'get',
    path: '/{id}/projects',
    summary: 'Projects that the connection may see',
    request: { params: idParam, query: pageQuery },
    responses: { 200: { description: 'A page of projects', ...json(projectsSchema) } },
  }),
};

export function connectionRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, opener, transport, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.list, async (c) => {
    return c.json({ connections: await connectionsOf(service, c.get('caller').scope) }, 200);
  });

  app.openapi(routes.add, async (c) => {
    const { scope } = c.get('caller');
    const input = c.req.valid('json');
    if (input.pat === undefined)
      throw new Problem(400, 'invalid-request', 'pat: a personal access token is needed.', 'pat');
    const made = await config.createConnection(scope, {
      side: 'azure',
      name: input.name,
      url: organizationUrl(input.url),
      auth: 'token',
      secret: input.pat,
      secretExpiresOn: input.expiresOn,
    });
    await checkStored(scope, made.id);
    return c.json(await shownConnection(scope, made.id), 201);
  });

  app.openapi(routes.test, async (c) => {
    const { scope } = c.get('caller');
    const input = c.req.valid('json');
    if ('id' in input) return c.json(shownCheck(await checkStored(scope, input.id)), 200);
    if (input.pat === undefined)
      throw new Problem(400, 'invalid-request', 'pat: a personal access token is needed.', 'pat');
    const connection = { id: `test:${scope.installationId}`, url: organizationUrl(input.url), pat: input.pat };
    return c.json(shownCheck(await checkConnection(openAzureClient(connection, transport, 'pages'), undefined)), 200);
  });

  app.openapi(routes.change, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    const input = c.req.valid('json');
    const changed = await config.changeConnection(scope, id, {
      name: input.name,
      url: organizationUrl(input.url),
      secretExpiresOn: input.expiresOn,
      ...(input.pat === undefined ? {} : { secret: input.pat }),
    });
    if (changed?.side !== 'azure') throw notFound('connection');
    await checkStored(scope, id);
    return c.json(await shownConnection(scope, id), 200);
  });

  app.openapi(routes.remove, async (c) => {
    const { scope } = c.get('caller');
    const outcome = await config.deleteConnection(scope, c.req.valid('param').id);
    if (outcome.kind === 'missing') throw notFound('connection');
    if (outcome.kind === 'in-use') {
      throw new Problem(
        409,
        'in-use',
        'Profiles still use this connection: delete them or give them another one first.',
      );
    }
    return c.body(null, 204);
  });

  app.openapi(routes.projects, async (c) => {
    const { scope } = c.get('caller');
    const connection = await opener.azure(scope, c.req.valid('param').id);
    const projects = await azureCatalog(openAzureClient(connection, transport, 'pages'), '').projects();
    return c.json(pageOf(projects, c.req.valid('query')), 200);
  });

  /** Tests a stored connection and keeps what was found. */
  async function checkStored(scope: Scope, id: string): Promise<ConnectionCheck> {
    const connection = await opener.azure(scope, id);
    const check = await checkConnection(openAzureClient(connection, transport, 'pages'), undefined);
    await config.saveHealth(scope, id, check, deps.now());
    return check;
  }

  async function shownConnection(scope: Scope, id: string) {
    const found = (await connectionsOf(service, scope)).find((connection) => connection.id === id);
    if (!found) throw notFound('connection');
    return found;
  }
  return app;
}

/** Throws a Problem that says how an organization's address looks. */
function organizationUrl(text: string): string {
  try {
    return parseOrganization(text).url;
  } catch (error) {
    const detail = error instanceof SyncFailure ? (error.error.detail ?? '') : '';
    throw new Problem(
      400,
      'invalid-request',
      `url: ${detail || 'use an address such as https://dev.azure.com/acme.'}`,
      'url',
    );
  }
}

export async function connectionsOf(service: Pick<Service, 'config'>, scope: Scope) {
  const [connections, profiles] = await Promise.all([
    service.config.listConnections(scope),
    service.config.listProfiles(scope),
  ]);
  return connections
    .filter(({ side }) => side === 'azure')
    .map((connection) => ({
      id: connection.id,
      name: connection.name,
      url: connection.url,
      expiresOn: connection.secretExpiresOn,
      status: statusOf(connection),
      problem: connection.health?.error ? describeError(connection.health.error) : null,
      usedBy: profiles
        .filter(({ azureConnectionId }) => azureConnectionId === connection.id)
        .map(({ settings }) => settings.name),
    }));
}

function statusOf({ health }: Connection): 'ok' | 'failing' | 'unknown' {
  if (health === null) return 'unknown';
  return health.authenticated && health.permissions.every(({ granted, optional }) => granted || optional)
    ? 'ok'
    : 'failing';
}

const shownCheck = (check: ConnectionCheck): z.infer<typeof connectionCheckSchema> => ({
  reachable: check.reachable,
  authenticated: check.authenticated,
  account: check.account?.name ?? null,
  permissions: [...check.permissions],
  problem: check.error
    ? { ...describeError(check.error), ...(check.error.detail === undefined ? {} : { detail: check.error.detail }) }
    : null,
});

const projectsPerPage = 50;

/** Searched by name and key; `after` is how many were shown. */
export function pageOf<T extends { readonly name: string; readonly key: string }>(
  projects: readonly T[],
  { query = '', after = '0' }: z.infer<typeof pageQuery>,
): { projects: T[]; next: string | null } {
  const wanted = query.toLowerCase();
  const found = projects.filter(({ name, key }) => `${name} ${key}`.toLowerCase().includes(wanted));
  const start = Number.parseInt(after, 10) || 0;
  const end = start + projectsPerPage;
  return { projects: found.slice(start, end), next: end < found.length ? String(end) : null };
}
