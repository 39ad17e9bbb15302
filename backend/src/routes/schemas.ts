// Shapes that all routes share. Requests are validated by what stands here and in the files named after what they describe,
// and the OpenAPI document is made from it. No secrets ever stand in an answer.

import { z } from '@hono/zod-openapi';
import { jiraEventHintSchema } from '../jira/events.ts';

export const idSchema = z.string().min(1).max(100);

export const side = z.enum(['jira', 'azure']);

/** ISO 8601, UTC. */
export const instant = z.iso.datetime();

export const problemSchema = z
  .object({
    error: z.object({
      code: z.string().openapi({ example: 'invalid-request' }),
      /** What was wrong and what would be right, for a person. */
      message: z.string(),
      /** Where in the request: `settings.fields.3.azure`. */
      path: z.string().optional(),
    }),
  })
  .openapi('Problem');

/** How many jobs, or how many of what was named, were taken on. */
export const acceptedSchema = z.object({ accepted: z.int() });

export const jiraEventsSchema = z.strictObject({ events: z.array(jiraEventHintSchema).max(100) });
