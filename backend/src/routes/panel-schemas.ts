// The shapes of what the issue panel asks and gets.

import { z } from '@hono/zod-openapi';
import { instant } from './schemas.ts';

export const panelSchema = z
  .object({
    /**
     * `none`: no profile covers the project. `waiting`: covered and not paired yet. `unlinked`: an admin let go of the
     * work item.
     */
    status: z.enum(['none', 'waiting', 'paired', 'orphaned', 'unlinked']),
    profile: z.string().nullable(),
    workItem: z.object({ id: z.string(), url: z.string() }).nullable(),
    syncedAt: instant.nullable(),
    problems: z.array(z.object({ cause: z.string(), remedy: z.string(), subject: z.string().nullable() })),
    maySync: z.boolean(),
    /** The profile makes work items of new issues. */
    mayCreate: z.boolean(),
    /** An existing work item may be linked. */
    mayLink: z.boolean(),
    mayUnlink: z.boolean(),
  })
  .openapi('Panel');

export const linkInputSchema = z
  .strictObject({
    /** The work item's number. */
    workItem: z.string().regex(/^[1-9]\d{0,18}$/, 'the number of a work item, such as 345'),
  })
  .openapi('LinkInput');

export const counterpartSchema = z
  .object({ title: z.string().nullable(), type: z.string(), state: z.string(), assignee: z.string().nullable() })
  .openapi('Counterpart');
