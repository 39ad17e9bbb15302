// Reads the comments of an issue past the first page, and the markers of those that Tandem itself made.

import type { CommentSnapshot, ItemSnapshot } from '../sync/model.ts';
import { type JiraClient, segment } from './client.ts';
import { commentMarker } from './markers.ts';
import { commentListSchema, commentPageSchema, type JiraComment } from './schemas.ts';
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

/**
 * These comments as they are now: an edit or deletion of one costs no reading of the others. `comment/list` names no issue, so
 * one that is not this issue's is left out by its own address.
 */
export async function commentsById(
  client: JiraClient,
  context: SnapshotContext,
  issueId: string,
  key: string,
  ids: readonly string[],
): Promise<readonly CommentSnapshot[]> {
  const accountId = await client.accountId();
  const found: CommentSnapshot[] = [];
  for (let start = 0; start < ids.length; start += listSize) {
    for (const comment of await listComments(client, ids.slice(start, start + listSize))) {
      const home = /\/issue\/(\d+)\/comment\//.exec(comment.self ?? '')?.[1];
      if (home !== undefined && home !== issueId) continue;
      const { marker, ...snapshot } = commentSnapshot(context, key, comment);
      const own = snapshot.author.id === accountId;
      if (own) client.markers.remember(comment.id, marker ?? null);
      found.push(own && marker ? { ...snapshot, marker } : snapshot);
    }
  }
  return found;
}

async function listComments(client: JiraClient, ids: readonly string[]): Promise<readonly JiraComment[]> {
  const page = await client.get(commentListSchema, {
    operation: 'POST comment/list',
    method: 'POST',
    path: 'comment/list',
    query: { expand: 'properties' },
    json: { ids: ids.map(Number) },
    endpoint: 'search',
    safe: true,
  });
  return page.values;
}

/**
 * Gives our own account's comments their markers and takes those of all others away, who may have forged one. Issues carry their
 * comments without properties, so that the first sight of a comment costs a call for up to 1,000 of them; markers never change,
 * and each is remembered.
 */
export async function withMarkers(
  client: JiraClient,
  items: readonly ItemSnapshot[],
): Promise<readonly ItemSnapshot[]> {
  if (!items.some((item) => item.comments?.length)) return items;
  const accountId = await client.accountId();
  const own = (comment: CommentSnapshot) => comment.author.id === accountId;
  const { markers } = client;
  for (const comment of items.flatMap((item) => item.comments ?? [])) {
    if (own(comment) && comment.marker) markers.remember(comment.id, comment.marker);
  }
  const unknown = items
    .flatMap((item) => item.comments ?? [])
    .filter((comment) => own(comment) && !markers.knows(comment.id));
  for (let start = 0; start < unknown.length; start += listSize) {
    const ids = unknown.slice(start, start + listSize).map(({ id }) => id);
    const listed = await listComments(client, ids);
    const found = new Map(listed.map((comment) => [comment.id, commentMarker(comment.properties) ?? null]));
    for (const id of ids) markers.remember(id, found.get(id) ?? null);
  }
  return items.map((item) => {
    if (!item.comments) return item;
    return {
      ...item,
      comments: item.comments.map(({ marker: _, ...comment }) => {
        const marker = own(comment) ? markers.of(comment.id) : null;
        return marker === null ? comment : { ...comment, marker };
      }),
    };
  });
}
