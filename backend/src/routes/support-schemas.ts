// What support may see: ids, states, codes, counts and times. No names that an admin chose, no words of a service, nothing that a
// user wrote, no secret.

import { z } from '@hono/zod-openapi';
import { syncStateSchema } from './initial-sync-schemas.ts';
import { decisionSchema } from './timeline-schemas.ts';

const instant = z.iso.datetime();
const side = z.enum(['jira', 'azure']);

export const supportInstallationSchema = z
  .object({
    id: z.string(),
    cloudId: z.string(),
    environment: z.string(),
    siteUrl: z.string().nullable(),
    status: z.enum(['active', 'uninstalled']),
    graceUntil: instant.nullable(),
    createdAt: instant,
    forgeInstallationIds: z.array(z.string()),
  })
  .openapi('SupportInstallation');

export const supportErrorSchema = z
  .object({
    code: z.string(),
    level: z.string(),
    side: side.nullable(),
    field: z.string().nullable(),
    subject: z.string().nullable(),
    firstAt: instant,
    lastAt: instant,
    count: z.int(),
    ignored: z.boolean(),
  })
  .openapi('SupportError');

export const supportHealthSchema = z
  .object({
    installation: supportInstallationSchema,
    /** Null: no live system token of Forge's. */
    systemTokenUntil: instant.nullable(),
    extendedLoggingUntil: instant.nullable(),
    connections: z.array(
      z.object({
        id: z.string(),
        side,
        url: z.string(),
        auth: z.string(),
        hasSecret: z.boolean(),
        secretExpiresOn: z.string().nullable(),
        reachable: z.boolean().nullable(),
        authenticated: z.boolean().nullable(),
        missingPermissions: z.array(z.string()),
        checkedAt: instant.nullable(),
        /** A service asked to wait until then. */
        blockedUntil: instant.nullable(),
      }),
    ),
    profiles: z.array(
      z.object({
        id: z.string(),
        jiraProject: z.string(),
        azureProject: z.string(),
        status: z.string(),
        reason: z.string().nullable(),
        revision: z.int(),
        updatedAt: instant,
        pairs: z.object({ paired: z.int(), creating: z.int(), orphaned: z.int(), failing: z.int() }),
        itemErrors: z.int(),
        initialSync: syncStateSchema.nullable(),
        queue: z.object({ now: z.int(), later: z.int(), nextAt: instant.nullable() }),
        destructive: z.object({ taken: z.int(), limit: z.int() }),
      }),
    ),
    /** Sums of the last 24 hours. */
    counts: z.record(z.string(), z.number()),
  })
  .openapi('SupportHealth');

export const supportItemSchema = z
  .object({
    pair: z.object({
      id: z.string(),
      profileId: z.string(),
      status: z.string(),
      source: side,
      jira: z.object({ id: z.string().nullable(), key: z.string().nullable() }),
      azure: z.object({ id: z.string().nullable() }),
      versions: z.object({ jira: z.int().nullable(), azure: z.int().nullable() }),
      syncedAt: instant.nullable(),
      retry: z.object({ attempts: z.int(), dueAt: instant }).nullable(),
      dirty: z.boolean(),
      held: z.array(z.string()),
      left: z.object({ side, why: z.string(), action: z.string(), done: z.boolean() }).nullable(),
      children: z.object({ comment: z.int(), attachment: z.int(), link: z.int() }),
    }),
    errors: z.array(supportErrorSchema),
    timeline: z.array(decisionSchema),
  })
  .openapi('SupportItem');
