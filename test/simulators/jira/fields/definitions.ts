// The fields of the site, system and custom: what each is called, which kind of value it holds, how Jira describes it.

/** Decides how a value is read (input.ts), shown (output.ts), written to the changelog (changes.ts) and searched (jql). */
export type FieldKind =
  | 'summary'
  | 'adf'
  | 'text'
  | 'number'
  | 'date'
  | 'datetime'
  | 'select'
  | 'multiselect'
  | 'user'
  | 'url'
  | 'labels'
  | 'priority'
  | 'resolution'
  | 'versions'
  | 'components'
  | 'project'
  | 'issuetype'
  | 'parent'
  | 'security'
  | 'timetracking'
  | 'sprint'
  /** Shown, and never set through a field. */
  | 'computed';

export type Verb = 'set' | 'add' | 'remove' | 'edit';

export interface FieldOption {
  readonly id: string;
  readonly value: string;
}

export interface JsonType {
  readonly type: string;
  readonly items?: string;
  readonly system?: string;
  readonly custom?: string;
  readonly customId?: number;
}

export interface FieldDef {
  readonly id: string;
  readonly name: string;
  readonly kind: FieldKind;
  readonly schema: JsonType;
  readonly custom: boolean;
  readonly clauseNames: readonly string[];
  readonly options?: readonly FieldOption[];
  readonly description?: string;
  readonly navigable: boolean;
}

const TYPES = 'com.atlassian.jira.plugin.system.customfieldtypes';

function system(
  id: string,
  name: string,
  kind: FieldKind,
  type: string,
  clauseNames: readonly string[],
  items?: string,
): FieldDef {
  const schema = { type, ...(items === undefined ? {} : { items }), system: id };
  return {
    id,
    name,
    kind,
    schema,
    custom: false,
    clauseNames,
    navigable: !['comment', 'worklog', 'attachment'].includes(id),
  };
}

export const SYSTEM_FIELDS: readonly FieldDef[] = [
  system('summary', 'Summary', 'summary', 'string', ['summary']),
  system('issuetype', 'Issue Type', 'issuetype', 'issuetype', ['issuetype', 'type']),
  system('project', 'Project', 'project', 'project', ['project']),
  system('status', 'Status', 'computed', 'status', ['status']),
  system('statusCategory', 'Status Category', 'computed', 'statusCategory', ['statusCategory']),
  system('statuscategorychangedate', 'Status Category Changed', 'computed', 'datetime', ['statusCategoryChangedDate']),
  system('description', 'Description', 'adf', 'string', ['description']),
  system('environment', 'Environment', 'adf', 'string', ['environment']),
  system('priority', 'Priority', 'priority', 'priority', ['priority']),
  system('resolution', 'Resolution', 'resolution', 'resolution', ['resolution']),
  system('resolutiondate', 'Resolved', 'computed', 'datetime', ['resolutiondate', 'resolved']),
  system('labels', 'Labels', 'labels', 'array', ['labels'], 'string'),
  system('assignee', 'Assignee', 'user', 'user', ['assignee']),
  system('reporter', 'Reporter', 'user', 'user', ['reporter']),
  system('creator', 'Creator', 'computed', 'user', ['creator']),
  system('created', 'Created', 'computed', 'datetime', ['created', 'createdDate']),
  system('updated', 'Updated', 'computed', 'datetime', ['updated', 'updatedDate']),
  system('duedate', 'Due date', 'date', 'date', ['due', 'duedate']),
  system('fixVersions', 'Fix versions', 'versions', 'array', ['fixVersion'], 'version'),
  system('versions', 'Affects versions', 'versions', 'array', ['affectedVersion'], 'version'),
  system('components', 'Components', 'components', 'array', ['component'], 'component'),
  system('security', 'Security Level', 'security', 'securitylevel', ['level']),
  system('parent', 'Parent', 'parent', 'issuelink', ['parent']),
  system('subtasks', 'Sub-tasks', 'computed', 'array', ['subtasks'], 'issuelinks'),
  system('issuelinks', 'Linked Issues', 'computed', 'array', ['issueLink'], 'issuelinks'),
  system('attachment', 'Attachment', 'computed', 'array', ['attachments'], 'attachment'),
  system('comment', 'Comment', 'computed', 'comments-page', ['comment']),
  system('worklog', 'Log Work', 'computed', 'array', [], 'worklog'),
  system('watches', 'Watchers', 'computed', 'watches', ['watchers']),
  system('votes', 'Votes', 'computed', 'votes', ['votes']),
  system('timetracking', 'Time tracking', 'timetracking', 'timetracking', []),
  system('timeoriginalestimate', 'Original estimate', 'computed', 'number', [
    'originalEstimate',
    'timeoriginalestimate',
  ]),
  system('timeestimate', 'Remaining Estimate', 'computed', 'number', ['remainingEstimate', 'timeestimate']),
  system('timespent', 'Time Spent', 'computed', 'number', ['timespent']),
];

/** Custom field types of which the site can make more, by the key that `POST field` takes. */
export const CUSTOM_TYPES: Readonly<
  Record<string, { readonly kind: FieldKind; readonly type: string; readonly items?: string }>
> = {
  [`${TYPES}:textfield`]: { kind: 'text', type: 'string' },
  [`${TYPES}:textarea`]: { kind: 'adf', type: 'string' },
  [`${TYPES}:float`]: { kind: 'number', type: 'number' },
  [`${TYPES}:datepicker`]: { kind: 'date', type: 'date' },
  [`${TYPES}:datetime`]: { kind: 'datetime', type: 'datetime' },
  [`${TYPES}:select`]: { kind: 'select', type: 'option' },
  [`${TYPES}:multiselect`]: { kind: 'multiselect', type: 'array', items: 'option' },
  [`${TYPES}:userpicker`]: { kind: 'user', type: 'user' },
  [`${TYPES}:url`]: { kind: 'url', type: 'string' },
  [`${TYPES}:labels`]: { kind: 'labels', type: 'array', items: 'string' },
};

export function customField(
  number: number,
  name: string,
  typeKey: string,
  extra: { readonly description?: string; readonly options?: readonly string[] } = {},
): FieldDef {
  const type = CUSTOM_TYPES[typeKey];
  if (type === undefined) throw new Error(`no custom field type ${typeKey}`);
  const id = `customfield_${number}`;
  return {
    id,
    name,
    kind: type.kind,
    schema: {
      type: type.type,
      ...(type.items === undefined ? {} : { items: type.items }),
      custom: typeKey,
      customId: number,
    },
    custom: true,
    clauseNames: [`cf[${number}]`, name],
    navigable: true,
    ...(extra.description === undefined ? {} : { description: extra.description }),
    ...(extra.options === undefined
      ? {}
      : { options: extra.options.map((value, index) => ({ id: String(number * 10 + index), value })) }),
  };
}

export const STORY_POINTS = 'customfield_10016';

/** Set by the number of one sprint and shown as a list: the closed ones that the issue was in stay. */
export const SPRINT_FIELD: FieldDef = {
  id: 'customfield_10020',
  name: 'Sprint',
  kind: 'sprint',
  schema: { type: 'array', items: 'json', custom: 'com.pyxis.greenhopper.jira:gh-sprint', customId: 10_020 },
  custom: true,
  clauseNames: ['cf[10020]', 'Sprint'],
  navigable: true,
};

export const CUSTOM_FIELDS: readonly FieldDef[] = [
  customField(10_016, 'Story Points', `${TYPES}:float`, { description: 'How big it is, for planning.' }),
  customField(10_015, 'Start date', `${TYPES}:datepicker`),
  customField(10_040, 'Customer', `${TYPES}:textfield`, { description: 'Who asked for it.' }),
  customField(10_041, 'Release Notes', `${TYPES}:textarea`),
  customField(10_042, 'Effort Days', `${TYPES}:float`),
  customField(10_043, 'Occurred At', `${TYPES}:datetime`),
  customField(10_044, 'Severity', `${TYPES}:select`, {
    options: ['1 - Critical', '2 - High', '3 - Medium', '4 - Low'],
  }),
  customField(10_045, 'Platforms', `${TYPES}:multiselect`, {
    options: ['Web', 'iOS', 'Android', 'Windows', 'macOS', 'Linux'],
  }),
  customField(10_046, 'QA Owner', `${TYPES}:userpicker`),
  customField(10_047, 'Design Link', `${TYPES}:url`),
  customField(10_048, 'Teams', `${TYPES}:labels`),
];

/** Which verbs `update` takes for a kind, as editmeta lists them. */
export function verbsOf(kind: FieldKind): readonly Verb[] {
  switch (kind) {
    case 'labels':
    case 'multiselect':
    case 'versions':
    case 'components':
      return ['add', 'set', 'remove'];
    case 'timetracking':
      return ['set', 'edit'];
    case 'computed':
      return [];
    default:
      return ['set'];
  }
}
