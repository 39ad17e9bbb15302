// What a run would do to the items of a profile, before anything is written: counts, and a few items with each write. Reads
// both sites for as long as a page can wait; `tandem plan` has no such end.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { openForPreview } from '../reconcile/context.ts';
import { noTwins, type PreviewEntry, previewAll, twinsOf } from '../reconcile/preview-all.ts';
import { count, noCounts } from '../reconcile/preview-count.ts';
import type { Service } from '../service.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { sides } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import type { Caller, CallerEnv } from './caller.ts';
import { body, fromPerson, json, personProblems, problems } from './described.ts';
import { unsavedSettingsSchema } from './editing-schemas.ts';
import { profilePreviewSchema } from './preview-schemas.ts';
import { textDrawer } from './preview-text.ts';
import { invalidField, invalidRequest } from './problem.ts';
import { requireProfile } from './require-profile.ts';
import { idSchema } from './schemas.ts';
import { pagesOf } from './shown.ts';
import { fieldNames, type PreviewedItem, shownPreview } from './shown-preview.ts';

const route = createRoute({
  method: 'get',
  path: '/{id}/plan',
  summary: 'What a run would do to all items: counts, and a few items with every write',
  tags: ['profiles'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }) },
  responses: {
    200: { description: 'Nothing was written', ...json(profilePreviewSchema) },
    ...personProblems,
    ...problems(404, 422),
  },
});

const unsavedRoute = createRoute({
  method: 'post',
  path: '/{id}/plan',
  summary: 'What a run would do by settings that are not saved',
  tags: ['profiles'],
  ...fromPerson,
  request: { params: z.object({ id: idSchema }), body: body(unsavedSettingsSchema) },
  responses: {
    200: { description: 'Nothing was written or saved', ...json(profilePreviewSchema) },
    ...personProblems,
    ...problems(400, 404, 415, 422),
  },
});

/** Forge waits 25 s for a call that a page makes; the reads under way when the time is over still have to end. */
const twinsMs = 6_000;
const wholeMs = 12_000;
/** Items that are shown of each action. */
const shownOfEach: Readonly<Record<PreviewedItem['action'], number>> = {
  create: 6,
  link: 4,
  update: 6,
  error: 6,
  skip: 2,
  nothing: 0,
};

/** `elapsed` in ms from whatever start: it is asked for differences only. */
export function previewRoutes(service: Service, elapsed: () => number = () => performance.now()) {
  const { config, deps, state } = service;
  const app = new OpenAPIHono<CallerEnv>({ defaultHook: invalidRequest });

  app.openapi(route, async (c) => {
    const caller = c.get('caller');
    return c.json(await previewOf(caller, await requireProfile(config, caller.scope, c.req.valid('param').id)), 200);
  });

  app.openapi(unsavedRoute, async (c) => {
    const caller = c.get('caller');
    const record = await requireProfile(config, caller.scope, c.req.valid('param').id);
    const { settings } = c.req.valid('json');
    requireSame(record, settings);
    return c.json(await previewOf(caller, { ...record, settings }), 200);
  });

  async function previewOf(
    { scope, installation }: Caller,
    record: ProfileRecord,
  ): Promise<z.infer<typeof profilePreviewSchema>> {
    const start = elapsed();
    const within = (ms: number) => () => elapsed() - start < ms;
    const { id } = record;
    const connection = await config.connection(scope, record.azureConnectionId);
    const context = await openForPreview(deps, scope, record);
    const paired = (await state.getInitialSync(scope, id))?.status === 'done';
    const twins = paired ? noTwins : await twinsOf(context, within(twinsMs));
    const twinsKnown = paired || within(twinsMs)();
    const names = fieldNames(context);
    const draw = textDrawer();
    const pages = pagesOf(
      installation.siteUrl ?? installation.cloudId,
      connection?.url ?? '',
      record.settings.azure.project,
    );
    const counts = noCounts();
    const shown = { create: 0, link: 0, update: 0, error: 0, skip: 0, nothing: 0 };
    const sample: PreviewedItem[] = [];
    const take = (entry: PreviewEntry): void => {
      count(counts, entry);
      const { action } = shownPreview(entry, { names, pages, draw: () => null });
      if (shown[action] >= shownOfEach[action]) return;
      const item = shownPreview(entry, { names, pages, draw });
      shown[item.action] += 1;
      sample.push(item);
    };
    let complete = true;
    for await (const entry of previewAll(context, twins)) {
      take(entry);
      complete = within(wholeMs)();
      if (!complete) break;
    }
    return { counts, complete, twinsKnown, sample };
  }
  return app;
}

/** The stored catalogs and pairs are of the profile's own projects. */
function requireSame({ settings: saved }: ProfileRecord, settings: ProfileSettings): void {
  const moved = sides.find((side) => settings[side].project !== saved[side].project);
  if (moved)
    throw invalidField(`settings.${moved}.project`, 'save the profile before you preview it with another project.');
}
