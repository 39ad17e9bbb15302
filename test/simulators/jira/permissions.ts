// Who may do what: grants by group, what tests took away, and security levels. Every answer about rights is given here.
import type { Caller } from './caller.ts';
import { badRequest, forbidden, issueNotFound, JiraError } from './errors.ts';
import type { IssueRecord, Person } from './model.ts';
import { GROUPS, securityLevels } from './site.ts';
import type { World } from './world.ts';

export interface PermissionDef {
  readonly id: string;
  readonly key: PermissionKey;
  readonly name: string;
  readonly type: 'GLOBAL' | 'PROJECT';
  readonly description: string;
}

const define = (id: number, key: string, name: string, type: 'GLOBAL' | 'PROJECT', description: string) => ({
  id: String(id),
  key,
  name,
  type,
  description,
});

/** Keys, names and ids as Jira's own `GET permissions` lists them. */
const DEFINITIONS = [
  define(
    0,
    'ADMINISTER',
    'Administer Jira',
    'GLOBAL',
    'Create and administer projects, issue types, fields, workflows, and schemes.',
  ),
  define(33, 'BULK_CHANGE', 'Make bulk changes', 'GLOBAL', 'Modify collections of issues at once.'),
  define(
    27,
    'USER_PICKER',
    'Browse users and groups',
    'GLOBAL',
    'View and select users or groups from the user picker.',
  ),
  define(10, 'BROWSE_PROJECTS', 'Browse Projects', 'PROJECT', 'Ability to browse projects and the issues within them.'),
  define(11, 'CREATE_ISSUES', 'Create Issues', 'PROJECT', 'Ability to create issues.'),
  define(12, 'EDIT_ISSUES', 'Edit Issues', 'PROJECT', 'Ability to edit issues.'),
  define(13, 'ASSIGN_ISSUES', 'Assign Issues', 'PROJECT', 'Ability to assign issues to other people.'),
  define(17, 'ASSIGNABLE_USER', 'Assignable User', 'PROJECT', 'Users with this permission may be assigned to issues.'),
  define(14, 'RESOLVE_ISSUES', 'Resolve Issues', 'PROJECT', 'Ability to resolve and reopen issues.'),
  define(18, 'CLOSE_ISSUES', 'Close Issues', 'PROJECT', 'Ability to close issues.'),
  define(46, 'TRANSITION_ISSUES', 'Transition Issues', 'PROJECT', 'Ability to transition issues.'),
  define(16, 'DELETE_ISSUES', 'Delete Issues', 'PROJECT', 'Ability to delete issues.'),
  define(21, 'LINK_ISSUES', 'Link Issues', 'PROJECT', 'Ability to link issues together and create linked issues.'),
  define(25, 'MOVE_ISSUES', 'Move Issues', 'PROJECT', 'Ability to move issues between projects or workflows.'),
  define(
    30,
    'MODIFY_REPORTER',
    'Modify Reporter',
    'PROJECT',
    'Ability to modify the reporter when creating or editing an issue.',
  ),
  define(28, 'SCHEDULE_ISSUES', 'Schedule Issues', 'PROJECT', "Ability to view or edit an issue's due date."),
  define(
    26,
    'SET_ISSUE_SECURITY',
    'Set Issue Security',
    'PROJECT',
    'Ability to set the level of security on an issue.',
  ),
  define(15, 'ADD_COMMENTS', 'Add Comments', 'PROJECT', 'Ability to comment on issues.'),
  define(34, 'EDIT_ALL_COMMENTS', 'Edit All Comments', 'PROJECT', 'Ability to edit all comments made on issues.'),
  define(35, 'EDIT_OWN_COMMENTS', 'Edit Own Comments', 'PROJECT', 'Ability to edit own comments made on issues.'),
  define(36, 'DELETE_ALL_COMMENTS', 'Delete All Comments', 'PROJECT', 'Ability to delete all comments made on issues.'),
  define(37, 'DELETE_OWN_COMMENTS', 'Delete Own Comments', 'PROJECT', 'Ability to delete own comments made on issues.'),
  define(
    19,
    'CREATE_ATTACHMENTS',
    'Create Attachments',
    'PROJECT',
    'Users with this permission may create attachments.',
  ),
  define(
    38,
    'DELETE_ALL_ATTACHMENTS',
    'Delete All Attachments',
    'PROJECT',
    'Users with this permission may delete all attachments.',
  ),
  define(
    39,
    'DELETE_OWN_ATTACHMENTS',
    'Delete Own Attachments',
    'PROJECT',
    'Users with this permission may delete own attachments.',
  ),
  define(20, 'WORK_ON_ISSUES', 'Work On Issues', 'PROJECT', 'Ability to log work done against an issue.'),
  define(32, 'MANAGE_WATCHERS', 'Manage Watchers', 'PROJECT', 'Ability to manage the watchers of an issue.'),
  define(
    31,
    'VIEW_VOTERS_AND_WATCHERS',
    'View Voters and Watchers',
    'PROJECT',
    'Ability to view the voters and watchers of an issue.',
  ),
  define(-1, 'MANAGE_SPRINTS_PERMISSION', 'Manage sprints', 'PROJECT', 'Ability to manage sprints.'),
  define(23, 'ADMINISTER_PROJECTS', 'Administer Projects', 'PROJECT', 'Ability to administer a project in Jira.'),
] as const;

export type PermissionKey = string;
export const PERMISSIONS: ReadonlyMap<string, PermissionDef> = new Map(DEFINITIONS.map((entry) => [entry.key, entry]));

const ADMIN_ONLY = new Set(['ADMINISTER', 'ADMINISTER_PROJECTS']);
/** What an ordinary member of the team lacks besides, and an app or the synchronizer has. */
const TRUSTED = new Set([
  'MODIFY_REPORTER',
  'EDIT_ALL_COMMENTS',
  'DELETE_ALL_COMMENTS',
  'DELETE_ALL_ATTACHMENTS',
  'BULK_CHANGE',
  'SET_ISSUE_SECURITY',
]);

/** A right taken away by a test: from one account or everyone, on some issues or everywhere. */
export interface Denial {
  readonly accountId: string | '*';
  readonly permissions: ReadonlySet<PermissionKey>;
  /** Undefined: everywhere. */
  readonly issueIds?: ReadonlySet<number>;
}

export const TRUSTED_GROUP = 'tandem-trusted';

function granted(person: Person, permission: PermissionKey): boolean {
  if (!person.active) return false;
  if (person.groups.includes(GROUPS.administrators)) return true;
  if (TRUSTED.has(permission)) return person.groups.includes(TRUSTED_GROUP);
  if (ADMIN_ONLY.has(permission)) return false;
  return person.groups.includes(GROUPS.team);
}

/** Without an issue: the right in the project, or on the site. */
export function hasPermission(world: World, caller: Caller, permission: PermissionKey, issue?: IssueRecord): boolean {
  return caller.person !== undefined && personHas(world, caller.person, permission, issue);
}

export function personHas(world: World, person: Person, permission: PermissionKey, issue?: IssueRecord): boolean {
  if (!granted(person, permission)) return false;
  for (const { accountId, permissions, issueIds } of world.settings.denials) {
    if (accountId !== '*' && accountId !== person.accountId) continue;
    // Whoever can't browse can't do anything else.
    if (!permissions.has(permission) && !permissions.has('BROWSE_PROJECTS')) continue;
    if (PERMISSIONS.get(permission)?.type === 'GLOBAL' && !permissions.has(permission)) continue;
    if (issueIds === undefined || (issue !== undefined && issueIds.has(issue.id))) return false;
  }
  // An archived issue can be read, and nothing else.
  if (issue !== undefined && world.index.isArchived(issue.id) && permission !== 'BROWSE_PROJECTS') return false;
  return issue === undefined || passesSecurity(person, issue);
}

function passesSecurity(person: Person, issue: IssueRecord): boolean {
  const level = issue.values.security;
  if (typeof level !== 'string') return true;
  const group = securityLevels.get(level)?.group;
  return group !== undefined && person.groups.includes(group);
}

export function isAssignable(world: World, person: Person, _projectId: number): boolean {
  return person.accountType === 'atlassian' && personHas(world, person, 'ASSIGNABLE_USER');
}

export const canSeeIssue = (world: World, caller: Caller, issue: IssueRecord): boolean =>
  hasPermission(world, caller, 'BROWSE_PROJECTS', issue);

/** The issue, or Jira's one answer for "not there" and "not yours". */
export function visibleIssue(world: World, caller: Caller, idOrKey: string): IssueRecord {
  const issue = world.store.findIssue(idOrKey);
  if (issue === undefined || !canSeeIssue(world, caller, issue)) throw issueNotFound();
  return issue;
}

const REFUSALS: Readonly<Record<string, () => JiraError>> = {
  EDIT_ISSUES: () => forbidden('You do not have permission to edit issues in this project.'),
  DELETE_ISSUES: () => forbidden('You do not have permission to delete issues in this project.'),
  ASSIGN_ISSUES: () => new JiraError(403, [], { assignee: 'You do not have permission to assign issues.' }),
  ADD_COMMENTS: () => new JiraError(400, ['You do not have the permission to comment on this issue.']),
  CREATE_ATTACHMENTS: () => forbidden('You do not have permission to create attachments for this issue.'),
  LINK_ISSUES: () => new JiraError(404, ['No Link Issue Permission for issue.']),
  WORK_ON_ISSUES: () => badRequest('You do not have the permission to associate a worklog to this issue.'),
  TRANSITION_ISSUES: () => badRequest('You do not have permission to transition this issue.'),
};

export function requirePermission(world: World, caller: Caller, permission: PermissionKey, issue?: IssueRecord): void {
  if (hasPermission(world, caller, permission, issue)) return;
  throw REFUSALS[permission]?.() ?? forbidden(`You do not have permission to perform this operation: ${permission}.`);
}

export function requireAdministrator(world: World, caller: Caller): void {
  if (!hasPermission(world, caller, 'ADMINISTER'))
    throw forbidden('Only Jira administrators can perform this operation.');
}

/** Calls that say something about the caller refuse anonymous ones; https://developer.atlassian.com/cloud/jira/platform/rest/v3/api-group-myself/ */
export function requirePerson(caller: Caller): Person {
  if (caller.person === undefined) throw new JiraError(401, ['Client must be authenticated to access this resource.']);
  return caller.person;
}
