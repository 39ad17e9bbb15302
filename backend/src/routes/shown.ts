// How stored things look to the pages: profiles, initial syncs, errors. No I/O.

import type { z } from 'zod';
import { parseOrganization, workItemPage } from '../azure/organization.ts';
import { paceOf } from '../reconcile/initial-sync-pace.ts';
import type { Decision, ErrorRecord, InitialSync, Pair, RetryState } from '../reconcile/ports.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { describeError, type ErrorCode } from '../sync/errors.ts';
import type { BySide, Side } from '../sync/model.ts';
import type { projectQuerySchema } from './connection-schemas.ts';
import { errorRef } from './error-ref.ts';
import type { errorRecordSchema } from './error-schemas.ts';
import type { initialSyncSchema, syncStateSchema } from './initial-sync-schemas.ts';
import type { profileSummarySchema } from './profile-schemas.ts';
import type { decisionSchema } from './timeline-schemas.ts';

const instant = (ms: number) => new Date(ms).toISOString();

/** `now` in epoch ms. */
export const shownSyncState = (sync: InitialSync, now: number): z.infer<typeof syncStateSchema> => ({
  status: sync.status,
  mode: sync.options.mode,
  phase: sync.phase,
  startedAt: instant(sync.startedAt),
  finishedAt: sync.finishedAt === null ? null : instant(sync.finishedAt),
  seen: sync.seen,
  queued: sync.queued,
  done: sync.done,
  failed: sync.failed,
  linked: sync.linked,
  ambiguous: sync.ambiguous,
  ...paceOf(sync, now),
});

export const shownInitialSync = (sync: InitialSync, now: number): z.infer<typeof initialSyncSchema> => ({
  ...shownSyncState(sync, now),
  linkBy: sync.options.linkBy,
  range: sync.options.range,
});

export const shownProfile = (
  record: ProfileRecord,
  pairs: z.infer<typeof profileSummarySchema>['pairs'],
  initialSync: z.infer<typeof initialSyncSchema> | null,
): z.infer<typeof profileSummarySchema> => ({
  id: record.id,
  name: record.settings.name,
  status: record.status,
  reason: record.reason ? describeError(record.reason) : null,
  jiraProject: record.settings.jira.project,
  azureProject: record.settings.azure.project,
  azureConnectionId: record.azureConnectionId,
  pairs,
  initialSync,
  revision: record.revision,
});

/** Where people open the items of a profile. */
export interface Pages {
  readonly jira: (key: string) => string;
  readonly azure: (id: string) => string;
}

export function pagesOf(siteUrl: string, organizationUrl: string, project: string): Pages {
  const organization = parseOrganization(organizationUrl);
  return {
    jira: (key) => `${siteUrl.replace(/\/+$/, '')}/browse/${key}`,
    azure: (id) => workItemPage(organization, project, id),
  };
}

type Shown = z.infer<typeof errorRecordSchema>;

/** Errors that end when a person says whose value stays. */
const settledByChoice: ReadonlySet<ErrorCode> = new Set(['conflict', 'seeding', 'overwritten']);

export const shownPairError = (pair: Pair, record: ErrorRecord, pages: Pages): Shown =>
  shown(
    record,
    pages,
    { jira: pair.keys.jira, azure: pair.ids.azure },
    pair.retry,
    errorRef({
      pair: pair.id,
      record: record.id,
      ...(record.subject === undefined ? {} : { subject: record.subject }),
    }),
    pair.id,
  );

export const shownItemError = (
  profileId: string,
  entry: { side: Side; itemId: string; key: string; record: ErrorRecord; retry: RetryState | null },
  pages: Pages,
): Shown =>
  shown(
    entry.record,
    pages,
    { jira: null, azure: null, [entry.side]: entry.side === 'jira' ? entry.key : entry.itemId },
    entry.retry,
    errorRef({ profile: profileId, side: entry.side, item: entry.itemId, record: entry.record.id }),
    null,
  );

function shown(
  record: ErrorRecord,
  pages: Pages,
  keys: BySide<string | null>,
  retry: RetryState | null,
  ref: string,
  pairId: string | null,
): Shown {
  const { error } = record;
  return {
    ref,
    pairId,
    code: error.code,
    level: error.level,
    ...describeError(error),
    detail: error.detail ?? null,
    subject: record.subject ?? null,
    jiraKey: keys.jira,
    azureId: keys.azure,
    jiraUrl: keys.jira === null ? null : pages.jira(keys.jira),
    azureUrl: keys.azure === null ? null : pages.azure(keys.azure),
    firstAt: instant(record.firstAt),
    lastAt: instant(record.lastAt),
    count: record.count,
    retryAt: retry === null ? null : instant(retry.dueAt),
    ignored: record.ignored,
    ignoredFor: record.ignoredFor ?? null,
    choosable: pairId !== null && record.subject !== undefined && settledByChoice.has(error.code),
  };
}

export const shownDecision = (decision: Decision): z.infer<typeof decisionSchema> => ({
  at: instant(decision.at),
  what: decision.what,
  seen: decision.seen.map(({ by, side = null, aspect = null }) => ({ by, side, aspect })),
  versions: { jira: decision.versions.jira ?? null, azure: decision.versions.azure ?? null },
  operations: decision.operations.map(({ side, kind, fields = [], from = null, to = null, child = null }) => ({
    side,
    kind,
    fields: [...fields],
    from,
    to,
    child,
  })),
  rules: decision.rules.map(({ mapping, rule }) => ({ mapping, rule })),
  codes: decision.codes.map(({ code, subject = null }) => ({ code, subject })),
  more: decision.more ?? 0,
});

const projectsPerPage = 50;

/** Searched by name and key; `after` is how many were shown. */
export function pageOf<T extends { readonly name: string; readonly key: string }>(
  projects: readonly T[],
  { query = '', after = '0' }: z.infer<typeof projectQuerySchema>,
): { projects: T[]; next: string | null } {
  const wanted = query.toLowerCase();
  const found = projects.filter(({ name, key }) => `${name} ${key}`.toLowerCase().includes(wanted));
  const start = Number.parseInt(after, 10) || 0;
  const end = start + projectsPerPage;
  return { projects: found.slice(start, end), next: end < found.length ? String(end) : null };
}
