// `tandem init`: asks for both sites and their projects, connects, and writes a profile file with suggested mappings. What
// the command line and the environment give is not asked; without a terminal nothing is.

import { access, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { SideCatalog } from '../reconcile/ports.ts';
import type { Settings } from '../settings.ts';
import { SyncFailure } from '../sync/errors.ts';
import type { BySide, Side } from '../sync/model.ts';
import { nearest } from '../sync/nearest.ts';
import { directionSchema, type ProfileSettings, profileSchema } from '../sync/profile.ts';
import { type Suggestion, suggestProfile } from '../sync/suggest.ts';
import { type ProfileProblem, validateProfile } from '../sync/validate-profile.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, Failure, failureOf } from './failure.ts';
import { type ConnectionField, checkSiteUrl, fromEnvironment } from './profile-file.ts';
import { profileText, type SecretPlace } from './profile-text.ts';
import { openPrompt, type Prompt } from './prompt.ts';
import {
  atSide,
  type Credentials,
  openSites,
  provisionalSettings,
  requireUsable,
  type Sites,
  sideNames,
} from './sites.ts';
import { standAlone, storeConnection, withState } from './workspace.ts';

interface InitOptions extends StateOptions {
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

export function addInit(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('init')
      .summary('write a profile with suggested mappings')
      .description(
        'Connects to both sites and writes a profile file with suggested mappings and the reasons for them.\nAsks for what is missing when run on a terminal. Secrets that come from the environment stay there: the file\nnames the variable; secrets that are typed or given by option are kept encrypted in the data folder.',
      )
      .argument('[profile]', 'the file to write', 'profile.yml'),
  )
    .option('--jira-url <url>', 'such as https://your-site.atlassian.net (or JIRA_URL)')
    .option('--jira-email <email>', 'account that Tandem works as (or JIRA_EMAIL)')
    .option('--jira-token <token>', 'its API token; better by JIRA_API_TOKEN, which no process list shows')
    .option('--jira-project <key>', 'such as TAN')
    .option('--azure-url <url>', 'such as https://dev.azure.com/your-organization (or AZURE_DEVOPS_URL)')
    .option('--azure-pat <token>', 'personal access token; better by AZURE_DEVOPS_PAT')
    .option('--azure-project <name>', 'such as Tandem')
    .option('--name <name>', 'name of the profile (default: from the projects)')
    .addOption(
      new Option('--direction <direction>', 'which side’s new items get a counterpart').choices([
        ...directionSchema.options,
      ]),
    )
    .option('--force', 'replace the file if it exists')
    .addHelpText(
      'after',
      examples(
        'tandem init',
        'tandem init team.yml --jira-url https://acme.atlassian.net --jira-email sync@acme.com --jira-project TAN \\',
        '    --azure-url https://dev.azure.com/acme --azure-project Tandem   # tokens from the environment',
      ),
    )
    .action((path: string, options: InitOptions) => runInit(context, path, options));
}

async function runInit(context: CommandContext, path: string, options: InitOptions): Promise<void> {
  const { terminal } = context;
  const settings = settingsFor(options, context.env);
  await requireFree(path, options.force ?? false);
  const prompt = terminal.interactive && !options.json ? openPrompt() : null;
  try {
    const answers = await collect(context, options, settings, prompt);
    const found = await suggest(answers, options, settings);
    if (answers.secrets.jira === 'kept' || answers.secrets.azure === 'kept') {
      await keepSecrets(context, options, settings, answers);
    }
    const text = profileText({ ...answers, suggestion: found.suggestion, path });
    await writeFile(path, text, { mode: 0o600, flag: options.force ? 'w' : 'wx' });
    tell(context, path, options, found);
  } finally {
    prompt?.close();
  }
}

async function requireFree(path: string, force: boolean): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists || force) return;
  throw new Failure(`${path} exists.`, {
    code: 'file-exists',
    exit: exitCodes.usage,
    file: path,
    remedy: 'Give another name, or --force to replace it.',
  });
}

interface Answers extends Credentials {
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

async function collect(
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

interface Found {
  readonly suggestion: Suggestion;
  readonly problems: readonly ProfileProblem[];
}

/** The ids of custom fields say nothing to people. */
function withName(
  reason: Suggestion['reasons'][number],
  settings: ProfileSettings,
  jira: SideCatalog,
): Suggestion['reasons'][number] {
  const [, index] = /^fields\.(\d+)$/.exec(reason.path) ?? [];
  const id = index === undefined ? undefined : settings.fields[Number(index)]?.jira;
  if (!id?.startsWith('customfield_')) return reason;
  const field = jira.types.flatMap(({ fields }) => fields).find((one) => one.id === id);
  return field ? { ...reason, reason: `${field.name}: ${reason.reason}` } : reason;
}

async function suggest(answers: Answers, options: InitOptions, { allowedOrigins }: Settings): Promise<Found> {
  const sites = openSites(answers, provisionalSettings(answers.projects), allowedOrigins);
  try {
    requireUsable(await sites.check());
    const catalogs = await sites.catalogs();
    const { settings, reasons } = suggestProfile(catalogs.jira, catalogs.azure);
    const named = profileSchema.parse({
      ...settings,
      ...(options.name ? { name: options.name } : {}),
      ...(options.direction ? { direction: options.direction } : {}),
    });
    const suggestion = { settings: named, reasons: reasons.map((reason) => withName(reason, named, catalogs.jira)) };
    return { suggestion, problems: validateProfile(named, catalogs) };
  } finally {
    await sites.close();
  }
}

/** Connections of the site's installation, which later commands find by their address. */
async function keepSecrets(
  context: CommandContext,
  options: InitOptions,
  settings: Settings,
  { secrets, ...credentials }: Answers,
): Promise<void> {
  await withState(context, options, settings, async (service) => {
    const { url } = credentials.jira;
    const { id } = await service.config.install({ cloudId: url, environment: standAlone, siteUrl: url });
    const place = { service, scope: { installationId: id }, credentials, record: null };
    for (const side of ['jira', 'azure'] as const) if (secrets[side] === 'kept') await storeConnection(place, side);
  });
}

function tell({ terminal, exit }: CommandContext, path: string, options: InitOptions, found: Found): void {
  const { settings } = found.suggestion;
  const { types, fields } = settings;
  if (options.json) {
    terminal.json({
      ok: true,
      file: path,
      profile: settings.name,
      types: types.map(({ jira, azure }) => ({ jira, azure })),
      fields: fields.map(({ jira, azure, kind }) => ({ jira, azure, kind })),
      problems: found.problems,
    });
  } else {
    terminal.print(`Wrote ${path}: ${types.length} types and ${fields.length} fields of ${settings.name}.`);
    for (const { path: at, level, problem, remedy } of found.problems) {
      terminal.print(`  ${level}: ${at}: ${problem} ${remedy}`);
    }
    terminal.print(`Look it through, then: tandem check ${path}, tandem plan ${path}, tandem sync ${path}`);
  }
  exit(exitCodes.fine);
}
