// Taking an initial sync back: first what would be removed and what stays, then exactly those that were confirmed.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { openProfile, type ProfileContext } from '../reconcile/context.ts';
import { isUnderWay } from '../reconcile/initial-sync.ts';
import type { InitialSync, Scope } from '../reconcile/ports.ts';
import { type KeptReason, previewUndo, undoPairs } from '../reconcile/undo.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest, notFound, Problem } from './problem.ts';
import { idSchema } from './schemas.ts';

const keptReasons = ['touched', 'gone', 'busy', 'refused'] as const satisfies readonly KeptReason[];

const madeSchema = z
  .object({
    pairId: z.string(),
    side: z.enum(['jira', 'azure']).describe('Of the counterpart'),
    key: z.string(),
    sourceKey: z.string(),
    kept: z.enum(keptReasons).nullable().describe('Why it stays; null for one that can be, or was, removed'),
  })
  .openapi('MadeCounterpart');

export const undoPageSchema = z.object({ made: z.array(madeSchema), next: z.string().nullable() }).openapi('UndoPage');
export const undoneSchema = z
  .object({
    undone: z
      .array(madeSchema)
      .describe('Without what there was no time for, or what stays since the profile runs again'),
  })
  .openapi('Undone');

/** As many as are done in the time that Forge waits, or nearly. */
const mostPairs = 50;
const undoInputSchema = z.object({ pairs: z.array(idSchema).min(1).max(mostPairs) });

const common = { tags: ['profiles'], ...fromPerson };
const previewRoute = createRoute({
  method: 'get',
  path: '/{id}/undo',
  summary: 'Counterparts that the last initial sync made: which can be removed, and which somebody touched since',
  ...common,
  request: { params: z.object({ id: idSchema }), query: z.object({ after: z.string().optional() }) },
  responses: {
    200: { description: 'A page; it may be empty and have a next one', ...json(undoPageSchema) },
    ...personProblems,
    ...problems(400, 404, 422),
  },
});
const undoRoute = createRoute({
  method: 'post',
  path: '/{id}/undo',
  summary: 'Remove exactly these counterparts, as far as nobody touched them, of a profile that does not run',
  ...common,
  request: { params: z.object({ id: idSchema }), body: body(undoInputSchema) },
  responses: {
    200: { description: 'What became of each', ...json(undoneSchema) },
    ...personProblems,
    ...problems(400, 404, 409, 415, 422),
  },
});

const runs = () =>
  new Problem(409, 'running', 'Pause the profile first: while it runs it would make the counterparts anew.');

/** Forge waits 25 s, and one item takes up to three calls. */
const undoMs = 15_000;

export function undoRoutes({ deps, state }: Service): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  const open = async (
    scope: Scope,
    id: string,
  ): Promise<{ readonly context: ProfileContext; readonly sync: InitialSync | null }> => {
    const [context, sync] = await Promise.all([openProfile(deps, scope, id), state.getInitialSync(scope, id)]);
    if (!context) throw notFound('profile');
    return { context, sync };
  };

  app.openapi(previewRoute, async (c) => {
    const { context, sync } = await open(c.get('caller').scope, c.req.valid('param').id);
    if (!sync) return c.json({ made: [], next: null }, 200);
    const { made, next } = await previewUndo(context, sync, c.req.valid('query').after);
    return c.json({ made: [...made], next: next ?? null }, 200);
  });

  app.openapi(undoRoute, async (c) => {
    const { context, sync } = await open(c.get('caller').scope, c.req.valid('param').id);
    if (context.profile.status === 'enabled') throw runs();
    if (!sync || isUnderWay(sync)) {
      throw new Problem(409, 'initial-sync', 'There is no initial sync that has ended or was stopped.');
    }
    const end = performance.now() + undoMs;
    const { pairs } = c.req.valid('json');
    const { undone, running } = await undoPairs(context, sync, pairs, () => performance.now() < end);
    const removed = undone.filter(({ kept }) => kept === null).length;
    const ids = { installation: context.scope.installationId, profile: context.profile.id };
    deps.log.info({ ...ids, count: removed }, 'counterparts of an initial sync were removed again');
    // What was removed before is told; who asks for the rest is told why it stays.
    if (running && undone.length === 0) throw runs();
    return c.json({ undone: [...undone] }, 200);
  });
  return app;
}
