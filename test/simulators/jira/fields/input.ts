// Reads what a client sent for a field into the stored form, or refuses it in Jira's words. Screens and permissions are edit.ts's work.
import { isRecord, isValidDocument, looksLikeDocument, mediaOf, normalizeDocument, plainText } from '../adf.ts';
import type { Caller } from '../caller.ts';
import { badRequest, FieldError } from '../errors.ts';
import type { AdfNode } from '../model.ts';
import { hasPermission, isAssignable } from '../permissions.ts';
import { issueTypes, PRIORITIES, RESOLUTIONS, SECURITY_LEVELS } from '../site.ts';
import { isDate, parseDuration, parseInstant } from '../time.ts';
import { newLocalId, type World } from '../world.ts';
import type { FieldDef } from './definitions.ts';

/** Characters in a text field, https://support.atlassian.com/jira-cloud-administration/docs/configure-advanced-settings/ */
export const TEXT_LIMIT = 32_767;
const LINE_LIMIT = 255;

export interface InputContext {
  readonly world: World;
  readonly caller: Caller;
  readonly projectId: number;
  readonly typeId: string;
  /** Undefined while an issue is being created. */
  readonly issueId?: number;
}

/** The stored value; undefined means empty. Throws FieldError. */
export function readValue(context: InputContext, field: FieldDef, input: unknown): unknown {
  switch (field.kind) {
    case 'summary':
      return readSummary(input);
    case 'adf':
      return readDocument(context.world, input, 'field');
    case 'text':
      return optional(input, readLine);
    case 'number':
      return optional(input, readNumber);
    case 'date':
      return optional(input, readDate);
    case 'datetime':
      return optional(input, readDateTime);
    case 'url':
      return optional(input, readUrl);
    case 'select':
      return optional(input, (value) => readOption(field, value));
    case 'multiselect':
      return readList(input, (value) => readOption(field, value));
    case 'user':
      // -1 asks for the project's default assignee, who is nobody here:
      // https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-assignee-put
      return field.id === 'assignee' && isRecord(input) && (input.accountId ?? input.id) === '-1'
        ? undefined
        : optional(input, (value) => readUser(context, field, value));
    case 'labels':
      return readList(input, readLabel);
    case 'priority':
      return optional(input, (value) => readNamed(PRIORITIES, value, 'priority'));
    case 'resolution':
      return optional(input, (value) => readNamed(RESOLUTIONS, value, 'resolution'));
    case 'security':
      return optional(input, (value) => readSecurity(context, value));
    case 'versions':
      return readList(input, (value) => readProjectThing(context, 'Version', context.world.store.versions, value));
    case 'components':
      return readList(input, (value) => readProjectThing(context, 'Component', context.world.store.components, value));
    case 'parent':
      // The form of https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-issues/#api-rest-api-3-issue-issueidorkey-put
      // for taking the parent away.
      return isRecord(input) && input.none === true
        ? undefined
        : optional(input, (value) => readParent(context, value));
    case 'timetracking':
      return readTimeTracking(input);
    case 'sprint':
      return optional(input, (value) => readSprint(context.world, value));
    case 'project':
    case 'issuetype':
    case 'computed':
      throw new FieldError(`Field '${field.id}' cannot be set. It is not on the appropriate screen, or unknown.`);
    default:
      return field.kind satisfies never;
  }
}

const optional = <T>(input: unknown, read: (value: unknown) => T): T | undefined =>
  input === null || input === undefined || input === '' ? undefined : read(input);

function readList<T>(input: unknown, read: (value: unknown) => T): readonly T[] | undefined {
  if (input === null || input === undefined) return undefined;
  if (!Array.isArray(input)) throw new FieldError('data was not an array');
  const values = [...new Set(input.map(read))];
  return values.length === 0 ? undefined : values;
}

function readSummary(input: unknown): string {
  if (input === null || input === undefined) throw new FieldError('You must specify a summary of the issue.');
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  if (input.trim() === '') throw new FieldError('You must specify a summary of the issue.');
  if (/[\n\r]/.test(input)) throw new FieldError('The summary is invalid because it contains newline characters.');
  // Worded so since 2025: tenable/integration-jira-cloud issue 322.
  if (input.length > LINE_LIMIT) throw new FieldError("Summary can't exceed 255 characters.");
  return input.trim();
}

/** `place` decides the words, which differ between fields and comments. */
export function readDocument(world: World, input: unknown, place: 'field' | 'comment'): AdfNode | undefined {
  if (input === null || input === undefined) return undefined;
  if (!looksLikeDocument(input)) {
    throw new FieldError(
      place === 'comment'
        ? 'Comment body is not valid!'
        : 'Operation value must be an Atlassian Document (see the Atlassian Document Format)',
    );
  }
  if (!isValidDocument(input)) throw new FieldError('INVALID_INPUT');
  if (plainText(input).length > TEXT_LIMIT) throw new FieldError('CONTENT_LIMIT_EXCEEDED');
  // Media nodes name media files: an attachment's own number is refused with this word, as several clients' notes tell (no
  // page of Atlassian's does). That a file which is nowhere is refused alike is taken from that.
  if (mediaOf(input).some((id) => !world.store.mediaIds.has(id))) throw new FieldError('ATTACHMENT_VALIDATION_ERROR');
  const { people } = world.store;
  return normalizeDocument(input, { newLocalId, displayName: (id) => people.get(id)?.displayName }) ?? undefined;
}

function readLine(input: unknown): string {
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  if (input.length > LINE_LIMIT)
    throw new FieldError('The entered text is too long. It exceeds the allowed limit of 255 characters.');
  return input;
}

function readNumber(input: unknown): number {
  if (typeof input !== 'number' || !Number.isFinite(input)) throw new FieldError('Operation value must be a number');
  return input;
}

function readDate(input: unknown): string {
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  if (!isDate(input)) throw new FieldError(`Error parsing date string: ${input}`);
  return input;
}

function readDateTime(input: unknown): number {
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  const instant = parseInstant(input);
  if (instant === undefined) throw new FieldError(`Error parsing date string: ${input}`);
  return instant;
}

function readUrl(input: unknown): string {
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  const url = URL.canParse(input) ? new URL(input) : undefined;
  const allowed = ['http:', 'https:', 'ftp:', 'mailto:'].includes(url?.protocol ?? '');
  if (!allowed) throw new FieldError('The URL is not valid.');
  return input;
}

function readOption(field: FieldDef, input: unknown): string {
  if (!isRecord(input)) throw new FieldError(`Specify a valid 'id' or 'value' for ${field.name}`);
  const { id, value } = input;
  const found = (field.options ?? []).find((option) =>
    id === undefined ? option.value === value : option.id === String(id),
  );
  if (found !== undefined) return found.id;
  throw new FieldError(
    id === undefined ? `Option value '${String(value)}' is not valid` : `Option id '${String(id)}' is not valid`,
  );
}

function readUser(context: InputContext, field: FieldDef, input: unknown): string {
  if (!isRecord(input)) throw new FieldError('Operation value must be an object');
  const accountId = input.accountId ?? input.id;
  if (accountId === null || accountId === undefined) {
    throw new FieldError(`Specify a valid value for ${field.id}`);
  }
  const person = context.world.store.people.get(String(accountId));
  if (person === undefined) throw new FieldError(`Specify a valid value for ${field.id}`);
  if (field.id === 'assignee' && !isAssignable(context.world, person, context.projectId)) {
    throw new FieldError(`User '${person.accountId}' cannot be assigned issues.`);
  }
  if (field.id === 'reporter' && !person.active) {
    throw new FieldError('The reporter specified is not a user.');
  }
  return person.accountId;
}

function readLabel(input: unknown): string {
  if (typeof input !== 'string') throw new FieldError('Operation value must be a string');
  if (/\s/.test(input)) throw new FieldError(`The label '${input}' contains spaces which is invalid.`);
  if (input.length > LINE_LIMIT)
    throw new FieldError(`The label '${input}' exceeds the maximum length of 255 characters.`);
  if (input === '') throw new FieldError('The label cannot be empty.');
  return input;
}

function readNamed(
  list: readonly { readonly id: string; readonly name: string }[],
  input: unknown,
  what: string,
): string {
  if (!isRecord(input)) throw new FieldError(`Specify a valid 'id' or 'name' for ${what}`);
  const { id, name } = input;
  const found = list.find((entry) => (id === undefined ? entry.name === name : entry.id === String(id)));
  if (found !== undefined) return found.id;
  const label = what.charAt(0).toUpperCase() + what.slice(1);
  throw new FieldError(
    id === undefined ? `${label} name '${String(name)}' is not valid` : `The ${what} selected is invalid.`,
  );
}

function readSecurity(context: InputContext, input: unknown): string {
  if (!hasPermission(context.world, context.caller, 'SET_ISSUE_SECURITY')) {
    throw new FieldError("Field 'security' cannot be set. It is not on the appropriate screen, or unknown.");
  }
  return readNamed(SECURITY_LEVELS, input, 'security');
}

function readProjectThing(
  context: InputContext,
  what: 'Version' | 'Component',
  all: ReadonlyMap<string, { readonly id: string; readonly name: string; readonly projectId: number }>,
  input: unknown,
): string {
  if (!isRecord(input)) throw new FieldError('Operation value must be an object');
  const { id, name } = input;
  for (const thing of all.values()) {
    if (thing.projectId === context.projectId && (id === undefined ? thing.name === name : thing.id === String(id)))
      return thing.id;
  }
  throw new FieldError(
    id === undefined ? `${what} name '${String(name)}' is not valid` : `${what} id '${String(id)}' is not valid`,
  );
}

/**
 * Refused as messages of the whole request, not of the field. Words: gioboa/jira-plugin and palashkulsh/jira-cmd issue 122 for
 * what is no number; an id that is not there and a closed sprint as seen by users of `PUT issue`.
 */
function readSprint(world: World, input: unknown): number {
  if (typeof input !== 'number') throw badRequest('Number value expected as the Sprint id.');
  const sprint = world.store.sprints.get(input);
  if (sprint === undefined) throw badRequest('We could not find the sprint.');
  if (sprint.state === 'closed') throw badRequest('Issue can be assigned only active or future sprints.');
  return sprint.id;
}

function readParent(context: InputContext, input: unknown): number {
  if (!isRecord(input)) throw new FieldError('data was not an object');
  const named = input.key ?? input.id;
  const parent = typeof named === 'string' ? context.world.store.findIssue(named) : undefined;
  if (parent === undefined || parent.projectId !== context.projectId || parent.id === context.issueId) {
    throw new FieldError('Could not find issue by id or key.');
  }
  const own = issueTypes.get(context.typeId);
  const theirs = issueTypes.get(parent.typeId);
  if (own === undefined || theirs === undefined || theirs.level !== own.level + 1) {
    throw new FieldError(
      `Given parent issue does not belong to appropriate hierarchy level for type '${own?.name ?? '?'}'.`,
    );
  }
  return parent.id;
}

/** Seconds; each part is kept when the input does not name it (`edit`), or emptied (`set`). */
export interface TimeTracking {
  readonly original?: number;
  readonly remaining?: number;
}

function readTimeTracking(input: unknown): TimeTracking | undefined {
  if (input === null || input === undefined) return undefined;
  if (!isRecord(input)) throw new FieldError('data was not an object');
  const read = (name: 'originalEstimate' | 'remainingEstimate'): number | undefined => {
    const text = input[name];
    if (text === undefined || text === null || text === '') return undefined;
    const seconds = typeof text === 'string' ? parseDuration(text) : undefined;
    if (seconds === undefined) throw new FieldError(`The ${name} must be a duration such as '3d 4h'.`);
    return seconds;
  };
  const original = read('originalEstimate');
  const remaining = read('remainingEstimate') ?? original;
  return {
    ...(original === undefined ? {} : { original }),
    ...(remaining === undefined ? {} : { remaining }),
  };
}
