// Reads Jira's refusals of a create, an edit or a transition: which field, and which of our codes it is.

import { maskDetail } from '../http/mask.ts';
import type { HttpAnswer } from '../http/transport.ts';
import type { Refusal } from '../reconcile/ports.ts';
import { type ErrorCode, syncError } from '../sync/errors.ts';
import { estimateFields } from './field-kinds.ts';
import { errorCollectionSchema } from './schemas.ts';

/**
 * Jira has no codes, only sentences. Those here were seen in Jira Cloud's answers: "cannot be set" in
 * tenable/integration-jira-cloud issues 89 and 108, the issue type's in 28, the summary's length in 322; CONTENT_LIMIT_EXCEEDED
 * in https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/.
 */
const sentences: readonly (readonly [RegExp, ErrorCode])[] = [
  [/cannot be set\. It is not on the appropriate screen, or unknown/i, 'unknown-field'],
  [/CONTENT_LIMIT_EXCEEDED/, 'too-long'],
  [
    /too long|exceed\w* (?:the )?(?:\w+ )*(?:limit|length|\d+ characters)|must be (?:less than|at most) \d+/i,
    'too-long',
  ],
  [/cannot be assigned|specify a valid value for (?:assignee|reporter)|not a (?:valid )?user/i, 'unassignable-user'],
  [/is required|must specify|please (?:select|enter|specify)|you must (?:select|enter)/i, 'required-field'],
];

function codeOf(field: string | undefined, message: string): ErrorCode {
  if (field === 'issuetype') return 'unknown-type';
  return sentences.find(([pattern]) => pattern.test(message))?.[1] ?? 'invalid-value';
}

/** Names in errors that are not the ids of fields that were sent. */
const aliases: Readonly<Record<string, string>> = {
  timetracking_originalestimate: 'timeoriginalestimate',
  timetracking_remainingestimate: 'timeestimate',
  comment_body: 'comment',
};

/**
 * One refusal for each field that Jira names, else one for each message. `sent` are the ids of the sent fields; `values` what
 * the request carried, for masking.
 */
export function refusalsOf(
  answer: HttpAnswer,
  sent: ReadonlySet<string>,
  values: readonly string[],
  /** The sent Sprint field: Jira refuses its value in a message that names no field. */
  sprintField?: string,
): readonly Refusal[] {
  const parsed = errorCollectionSchema.safeParse(answer.json);
  const { errors = {}, errorMessages = [] } = parsed.success ? parsed.data : {};
  const refusals = Object.entries(errors).flatMap(([name, message]): Refusal[] => {
    const detail = maskDetail(message, values);
    return targets(name, sent).map((field) => ({
      field,
      error: syncError(codeOf(field, message), { side: 'jira', field, detail }),
    }));
  });
  if (refusals.length > 0) return refusals;
  const messages = errorMessages.length > 0 ? errorMessages : [`HTTP ${answer.status}`];
  const ofSprint = (message: string) => sprintField !== undefined && /\bsprint\b/i.test(message);
  return messages.map((message) =>
    ofSprint(message) && sprintField !== undefined
      ? {
          field: sprintField,
          error: syncError('invalid-value', { side: 'jira', field: sprintField, detail: maskDetail(message, values) }),
        }
      : {
          error: syncError(codeOf(undefined, message), {
            side: 'jira',
            level: 'item',
            detail: maskDetail(message, values),
          }),
        },
  );
}

/** An error of `timetracking` may mean either estimate: it counts for those that were sent. */
function targets(name: string, sent: ReadonlySet<string>): readonly string[] {
  const known = aliases[name] ?? name;
  if (known !== 'timetracking') return [known];
  const estimates = Object.keys(estimateFields).filter((id) => sent.has(id));
  return estimates.length === 0 ? [known] : estimates;
}

/** Jira's words for a transition that the present status does not offer: somebody changed the status meanwhile. */
export const isStaleTransition = (answer: HttpAnswer): boolean => {
  const parsed = errorCollectionSchema.safeParse(answer.json);
  const messages = parsed.success
    ? [...(parsed.data.errorMessages ?? []), ...Object.values(parsed.data.errors ?? {})]
    : [];
  return messages.some((message) => /not valid for the current state|transition(?: id)? .*is not valid/i.test(message));
};
