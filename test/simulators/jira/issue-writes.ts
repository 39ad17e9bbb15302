// Creates, edits, transitions and deletes issues: checks rights and workflow, commits the draft, leaves traces, tells.
import { isRecord } from './adf.ts';
import type { Caller } from './caller.ts';
import { checkVisibility, type Draft, draftEdit, findIssueType, type IssueInput, type NewComment } from './edit.ts';
import { carryOut, leaveTraces, tell } from './effects.ts';
import { badRequest, invalidFields, JiraError } from './errors.ts';
import { changesBetween } from './fields/changes.ts';
import type { InputContext } from './fields/input.ts';
import { createLink } from './links.ts';
import type { CommentRecord, IssueRecord, ProjectRecord } from './model.ts';
import { hasPermission, requirePermission } from './permissions.ts';
import { DEFAULT_PRIORITY_ID, type IssueType, statuses } from './site.ts';
import { type TransitionDef, transitionsFrom, workflowOf } from './workflow.ts';
import { addWorklog } from './worklogs.ts';
import type { World } from './world.ts';

export interface CreateInput extends IssueInput {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly transitionId?: string;
}

export function createIssue(world: World, caller: Caller, input: CreateInput): IssueRecord {
  const project = findProject(world, caller, input.fields?.project);
  const type = findIssueType(input.fields?.issuetype);
  if (project === undefined || type === undefined) {
    throw invalidFields({
      ...(project === undefined ? { project: 'Specify a valid project ID or key' } : {}),
      ...(type === undefined ? { issuetype: 'Specify a valid issue type' } : {}),
    });
  }
  if (!hasPermission(world, caller, 'CREATE_ISSUES')) {
    throw invalidFields({ project: 'You do not have permission to create issues in this project.' });
  }
  const { issuetype: _type, project: _project, ...fields } = input.fields ?? {};
  const context: InputContext = { world, caller, projectId: project.id, typeId: type.id };
  const screen = { fields: world.screens.create(type.id), required: world.screens.required(type.id), demandsAll: true };
  const draft = draftEdit(context, blank(world, caller, project, type), { ...input, fields }, screen);
  const transition =
    input.transitionId === undefined ? undefined : initialTransition(world, caller, draft.record, input.transitionId);
  return commitNew(world, caller, draft, input.properties, transition);
}

/** Asks for a project that one may browse; another counts as missing. */
function findProject(world: World, caller: Caller, named: unknown): ProjectRecord | undefined {
  if (!isRecord(named) || !hasPermission(world, caller, 'BROWSE_PROJECTS')) return undefined;
  const { id, key } = named;
  return [...world.store.projects.values()].find((it) => (id === undefined ? it.key === key : it.id === Number(id)));
}

function blank(world: World, caller: Caller, project: ProjectRecord, type: IssueType): IssueRecord {
  const now = world.clock.now();
  const creator = caller.person?.accountId ?? '';
  return {
    id: 0,
    projectId: project.id,
    number: 0,
    typeId: type.id,
    statusId: workflowOf(type.id).initialStatus,
    created: now,
    updated: now,
    statusChanged: now,
    creator,
    values: { priority: DEFAULT_PRIORITY_ID, reporter: creator },
  };
}

function commitNew(
  world: World,
  caller: Caller,
  draft: Draft,
  properties: Readonly<Record<string, unknown>>,
  transition: TransitionDef | undefined,
): IssueRecord {
  const { store } = world;
  const id = store.nextId('issue');
  const number = store.nextNumber(draft.record.projectId);
  world.index.changing(id);
  if (Object.keys(properties).length > 0) store.properties.set(id, properties);
  const created = carryOut(world, caller, 'issue.create', { ...draft.record, id, number });
  if (caller.person !== undefined) store.watchers.set(id, [caller.person.accountId]);
  addExtras(world, caller, created, draft);
  if (transition !== undefined) moveTo(world, caller, created, { ...draft, record: created }, transition);
  return store.issues.get(id) ?? created;
}

function initialTransition(world: World, caller: Caller, record: IssueRecord, id: string): TransitionDef {
  return findTransition(world, caller, record, id);
}

function addExtras(world: World, caller: Caller, issue: IssueRecord, draft: Draft): void {
  for (const comment of draft.comments) addComment(world, caller, issue, comment);
  for (const { typeId, otherId, outward } of draft.links) {
    createLink(world, caller, typeId, outward ? issue.id : otherId, outward ? otherId : issue.id);
  }
  for (const worklog of draft.worklogs) addWorklog(world, caller, issue.id, worklog);
}

export function addComment(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  comment: NewComment,
  properties: Readonly<Record<string, unknown>> = {},
): CommentRecord {
  requirePermission(world, caller, 'ADD_COMMENTS', issue);
  if (comment.visibility !== undefined) checkVisibility(caller, comment.visibility);
  const now = world.clock.now();
  const author = caller.person?.accountId ?? '';
  const record: CommentRecord = {
    id: world.store.nextId('comment'),
    issueId: issue.id,
    author,
    updateAuthor: author,
    created: now,
    updated: now,
    properties,
    ...comment,
  };
  world.store.putComment(record);
  const current = world.store.issues.get(issue.id) ?? issue;
  carryOut(world, caller, 'comment.add', current, [], { comment: record });
  return record;
}

/** Edits fields. `extraRequired`: for screens that ask for more. */
export function editIssue(world: World, caller: Caller, issue: IssueRecord, input: IssueInput): IssueRecord {
  requirePermission(world, caller, 'EDIT_ISSUES', issue);
  const screen = {
    fields: world.screens.edit(issue.typeId),
    required: world.screens.required(issue.typeId),
    demandsAll: false,
  };
  return commitEdit(world, caller, issue, draftEdit(inputContext(world, caller, issue), issue, input, screen));
}

export const inputContext = (world: World, caller: Caller, issue: IssueRecord): InputContext => ({
  world,
  caller,
  projectId: issue.projectId,
  typeId: issue.typeId,
  issueId: issue.id,
});

/** One edit is one history. Without any change there is none, and `updated` stays. */
export function commitEdit(world: World, caller: Caller, before: IssueRecord, draft: Draft): IssueRecord {
  const after = withResolutionDate(world, before, draft.record);
  const items = changesBetween(world, before, after);
  const stored = items.length === 0 ? before : carryOut(world, caller, 'issue.edit', after, items);
  addExtras(world, caller, stored, draft);
  return world.store.issues.get(before.id) ?? stored;
}

function withResolutionDate(world: World, before: IssueRecord, after: IssueRecord): IssueRecord {
  if (before.values.resolution === after.values.resolution) return after;
  const { resolutiondate: _, ...values } = after.values;
  return {
    ...after,
    values: values.resolution === undefined ? values : { ...values, resolutiondate: world.clock.now() },
  };
}

export function availableTransitions(world: World, caller: Caller, issue: IssueRecord): readonly TransitionDef[] {
  if (!hasPermission(world, caller, 'TRANSITION_ISSUES', issue)) return [];
  return allTransitions(world, issue).filter((transition) => meetsCondition(caller, transition));
}

export const allTransitions = (world: World, issue: IssueRecord): readonly TransitionDef[] =>
  transitionsFrom(issue.typeId, issue.statusId, {
    removed: world.settings.removedTransitions,
    required: world.settings.requiredOnTransition,
  });

export const meetsCondition = (caller: Caller, { onlyGroup }: TransitionDef): boolean =>
  onlyGroup === undefined || (caller.person?.groups.includes(onlyGroup) ?? false);

function findTransition(world: World, caller: Caller, issue: IssueRecord, id: string): TransitionDef {
  const found = availableTransitions(world, caller, issue).find((transition) => transition.id === id);
  if (found === undefined) throw badRequest(`Transition id '${id}' is not valid for this issue.`);
  return found;
}

export function transitionIssue(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  id: string,
  input: IssueInput,
): IssueRecord {
  const transition = findTransition(world, caller, issue, id);
  const fields = (transition.screen ?? []).map(({ fieldId }) => fieldId);
  const required = (transition.screen ?? []).filter((entry) => entry.required).map(({ fieldId }) => fieldId);
  const screen = {
    fields: new Set(transition.screen === undefined ? [] : [...fields, 'comment', 'issuelinks', 'worklog']),
    required: new Set(required),
    demandsAll: true,
  };
  const draft = draftEdit(inputContext(world, caller, issue), issue, input, screen);
  return moveTo(world, caller, issue, draft, transition);
}

function moveTo(
  world: World,
  caller: Caller,
  issue: IssueRecord,
  draft: Draft,
  transition: TransitionDef,
): IssueRecord {
  const { resolution: _, ...rest } = draft.record.values;
  const values =
    transition.setsResolution === undefined
      ? draft.record.values
      : transition.setsResolution === null
        ? rest
        : { ...rest, resolution: transition.setsResolution };
  const categoryOf = (id: string) => statuses.get(id)?.category;
  const moved = categoryOf(issue.statusId) !== categoryOf(transition.to);
  const record: IssueRecord = {
    ...draft.record,
    statusId: transition.to,
    statusChanged: moved ? world.clock.now() : issue.statusChanged,
    values,
  };
  return commitEdit(world, caller, issue, { ...draft, record });
}

export function deleteIssue(world: World, caller: Caller, issue: IssueRecord, deleteSubtasks: boolean): void {
  requirePermission(world, caller, 'DELETE_ISSUES', issue);
  const { store } = world;
  const subtasks = store.childrenOf(issue.id).filter(({ typeId }) => typeId === '10004');
  if (subtasks.length > 0 && !deleteSubtasks) {
    throw badRequest(
      `The issue '${store.keyOf(issue)}' has subtasks.  You must specify the 'deleteSubtasks' parameter to delete this issue and all its subtasks.`,
    );
  }
  for (const gone of [...subtasks, issue]) {
    for (const link of store.linksOf(gone.id)) {
      const otherId = link.sourceId === gone.id ? link.destinationId : link.sourceId;
      const other = store.issues.get(otherId);
      if (other !== undefined) leaveTraces(world, caller, 'link.delete', other, []);
    }
    store.removeIssue(gone);
    world.index.removed(gone.id);
  }
  tell(world, caller, 'issue.delete', { issue });
}

export function requireTransitionId(value: unknown): string {
  const id = isRecord(value) ? value.id : undefined;
  if (typeof id === 'number') return String(id);
  if (typeof id !== 'string' || id === '') throw new JiraError(400, ["Missing 'transition' identifier"]);
  return id;
}
