// What is read of Jira Cloud's answers, as zod schemas: no more than Tandem uses, so that additions and absences elsewhere do no harm.
// Source: Jira Cloud platform REST API v3, https://developer.atlassian.com/cloud/jira/platform/rest/v3/

import { z } from 'zod';
import type { UserRef } from '../sync/model.ts';

const absentAsUndefined = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);

/** Account id, name, and e-mail where the site shows it. Deleted accounts may lack a name. */
export const userSchema = z
  .object({
    accountId: z.string(),
    displayName: absentAsUndefined(z.string()),
    emailAddress: absentAsUndefined(z.string()),
    active: absentAsUndefined(z.boolean()),
    accountType: absentAsUndefined(z.string()),
  })
  .transform((user): UserRef & { accountType?: string } => ({
    id: user.accountId,
    name: user.displayName ?? user.accountId,
    ...(user.emailAddress === undefined || user.emailAddress === '' ? {} : { email: user.emailAddress }),
    ...(user.active === undefined ? {} : { active: user.active }),
    ...(user.accountType === undefined ? {} : { accountType: user.accountType }),
  }));

export const userRef = ({ id, name, email, active }: UserRef): UserRef => ({
  id,
  name,
  ...(email === undefined ? {} : { email }),
  ...(active === undefined ? {} : { active }),
});

export const jsonTypeSchema = z.object({
  type: z.string(),
  items: absentAsUndefined(z.string()),
  system: absentAsUndefined(z.string()),
  custom: absentAsUndefined(z.string()),
});
export type JsonType = {
  type: string;
  items?: string | undefined;
  system?: string | undefined;
  custom?: string | undefined;
};

const fieldDefSchema = z.object({
  id: z.string(),
  name: z.string(),
  schema: absentAsUndefined(jsonTypeSchema),
});
export const fieldListSchema = z.array(fieldDefSchema);
export type JiraFieldDef = z.infer<typeof fieldDefSchema>;

/** History ids are numbers in strings. */
const numeric = z.union([z.string().regex(/^\d+$/), z.number().int()]).transform(Number);

export const historyItemSchema = z.object({
  field: z.string(),
  fieldId: absentAsUndefined(z.string()),
  from: absentAsUndefined(z.string()),
  fromString: absentAsUndefined(z.string()),
  to: absentAsUndefined(z.string()),
  toString: z.unknown().transform((value) => (typeof value === 'string' ? value : undefined)),
});
export type HistoryItem = z.infer<typeof historyItemSchema>;

export const historySchema = z.object({
  id: numeric,
  author: absentAsUndefined(userSchema),
  created: z.string(),
  items: z.array(historyItemSchema),
});
export type JiraHistory = z.infer<typeof historySchema>;

/** https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-editmeta-get */
export const editMetaSchema = z.object({ fields: z.record(z.string(), z.unknown()).nullish() });

export const changelogPageSchema = z.object({
  startAt: z.number().int(),
  maxResults: z.number().int(),
  total: z.number().int(),
  isLast: absentAsUndefined(z.boolean()),
  values: z.array(historySchema),
});

const propertySchema = z.object({ key: z.string(), value: z.unknown() });

export const commentSchema = z.object({
  id: z.string(),
  self: absentAsUndefined(z.string()),
  author: absentAsUndefined(userSchema),
  body: z.unknown(),
  created: z.string(),
  updated: absentAsUndefined(z.string()),
  visibility: absentAsUndefined(z.object({ type: absentAsUndefined(z.string()) })),
  jsdPublic: absentAsUndefined(z.boolean()),
  properties: absentAsUndefined(z.array(propertySchema)),
});
export type JiraComment = z.infer<typeof commentSchema>;

export const commentPageSchema = z.object({
  startAt: absentAsUndefined(z.number().int()),
  maxResults: absentAsUndefined(z.number().int()),
  total: z.number().int(),
  comments: z.array(commentSchema),
});

export const commentListSchema = z.object({ values: z.array(commentSchema) });

export const attachmentSchema = z.object({
  id: z.union([z.string(), z.number()]).transform(String),
  filename: z.string(),
  size: z.number().int().nonnegative(),
  mimeType: absentAsUndefined(z.string()),
  created: z.string(),
  author: absentAsUndefined(userSchema),
});
export type JiraAttachment = z.infer<typeof attachmentSchema>;
export const attachmentsSchema = z.array(attachmentSchema);

const linkedIssueSchema = z.object({ id: z.string(), key: absentAsUndefined(z.string()) });
export const issueLinkSchema = z.object({
  id: z.string(),
  type: z.object({ id: absentAsUndefined(z.string()), name: z.string() }),
  outwardIssue: absentAsUndefined(linkedIssueSchema),
  inwardIssue: absentAsUndefined(linkedIssueSchema),
});

const namedSchema = z.object({ id: z.string(), name: z.string() });

/** The fields that every read asks for; the mapped ones are decoded by fields.ts from the same record. */
export const issueFieldsSchema = z.looseObject({
  summary: absentAsUndefined(z.string()),
  issuetype: namedSchema,
  status: namedSchema,
  project: z.object({ id: z.string(), key: z.string() }),
  created: z.string(),
  updated: z.string(),
  creator: absentAsUndefined(userSchema),
  security: z.unknown(),
  comment: absentAsUndefined(commentPageSchema),
  attachment: absentAsUndefined(attachmentsSchema),
  issuelinks: absentAsUndefined(z.array(issueLinkSchema)),
  parent: absentAsUndefined(linkedIssueSchema),
});

export const fieldMetaSchema = z.object({
  name: absentAsUndefined(z.string()),
  required: absentAsUndefined(z.boolean()),
  hasDefaultValue: absentAsUndefined(z.boolean()),
  schema: absentAsUndefined(jsonTypeSchema),
  operations: absentAsUndefined(z.array(z.string())),
  allowedValues: absentAsUndefined(z.array(z.unknown())),
});

const transitionSchema = z.object({
  id: z.string(),
  name: absentAsUndefined(z.string()),
  isAvailable: absentAsUndefined(z.boolean()),
  to: absentAsUndefined(z.object({ name: z.string() })),
  fields: absentAsUndefined(z.record(z.string(), fieldMetaSchema)),
});
export type JiraTransition = z.infer<typeof transitionSchema>;

export const transitionsSchema = z.object({ transitions: z.array(transitionSchema) });

export const issueSchema = z.object({
  id: z.string(),
  key: z.string(),
  fields: issueFieldsSchema,
  properties: absentAsUndefined(z.record(z.string(), z.unknown())),
  transitions: absentAsUndefined(z.array(transitionSchema)),
  changelog: absentAsUndefined(
    z.object({
      startAt: absentAsUndefined(z.number().int()),
      maxResults: absentAsUndefined(z.number().int()),
      total: absentAsUndefined(z.number().int()),
      histories: z.array(historySchema),
    }),
  ),
});
export type JiraIssue = z.infer<typeof issueSchema>;

export const bulkFetchSchema = z.object({ issues: z.array(issueSchema) });

export const searchPageSchema = z.object({
  issues: z.array(
    z.object({ id: z.string(), key: absentAsUndefined(z.string()), fields: absentAsUndefined(z.looseObject({})) }),
  ),
  nextPageToken: absentAsUndefined(z.string()),
  isLast: absentAsUndefined(z.boolean()),
});

export const createdIssueSchema = z.object({ id: z.string(), key: z.string() });

/** The body of nearly all refusals. */
export const errorCollectionSchema = z.object({
  errorMessages: absentAsUndefined(z.array(z.string())),
  errors: absentAsUndefined(z.record(z.string(), z.string())),
});
