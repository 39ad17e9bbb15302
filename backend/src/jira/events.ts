// The form in which Jira's events reach the backend: cut to ids by the Forge app (forge-app/handlers/cut-event.ts) before they leave Jira.

import { z } from 'zod';
import type { Hint } from '../reconcile/ports.ts';

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
});
export type JiraEventHint = z.infer<typeof jiraEventHintSchema>;

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
    ...(event.childId === undefined ? {} : { childId: event.childId }),
  };
}
