// A work item as one answer showed it, in the core's form.

import type { CommentSnapshot, FieldValue, ItemSnapshot } from '../sync/model.ts';
import { commentMarker } from './comment-marker.ts';
import { decodeField, decodeUser, type LongTextFormat, userOf, utc } from './fields.ts';
import { type Organization, workItemPage } from './organization.ts';
import { readRelations, setVersion } from './relations.ts';
import type { AzureSchema } from './schema.ts';
import type { WireComment, WireWorkItem } from './wire.ts';

const longAgo = '1970-01-01T00:00:00.000Z';

const textOf = (raw: unknown): string => (typeof raw === 'string' ? raw : '');

export function formatOf(item: Pick<WireWorkItem, 'multilineFieldsFormat'>, field: string): LongTextFormat {
  const format = item.multilineFieldsFormat?.[field];
  return format !== undefined && format.toLowerCase() === 'markdown' ? 'markdown' : 'html';
}

/**
 * The service leaves empty fields out of its answers, so every field of the type that is not there is `null`; a field that
 * the type does not have stays absent. Without relations (`withRelations` false) attachments, links and the marker are unknown.
 */
export function toSnapshot(
  item: WireWorkItem,
  schema: AzureSchema,
  organization: Organization,
  withRelations = true,
): ItemSnapshot {
  const type = textOf(item.fields['System.WorkItemType']);
  const project = textOf(item.fields['System.TeamProject']);
  const fields: Record<string, FieldValue | null> = {};
  for (const field of schema.type(type)?.fields ?? []) fields[field.id] = null;
  for (const [id, raw] of Object.entries(item.fields)) {
    fields[id] = decodeField(schema.field(id, type), raw, formatOf(item, id));
  }
  const updatedAt = utc(item.fields['System.ChangedDate']) ?? longAgo;
  const createdBy = decodeUser(item.fields['System.CreatedBy']);
  const relations = withRelations ? readRelations(item.relations ?? []) : undefined;
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
      ...(relations === undefined
        ? {}
        : {
            attachments: setVersion(
              relations.attachments.map((one) => one.id),
              item.rev,
            ),
            links: setVersion(relations.links.map((one) => one.id)),
          }),
    },
    ...(relations === undefined ? {} : relations),
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
export const withComments = (item: ItemSnapshot, comments: readonly CommentSnapshot[]): ItemSnapshot => ({
  ...item,
  comments,
  versions: {
    ...item.versions,
    comments: { ...setVersion(comments.map((one) => `${one.id}/${one.version.seq}`)), at: latest(comments) },
  },
});

const latest = (comments: readonly CommentSnapshot[]): number =>
  comments.reduce((at, one) => Math.max(at, one.version.at ?? 0), 0);
