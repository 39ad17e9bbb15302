// The shapes that the backend takes and answers: requests are validated by them and the OpenAPI document is made from
// them. No secrets ever stand in an answer.

import { z } from '@hono/zod-openapi';
import { jiraEventHintSchema } from '../jira/events.ts';
import { ignoreReasons, initialSyncModes, triggers } from '../reconcile/ports.ts';
import { isDay } from '../sync/date-range.ts';
import { errorCodes } from '../sync/errors.ts';
import { profileSchema } from '../sync/profile.ts';

export const idSchema = z.string().min(1).max(100);
const side = z.enum(['jira', 'azure']);
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

// ------------------------------------------------------------------------------------------------ from the Forge app

export const jiraEventsSchema = z.strictObject({ events: z.array(jiraEventHintSchema).max(100) });

// ------------------------------------------------------------------------------------------------ admin: connections

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

// ------------------------------------------------------------------------------------------------ admin: profiles

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

/** How far an initial sync is. */
export const syncStateSchema = z.object({
  status: z.enum(['running', 'paused', 'done', 'stopped', 'failed']),
  mode: z.enum(initialSyncModes),
  phase: z.enum(['linking', 'pairs', 'jira', 'azure', 'draining']),
  startedAt: instant,
  finishedAt: instant.nullable(),
  seen: z.int(),
  queued: z.int(),
  done: z.int(),
  failed: z.int(),
  /** Pairs that it made of items which existed on both sides. */
  linked: z.int(),
  /** Items left alone, since others hold the same value of the field that they would be linked by. */
  ambiguous: z.int(),
  /** Of the last minutes; null while there is no telling. */
  itemsPerMinute: z.int().nullable(),
  secondsLeft: z.int().nullable(),
});

const day = z.string().refine(isDay, 'write a day as in 2026-03-31.').openapi({ format: 'date' });
const dayOrNone = day.nullable().default(null);
/** The id of a field, or what the side calls the name of the item itself. */
const linkField = z.string().trim().min(1, 'name a field by its id.').max(200);

export const initialSyncInputSchema = z
  .strictObject({
    mode: z
      .enum(initialSyncModes, 'choose "unpaired" (items without a pair) or "re-sync" (every pair as well).')
      .default('unpaired'),
    linkBy: z
      .strictObject({ jira: linkField, azure: linkField })
      .nullable()
      .default(null)
      .describe('Items with the same value are paired; `issuekey` and `System.Id` stand for the item’s own name'),
    range: z
      .strictObject({ from: dayOrNone, to: dayOrNone })
      .refine(({ from, to }) => from === null || to === null || from <= to, {
        path: ['from'],
        error: 'the first day must not be after the last one.',
      })
      .transform((range) => (range.from === null && range.to === null ? null : range))
      .nullable()
      .default(null)
      .describe('Items that were last changed from the one day to the other, in the profile’s time zone'),
  })
  .openapi('InitialSyncInput');

/** What an initial sync would look at. */
export const initialSyncCountSchema = z
  .object({ jira: z.int(), azure: z.int(), atLeast: z.boolean().describe('There may be more work items') })
  .openapi('InitialSyncCount');

export const initialSyncSchema = syncStateSchema
  .extend({
    linkBy: z.object({ jira: z.string(), azure: z.string() }).nullable(),
    range: z.object({ from: z.string().nullable(), to: z.string().nullable() }).nullable(),
  })
  .openapi('InitialSync');

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
      }),
    ),
    /** Pairs with an error that nobody ignores. */
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

// ------------------------------------------------------------------------------------------------ admin: errors

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

// ------------------------------------------------------------------------------------------------ timeline

export const decisionSchema = z
  .object({
    at: instant,
    /** What the run came to: `created`, `updated`, `nothing`, `failed`, `left`, `returned`… */
    what: z.string(),
    /** What made Tandem look, with the side and aspect that an event named. */
    seen: z.array(z.object({ by: z.enum(triggers), side: side.nullable(), aspect: z.string().nullable() })),
    /** Of the fields as read: Jira's newest history id, Azure DevOps' revision. */
    versions: z.object({ jira: z.number().nullable(), azure: z.number().nullable() }),
    operations: z.array(
      z.object({
        side,
        kind: z.string(),
        /** Native field ids. */
        fields: z.array(z.string()),
        /** Names of states or types. */
        from: z.string().nullable(),
        to: z.string().nullable(),
        /** The source's id of a comment or attachment; of a link the id of the item at its other end. */
        child: z.string().nullable(),
      }),
    ),
    rules: z.array(z.object({ mapping: z.string(), rule: z.string() })),
    codes: z.array(z.object({ code: z.string(), subject: z.string().nullable() })),
    /** How many entries were left out. */
    more: z.int(),
  })
  .openapi('Decision');

/** Newest first: at most 200, none older than 30 days. */
export const timelineSchema = z
  .object({
    pairId: z.string(),
    jiraKey: z.string().nullable(),
    azureId: z.string().nullable(),
    decisions: z.array(decisionSchema),
  })
  .openapi('Timeline');

export const timelineSearchSchema = z.object({
  /** A Jira key or the number of a work item. */
  item: z.string().trim().min(1).max(50),
});

/** Of each pair that the item is in: a work item's number may be of several organizations. */
export const foundTimelinesSchema = z
  .object({
    timelines: z.array(
      timelineSchema.extend({
        profile: z.string(),
        status: z.enum(['creating', 'paired', 'orphaned']),
        jiraUrl: z.string().nullable(),
        azureUrl: z.string().nullable(),
        syncedAt: instant.nullable(),
        problems: z.array(z.object({ cause: z.string(), remedy: z.string(), subject: z.string().nullable() })),
      }),
    ),
  })
  .openapi('FoundTimelines');

// ------------------------------------------------------------------------------------------------ issue panel

export const panelSchema = z
  .object({
    /**
     * `none`: no profile covers the project. `waiting`: covered and not paired yet. `unlinked`: an admin let go of the
     * work item.
     */
    status: z.enum(['none', 'waiting', 'paired', 'orphaned', 'unlinked']),
    profile: z.string().nullable(),
    workItem: z.object({ id: z.string(), url: z.string() }).nullable(),
    syncedAt: instant.nullable(),
    problems: z.array(z.object({ cause: z.string(), remedy: z.string(), subject: z.string().nullable() })),
    maySync: z.boolean(),
    /** The profile makes work items of new issues. */
    mayCreate: z.boolean(),
    /** An existing work item may be linked. */
    mayLink: z.boolean(),
    mayUnlink: z.boolean(),
  })
  .openapi('Panel');

export const linkInputSchema = z
  .strictObject({
    /** The work item's number. */
    workItem: z.string().regex(/^[1-9]\d{0,18}$/, 'the number of a work item, such as 345'),
  })
  .openapi('LinkInput');

export const counterpartSchema = z
  .object({ title: z.string().nullable(), type: z.string(), state: z.string(), assignee: z.string().nullable() })
  .openapi('Counterpart');
