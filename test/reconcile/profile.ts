// The profile between the two seeded projects that the engine's tests use; mapped by hand, so that it depends on nothing
// but the simulators' schemas.

const states = [
  { jira: 'To Do', azure: 'New' },
  { jira: 'In Progress', azure: 'Active' },
  { jira: 'In Review', azure: 'Resolved' },
  { jira: 'Done', azure: 'Closed' },
  { jira: 'Blocked', azure: 'Active' },
  { jira: 'Cancelled', azure: 'Removed' },
];
const resolution = { jira: { resolution: 'Done' } };

export const teamProfile = {
  name: 'Team',
  jira: { project: 'TAN' },
  azure: { project: 'Tandem' },
  types: [
    {
      jira: 'Epic',
      azure: 'Epic',
      states: states.filter(({ jira }) => !['In Review', 'Blocked', 'Cancelled'].includes(jira)),
    },
    { jira: 'Story', azure: 'User Story', states, onTransition: resolution },
    {
      jira: 'Task',
      azure: 'Task',
      states: states.filter(({ azure }) => azure !== 'Resolved'),
      onTransition: resolution,
    },
    { jira: 'Bug', azure: 'Bug', states: states.filter(({ azure }) => azure !== 'Removed'), onTransition: resolution },
    { jira: 'Story', azure: 'Feature', states, onTransition: resolution },
    {
      jira: 'Task',
      azure: 'Issue',
      states: states.filter(({ azure }) => ['Active', 'Closed'].includes(azure)),
      onTransition: resolution,
    },
    {
      jira: 'Sub-task',
      azure: 'Task',
      states: states.filter(({ azure }) => azure !== 'Resolved'),
      onTransition: resolution,
    },
  ],
  fields: [
    { jira: 'summary', azure: 'System.Title', kind: 'text' },
    {
      jira: 'description',
      azure: 'System.Description',
      kind: 'richText',
      types: ['Epic', 'Story', 'Task', 'Sub-task'],
    },
    { jira: 'description', azure: 'Microsoft.VSTS.TCM.ReproSteps', kind: 'richText', types: ['Bug'] },
    {
      jira: 'priority',
      azure: 'Microsoft.VSTS.Common.Priority',
      kind: 'option',
      values: [
        { jira: 'Highest', azure: '1' },
        { jira: 'High', azure: '2' },
        { jira: 'Medium', azure: '3' },
        { jira: 'Low', azure: '4' },
        { jira: 'Lowest', azure: '4' },
      ],
    },
    { jira: 'labels', azure: 'System.Tags', kind: 'options' },
    { jira: 'assignee', azure: 'System.AssignedTo', kind: 'user' },
  ],
};
