// The simulated site's configuration as an administrator made it: issue types, statuses, priorities, link types, groups.
// Fields are in fields/definitions.ts, transitions in workflow.ts, screens in screens.ts.

export const CLOUD_ID = '7a1c2f36-5d0e-4b7c-9b0c-2f9a6d4e8b11';
export const PROJECT_ID = 10_000;
export const PROJECT_KEY = 'TAN';

export interface IssueType {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** 1: epics; 0: the usual; -1: subtasks. */
  readonly level: -1 | 0 | 1;
  readonly avatarId: number;
}

export const ISSUE_TYPES: readonly IssueType[] = [
  { id: '10000', name: 'Epic', description: 'A big piece of work that holds others.', level: 1, avatarId: 10_307 },
  { id: '10001', name: 'Story', description: 'Something a user can do at the end.', level: 0, avatarId: 10_315 },
  { id: '10002', name: 'Task', description: 'A piece of work.', level: 0, avatarId: 10_318 },
  { id: '10003', name: 'Bug', description: 'Something that is wrong.', level: 0, avatarId: 10_303 },
  { id: '10004', name: 'Sub-task', description: 'A part of another issue.', level: -1, avatarId: 10_316 },
];

export type StatusCategoryKey = 'new' | 'indeterminate' | 'done';

export interface StatusCategory {
  readonly id: number;
  readonly key: StatusCategoryKey;
  readonly name: string;
  readonly colorName: string;
}

export const STATUS_CATEGORIES: Readonly<Record<StatusCategoryKey, StatusCategory>> = {
  new: { id: 2, key: 'new', name: 'To Do', colorName: 'blue-gray' },
  indeterminate: { id: 4, key: 'indeterminate', name: 'In Progress', colorName: 'yellow' },
  done: { id: 3, key: 'done', name: 'Done', colorName: 'green' },
};

export interface StatusDef {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly category: StatusCategoryKey;
}

export const STATUSES: readonly StatusDef[] = [
  { id: '10000', name: 'To Do', description: 'Nobody has begun.', category: 'new' },
  { id: '3', name: 'In Progress', description: 'Someone works on it.', category: 'indeterminate' },
  { id: '10001', name: 'In Review', description: 'Someone else looks at it.', category: 'indeterminate' },
  { id: '10003', name: 'Blocked', description: 'It waits for something.', category: 'indeterminate' },
  { id: '10002', name: 'Done', description: 'It is finished.', category: 'done' },
  { id: '10004', name: 'Cancelled', description: 'It will not be done.', category: 'done' },
];

export interface NamedValue {
  readonly id: string;
  readonly name: string;
  readonly description: string;
}

/** Highest first, as Jira orders them. */
export const PRIORITIES: readonly (NamedValue & { readonly color: string })[] = [
  { id: '1', name: 'Highest', description: 'This problem will block progress.', color: '#d04437' },
  { id: '2', name: 'High', description: 'Serious problem that could block progress.', color: '#f15C75' },
  { id: '3', name: 'Medium', description: 'Has the potential to affect progress.', color: '#f79232' },
  { id: '4', name: 'Low', description: 'Minor problem or easily worked around.', color: '#707070' },
  { id: '5', name: 'Lowest', description: 'Trivial problem with little or no impact on progress.', color: '#999999' },
];
export const DEFAULT_PRIORITY_ID = '3';

export const RESOLUTIONS: readonly NamedValue[] = [
  { id: '10000', name: 'Done', description: 'Work has been completed.' },
  { id: '10001', name: "Won't Do", description: 'This will not be actioned.' },
  { id: '10002', name: 'Duplicate', description: 'The problem is a duplicate of an existing issue.' },
  { id: '10003', name: 'Cannot Reproduce', description: 'All attempts at reproducing this failed.' },
];

export interface LinkType {
  readonly id: string;
  readonly name: string;
  readonly inward: string;
  readonly outward: string;
}

export const LINK_TYPES: readonly LinkType[] = [
  { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' },
  { id: '10001', name: 'Cloners', inward: 'is cloned by', outward: 'clones' },
  { id: '10002', name: 'Duplicate', inward: 'is duplicated by', outward: 'duplicates' },
  { id: '10003', name: 'Relates', inward: 'relates to', outward: 'relates to' },
];

/** Who may see an issue with that level: the members of its group, and the level's reporter nobody else. */
export const SECURITY_LEVELS: readonly (NamedValue & { readonly group: string })[] = [
  { id: '10100', name: 'Team', description: 'The team and its apps.', group: 'tandem-team' },
  { id: '10101', name: 'Leads', description: 'Leads and administrators.', group: 'tandem-leads' },
];

export const GROUPS = {
  users: 'jira-users',
  administrators: 'site-admins',
  team: 'tandem-team',
  developers: 'tandem-developers',
  leads: 'tandem-leads',
} as const;

export const PROJECT_ROLES = ['Administrators', 'Developers', 'Viewers'] as const;

const byId = <T extends { readonly id: string }>(list: readonly T[]): ReadonlyMap<string, T> =>
  new Map(list.map((entry) => [entry.id, entry]));

export const issueTypes = byId(ISSUE_TYPES);
export const statuses = byId(STATUSES);
export const priorities = byId(PRIORITIES);
export const resolutions = byId(RESOLUTIONS);
export const securityLevels = byId(SECURITY_LEVELS);

/** For ids that the store itself wrote: their absence is a defect of the simulator. */
export function known<T>(map: ReadonlyMap<string, T>, id: string): T {
  const value = map.get(id);
  if (value === undefined) throw new Error(`the site has no entry ${id}`);
  return value;
}
