// Makes an item of an issue as Jira's answers carry it: the one place where fields, versions and children of an issue are read.

import { z } from 'zod';
import {
  type AttachmentSnapshot,
  type CommentSnapshot,
  type FieldKind,
  type FieldValue,
  type ItemSnapshot,
  type LinkSnapshot,
  parentLink,
  type Version,
} from '../sync/model.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import { parseTemplate, templateFields } from '../sync/templates.ts';
import { newestSeq } from './changelog.ts';
import type { JiraConnection } from './client.ts';
import { decodeField } from './fields.ts';
import { commentMarker, issueProperty, markedUrl, readMarker } from './markers.ts';
import { type JiraAttachment, type JiraComment, type JiraIssue, userRef } from './schemas.ts';
import { parseJiraTime, toIso } from './times.ts';

/** Turns a set of ids into a version: the fingerprint of the sorted ids. */
export type SetFingerprint = (ids: readonly string[]) => string;

import { carriedTransitions } from './transitions.ts';

export interface SnapshotContext {
  readonly connection: Pick<JiraConnection, 'siteUrl'>;
  /** Mapped fields by id, with the kind that the profile maps them as. */
  readonly mapped: ReadonlyMap<string, FieldKind>;
  readonly setFingerprint: SetFingerprint;
}

/** The Jira fields of a profile. */
export const mappedFields = ({
  fields,
  counterpartKey,
}: Pick<ProfileSettings, 'fields' | 'counterpartKey'>): ReadonlyMap<string, FieldKind> =>
  new Map([
    ...(counterpartKey.jira === undefined ? [] : [[counterpartKey.jira, 'text'] as const]),
    ...fields.flatMap(({ template }) => shownFields(template?.azure).map((field) => [field, 'text'] as const)),
    ...fields.map((mapping) => [mapping.jira, mapping.kind] as const),
  ]);

/** What a template shows beside the mapped field. */
const shownFields = (template: string | undefined): readonly string[] =>
  template === undefined ? [] : templateFields(parseTemplate(template) ?? []);

const always = [
  'summary',
  'status',
  'issuetype',
  'project',
  'created',
  'updated',
  'creator',
  'security',
  'attachment',
  'issuelinks',
  'parent',
] as const;

/** The field ids to ask for. Comments are dear in searches, so they are named apart. */
export const fieldsToRead = (context: Pick<SnapshotContext, 'mapped'>, comments: boolean): readonly string[] => [
  ...new Set([...always, ...(comments ? ['comment'] : []), ...context.mapped.keys()]),
];

export function issueToItem(context: SnapshotContext, issue: JiraIssue, want: { comments: boolean }): ItemSnapshot {
  const { fields, key } = issue;
  const updated = parseJiraTime(fields.updated) ?? 0;
  const values: Record<string, FieldValue | null> = {};
  for (const [id, kind] of context.mapped) {
    if (!Object.hasOwn(fields, id)) continue;
    const value = decodeField(id, fields[id], kind);
    if (value !== undefined) values[id] = value;
  }
  const page = fields.comment;
  const wholeComments = want.comments && page !== undefined && page.comments.length >= page.total;
  const comments = wholeComments ? page.comments.map((comment) => commentSnapshot(context, key, comment)) : undefined;
  const attachments = fields.attachment?.map((attachment) => attachmentSnapshot(attachment));
  const links =
    fields.issuelinks === undefined
      ? undefined
      : [...parentSnapshot(fields.parent), ...linkSnapshots(fields.issuelinks)];
  const versions: Partial<Record<'fields' | 'comments' | 'attachments' | 'links', Version>> = {
    // Without the changelog the newest history is unknown and only the time tells.
    fields:
      issue.changelog === undefined ? { at: updated } : { seq: newestSeq(issue.changelog.histories), at: updated },
  };
  if (comments) versions.comments = commentsVersion(context.setFingerprint, comments);
  if (attachments) {
    // The changelog tells of files too.
    const { seq } = versions.fields ?? {};
    versions.attachments = { ...(seq === undefined ? {} : { seq }), set: context.setFingerprint(ids(attachments)) };
  }
  if (links) versions.links = { set: context.setFingerprint(ids(links)) };
  const marker = readMarker(issue.properties?.[issueProperty]);
  const markerUrl = markedUrl(issue.properties?.[issueProperty]);
  return {
    side: 'jira',
    id: issue.id,
    key,
    url: issueUrl(context, key),
    projectKey: fields.project.key,
    type: fields.issuetype.name,
    state: fields.status.name,
    fields: values,
    versions,
    createdAt: toIso(fields.created),
    updatedAt: new Date(updated).toISOString(),
    restricted: fields.security !== null && fields.security !== undefined,
    ...(comments === undefined ? {} : { comments }),
    ...(page === undefined ? {} : { commentCount: page.total }),
    ...(attachments === undefined ? {} : { attachments }),
    ...(links === undefined ? {} : { links }),
    ...(fields.creator === undefined ? {} : { createdBy: userRef(fields.creator) }),
    ...(marker === undefined ? {} : { marker }),
    ...(markerUrl === undefined ? {} : { markerUrl }),
    ...carriedTransitions(issue.transitions),
  };
}

/** Adds comments that were paged apart. */
export const withComments = (
  context: SnapshotContext,
  item: ItemSnapshot,
  comments: readonly CommentSnapshot[],
): ItemSnapshot => ({
  ...item,
  comments,
  versions: { ...item.versions, comments: commentsVersion(context.setFingerprint, comments) },
});

const issueUrl = (context: Pick<SnapshotContext, 'connection'>, key: string) =>
  `${context.connection.siteUrl.replace(/\/+$/, '')}/browse/${encodeURIComponent(key)}`;

const ids = (things: readonly { readonly id: string }[]): readonly string[] => things.map(({ id }) => id).sort();

const commentsVersion = (setFingerprint: SetFingerprint, comments: readonly CommentSnapshot[]): Version => ({
  at: Math.max(0, ...comments.map((comment) => comment.version.at ?? 0)),
  set: setFingerprint(ids(comments)),
});

/**
 * For a role or a group, or internal to a service project: `jsdPublic` in the API's description of a comment. The property
 * `sd.public.comment` is what service projects are known to keep of it; the description does not name it.
 */
function isRestricted({ visibility, jsdPublic, properties = [] }: JiraComment): boolean {
  const internal = internalSchema.safeParse(properties.find(({ key }) => key === 'sd.public.comment')?.value);
  return visibility !== undefined || jsdPublic === false || (internal.success && internal.data.internal);
}

const internalSchema = z.object({ internal: z.boolean() });

export function commentSnapshot(
  context: Pick<SnapshotContext, 'connection'>,
  issueKey: string,
  comment: JiraComment,
): CommentSnapshot {
  const updated = comment.updated ?? comment.created;
  const marker = commentMarker(comment.properties);
  return {
    id: comment.id,
    body: { kind: 'richText', format: 'adf', adf: comment.body ?? { version: 1, type: 'doc', content: [] } },
    // A deleted account may leave a comment without an author.
    author: comment.author === undefined ? { id: '', name: 'Unknown' } : userRef(comment.author),
    createdAt: toIso(comment.created),
    updatedAt: toIso(updated),
    version: { at: parseJiraTime(updated) ?? 0 },
    url: `${issueUrl(context, issueKey)}?focusedCommentId=${encodeURIComponent(comment.id)}`,
    restricted: isRestricted(comment),
    ...(marker === undefined ? {} : { marker }),
  };
}

/** `url` is left to the reader, which asks by id: the address in the answer is the site's even where the API is elsewhere. */
export function attachmentSnapshot(attachment: JiraAttachment): AttachmentSnapshot {
  return {
    id: attachment.id,
    name: attachment.filename,
    size: attachment.size,
    url: `attachment/content/${encodeURIComponent(attachment.id)}`,
    createdAt: toIso(attachment.created),
    ...(attachment.mimeType === undefined ? {} : { mediaType: attachment.mimeType }),
    ...(attachment.author === undefined ? {} : { author: userRef(attachment.author) }),
  };
}

function linkSnapshots(links: NonNullable<JiraIssue['fields']['issuelinks']>): readonly LinkSnapshot[] {
  return links.flatMap((link): LinkSnapshot[] => {
    const direction = link.outwardIssue === undefined ? 'inward' : 'outward';
    const target = link.outwardIssue ?? link.inwardIssue;
    if (target === undefined) return [];
    const identity = linkIdentity(link.type.id ?? link.type.name, direction, target.id);
    return [{ id: link.id, type: link.type.name, direction, target: target.id, identity, ...keyOf(target) }];
  });
}

/** An issue shows its parent and not its children; for a sub-task it is the same field. */
function parentSnapshot(parent: JiraIssue['fields']['parent']): readonly LinkSnapshot[] {
  if (parent === undefined) return [];
  const identity = linkIdentity(parentLink, 'outward', parent.id);
  return [{ id: identity, type: parentLink, direction: 'outward', target: parent.id, identity, ...keyOf(parent) }];
}

const keyOf = ({ key }: { readonly key: string | undefined }) => (key === undefined ? {} : { targetKey: key });

/** By the type's id, which events tell too. */
export const linkIdentity = (type: string, direction: LinkSnapshot['direction'], target: string): string =>
  `${type}|${direction}|${target}`;
