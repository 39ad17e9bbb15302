// The form in which Jira's events reach the backend: cut to ids by the Forge app (forge-app/handlers/cut-event.ts) before they leave Jira.

import { z } from 'zod';
import type { Hint } from '../reconcile/ports.ts';
import { linkIdentity } from './snapshot.ts';

const id = z.string().regex(/^\d{1,19}$/, 'a numeric id');

export const jiraEventHintSchema = z.strictObject({
  /** Forge's name, such as `avi:jira:updated:issue`. */
  event: z
    .string()
    .regex(/^avi:[a-z-]+(:[a-z_-]+)+$/)
    .max(80),
  /** Absent for events of the project or the site. */
  issueId: id.optional(),
  /** The key of the issue's project. */
  projectKey: z
    .string()
    .regex(/^[A-Z][A-Z0-9_]+$/)
    .max(20)
    .optional(),
  aspect: z.enum(['fields', 'comments', 'attachments', 'links', 'deleted', 'any']),
  version: z
    .strictObject({
      /** The id of the history entry. */
      history: z.int().nonnegative().optional(),
      /** Epoch milliseconds. */
      updated: z.int().nonnegative().optional(),
    })
    .optional(),
  /** The comment's or attachment's id. */
  childId: id.optional(),
  /** An update that took the attachment away. */
  gone: z.literal(true).optional(),
  /** Which link: its type's id and the issue at its other end. */
  link: z.strictObject({ type: id, direction: z.enum(['outward', 'inward']), other: id }).optional(),
});
export type JiraEventHint = z.infer<typeof jiraEventHintSchema>;

/** A link is known by what it joins, since the request that makes one tells no id. */
function childOf({ event, aspect, childId, gone, link }: JiraEventHint): Pick<Hint, 'childId'> {
  if (link === undefined) {
    if (childId === undefined) return {};
    if (aspect === 'attachments') return { childId: `${gone || event.includes(':deleted:') ? '-' : '+'}${childId}` };
    return { childId: event === 'avi:jira:deleted:comment' ? `-${childId}` : childId };
  }
  const sign = event.includes(':deleted:') ? '-' : '+';
  return { childId: `${sign}${linkIdentity(link.type, link.direction, link.other)}` };
}

/** Null for events that no item follows from. */
export function jiraHint(event: JiraEventHint): Hint | null {
  if (event.issueId === undefined) return null;
  const { history, updated } = event.version ?? {};
  const version = {
    ...(history === undefined ? {} : { seq: history }),
    ...(updated === undefined ? {} : { at: updated }),
  };
  return {
    side: 'jira',
    itemId: event.issueId,
    aspect: event.aspect,
    ...(Object.keys(version).length === 0 ? {} : { version }),
    ...childOf(event),
  };
}
