// Forge's bundler looks for handlers nowhere but in ./src: this file only names them.

export { onJiraEvent } from '../forge-app/handlers/jira-events.ts';
export { panelResolver } from '../forge-app/handlers/panel-resolver.ts';
export { reportPeople } from '../forge-app/handlers/report-people.ts';
export { resolver } from '../forge-app/handlers/resolver.ts';
