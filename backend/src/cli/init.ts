// `tandem init`: asks for both sites and their projects, connects, and writes a profile file with suggested mappings. What
// the command line and the environment give is not asked; without a terminal nothing is.

import { access, writeFile } from 'node:fs/promises';
import { type Command, Option } from 'commander';
import type { SideCatalog } from '../reconcile/ports.ts';
import type { Settings } from '../settings.ts';
import { directionSchema, type ProfileSettings, profileSchema } from '../sync/profile.ts';
import type { ProfileProblem } from '../sync/profile-problems.ts';
import { type Suggestion, suggestProfile } from '../sync/suggest.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { type CommandContext, examples, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, Failure } from './failure.ts';
import { type Answers, collectAnswers, type InitOptions } from './init-answers.ts';
import { schemaAddress } from './profile.ts';
import { profileText } from './profile-text.ts';
import { openPrompt } from './prompt.ts';
import { openSites, provisionalSettings, requireUsable } from './sites.ts';
import { standAlone, storeConnection, withState } from './workspace.ts';

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
    const answers = await collectAnswers(context, options, settings, prompt);
    const found = await suggest(answers, options, settings);
    if (answers.secrets.jira === 'kept' || answers.secrets.azure === 'kept') {
      await keepSecrets(context, options, settings, answers);
    }
    const text = profileText({ ...answers, suggestion: found.suggestion, path, schema: schemaAddress(path) });
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
