// What the pages may ask their resolver, by name: the payload and the answer of each. Types only; both ends are held to them.

import type {
  Catalogs,
  Connection,
  ConnectionCheck,
  ConnectionInput,
  ErrorPage,
  ErrorValues,
  IgnoreReason,
  InitialSyncCount,
  InitialSyncInput,
  Overview,
  ProfileDetail,
  ProfileInput,
  ProfilePreview,
  ProfileSettings,
  ProfileStop,
  ProjectPage,
  SettingsProblem,
  Side,
  SiteHealth,
  SuggestInput,
  Suggestion,
  UsageEvent,
} from './contract.ts';
import type {
  CheckedProfileFile,
  FilterCount,
  FilterInput,
  PeopleMatch,
  ProfileFile,
  SettingsDifference,
  SettingsRevision,
  StoredDraft,
} from './contract-editing.ts';
import type { Counterpart, Panel } from './contract-panel.ts';
import type { FoundTimeline } from './contract-timeline.ts';
import type { WatchOperations } from './operations-watch.ts';

interface Operation<Payload, Value> {
  readonly payload: Payload;
  readonly value: Value;
}

type Nothing = Readonly<Record<string, never>>;
interface ById {
  readonly id: string;
}
interface ProjectSearch {
  readonly query: string;
  readonly after?: string;
}

/** Of the admin page. */
export interface AdminOperations extends WatchOperations {
  readonly overview: Operation<Nothing, Overview>;
  readonly siteHealth: Operation<Nothing, SiteHealth>;
  readonly createConnection: Operation<{ readonly connection: ConnectionInput }, Connection>;
  readonly updateConnection: Operation<ById & { readonly connection: ConnectionInput }, unknown>;
  readonly deleteConnection: Operation<ById, unknown>;
  /** What was typed, before it is stored. */
  readonly testConnection: Operation<{ readonly connection: ConnectionInput }, ConnectionCheck>;
  readonly testStoredConnection: Operation<ById, ConnectionCheck>;
  readonly azureProjects: Operation<ProjectSearch & { readonly connectionId: string }, ProjectPage>;
  readonly jiraProjects: Operation<ProjectSearch, ProjectPage>;
  readonly suggest: Operation<{ readonly input: SuggestInput }, Suggestion>;
  readonly catalogs: Operation<{ readonly input: SuggestInput }, Catalogs>;
  readonly validate: Operation<{ readonly profile: ProfileInput }, { readonly problems: readonly SettingsProblem[] }>;
  readonly filterCount: Operation<{ readonly input: FilterInput }, FilterCount>;
  readonly matchPeople: Operation<{ readonly profile: ProfileInput }, PeopleMatch>;
  readonly profile: Operation<ById, ProfileDetail>;
  readonly createProfile: Operation<{ readonly profile: ProfileInput }, ProfileDetail>;
  readonly updateProfile: Operation<
    ById & { readonly settings: ProfileSettings; readonly revision: number },
    ProfileDetail
  >;
  readonly draft: Operation<ById, StoredDraft>;
  /** `after`: `savedAt` of the draft that is gone on with. */
  readonly saveDraft: Operation<ById & { readonly draft: object; readonly after: string | null }, StoredDraft>;
  readonly discardDraft: Operation<ById, unknown>;
  readonly settingsHistory: Operation<ById, { readonly revisions: readonly SettingsRevision[] }>;
  readonly differences: Operation<
    ById & { readonly settings: ProfileSettings },
    { readonly differences: readonly SettingsDifference[] }
  >;
  readonly exportProfile: Operation<ById, ProfileFile>;
  readonly checkProfileFile: Operation<{ readonly input: { readonly yaml: string } }, CheckedProfileFile>;
  readonly deleteProfile: Operation<ById, unknown>;
  readonly previewProfile: Operation<ById, ProfilePreview>;
  readonly previewSettings: Operation<ById & { readonly settings: ProfileSettings }, ProfilePreview>;
  readonly profileStop: Operation<ById, ProfileStop>;
  readonly enableProfile: Operation<ById, unknown>;
  readonly pauseProfile: Operation<ById, unknown>;
  readonly renewHooks: Operation<ById, unknown>;
  /** Without options: every item that has no pair. */
  readonly startInitialSync: Operation<ById & { readonly options?: InitialSyncInput }, unknown>;
  readonly countInitialSync: Operation<ById & { readonly options: InitialSyncInput }, InitialSyncCount>;
  readonly pauseInitialSync: Operation<ById, unknown>;
  readonly resumeInitialSync: Operation<ById, unknown>;
  readonly stopInitialSync: Operation<ById, unknown>;
  readonly timelines: Operation<{ readonly item: string }, { readonly timelines: readonly FoundTimeline[] }>;
  readonly errors: Operation<ById & { readonly after?: string; readonly limit?: string }, ErrorPage>;
  readonly retryErrors: Operation<{ readonly refs: readonly string[] }, unknown>;
  readonly ignoreErrors: Operation<{ readonly refs: readonly string[]; readonly reason?: IgnoreReason }, unknown>;
  /** At most 50 at once. */
  readonly errorValues: Operation<{ readonly refs: readonly string[] }, { readonly values: readonly ErrorValues[] }>;
  readonly usage: Operation<{ readonly event: UsageEvent }, unknown>;
  readonly chooseSide: Operation<{ readonly refs: readonly string[]; readonly side: Side }, unknown>;
}

/** Of the issue panel; which issue is meant comes from Jira's context, never from the page. */
export interface PanelOperations {
  readonly panel: Operation<Nothing, Panel>;
  readonly sync: Operation<Nothing, unknown>;
  readonly counterpart: Operation<Nothing, Counterpart>;
  readonly link: Operation<{ readonly workItem: string }, unknown>;
  readonly unlink: Operation<Nothing, unknown>;
}

export type PayloadOf<Operations, Name extends keyof Operations> =
  Operations[Name] extends Operation<infer Payload, unknown> ? Payload : never;
export type ValueOf<Operations, Name extends keyof Operations> =
  Operations[Name] extends Operation<unknown, infer Value> ? Value : never;
