// The texts of the wizard that makes a profile; all others are in texts.ts.

import type { MappingStep } from './admin/wizard/steps.ts';
import type { PreviewCounts } from './contract.ts';

type Step = MappingStep | 'connection' | 'projects';

const count = (n: number, one: string, many: string): string => `${n.toLocaleString('en')} ${n === 1 ? one : many}`;

export const wizardTexts = {
  title: 'Create a profile',
  titleOf: (jira: string, azure: string) => `Jira ${jira} ↔ Azure DevOps ${azure}`,
  duplicateTitle: (name: string) => `Duplicate ${name}`,
  progress: 'Steps of the setup',
  steps: {
    connection: 'Connection',
    projects: 'Projects',
    scope: 'What and which way',
    types: 'Types',
    states: 'States',
    fields: 'Fields',
    people: 'People',
    policies: 'Policies',
    preview: 'Preview',
  } satisfies Record<Step, string>,
  heading: (step: number, all: number, name: string) => `Step ${step} of ${all}: ${name}`,
  explain: {
    connection: 'Which Azure DevOps organization Tandem reaches, and with whose token.',
    projects:
      'One Jira project and one Azure DevOps project are kept the same. Tandem reads both and suggests how they map.',
    scope:
      'Which items, comments, attachments and links travel, and in which direction. Leave all as it is to keep everything the same both ways.',
    types: 'Which issue type stands for which work item type. Items of other types are left alone.',
    states: 'What each state becomes on the other side. Suggested by name, then by category.',
    fields: 'Which fields belong together. Each suggestion says why, and how sure Tandem is.',
    people: 'Tandem finds people by their e-mail address. Choose a counterpart for those whom it does not find.',
    policies: 'What happens when both sides change, when items disappear, and when many of them do at once.',
    preview: 'Nothing has been written so far. This is what enabling the profile and pairing existing items would do.',
  } satisfies Record<Step, string>,

  next: 'Continue',
  back: 'Back',
  leave: 'Save and close',
  kept: 'Saved. Continue the setup from the list of profiles.',
  notKept: 'What you changed could not be saved yet',
  connection: 'Connection',
  choose: 'Choose…',
  testConnection: 'Test connection',
  jiraProject: 'Jira project',
  azureProject: 'Azure DevOps project',
  suggesting: 'Reading both projects…',

  enable: 'Enable profile…',
  enableTitle: (name: string) => `Enable ${name}?`,
  enableConfirm: 'Enable',
  counts: (counts: PreviewCounts, complete: boolean) => {
    const parts = [
      count(counts.create, 'item is created', 'items are created'),
      count(counts.link, 'pair of existing items is linked', 'pairs of existing items are linked'),
      count(counts.update, 'item is updated', 'items are updated'),
      count(counts.error, 'item ends in an error', 'items end in errors'),
    ];
    return `${complete ? '' : 'Of the items that could be looked at: '}${parts.join(', ')}. Later changes travel by themselves.`;
  },
  countsUnknown:
    'Without a preview nothing can be said of how many items are written. Later changes travel by themselves.',
  whoIsTold:
    'Pairing existing items sends no e-mail to anybody. For changes that travel afterwards, Jira and Azure DevOps notify watchers, assignees and mentioned people as they do for any edit.',
  existingToo: 'Pair the existing items now (initial sync)',
};
