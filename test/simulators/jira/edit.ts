// Reads `fields` and `update` of a request into a new record, all or nothing, with every fault named by its field.
// Committing is issue-writes.ts's work.
import { isRecord } from './adf.ts';
import type { Caller } from './caller.ts';
import { FieldError, invalidFields, JiraError } from './errors.ts';
import type { FieldDef, Verb } from './fields/definitions.ts';
import { SPRINT_FIELD, verbsOf } from './fields/definitions.ts';
import { type InputContext, readDocument, readValue } from './fields/input.ts';
import type { AdfNode, IssueRecord, Visibility } from './model.ts';
import { hasPermission } from './permissions.ts';
import { GROUPS, issueTypes, PROJECT_ROLES } from './site.ts';
import { parseDuration, parseInstant } from './time.ts';
import { workflowOf } from './workflow.ts';

export interface IssueInput {
  readonly fields?: Readonly<Record<string, unknown>>;
  readonly update?: Readonly<Record<string, unknown>>;
}

export interface NewComment {
  readonly body: AdfNode;
  readonly visibility?: Visibility;
}

export interface NewLink {
  readonly typeId: string;
  readonly otherId: number;
  /** The edited issue is the source. */
  readonly outward: boolean;
}

export interface NewWorklog {
  readonly seconds: number;
  readonly started?: number;
  readonly comment?: AdfNode;
}

/** What an edit will do; nothing has been done yet. */
export interface Draft {
  readonly record: IssueRecord;
  readonly comments: readonly NewComment[];
  readonly links: readonly NewLink[];
  readonly worklogs: readonly NewWorklog[];
}

export interface Screen {
  readonly fields: ReadonlySet<string>;
  readonly required: ReadonlySet<string>;
  /** Required fields are looked at even when the request does not name them. */
  readonly demandsAll: boolean;
}

interface Operation {
  readonly verb: Verb;
  readonly value: unknown;
}

export const notOnScreen = (fieldId: string): string =>
  `Field '${fieldId}' cannot be set. It is not on the appropriate screen, or unknown.`;

/** Fields that one needs a permission of its own for; without it they are not on the screen. */
const FIELD_PERMISSIONS: Readonly<Record<string, string>> = {
  reporter: 'MODIFY_REPORTER',
  assignee: 'ASSIGN_ISSUES',
  duedate: 'SCHEDULE_ISSUES',
  security: 'SET_ISSUE_SECURITY',
  // https://support.atlassian.com/jira-software-cloud/docs/permissions-overview-for-jira-software-cloud/
  [SPRINT_FIELD.id]: 'SCHEDULE_ISSUES',
};

/** Throws a JiraError with all faults. */
export function draftEdit(context: InputContext, record: IssueRecord, input: IssueInput, screen: Screen): Draft {
  const errors: Record<string, string> = {};
  const values: Record<string, unknown> = { ...record.values };
  const comments: NewComment[] = [];
  const links: NewLink[] = [];
  const worklogs: NewWorklog[] = [];
  let typeId = record.typeId;

  for (const [fieldId, operations] of operationsOf(input, errors)) {
    try {
      const field = editable(context, fieldId, screen, context.issueId === undefined ? undefined : record);
      switch (fieldId) {
        case 'comment':
          comments.push(...operations.map((operation) => readNewComment(context, operation)));
          break;
        case 'issuelinks':
          links.push(...operations.map((operation) => readNewLink(context, operation)));
          break;
        case 'worklog':
          worklogs.push(...operations.map((operation) => readNewWorklog(context, operation)));
          break;
        case 'issuetype':
          for (const operation of operations) typeId = readTypeChange(record, operation.value);
          break;
        default:
          for (const operation of operations) applyOperation(context, field, operation, values);
      }
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      errors[fieldId] = error.message;
    }
  }

  const named = new Set([...Object.keys(input.fields ?? {}), ...Object.keys(input.update ?? {})]);
  for (const fieldId of screen.required) {
    if (errors[fieldId] !== undefined || values[fieldId] !== undefined) continue;
    if (!screen.demandsAll && !named.has(fieldId)) continue;
    errors[fieldId] = requiredMessage(context.world.store.fields.get(fieldId), fieldId);
  }
  if (Object.keys(errors).length > 0) throw invalidFields(errors);
  return { record: { ...record, typeId, values: withoutEmpty(values) }, comments, links, worklogs };
}

function requiredMessage(field: FieldDef | undefined, fieldId: string): string {
  if (fieldId === 'summary') return 'You must specify a summary of the issue.';
  if (fieldId === 'parent') return 'Issue type is a sub-task but parent issue key or id not specified.';
  return `${field?.name ?? fieldId} is required.`;
}

const withoutEmpty = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));

function operationsOf(input: IssueInput, errors: Record<string, string>): ReadonlyMap<string, readonly Operation[]> {
  const found = new Map<string, readonly Operation[]>();
  for (const [fieldId, value] of Object.entries(input.fields ?? {})) {
    // Decided before the edit is read.
    if (fieldId === 'project') continue;
    found.set(fieldId, [{ verb: 'set', value }]);
  }
  for (const [fieldId, list] of Object.entries(input.update ?? {})) {
    if (found.has(fieldId)) {
      errors[fieldId] = `Field '${fieldId}' appears in both 'fields' and 'update'.`;
      continue;
    }
    const operations = readOperations(list);
    if (operations === undefined)
      errors[fieldId] = 'Operations must be a list of objects with one of set, add, remove, edit.';
    else found.set(fieldId, operations);
  }
  return found;
}

const VERBS: readonly string[] = ['set', 'add', 'remove', 'edit'];

function readOperations(list: unknown): readonly Operation[] | undefined {
  if (!Array.isArray(list)) return undefined;
  const operations: Operation[] = [];
  for (const entry of list) {
    if (!isRecord(entry)) return undefined;
    for (const [verb, value] of Object.entries(entry)) {
      if (!VERBS.includes(verb)) return undefined;
      operations.push({ verb: verb as Verb, value });
    }
  }
  return operations;
}

function editable(context: InputContext, fieldId: string, screen: Screen, issue: IssueRecord | undefined): FieldDef {
  const field = context.world.store.fields.get(fieldId);
  if (field === undefined || !screen.fields.has(fieldId)) throw new FieldError(notOnScreen(fieldId));
  const permission = FIELD_PERMISSIONS[fieldId];
  if (permission !== undefined && !hasPermission(context.world, context.caller, permission, issue)) {
    throw new FieldError(notOnScreen(fieldId));
  }
  return field;
}

const MANY: readonly string[] = ['labels', 'multiselect', 'versions', 'components'];

function applyOperation(
  context: InputContext,
  field: FieldDef,
  { verb, value }: Operation,
  values: Record<string, unknown>,
): void {
  if (!verbsOf(field.kind).includes(verb)) {
    throw new FieldError(`The operation '${verb}' is not supported for the field '${field.id}'.`);
  }
  if (MANY.includes(field.kind) && verb !== 'set') {
    const present = (values[field.id] ?? []) as readonly string[];
    const [element] = (readValue(context, field, [value]) ?? []) as readonly string[];
    if (element === undefined) throw new FieldError('data was not an object');
    const next = verb === 'add' ? [...new Set([...present, element])] : present.filter((other) => other !== element);
    values[field.id] = next.length === 0 ? undefined : ordered(field, next);
    return;
  }
  const read = readValue(context, field, value);
  if (field.kind === 'sprint') {
    const closed = closedSprints(context, values[field.id]);
    const next = typeof read === 'number' ? [...closed, read] : closed;
    values[field.id] = next.length === 0 ? undefined : next;
    return;
  }
  if (field.kind === 'timetracking' && verb === 'edit' && isRecord(read)) {
    values[field.id] = { ...(isRecord(values[field.id]) ? (values[field.id] as object) : {}), ...read };
    return;
  }
  values[field.id] = Array.isArray(read) ? ordered(field, read) : read;
}

/** An issue is in one open sprint at most; those that ended with it stay. */
function closedSprints({ world }: InputContext, value: unknown): readonly number[] {
  const ids = Array.isArray(value) ? value.filter((id) => typeof id === 'number') : [];
  return ids.filter((id) => world.store.sprints.get(id)?.state === 'closed');
}

/** Labels come back sorted, the rest in the order in which it was set. */
const ordered = (field: FieldDef, list: readonly string[]): readonly string[] =>
  field.kind === 'labels' ? [...list].sort() : list;

function readTypeChange(record: IssueRecord, value: unknown): string {
  const wanted = findIssueType(value);
  const present = issueTypes.get(record.typeId);
  const fits =
    wanted?.level === present?.level && wanted !== undefined && workflowOf(wanted.id) === workflowOf(record.typeId);
  if (!fits) throw new FieldError('The issue type selected is invalid.');
  return wanted.id;
}

export function findIssueType(value: unknown): ReturnType<typeof issueTypes.get> {
  if (!isRecord(value)) return undefined;
  const { id, name } = value;
  return [...issueTypes.values()].find((type) => (id === undefined ? type.name === name : type.id === String(id)));
}

/**
 * A restriction that shuts its own author out is refused: https://github.com/reload/github-security-jira/issues/128; so is one to a
 * role that is not there: https://github.com/atlassian/atlassian-mcp-server/issues/105. Words for groups are made after those.
 */
export function checkVisibility(caller: Caller, { type, value }: Visibility): void {
  const groups = caller.person?.groups ?? [];
  if (type === 'role' && !PROJECT_ROLES.some((role) => role === value)) {
    throw invalidFields({ commentLevel: `Role with id: ${value} does not exist.` });
  }
  if (type === 'group' && !Object.values(GROUPS).some((group) => group === value)) {
    throw invalidFields({ commentLevel: `Group: ${value} does not exist.` });
  }
  const group = type === 'group' ? value : value === 'Administrators' ? GROUPS.administrators : GROUPS.team;
  if (!groups.includes(group)) {
    const what = type === 'group' ? 'group' : 'project role';
    throw invalidFields({ commentLevel: `You are currently not a member of the ${what}: ${value}.` });
  }
}

export function readVisibility(value: unknown): Visibility | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isRecord(value) || (value.type !== 'group' && value.type !== 'role')) {
    throw new FieldError("Visibility must name a type, 'group' or 'role'.");
  }
  const named = value.value ?? value.identifier;
  if (typeof named !== 'string') throw new FieldError('Visibility must name a group or a role.');
  return { type: value.type, value: named };
}

function readNewComment(context: InputContext, { verb, value }: Operation): NewComment {
  if (verb !== 'add' || !isRecord(value))
    throw new FieldError(`The operation '${verb}' is not supported for the field 'comment'.`);
  const body = readDocument(context.world, value.body, 'comment');
  if (body === undefined) throw new FieldError('Comment body can not be empty!');
  const visibility = readVisibility(value.visibility);
  return { body, ...(visibility === undefined ? {} : { visibility }) };
}

function readNewLink(context: InputContext, { verb, value }: Operation): NewLink {
  if (verb !== 'add' || !isRecord(value))
    throw new FieldError(`The operation '${verb}' is not supported for the field 'issuelinks'.`);
  const { store } = context.world;
  const named = isRecord(value.type) ? value.type : {};
  const type = [...store.linkTypes.values()].find(({ id, name }) =>
    named.id === undefined ? name === named.name : id === String(named.id),
  );
  if (type === undefined) throw new FieldError(`No issue link type with name '${String(named.name)}' found.`);
  const outward = isRecord(value.outwardIssue);
  const end = outward ? value.outwardIssue : value.inwardIssue;
  const idOrKey = isRecord(end) ? (end.key ?? end.id) : undefined;
  const other = typeof idOrKey === 'string' ? store.findIssue(idOrKey) : undefined;
  if (other === undefined) throw new FieldError('Could not find issue by id or key.');
  return { typeId: type.id, otherId: other.id, outward };
}

export function readNewWorklog(context: InputContext, { verb, value }: Operation): NewWorklog {
  if (verb !== 'add' || !isRecord(value))
    throw new FieldError(`The operation '${verb}' is not supported for the field 'worklog'.`);
  const seconds =
    typeof value.timeSpentSeconds === 'number'
      ? value.timeSpentSeconds
      : typeof value.timeSpent === 'string'
        ? parseDuration(value.timeSpent)
        : undefined;
  if (seconds === undefined || seconds <= 0) throw new FieldError('Worklog must not be null.');
  const started = typeof value.started === 'string' ? parseInstant(value.started) : undefined;
  if (value.started !== undefined && started === undefined)
    throw new FieldError(`Error parsing date string: ${String(value.started)}`);
  const comment = readDocument(context.world, value.comment, 'field');
  return {
    seconds,
    ...(started === undefined ? {} : { started }),
    ...(comment === undefined ? {} : { comment }),
  };
}

/** For bodies that are no object where one is wanted. */
export function readObject(value: unknown): Readonly<Record<string, unknown>> {
  if (!isRecord(value))
    throw new JiraError(400, ['Invalid request payload. Refer to the REST API documentation and try again.']);
  return value;
}
