// The shapes of what happened to an item, and of the search for one.

import { z } from '@hono/zod-openapi';
import { triggers } from '../reconcile/ports.ts';
import { instant, side } from './schemas.ts';

export const decisionSchema = z
  .object({
    at: instant,
    /** What the run came to: `created`, `updated`, `nothing`, `failed`, `left`, `returned`… */
    what: z.string(),
    /** What made Tandem look, with the side and aspect that an event named. */
    seen: z.array(z.object({ by: z.enum(triggers), side: side.nullable(), aspect: z.string().nullable() })),
    /** Of the fields as read: Jira's newest history id, Azure DevOps' revision. */
    versions: z.object({ jira: z.number().nullable(), azure: z.number().nullable() }),
    operations: z.array(
      z.object({
        side,
        kind: z.string(),
        /** Native field ids. */
        fields: z.array(z.string()),
        /** Names of states or types. */
        from: z.string().nullable(),
        to: z.string().nullable(),
        /** The source's id of a comment or attachment; of a link the id of the item at its other end. */
        child: z.string().nullable(),
      }),
    ),
    rules: z.array(z.object({ mapping: z.string(), rule: z.string() })),
    codes: z.array(z.object({ code: z.string(), subject: z.string().nullable() })),
    /** How many entries were left out. */
    more: z.int(),
  })
  .openapi('Decision');

/** Newest first: at most 200, none older than 30 days. */
export const timelineSchema = z
  .object({
    pairId: z.string(),
    jiraKey: z.string().nullable(),
    azureId: z.string().nullable(),
    decisions: z.array(decisionSchema),
  })
  .openapi('Timeline');

export const timelineSearchSchema = z.object({
  /** A Jira key or the number of a work item. */
  item: z.string().trim().min(1).max(50),
});

/** Of each pair that the item is in: a work item's number may be of several organizations. */
export const foundTimelinesSchema = z
  .object({
    timelines: z.array(
      timelineSchema.extend({
        profile: z.string(),
        status: z.enum(['creating', 'paired', 'orphaned']),
        jiraUrl: z.string().nullable(),
        azureUrl: z.string().nullable(),
        syncedAt: instant.nullable(),
        problems: z.array(z.object({ cause: z.string(), remedy: z.string(), subject: z.string().nullable() })),
      }),
    ),
  })
  .openapi('FoundTimelines');
