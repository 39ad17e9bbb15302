// A work item as one answer showed it, in the core's form.

import type { CommentSnapshot, FieldValue, ItemSnapshot } from '../sync/model.ts';
import { commentMarker } from './comment-marker.ts';
import { decodeField, decodeUser, type LongTextFormat, userOf, utc } from './fields.ts';
import { type Organization, workItemPage } from './organization.ts';
import { readRelations } from './relations.ts';
import type { AzureSchema } from './schema.ts';
import type { WireComment, WireWorkItem } from './wire.ts';

const longAgo = '1970-01-01T00:00:00.000Z';

const textOf = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

export function formatOf(item: Pick<WireWorkItem, 'multilineFieldsFormat'>, field: string): LongTextFormat {
  const format = item.multilineFieldsFormat?.[field];
  return format !== undefined && format.toLowerCase() === 'markdown' ? 'markdown' : 'html';
}

export interface SnapshotContext {
  readonly organization: Organization;
  readonly schema: AzureSchema;
  /** Keyed, of a set of ids in any order. */
  readonly setFingerprint: (ids: readonly string[]) => string;
}

const idsOf = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id);

/**
 * The service leaves empty fields out of its answers, so every field of the type that is not there is `null`; a field that
 * the type does not have stays absent. The answer must be one with relations.
 *
 * Attachments and hyperlinks move the item's `rev`, so their versions have it too. A link to a work item does not always (it
 * may show as an update alone): its events tell which link it is instead.
 */
export function toSnapshot(item: WireWorkItem, context: SnapshotContext): ItemSnapshot {
  const { schema, organization, setFingerprint } = context;
  const type = textOf(item.fields['System.WorkItemType']);
  const project = textOf(item.fields['System.TeamProject']);
  const fields: Record<string, FieldValue | null> = {};
  for (const field of schema.type(type)?.fields ?? []) fields[field.id] = null;
  for (const [id, raw] of Object.entries(item.fields)) {
    fields[id] = decodeField(schema.field(id, type), raw, formatOf(item, id));
  }
  const updatedAt = utc(item.fields['System.ChangedDate']) ?? longAgo;
  const createdBy = decodeUser(item.fields['System.CreatedBy']);
  const relations = readRelations(item.relations ?? []);
  const commentCount = item.fields['System.CommentCount'];
  return {
    side: 'azure',
    id: String(item.id),
    key: String(item.id),
    url: workItemPage(organization, project, String(item.id)),
    projectKey: project,
    type,
    state: textOf(item.fields['System.State']),
    fields,
    versions: {
      fields: { seq: item.rev, at: Date.parse(updatedAt) },
      attachments: { seq: item.rev, set: setFingerprint(idsOf(relations.attachments)) },
      links: { seq: item.rev, set: setFingerprint(idsOf(relations.links)) },
    },
    ...relations,
    ...(createdBy === undefined ? {} : { createdBy }),
    createdAt: utc(item.fields['System.CreatedDate']) ?? longAgo,
    updatedAt,
    restricted: false,
    ...(typeof commentCount === 'number' ? { commentCount } : {}),
  };
}

export function toComment(comment: WireComment, itemUrl: string): CommentSnapshot {
  const createdAt = utc(comment.createdDate) ?? longAgo;
  const updatedAt = utc(comment.modifiedDate) ?? createdAt;
  const marker = commentMarker(comment.text);
  const author = comment.createdBy === undefined ? undefined : userOf(comment.createdBy);
  return {
    id: String(comment.id),
    body: {
      kind: 'richText',
      format: comment.format?.toLowerCase() === 'markdown' ? 'markdown' : 'html',
      text: comment.text,
    },
    author: author ?? { id: '', name: '' },
    createdAt,
    updatedAt,
    version: { seq: comment.version, at: Date.parse(updatedAt) },
    url: `${itemUrl}#${comment.id}`,
    restricted: false,
    ...(marker === undefined ? {} : { marker }),
  };
}

/** With the comments of a second call. */
export const withComments = (
  item: ItemSnapshot,
  comments: readonly CommentSnapshot[],
  { setFingerprint }: SnapshotContext,
): ItemSnapshot => ({
  ...item,
  comments,
  versions: {
    ...item.versions,
    comments: { at: Math.max(0, ...comments.map((one) => one.version.at ?? 0)), set: setFingerprint(idsOf(comments)) },
  },
});
