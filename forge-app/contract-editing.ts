// What the pages that make and change a profile take of the backend and send it, as types only: see contract.ts.

import type { ProfileSettings, Side } from './contract.ts';

/** Settings that somebody is still editing. */
export interface StoredDraft {
  readonly draft: unknown;
  readonly baseRevision: number | null;
  readonly savedAt: string | null;
  /** Account id. */
  readonly savedBy: string | null;
}

export type FilterInput =
  | { readonly side: 'jira'; readonly project: string; readonly filter?: string }
  | { readonly side: 'azure'; readonly azureConnectionId: string; readonly project: string; readonly filter?: string };

export interface FilterCount {
  readonly count: number | null;
  /** There may be more. */
  readonly atLeast: boolean;
  /** In the service's own words. */
  readonly problem: string | null;
}

export interface MatchedPerson {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

export interface PeopleMatch {
  readonly matched: { readonly byEmail: number; readonly byProfile: number };
  readonly unmatched: Readonly<Record<Side, { readonly total: number; readonly people: readonly MatchedPerson[] }>>;
}

export interface SettingsDifference {
  /** `fields[summary ↔ System.Title].direction` */
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
}

export interface SettingsRevision {
  readonly revision: number;
  readonly savedAt: string;
  readonly savedBy: string | null;
  readonly differences: readonly SettingsDifference[];
}

export interface ProfileFile {
  readonly fileName: string;
  readonly yaml: string;
}

export interface CheckedProfileFile {
  /** Null when the file can't be used. */
  readonly settings: ProfileSettings | null;
  readonly problems: readonly { readonly path: string; readonly line: number | null; readonly message: string }[];
  readonly differences: readonly SettingsDifference[];
}
