// What `tandem init` needs to know: from the command line, the environment, or a person; the projects as the sites name them.

import type { Settings } from '../settings.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { BySide, Side } from '../sync/model.ts';
import { nearest } from '../sync/nearest.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import type { CommandContext, StateOptions } from './common.ts';
import { exitCodes, Failure, failureOf } from './failure.ts';
import { type ConnectionField, checkSiteUrl, fromEnvironment } from './profile-file.ts';
import type { SecretPlace } from './profile-text.ts';
import type { Prompt } from './prompt.ts';
import { atSide, type Credentials, openSites, provisionalSettings, type Sites, sideNames } from './sites.ts';

export interface InitOptions extends StateOptions {
  readonly jiraUrl?: string;
  readonly jiraEmail?: string;
  readonly jiraToken?: string;
  readonly jiraProject?: string;
  readonly azureUrl?: string;
  readonly azurePat?: string;
  readonly azureProject?: string;
  readonly name?: string;
  readonly direction?: ProfileSettings['direction'];
  readonly force?: boolean;
}

export interface Answers extends Credentials {
  readonly projects: BySide<string>;
  readonly secrets: BySide<SecretPlace>;
}

const flags: Readonly<Record<ConnectionField, keyof InitOptions & string>> = {
  'jira.url': 'jiraUrl',
  'jira.email': 'jiraEmail',
  'jira.token': 'jiraToken',
  'azure.url': 'azureUrl',
  'azure.pat': 'azurePat',
};

const questions: Readonly<Record<ConnectionField, string>> = {
  'jira.url': 'Jira site (https://your-site.atlassian.net)',
  'jira.email': 'E-mail address of the account that Tandem works as',
  'jira.token': 'Its API token (not shown)',
  'azure.url': 'Azure DevOps organization (https://dev.azure.com/your-organization)',
  'azure.pat': 'Personal access token (not shown)',
};

const flagOf = (name: string) => `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export async function collectAnswers(
  { env }: CommandContext,
  options: InitOptions,
  { allowedOrigins }: Settings,
  prompt: Prompt | null,
): Promise<Answers> {
  const given = (field: ConnectionField): string | null => {
    const flag = options[flags[field]];
    return typeof flag === 'string' && flag !== '' ? flag : fromEnvironment(field, env);
  };
  if (prompt === null) requireAll(options, given);
  const need = async (field: ConnectionField): Promise<string> => {
    const known = given(field);
    if (known !== null) return known;
    if (prompt === null) throw new Error(`${field} was required`);
    return prompt.ask(questions[field], {
      hidden: field === 'jira.token' || field === 'azure.pat',
      wrong: (answer) => (field.endsWith('.url') ? wrongUrl(field.slice(0, -4) as Side, answer, allowedOrigins) : null),
    });
  };
  const url = async (side: Side): Promise<string> => {
    const text = await need(`${side}.url`);
    const checked = checkSiteUrl(side, text, allowedOrigins);
    if (typeof checked === 'string') return checked;
    throw new Failure(`${flagOf(`${side}Url`)} ${checked.problem}`, {
      code: 'usage',
      exit: exitCodes.usage,
      remedy: checked.remedy,
    });
  };
  const placeOf = (field: 'jira.token' | 'azure.pat'): SecretPlace =>
    options[flags[field]] === undefined && fromEnvironment(field, env) !== null ? 'environment' : 'kept';

  const jira = { url: await url('jira'), email: await need('jira.email'), token: await need('jira.token') };
  const jiraProject = await project('jira', options.jiraProject, { jira, azure: nowhere }, allowedOrigins, prompt);
  const azure = { url: await url('azure'), pat: await need('azure.pat') };
  const azureProject = await project('azure', options.azureProject, { jira, azure }, allowedOrigins, prompt);
  return {
    jira,
    azure,
    projects: { jira: jiraProject, azure: azureProject },
    secrets: { jira: placeOf('jira.token'), azure: placeOf('azure.pat') },
  };
}

/** Stands for a side that was not asked for yet; never called. */
const nowhere = { url: 'https://dev.azure.com/none', pat: '' };

const wrongUrl = (side: Side, answer: string, allowedOrigins: readonly string[]): string | null => {
  const checked = checkSiteUrl(side, answer, allowedOrigins);
  return typeof checked === 'string' ? null : `${checked.problem} ${checked.remedy}`;
};

/** Throws Failure that names everything that is missing at once. */
function requireAll(options: InitOptions, given: (field: ConnectionField) => string | null): void {
  const variables: Readonly<Record<ConnectionField, string>> = {
    'jira.url': 'JIRA_URL',
    'jira.email': 'JIRA_EMAIL',
    'jira.token': 'JIRA_API_TOKEN',
    'azure.url': 'AZURE_DEVOPS_URL',
    'azure.pat': 'AZURE_DEVOPS_PAT',
  };
  const missing = (Object.keys(flags) as ConnectionField[])
    .filter((field) => given(field) === null)
    .map((field) => `${flagOf(flags[field])} (or ${variables[field]})`);
  for (const name of ['jiraProject', 'azureProject'] as const) if (!options[name]) missing.push(flagOf(name));
  if (missing.length === 0) return;
  throw new Failure(`Missing: ${missing.join(', ')}.`, {
    code: 'usage',
    exit: exitCodes.usage,
    remedy: 'Give them, or run `tandem init` on a terminal, where it asks.',
  });
}

/** The project as the site names it; asking for the list proves the credentials too. */
async function project(
  side: Side,
  wanted: string | undefined,
  credentials: Credentials,
  allowedOrigins: readonly string[],
  prompt: Prompt | null,
): Promise<string> {
  const sites = openSites(credentials, provisionalSettings({ jira: 'NONE', azure: 'none' }), allowedOrigins);
  try {
    const projects = await listProjects(side, sites);
    if (wanted === undefined && prompt) {
      prompt.say(`Projects of ${sideNames[side]}:`);
      return (await prompt.choose(`Project of ${sideNames[side]}`, projects)).key;
    }
    const name = wanted ?? '';
    const fold = (text: string) => text.toLowerCase();
    const found = projects.find((one) => [one.key, one.name, one.id].some((known) => fold(known) === fold(name)));
    if (found) return found.key;
    const near = nearest(
      name,
      projects.map(({ key }) => key),
    );
    throw new Failure(`${sideNames[side]} shows no project "${name}" to this account.`, {
      code: 'unknown-project',
      exit: exitCodes.usage,
      remedy:
        near.length > 0
          ? `Did you mean ${near.join(' or ')}?`
          : `It shows: ${projects
              .map(({ key }) => key)
              .slice(0, 20)
              .join(', ')}.`,
    });
  } finally {
    await sites.close();
  }
}

async function listProjects(side: Side, sites: Sites) {
  try {
    const projects = await sites.side(side).catalog.projects();
    if (projects.length > 0) return projects;
  } catch (error) {
    if (!(error instanceof SyncFailure)) throw error;
    throw atSide(side, failureOf({ ...error.error, level: 'connection' }, error));
  }
  throw new Failure(`${sideNames[side]} shows this account no project.`, {
    code: 'connection-forbidden',
    exit: exitCodes.connection,
    remedy: 'Give the account access to the project.',
  });
}
