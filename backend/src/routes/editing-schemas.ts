// The shapes of what is asked and told while a profile is made or changed: see schemas.ts.

import { z } from '@hono/zod-openapi';
import { settingsSchema } from './profile-schemas.ts';
import { instant } from './schemas.ts';

export const unsavedSettingsSchema = z.strictObject({ settings: settingsSchema }).openapi('UnsavedSettings');

export const differencesShape = z.array(z.object({ path: z.string(), before: z.unknown(), after: z.unknown() }));

export const differencesSchema = z.object({ differences: differencesShape }).openapi('SettingsDifferences');

/** Newest first. */
export const settingsHistorySchema = z
  .object({
    revisions: z.array(
      z.object({
        revision: z.int(),
        savedAt: instant,
        /** Account id; null for what no person saved. */
        savedBy: z.string().nullable(),
        /** Against the revision before; empty for the first. */
        differences: differencesShape,
      }),
    ),
  })
  .openapi('SettingsHistory');

/** Kept as it is: what of it fits the settings is the page's to see. */
const drafted = z.record(z.string(), z.unknown());

export const draftInputSchema = z
  .strictObject({
    draft: drafted,
    /** `savedAt` of the draft that was gone on with; null for a first one. */
    after: instant.nullable(),
  })
  .openapi('DraftInput');

export const draftSchema = z
  .object({
    draft: z.unknown(),
    /** The revision of the profile that it was begun from. */
    baseRevision: z.int().nullable(),
    savedAt: instant.nullable(),
    /** Account id. */
    savedBy: z.string().nullable(),
  })
  .openapi('Draft');

export const filterInputSchema = z
  .discriminatedUnion('side', [
    z.strictObject({ side: z.literal('jira'), project: z.string(), filter: z.string().max(5000).optional() }),
    z.strictObject({
      side: z.literal('azure'),
      azureConnectionId: z.string(),
      project: z.string(),
      filter: z.string().max(5000).optional(),
    }),
  ])
  .openapi('FilterInput');

export const filterCountSchema = z
  .object({
    /** Null when the filter can't be read. */
    count: z.int().nullable(),
    /** There may be more: the service gives no greater number. */
    atLeast: z.boolean(),
    /** In the service's own words. */
    problem: z.string().nullable(),
  })
  .openapi('FilterCount');

const matchedPersonSchema = z.object({
  /** As the profile's `users` take it. */
  id: z.string(),
  name: z.string(),
  email: z.string().nullable(),
});

export const peopleMatchInputSchema = z
  .strictObject({ azureConnectionId: z.string(), settings: settingsSchema })
  .openapi('PeopleMatchInput');

/** Active people of both projects, as the settings match them. */
export const peopleMatchSchema = z
  .object({
    /** By e-mail address, and by the profile's own pairs. */
    matched: z.object({ byEmail: z.int(), byProfile: z.int() }),
    /** How many have no counterpart, and the first of them by name. */
    unmatched: z.object({
      jira: z.object({ total: z.int(), people: z.array(matchedPersonSchema) }),
      azure: z.object({ total: z.int(), people: z.array(matchedPersonSchema) }),
    }),
  })
  .openapi('PeopleMatch');
