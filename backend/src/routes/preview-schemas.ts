// The shapes of previews: what would be written, by item and in numbers.

import { z } from '@hono/zod-openapi';
import { side } from './schemas.ts';

export const previewQuerySchema = z.object({
  side,
  /** Jira's key or the work item's number. */
  key: z.string().min(1).max(50),
});

export const previewSchema = z
  .object({
    /** The plan as a readable diff. */
    text: z.string(),
    operations: z.array(z.unknown()),
  })
  .openapi('Preview');

/** Of all items that were looked at; the keys are those of `tandem plan`. */
const previewCountsSchema = z.object({
  items: z.int(),
  create: z.int(),
  link: z.int(),
  update: z.int(),
  transition: z.int(),
  comment: z.int(),
  attachment: z.int(),
  /** Links between items, and to addresses. */
  itemLink: z.int(),
  unchanged: z.int(),
  skip: z.int(),
  error: z.int(),
});

const drawnTextSchema = z.object({
  /** In Atlassian Document Format. */
  doc: z.object({ type: z.literal('doc'), version: z.literal(1), content: z.array(z.unknown()).readonly() }),
  /** Blocks at its end were left out. */
  cut: z.boolean(),
});

export const previewedItemSchema = z
  .object({
    jiraKey: z.string().nullable(),
    azureId: z.string().nullable(),
    jiraUrl: z.string().nullable(),
    azureUrl: z.string().nullable(),
    /** `link`: both exist already and would be paired. */
    action: z.enum(['create', 'link', 'update', 'nothing', 'skip', 'error']),
    /** In words: why it is left alone, or what it would become. */
    note: z.string().nullable(),
    /** Field by field, in the order in which they would be written. */
    writes: z.array(
      z.object({
        side,
        /** What people call the field, or what is written: `Comment`. */
        field: z.string(),
        before: z.string().nullable(),
        after: z.string().nullable(),
        /** Of a rich text, both sides drawn; null where a value is none, or is left to its words. */
        drawn: z.object({ before: drawnTextSchema.nullable(), after: drawnTextSchema.nullable() }).nullable(),
        why: z.string(),
      }),
    ),
    /** Items that have no counterpart yet, by their keys: what links to them or names them waits for it. */
    waitsFor: z.array(z.string()),
    problems: z.array(z.object({ cause: z.string(), remedy: z.string() })),
  })
  .openapi('PreviewedItem');

export const profilePreviewSchema = z
  .object({
    counts: previewCountsSchema,
    /** False: the projects are too large to look at every item here; the counts are of those that were. */
    complete: z.boolean(),
    /** False: there was no time to look for items that exist on both sides, so that some may be paired, not created. */
    twinsKnown: z.boolean(),
    /** A few items of each action. */
    sample: z.array(previewedItemSchema),
  })
  .openapi('ProfilePreview');
