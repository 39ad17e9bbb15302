// The calls that find and fetch work items, shared by the reader's parts. One function a call.

import type { AzureClient } from './client.ts';
import { commentsVersion } from './client.ts';
import {
  commentPageSchema,
  queryResultSchema,
  type WireComment,
  type WireWorkItem,
  workItemBatchSchema,
} from './wire.ts';

/** Ids that one `workitemsbatch` takes. */
export const batchSize = 200;

/**
 * Runs WIQL. `top` keeps a query beneath the service's limit of 20,000 results, which is an error and not a cut (VS402337);
 * with `timePrecision` times count, else days.
 */
export async function queryIds(
  client: AzureClient,
  project: string | undefined,
  wiql: string,
  top: number,
  timePrecision = false,
): Promise<readonly number[]> {
  const result = await client.call(
    {
      operation: 'POST wiql',
      method: 'POST',
      path: ['wit', 'wiql'],
      ...(project === undefined ? {} : { project }),
      query: { $top: top, ...(timePrecision ? { timePrecision } : {}) },
      body: { kind: 'json', value: { query: wiql } },
      endpoint: 'search',
      safe: true,
      scope: 'Work Items (Read)',
    },
    queryResultSchema,
  );
  return result.workItems.map((item) => item.id);
}

/** At most 200 ids; what can't be read is missing from the answer. With fields and relations. */
export async function fetchItems(client: AzureClient, ids: readonly number[]): Promise<readonly WireWorkItem[]> {
  if (ids.length === 0) return [];
  const result = await client.call(
    {
      operation: 'POST workitemsbatch',
      method: 'POST',
      path: ['wit', 'workitemsbatch'],
      body: { kind: 'json', value: { ids, $expand: 'relations', errorPolicy: 'omit' } },
      endpoint: 'read',
      safe: true,
      scope: 'Work Items (Read)',
    },
    workItemBatchSchema,
  );
  return result.value.filter((item) => item !== null);
}

/** All comments that are not deleted, oldest first. */
export async function fetchComments(client: AzureClient, project: string, id: string): Promise<readonly WireComment[]> {
  const found: WireComment[] = [];
  let continuationToken: string | undefined;
  do {
    const page = await client.call(
      {
        operation: 'GET workItems/{id}/comments',
        method: 'GET',
        path: ['wit', 'workItems', id, 'comments'],
        project,
        query: { $top: batchSize, order: 'asc', continuationToken },
        version: commentsVersion,
        endpoint: 'read',
        scope: 'Work Items (Read)',
      },
      commentPageSchema,
    );
    found.push(...page.comments.filter((comment) => comment.isDeleted !== true));
    continuationToken = page.continuationToken ?? undefined;
  } while (continuationToken !== undefined);
  return found;
}

/** These comments that are not deleted; the batch form of the list: one call for up to 200. */
export async function fetchCommentsById(
  client: AzureClient,
  project: string,
  id: string,
  ids: readonly string[],
): Promise<readonly WireComment[]> {
  const found: WireComment[] = [];
  for (let start = 0; start < ids.length; start += batchSize) {
    const page = await client.call(
      {
        operation: 'GET workItems/{id}/comments?ids',
        method: 'GET',
        path: ['wit', 'workItems', id, 'comments'],
        project,
        query: { ids: ids.slice(start, start + batchSize).join(',') },
        version: commentsVersion,
        endpoint: 'read',
        scope: 'Work Items (Read)',
      },
      commentPageSchema,
    );
    found.push(...page.comments.filter((comment) => comment.isDeleted !== true));
  }
  return found;
}

const newestSize = 20;

/** The first page from the end: one call. */
export async function fetchNewestComments(
  client: AzureClient,
  project: string,
  id: string,
): Promise<{ readonly ids: readonly string[]; readonly all: boolean }> {
  const page = await client.call(
    {
      operation: 'GET workItems/{id}/comments?order=desc',
      method: 'GET',
      path: ['wit', 'workItems', id, 'comments'],
      project,
      query: { $top: newestSize, order: 'desc' },
      version: commentsVersion,
      endpoint: 'read',
      scope: 'Work Items (Read)',
    },
    commentPageSchema,
  );
  return { ids: page.comments.map((comment) => String(comment.id)), all: page.continuationToken == null };
}
