// Reads the comments of an issue past the first page, and the markers of those that Tandem itself made.

import type { CommentSnapshot } from '../sync/model.ts';
import { type JiraClient, segment } from './client.ts';
import { commentMarker } from './markers.ts';
import { commentListSchema, commentPageSchema } from './schemas.ts';
import { commentSnapshot, type SnapshotContext } from './snapshot.ts';

/** Jira serves at most so many a page, and keeps at most 5,000 on an issue. */
const pageSize = 100;
const listSize = 1000;

/** All comments, oldest first. `key` is for their addresses. */
export async function pageComments(
  client: JiraClient,
  context: SnapshotContext,
  issueId: string,
  key: string,
): Promise<readonly CommentSnapshot[]> {
  const byId = new Map<string, CommentSnapshot>();
  for (let startAt = 0; ; ) {
    const page = await client.get(commentPageSchema, {
      operation: 'GET issue/{id}/comment',
      method: 'GET',
      path: `issue/${segment(issueId)}/comment`,
      query: { startAt, maxResults: pageSize, orderBy: 'created', expand: 'properties' },
      endpoint: 'read',
    });
    // A comment deleted while paging moves the rest: by id, so that none stands twice.
    for (const comment of page.comments) byId.set(comment.id, commentSnapshot(context, key, comment));
    startAt += page.comments.length;
    if (page.comments.length === 0 || startAt >= page.total) break;
  }
  return [...byId.values()];
}

/** Reads the markers of our own account's comments that came without them; comments of others never carry one that counts. */
export async function resolveMarkers(
  client: JiraClient,
  comments: readonly CommentSnapshot[],
): Promise<readonly CommentSnapshot[]> {
  const account = await client.account();
  const open = comments.filter((comment) => comment.author.id === account.id && comment.marker === undefined);
  const markers = new Map<string, NonNullable<CommentSnapshot['marker']>>();
  for (let start = 0; start < open.length; start += listSize) {
    const page = await client.get(commentListSchema, {
      operation: 'POST comment/list',
      method: 'POST',
      path: 'comment/list',
      query: { expand: 'properties' },
      json: { ids: open.slice(start, start + listSize).map(({ id }) => Number(id)) },
      endpoint: 'search',
      safe: true,
    });
    for (const comment of page.values) {
      const marker = commentMarker(comment.properties);
      if (marker) markers.set(comment.id, marker);
    }
  }
  return comments.map((comment) => {
    const marker = markers.get(comment.id);
    return marker === undefined ? comment : { ...comment, marker };
  });
}
