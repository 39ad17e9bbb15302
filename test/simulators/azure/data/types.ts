// The Agile process as this project has it: types with their states, transitions with reasons, and their fields.
// Workflow after https://learn.microsoft.com/azure/devops/boards/work-items/guidance/agile-process-workflow

export type StateCategory = 'Proposed' | 'InProgress' | 'Resolved' | 'Completed' | 'Removed';

export interface StateDefinition {
  readonly name: string;
  readonly color: string;
  readonly category: StateCategory;
}

export interface TypeField {
  readonly referenceName: string;
  readonly alwaysRequired: boolean;
  readonly defaultValue?: string | number;
  readonly helpText?: string;
}

export interface TypeDefinition {
  readonly name: string;
  readonly referenceName: string;
  readonly color: string;
  readonly icon: string;
  readonly description: string;
  readonly states: readonly StateDefinition[];
  /** From state (`''` for a new item) to the states that may follow, each with its reasons; the first is the default. */
  readonly transitions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  readonly fields: readonly TypeField[];
}

const STATES = {
  New: { name: 'New', color: 'b2b2b2', category: 'Proposed' },
  Design: { name: 'Design', color: 'b2b2b2', category: 'InProgress' },
  Ready: { name: 'Ready', color: '007acc', category: 'InProgress' },
  Active: { name: 'Active', color: '007acc', category: 'InProgress' },
  Resolved: { name: 'Resolved', color: 'ff9d00', category: 'Resolved' },
  Closed: { name: 'Closed', color: '339933', category: 'Completed' },
  Removed: { name: 'Removed', color: 'ffffff', category: 'Removed' },
} as const satisfies Record<string, StateDefinition>;

const COMMON_FIELDS = [
  'System.Id',
  'System.Rev',
  'System.WorkItemType',
  'System.State',
  'System.Reason',
  'System.AssignedTo',
  'System.Description',
  'System.History',
  'System.Tags',
  'System.TeamProject',
  'System.AreaPath',
  'System.AreaId',
  'System.NodeName',
  'System.AreaLevel1',
  'System.AreaLevel2',
  'System.AreaLevel3',
  'System.IterationPath',
  'System.IterationId',
  'System.IterationLevel1',
  'System.IterationLevel2',
  'System.IterationLevel3',
  'System.CreatedDate',
  'System.CreatedBy',
  'System.ChangedDate',
  'System.ChangedBy',
  'System.AuthorizedDate',
  'System.AuthorizedAs',
  'System.RevisedDate',
  'System.PersonId',
  'System.Watermark',
  'System.CommentCount',
  'System.AttachedFileCount',
  'System.HyperLinkCount',
  'System.ExternalLinkCount',
  'System.RelatedLinkCount',
  'System.Parent',
  'System.BoardColumn',
  'Microsoft.VSTS.Common.StateChangeDate',
  'Microsoft.VSTS.Common.ActivatedDate',
  'Microsoft.VSTS.Common.ActivatedBy',
  'Microsoft.VSTS.Common.ClosedDate',
  'Microsoft.VSTS.Common.ClosedBy',
  'Custom.Customer',
  'Custom.ReleaseNote',
  'Custom.Attempts',
  'Custom.CostEstimate',
  'Custom.ReviewedOn',
  'Custom.Regression',
  'Custom.Environment',
  'Custom.Reviewer',
  'Custom.JiraReporter',
  'Custom.JiraKey',
];

const V = 'Microsoft.VSTS';

function fieldsOf(own: Readonly<Record<string, string | number | undefined>>): readonly TypeField[] {
  return [
    { referenceName: 'System.Title', alwaysRequired: true, helpText: 'What this is about, in one line' },
    ...COMMON_FIELDS.map((referenceName) => ({ referenceName, alwaysRequired: referenceName === 'System.State' })),
    ...Object.entries(own).map(([referenceName, defaultValue]) => ({
      referenceName,
      alwaysRequired: false,
      ...(defaultValue === undefined ? {} : { defaultValue }),
    })),
  ];
}

const RESOLVED = {
  [`${V}.Common.ResolvedDate`]: undefined,
  [`${V}.Common.ResolvedBy`]: undefined,
  [`${V}.Common.ResolvedReason`]: undefined,
};
const PLANNING = {
  [`${V}.Common.Priority`]: 2,
  [`${V}.Common.StackRank`]: undefined,
};
/** Only what delivers value has it, tasks and test cases not: the task of https://learn.microsoft.com/rest/api/azure/devops/wit/work-items/create */
const VALUE = { [`${V}.Common.ValueArea`]: 'Business' };
const PORTFOLIO = {
  ...PLANNING,
  ...VALUE,
  ...RESOLVED,
  [`${V}.Common.Risk`]: undefined,
  [`${V}.Common.BusinessValue`]: undefined,
  [`${V}.Common.TimeCriticality`]: undefined,
  [`${V}.Scheduling.Effort`]: undefined,
  [`${V}.Scheduling.StartDate`]: undefined,
  [`${V}.Scheduling.TargetDate`]: undefined,
  [`${V}.Common.AcceptanceCriteria`]: undefined,
};

const requirement = (name: string, resolved: string, closed: string): TypeDefinition['transitions'] => ({
  '': { New: ['New'] },
  New: { Active: ['Implementation started'], Removed: ['Removed from the backlog'] },
  Active: {
    New: ['Implementation halted'],
    Resolved: [resolved],
    Removed: ['Removed from the backlog'],
  },
  Resolved: { Active: ['Acceptance tests fail', 'Additional work found'], Closed: [closed] },
  Closed: { Active: ['Reactivated'], Resolved: ['Closed in error'] },
  Removed: { New: [`Reconsidering the ${name}`] },
});

const REQUIREMENT_STATES = [STATES.New, STATES.Active, STATES.Resolved, STATES.Closed, STATES.Removed];
const WONT_FIX = ['As Designed', 'Cannot Reproduce', 'Copied to Backlog', 'Deferred', 'Duplicate', 'Obsolete'];

export const AGILE_TYPES: readonly TypeDefinition[] = [
  {
    name: 'Bug',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.Bug',
    color: 'CC293D',
    icon: 'icon_insect',
    description: 'Describes a divergence between required and actual behavior, and tracks the work done to correct it.',
    states: [STATES.New, STATES.Active, STATES.Resolved, STATES.Closed],
    transitions: {
      '': { New: ['New'] },
      New: { Active: ['Approved', 'Investigate'], Resolved: ['Fixed', ...WONT_FIX], Closed: WONT_FIX },
      Active: { New: ['Investigation Complete'], Resolved: ['Fixed', ...WONT_FIX] },
      Resolved: { Active: ['Not fixed', 'Test Failed'], Closed: ['Verified'] },
      Closed: { Active: ['Regression', 'Reactivated'] },
    },
    fields: fieldsOf({
      ...PLANNING,
      ...VALUE,
      ...RESOLVED,
      [`${V}.Common.Severity`]: '3 - Medium',
      [`${V}.Common.Activity`]: undefined,
      [`${V}.Scheduling.StoryPoints`]: undefined,
      [`${V}.Scheduling.OriginalEstimate`]: undefined,
      [`${V}.Scheduling.RemainingWork`]: undefined,
      [`${V}.Scheduling.CompletedWork`]: undefined,
      [`${V}.Scheduling.DueDate`]: undefined,
      [`${V}.Common.AcceptanceCriteria`]: undefined,
      [`${V}.TCM.ReproSteps`]: undefined,
      [`${V}.TCM.SystemInfo`]: undefined,
      [`${V}.Build.FoundIn`]: undefined,
      [`${V}.Build.IntegrationBuild`]: undefined,
    }),
  },
  {
    name: 'Task',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.Task',
    color: 'F2CB1D',
    icon: 'icon_clipboard',
    description: 'Tracks work that needs to be done.',
    states: [STATES.New, STATES.Active, STATES.Closed, STATES.Removed],
    transitions: {
      '': { New: ['New'] },
      New: { Active: ['Work started'], Removed: ['Removed from the backlog'] },
      Active: {
        New: ['Work halted'],
        Closed: ['Completed', 'Cut', 'Deferred', 'Obsolete'],
        Removed: ['Removed from the backlog'],
      },
      Closed: { Active: ['Reactivated'] },
      Removed: { New: ['Reconsidering the Task'] },
    },
    fields: fieldsOf({
      ...PLANNING,
      [`${V}.Common.Activity`]: undefined,
      [`${V}.Scheduling.OriginalEstimate`]: undefined,
      [`${V}.Scheduling.RemainingWork`]: undefined,
      [`${V}.Scheduling.CompletedWork`]: undefined,
      [`${V}.Scheduling.StartDate`]: undefined,
      [`${V}.Scheduling.FinishDate`]: undefined,
      [`${V}.Scheduling.DueDate`]: undefined,
      [`${V}.Build.IntegrationBuild`]: undefined,
    }),
  },
  {
    name: 'User Story',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.UserStory',
    color: '009CCC',
    icon: 'icon_book',
    description: 'Tracks an activity the user will be able to perform with the product',
    states: REQUIREMENT_STATES,
    transitions: requirement('User Story', 'Code complete and unit tests pass', 'Acceptance tests pass'),
    fields: fieldsOf({
      ...PLANNING,
      ...VALUE,
      ...RESOLVED,
      [`${V}.Common.Risk`]: undefined,
      [`${V}.Scheduling.StoryPoints`]: undefined,
      [`${V}.Scheduling.OriginalEstimate`]: undefined,
      [`${V}.Scheduling.StartDate`]: undefined,
      [`${V}.Scheduling.FinishDate`]: undefined,
      [`${V}.Scheduling.DueDate`]: undefined,
      [`${V}.Common.AcceptanceCriteria`]: undefined,
      [`${V}.Build.IntegrationBuild`]: undefined,
    }),
  },
  {
    name: 'Feature',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.Feature',
    color: '773B93',
    icon: 'icon_trophy',
    description: 'Tracks a feature that will be released with the product',
    states: REQUIREMENT_STATES,
    transitions: requirement('Feature', 'Stories complete', 'Acceptance tests pass'),
    fields: fieldsOf({ ...PORTFOLIO, [`${V}.Scheduling.DueDate`]: undefined }),
  },
  {
    name: 'Epic',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.Epic',
    color: 'FF7B00',
    icon: 'icon_crown',
    description: 'Epics help teams effectively manage and groom their product backlog',
    states: REQUIREMENT_STATES,
    transitions: requirement('Epic', 'Features complete', 'Acceptance tests pass'),
    fields: fieldsOf({ ...PORTFOLIO, [`${V}.Scheduling.DueDate`]: undefined }),
  },
  {
    name: 'Issue',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.Issue',
    color: 'B4009E',
    icon: 'icon_traffic_cone',
    description: 'Tracks an obstacle to progress.',
    states: [STATES.Active, STATES.Closed],
    transitions: {
      '': { Active: ['New'] },
      Active: { Closed: ['Issue Resolved'] },
      Closed: { Active: ['Reactivated'] },
    },
    fields: fieldsOf({
      [`${V}.Common.Priority`]: 2,
      [`${V}.Common.StackRank`]: undefined,
      [`${V}.Scheduling.DueDate`]: undefined,
    }),
  },
  {
    name: 'Test Case',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.TestCase',
    color: '004B50',
    icon: 'icon_test_case',
    description: 'Server-side data for a set of steps to be tested.',
    states: [STATES.Design, STATES.Ready, STATES.Closed],
    transitions: {
      '': { Design: ['New'] },
      Design: { Ready: ['Completed'], Closed: ['Deferred', 'Different', 'Duplicate', 'Obsolete'] },
      Ready: { Design: ['Update Test Case'], Closed: ['Deferred', 'Different', 'Duplicate', 'Obsolete'] },
      Closed: { Design: ['Reactivated'], Ready: ['Reactivated'] },
    },
    fields: fieldsOf({
      [`${V}.Common.Priority`]: 2,
      [`${V}.TCM.Steps`]: undefined,
      [`${V}.TCM.AutomationStatus`]: 'Not Automated',
    }),
  },
  {
    // Not for people to make: every process has such types, and only the hidden category tells them apart.
    name: 'Code Review Request',
    referenceName: 'Microsoft.VSTS.WorkItemTypes.CodeReviewRequest',
    color: 'FF9D00',
    icon: 'icon_code_review',
    description: '',
    states: [{ ...STATES.New, name: 'Requested' }, STATES.Closed],
    transitions: {
      '': { Requested: ['New'] },
      Requested: { Closed: ['Closed'] },
      Closed: { Requested: ['Reactivated'] },
    },
    fields: fieldsOf({}),
  },
];

export const CATEGORIES: readonly {
  readonly name: string;
  readonly referenceName: string;
  readonly defaultType: string;
  readonly types: readonly string[];
}[] = [
  { name: 'Bug Category', referenceName: 'Microsoft.BugCategory', defaultType: 'Bug', types: ['Bug'] },
  { name: 'Task Category', referenceName: 'Microsoft.TaskCategory', defaultType: 'Task', types: ['Task'] },
  {
    name: 'Requirement Category',
    referenceName: 'Microsoft.RequirementCategory',
    defaultType: 'User Story',
    types: ['User Story'],
  },
  { name: 'Feature Category', referenceName: 'Microsoft.FeatureCategory', defaultType: 'Feature', types: ['Feature'] },
  { name: 'Epic Category', referenceName: 'Microsoft.EpicCategory', defaultType: 'Epic', types: ['Epic'] },
  {
    name: 'Test Case Category',
    referenceName: 'Microsoft.TestCaseCategory',
    defaultType: 'Test Case',
    types: ['Test Case'],
  },
  {
    name: 'Hidden Types Category',
    referenceName: 'Microsoft.HiddenCategory',
    defaultType: 'Code Review Request',
    types: ['Code Review Request'],
  },
];
