// What helps an admin to map two projects: both catalogs, a suggested profile, and what is wrong with a given one.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { createCatalog as jiraCatalog } from '../jira/catalog.ts';
import { createJiraClient } from '../jira/client.ts';
import type { SideCatalog } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { BySide } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { suggestProfile } from '../sync/suggest.ts';
import { unreachableStates } from '../sync/unreachable-states.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { appConnection, type CallerEnv } from './caller.ts';
import { projectPageSchema, projectQuerySchema } from './connection-schemas.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import type { LiveCatalogs } from './live-catalogs.ts';
import { invalidRequest } from './problem.ts';
import {
  catalogsSchema,
  profileInputSchema,
  settingsProblemSchema,
  suggestInputSchema,
  suggestionSchema,
} from './profile-schemas.ts';
import { pageOf } from './shown.ts';

const common = { tags: ['mapping'], ...fromPerson };
const refused = { ...personProblems, ...problems(400, 404, 415, 422) };

const routes = {
  jiraProjects: createRoute({
    method: 'get',
    path: '/jira/projects',
    summary: 'Jira projects that the app may see',
    ...common,
    request: { query: projectQuerySchema },
    responses: {
      200: { description: 'A page of projects', ...json(projectPageSchema) },
      ...personProblems,
      ...problems(400, 422),
    },
  }),
  suggest: createRoute({
    method: 'post',
    path: '/suggest',
    summary: 'Suggested settings for two projects, with the reasons',
    ...common,
    request: { body: body(suggestInputSchema) },
    responses: { 200: { description: 'A draft', ...json(suggestionSchema) }, ...refused },
  }),
  catalogs: createRoute({
    method: 'post',
    path: '/catalogs',
    summary: 'Types, states and fields of two projects',
    ...common,
    request: { body: body(suggestInputSchema) },
    responses: { 200: { description: 'Both catalogs', ...json(catalogsSchema) }, ...refused },
  }),
  validate: createRoute({
    method: 'post',
    path: '/validate',
    summary: 'Holds settings against the live schemas',
    ...common,
    request: { body: body(profileInputSchema) },
    responses: {
      200: { description: 'Problems', ...json(z.object({ problems: z.array(settingsProblemSchema) })) },
      ...refused,
    },
  }),
};

export function mappingHelpRoutes(service: Service, live: LiveCatalogs): OpenAPIHono<CallerEnv> {
  const { opener, transport, deps } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(routes.jiraProjects, async (c) => {
    const { scope, installation, claims } = c.get('caller');
    const connection = await opener.jira(scope, await appConnection(service, installation, claims));
    const client = createJiraClient(connection, transport, 'pages', {}, deps.now);
    return c.json(pageOf(await jiraCatalog(client, '').projects(), c.req.valid('query')), 200);
  });

  app.openapi(routes.suggest, async (c) => {
    const catalogs = await live.load(c.get('caller'), c.req.valid('json'), 'now');
    const { settings, reasons } = suggestProfile(catalogs.jira, catalogs.azure);
    return c.json({ settings, reasons: [...reasons], problems: problemsOf(settings, catalogs) }, 200);
  });

  app.openapi(routes.catalogs, async (c) => {
    const { jira, azure } = await live.load(c.get('caller'), c.req.valid('json'), 'recent');
    return c.json({ jira: shownCatalog(jira), azure: shownCatalog(azure) }, 200);
  });

  app.openapi(routes.validate, async (c) => {
    const { azureConnectionId, settings } = c.req.valid('json');
    const projects = { jiraProject: settings.jira.project, azureProject: settings.azure.project };
    const catalogs = await live.load(c.get('caller'), { azureConnectionId, ...projects }, 'recent');
    return c.json({ problems: problemsOf(settings, catalogs) }, 200);
  });

  return app;
}

const problemsOf = (
  settings: ProfileSettings,
  catalogs: BySide<SideCatalog>,
): z.infer<typeof settingsProblemSchema>[] =>
  validateProfile(settings, catalogs).map(({ path, level, problem, remedy }) => ({
    path,
    level,
    message: `${problem} ${remedy}`,
  }));

const shownCatalog = (catalog: SideCatalog) => ({
  types: catalog.types.map(({ fields, ...type }) => ({
    name: type.name,
    states: type.states.map((state) => state.name),
    unreachable: [...unreachableStates(type)],
    fields: fields.map((field) => ({
      id: field.id,
      name: field.name,
      kind: field.kind,
      required: field.required,
      readOnly: field.readOnly,
    })),
  })),
});
