// What the pages read around running profiles is what the backend answers.

import type { z } from '@hono/zod-openapi';
import { describe, expectTypeOf, it } from 'vitest';
import type { adoptionSchema } from '../../backend/src/routes/adopt.ts';
import type { driftSchema } from '../../backend/src/routes/drift.ts';
import type { figuresSchema } from '../../backend/src/routes/figures.ts';
import type {
  notificationsSchema,
  signingKeySchema,
  triedSchema,
  webhookInputSchema,
} from '../../backend/src/routes/notifications.ts';
import type { undoneSchema, undoPageSchema } from '../../backend/src/routes/undo.ts';
import type * as app from '../../forge-app/contract-watch.ts';

describe('what the backend answers of running profiles', () => {
  it('is what the pages read', () => {
    expectTypeOf<z.infer<typeof notificationsSchema>>().toExtend<app.Notifications>();
    expectTypeOf<z.infer<typeof signingKeySchema>>().toExtend<app.SigningKey>();
    expectTypeOf<z.infer<typeof triedSchema>>().toExtend<app.TriedNotification>();
    expectTypeOf<z.infer<typeof driftSchema>['profiles'][number]>().toExtend<app.ProfileDrift>();
    expectTypeOf<z.infer<typeof figuresSchema>['points'][number]>().toExtend<app.FigurePoint>();
    expectTypeOf<z.infer<typeof undoPageSchema>>().toExtend<app.UndoPage>();
    expectTypeOf<z.infer<typeof adoptionSchema>>().toExtend<app.Adoption>();
    expectTypeOf<z.infer<typeof undoneSchema>>().toExtend<app.Undone>();
    expectTypeOf<app.WebhookInput>().toExtend<z.input<typeof webhookInputSchema>>();
  });
});
