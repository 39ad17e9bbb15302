// The shapes of what the admin page asks and gets about profiles: settings, states, catalogs, people, the overview.

import { z } from '@hono/zod-openapi';
import { profileSchema } from '../sync/profile.ts';
import { connectionSchema } from './connection-schemas.ts';
import { initialSyncSchema } from './initial-sync-schemas.ts';
import { instant, side } from './schemas.ts';

// Made anew, since the core's own schema knows nothing of OpenAPI.
export const settingsSchema = z.strictObject(profileSchema.shape).openapi('ProfileSettings');

export const profileInputSchema = z
  .strictObject({ azureConnectionId: z.string(), settings: settingsSchema })
  .openapi('ProfileInput');

export const profileUpdateSchema = z
  .strictObject({
    settings: settingsSchema,
    /** The revision that was edited; another one in the store is a conflict and nothing is saved. */
    revision: z.int(),
  })
  .openapi('ProfileUpdate');

export const profileSummarySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    status: z.enum(['draft', 'enabled', 'paused', 'stopped']),
    /** Why it is paused or stopped by itself. */
    reason: z.object({ cause: z.string(), remedy: z.string() }).nullable(),
    jiraProject: z.string(),
    azureProject: z.string(),
    azureConnectionId: z.string(),
    pairs: z.object({ paired: z.int(), creating: z.int(), orphaned: z.int(), failing: z.int() }),
    initialSync: initialSyncSchema.nullable(),
    revision: z.int(),
  })
  .openapi('ProfileSummary');

export const profileDetailSchema = profileSummarySchema.extend({ settings: settingsSchema }).openapi('ProfileDetail');

export const settingsProblemSchema = z
  .object({
    /** `fields.3.azure` */
    path: z.string(),
    level: z.enum(['error', 'warning']),
    message: z.string(),
  })
  .openapi('SettingsProblem');

export const suggestInputSchema = z
  .strictObject({ jiraProject: z.string(), azureConnectionId: z.string(), azureProject: z.string() })
  .openapi('SuggestInput');

export const suggestionSchema = z
  .object({
    settings: settingsSchema,
    reasons: z.array(z.object({ path: z.string(), reason: z.string(), confidence: z.enum(['high', 'medium', 'low']) })),
    problems: z.array(settingsProblemSchema),
  })
  .openapi('Suggestion');

const catalogFieldSchema = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  required: z.boolean(),
  readOnly: z.boolean(),
});

const sideCatalogSchema = z.object({
  types: z.array(
    z.object({
      name: z.string(),
      states: z.array(z.string()),
      /** States that no way leads to, where the site tells its workflow. */
      unreachable: z.array(z.string()),
      fields: z.array(catalogFieldSchema),
    }),
  ),
});

export const catalogsSchema = z.object({ jira: sideCatalogSchema, azure: sideCatalogSchema }).openapi('Catalogs');

export const unmappedPeopleSchema = z
  .object({
    people: z.array(
      z.object({
        side,
        /** As the profile's `users` take it: the account id in Jira, the unique name in Azure DevOps. */
        id: z.string(),
        name: z.string(),
        email: z.string().nullable(),
        active: z.boolean().nullable(),
        /** Native ids of fields; `mention` for texts. */
        seenIn: z.array(z.string()),
      }),
    ),
  })
  .openapi('UnmappedPeople');

export const overviewSchema = z
  .object({
    installation: z.object({ siteUrl: z.string().nullable() }),
    connections: z.array(connectionSchema),
    profiles: z.array(
      profileSummarySchema.extend({
        /** When it last carried something over, to ten minutes; null when that was not within the last 8 days. */
        lastChangeAt: instant.nullable(),
        /** Items that have no counterpart, because of an error that nobody ignores. */
        itemErrors: z.int(),
      }),
    ),
    /** Pairs and items without one that have an error which nobody ignores. */
    errors: z.int(),
  })
  .openapi('Overview');

export const siteHealthSchema = z
  .object({
    /** Of the app itself, which Forge renews every hour. `ending`: within ten minutes. */
    jiraToken: z.enum(['live', 'ending', 'missing']),
    /** Services that asked Tandem to wait. */
    waits: z.array(z.object({ side, connection: z.string(), until: instant })),
    /** How often a site refused a call for its limit, in this hour and the one before. */
    limited: z.array(z.object({ side, times: z.int() })),
    /** Azure DevOps projects whose changes don't arrive by themselves: scans find them later. */
    hooks: z.array(
      z.object({
        profileId: z.string(),
        profile: z.string(),
        /** Events without an enabled subscription. */
        missing: z.array(z.string()),
        /** Why they could not be looked at. */
        problem: z.object({ cause: z.string(), remedy: z.string() }).nullable(),
      }),
    ),
  })
  .openapi('SiteHealth');

/** Why a profile stopped itself, and what waits for a person's word. */
export const stopSchema = z
  .object({
    /** Null when it is not stopped. */
    reason: z.object({ code: z.string(), cause: z.string(), remedy: z.string() }).nullable(),
    since: instant.nullable(),
    /** Deletions and closings that were done within the window, and how many the profile allows. */
    done: z.int(),
    limit: z.int(),
    windowMinutes: z.int(),
    /** Items whose changes wait, and how many of them were deleted. */
    waiting: z.int(),
    deleted: z.int(),
    /** The first of them, the deleted ones before others. */
    items: z.array(
      z.object({
        side,
        jiraKey: z.string().nullable(),
        azureId: z.string().nullable(),
        jiraUrl: z.string().nullable(),
        azureUrl: z.string().nullable(),
        deleted: z.boolean(),
      }),
    ),
  })
  .openapi('ProfileStop');
