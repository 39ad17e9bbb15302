// The schemas of an ordinary Jira Software project and of an Azure DevOps project of the Agile process.

import type { FieldSchema, StateCategory, TypeSchema } from '../../backend/src/sync/catalog.ts';
import type { FieldKind } from '../../backend/src/sync/model.ts';
import type { SuggestSchema } from '../../backend/src/sync/suggest.ts';

const field = (id: string, name: string, kind: FieldKind, more: Partial<FieldSchema> = {}): FieldSchema => ({
  id,
  name,
  kind,
  required: false,
  readOnly: false,
  ...more,
});

const allowed = (...names: string[]) => names.map((name, index) => ({ id: String(index + 1), name }));

const jiraFields = [
  field('summary', 'Summary', 'text', { required: true }),
  field('description', 'Description', 'richText'),
  field('priority', 'Priority', 'option', { allowed: allowed('Highest', 'High', 'Medium', 'Low', 'Lowest') }),
  field('labels', 'Labels', 'options'),
  field('assignee', 'Assignee', 'user'),
  field('reporter', 'Reporter', 'user'),
  field('duedate', 'Due date', 'date'),
  field('components', 'Components', 'options', { allowed: allowed('Api', 'Ui') }),
  field('created', 'Created', 'dateTime', { readOnly: true }),
  field('customfield_10050', 'Team', 'option', { allowed: allowed('Red', 'Blue') }),
];
const points = field('customfield_10016', 'Story point estimate', 'number');
const estimates = [
  field('timeoriginalestimate', 'Original estimate', 'number'),
  field('timeestimate', 'Remaining Estimate', 'number'),
];

const jiraStates = [
  { name: 'To Do', category: 'new' as const },
  { name: 'In Progress', category: 'active' as const },
  { name: 'Done', category: 'done' as const },
];

const jiraType = (name: string, more: readonly FieldSchema[] = [], subtask = false): TypeSchema => ({
  id: name,
  name,
  subtask,
  states: jiraStates,
  fields: [...jiraFields, ...more],
});

export const jiraCatalog: SuggestSchema = {
  side: 'jira',
  project: { key: 'TAN', name: 'Tandem Team' },
  people: [],
  types: [
    jiraType('Epic'),
    jiraType('Sub-task', estimates, true),
    jiraType('Story', [points]),
    jiraType('Task', estimates),
    jiraType('Bug', [points]),
  ],
};

const common = 'Microsoft.VSTS.Common';
const scheduling = 'Microsoft.VSTS.Scheduling';

const azureFields = [
  field('System.Title', 'Title', 'text', { required: true }),
  field('System.Description', 'Description', 'richText'),
  field('System.State', 'State', 'option', { required: true }),
  field('System.AreaPath', 'Area Path', 'option', { required: true }),
  field('System.Tags', 'Tags', 'options'),
  field('System.AssignedTo', 'Assigned To', 'user'),
  field('System.CreatedDate', 'Created Date', 'dateTime', { readOnly: true }),
  field(`${common}.Priority`, 'Priority', 'option', { allowed: allowed('1', '2', '3', '4') }),
  field('Custom.Team', 'Team', 'text'),
];

const agile: readonly { readonly name: string; readonly category: StateCategory }[] = [
  { name: 'New', category: 'new' },
  { name: 'Active', category: 'active' },
  { name: 'Resolved', category: 'active' },
  { name: 'Closed', category: 'done' },
  { name: 'Removed', category: 'removed' },
];

const azureType = (name: string, states: TypeSchema['states'], ...more: FieldSchema[]): TypeSchema => ({
  id: name,
  name,
  subtask: false,
  states,
  initialState: 'New',
  transitions: {
    New: ['Active', 'Closed', 'Removed'],
    Active: ['New', 'Resolved', 'Closed'],
    Resolved: ['Active', 'Closed'],
    Closed: ['Active'],
    Removed: ['New'],
  },
  fields: [...azureFields, ...more],
});

const without = (...names: string[]) => agile.filter(({ name }) => !names.includes(name));

export const azureCatalog: SuggestSchema = {
  side: 'azure',
  project: { key: 'Tandem', name: 'Tandem' },
  people: [],
  types: [
    azureType('Epic', agile, field(`${scheduling}.TargetDate`, 'Target Date', 'dateTime')),
    azureType('Feature', agile, field(`${scheduling}.TargetDate`, 'Target Date', 'dateTime')),
    azureType(
      'User Story',
      agile,
      field(`${scheduling}.StoryPoints`, 'Story Points', 'number'),
      field(`${scheduling}.DueDate`, 'Due Date', 'dateTime'),
    ),
    azureType(
      'Task',
      without('Resolved'),
      field(`${scheduling}.OriginalEstimate`, 'Original Estimate', 'number'),
      field(`${scheduling}.RemainingWork`, 'Remaining Work', 'number'),
      field(`${scheduling}.DueDate`, 'Due Date', 'dateTime'),
    ),
    azureType(
      'Bug',
      without('Removed'),
      field('Microsoft.VSTS.TCM.ReproSteps', 'Repro Steps', 'richText'),
      field(`${scheduling}.StoryPoints`, 'Story Points', 'number'),
    ),
  ],
};
