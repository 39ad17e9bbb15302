// How stored things look to the pages: profiles, initial syncs, errors. No I/O.

import type { z } from 'zod';
import { parseOrganization, workItemPage } from '../azure/organization.ts';
import type { ErrorRecord, InitialSync, Pair, RetryState } from '../reconcile/ports.ts';
import type { ProfileRecord } from '../store/config-store.ts';
import { describeError } from '../sync/errors.ts';
import type { BySide, Side } from '../sync/model.ts';
import type { errorRecordSchema, initialSyncSchema, profileSummarySchema } from './schemas.ts';

const instant = (ms: number) => new Date(ms).toISOString();

export const shownInitialSync = (sync: InitialSync): z.infer<typeof initialSyncSchema> => ({
  status: sync.status,
  startedAt: instant(sync.startedAt),
  finishedAt: sync.finishedAt === null ? null : instant(sync.finishedAt),
  seen: sync.seen,
  queued: sync.queued,
  done: sync.done,
  failed: sync.failed,
});

export const shownProfile = (
  record: ProfileRecord,
  pairs: z.infer<typeof profileSummarySchema>['pairs'],
  sync: InitialSync | null,
): z.infer<typeof profileSummarySchema> => ({
  id: record.id,
  name: record.settings.name,
  status: record.status,
  reason: record.reason ? describeError(record.reason) : null,
  jiraProject: record.settings.jira.project,
  azureProject: record.settings.azure.project,
  azureConnectionId: record.azureConnectionId,
  pairs,
  initialSync: sync ? shownInitialSync(sync) : null,
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

/** Names an error of a pair or of an item without one; opaque to the pages. */
export const errorRef = (ref: ErrorRef): string => Buffer.from(JSON.stringify(ref)).toString('base64url');

export type ErrorRef =
  | { readonly pair: string; readonly record: string; readonly subject?: string }
  | { readonly profile: string; readonly side: Side; readonly item: string; readonly record: string };

export function readErrorRef(text: string): ErrorRef | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
    if (typeof value !== 'object' || value === null) return null;
    const ref = value as Record<string, unknown>;
    const texts = (...names: readonly string[]) => names.every((name) => typeof ref[name] === 'string');
    if (texts('pair', 'record')) return value as ErrorRef;
    return texts('profile', 'side', 'item', 'record') && (ref.side === 'jira' || ref.side === 'azure')
      ? (value as ErrorRef)
      : null;
  } catch {
    return null;
  }
}

type Shown = z.infer<typeof errorRecordSchema>;

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
    choosable: pairId !== null && (error.code === 'conflict' || error.code === 'seeding'),
  };
}
