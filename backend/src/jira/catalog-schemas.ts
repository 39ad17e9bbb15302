// What is read of Jira's answers about a project's configuration, as zod schemas.

import { z } from 'zod';
import { jsonTypeSchema, userSchema } from './schemas.ts';

const optional = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

export const projectSchema = z.object({ id: z.string(), key: z.string(), name: z.string() });

export const projectPageSchema = z.object({
  total: optional(z.number().int()),
  isLast: optional(z.boolean()),
  values: z.array(projectSchema),
});

export const attachmentMetaSchema = z.object({ enabled: z.boolean(), uploadLimit: optional(z.number().int()) });

/** The page's list is called `issueTypes` in Jira's answers, `createMetaIssueType` in its description. */
export const createTypesSchema = z
  .object({
    total: optional(z.number().int()),
    issueTypes: optional(z.array(z.object({ id: z.string(), name: z.string(), subtask: optional(z.boolean()) }))),
    createMetaIssueType: optional(
      z.array(z.object({ id: z.string(), name: z.string(), subtask: optional(z.boolean()) })),
    ),
  })
  .transform(({ total, issueTypes, createMetaIssueType }) => ({
    total,
    issueTypes: issueTypes ?? createMetaIssueType ?? [],
  }));

const createFieldSchema = z.object({
  fieldId: z.string(),
  name: optional(z.string()),
  required: optional(z.boolean()),
  hasDefaultValue: optional(z.boolean()),
  schema: optional(jsonTypeSchema),
  operations: optional(z.array(z.string())),
  allowedValues: optional(z.array(z.unknown())),
});

/** The same with `fields` and `results`. */
export const createFieldsSchema = z
  .object({
    total: optional(z.number().int()),
    fields: optional(z.array(createFieldSchema)),
    results: optional(z.array(createFieldSchema)),
  })
  .transform(({ total, fields, results }) => ({ total, fields: fields ?? results ?? [] }));

export const projectStatusesSchema = z.array(
  z.object({
    id: z.string(),
    name: z.string(),
    statuses: z.array(
      z.object({
        name: z.string(),
        statusCategory: optional(z.object({ key: z.enum(['new', 'undefined', 'indeterminate', 'done']).catch('new') })),
      }),
    ),
  }),
);

export const linkTypesSchema = z.object({
  issueLinkTypes: z.array(z.object({ id: z.string(), name: z.string(), outward: z.string(), inward: z.string() })),
});

export const assignableSchema = z.array(userSchema);

export const permissionsSchema = z.object({
  permissions: z.record(z.string(), z.object({ havePermission: optional(z.boolean()) })),
});
