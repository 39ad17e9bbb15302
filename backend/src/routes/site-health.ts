// What may soon hold up synchronization of the whole site: the token for Jira, services that ask to wait, service hooks that Azure
// DevOps turned off. Asks Azure DevOps, so that a page loads it apart from the overview.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { listHooks, missingEvents } from '../azure/hooks.ts';
import { openAzureClient } from '../azure/side.ts';
import { hookUrl } from '../jobs/profile-hooks.ts';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { postgresBlocks } from '../store/postgres-blocks.ts';
import { describeError, SyncFailure } from '../sync/errors.ts';
import { sides } from '../sync/model.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems } from './described.ts';
import { siteHealthSchema } from './profile-schemas.ts';

type SiteHealth = z.infer<typeof siteHealthSchema>;

const route = createRoute({
  method: 'get',
  path: '/site-health',
  summary: 'What holds up or soon will hold up synchronization, over all profiles',
  tags: ['profiles'],
  ...fromPerson,
  responses: { 200: { description: 'Empty lists when all is well', ...json(siteHealthSchema) }, ...personProblems },
});

/** Projects whose hooks are looked at: two calls each. */
const mostProjects = 20;
/** Forge brings a new token every hour that lasts two. */
const endingMs = 10 * 60_000;
const hourMs = 60 * 60_000;

export function siteHealthRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, deps, metrics, opener, pool, settings, transport } = service;
  const blocks = postgresBlocks(pool, deps.now);
  const app = new OpenAPIHono<CallerEnv>();

  const jiraToken = async (scope: Scope): Promise<SiteHealth['jiraToken']> => {
    const live = await config.systemToken(scope, deps.now());
    if (live === null) return 'missing';
    return live.expiresAt - deps.now() < endingMs ? 'ending' : 'live';
  };

  const waits = async (scope: Scope): Promise<SiteHealth['waits']> => {
    const { appId } = settings.forge;
    const found = await Promise.all(
      (await config.listConnections(scope)).map(async ({ id, side, name }) => {
        const classes = ['read', 'search', 'write', 'media'].map((endpoint) => `${id}/${endpoint}`);
        const quota = side === 'jira' && appId !== null ? [`quota:${appId}`] : [];
        const until = await blocks.blockedUntil([id, ...classes, ...quota]);
        return until === null ? [] : [{ side, connection: name, until: new Date(until).toISOString() }];
      }),
    );
    return found.flat();
  };

  const hooksOf = async (
    scope: Scope,
    { id, settings: { name, azure }, azureConnectionId }: ProfileRecord,
  ): Promise<SiteHealth['hooks']> => {
    if (settings.publicUrl === null) return [];
    try {
      const client = openAzureClient(await opener.azure(scope, azureConnectionId), transport, 'pages');
      const url = hookUrl(settings.publicUrl, scope.installationId, azureConnectionId);
      const missing = missingEvents(await listHooks(client, { project: azure.project, url }));
      return missing.length === 0 ? [] : [{ profileId: id, profile: name, missing: [...missing], problem: null }];
    } catch (error) {
      if (!(error instanceof SyncFailure)) throw error;
      return [{ profileId: id, profile: name, missing: [], problem: describeError(error.error) }];
    }
  };

  /** Of the present hour and the one before: what came near a limit once may do so again. */
  const limited = async (scope: Scope): Promise<SiteHealth['limited']> => {
    const now = deps.now();
    const rows = await metrics.read(scope, now - 2 * hourMs, now + 1);
    return sides.flatMap((side) => {
      const times = rows.reduce((sum, { name, value }) => (name === `calls.${side}.limited` ? sum + value : sum), 0);
      return times === 0 ? [] : [{ side, times }];
    });
  };

  app.openapi(route, async (c) => {
    const { scope } = c.get('caller');
    const enabled = (await config.listProfiles(scope)).filter(({ status }) => status === 'enabled');
    const projectOf = ({ azureConnectionId, settings: { azure } }: ProfileRecord): string =>
      `${azureConnectionId} ${azure.project.toLowerCase()}`;
    const byProject = new Map(enabled.map((profile) => [projectOf(profile), profile]));
    const looked = [...byProject.values()].slice(0, mostProjects);
    const [token, waiting, near, hooks] = await Promise.all([
      jiraToken(scope),
      waits(scope),
      limited(scope),
      Promise.all(looked.map((profile) => hooksOf(scope, profile))),
    ]);
    return c.json({ jiraToken: token, waits: waiting, limited: near, hooks: hooks.flat() }, 200);
  });
  return app;
}
