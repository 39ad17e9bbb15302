// Who is found on the other side by the settings of a profile, before it runs: what the page of the mapping shows.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import type { z } from 'zod';
import { foldName } from '../sync/catalog.ts';
import { type BySide, otherSide, type Side, type UserRef } from '../sync/model.ts';
import { buildPeople, counterpartOf } from '../sync/people.ts';
import type { ValuePair } from '../sync/profile.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { peopleMatchInputSchema, peopleMatchSchema } from './editing-schemas.ts';
import type { LiveCatalogs } from './live-catalogs.ts';
import { invalidRequest } from './problem.ts';

type PeopleMatch = z.infer<typeof peopleMatchSchema>;

/** A page lists so many of each side; more have to be mapped in a file. */
const mostShown = 500;

const route = createRoute({
  method: 'post',
  path: '/people/match',
  summary: 'Who has a counterpart by the given settings, and who has none',
  tags: ['mapping'],
  ...fromPerson,
  request: { body: body(peopleMatchInputSchema) },
  responses: {
    200: { description: 'People of both projects', ...json(peopleMatchSchema) },
    ...personProblems,
    ...problems(400, 404, 415, 422),
  },
});

export function peopleMatchRoutes(live: LiveCatalogs): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });
  app.openapi(route, async (c) => {
    const { azureConnectionId, settings } = c.req.valid('json');
    const projects = { jiraProject: settings.jira.project, azureProject: settings.azure.project };
    const { jira, azure } = await live.load(c.get('caller'), { azureConnectionId, ...projects }, 'recent');
    return c.json(matchPeople(settings.users, { jira: jira.people, azure: azure.people }), 200);
  });
  return app;
}

export function matchPeople(pairs: readonly ValuePair[], people: BySide<readonly UserRef[]>): PeopleMatch {
  const index = buildPeople(pairs, people);
  const named = new Set(pairs.map(({ jira }) => foldName(jira)));
  const active = (side: Side) => people[side].filter((user) => user.active !== false);
  const lone = (side: Side) =>
    active(side)
      .filter((user) => counterpartOf(index, otherSide(side), user) === undefined)
      .sort((a, b) => a.name.localeCompare(b.name));
  const unmatched = { jira: lone('jira'), azure: lone('azure') };
  const byProfile = active('jira').filter((user) => isNamed(named, user)).length;
  return {
    matched: { byProfile, byEmail: active('jira').length - unmatched.jira.length - byProfile },
    unmatched: { jira: shown(unmatched.jira), azure: shown(unmatched.azure) },
  };
}

const isNamed = (named: ReadonlySet<string>, { id, email }: UserRef): boolean =>
  named.has(foldName(id)) || (email !== undefined && named.has(foldName(email)));

const shown = (people: readonly UserRef[]): PeopleMatch['unmatched']['jira'] => ({
  total: people.length,
  people: people.slice(0, mostShown).map(({ id, name, email }) => ({ id, name, email: email ?? null })),
});
