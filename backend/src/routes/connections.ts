// The admin's connections to Azure DevOps: list, add, test, edit, delete. A token goes in and never comes out.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { createCatalog as azureCatalog } from '../azure/catalog.ts';
import { openAzureClient } from '../azure/side.ts';
import type { ConnectionCheck, Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Connection } from '../store/config-store.ts';
import { describeError } from '../sync/errors.ts';
import type { CallerEnv } from './caller.ts';
import {
  connectionCheckSchema,
  connectionInputSchema,
  connectionSchema,
  connectionTestSchema,
  projectPageSchema,
  projectQuerySchema,
} from './connection-schemas.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { organizationUrl } from './organization-url.ts';
import { invalidField, invalidRequest, notFound, Problem } from './problem.ts';
import { idSchema } from './schemas.ts';
import { pageOf } from './shown.ts';

const idParam = z.object({ id: idSchema });
const common = { tags: ['connections'], ...fromPerson };
const changed = { ...personProblems, ...problems(400, 404, 409, 415, 422) };

const routes = {
  list: createRoute({
    method: 'get',
    path: '/',
    summary: 'All connections to Azure DevOps',
    ...common,
    responses: {
      200: { description: 'Connections', ...json(z.object({ connections: z.array(connectionSchema) })) },
      ...personProblems,
    },
  }),
  add: createRoute({
    method: 'post',
    path: '/',
    summary: 'Add a connection',
    ...common,
    request: { body: body(connectionInputSchema) },
    responses: { 201: { description: 'Added', ...json(connectionSchema) }, ...changed },
  }),
  test: createRoute({
    method: 'post',
    path: '/test',
    summary: 'Try a stored or a new connection: reachable, authenticated, each permission by name',
    ...common,
    request: { body: body(connectionTestSchema) },
    responses: { 200: { description: 'What was found', ...json(connectionCheckSchema) }, ...changed },
  }),
  change: createRoute({
    method: 'put',
    path: '/{id}',
    summary: 'Change a connection; a token that is left out stays, unless the organization changes',
    ...common,
    request: { params: idParam, body: body(connectionInputSchema) },
    responses: { 200: { description: 'Changed', ...json(connectionSchema) }, ...changed },
  }),
  remove: createRoute({
    method: 'delete',
    path: '/{id}',
    summary: 'Delete a connection that no profile uses',
    ...common,
    request: { params: idParam },
    responses: { 204: { description: 'Deleted' }, ...personProblems, ...problems(404, 409) },
  }),
  projects: createRoute({
    method: 'get',
    path: '/{id}/projects',
    summary: 'Projects that the connection may see',
    ...common,
    request: { params: idParam, query: projectQuerySchema },
    responses: {
      200: { description: 'A page of projects', ...json(projectPageSchema) },
      ...personProblems,
      ...problems(400, 404, 422),
    },
  }),
};

export function connectionRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { addresses, config, deps, opener, queue, transport } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.list, async (c) =>
    c.json({ connections: await connectionsOf(service, c.get('caller').scope) }, 200),
  );

  app.openapi(routes.add, async (c) => {
    const { scope } = c.get('caller');
    const input = c.req.valid('json');
    const made = await config.createConnection(scope, {
      side: 'azure',
      name: input.name,
      url: organizationUrl(input.url, addresses),
      auth: 'token',
      secret: requirePat(input.pat),
      secretExpiresOn: input.expiresOn,
    });
    await checkStored(scope, made.id);
    return c.json(await shownConnection(scope, made.id), 201);
  });

  app.openapi(routes.test, async (c) => {
    const { scope } = c.get('caller');
    const input = c.req.valid('json');
    if ('id' in input) {
      await azureConnection(service, scope, input.id);
      return c.json(shownCheck(await checkStored(scope, input.id)), 200);
    }
    const pat = requirePat(input.pat);
    const connection = { id: `test:${scope.installationId}`, url: organizationUrl(input.url, addresses), pat };
    return c.json(
      shownCheck(await azureCatalog(openAzureClient(connection, transport, 'pages'), undefined).check()),
      200,
    );
  });

  app.openapi(routes.change, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    const input = c.req.valid('json');
    const known = await azureConnection(service, scope, id);
    const url = organizationUrl(input.url, addresses);
    if (url !== known.url) {
      await requireUnused(scope, id);
      // A token is meant for the place that it was entered for.
      requirePat(input.pat);
    }
    await config.changeConnection(scope, id, {
      name: input.name,
      url,
      secretExpiresOn: input.expiresOn,
      ...(input.pat === undefined ? {} : { secret: input.pat }),
    });
    await checkStored(scope, id);
    await probePaused(scope, id);
    return c.json(await shownConnection(scope, id), 200);
  });

  app.openapi(routes.remove, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await azureConnection(service, scope, id);
    const outcome = await config.deleteConnection(scope, id);
    if (outcome.kind === 'in-use') throw inUse();
    return c.body(null, 204);
  });

  app.openapi(routes.projects, async (c) => {
    const { scope } = c.get('caller');
    const { id } = await azureConnection(service, scope, c.req.valid('param').id);
    const client = openAzureClient(await opener.azure(scope, id), transport, 'pages');
    return c.json(pageOf(await azureCatalog(client, undefined).projects(), c.req.valid('query')), 200);
  });

  /** Tests a stored connection and keeps what was found. */
  async function checkStored(scope: Scope, id: string): Promise<ConnectionCheck> {
    const connection = await opener.azure(scope, id);
    const check = await azureCatalog(openAzureClient(connection, transport, 'pages'), undefined).check();
    await config.saveHealth(scope, id, check, deps.now());
    return check;
  }

  /** The pairs of a profile are of one organization: in another the same numbers are other work items. */
  async function requireUnused(scope: Scope, id: string): Promise<void> {
    const profiles = await config.listProfiles(scope);
    if (profiles.some(({ azureConnectionId }) => azureConnectionId === id)) {
      throw new Problem(
        409,
        'in-use',
        'url: the work items of a profile are in the present organization. Add another connection for a new one.',
        'url',
      );
    }
  }

  /** A new token may mend what paused them: looked at now and not with the next probe. */
  async function probePaused(scope: Scope, id: string): Promise<void> {
    for (const profile of await config.listProfiles(scope)) {
      if (profile.azureConnectionId !== id || profile.status !== 'paused' || profile.reason === null) continue;
      await queue.addTask('probe', { installationId: scope.installationId, profileId: profile.id });
    }
  }

  async function shownConnection(scope: Scope, id: string) {
    const found = (await connectionsOf(service, scope)).find((connection) => connection.id === id);
    if (!found) throw notFound('connection');
    return found;
  }
  return app;
}

const inUse = () =>
  new Problem(409, 'in-use', 'Profiles still use this connection: delete them or give them another one first.');

function requirePat(pat: string | undefined): string {
  if (pat === undefined) throw invalidField('pat', 'a personal access token is needed.');
  return pat;
}

/** The stored connection to Azure DevOps; others of the installation do not exist for the pages. */
export async function azureConnection(
  { config }: Pick<Service, 'config'>,
  scope: Scope,
  id: string,
): Promise<Connection> {
  const connection = await config.connection(scope, id);
  if (connection?.side !== 'azure') throw notFound('connection');
  return connection;
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
