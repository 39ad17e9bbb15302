// The shapes of what the admin page asks and gets about connections and the projects behind them.

import { z } from '@hono/zod-openapi';
import { idSchema } from './schemas.ts';

export const connectionInputSchema = z
  .strictObject({
    name: z.string().trim().min(1).max(100),
    /** `https://dev.azure.com/acme` */
    url: z.url().max(500),
    /** Left out on edit: the stored token stays. */
    pat: z.string().min(1).max(500).optional(),
    /** The day on which the PAT ends, as its owner typed it. */
    expiresOn: z.iso.date().nullable().default(null),
  })
  .openapi('ConnectionInput');

export const connectionCheckSchema = z
  .object({
    reachable: z.boolean(),
    authenticated: z.boolean(),
    account: z.string().nullable(),
    /** Without an optional one Tandem works, in a way that costs more. */
    permissions: z.array(z.object({ name: z.string(), granted: z.boolean(), optional: z.boolean().optional() })),
    /** In words, when something is wrong. */
    problem: z.object({ cause: z.string(), remedy: z.string(), detail: z.string().optional() }).nullable(),
  })
  .openapi('ConnectionCheck');

export const connectionSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    url: z.string(),
    expiresOn: z.iso.date().nullable(),
    status: z.enum(['ok', 'failing', 'unknown']),
    problem: z.object({ cause: z.string(), remedy: z.string() }).nullable(),
    /** Names of the profiles that use it. */
    usedBy: z.array(z.string()),
  })
  .openapi('Connection');

/** A stored connection, or one that is not saved yet. */
export const connectionTestSchema = z.union([z.strictObject({ id: idSchema }), connectionInputSchema]);

export const projectSchema = z.object({ id: z.string(), key: z.string(), name: z.string() }).openapi('Project');

export const projectPageSchema = z.object({ projects: z.array(projectSchema), next: z.string().nullable() });

export const projectQuerySchema = z.object({
  /** Searched for in name and key. */
  query: z.string().max(200).optional(),
  /** `next` of the page before. */
  after: z.string().max(20).optional(),
});
