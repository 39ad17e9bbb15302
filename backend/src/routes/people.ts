// People who were seen in the fields and texts of a profile's items and have no counterpart on the other side: what an admin
// maps.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { ConfigStore, ProfileRecord } from '../store/config-store.ts';
import { otherSide, type Side, sides, type UserRef } from '../sync/model.ts';
import { buildPeople, counterpartOf } from '../sync/people.ts';
import type { SeenPerson } from '../sync/unmapped-people.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest } from './problem.ts';
import { unmappedPeopleSchema } from './profile-schemas.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

export interface UnmappedPerson extends SeenPerson {
  readonly side: Side;
}

/** By side and name. Who was mapped since is left out; someone whose counterpart's account is closed is not. */
export async function unmappedPeople(
  config: Pick<ConfigStore, 'people' | 'catalogs'>,
  scope: Scope,
  { id, settings }: Pick<ProfileRecord, 'id' | 'settings'>,
): Promise<readonly UnmappedPerson[]> {
  const [jira, azure, catalogs] = await Promise.all([
    config.people(scope, 'jira'),
    config.people(scope, 'azure'),
    config.catalogs(scope, id),
  ]);
  const seen = { jira, azure };
  const known = catalogs ? { jira: catalogs.jira.people, azure: catalogs.azure.people } : { jira: [], azure: [] };
  const index = buildPeople(settings.users, known);
  return sides.flatMap((side) =>
    seen[side].filter((user) => !isMapped(index, side, user)).map((user) => ({ ...user, side })),
  );
}

/** A counterpart of which nothing says that the account is closed. */
const isMapped = (index: ReturnType<typeof buildPeople>, side: Side, user: UserRef): boolean => {
  const other = counterpartOf(index, otherSide(side), user);
  return other !== undefined && other.active !== false;
};

const listRoute = createRoute({
  method: 'get',
  path: '/profiles/{id}/people',
  summary: 'People seen so far who have no counterpart',
  tags: ['mapping'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }) },
  responses: {
    200: { description: 'People by side and name', ...json(unmappedPeopleSchema) },
    ...personProblems,
    ...problems(404),
  },
});

export function peopleRoutes(service: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });
  app.openapi(listRoute, async (c) => {
    const { scope } = c.get('caller');
    const record = await requireProfile(service.config, scope, c.req.valid('param').id);
    const people = await unmappedPeople(service.config, scope, record);
    const shown = people.map(({ side, id, name, email, active, seenIn }) => ({
      side,
      id,
      name,
      email: email ?? null,
      active: active ?? null,
      seenIn: [...seenIn],
    }));
    return c.json({ people: shown }, 200);
  });
  return app;
}
