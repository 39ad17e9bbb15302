// The shapes of what the admin page asks and gets about an initial sync.

import { z } from '@hono/zod-openapi';
import { initialSyncModes } from '../reconcile/ports.ts';
import { isDay } from '../sync/date-range.ts';
import { instant } from './schemas.ts';

/** How far an initial sync is. */
export const syncStateSchema = z.object({
  status: z.enum(['running', 'paused', 'done', 'stopped', 'failed']),
  mode: z.enum(initialSyncModes),
  phase: z.enum(['linking', 'pairs', 'jira', 'azure', 'draining']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  seen: z.int(),
  queued: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Pairs that it made of items which existed on both sides. */
  linked: z.int(),
  /** Items left alone, since others hold the same value of the field that they would be linked by. */
  ambiguous: z.int(),
  /** Of the last minutes; null while there is no telling. */
  itemsPerMinute: z.int().nullable(),
  secondsLeft: z.int().nullable(),
});

const day = z.string().refine(isDay, 'write a day as in 2026-03-31.').openapi({ format: 'date' });

const dayOrNone = day.nullable().default(null);

/** The id of a field, or what the side calls the name of the item itself. */
const linkField = z.string().trim().min(1, 'name a field by its id.').max(200);

export const initialSyncInputSchema = z
  .strictObject({
    mode: z
      .enum(initialSyncModes, 'choose "unpaired" (items without a pair) or "re-sync" (every pair as well).')
      .default('unpaired'),
    linkBy: z
      .strictObject({ jira: linkField, azure: linkField })
      .nullable()
      .default(null)
      .describe('Items with the same value are paired; `issuekey` and `System.Id` stand for the item’s own name'),
    range: z
      .strictObject({ from: dayOrNone, to: dayOrNone })
      .refine(({ from, to }) => from === null || to === null || from <= to, {
        path: ['from'],
        error: 'the first day must not be after the last one.',
      })
      .transform((range) => (range.from === null && range.to === null ? null : range))
      .nullable()
      .default(null)
      .describe('Items that were last changed from the one day to the other, in the profile’s time zone'),
  })
  .openapi('InitialSyncInput');

/** What an initial sync would look at. */
export const initialSyncCountSchema = z
  .object({ jira: z.int(), azure: z.int(), atLeast: z.boolean().describe('There may be more work items') })
  .openapi('InitialSyncCount');

export const initialSyncSchema = syncStateSchema
  .extend({
    linkBy: z.object({ jira: z.string(), azure: z.string() }).nullable(),
    range: z.object({ from: z.string().nullable(), to: z.string().nullable() }).nullable(),
  })
  .openapi('InitialSync');
