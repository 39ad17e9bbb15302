// Finds an item by its Jira key or work item number, in whatever profile it is, and tells what was decided for it.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { parseOrganization } from '../azure/organization.ts';
import type { Pair } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import { describeError } from '../sync/errors.ts';
import type { Caller, CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest } from './problem.ts';
import { timelineOf } from './profiles.ts';
import { pagesOf } from './shown.ts';
import { foundTimelinesSchema, timelineSearchSchema } from './timeline-schemas.ts';

const route = createRoute({
  method: 'get',
  path: '/timelines',
  summary: 'What was decided for an item, found by its Jira key or its work item number',
  tags: ['profiles'],
  ...fromPerson,
  request: { query: timelineSearchSchema },
  responses: {
    200: {
      description: 'One for each pair that the item is in; none when Tandem does not know it',
      ...json(foundTimelinesSchema),
    },
    ...personProblems,
    ...problems(400),
  },
});

export function timelineRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { config, state } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  /**
   * `TAN-1` as people write it in any case; `#7`, `AB#7` or `7` in each organization that there is a connection to; a bare number
   * may be Jira's own id as well.
   */
  const find = async ({ scope, installation }: Caller, item: string): Promise<readonly Pair[]> => {
    const key = item.toUpperCase();
    if (/^[A-Z][A-Z0-9_]*-\d+$/.test(key)) return [...(await state.findPairsByKey(scope, [key])).values()];
    const number = /^(?:AB)?#?(\d+)$/.exec(key)?.[1];
    if (number === undefined) return [];
    const connections = (await config.listConnections(scope)).filter(({ side }) => side === 'azure');
    const organizations = new Set(connections.map(({ url }) => parseOrganization(url).url));
    const found = await Promise.all([
      ...[...organizations].map((url) => state.findPair(scope, url, 'azure', number)),
      ...(number === key ? [state.findPair(scope, installation.cloudId, 'jira', number)] : []),
    ]);
    return found.filter((pair) => pair !== null);
  };

  const shown = async ({ scope, installation }: Caller, pair: Pair) => {
    const record = await config.profileRecord(scope, pair.profileId);
    const connection = record && (await config.connection(scope, record.azureConnectionId));
    const pages = record
      ? pagesOf(installation.siteUrl ?? installation.cloudId, connection?.url ?? '', record.settings.azure.project)
      : null;
    const { keys, ids, status, syncedAt, errors } = pair;
    return {
      ...(await timelineOf(service, scope, pair)),
      profile: record?.settings.name ?? '',
      status,
      jiraUrl: pages === null || keys.jira === null ? null : pages.jira(keys.jira),
      azureUrl: pages === null || ids.azure === null ? null : pages.azure(ids.azure),
      syncedAt: syncedAt === null ? null : new Date(syncedAt).toISOString(),
      problems: errors.map(({ error, subject }) => ({ ...describeError(error), subject: subject ?? null })),
    };
  };

  app.openapi(route, async (c) => {
    const caller = c.get('caller');
    const pairs = await find(caller, c.req.valid('query').item);
    return c.json({ timelines: await Promise.all(pairs.map((pair) => shown(caller, pair))) }, 200);
  });
  return app;
}
