// The backend's HTTP face: who may call what, and where each route is. The routes themselves are in routes/.

import { OpenAPIHono } from '@hono/zod-openapi';
import { secureHeaders } from 'hono/secure-headers';
import { type CallerEnv, jiraAdministrator, verifiedCaller } from './routes/caller.ts';
import { connectionRoutes, connectionsOf } from './routes/connections.ts';
import { errorRoutes } from './routes/errors.ts';
import { forgeRoutes } from './routes/forge.ts';
import type { ForgeVerifier } from './routes/forge-token.ts';
import { hookRoutes } from './routes/hooks.ts';
import { mappingHelpRoutes } from './routes/mapping-help.ts';
import { panelRoutes } from './routes/panel.ts';
import { answerError } from './routes/problem.ts';
import { profileRoutes, summariesOf } from './routes/profiles.ts';
import type { Service } from './service.ts';

export const version = '0.1.0';

/** Without a verifier (no Forge app is configured) only hooks and health are served. */
export function createApp(service: Service, verify: ForgeVerifier | null): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>();
  app.use(secureHeaders());
  app.onError(answerError(service.log));
  app.notFound((c) => c.json({ error: { code: 'not-found', message: 'There is no such address.' } }, 404));

  app.get('/health', (c) => c.json({ status: 'ok', version }));
  app.get('/ready', async (c) => {
    const ready = await service.pool.query('select 1').then(
      () => true,
      () => false,
    );
    return c.json({ status: ready ? 'ready' : 'database-unreachable' }, ready ? 200 : 503);
  });
  app.route('/hooks', hookRoutes(service));

  if (verify !== null) {
    const caller = verifiedCaller(service, verify);
    for (const path of ['/forge/*', '/api/*', '/panel/*']) app.use(path, caller);
    app.use('/api/*', jiraAdministrator(service.deps.now));
    app.route('/forge', forgeRoutes(service));
    app.get('/api/overview', async (c) => {
      const { scope, installation } = c.get('caller');
      const [connections, profiles] = await Promise.all([connectionsOf(service, scope), summariesOf(service, scope)]);
      const errors = profiles.reduce((sum, { pairs }) => sum + pairs.failing, 0);
      return c.json({ installation: { siteUrl: installation.siteUrl }, connections, profiles, errors });
    });
    app.route('/api/connections', connectionRoutes(service));
    app.route('/api/profiles', profileRoutes(service));
    app.route('/api', errorRoutes(service));
    app.route('/api', mappingHelpRoutes(service));
    app.route('/panel', panelRoutes(service));
  }

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: { title: 'Tandem', version, description: 'Keeps a Jira and an Azure DevOps project the same, both ways.' },
  });
  app.openAPIRegistry.registerComponent('securitySchemes', 'forge', {
    type: 'http',
    scheme: 'bearer',
    description: 'The Forge Invocation Token that Forge sends.',
  });
  return app;
}
