// The entity properties that hold Tandem's marker on issues and comments.

import { z } from 'zod';
import type { Marker } from '../sync/model.ts';

/** On an issue; declared in the Forge manifest, so that JQL can search it there. */
export const issueProperty = 'tandem.pair';
/** On a comment. */
export const commentProperty = 'tandem.comment';
/** On an issue whose counterpart was deleted, where the label can't be set. */
export const orphanProperty = 'tandem.orphaned';

const markerSchema = z.object({ token: z.string().min(1), sourceId: z.string().min(1) });

/** Anybody who may edit an issue can write its properties: the engine checks the token. Undefined for anything malformed. */
export function readMarker(value: unknown): Marker | undefined {
  const result = markerSchema.safeParse(value);
  return result.success ? result.data : undefined;
}

export const commentMarker = (
  properties: readonly { readonly key: string; readonly value?: unknown }[] | undefined,
): Marker | undefined => readMarker(properties?.find((property) => property.key === commentProperty)?.value);

/** Of the source item, where the mark of an issue tells it. */
export function markedUrl(value: unknown): string | undefined {
  const result = z.object({ sourceUrl: z.string() }).safeParse(value);
  return result.success ? result.data.sourceUrl : undefined;
}

/** All values but the address are those that the manifest's `jira:entityProperty` indexes. */
export const issueMarkerValue = (marker: Marker, profileId: string, sourceUrl?: string) => ({
  token: marker.token,
  sourceId: marker.sourceId,
  profileId,
  ...(sourceUrl === undefined ? {} : { sourceUrl }),
  ...(/^\d{1,15}$/.test(marker.sourceId) ? { workItemId: Number(marker.sourceId) } : {}),
});

/** What is known of the markers of our own comments, for one connection. */
export interface CommentMarkers {
  knows(commentId: string): boolean;
  /** Null for a comment without one, such as a person's whose API token Tandem uses. */
  of(commentId: string): Marker | null;
  remember(commentId: string, marker: Marker | null): void;
}

const mostRemembered = 50_000;

/** Forgets the oldest half when it is full: what is forgotten is read once more. */
export function createCommentMarkers(): CommentMarkers {
  const known = new Map<string, Marker | null>();
  return {
    knows: (id) => known.has(id),
    of: (id) => known.get(id) ?? null,
    remember(id, marker) {
      if (known.size >= mostRemembered) {
        for (const old of [...known.keys()].slice(0, mostRemembered / 2)) known.delete(old);
      }
      known.set(id, marker);
    },
  };
}
