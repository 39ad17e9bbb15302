// What the backend takes from the app and answers, as types only. The backend's own schemas decide; test/forge-app/contract.test.ts
// holds these against them.

export type Side = 'jira' | 'azure';
export type Direction = 'both' | 'jira-to-azure' | 'azure-to-jira';
export type ConflictPolicy = 'jira' | 'azure' | 'newest' | 'ask';
export type SeedingPolicy = 'jira' | 'azure' | 'ask';

/** An error of any call: a code for programs, a message for people. */
export interface Problem {
  readonly code: string;
  readonly message: string;
  /** Where in the request: `settings.fields.3.azure`. */
  readonly path?: string;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: Problem };

/** Why something does not work and what to do. */
export interface Trouble {
  readonly cause: string;
  readonly remedy: string;
}

// ------------------------------------------------------------------------------------------------ connections

export interface ConnectionInput {
  readonly name: string;
  readonly url: string;
  /** Left out on edit: the stored token stays. */
  readonly pat?: string;
  /** A date without time, as typed. */
  readonly expiresOn: string | null;
}

export interface PermissionCheck {
  readonly name: string;
  readonly granted: boolean;
  /** Without it Tandem works, in a way that costs more. */
  readonly optional?: boolean | undefined;
}

export interface ConnectionCheck {
  readonly reachable: boolean;
  readonly authenticated: boolean;
  readonly account: string | null;
  readonly permissions: readonly PermissionCheck[];
  readonly problem: (Trouble & { readonly detail?: string | undefined }) | null;
}

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly expiresOn: string | null;
  readonly status: 'ok' | 'failing' | 'unknown';
  readonly problem: Trouble | null;
  /** Names of profiles. */
  readonly usedBy: readonly string[];
}

export interface Project {
  readonly id: string;
  readonly key: string;
  readonly name: string;
}

export interface ProjectPage {
  readonly projects: readonly Project[];
  readonly next: string | null;
}

// ------------------------------------------------------------------------------------------------ profiles

export interface ValuePair {
  readonly jira: string;
  readonly azure: string;
}

export type UnmappedPolicy =
  | 'skip'
  | 'error'
  | { readonly set: { readonly jira?: string | undefined; readonly azure?: string | undefined } };

/** By native field id. */
export type FixedValues = Readonly<Record<string, string | number | readonly string[]>>;
export interface FixedBySide {
  readonly jira: FixedValues;
  readonly azure: FixedValues;
}

export interface TypeMapping {
  readonly jira: string;
  readonly azure: string;
  readonly states: readonly ValuePair[];
  readonly defaults: FixedBySide;
  readonly onTransition: FixedBySide;
}

export type FieldKind =
  | 'text'
  | 'richText'
  | 'number'
  | 'date'
  | 'dateTime'
  | 'option'
  | 'options'
  | 'user'
  | 'url'
  | 'boolean';

export interface FieldMapping {
  readonly jira: string;
  readonly azure: string;
  readonly kind: FieldKind;
  readonly direction: Direction;
  readonly conflict?: ConflictPolicy | undefined;
  readonly seeding?: SeedingPolicy | undefined;
  readonly enforce: boolean;
  readonly values?: readonly ValuePair[] | undefined;
  readonly unmapped?: UnmappedPolicy | undefined;
  readonly createMissing?: boolean | undefined;
  readonly template?: { readonly jira?: string | undefined; readonly azure?: string | undefined } | undefined;
  readonly units?: { readonly jira?: EffortUnit | undefined; readonly azure?: EffortUnit | undefined } | undefined;
  readonly types?: readonly string[] | undefined;
}

export type EffortUnit = 'minutes' | 'hours' | 'days' | 'weeks';

export interface Policies {
  readonly conflict: ConflictPolicy;
  readonly winner: Side;
  readonly seeding: SeedingPolicy;
  readonly linkExisting: 'title' | 'none';
  readonly unmappedType: 'skip' | 'error';
  readonly unmappedUser: UnmappedPolicy;
  readonly unmappedValue: UnmappedPolicy;
  readonly deleted: 'mark' | 'close' | 'delete';
  readonly archived: 'mark' | 'close' | 'delete' | 'keep';
  readonly leftFilter: 'mark' | 'close' | 'delete' | 'keep';
  readonly leftProject: 'follow' | 'mark' | 'close' | 'delete';
  readonly typeChanged: 'follow' | 'keep' | 'error' | 'mark' | 'close' | 'delete';
  readonly restricted: 'skip' | 'sync';
  readonly brake: { readonly limit: number; readonly windowMinutes: number };
}

export interface ChildSettings {
  readonly direction: Direction;
  readonly enabled: boolean;
}

export interface CommentSettings extends ChildSettings {
  readonly deleted: 'delete' | 'leave';
  readonly conflict?: ConflictPolicy | undefined;
  readonly restricted?: 'skip' | 'sync' | undefined;
}

export interface AttachmentSettings extends ChildSettings {
  readonly deleted: 'leave' | 'delete';
}

export interface ProfileSettings {
  readonly name: string;
  readonly jira: { readonly project: string; readonly filter?: string | undefined };
  readonly azure: { readonly project: string; readonly filter?: string | undefined };
  readonly direction: Direction;
  readonly types: readonly TypeMapping[];
  readonly fields: readonly FieldMapping[];
  readonly states: { readonly direction: Direction; readonly conflict?: ConflictPolicy | undefined };
  readonly users: readonly ValuePair[];
  readonly comments: CommentSettings;
  readonly attachments: AttachmentSettings;
  readonly links: LinkSettings;
  readonly counterpartKey: { readonly jira?: string | undefined; readonly azure?: string | undefined };
  readonly policies: Policies;
  readonly workingTime?: { readonly hoursPerDay: number; readonly daysPerWeek: number } | undefined;
  readonly timeZone: string;
}

export interface LinkSettings extends ChildSettings {
  readonly types: readonly {
    readonly jira: string;
    readonly azure: string;
    readonly direction?: Direction | undefined;
  }[];
  readonly hierarchy: boolean;
  readonly remote: boolean;
  readonly counterpart: 'none' | 'jira' | 'azure' | 'both';
}

export interface ProfileInput {
  readonly azureConnectionId: string;
  readonly settings: ProfileSettings;
}

export type InitialSyncMode = 'unpaired' | 're-sync';

/** Field ids by which items that exist are paired; `issuekey` and `System.Id` stand for an item's own name. */
export interface LinkFields {
  readonly jira: string;
  readonly azure: string;
}

/** Days in the profile's time zone, both included. */
export interface DateRange {
  readonly from: string | null;
  readonly to: string | null;
}

export interface InitialSyncInput {
  readonly mode: InitialSyncMode;
  readonly linkBy: LinkFields | null;
  readonly range: DateRange | null;
}

export interface InitialSyncCount {
  readonly jira: number;
  readonly azure: number;
  /** There may be more work items. */
  readonly atLeast: boolean;
}

export interface InitialSync extends InitialSyncInput {
  readonly status: 'running' | 'paused' | 'done' | 'stopped' | 'failed';
  readonly phase: 'linking' | 'pairs' | Side | 'draining';
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly seen: number;
  readonly queued: number;
  readonly done: number;
  readonly failed: number;
  readonly linked: number;
  /** Left alone, since others hold the same value of the field that they would be linked by. */
  readonly ambiguous: number;
  /** Of the last minutes; null while there is no telling. */
  readonly itemsPerMinute: number | null;
  readonly secondsLeft: number | null;
}

export interface ProfileSummary {
  readonly id: string;
  readonly name: string;
  readonly status: 'draft' | 'enabled' | 'paused' | 'stopped';
  readonly reason: Trouble | null;
  readonly jiraProject: string;
  readonly azureProject: string;
  readonly azureConnectionId: string;
  readonly pairs: {
    readonly paired: number;
    readonly creating: number;
    readonly orphaned: number;
    readonly failing: number;
  };
  readonly initialSync: InitialSync | null;
  readonly revision: number;
}

export interface ProfileDetail extends ProfileSummary {
  readonly settings: ProfileSettings;
}

export interface PreviewCounts {
  readonly items: number;
  readonly create: number;
  readonly link: number;
  readonly update: number;
  readonly transition: number;
  readonly comment: number;
  readonly attachment: number;
  readonly itemLink: number;
  readonly unchanged: number;
  readonly skip: number;
  readonly error: number;
}

export interface PreviewedWrite {
  readonly side: Side;
  readonly field: string;
  readonly before: string | null;
  readonly after: string | null;
  /** Of a rich text; null where a value is none, or is left to its words. */
  readonly drawn: { readonly before: DrawnText | null; readonly after: DrawnText | null } | null;
  readonly why: string;
}

export interface DrawnText {
  /** In Atlassian Document Format. */
  readonly doc: { readonly type: 'doc'; readonly version: 1; readonly content: readonly unknown[] };
  /** Blocks at its end were left out. */
  readonly cut: boolean;
}

export interface PreviewedItem {
  readonly jiraKey: string | null;
  readonly azureId: string | null;
  readonly jiraUrl: string | null;
  readonly azureUrl: string | null;
  /** `link`: both exist already and would be paired. */
  readonly action: 'create' | 'link' | 'update' | 'nothing' | 'skip' | 'error';
  readonly note: string | null;
  readonly writes: readonly PreviewedWrite[];
  /** Keys of items without a counterpart, to which the item has links or which its texts name. */
  readonly waitsFor: readonly string[];
  readonly problems: readonly Trouble[];
}

export interface ProfilePreview {
  readonly counts: PreviewCounts;
  /** False: the counts are of those items that there was time to look at. */
  readonly complete: boolean;
  /** False: some of those to create may turn out to exist on the other side. */
  readonly twinsKnown: boolean;
  readonly sample: readonly PreviewedItem[];
}

/** What waits in a profile that stopped itself. */
export interface ProfileStop {
  readonly reason: (Trouble & { readonly code: string }) | null;
  readonly since: string | null;
  readonly done: number;
  readonly limit: number;
  readonly windowMinutes: number;
  readonly waiting: number;
  readonly deleted: number;
  readonly items: readonly StoppedItem[];
}

export interface StoppedItem {
  readonly side: Side;
  readonly jiraKey: string | null;
  readonly azureId: string | null;
  readonly jiraUrl: string | null;
  readonly azureUrl: string | null;
  readonly deleted: boolean;
}

export interface SettingsProblem {
  /** `fields.3.azure` */
  readonly path: string;
  readonly level: 'error' | 'warning';
  readonly message: string;
}

export interface SuggestInput {
  readonly jiraProject: string;
  readonly azureConnectionId: string;
  readonly azureProject: string;
}

export interface Suggestion {
  readonly settings: ProfileSettings;
  readonly reasons: readonly SuggestionReason[];
  readonly problems: readonly SettingsProblem[];
}

export interface SuggestionReason {
  readonly path: string;
  readonly reason: string;
  readonly confidence: 'high' | 'medium' | 'low';
}

export interface CatalogField {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly required: boolean;
  readonly readOnly: boolean;
}

export interface CatalogType {
  readonly name: string;
  readonly states: readonly string[];
  /** States that no way leads to, where the site tells its workflow. */
  readonly unreachable: readonly string[];
  readonly fields: readonly CatalogField[];
}

export interface Catalogs {
  readonly jira: { readonly types: readonly CatalogType[] };
  readonly azure: { readonly types: readonly CatalogType[] };
}

export interface SiteHealth {
  readonly jiraToken: 'live' | 'ending' | 'missing';
  readonly waits: readonly { readonly side: Side; readonly connection: string; readonly until: string }[];
  /** How often a site refused a call for its limit within the last one or two hours. */
  readonly limited: readonly { readonly side: Side; readonly times: number }[];
  readonly hooks: readonly {
    readonly profileId: string;
    readonly profile: string;
    readonly missing: readonly string[];
    readonly problem: Trouble | null;
  }[];
}

export interface ListedProfile extends ProfileSummary {
  /** When it last carried something over, to ten minutes; null when that was not within the last days. */
  readonly lastChangeAt: string | null;
  /** Items that have no counterpart, because of an error that nobody ignores. */
  readonly itemErrors: number;
}

export interface Overview {
  readonly installation: { readonly siteUrl: string };
  readonly connections: readonly Connection[];
  readonly profiles: readonly ListedProfile[];
  /** Of all profiles together. */
  readonly errors: number;
}

// ------------------------------------------------------------------------------------------------ errors

export interface ErrorRecord {
  /** Names the error in retry, ignore and choose. */
  readonly ref: string;
  readonly pairId: string | null;
  readonly code: string;
  readonly level: 'field' | 'child' | 'item' | 'profile' | 'connection';
  readonly cause: string;
  readonly remedy: string;
  readonly detail: string | null;
  /** The mapping or child that it is about. */
  readonly subject: string | null;
  readonly jiraKey: string | null;
  readonly azureId: string | null;
  readonly jiraUrl: string | null;
  readonly azureUrl: string | null;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
  readonly retryAt: string | null;
  readonly ignored: boolean;
  readonly ignoredFor: IgnoreReason | null;
  /** It waits for a choice between the two sides' values. */
  readonly choosable: boolean;
}

export type IgnoreReason = 'intended' | 'known' | 'later' | 'unimportant';

/** Both values of an error that waits for a choice, as they stand now. */
export interface ErrorValues {
  readonly ref: string;
  /** What people call the field. */
  readonly fields: { readonly jira: string; readonly azure: string } | null;
  readonly jira: string | null;
  readonly azure: string | null;
  /** False: an item or the mapping is gone. */
  readonly readable: boolean;
}

export interface ErrorPage {
  readonly errors: readonly ErrorRecord[];
  readonly next: string | null;
}

/** What a page tells of its use; nobody's id and no text. */
export interface UsageEvent {
  readonly page: 'home' | 'connections' | 'errors' | 'timeline' | 'wizard' | 'editor' | 'history';
  readonly action: 'open' | 'leave';
  /** Whole milliseconds, an hour at most. */
  readonly durationMs: number;
}
