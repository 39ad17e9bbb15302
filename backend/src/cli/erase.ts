// `tandem erase` and `tandem export`: what people may ask for of their data. Both work on the state that the environment names,
// a data folder or the stores of a backend; they ask no site.

import { type Command, InvalidArgumentError } from 'commander';
import { exportInstallation } from '../export-data.ts';
import { eraseInstallation } from '../jobs/erase.ts';
import type { Service } from '../service.ts';
import type { Installation } from '../store/config-store.ts';
import type { Side } from '../sync/model.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, Failure } from './failure.ts';
import { withState } from './workspace.ts';

interface EraseOptions extends StateOptions {
  readonly person?: string;
  readonly side: Side;
  readonly yes?: boolean;
}

const sideOf = (text: string): Side => {
  if (text === 'jira' || text === 'azure') return text;
  throw new InvalidArgumentError('jira or azure is needed.');
};

export function addErase(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('erase')
      .summary('erase an installation, or one person, and prove it')
      .description(
        'Destroys the data key of an installation, then all that is kept of it in every store, and prints what was there,\nthat nothing is left, and when backups and logs expire. With --person, takes one person out of its mappings, their\nhistory and the people seen. Changes nothing on either site. Exits 1 when a person is still named somewhere.',
      )
      .argument('<installation>', 'its id, or the address of its Jira site'),
  )
    .option('--person <id>', 'erase only this account: Jira’s account id, or Azure DevOps’ unique name')
    .option('--side <side>', 'with --person: jira or azure', sideOf, 'jira')
    .option('--yes', 'do it: there is no way back')
    .addHelpText(
      'after',
      examples(
        'tandem erase https://acme.atlassian.net --yes > proof.json',
        'tandem erase https://acme.atlassian.net --person 712020:9e2f… --yes',
      ),
    )
    .action((wanted: string, options: EraseOptions) => runErase(context, wanted, options));
  withStateOptions(
    program
      .command('export')
      .summary('print all that is kept of an installation')
      .description('Prints configuration, people seen and pairs of an installation as one JSON document. No secrets.')
      .argument('<installation>', 'its id, or the address of its Jira site'),
  )
    .addHelpText('after', examples('tandem export https://acme.atlassian.net > acme.json'))
    .action((wanted: string, options: StateOptions) => runExport(context, wanted, options));
}

async function runErase(context: CommandContext, wanted: string, options: EraseOptions): Promise<void> {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  if (!options.yes) {
    throw new Failure('This can’t be taken back.', {
      code: 'not-confirmed',
      exit: exitCodes.usage,
      remedy: 'Add --yes.',
    });
  }
  await withState(context, options, settings, async (service) => {
    const scope = { installationId: (await installationOf(service, wanted)).id };
    const { config, state, secrets, queue, log, deps } = service;
    if (options.person === undefined) {
      terminal.json(await eraseInstallation({ config, state, secrets, queue, log, now: deps.now }, scope));
      return;
    }
    const result = await config.erasePerson(scope, options.side, options.person);
    terminal.json(result);
    if (result.left.length > 0) {
      terminal.note(`Still named in the settings of: ${result.left.join(', ')}. Change or delete those profiles.`);
      exit(exitCodes.failed);
    }
  });
}

async function runExport(context: CommandContext, wanted: string, options: StateOptions): Promise<void> {
  const { terminal, env } = context;
  const settings = settingsFor(options, env);
  await withState(context, options, settings, async (service) => {
    const { id } = await installationOf(service, wanted);
    terminal.json(await exportInstallation(service, { installationId: id }, service.deps.now()));
  });
}

/** Throws Failure where none, or more than one, is meant. */
async function installationOf({ config }: Service, wanted: string): Promise<Installation> {
  const url = wanted.replace(/\/+$/, '');
  const found = (await config.listInstallations()).filter(
    ({ id, cloudId, siteUrl }) => id === wanted || cloudId === wanted || cloudId === url || siteUrl === url,
  );
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only;
  throw new Failure(only ? `${found.length} installations are of ${url}.` : `There is no installation ${wanted}.`, {
    code: only ? 'ambiguous' : 'unknown-installation',
    exit: exitCodes.usage,
    remedy: only ? `Name one by its id: ${found.map(({ id }) => id).join(', ')}.` : '`tandem status` shows the sites.',
  });
}
