// A profile: what is kept the same between one Jira project and one Azure DevOps project, and by which rules.
// The schema is the one form in which the admin API, the store and `profile.yml` hold it.

import { z } from 'zod';

export const directionSchema = z.enum(['both', 'jira-to-azure', 'azure-to-jira']);
export type Direction = z.infer<typeof directionSchema>;

export const conflictPolicySchema = z.enum(['jira', 'azure', 'newest', 'ask']);
export type ConflictPolicy = z.infer<typeof conflictPolicySchema>;

export const seedingPolicySchema = z.enum(['jira', 'azure', 'ask']);
export type SeedingPolicy = z.infer<typeof seedingPolicySchema>;

/** What becomes of a value or person without a counterpart: left out, told as an error, or replaced by a set one. */
export const unmappedPolicySchema = z.union([
  z.enum(['skip', 'error']),
  z.strictObject({ set: z.strictObject({ jira: z.string().optional(), azure: z.string().optional() }) }),
]);
export type UnmappedPolicy = z.infer<typeof unmappedPolicySchema>;

/** Names that mean the same. The first pair that names a value decides its counterpart; any listed pair counts as equal. */
export const valuePairSchema = z.strictObject({ jira: z.string().min(1), azure: z.string().min(1) });
export type ValuePair = z.infer<typeof valuePairSchema>;

export const fieldKindSchema = z.enum([
  'text',
  'richText',
  'number',
  'date',
  'dateTime',
  'option',
  'options',
  'user',
  'url',
  'boolean',
]);

/**
 * Texts by the side that is written. `{value}` is the mapped field's value, `{key}` and `{url}` the source item's, any other
 * name in braces a field of the source item by its native id; `{{` and `}}` are braces.
 */
export const templateSchema = z.strictObject({
  jira: z.string().min(1).max(2000).optional(),
  azure: z.string().min(1).max(2000).optional(),
});

export const effortUnitSchema = z.enum(['minutes', 'hours', 'days', 'weeks']);
export type EffortUnit = z.infer<typeof effortUnitSchema>;

export const fieldMappingSchema = z.strictObject({
  /** Native field ids: `summary`, `customfield_10010`; `System.Title`, `Custom.Team`. */
  jira: z.string().min(1),
  azure: z.string().min(1),
  /** The form in which both are compared; where the two sides' own kinds differ, the value is converted to each. */
  kind: fieldKindSchema,
  direction: directionSchema.default('both'),
  /** Overrides the profile's policies for this field. */
  conflict: conflictPolicySchema.optional(),
  seeding: seedingPolicySchema.optional(),
  /** With a one-way field: undo edits of the target instead of leaving them until the source changes. */
  enforce: z.boolean().default(false),
  values: z.array(valuePairSchema).optional(),
  unmapped: unmappedPolicySchema.optional(),
  /**
   * A sprint, version, component, iteration or area that the written side lacks is made there, with its dates. Later changes
   * of days and names follow (sync/planning-changes.ts).
   */
  createMissing: z.boolean().optional(),
  /** What the written side gets instead of the bare value; see sync/templates.ts. */
  template: templateSchema.optional(),
  /** In what a number counts, for effort. Jira's own estimates and time spent are always hours here. */
  units: z.strictObject({ jira: effortUnitSchema.optional(), azure: effortUnitSchema.optional() }).optional(),
  /** Jira type names for which the mapping holds; all when absent. */
  types: z.array(z.string()).optional(),
});
export type FieldMapping = z.infer<typeof fieldMappingSchema>;

/** Fixed values by native field id. */
const fixedValuesSchema = z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())]));
const fixedBySideSchema = z
  .strictObject({ jira: fixedValuesSchema.default({}), azure: fixedValuesSchema.default({}) })
  .default({ jira: {}, azure: {} });

export const typeMappingSchema = z.strictObject({
  jira: z.string().min(1),
  azure: z.string().min(1),
  states: z.array(valuePairSchema).default([]),
  /** For fields that a side requires at the creation and the mapping does not provide. */
  defaults: fixedBySideSchema,
  /** For fields that the screen of a transition requires, such as Jira's `resolution`. */
  onTransition: fixedBySideSchema,
});
export type TypeMapping = z.infer<typeof typeMappingSchema>;

export const linkTypeSchema = z.strictObject({
  /** A Jira link type by its name, read outward: `Blocks` is "this issue blocks that one". */
  jira: z.string().min(1),
  /** The relation that stands for it on the same item, by its reference name. */
  azure: z.string().min(1),
  direction: directionSchema.optional(),
});
export type LinkTypeMapping = z.infer<typeof linkTypeSchema>;

/** The link types that every new Jira site has, as Azure DevOps says them. */
export const defaultLinkTypes: readonly LinkTypeMapping[] = [
  { jira: 'Blocks', azure: 'System.LinkTypes.Dependency-Forward' },
  { jira: 'Duplicate', azure: 'System.LinkTypes.Duplicate-Reverse' },
  { jira: 'Relates', azure: 'System.LinkTypes.Related' },
];

const linksSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    direction: directionSchema.default('both'),
    /** The first mapping that names a type decides what it becomes. Types that neither side has are passed over. */
    types: z.array(linkTypeSchema).default([...defaultLinkTypes]),
    /** Parent and child: epics, sub-tasks ↔ Azure DevOps' hierarchy. */
    hierarchy: z.boolean().default(true),
    /** Jira's web links ↔ hyperlinks. */
    remote: z.boolean().default(true),
    /** Where an item shows a link to its counterpart: a hyperlink in Azure DevOps, a web link in Jira (a call each). */
    counterpart: z.enum(['none', 'jira', 'azure', 'both']).default('azure'),
  })
  .prefault({});

/** Text fields that hold the counterpart's key, so that JQL and WIQL can ask for it. */
const counterpartKeySchema = z
  .strictObject({
    /** A custom field of the issue for the work item's number: `customfield_10060`. */
    jira: z.string().min(1).optional(),
    /** A field of the work item for the key: `Custom.JiraKey`. */
    azure: z.string().min(1).optional(),
  })
  .default({});

const commentsSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    direction: directionSchema.default('both'),
    /**
     * A comment that somebody deleted is deleted on the other side too, as far as the direction goes; or what is left of the
     * two stays, and is not copied again.
     */
    deleted: z.enum(['delete', 'leave']).default('delete'),
    /**
     * Where both were edited, instead of `policies.conflict`. A deletion that meets an edit: `newest` lets it pass, a named
     * side wins, `ask` asks.
     */
    conflict: conflictPolicySchema.optional(),
    /**
     * Jira's comments for a role or a group, and internal ones of service projects, instead of `policies.restricted`. With
     * `skip` one that becomes restricted is no longer updated and its copy goes (or stays, by `deleted`); one that becomes
     * public enters.
     */
    restricted: z.enum(['skip', 'sync']).optional(),
  })
  .prefault({});

const attachmentsSchema = z
  .strictObject({
    enabled: z.boolean().default(true),
    direction: directionSchema.default('both'),
    /**
     * A file that somebody deleted: what is left of the two stays, and is not copied again; or it is deleted too, as far as
     * the direction goes, out of the budget of `policies.brake`. One that was replaced by another of its name is a deleted
     * and a new one.
     */
    deleted: z.enum(['leave', 'delete']).default('leave'),
  })
  .prefault({});

export const profileSchema = z.strictObject({
  name: z.string().min(1).max(100),
  jira: z.strictObject({
    /** Project key. */
    project: z.string().regex(/^[A-Z][A-Z0-9_]+$/, 'a Jira project key such as TAN'),
    /** JQL that limits which issues enter. */
    filter: z.string().max(5000).optional(),
  }),
  azure: z.strictObject({
    project: z.string().min(1),
    /** The condition of a WIQL WHERE clause. */
    filter: z.string().max(5000).optional(),
  }),
  /** Which side's new items get a counterpart. */
  direction: directionSchema.default('both'),
  types: z.array(typeMappingSchema).min(1).max(500),
  fields: z.array(fieldMappingSchema).min(1).max(1000),
  /** How a changed state is treated. */
  states: z
    .strictObject({ direction: directionSchema.default('both'), conflict: conflictPolicySchema.optional() })
    .default({ direction: 'both' }),
  users: z.array(valuePairSchema).default([]),
  comments: commentsSchema,
  attachments: attachmentsSchema,
  links: linksSchema,
  counterpartKey: counterpartKeySchema,
  policies: z
    .strictObject({
      conflict: conflictPolicySchema.default('newest'),
      /** Who wins where `newest` cannot tell. */
      winner: z.enum(['jira', 'azure']).default('jira'),
      seeding: seedingPolicySchema.default('jira'),
      /** Before an initial sync creates counterparts, it pairs items of both sides with the same, unique title. */
      linkExisting: z.enum(['title', 'none']).default('title'),
      unmappedType: z.enum(['skip', 'error']).default('skip'),
      unmappedUser: unmappedPolicySchema.default('skip'),
      unmappedValue: unmappedPolicySchema.default('error'),
      /** Of the counterpart of an item that was deleted: it stays and is marked, is closed and marked, or is deleted. */
      deleted: z.enum(['mark', 'close', 'delete']).default('mark'),
      /** The same for one that was archived in Jira; `keep`: nothing is done. */
      archived: z.enum(['mark', 'close', 'delete', 'keep']).default('mark'),
      /** The same for one that once passed the filter and does no longer; `keep`: it goes on being synchronized. */
      leftFilter: z.enum(['mark', 'close', 'delete', 'keep']).default('mark'),
      /**
       * The same for one that was moved to another project; `follow`: where another profile pairs that project with the
       * counterpart's, the pair goes over to it, else the counterpart is marked.
       */
      leftProject: z.enum(['follow', 'mark', 'close', 'delete']).default('follow'),
      /**
       * Of an item whose type was changed: the counterpart's type follows where the mapping and the service allow it, the
       * pair goes on as it is, an error is raised, or the counterpart is marked, closed or deleted.
       */
      typeChanged: z.enum(['follow', 'keep', 'error', 'mark', 'close', 'delete']).default('follow'),
      restricted: z.enum(['skip', 'sync']).default('skip'),
      /** Destructive changes allowed in the window before the profile stops and asks. */
      brake: z
        .strictObject({ limit: z.int().min(1).default(100), windowMinutes: z.int().min(1).default(60) })
        .default({ limit: 100, windowMinutes: 60 }),
    })
    .prefault({}),
  /** How long a day and a week of work are, where effort is counted in them. */
  workingTime: z
    .strictObject({ hoursPerDay: z.number().min(0.5).max(24), daysPerWeek: z.number().min(0.5).max(7) })
    .optional(),
  /** The zone in which a date-time becomes a date, an IANA name. */
  timeZone: z.string().default('UTC'),
});
export type ProfileSettings = z.infer<typeof profileSchema>;

/** A stored profile: its settings with the ids that it is known by. */
export interface Profile {
  readonly id: string;
  readonly installationId: string;
  readonly jiraConnectionId: string;
  readonly azureConnectionId: string;
  readonly settings: ProfileSettings;
  readonly status: 'draft' | 'enabled' | 'paused' | 'stopped';
  /** Counts up with every saved change of the settings. */
  readonly revision: number;
}

/** A field mapping's identity within its profile: what baselines and errors are kept under. */
export const mappingId = (mapping: Pick<FieldMapping, 'jira' | 'azure'>): string => `${mapping.jira}~${mapping.azure}`;

/** The mapping id of the state, which is mapped per type. */
export const stateMappingId = 'status~System.State';
