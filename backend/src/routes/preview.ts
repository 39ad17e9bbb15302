// What a run would do to the items of a profile, before anything is written: counts, and a few items with each write. Reads
// both sites for as long as a page can wait; `tandem plan` has no such end.

import { createRoute, OpenAPIHono } from '@hono/zod-openapi';
import { z } from 'zod';
import { openContext } from '../reconcile/context.ts';
import { noTwins, type PreviewEntry, previewAll, twinsOf } from '../reconcile/preview-all.ts';
import { count, noCounts } from '../reconcile/preview-count.ts';
import type { Service } from '../service.ts';
import type { CallerEnv } from './caller.ts';
import { fromPerson, json, personProblems, problems } from './described.ts';
import { invalidRequest, notFound } from './problem.ts';
import { idSchema, profilePreviewSchema } from './schemas.ts';
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
    const { scope, installation } = c.get('caller');
    const start = elapsed();
    const within = (ms: number) => () => elapsed() - start < ms;
    const { id } = c.req.valid('param');
    const record = await config.profileRecord(scope, id);
    if (!record) throw notFound('profile');
    const connection = await config.connection(scope, record.azureConnectionId);
    const context = await openContext(deps, scope, record);
    const paired = (await state.getInitialSync(scope, id))?.status === 'done';
    const twins = paired ? noTwins : await twinsOf(context, within(twinsMs));
    const twinsKnown = paired || within(twinsMs)();
    const names = fieldNames(context);
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
      const item = shownPreview(entry, names, pages);
      if (shown[item.action] >= shownOfEach[item.action]) return;
      shown[item.action] += 1;
      sample.push(item);
    };
    let complete = true;
    for await (const entry of previewAll(context, twins)) {
      take(entry);
      complete = within(wholeMs)();
      if (!complete) break;
    }
    return c.json({ counts, complete, twinsKnown, sample }, 200);
  });
  return app;
}
