// Settings that somebody is still editing: kept as they are, complete or not, so that an admin may leave and go on later. Nothing
// runs by them until they are saved to the profile.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import type { Scope } from '../reconcile/ports.ts';
import type { Service } from '../service.ts';
import type { Draft } from '../store/config-store.ts';
import type { CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { draftInputSchema, draftSchema } from './editing-schemas.ts';
import { invalidRequest, Problem } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';

const path = '/{id}/draft';
const common = { tags: ['profiles'], ...fromPerson };
const request = { params: z.object({ id: idSchema }) };
const kept = { 200: { description: 'The draft', ...json(draftSchema) } };
const refused = { ...personProblems, ...problems(404) };

const routes = {
  get: createRoute({
    method: 'get',
    path,
    summary: 'What somebody is still editing; settings are null when there is nothing',
    ...common,
    request,
    responses: { ...kept, ...refused },
  }),
  save: createRoute({
    method: 'put',
    path,
    summary: 'Keeps what is being edited, unless somebody else kept something since it was read',
    ...common,
    request: { ...request, body: body(draftInputSchema) },
    responses: { ...kept, ...refused, ...problems(400, 409, 415) },
  }),
  discard: createRoute({
    method: 'delete',
    path,
    summary: 'Forgets what was edited',
    ...common,
    request,
    responses: { 204: { description: 'Forgotten' }, ...refused },
  }),
};

export function draftRoutes({ config }: Pick<Service, 'config'>): OpenAPIHono<CallerEnv> {
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  const revisionOf = async (scope: Scope, id: string): Promise<number> => {
    const record = await requireProfile(config, scope, id);
    return record.revision;
  };
  const shown = (draft: Draft | null): z.infer<typeof draftSchema> => {
    if (draft === null) return { draft: null, baseRevision: null, savedAt: null, savedBy: null };
    const { settings, baseRevision, savedAt, savedBy } = draft;
    return { draft: settings, baseRevision, savedAt: new Date(savedAt).toISOString(), savedBy };
  };

  app.openapi(routes.get, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await revisionOf(scope, id);
    return c.json(shown(await config.draft(scope, id)), 200);
  });

  app.openapi(routes.save, async (c) => {
    const { scope, claims } = c.get('caller');
    const { id } = c.req.valid('param');
    const { draft, after } = c.req.valid('json');
    const baseRevision = await revisionOf(scope, id);
    const input = { settings: draft, baseRevision, savedBy: claims.principal };
    const saved = await config.saveDraft(scope, id, input, after === null ? null : Date.parse(after));
    if (saved === null) {
      throw new Problem(
        409,
        'draft-conflict',
        'Somebody else went on with this draft. Load it again to see theirs.',
        'after',
      );
    }
    return c.json(shown(saved), 200);
  });

  app.openapi(routes.discard, async (c) => {
    const { scope } = c.get('caller');
    const { id } = c.req.valid('param');
    await revisionOf(scope, id);
    await config.discardDraft(scope, id);
    return c.body(null, 204);
  });
  return app;
}
