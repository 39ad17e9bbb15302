// The shapes of errors, as lists and as choices of a person.

import { z } from '@hono/zod-openapi';
import { ignoreReasons } from '../reconcile/ports.ts';
import { errorCodes } from '../sync/errors.ts';
import { instant, side } from './schemas.ts';

export const errorRecordSchema = z
  .object({
    /** Names the error in `retry`, `ignore` and `choose`. */
    ref: z.string(),
    pairId: z.string().nullable(),
    code: z.enum(Object.keys(errorCodes) as [keyof typeof errorCodes, ...(keyof typeof errorCodes)[]]),
    level: z.enum(['field', 'child', 'item', 'profile', 'connection']),
    cause: z.string(),
    remedy: z.string(),
    detail: z.string().nullable(),
    /** The mapping or child that it is about. */
    subject: z.string().nullable(),
    jiraKey: z.string().nullable(),
    azureId: z.string().nullable(),
    jiraUrl: z.string().nullable(),
    azureUrl: z.string().nullable(),
    firstAt: instant,
    lastAt: instant,
    count: z.int(),
    /** When Tandem tries again by itself. */
    retryAt: instant.nullable(),
    ignored: z.boolean(),
    ignoredFor: z.enum(ignoreReasons).nullable(),
    /** A person has to choose between the two sides' values: `POST /api/errors/values` reads them. */
    choosable: z.boolean(),
  })
  .openapi('ErrorRecord');

export const errorQuerySchema = z.object({
  /** `next` of the page before. */
  after: z.string().max(500).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

export const errorPageSchema = z.object({ errors: z.array(errorRecordSchema), next: z.string().nullable() });

export const errorRefsSchema = z.strictObject({ refs: z.array(z.string()).min(1).max(500) });

export const ignoreSchema = errorRefsSchema
  .extend({ reason: z.enum(ignoreReasons).optional() })
  .openapi('IgnoreErrors');

export const chooseSchema = z.union([
  z.strictObject({ ref: z.string(), side }),
  /** All of a kind at once; those that cannot be chosen are passed over. */
  z.strictObject({ refs: z.array(z.string()).min(1).max(500), side }),
]);

export const valueRefsSchema = z.strictObject({ refs: z.array(z.string()).min(1).max(50) });

export const errorValuesSchema = z
  .object({
    ref: z.string(),
    /** What people call the field. */
    fields: z.object({ jira: z.string(), azure: z.string() }).nullable(),
    /** As they stand now, in words, rich text line by line; null for an empty field. */
    jira: z.string().nullable(),
    azure: z.string().nullable(),
    /** False: an item or the mapping is gone. */
    readable: z.boolean(),
  })
  .openapi('ErrorValues');
