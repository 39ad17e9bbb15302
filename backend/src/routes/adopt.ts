// Rebuilding a profile's pairs from the markers on both sites, for an administrator whose state was lost or restored: first
// what would be paired, then a job that does it.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { previewAdoption } from '../reconcile/adopt-profile.ts';
import type { LeftReason } from '../reconcile/adoption.ts';
import { openProfile } from '../reconcile/context.ts';
import type { UnpairedItem } from '../reconcile/unpaired.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest, notFound } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

const leftReasons = ['copy', 'other-key', 'ambiguous', 'no-source', 'taken'] as const satisfies readonly LeftReason[];

const itemSchema = z.object({ side: z.enum(['jira', 'azure']), key: z.string() });
export const adoptionSchema = z
  .object({
    /** False where there was no time to read both projects to their end: then the lists are empty. */
    complete: z.boolean(),
    count: z.int(),
    pairs: z.array(z.object({ source: itemSchema, created: itemSchema })),
    left: z.array(itemSchema.extend({ why: z.enum(leftReasons) })),
  })
  .openapi('Adoption');

const keyLost = z.boolean().default(false).describe('The key of these markers is gone for good: take them unverified');

const common = { tags: ['profiles'], ...fromPerson };
const previewRoute = createRoute({
  method: 'get',
  path: '/{id}/adoption',
  summary: 'What the markers on both sites would pair again; nothing is stored',
  ...common,
  request: {
    params: z.object({ id: idSchema }),
    query: z.object({ keyLost: z.enum(['true', 'false']).default('false') }),
  },
  responses: {
    200: { description: 'The first of them, and how many there are', ...json(adoptionSchema) },
    ...personProblems,
    ...problems(400, 404, 422),
  },
});
const adoptRoute = createRoute({
  method: 'post',
  path: '/{id}/adoption',
  summary: 'Pair again what the markers on both sites prove, by a job',
  ...common,
  request: { params: z.object({ id: idSchema }), body: body(z.object({ keyLost })) },
  responses: { 202: { description: 'Queued', ...json(z.object({})) }, ...personProblems, ...problems(400, 404, 415) },
});

/** Forge waits 25 s. */
const previewMs = 15_000;
const shownItems = 100;

export function adoptRoutes({ config, deps, queue }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(previewRoute, async (c) => {
    const { scope } = c.get('caller');
    const context = await openProfile(deps, scope, c.req.valid('param').id);
    if (!context) throw notFound('profile');
    const end = performance.now() + previewMs;
    const options = { keyLost: c.req.valid('query').keyLost === 'true' };
    const plan = await previewAdoption(context, options, () => performance.now() < end);
    if (plan === null) return c.json({ complete: false, count: 0, pairs: [], left: [] }, 200);
    const { pairs, left } = plan;
    const shown = pairs.slice(0, shownItems).map((one) => ({ source: named(one.source), created: named(one.created) }));
    const rest = left.slice(0, shownItems).map(({ item, why }) => ({ ...named(item), why }));
    return c.json({ complete: true, count: pairs.length, pairs: shown, left: rest }, 200);
  });

  app.openapi(adoptRoute, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await requireProfile(config, scope, id);
    const task = c.req.valid('json').keyLost ? 'adopt-without-key' : 'adopt';
    await queue.addTask(task, { ...scope, profileId: id });
    return c.json({}, 202);
  });
  return app;
}

const named = ({ side, key }: UnpairedItem) => ({ side, key });
