// The backend's HTTP face: what holds for every request, who may call what, and where each route is. The routes themselves
// are in routes/.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { bodyLimit } from 'hono/body-limit';
import { methodNotAllowed } from 'hono/method-not-allowed';
import { type RequestIdVariables, requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { adoptRoutes } from './routes/adopt.ts';
import { type CallerEnv, verifiedCaller } from './routes/caller.ts';
import { connectionRoutes, connectionsOf } from './routes/connections.ts';
import { fromPerson, json, personProblems, securitySchemes, tags } from './routes/described.ts';
import { draftRoutes } from './routes/drafts.ts';
import { driftRoutes } from './routes/drift.ts';
import { errorRoutes } from './routes/errors.ts';
import { figuresRoutes } from './routes/figures.ts';
import { filterCountRoutes } from './routes/filter-count.ts';
import { forgeRoutes } from './routes/forge.ts';
import { forgePeopleRoutes } from './routes/forge-people.ts';
import type { ForgeVerifier } from './routes/forge-token.ts';
import { healthRoutes } from './routes/health.ts';
import { hookSecretRoutes } from './routes/hook-secret.ts';
import { hookRoutes } from './routes/hooks.ts';
import { initialSyncRoutes } from './routes/initial-sync.ts';
import { liveCatalogs } from './routes/live-catalogs.ts';
import { mappingHelpRoutes } from './routes/mapping-help.ts';
import { notificationRoutes } from './routes/notifications.ts';
import { panelRoutes } from './routes/panel.ts';
import { panelLinkRoutes } from './routes/panel-links.ts';
import { peopleRoutes } from './routes/people.ts';
import { peopleMatchRoutes } from './routes/people-match.ts';
import { previewRoutes } from './routes/preview.ts';
import { answerError, answerNotFound, answerWrongMethod, bodyTooLarge } from './routes/problem.ts';
import { profileFileRoutes, profileSchemaRoute } from './routes/profile-files.ts';
import { overviewSchema } from './routes/profile-schemas.ts';
import { profileRoutes, summariesOf } from './routes/profiles.ts';
import { requestContext } from './routes/request-context.ts';
import { logRequests } from './routes/request-log.ts';
import { jiraAdministrator, startedByForge } from './routes/rights.ts';
import { settingsHistoryRoutes } from './routes/settings-history.ts';
import { siteHealthRoutes } from './routes/site-health.ts';
import { stopRoutes } from './routes/stop.ts';
import { supportRoutes } from './routes/support.ts';
import { type SupportEnv, supportCaller } from './routes/support-caller.ts';
import type { SupportVerifier } from './routes/support-token.ts';
import { timelineRoutes } from './routes/timelines.ts';
import { undoRoutes } from './routes/undo.ts';
import { usageRoutes } from './routes/usage.ts';
import type { Service } from './service.ts';
import { version } from './version.ts';

export interface AppOptions {
  /** True once the process has been asked to end: it takes no new work and is not ready. */
  readonly stopping?: () => boolean;
  /** Null: there are no routes for support. */
  readonly support?: SupportVerifier | null;
}

export type AppEnv = CallerEnv & SupportEnv & { Variables: RequestIdVariables };

/** Forge sends 500 KB at most. */
const mostBytes = 1024 * 1024;

const overviewRoute = createRoute({
  method: 'get',
  path: '/api/overview',
  summary: 'All that the admin page shows first',
  tags: ['profiles'],
  ...fromPerson,
  responses: { 200: { description: 'The overview', ...json(overviewSchema) }, ...personProblems },
});

/** Without a verifier (no Forge app is configured) only hooks and health are served. */
export function createApp(
  service: Service,
  verify: ForgeVerifier | null,
  options: AppOptions = {},
): OpenAPIHono<AppEnv> {
  const app = new OpenAPIHono<AppEnv>();
  app.onError(answerError(service.log));
  app.notFound(answerNotFound);
  app.use(requestId({ limitLength: 64 }));
  app.use(requestContext);
  app.use(logRequests(service.log));
  app.use(secureHeaders());
  app.use(methodNotAllowed({ app, onMethodNotAllowed: answerWrongMethod }));

  app.route('/', healthRoutes(service.pool, options.stopping ?? (() => false)));
  app.route('/hooks', hookRoutes(service));
  app.route('/', profileSchemaRoute());
  if (verify !== null) serveForge(app, service, verify);
  if (options.support) serveSupport(app, service, options.support);

  app.doc31('/openapi.json', {
    openapi: '3.1.0',
    info: {
      title: 'Tandem',
      version,
      description: 'Keeps a Jira and an Azure DevOps project the same, both ways.',
      license: { name: 'Apache 2.0', url: 'https://www.apache.org/licenses/LICENSE-2.0' },
    },
    tags,
  });
  for (const [name, scheme] of Object.entries(securitySchemes)) {
    app.openAPIRegistry.registerComponent('securitySchemes', name, scheme);
  }
  return app;
}

function serveSupport(app: OpenAPIHono<AppEnv>, service: Service, verify: SupportVerifier): void {
  const limit = bodyLimit({ maxSize: mostBytes, onError: bodyTooLarge(mostBytes) });
  app.use('/support/*', supportCaller(service, verify), limit);
  app.route('/support', supportRoutes(service));
}

function serveForge(app: OpenAPIHono<AppEnv>, service: Service, verify: ForgeVerifier): void {
  const caller = verifiedCaller(service, verify);
  const limit = bodyLimit({ maxSize: mostBytes, onError: bodyTooLarge(mostBytes) });
  for (const path of ['/forge/*', '/api/*', '/panel/*'] as const) app.use(path, caller, limit);
  app.use('/api/*', jiraAdministrator(service.deps.now));
  // These end an installation, erase people, or prove that an item was deleted.
  for (const path of ['lifecycle', 'pre-uninstall', 'people/*', 'events'] as const) {
    app.use(`/forge/${path}`, startedByForge);
  }
  app.route('/forge', forgeRoutes(service));
  app.route('/forge', forgePeopleRoutes(service));
  app.route('/forge', usageRoutes(service));
  app.openapi(overviewRoute, async (c) => {
    const { scope, installation } = c.get('caller');
    const [connections, summaries, lastChanges] = await Promise.all([
      connectionsOf(service, scope),
      summariesOf(service, scope),
      service.figures.lastChanges(scope),
    ]);
    const profiles = await Promise.all(
      summaries.map(async (summary) => {
        const at = lastChanges.get(summary.id);
        const items = await service.state.listItemErrors(scope, summary.id);
        return {
          ...summary,
          lastChangeAt: at === undefined ? null : new Date(at).toISOString(),
          itemErrors: items.filter(({ record }) => !record.ignored).length,
        };
      }),
    );
    const errors = profiles.reduce((sum, { pairs, itemErrors }) => sum + pairs.failing + itemErrors, 0);
    return c.json({ installation: { siteUrl: installation.siteUrl }, connections, profiles, errors }, 200);
  });
  app.route('/api/notifications', notificationRoutes(service));
  app.route('/api/connections', connectionRoutes(service));
  app.route('/api/connections', hookSecretRoutes(service));
  app.route('/api/profiles', profileRoutes(service));
  app.route('/api/profiles', initialSyncRoutes(service));
  app.route('/api/profiles', previewRoutes(service));
  app.route('/api/profiles', figuresRoutes(service));
  app.route('/api/profiles', undoRoutes(service));
  app.route('/api/profiles', stopRoutes(service));
  app.route('/api/profiles', adoptRoutes(service));
  app.route('/api/profiles', draftRoutes(service));
  app.route('/api/profiles', settingsHistoryRoutes(service));
  app.route('/api', driftRoutes(service));
  app.route('/api', errorRoutes(service));
  app.route('/api', profileFileRoutes(service));
  const live = liveCatalogs(service);
  app.route('/api', mappingHelpRoutes(service, live));
  app.route('/api', filterCountRoutes(service));
  app.route('/api', peopleRoutes(service));
  app.route('/api', peopleMatchRoutes(live));
  app.route('/api', timelineRoutes(service));
  app.route('/api', siteHealthRoutes(service));
  app.route('/panel', panelRoutes(service));
  app.route('/panel', panelLinkRoutes(service));
}
