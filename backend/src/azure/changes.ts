// The scan: what changed in the project since a watermark, from the reporting feeds, which page through changes without
// touching the search index. Says nothing of what changed; reading the item tells that.

import { z } from 'zod';
import type { ChangePage } from '../reconcile/ports.ts';
import { SyncFailure, syncError } from '../sync/errors.ts';
import type { AzureClient } from './client.ts';
import { utc } from './fields.ts';
import { revisionBatchSchema } from './wire.ts';

export interface ScanOptions {
  readonly project: string;
  /** Also edits of comments, which make no revision; a feed of their own. */
  readonly comments: boolean;
  /** How far before the newest change a later scan starts again, in ms. */
  readonly overlapMs: number;
}

const watermarkSchema = z.strictObject({
  /** ISO 8601: where the feed of revisions starts. */
  at: z.iso.datetime().optional(),
  /** The feed of discussions has no start time, only the token of its last page; empty before its first entry. */
  discussions: z.string().optional(),
});
type Watermark = z.infer<typeof watermarkSchema>;

const cursorSchema = z.strictObject({
  feed: z.enum(['revisions', 'discussions']),
  token: z.string().optional(),
  /** The newest change seen so far, epoch ms. */
  newest: z.number().optional(),
});
type Cursor = z.infer<typeof cursorSchema>;

/** Watermark and cursor are JSON of our own making; a text that is not one is a defect of the store and starts nothing. */
function parse<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  throw new SyncFailure(
    syncError('internal', { side: 'azure', level: 'profile', detail: `The ${what} of the scan is damaged.` }),
  );
}

/**
 * One call a page. All items of the project come, also those outside the profile's filter: an item that just left the
 * filter is still half of a pair, and deleted ones can't be queried. Whoever finds an unpaired one asks `matchesFilter`.
 */
export async function readChanges(
  client: AzureClient,
  options: ScanOptions,
  watermark: string | null,
  next: string | undefined,
): Promise<ChangePage> {
  const since: Watermark = watermark === null ? {} : parse(watermarkSchema, watermark, 'watermark');
  const cursor: Cursor = next === undefined ? { feed: 'revisions' } : parse(cursorSchema, next, 'cursor');
  return cursor.feed === 'revisions'
    ? revisions(client, options, since, cursor)
    : discussions(client, options, since, cursor);
}

async function revisions(
  client: AzureClient,
  options: ScanOptions,
  since: Watermark,
  cursor: Cursor,
): Promise<ChangePage> {
  const start = cursor.token === undefined ? { startDateTime: since.at } : { continuationToken: cursor.token };
  const page = await client.call(
    {
      operation: 'POST reporting/workitemrevisions',
      method: 'POST',
      path: ['wit', 'reporting', 'workitemrevisions'],
      project: options.project,
      query: start,
      body: {
        kind: 'json',
        value: {
          fields: ['System.Id', 'System.Rev', 'System.ChangedDate', 'System.IsDeleted'],
          includeDeleted: true,
          includeLatestOnly: true,
        },
      },
      endpoint: 'search',
      safe: true,
      scope: 'Work Items (Read)',
    },
    revisionBatchSchema,
  );
  const changes = page.values.map((value) => {
    const at = Date.parse(utc(value.fields?.['System.ChangedDate']) ?? '') || 0;
    const deleted = value.fields?.['System.IsDeleted'] === true;
    return { id: String(value.id), version: { seq: value.rev, at }, deleted, at };
  });
  const newest = changes.reduce<number | undefined>((high, one) => greater(high, one.at), cursor.newest);
  const more = !page.isLastBatch && page.continuationToken != null;
  const following: Cursor | undefined = more
    ? { feed: 'revisions', token: page.continuationToken ?? '', ...(newest === undefined ? {} : { newest }) }
    : options.comments
      ? {
          feed: 'discussions',
          ...(since.discussions === undefined ? {} : { token: since.discussions }),
          ...(newest === undefined ? {} : { newest }),
        }
      : undefined;
  return finish(changes, following, { ...since, ...startingAt(newest, since, options) });
}

async function discussions(
  client: AzureClient,
  options: ScanOptions,
  since: Watermark,
  cursor: Cursor,
): Promise<ChangePage> {
  const page = await client.call(
    {
      operation: 'GET reporting/workItemRevisions/discussions',
      method: 'GET',
      path: ['wit', 'reporting', 'workItemRevisions', 'discussions'],
      project: options.project,
      query: { continuationToken: cursor.token || undefined, $maxPageSize: 1000 },
      endpoint: 'search',
      scope: 'Work Items (Read)',
    },
    revisionBatchSchema,
  );
  // The first scan reads every item anyway: it walks this feed only to learn where the next one starts.
  const known = since.discussions !== undefined;
  const changes = known
    ? page.values.map((value) => ({
        id: String(value.id),
        // A comment's edit leaves `rev` as it was: without a version the item is read.
        version: {},
        deleted: false,
        at: Date.parse(utc(value.fields?.['System.ChangedDate']) ?? '') || 0,
      }))
    : [];
  // An empty feed may give no token; the next scan then starts at its beginning, and hears all of it.
  const token = page.continuationToken ?? cursor.token ?? '';
  const following: Cursor | undefined =
    page.isLastBatch || page.continuationToken == null ? undefined : { ...cursor, token: page.continuationToken };
  return finish(changes, following, {
    ...startingAt(cursor.newest, since, options),
    discussions: token,
  });
}

const greater = (a: number | undefined, b: number): number => (a === undefined || b > a ? b : a);

function startingAt(newest: number | undefined, since: Watermark, options: ScanOptions): Watermark {
  if (newest === undefined || newest === 0) return since.at === undefined ? {} : { at: since.at };
  const at = new Date(newest - options.overlapMs).toISOString();
  return { at: since.at !== undefined && since.at > at ? since.at : at };
}

function finish(changes: ChangePage['changes'], following: Cursor | undefined, mark: Watermark): ChangePage {
  return {
    changes,
    ...(following === undefined ? {} : { next: JSON.stringify(following) }),
    ...(mark.at === undefined && mark.discussions === undefined ? {} : { watermark: JSON.stringify(mark) }),
  };
}
