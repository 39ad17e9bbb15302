// What helps an admin to map two projects: both catalogs, a suggested profile, and what is wrong with a given one.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { createCatalog as jiraCatalog } from '../jira/catalog.ts';
import { createJiraClient } from '../jira/client.ts';
import type { Scope, SideCatalog } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { BySide } from '../sync/model.ts';
import type { Profile, ProfileSettings } from '../sync/profile.ts';
import { profileSchema } from '../sync/profile.ts';
import { suggestProfile } from '../sync/suggest.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { appConnection, type CallerEnv } from './caller.ts';
import { pageOf, pageQuery } from './connections.ts';
import { invalidRequest } from './problem.ts';
import {
  catalogsSchema,
  profileInputSchema,
  projectSchema,
  settingsProblemSchema,
  suggestInputSchema,
  suggestionSchema,
} from './schemas.ts';

const json = <T extends z.ZodType>(schema: T) => ({ content: { 'application/json': { schema } } });

const routes = {
  jiraProjects: createRoute({
    method: 'get',
    path: '/jira/projects',
    summary: 'Jira projects that the app may see',
    request: { query: pageQuery },
    responses: {
      200: {
        description: 'A page of projects',
        ...json(z.object({ projects: z.array(projectSchema), next: z.string().nullable() })),
      },
    },
  }),
  suggest: createRoute({
    method: 'post',
    path: '/suggest',
    summary: 'Suggested settings for two projects, with the reasons',
    request: { body: { required: true, ...json(suggestInputSchema) } },
    responses: { 200: { description: 'A draft', ...json(suggestionSchema) } },
  }),
  catalogs: createRoute({
    method: 'post',
    path: '/catalogs',
    summary: 'Types, states and fields of two projects',
    request: { body: { required: true, ...json(suggestInputSchema) } },
    responses: { 200: { description: 'Both catalogs', ...json(catalogsSchema) } },
  }),
  validate: createRoute({
    method: 'post',
    path: '/validate',
    summary: 'Holds settings against the live schemas',
    request: { body: { required: true, ...json(profileInputSchema) } },
    responses: {
      200: { description: 'Problems', ...json(z.object({ problems: z.array(settingsProblemSchema) })) },
    },
  }),
};

export function mappingHelpRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const { opener, transport, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.jiraProjects, async (c) => {
    const { scope, claims } = c.get('caller');
    const connection = await opener.jira(scope, await appConnection(service, scope, claims.apiBaseUrl));
    const client = createJiraClient(connection, transport, 'pages', {}, deps.now);
    return c.json(pageOf(await jiraCatalog(client, '').projects(), c.req.valid('query')), 200);
  });

  app.openapi(routes.suggest, async (c) => {
    const { scope, claims } = c.get('caller');
    const catalogs = await loadCatalogs(scope, claims.apiBaseUrl, c.req.valid('json'));
    const { settings, reasons } = suggestProfile(catalogs.jira, catalogs.azure);
    return c.json({ settings, reasons: [...reasons], problems: problemsOf(settings, catalogs) }, 200);
  });

  app.openapi(routes.catalogs, async (c) => {
    const { scope, claims } = c.get('caller');
    const { jira, azure } = await loadCatalogs(scope, claims.apiBaseUrl, c.req.valid('json'));
    return c.json({ jira: shownCatalog(jira), azure: shownCatalog(azure) }, 200);
  });

  app.openapi(routes.validate, async (c) => {
    const { scope, claims } = c.get('caller');
    const { azureConnectionId, settings } = c.req.valid('json');
    const projects = { jiraProject: settings.jira.project, azureProject: settings.azure.project };
    const catalogs = await loadCatalogs(scope, claims.apiBaseUrl, { azureConnectionId, ...projects });
    return c.json({ problems: problemsOf(settings, catalogs) }, 200);
  });

  /** Straight from both sites: a page that maps wants what is there now. */
  async function loadCatalogs(
    scope: Scope,
    jiraUrl: string,
    input: z.infer<typeof suggestInputSchema>,
  ): Promise<BySide<SideCatalog>> {
    const sides = await deps.openSides(await unsavedProfile(scope, jiraUrl, input));
    const [jira, azure] = await Promise.all([sides.jira.catalog.load(), sides.azure.catalog.load()]);
    return { jira, azure };
  }

  async function unsavedProfile(
    scope: Scope,
    jiraUrl: string,
    input: z.infer<typeof suggestInputSchema>,
  ): Promise<Profile> {
    return {
      id: `draft:${scope.installationId}`,
      installationId: scope.installationId,
      jiraConnectionId: await appConnection(service, scope, jiraUrl),
      azureConnectionId: input.azureConnectionId,
      status: 'draft',
      revision: 0,
      settings: profileSchema.parse({
        name: 'Draft',
        jira: { project: input.jiraProject },
        azure: { project: input.azureProject },
        types: [{ jira: 'Task', azure: 'Task' }],
        fields: [{ jira: 'summary', azure: 'System.Title', kind: 'text' }],
      }),
    };
  }
  return app;
}

export const problemsOf = (
  settings: ProfileSettings,
  catalogs: BySide<SideCatalog>,
): z.infer<typeof settingsProblemSchema>[] =>
  validateProfile(settings, catalogs).map(({ path, level, problem, remedy }) => ({
    path,
    level,
    message: `${problem} ${remedy}`,
  }));

const shownCatalog = (catalog: SideCatalog) => ({
  types: catalog.types.map(({ name, states, fields }) => ({
    name,
    states: states.map((state) => state.name),
    fields: fields.map((field) => ({
      id: field.id,
      name: field.name,
      kind: field.kind,
      required: field.required,
      readOnly: field.readOnly,
    })),
  })),
});
