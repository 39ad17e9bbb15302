// The organization's fields: the system's, the Agile process', and a custom field of every kind. No behaviour here.

export type FieldType =
  | 'string'
  | 'integer'
  | 'double'
  | 'dateTime'
  | 'plainText'
  | 'html'
  | 'treePath'
  | 'history'
  | 'boolean'
  | 'guid';

export interface FieldDefinition {
  readonly name: string;
  readonly referenceName: string;
  readonly type: FieldType;
  readonly readOnly: boolean;
  readonly isIdentity: boolean;
  readonly picklist?: readonly string[];
  readonly description: string;
  /** Left out of a plain GET; shown with `$expand=all` or `fields`, or when asked for by name. */
  readonly extended: boolean;
}

interface Options {
  readonly readOnly?: boolean;
  readonly identity?: boolean;
  readonly picklist?: readonly string[];
  readonly extended?: boolean;
  readonly description?: string;
}

const field = (referenceName: string, name: string, type: FieldType, options: Options = {}): FieldDefinition => ({
  name,
  referenceName,
  type,
  readOnly: options.readOnly ?? false,
  isIdentity: options.identity ?? false,
  ...(options.picklist === undefined ? {} : { picklist: options.picklist }),
  description: options.description ?? '',
  extended: options.extended ?? false,
});

const system = { readOnly: true } as const;
const hidden = { readOnly: true, extended: true } as const;
const VSTS = 'Microsoft.VSTS';

export const SYSTEM_FIELDS: readonly FieldDefinition[] = [
  field('System.Id', 'ID', 'integer', hidden),
  field('System.Rev', 'Rev', 'integer', hidden),
  field('System.WorkItemType', 'Work Item Type', 'string'),
  field('System.Title', 'Title', 'string'),
  field('System.State', 'State', 'string'),
  field('System.Reason', 'Reason', 'string'),
  field('System.AssignedTo', 'Assigned To', 'string', { identity: true }),
  field('System.Description', 'Description', 'html'),
  field('System.History', 'History', 'history'),
  field('System.Tags', 'Tags', 'plainText'),
  field('System.TeamProject', 'Team Project', 'string'),
  field('System.AreaPath', 'Area Path', 'treePath'),
  field('System.AreaId', 'Area ID', 'integer', { extended: true }),
  field('System.NodeName', 'Node Name', 'string', hidden),
  field('System.AreaLevel1', 'Area Level 1', 'string', hidden),
  field('System.AreaLevel2', 'Area Level 2', 'string', hidden),
  field('System.AreaLevel3', 'Area Level 3', 'string', hidden),
  field('System.IterationPath', 'Iteration Path', 'treePath'),
  field('System.IterationId', 'Iteration ID', 'integer', { extended: true }),
  field('System.IterationLevel1', 'Iteration Level 1', 'string', hidden),
  field('System.IterationLevel2', 'Iteration Level 2', 'string', hidden),
  field('System.IterationLevel3', 'Iteration Level 3', 'string', hidden),
  field('System.CreatedDate', 'Created Date', 'dateTime', system),
  field('System.CreatedBy', 'Created By', 'string', { ...system, identity: true }),
  field('System.ChangedDate', 'Changed Date', 'dateTime', system),
  field('System.ChangedBy', 'Changed By', 'string', { ...system, identity: true }),
  field('System.AuthorizedDate', 'Authorized Date', 'dateTime', hidden),
  field('System.AuthorizedAs', 'Authorized As', 'string', { ...hidden, identity: true }),
  field('System.RevisedDate', 'Revised Date', 'dateTime', hidden),
  field('System.PersonId', 'Person ID', 'integer', hidden),
  field('System.Watermark', 'Watermark', 'integer', hidden),
  field('System.IsDeleted', 'Is Deleted', 'boolean', hidden),
  field('System.CommentCount', 'Comment Count', 'integer', system),
  field('System.AttachedFileCount', 'Attached File Count', 'integer', hidden),
  field('System.HyperLinkCount', 'Hyperlink Count', 'integer', hidden),
  field('System.ExternalLinkCount', 'External Link Count', 'integer', hidden),
  field('System.RelatedLinkCount', 'Related Link Count', 'integer', hidden),
  field('System.Parent', 'Parent', 'integer', system),
  field('System.BoardColumn', 'Board Column', 'string', hidden),
];

export const AGILE_FIELDS: readonly FieldDefinition[] = [
  field(`${VSTS}.Common.Priority`, 'Priority', 'integer', { picklist: ['1', '2', '3', '4'] }),
  field(`${VSTS}.Common.Severity`, 'Severity', 'string', {
    picklist: ['1 - Critical', '2 - High', '3 - Medium', '4 - Low'],
  }),
  field(`${VSTS}.Common.ValueArea`, 'Value Area', 'string', { picklist: ['Architectural', 'Business'] }),
  field(`${VSTS}.Common.Risk`, 'Risk', 'string', { picklist: ['1 - High', '2 - Medium', '3 - Low'] }),
  field(`${VSTS}.Common.Activity`, 'Activity', 'string', {
    picklist: ['Deployment', 'Design', 'Development', 'Documentation', 'Requirements', 'Testing'],
  }),
  field(`${VSTS}.Common.StackRank`, 'Stack Rank', 'double'),
  field(`${VSTS}.Common.BusinessValue`, 'Business Value', 'integer'),
  field(`${VSTS}.Common.TimeCriticality`, 'Time Criticality', 'double'),
  field(`${VSTS}.Common.AcceptanceCriteria`, 'Acceptance Criteria', 'html'),
  field(`${VSTS}.Common.StateChangeDate`, 'State Change Date', 'dateTime', system),
  field(`${VSTS}.Common.ActivatedDate`, 'Activated Date', 'dateTime', system),
  field(`${VSTS}.Common.ActivatedBy`, 'Activated By', 'string', { ...system, identity: true }),
  field(`${VSTS}.Common.ResolvedDate`, 'Resolved Date', 'dateTime', system),
  field(`${VSTS}.Common.ResolvedBy`, 'Resolved By', 'string', { ...system, identity: true }),
  field(`${VSTS}.Common.ResolvedReason`, 'Resolved Reason', 'string', system),
  field(`${VSTS}.Common.ClosedDate`, 'Closed Date', 'dateTime', system),
  field(`${VSTS}.Common.ClosedBy`, 'Closed By', 'string', { ...system, identity: true }),
  field(`${VSTS}.Scheduling.StoryPoints`, 'Story Points', 'double'),
  field(`${VSTS}.Scheduling.Effort`, 'Effort', 'double'),
  field(`${VSTS}.Scheduling.OriginalEstimate`, 'Original Estimate', 'double'),
  field(`${VSTS}.Scheduling.RemainingWork`, 'Remaining Work', 'double'),
  field(`${VSTS}.Scheduling.CompletedWork`, 'Completed Work', 'double'),
  field(`${VSTS}.Scheduling.StartDate`, 'Start Date', 'dateTime'),
  field(`${VSTS}.Scheduling.FinishDate`, 'Finish Date', 'dateTime'),
  field(`${VSTS}.Scheduling.TargetDate`, 'Target Date', 'dateTime'),
  field(`${VSTS}.Scheduling.DueDate`, 'Due Date', 'dateTime'),
  field(`${VSTS}.TCM.ReproSteps`, 'Repro Steps', 'html'),
  field(`${VSTS}.TCM.SystemInfo`, 'System Info', 'html'),
  field(`${VSTS}.TCM.Steps`, 'Steps', 'html'),
  field(`${VSTS}.TCM.AutomationStatus`, 'Automation status', 'string', {
    picklist: ['Automated', 'Not Automated', 'Planned'],
  }),
  field(`${VSTS}.Build.FoundIn`, 'Found In', 'string'),
  field(`${VSTS}.Build.IntegrationBuild`, 'Integration Build', 'string'),
];

/** Fields that this organization added to its inherited process: one of every kind. */
export const CUSTOM_FIELDS: readonly FieldDefinition[] = [
  field('Custom.Customer', 'Customer', 'string', { description: 'Who asked for it' }),
  field('Custom.ReleaseNote', 'Release Note', 'html'),
  field('Custom.Attempts', 'Attempts', 'integer'),
  field('Custom.CostEstimate', 'Cost Estimate', 'double'),
  field('Custom.ReviewedOn', 'Reviewed On', 'dateTime'),
  field('Custom.Regression', 'Regression', 'boolean'),
  field('Custom.Environment', 'Environment', 'string', {
    picklist: ['Development', 'Staging', 'Production', 'Test (Zürich)'],
  }),
  field('Custom.Reviewer', 'Reviewer', 'string', { identity: true }),
  field('Custom.JiraReporter', 'Jira Reporter', 'string'),
  field('Custom.JiraKey', 'Jira Key', 'string'),
];

export const ALL_FIELDS: readonly FieldDefinition[] = [...SYSTEM_FIELDS, ...AGILE_FIELDS, ...CUSTOM_FIELDS];
