// Who changed what in a profile's settings, and what unsaved ones would change. Restoring is saving an earlier revision's settings.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { type Difference, differences } from '../profile-file/differences.ts';
import type { Service } from '../service.ts';
import { profileSchema } from '../sync/profile.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { differencesSchema, settingsHistorySchema, unsavedSettingsSchema } from './editing-schemas.ts';
import { invalidRequest } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

const params = z.object({ id: idSchema });
const common = { tags: ['profiles'], ...fromPerson };

const historyRoute = createRoute({
  method: 'get',
  path: '/{id}/history',
  summary: 'The revisions of the settings, newest first: who saved them, when, and what changed',
  ...common,
  request: { params },
  responses: {
    200: { description: 'The newest revisions', ...json(settingsHistorySchema) },
    ...personProblems,
    ...problems(404),
  },
});
const differencesRoute = createRoute({
  method: 'post',
  path: '/{id}/differences',
  summary: 'What unsaved settings would change of the stored ones',
  ...common,
  request: { params, body: body(unsavedSettingsSchema) },
  responses: {
    200: { description: 'Path by path', ...json(differencesSchema) },
    ...personProblems,
    ...problems(400, 404, 415),
  },
});

const mostShown = 100;

export function settingsHistoryRoutes({ config }: Pick<Service, 'config'>): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(historyRoute, async (c) => {
    const { scope } = c.get('caller');
    const { id } = await requireProfile(config, scope, c.req.valid('param').id);
    // An older revision may lack what has a default since: that is no change of anybody's.
    const all = (await config.settingsHistory(scope, id)).map((one) => ({
      ...one,
      settings: profileSchema.parse(one.settings),
    }));
    const revisions = all.slice(0, mostShown).map(({ revision, settings, savedAt, savedBy }, index) => {
      const before = all[index + 1]?.settings;
      return {
        revision,
        savedAt: new Date(savedAt).toISOString(),
        savedBy,
        differences: before ? differences(before, settings).map(shown) : [],
      };
    });
    return c.json({ revisions }, 200);
  });

  app.openapi(differencesRoute, async (c) => {
    const { scope } = c.get('caller');
    const record = await requireProfile(config, scope, c.req.valid('param').id);
    const { settings } = c.req.valid('json');
    return c.json({ differences: differences(record.settings, settings).map(shown) }, 200);
  });
  return app;
}

const shown = ({ path, before = null, after = null }: Difference) => ({ path, before, after });
