// The parts of Azure DevOps' answers that the adapter reads, parsed once here. Unknown members pass: the service adds them.

import { z } from 'zod';

/** An object, or the `Name <unique name>` of older resource versions. */
export const identitySchema = z.union([
  z.object({
    displayName: z.string().default(''),
    uniqueName: z.string().optional(),
    id: z.string().optional(),
    descriptor: z.string().optional(),
    inactive: z.boolean().optional(),
    isContainer: z.boolean().optional(),
  }),
  z.string(),
]);
export type WireIdentity = z.infer<typeof identitySchema>;

export const relationSchema = z.object({
  rel: z.string(),
  url: z.string(),
  attributes: z.record(z.string(), z.unknown()).nullish(),
});
export type WireRelation = z.infer<typeof relationSchema>;

export const commentVersionRefSchema = z.object({
  commentId: z.number(),
  version: z.number().optional(),
});

export const workItemSchema = z.object({
  id: z.number(),
  rev: z.number(),
  fields: z.record(z.string(), z.unknown()),
  relations: z.array(relationSchema).nullish(),
  /** Markdown or Html by reference name, for long text fields. */
  multilineFieldsFormat: z.record(z.string(), z.string()).nullish(),
  commentVersionRef: commentVersionRefSchema.nullish(),
});
export type WireWorkItem = z.infer<typeof workItemSchema>;

/** `errorPolicy: omit` leaves out what can't be read, or gives null in its place. */
export const workItemBatchSchema = z.object({ value: z.array(workItemSchema.nullable()) });

export const commentSchema = z.object({
  id: z.number(),
  version: z.number().default(1),
  text: z.string().default(''),
  format: z.string().optional(),
  createdBy: identitySchema.optional(),
  createdDate: z.string(),
  modifiedDate: z.string().optional(),
  isDeleted: z.boolean().optional(),
});
export type WireComment = z.infer<typeof commentSchema>;

export const commentPageSchema = z.object({
  comments: z.array(commentSchema).default([]),
  continuationToken: z.string().nullish(),
});

export const queryResultSchema = z.object({ workItems: z.array(z.object({ id: z.number() })).default([]) });

export const updateSchema = z.object({
  id: z.number(),
  rev: z.number(),
  revisedBy: identitySchema.nullish(),
  revisedDate: z.string().optional(),
  fields: z
    .record(z.string(), z.object({ oldValue: z.unknown().optional(), newValue: z.unknown().optional() }))
    .nullish(),
});
export const updatePageSchema = z.object({ value: z.array(updateSchema) });

/** Both reporting feeds: revisions, and those whose discussion changed. */
export const revisionBatchSchema = z.object({
  values: z
    .array(
      z.object({
        id: z.number(),
        rev: z.number(),
        fields: z.record(z.string(), z.unknown()).nullish(),
        commentVersionRef: commentVersionRefSchema.nullish(),
      }),
    )
    .default([]),
  continuationToken: z.string().nullish(),
  isLastBatch: z.boolean().default(true),
});

export const attachmentReferenceSchema = z.object({ id: z.string(), url: z.string() });

const fieldReferenceSchema = z.object({ referenceName: z.string(), name: z.string().default('') });

export const fieldDefinitionSchema = fieldReferenceSchema.extend({
  type: z.string(),
  readOnly: z.boolean().default(false),
  isIdentity: z.boolean().default(false),
  isPicklist: z.boolean().default(false),
});
export type WireFieldDefinition = z.infer<typeof fieldDefinitionSchema>;
export const fieldDefinitionsSchema = z.object({ value: z.array(fieldDefinitionSchema) });

export const typeFieldSchema = fieldReferenceSchema.extend({
  alwaysRequired: z.boolean().default(false),
  allowedValues: z.array(z.unknown()).nullish(),
});
export type WireTypeField = z.infer<typeof typeFieldSchema>;
export const typeFieldsSchema = z.object({ value: z.array(typeFieldSchema) });

export const workItemTypeSchema = z.object({
  name: z.string(),
  referenceName: z.string(),
  isDisabled: z.boolean().default(false),
  states: z.array(z.object({ name: z.string(), category: z.string().default('') })).default([]),
  transitions: z.record(z.string(), z.array(z.object({ to: z.string() })).nullish()).default({}),
});
export type WireWorkItemType = z.infer<typeof workItemTypeSchema>;
export const workItemTypesSchema = z.object({ value: z.array(workItemTypeSchema) });

export const typeCategorySchema = z.object({ workItemTypes: z.array(z.object({ name: z.string() })).default([]) });

export const projectSchema = z.object({ id: z.string(), name: z.string() });
export const projectsSchema = z.object({ value: z.array(projectSchema) });
export const teamsSchema = z.object({ value: z.array(z.object({ id: z.string() })) });
export const membersSchema = z.object({ value: z.array(z.object({ identity: identitySchema })) });

export const graphUsersSchema = z.object({
  value: z.array(
    z.object({
      displayName: z.string().default(''),
      principalName: z.string().nullish(),
      mailAddress: z.string().nullish(),
      descriptor: z.string().optional(),
    }),
  ),
});

/** One that is not known comes as null. */
export const identitiesSchema = z.object({
  value: z.array(z.object({ id: z.string(), subjectDescriptor: z.string().nullish() }).nullable()),
});

export const connectionDataSchema = z.object({
  authenticatedUser: z.object({
    id: z.string(),
    providerDisplayName: z.string().default(''),
    customDisplayName: z.string().nullish(),
    subjectDescriptor: z.string().nullish(),
    properties: z.record(z.string(), z.unknown()).nullish(),
  }),
});

export const subscriptionSchema = z.object({
  id: z.string(),
  status: z.string().default('enabled'),
  eventType: z.string(),
  publisherInputs: z.record(z.string(), z.string().nullable()).nullish(),
  consumerInputs: z.record(z.string(), z.string().nullable()).nullish(),
});
export type WireSubscription = z.infer<typeof subscriptionSchema>;
export const subscriptionsSchema = z.object({ value: z.array(subscriptionSchema) });

/** What the service answers when it refuses; every member may be missing from a gateway's page. */
export const errorBodySchema = z.object({
  message: z.string().default(''),
  typeKey: z.string().default(''),
  customProperties: z
    .object({
      RuleValidationErrors: z
        .array(
          z.object({
            fieldReferenceName: z.string().nullish(),
            fieldStatusFlags: z.string().nullish(),
            errorMessage: z.string().nullish(),
          }),
        )
        .nullish(),
    })
    .nullish(),
});
export type WireError = z.infer<typeof errorBodySchema>;
