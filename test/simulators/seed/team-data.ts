// The whole seed, put together from the theme files, with both projects' settings. Data only.
import { COLD_CHAIN } from './azure-cold-chain.ts';
import { DATA } from './azure-data.ts';
import { OLDER_AZURE_WORK } from './azure-older-work.ts';
import { ROUTING } from './azure-routing.ts';
import { TELEMATICS } from './azure-telematics.ts';
import { WAREHOUSE } from './azure-warehouse.ts';
import { BILLING } from './jira-billing.ts';
import { DISPATCH_BOARD } from './jira-dispatch-board.ts';
import { DRIVER_APP } from './jira-driver-app.ts';
import { OLDER_WORK } from './jira-older-work.ts';
import { PLATFORM } from './jira-platform.ts';
import { TRACKING } from './jira-tracking.ts';
import { PEOPLE } from './people.ts';
import type { AzureSeed, JiraSeed, TeamSeed } from './team.ts';
import { AZURE_TWINS, JIRA_TWINS } from './twins.ts';

const JIRA: JiraSeed = {
  projectKey: 'TAN',
  projectName: 'Tandem',
  lead: 'mara',
  components: [
    { name: 'Driver app', description: 'On the phones in the vans.', lead: 'arjun' },
    { name: 'Dispatch board', description: 'In the depots’ offices.', lead: 'dana' },
    { name: 'Tracking', description: 'Tracking pages, ETAs, messages to customers.', lead: 'tama' },
    { name: 'Billing', description: 'Invoices, claims, contracts.', lead: 'sam' },
    { name: 'Platform', description: 'What all of them stand on.', lead: 'mara' },
  ],
  versions: [
    { name: '5.1', description: 'Signatures, one-click unsubscribe', released: true, releaseInDays: -121 },
    { name: '5.2', description: 'Board groups, small tracking page', released: true, releaseInDays: -58 },
    { name: '5.3', description: 'Repairs before the peak', released: false, releaseInDays: 9 },
    { name: '6.0', description: 'Offline driver app, 30-minute promise', released: false, releaseInDays: 97 },
  ],
  sprints: [
    { name: 'Sprint 20', state: 'closed', startInDays: -73, endInDays: -59, goal: 'Ship 5.2' },
    { name: 'Sprint 21', state: 'active', startInDays: -9, endInDays: 5, goal: 'Nothing burns at Christmas' },
    { name: 'Sprint 22', state: 'future', startInDays: 5, endInDays: 19, goal: 'First stones of 6.0' },
  ],
  items: [...DRIVER_APP, ...DISPATCH_BOARD, ...TRACKING, ...BILLING, ...PLATFORM, ...OLDER_WORK, ...JIRA_TWINS],
};

const AZURE: AzureSeed = {
  organization: 'acme',
  project: 'Tandem',
  description: 'Route planning, vehicles and cold chain of the Tandem delivery platform.',
  areas: [
    'Routing',
    'Telematics',
    'Telematics\\Devices',
    'Cold chain',
    'Warehouse',
    'Warehouse\\Interfaces',
    'Data',
    'Data\\Security',
  ],
  iterations: [
    { path: 'Release 5', startInDays: -140, endInDays: 9 },
    { path: 'Release 5\\Sprint 20', startInDays: -73, endInDays: -59 },
    { path: 'Release 5\\Sprint 21', startInDays: -9, endInDays: 5 },
    { path: 'Release 6', startInDays: 5, endInDays: 97 },
    { path: 'Release 6\\Sprint 22', startInDays: 5, endInDays: 19 },
  ],
  teams: [
    {
      name: 'Tandem Team',
      area: '',
      members: ['mara', 'arjun', 'dana', 'tama', 'olena', 'haruka', 'yusuf', 'linh', 'noam'],
    },
    { name: 'Planner', area: 'Routing', members: ['tama', 'linh', 'noam', 'haruka'] },
    { name: 'Vans and cold', area: 'Telematics', members: ['arjun', 'noam', 'linh', 'yusuf'] },
  ],
  items: [...ROUTING, ...TELEMATICS, ...COLD_CHAIN, ...WAREHOUSE, ...DATA, ...OLDER_AZURE_WORK, ...AZURE_TWINS],
};

export const TEAM: TeamSeed = { people: PEOPLE, jira: JIRA, azure: AZURE };

/** The same people and settings, no items. */
export const EMPTY_TEAM: TeamSeed = {
  ...TEAM,
  jira: { ...JIRA, items: [] },
  azure: { ...AZURE, items: [] },
};
