// The whole seed, put together from the theme files. Data only.
import { PEOPLE } from './people.ts';
import type { TeamSeed } from './team.ts';

export const TEAM: TeamSeed = {
  people: PEOPLE,
  jira: {
    projectKey: 'TAN',
    projectName: 'Tandem',
    lead: 'mara',
    components: [],
    versions: [],
    sprints: [],
    items: [],
  },
  azure: {
    organization: 'acme',
    project: 'Tandem',
    description: 'Route planning, vehicles and cold chain of the Tandem delivery platform.',
    areas: [],
    iterations: [],
    teams: [],
    items: [],
  },
};

/** What `empty` means: the same people and settings, no items. */
export const EMPTY_TEAM: TeamSeed = {
  ...TEAM,
  jira: { ...TEAM.jira, items: [] },
  azure: { ...TEAM.azure, items: [] },
};
