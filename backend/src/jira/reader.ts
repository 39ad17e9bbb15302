// Reads Jira for one profile: single issues, many, their comments and history, what changed, what is there.

import { contentOf } from '../http/body.ts';
import { decode } from '../http/decode.ts';
import type { ChangePage, Reader, ReadOutcome } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { changedBy } from './changed-by.ts';
import { historyEntries } from './changelog.ts';
import { changelogPage } from './changelog-page.ts';
import { type JiraClient, segment, unexpected } from './client.ts';
import { commentsById, pageComments, withMarkers } from './comments.ts';
import { createdSince } from './find-created.ts';
import { hidesNothing } from './hides-nothing.ts';
import { changedWithin, composeJql } from './jql.ts';
import { readWebLinks } from './links.ts';
import { issueProperty } from './markers.ts';
import { readMediaId } from './media-id.ts';
import { bulkFetchSchema, editMetaSchema, issueSchema, type JiraHistory } from './schemas.ts';
import { nextPage, type SearchPage, type SearchRequest, searchIssues } from './search.ts';
import { fieldsToRead, issueToItem, type SnapshotContext, withComments } from './snapshot.ts';
import { parseJiraTime } from './times.ts';

export interface ReaderOptions {
  readonly client: JiraClient;
  readonly settings: ProfileSettings;
  readonly context: SnapshotContext;
  /** How far back a scan starts from the newest time seen: the search index's lag and a margin, ms. */
  readonly overlapMs: number;
}

/** A stream that stands still ends much earlier. */
const downloadTimeoutMs = 60 * 60_000;

export const bulkSize = 100;
const changePageSize = 100;
/** Searches for ids alone may return so many: https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issue-search/ */
const inventoryPageSize = 1000;

export function createReader(options: ReaderOptions): Reader {
  const { client, settings, context } = options;
  const { project, filter } = settings.jira;

  const search = (jql: string, more: Omit<SearchRequest, 'jql'>) => searchIssues(client, { jql, ...more });

  const lists = async (id: string, within: string | undefined): Promise<boolean> => {
    const page = await search(composeJql({ project, filter: within, and: [`id = ${numericId(id)}`] }), {
      fields: ['id'],
      maxResults: 1,
      // The index may lag behind the write that the caller has just read of.
      reconcileIssues: [numericId(id)],
    });
    return page.issues.some((issue) => issue.id === id);
  };

  const reader: Reader = {
    async read(id, want) {
      const answer = await client.send({
        operation: 'GET issue/{id}',
        method: 'GET',
        path: `issue/${segment(id)}`,
        query: {
          fields: fieldsToRead(context, want.comments).join(','),
          expand: 'changelog',
          properties: issueProperty,
        },
        endpoint: 'read',
      });
      if (answer.status === 404 || answer.status === 410) return { kind: 'missing' };
      if (answer.status >= 400) throw unexpected({ operation: 'GET issue/{id}' }, answer);
      const issue = decode(issueSchema, answer, 'jira', 'GET issue/{id}');
      const item = issueToItem(context, issue, want);
      // The issue may carry only its first comments: page the rest.
      const paged = want.comments && !want.freeOnly && item.comments === undefined;
      const whole = paged ? withComments(context, item, await pageComments(client, context, id, item.key)) : item;
      const [marked = whole] = await withMarkers(client, [whole]);
      return { kind: 'found', item: marked };
    },

    async readMany(ids, also = []) {
      const found = new Map<string, ReadOutcome>(ids.map((id) => [id, { kind: 'missing' }]));
      const mapped = new Map([...also.map((field) => [field, 'text'] as const), ...context.mapped]);
      for (let start = 0; start < ids.length; start += bulkSize) {
        const some = ids.slice(start, start + bulkSize);
        for (const item of await fetchItems({ client, context: { ...context, mapped } }, some)) {
          found.set(item.id, { kind: 'found', item });
        }
      }
      return found;
    },

    async comments(id) {
      const outcome = await reader.read(id, { comments: true });
      return outcome.kind === 'found' ? (outcome.item.comments ?? []) : [];
    },

    commentsById: ({ id, key }, ids) => commentsById(client, context, id, key, ids),

    changedBy: (id) => changedBy(client, id),

    async history(id, afterSeq) {
      const histories: JiraHistory[] = [];
      for (let startAt = 0; ; ) {
        const page = await changelogPage(client, id, startAt);
        histories.push(...page.values);
        startAt += page.values.length;
        if (page.values.length === 0 || startAt >= page.total) break;
        // Pages come oldest first: when the newest entries are wanted, the last pages are enough.
        if (startAt === page.values.length && page.total > 300 && (page.values.at(-1)?.id ?? 0) <= afterSeq) {
          startAt = Math.max(startAt, await lastOldPage(client, id, afterSeq, startAt, page.total));
        }
      }
      return historyEntries(histories, afterSeq, context.mapped);
    },

    hidesNothing: () => hidesNothing(client, project),

    async editable(id) {
      const { fields } = await client.get(editMetaSchema, {
        operation: 'GET issue/{id}/editmeta',
        method: 'GET',
        path: `issue/${segment(id)}/editmeta`,
        endpoint: 'read',
      });
      return new Set(Object.keys(fields ?? {}));
    },

    async changes(watermark, next) {
      const from = parseWatermark(watermark);
      const page = await search(
        composeJql({
          project,
          filter,
          and: from === null ? [] : changedWithin({ from }),
          order: 'updated ASC',
        }),
        { fields: ['updated'], maxResults: changePageSize, nextPageToken: next },
      );
      let newest = 0;
      const changes: ChangePage['changes'][number][] = [];
      for (const issue of page.issues) {
        const updated = issue.fields?.updated;
        const at = typeof updated === 'string' ? (parseJiraTime(updated) ?? 0) : 0;
        newest = Math.max(newest, at);
        changes.push({ id: issue.id, version: { at }, deleted: false, at });
      }
      const reached = newest === 0 ? null : Math.max(newest - options.overlapMs, from ?? 0);
      return {
        changes,
        ...following(page),
        ...(reached === null ? {} : { watermark: formatWatermark(reached) }),
      };
    },

    async inventory(next, within = {}) {
      const page = await search(composeJql({ project, filter, and: changedWithin(within), order: 'key ASC' }), {
        fields: ['id'],
        maxResults: inventoryPageSize,
        nextPageToken: next,
      });
      return {
        ids: page.issues.map(({ id }) => id).sort((a, b) => Number(a) - Number(b)),
        ...following(page),
      };
    },

    matchesFilter: (id) => lists(id, filter),

    isListed: (id) => lists(id, undefined),

    findCreated: (intent) => createdSince(options, intent),

    webLinks: (id) => readWebLinks(client, id),

    async openAttachment(attachment) {
      const answer = await client.open({
        operation: 'GET attachment/content/{id}',
        method: 'GET',
        path: `attachment/content/${segment(attachment.id)}`,
        endpoint: 'media',
        timeoutMs: downloadTimeoutMs,
      });
      if (answer.status >= 400) {
        throw new SyncFailure(
          syncError('unreachable', {
            side: 'jira',
            level: 'child',
            field: attachment.id,
            detail: `GET attachment/content/{id}: HTTP ${answer.status}.`,
          }),
        );
      }
      return contentOf(answer);
    },

    mediaId: (attachmentId) => readMediaId(client, attachmentId),
  };
  return reader;
}

/** Items of up to 100 ids or keys, in one call; what is missing or hidden is left out. */
export async function fetchItems(
  options: Pick<ReaderOptions, 'client' | 'context'>,
  idsOrKeys: readonly string[],
): Promise<readonly ItemSnapshot[]> {
  if (idsOrKeys.length === 0) return [];
  const { issues } = await options.client.get(bulkFetchSchema, {
    operation: 'POST issue/bulkfetch',
    method: 'POST',
    path: 'issue/bulkfetch',
    json: {
      issueIdsOrKeys: idsOrKeys,
      fields: fieldsToRead(options.context, true),
      expand: ['changelog'],
      properties: [issueProperty],
    },
    endpoint: 'search',
    safe: true,
  });
  return withMarkers(
    options.client,
    issues.map((issue) => issueToItem(options.context, issue, { comments: true })),
  );
}

/** Where the pages of old entries end, by bisection of the offsets: a long history costs a few calls and not hundreds. */
async function lastOldPage(
  client: JiraClient,
  id: string,
  afterSeq: number,
  low: number,
  total: number,
): Promise<number> {
  let from = low;
  let to = total;
  while (to - from > 100) {
    const middle = Math.floor((from + to) / 2);
    const page = await changelogPage(client, id, middle, 1);
    const seq = page.values[0]?.id;
    if (seq !== undefined && seq <= afterSeq) from = middle;
    else to = middle;
  }
  return from;
}

const following = (page: SearchPage): { readonly next?: string } => {
  const next = nextPage(page);
  return next === undefined ? {} : { next };
};

const watermarkForm = /^jira1:(\d{1,16})$/;
const formatWatermark = (ms: number) => `jira1:${Math.max(0, Math.floor(ms))}`;

/** A watermark of another form is treated as none: the scan then starts from the beginning and loses nothing. */
function parseWatermark(watermark: string | null): number | null {
  const ms = watermark === null ? undefined : watermarkForm.exec(watermark)?.[1];
  return ms === undefined ? null : Number(ms);
}

export function numericId(id: string): number {
  if (/^\d{1,15}$/.test(id)) return Number(id);
  throw new SyncFailure(syncError('internal', { side: 'jira', detail: 'An issue id is not a number.' }));
}
