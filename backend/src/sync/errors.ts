// The closed list of what can go wrong in a synchronization, as values that an admin can act on.
// Unexpected errors stay exceptions; this file holds no logic that decides on retries beyond the list itself.

import type { Side } from './model.ts';

/** What an error holds up: one field or child, the item, the whole profile, or everything on a connection. */
export type ErrorLevel = 'field' | 'child' | 'item' | 'profile' | 'connection';

/**
 * When to try again. `later`: by itself with growing delay. `on-change`: when the value, mapping or schema changes.
 * `on-admin`: only a person's Retry. `probe`: a probe of the connection resumes.
 */
export type RetryRule = 'later' | 'on-change' | 'on-admin' | 'probe';

interface CodeRule {
  readonly level: ErrorLevel;
  readonly retry: RetryRule;
  readonly cause: string;
  readonly remedy: string;
}

/** Every code with its default level, retry rule and words. `{field}`-like parts are filled from the error. */
export const errorCodes = {
  unauthorized: {
    level: 'connection',
    retry: 'probe',
    cause: '{side} refused the credentials.',
    remedy: 'Enter a valid token for the connection; its profiles resume by themselves.',
  },
  forbidden: {
    level: 'item',
    retry: 'later',
    cause: '{side} does not let the synchronizer do this.',
    remedy: 'Grant the named permission to the synchronizer account.',
  },
  'connection-forbidden': {
    level: 'connection',
    retry: 'probe',
    cause: 'The synchronizer lacks a permission on the whole project.',
    remedy: 'Grant the named permission; the profiles resume by themselves.',
  },
  'rate-limited': {
    level: 'connection',
    retry: 'later',
    cause: '{side} asked to wait.',
    remedy: 'Nothing to do: the work goes on when the wait is over.',
  },
  unavailable: {
    level: 'item',
    retry: 'later',
    cause: '{side} could not be reached or answered with a server error.',
    remedy: 'Nothing to do unless it lasts: Tandem tries again.',
  },
  unreachable: {
    level: 'item',
    retry: 'later',
    cause: 'The item can no longer be read on {side}: it was deleted, moved, or the permission is gone.',
    remedy: 'Check the permission of the synchronizer, or unlink the pair.',
  },
  'outside-project': {
    level: 'item',
    retry: 'on-change',
    cause: 'The item was moved to a project that the profile does not cover.',
    remedy: 'Move it back, or unlink the pair.',
  },
  'left-filter': {
    level: 'item',
    retry: 'on-change',
    cause: 'The item no longer passes the filter of the profile on {side}.',
    remedy: 'Nothing to do: it goes on once it passes again.',
  },
  archived: {
    level: 'item',
    retry: 'on-change',
    cause: 'The item was archived in {side}.',
    remedy: 'Nothing to do: it goes on once it is restored.',
  },
  'type-change': {
    level: 'item',
    retry: 'on-change',
    cause: 'The type was changed on {side}, and the type of the counterpart does not go with it.',
    remedy: 'Change the type on the other side too, map the two types, or set policies.typeChanged.',
  },
  deleted: {
    level: 'item',
    retry: 'on-admin',
    cause: 'The item was deleted on {side}; the profile leaves its counterpart and marks it.',
    remedy: 'Delete or keep the counterpart, then ignore this.',
  },
  'unmapped-type': {
    level: 'item',
    retry: 'on-change',
    cause: 'The type {value} has no counterpart in the profile.',
    remedy: 'Map the type, or let the profile skip unmapped types.',
  },
  'unmapped-state': {
    level: 'field',
    retry: 'on-change',
    cause: 'The state {value} has no counterpart in the profile.',
    remedy: 'Map the state.',
  },
  'unmapped-value': {
    level: 'field',
    retry: 'on-change',
    cause: 'The value {value} of {field} has no counterpart in the profile.',
    remedy: 'Add it to the value map.',
  },
  'unmapped-user': {
    level: 'field',
    retry: 'on-change',
    cause: 'The person in {field} has no account on the other side that Tandem knows of.',
    remedy: 'Map the person, or set a default in the profile.',
  },
  'unassignable-user': {
    level: 'field',
    retry: 'on-change',
    cause: 'The account of the person in {field} is closed on {side}, or may not be chosen there.',
    remedy: 'Choose another person, give the account back its access, or set a default in the profile.',
  },
  'invalid-value': {
    level: 'field',
    retry: 'on-change',
    cause: '{side} refused the value of {field}.',
    remedy: 'Change the value or the mapping of this field.',
  },
  'required-field': {
    level: 'item',
    retry: 'on-change',
    cause: '{side} requires {field}, which the mapping does not provide.',
    remedy: 'Map the field, or give it a fixed value in the profile.',
  },
  'unknown-field': {
    level: 'field',
    retry: 'on-change',
    cause: '{side} does not know the field {field} or does not offer it for this type.',
    remedy: 'Remove the field from the mapping, or add it to the screen or the type.',
  },
  'read-only': {
    level: 'field',
    retry: 'on-change',
    cause: '{side} does not let {field} be changed.',
    remedy: 'Map the field in the other direction only, or choose a field that can be changed.',
  },
  'unknown-type': {
    level: 'item',
    retry: 'on-change',
    cause: '{side} does not offer the type {value} in this project.',
    remedy: 'Correct the type in the mapping.',
  },
  'too-long': {
    level: 'field',
    retry: 'on-change',
    cause: 'The text of {field} is longer than {side} takes.',
    remedy: 'Shorten the text.',
  },
  'no-transition': {
    level: 'field',
    retry: 'on-change',
    cause: 'No path of transitions leads to {value} on {side}.',
    remedy: 'Add the transition to the workflow, or map the state to one that can be reached.',
  },
  conflict: {
    level: 'field',
    retry: 'on-admin',
    cause: '{field} was changed on both sides.',
    remedy: 'Choose which value stays.',
  },
  seeding: {
    level: 'field',
    retry: 'on-admin',
    cause: '{field} differs and nothing tells which side is right.',
    remedy: 'Choose which value stays.',
  },
  overwritten: {
    level: 'field',
    retry: 'on-admin',
    cause: 'Someone changed {field} on {side} in the moment in which Tandem wrote it.',
    remedy:
      'Look at the history of the item, enter the lost value again if it is needed, then choose which value stays.',
  },
  oscillation: {
    level: 'field',
    retry: 'on-admin',
    cause: '{field} keeps returning to a value that Tandem replaced: another automation sets it.',
    remedy: 'Stop the other automation or exclude the field, then retry.',
  },
  'too-large': {
    level: 'child',
    retry: 'on-change',
    cause: 'The attachment is larger than {side} takes ({value}).',
    remedy: 'Raise the limit of the site or link to the file instead.',
  },
  'link-refused': {
    level: 'child',
    retry: 'on-change',
    cause: '{side} refuses this link: {value}.',
    remedy: 'Change or remove the link, or change its mapping in the profile; the items themselves go on.',
  },
  'parent-required': {
    level: 'item',
    retry: 'on-change',
    cause: 'In Jira a {value} exists only beneath a parent, and the work item has none.',
    remedy: 'Give the work item a parent, or map its type to one that stands by itself.',
  },
  'parent-unpaired': {
    level: 'item',
    retry: 'on-change',
    cause: 'In Jira a {value} exists only beneath a parent, and the parent of the work item is not synchronized.',
    remedy:
      'Let the profile take the parent in (its type, filter and project), or map the type to one that stands by itself.',
  },
  'link-conflict': {
    level: 'child',
    retry: 'on-change',
    cause: 'The parent was changed on both sides, and the profile says to ask.',
    remedy: 'Give both items the same parent.',
  },
  claimed: {
    level: 'item',
    retry: 'on-admin',
    cause: 'The item already belongs to another pair.',
    remedy: 'Nothing to do if it is synchronized by another profile; otherwise unlink it there.',
  },
  'ambiguous-link': {
    level: 'item',
    retry: 'on-admin',
    cause: 'Several items on {side} hold the same value of {field}, by which the initial sync links existing items.',
    remedy:
      'Make the values unique and run the initial sync again, link the right two by hand, or retry to give this item a counterpart of its own.',
  },
  brake: {
    level: 'profile',
    retry: 'on-admin',
    cause: 'More deletions and closings than the profile allows arrived at once.',
    remedy: 'Look at the items that wait. Resume to let them go on, or change the policies of the profile first.',
  },
  'storage-empty': {
    level: 'profile',
    retry: 'on-admin',
    cause: '{side} suddenly shows no items at all.',
    remedy: 'Check the project and the permissions before resuming.',
  },
  'state-lost': {
    level: 'profile',
    retry: 'on-admin',
    cause: 'There are items that Tandem made for pairs which it no longer knows: its state was lost or restored.',
    remedy: 'Have the pairs rebuilt (adopt), then resume. Without it every item would be made a second time.',
  },
  internal: {
    level: 'item',
    retry: 'later',
    cause: 'Tandem met an error of its own.',
    remedy: 'Report it with the id that is shown.',
  },
} as const satisfies Record<string, CodeRule>;

export type ErrorCode = keyof typeof errorCodes;

/** What went wrong, without any user content: ids and codes only; `detail` is the service's own words, masked. */
export interface SyncError {
  readonly code: ErrorCode;
  readonly level: ErrorLevel;
  readonly retry: RetryRule;
  readonly side?: Side;
  /** Native field id, or the child's id. */
  readonly field?: string;
  /** The name of a type, state, option, permission or limit: configuration, never item content. */
  readonly value?: string;
  readonly detail?: string;
  /** How long the service asked to wait. */
  readonly retryAfterMs?: number;
}

export function syncError(code: ErrorCode, more: Partial<Omit<SyncError, 'code'>> = {}): SyncError {
  const rule = errorCodes[code];
  return { code, level: rule.level, retry: rule.retry, ...more };
}

/** Carries a SyncError through code that throws; what is not one of these is a defect. */
export class SyncFailure extends Error {
  readonly error: SyncError;
  /** Whether the request may have done its work although it failed; false only where that is proven. */
  readonly mayHaveLanded: boolean;
  constructor(error: SyncError, options?: ErrorOptions & { readonly mayHaveLanded?: boolean }) {
    super(`${error.code}${error.field ? ` (${error.field})` : ''}${error.detail ? `: ${error.detail}` : ''}`, options);
    this.name = 'SyncFailure';
    this.error = error;
    this.mayHaveLanded = options?.mayHaveLanded ?? true;
  }
}

const sideNames = { jira: 'Jira', azure: 'Azure DevOps' } as const;

/** Codes that speak of a field's value, or of a comment's text: the comment is told by its id. */
const ofTexts: ReadonlySet<ErrorCode> = new Set(['conflict', 'too-long', 'overwritten']);

const fieldOf = ({ code, level, field }: SyncError): string => {
  if (field === undefined) return 'the field';
  return level === 'child' && ofTexts.has(code) ? `comment ${field}` : field;
};

const fill = (text: string, error: SyncError) =>
  text
    .replaceAll('{side}', error.side ? sideNames[error.side] : 'The other side')
    .replaceAll('{field}', fieldOf(error))
    .replaceAll('{value}', error.value ?? '');

/** The cause and the remedy in words for a person. */
export function describeError(error: SyncError): { readonly cause: string; readonly remedy: string } {
  const rule = errorCodes[error.code];
  return { cause: fill(rule.cause, error), remedy: fill(rule.remedy, error) };
}
