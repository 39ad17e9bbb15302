// A work item's relations: which are attachments, which are links, and which is the marker that Tandem left. No calls.

import type { AttachmentSnapshot, LinkSnapshot, Marker } from '../sync/model.ts';
import { utc } from './fields.ts';
import type { WireRelation } from './wire.ts';

export const attachedFile = 'AttachedFile';
export const hyperlink = 'Hyperlink';

const markerPattern = /\[tandem source=([^\s\]]+) token=(tandem1\.[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{22})\]/;

/** The marker as it stands in a relation's comment, which takes 255 characters. */
export const markerComment = (marker: Marker): string =>
  `Kept the same by Tandem. [tandem source=${encodeURIComponent(marker.sourceId)} token=${marker.token}]`;

export function markerIn(comment: unknown): Marker | undefined {
  const parts = typeof comment === 'string' ? markerPattern.exec(comment) : null;
  const [sourceId, token] = [parts?.[1], parts?.[2]];
  return sourceId === undefined || token === undefined ? undefined : { sourceId: decodeURIComponent(sourceId), token };
}

/** The visible link to the source item, which carries the marker. */
export const markerRelation = (sourceUrl: string, marker: Marker): WireRelation => ({
  rel: hyperlink,
  url: sourceUrl,
  attributes: { comment: markerComment(marker) },
});

export interface Relations {
  readonly attachments: readonly AttachmentSnapshot[];
  readonly links: readonly LinkSnapshot[];
  readonly marker?: Marker;
  /** The page that the marker's hyperlink leads to. */
  readonly markerUrl?: string;
}

export function readRelations(relations: readonly WireRelation[]): Relations {
  const attachments: AttachmentSnapshot[] = [];
  const links: LinkSnapshot[] = [];
  let marker: Marker | undefined;
  let markerUrl: string | undefined;
  for (const [place, relation] of relations.entries()) {
    if (relation.rel === attachedFile) {
      attachments.push(attachmentOf(relation));
      continue;
    }
    const found = relation.rel === hyperlink ? markerIn(relation.attributes?.comment) : undefined;
    if (found === undefined) links.push(linkOf(relation, place));
    // A work item that was copied from one of ours carries that one's marker too: the latest is its own, if any is.
    else {
      marker = found;
      markerUrl = relation.url;
    }
  }
  return {
    attachments,
    links,
    ...(marker === undefined ? {} : { marker }),
    ...(markerUrl === undefined ? {} : { markerUrl }),
  };
}

/** Attachments are known by the id in their address: relation ids change with every copy. */
export const attachmentId = (url: string): string | undefined =>
  /\/attachments\/([0-9a-f-]{36})/i.exec(url)?.[1]?.toLowerCase();

export function attachmentOf(relation: WireRelation): AttachmentSnapshot {
  const attributes = relation.attributes ?? {};
  const marker = markerIn(attributes.comment);
  return {
    id: attachmentId(relation.url) ?? relation.url,
    name: typeof attributes.name === 'string' ? attributes.name : 'attachment',
    size: typeof attributes.resourceSize === 'number' ? attributes.resourceSize : 0,
    url: relation.url,
    createdAt: utc(attributes.resourceCreatedDate) ?? utc(attributes.authorizedDate) ?? '1970-01-01T00:00:00.000Z',
    ...(marker === undefined ? {} : { marker }),
  };
}

/** Of a link to a work item: its number; of any other, such as a hyperlink: undefined. */
export const linkedId = (relation: Pick<WireRelation, 'url'>): string | undefined =>
  /\/workItems\/(\d+)$/i.exec(relation.url)?.[1];

export const relationIdentity = (rel: string, target: string): string => `${rel}|${target}`;

function linkOf(relation: WireRelation, place: number): LinkSnapshot {
  const target = linkedId(relation) ?? relation.url;
  const identity = relationIdentity(relation.rel, target);
  const title = relation.rel === hyperlink ? relation.attributes?.comment : undefined;
  return {
    id: identity,
    type: relation.rel,
    direction: relation.rel.endsWith('-Reverse') ? 'inward' : 'outward',
    target,
    identity,
    place,
    ...(typeof title === 'string' && title !== '' ? { title } : {}),
  };
}
