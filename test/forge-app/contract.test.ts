// The app may not import the backend, so it has its own types of what both say to each other: they must be the same.

import type { z } from '@hono/zod-openapi';
import { describe, expectTypeOf, it } from 'vitest';
import type * as connectionSchemas from '../../backend/src/routes/connection-schemas.ts';
import type * as editingSchemas from '../../backend/src/routes/editing-schemas.ts';
import type * as errorSchemas from '../../backend/src/routes/error-schemas.ts';
import type * as fileSchemas from '../../backend/src/routes/file-schemas.ts';
import type * as initialSyncSchemas from '../../backend/src/routes/initial-sync-schemas.ts';
import type * as panelSchemas from '../../backend/src/routes/panel-schemas.ts';
import type * as previewSchemas from '../../backend/src/routes/preview-schemas.ts';
import type * as profileSchemas from '../../backend/src/routes/profile-schemas.ts';
import type * as otherSchemas from '../../backend/src/routes/schemas.ts';
import type * as timelineSchemas from '../../backend/src/routes/timeline-schemas.ts';
import type { ProfileSettings as BackendSettings } from '../../backend/src/sync/profile.ts';
import type { UsageEvent } from '../../backend/src/telemetry/usage-events.ts';
import type * as app from '../../forge-app/contract.ts';
import type * as editing from '../../forge-app/contract-editing.ts';
import type * as panel from '../../forge-app/contract-panel.ts';
import type * as timelines from '../../forge-app/contract-timeline.ts';

type Schemas = typeof otherSchemas &
  typeof connectionSchemas &
  typeof editingSchemas &
  typeof errorSchemas &
  typeof fileSchemas &
  typeof initialSyncSchemas &
  typeof panelSchemas &
  typeof previewSchemas &
  typeof profileSchemas &
  typeof timelineSchemas;
type AnswerOf<Name extends keyof Schemas> = z.infer<Schemas[Name]>;
type TakenBy<Name extends keyof Schemas> = z.input<Schemas[Name]>;

describe('what the backend answers', () => {
  it('is what the pages read', () => {
    expectTypeOf<AnswerOf<'connectionSchema'>>().toExtend<app.Connection>();
    expectTypeOf<AnswerOf<'connectionCheckSchema'>>().toExtend<app.ConnectionCheck>();
    expectTypeOf<AnswerOf<'projectSchema'>>().toExtend<app.Project>();
    expectTypeOf<AnswerOf<'profileSummarySchema'>>().toExtend<app.ProfileSummary>();
    expectTypeOf<AnswerOf<'overviewSchema'>['profiles'][number]>().toExtend<app.ListedProfile>();
    expectTypeOf<AnswerOf<'profileDetailSchema'>>().toExtend<app.ProfileDetail>();
    expectTypeOf<AnswerOf<'initialSyncCountSchema'>>().toExtend<app.InitialSyncCount>();
    expectTypeOf<AnswerOf<'suggestionSchema'>>().toExtend<app.Suggestion>();
    expectTypeOf<AnswerOf<'catalogsSchema'>>().toExtend<app.Catalogs>();
    expectTypeOf<AnswerOf<'settingsProblemSchema'>>().toExtend<app.SettingsProblem>();
    expectTypeOf<AnswerOf<'errorPageSchema'>>().toExtend<app.ErrorPage>();
    expectTypeOf<AnswerOf<'profilePreviewSchema'>>().toExtend<app.ProfilePreview>();
    expectTypeOf<AnswerOf<'stopSchema'>>().toExtend<app.ProfileStop>();
    expectTypeOf<AnswerOf<'errorValuesSchema'>>().toExtend<app.ErrorValues>();
    expectTypeOf<AnswerOf<'panelSchema'>>().toExtend<panel.Panel>();
    expectTypeOf<AnswerOf<'counterpartSchema'>>().toExtend<panel.Counterpart>();
    expectTypeOf<AnswerOf<'draftSchema'>>().toExtend<editing.StoredDraft>();
    expectTypeOf<AnswerOf<'filterCountSchema'>>().toExtend<editing.FilterCount>();
    expectTypeOf<AnswerOf<'peopleMatchSchema'>>().toExtend<editing.PeopleMatch>();
    expectTypeOf<AnswerOf<'settingsHistorySchema'>['revisions'][number]>().toExtend<editing.SettingsRevision>();
    expectTypeOf<AnswerOf<'siteHealthSchema'>>().toExtend<app.SiteHealth>();
    expectTypeOf<AnswerOf<'foundTimelinesSchema'>['timelines'][number]>().toExtend<timelines.FoundTimeline>();
    expectTypeOf<AnswerOf<'profileFileAnswerSchema'>>().toExtend<editing.ProfileFile>();
    expectTypeOf<AnswerOf<'checkedFileSchema'>>().toExtend<editing.CheckedProfileFile>();
  });
});

/** What is sent is JSON: there, read-only and not are the same. */
type Sent<T> = T extends readonly (infer Element)[]
  ? Sent<Element>[]
  : T extends object
    ? { -readonly [Key in keyof T]: Sent<T[Key]> }
    : T;

describe('what the pages send', () => {
  it('is what the backend takes', () => {
    expectTypeOf<Sent<app.ConnectionInput>>().toExtend<TakenBy<'connectionInputSchema'>>();
    expectTypeOf<Sent<app.ProfileInput>>().toExtend<TakenBy<'profileInputSchema'>>();
    expectTypeOf<Sent<app.InitialSyncInput>>().toExtend<TakenBy<'initialSyncInputSchema'>>();
    expectTypeOf<Sent<app.SuggestInput>>().toExtend<TakenBy<'suggestInputSchema'>>();
    expectTypeOf<Sent<editing.FilterInput>>().toExtend<TakenBy<'filterInputSchema'>>();
    expectTypeOf<Sent<app.ProfileSettings>>().toExtend<BackendSettings>();
    expectTypeOf<Sent<app.UsageEvent>>().toExtend<UsageEvent>();
  });
});
