// How a running profile keeps up, for its charts.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

const minute = 60_000;
const hour = 60 * minute;

/** How far back, in steps of how much. */
const ranges = {
  hours: { stepMs: 10 * minute, steps: 36 },
  day: { stepMs: hour, steps: 24 },
  week: { stepMs: 6 * hour, steps: 28 },
} as const;
const rangeSchema = z.enum(['hours', 'day', 'week']);

export const figuresSchema = z
  .object({
    points: z.array(
      z.object({
        at: z.string().describe('Start of the step'),
        changes: z.int().describe('Creations and changes carried over'),
        failed: z.int(),
        averageLagMs: z.int().nullable().describe('From the change on one side to that on the other'),
        longestLagMs: z.int().nullable(),
      }),
    ),
  })
  .openapi('ProfileFigures');

const route = createRoute({
  method: 'get',
  path: '/{id}/figures',
  summary: 'What the profile carried over, and how long after the change; the last six hours, day or week',
  tags: ['profiles'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }), query: z.object({ range: rangeSchema.default('day') }) },
  responses: {
    200: { description: 'Every step, the oldest first', ...json(figuresSchema) },
    ...personProblems,
    ...problems(400, 404),
  },
});

export function figuresRoutes({ config, deps, figures }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(route, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await requireProfile(config, scope, id);
    const { stepMs, steps } = ranges[c.req.valid('query').range];
    const to = (Math.floor(deps.now() / stepMs) + 1) * stepMs;
    const points = await figures.read(scope, id, to - steps * stepMs, to, stepMs);
    const shown = points.map(({ at, changes, failed, lag }) => ({
      at: new Date(at).toISOString(),
      changes,
      failed,
      averageLagMs: lag?.averageMs ?? null,
      longestLagMs: lag?.longestMs ?? null,
    }));
    return c.json({ points: shown }, 200);
  });
  return app;
}
