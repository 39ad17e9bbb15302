// How data looks in answers. Reads the world, changes nothing; every URL is below `base`, the organization's own address.
import { relationType } from './data/relations.ts';
import { renderMarkdown } from './html.ts';
import { dateText, FAR_FUTURE } from './store/clock-text.ts';
import { firstVersion, latestVersion } from './store/comments.ts';
import { allFields, visibleRelations } from './store/derived.ts';
import { projectOf } from './store/lookups.ts';
import {
  type Comment,
  type CommentVersion,
  type FieldValue,
  isIdentity,
  latest,
  type Person,
  type Relation,
  type Revision,
  type Update,
  type WorkItem,
  type World,
} from './store/model.ts';
import { personById } from './store/people.ts';

export type Json = Record<string, unknown>;
export type Expand = 'none' | 'relations' | 'fields' | 'links' | 'all';

export interface View {
  readonly world: World;
  /** `http://127.0.0.1:PORT/acme`. */
  readonly base: string;
}

export function identityRef({ base }: View, person: Person): Json {
  const avatar = `${base}/_apis/GraphProfile/MemberAvatars/${person.descriptor}`;
  return {
    displayName: person.displayName,
    url: `${base}/_apis/Identities/${person.id}`,
    _links: { avatar: { href: avatar } },
    id: person.id,
    uniqueName: person.uniqueName,
    imageUrl: avatar,
    descriptor: person.descriptor,
    ...(person.active ? {} : { inactive: true }),
  };
}

export function identityReference(view: View, personId: string): Json {
  const person = personById(view.world, personId);
  return { ...identityRef(view, person), name: `${person.displayName} <${person.uniqueName}>` };
}

export function valueJson(view: View, value: FieldValue | undefined): unknown {
  return isIdentity(value) ? identityRef(view, personById(view.world, value.identity)) : value;
}

export const itemBase = (view: View, revision: Revision): string =>
  `${view.base}/${projectOf(view.world, revision).id}/_apis/wit`;

/** The seed's attachments were stored before the address was known. */
const absolute = (view: View, url: string | undefined): string | undefined =>
  url?.startsWith('/') ? `${view.base}${url}` : url;

export function relationJson(view: View, revision: Revision, relation: Relation): Json {
  const url =
    relation.target === undefined
      ? absolute(view, relation.url)
      : `${itemBase(view, revision)}/workItems/${relation.target}`;
  return { rel: relation.rel, url, attributes: relation.attributes };
}

export interface ItemOptions {
  readonly expand: Expand;
  /** Reference names; only these are shown, `_links` and relations are not. */
  readonly fields?: readonly string[];
  /** False in lists, which show `_links` only when expanded. */
  readonly links?: boolean;
  readonly comment?: Comment | undefined;
}

export function workItemJson(view: View, item: WorkItem, revision: Revision, options: ItemOptions): Json {
  const { world } = view;
  const wide = options.expand === 'all' || options.expand === 'fields';
  const values = allFields(world, item, revision);
  const chosen = options.fields === undefined ? undefined : new Set(options.fields.map((name) => name.toLowerCase()));
  const fields: Json = {};
  for (const field of world.fields.values()) {
    const wanted = chosen === undefined ? wide || !field.extended : chosen.has(field.referenceName.toLowerCase());
    if (!wanted) continue;
    const value =
      field.referenceName === 'System.RevisedDate' ? revisedDate(item, revision) : values[field.referenceName];
    if (value === undefined) continue;
    fields[field.referenceName] = valueJson(view, value);
  }
  const base = itemBase(view, revision);
  const isLatest = revision === latest(item);
  const url = `${base}/workItems/${item.id}${isLatest ? '' : `/revisions/${revision.rev}`}`;
  const relations = visibleRelations(world, revision.relations);
  const showLinks =
    chosen === undefined && (options.links === true || options.expand === 'all' || options.expand === 'links');
  const showRelations = chosen === undefined && (options.expand === 'all' || options.expand === 'relations');
  const formats = Object.entries(revision.formats).filter(([name]) => name in fields);
  return {
    id: item.id,
    rev: revision.rev,
    fields,
    ...(formats.length === 0 ? {} : { multilineFieldsFormat: Object.fromEntries(formats) }),
    ...(showRelations && relations.length > 0
      ? { relations: relations.map((relation) => relationJson(view, revision, relation)) }
      : {}),
    ...(options.comment === undefined ? {} : { commentVersionRef: commentVersionRef(view, revision, options.comment) }),
    ...(showLinks ? { _links: workItemLinks(view, item, revision) } : {}),
    url,
  };
}

function revisedDate(item: WorkItem, revision: Revision): string {
  const next = item.revisions[revision.rev];
  return next === undefined || item.revisions[revision.rev - 1] !== revision ? FAR_FUTURE : dateText(next.at);
}

function workItemLinks(view: View, item: WorkItem, revision: Revision): Json {
  const base = itemBase(view, revision);
  const self = `${base}/workItems/${item.id}`;
  const type = String(revision.fields['System.WorkItemType']);
  return {
    self: { href: self },
    workItemUpdates: { href: `${self}/updates` },
    workItemRevisions: { href: `${self}/revisions` },
    workItemComments: { href: `${self}/comments` },
    html: { href: webUrl(view, item.id, revision) },
    workItemType: { href: `${base}/workItemTypes/${encodeURIComponent(type)}` },
    fields: { href: `${base}/fields` },
  };
}

export const webUrl = (view: View, id: number, revision: Revision): string =>
  `${view.base}/${projectOf(view.world, revision).id}/_workitems/edit/${id}`;

export function commentVersionRef(view: View, revision: Revision, comment: Comment): Json {
  const version = latestVersion(comment);
  return {
    commentId: comment.id,
    version: version.version,
    createdInRevision: comment.createdInRevision,
    isDeleted: version.isDeleted,
    text: version.text,
    url: `${itemBase(view, revision)}/workItems/${comment.workItemId}/comments/${comment.id}/versions/${version.version}`,
  };
}

export function updateJson(view: View, item: WorkItem, update: Update): Json {
  const revision = item.revisions.find((one) => one.rev === update.rev) ?? latest(item);
  const url = `${itemBase(view, revision)}/workItems/${item.id}/updates/${update.id}`;
  const next = item.updates[update.id];
  const relations = update.relations;
  const list = (entries: readonly Relation[]): unknown[] => entries.map((one) => relationJson(view, revision, one));
  return {
    id: update.id,
    workItemId: item.id,
    rev: update.rev,
    revisedBy: identityReference(view, update.by),
    revisedDate: next === undefined ? FAR_FUTURE : dateText(next.at),
    ...(update.fields === undefined ? {} : { fields: fieldUpdates(view, update.fields) }),
    ...(relations === undefined
      ? {}
      : {
          relations: {
            ...(relations.added.length === 0 ? {} : { added: list(relations.added) }),
            ...(relations.removed.length === 0 ? {} : { removed: list(relations.removed) }),
            ...(relations.updated.length === 0 ? {} : { updated: list(relations.updated) }),
          },
        }),
    _links: {
      self: { href: url },
      workItemUpdates: { href: `${itemBase(view, revision)}/workItems/${item.id}/updates` },
      parent: { href: `${itemBase(view, revision)}/workItems/${item.id}` },
    },
    url,
  };
}

function fieldUpdates(view: View, fields: NonNullable<Update['fields']>): Json {
  return Object.fromEntries(
    Object.entries(fields).map(([name, { oldValue, newValue }]) => [
      name,
      {
        ...(oldValue === undefined ? {} : { oldValue: valueJson(view, oldValue) }),
        ...(newValue === undefined ? {} : { newValue: valueJson(view, newValue) }),
      },
    ]),
  );
}

export interface CommentOptions {
  readonly renderedText: boolean;
  readonly reactions: boolean;
  readonly mentions: boolean;
  /** The person who asks, for `isCurrentUserEngaged`. */
  readonly personId: string;
}

const rendered = (version: CommentVersion): string =>
  version.format === 'markdown' ? renderMarkdown(version.text) : version.text;

export function commentJson(view: View, item: WorkItem, comment: Comment, options: CommentOptions): Json {
  const first = firstVersion(comment);
  const now = latestVersion(comment);
  return {
    workItemId: item.id,
    id: comment.id,
    version: now.version,
    text: now.text,
    ...(options.renderedText ? { renderedText: rendered(now) } : {}),
    format: now.format,
    createdBy: identityRef(view, personById(view.world, first.by)),
    createdDate: dateText(first.at),
    modifiedBy: identityRef(view, personById(view.world, now.by)),
    modifiedDate: dateText(now.at),
    ...(now.isDeleted ? { isDeleted: true } : {}),
    ...(options.mentions ? { mentions: mentionsJson(comment, now) } : {}),
    ...(options.reactions ? { reactions: reactionsJson(view, item, comment, options.personId) } : {}),
    url: commentUrl(view, item, comment),
  };
}

const commentUrl = (view: View, item: WorkItem, comment: Comment): string =>
  `${itemBase(view, latest(item))}/workItems/${item.id}/comments/${comment.id}`;

function mentionsJson(comment: Comment, version: CommentVersion): unknown[] {
  const ids = [...version.text.matchAll(/data-vss-mention="?version:2\.0,([0-9a-f-]{36})|@<([0-9a-f-]{36})>/gi)];
  return ids.map((match) => ({
    commentId: comment.id,
    artifactId: String(comment.workItemId),
    artifactType: 'Person',
    targetId: match[1] ?? match[2],
  }));
}

export function reactionsJson(view: View, item: WorkItem, comment: Comment, personId: string): Json[] {
  return [...comment.reactions].map(([type, people]) => ({
    commentId: comment.id,
    type,
    count: people.size,
    isCurrentUserEngaged: people.has(personId),
    url: `${commentUrl(view, item, comment)}/reactions/${type}`,
  }));
}

export function commentVersionJson(view: View, item: WorkItem, comment: Comment, version: CommentVersion): Json {
  const first = firstVersion(comment);
  return {
    id: comment.id,
    version: version.version,
    text: version.text,
    renderedText: rendered(version),
    createdBy: identityRef(view, personById(view.world, first.by)),
    createdDate: dateText(first.at),
    modifiedBy: identityRef(view, personById(view.world, version.by)),
    modifiedDate: dateText(version.at),
    isDeleted: version.isDeleted,
    url: `${commentUrl(view, item, comment)}/versions/${version.version}`,
  };
}

export function relationTypeJson(base: string, referenceName: string): Json | undefined {
  const type = relationType(referenceName);
  if (type === undefined) return undefined;
  return {
    attributes: {
      usage: type.topology === 'resource' ? 'resourceLink' : 'workItemLink',
      editable: false,
      enabled: true,
      acyclic: type.topology === 'tree' || type.topology === 'dependency',
      directional: type.directional,
      singleTarget: type.single,
      topology: type.topology === 'resource' ? 'resource' : type.topology,
      ...(type.topology === 'resource' ? {} : { isForward: type.isForward, oppositeEndReferenceName: type.opposite }),
    },
    referenceName: type.referenceName,
    name: type.name,
    url: `${base}/_apis/wit/workItemRelationTypes/${type.referenceName}`,
  };
}
