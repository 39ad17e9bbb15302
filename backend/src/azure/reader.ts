// Reads work items: implements the engine's Reader for Azure DevOps. Writes nothing.

import { contentOf } from '../http/body.ts';
import type { Reader, ReadOutcome } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { ItemSnapshot } from '../sync/model.ts';
import { changedBy } from './changed-by.ts';
import { readChanges } from './changes.ts';
import { type AzureClient, refusedFailure } from './client.ts';
import { commonIds } from './common-ids.ts';
import { findCreated } from './find-created.ts';
import { readHistory } from './history.ts';
import { workItemPage } from './organization.ts';
import { batchSize, fetchComments, fetchCommentsById, fetchItems, fetchNewestComments, queryIds } from './queries.ts';
import { type SnapshotContext, toComment, toSnapshot, withComments } from './snapshot.ts';
import { changedWithin, filterCondition, quote, selectIds } from './wiql.ts';
import { workItemSchema } from './wire.ts';

/** A stream that stands still ends much earlier. */
const downloadTimeoutMs = 60 * 60 * 1000;

export interface ReaderOptions {
  readonly client: AzureClient;
  readonly context: () => Promise<SnapshotContext>;
  readonly accountId: () => Promise<string>;
  readonly project: string;
  /** The profile's filter: the condition of a WHERE clause. */
  readonly filter?: string;
  readonly comments: boolean;
  /** How far before the newest change a later scan starts again, in ms: the index lag and two minutes. */
  readonly overlapMs: number;
  /** Ids of one inventory page; the service's own limit is 20,000. */
  readonly inventoryPage: number;
}

export function createReader(options: ReaderOptions): Reader {
  const { client, project } = options;

  /** `home` is the project that the item is in now. */
  const commentsOf = async (home: string, id: string) => {
    const page = workItemPage(client.organization, home, id);
    return (await fetchComments(client, home, id)).map((comment) => toComment(comment, page));
  };

  /** Only what lies in the recycle bin is proven to be deleted. */
  const whyMissing = async (id: string): Promise<ReadOutcome> => {
    const answer = await client.answer({
      operation: 'GET recyclebin/{id}',
      method: 'GET',
      path: ['wit', 'recyclebin', id],
      project,
      endpoint: 'read',
      scope: 'Work Items (Read)',
    });
    if (answer.kind === 'ok') return { kind: 'deleted' };
    if (answer.status === 404 || answer.status === 400) return { kind: 'missing' };
    throw refusedFailure(answer);
  };

  /** A query that the service does not understand, though it is written well, is one whose filter it does not understand. */
  const queryWithFilter = async (conditions: readonly string[], top: number): Promise<readonly number[]> => {
    const filter = filterCondition(options.filter);
    const wiql = selectIds([...conditions, filter]);
    try {
      return await queryIds(client, project, wiql, top);
    } catch (error) {
      if (filter === undefined || !(error instanceof SyncFailure) || error.error.code !== 'invalid-value') throw error;
      throw new SyncFailure({ ...error.error, level: 'profile', field: 'filter' }, { cause: error });
    }
  };

  return {
    async read(id, want) {
      // Not beneath the project: an item that was moved to another one is still found, and says so.
      const [context, answer] = await Promise.all([
        options.context(),
        client.answer({
          operation: 'GET workitems/{id}',
          method: 'GET',
          path: ['wit', 'workitems', numeric(id)],
          query: { $expand: 'relations' },
          endpoint: 'read',
          scope: 'Work Items (Read)',
        }),
      ]);
      if (answer.kind === 'refused') {
        if (answer.status === 404) return whyMissing(id);
        throw refusedFailure(answer);
      }
      const wire = client.parse(workItemSchema, answer.http, 'GET workitems/{id}');
      const item = toSnapshot(wire, context);
      if (!want.comments || want.freeOnly) return { kind: 'found', item };
      const comments = item.commentCount === 0 ? [] : await commentsOf(item.projectKey, id);
      return { kind: 'found', item: withComments(item, comments, context) };
    },

    async readMany(ids) {
      const found = new Map<string, ReadOutcome>(ids.map((id) => [id, { kind: 'missing' }]));
      const context = await options.context();
      for (let from = 0; from < ids.length; from += batchSize) {
        const page = ids.slice(from, from + batchSize).map((id) => Number(numeric(id)));
        for (const wire of await fetchItems(client, page)) {
          const item: ItemSnapshot = toSnapshot(wire, context);
          found.set(item.id, { kind: 'found', item });
        }
      }
      return found;
    },

    comments: (id) => commentsOf(project, numeric(id)),

    newestComments: (id) => fetchNewestComments(client, project, numeric(id)),

    async commentsById({ id }, ids) {
      const page = workItemPage(client.organization, project, id);
      const found = await fetchCommentsById(client, project, numeric(id), ids);
      return found.map((comment) => toComment(comment, page));
    },

    changedBy: (id) => changedBy(client, project, numeric(id)),

    history: async (id, afterSeq) =>
      readHistory(client, (await options.context()).schema, project, numeric(id), afterSeq),

    changes: (watermark, next) =>
      readChanges(client, { project, comments: options.comments, overlapMs: options.overlapMs }, watermark, next),

    async inventory(next, within) {
      const conditions = [`[System.TeamProject] = ${quote(project)}`];
      if (next !== undefined) conditions.push(`[System.Id] > ${numeric(next)}`);
      const top = options.inventoryPage;
      const changed =
        within === undefined
          ? []
          : [await queryIds(client, project, selectIds([...conditions, ...changedWithin(within)]), top, true)];
      // Asked apart from the filter, whose dates would be instants too with time precision.
      const filtered = within === undefined || options.filter !== undefined;
      const page = commonIds([...changed, ...(filtered ? [await queryWithFilter(conditions, top)] : [])], top);
      return { ids: page.ids.map(String), ...(page.next === undefined ? {} : { next: String(page.next) }) };
    },

    async matchesFilter(id) {
      const conditions = [`[System.Id] = ${numeric(id)}`, `[System.TeamProject] = ${quote(project)}`];
      return (await queryWithFilter(conditions, 1)).length > 0;
    },

    /** Azure DevOps has no archive of work items. */
    isListed: async () => true,

    async findCreated(intent) {
      const [context, accountId] = await Promise.all([options.context(), options.accountId()]);
      return findCreated({ client, context, project, accountId }, intent);
    },

    async openAttachment(attachment) {
      const answer = await client.open({
        operation: 'GET attachments/{id}',
        method: 'GET',
        // The id and not the stored address: credentials go to the connection's own organization only.
        path: ['wit', 'attachments', attachment.id],
        project,
        query: { fileName: attachment.name },
        headers: { accept: 'application/octet-stream' },
        endpoint: 'media',
        timeoutMs: downloadTimeoutMs,
        scope: 'Work Items (Read)',
      });
      if (answer.status < 300) return contentOf(answer);
      await answer.body.cancel();
      throw new SyncFailure(syncError('unreachable', { side: 'azure', level: 'child', field: attachment.id }));
    },
  };
}

/** Ids go into addresses and queries: only digits may. */
function numeric(id: string): string {
  if (/^\d{1,15}$/.test(id)) return id;
  throw new SyncFailure(syncError('unreachable', { side: 'azure', detail: 'A work item id is a number.' }));
}
