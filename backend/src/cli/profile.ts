// `tandem profile`: profiles as files. Validates, compares, stores and writes them, and prints their JSON schema. Asks no site
// anything and synchronizes nothing; no secret is ever written.

import { writeFile } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import type { Command } from 'commander';
import { differenceLines, differences } from '../profile-file/differences.ts';
import { profileJsonSchemaText } from '../profile-file/json-schema.ts';
import { type FileProblem, parseProfile, settingsOf } from '../profile-file/parse.ts';
import { profileYaml } from '../profile-file/write.ts';
import { deleteProfile } from '../routes/profile-lifecycle.ts';
import type { ProfileSettings } from '../sync/profile.ts';
import {
  type CommandContext,
  type CommonOptions,
  examples,
  type StateOptions,
  settingsFor,
  withCommonOptions,
  withStateOptions,
} from './common.ts';
import { exitCodes, Failure, problemLines } from './failure.ts';
import { invalid, readProfileFile, readText } from './profile-file.ts';
import { type StoredProfile, storedProfiles } from './stored-profiles.ts';
import { hasState, openWorkspace, saveWorkspace, withState } from './workspace.ts';

export function addProfile(program: Command, context: CommandContext): void {
  const profile = program
    .command('profile')
    .summary('profiles as files: validate, diff, export, import, schema, delete');
  withCommonOptions(
    profile
      .command('validate')
      .summary('whether files have the form of a profile')
      .description(
        'Reads profile files and tells every problem with its line. Asks no site: `tandem check` holds a profile against\nboth. Variables need not be set. Exits 2 when a file can’t be used.',
      )
      .argument('<files...>', 'profile files'),
  )
    .addHelpText('after', examples('tandem profile validate profiles/*.yml', 'tandem profile validate team.yml --json'))
    .action((files: string[], options: CommonOptions) => runValidate(context, files, options));

  withStateOptions(
    profile
      .command('diff')
      .summary('what a file changes')
      .description(
        'Compares a profile file with another one, or with the profile of its name as it is stored. Exits 1 when they differ.',
      )
      .argument('<file>', 'a profile file')
      .argument('[other]', 'another file, or the name of a stored profile: what is compared with'),
  )
    .addHelpText('after', examples('tandem profile diff team.yml', 'tandem profile diff team.yml team.yml.bak'))
    .action((file: string, other: string | undefined, options: StateOptions) => runDiff(context, file, other, options));

  withStateOptions(
    profile
      .command('export')
      .summary('write a stored profile as a file')
      .description('Prints the stored profile as YAML: what differs from the defaults, without secrets.')
      .argument('<profile>', 'the name of the profile, or a file that names it')
      .option('-o, --output <file>', 'write this file instead; an existing one is replaced'),
  )
    .addHelpText('after', examples('tandem profile export "TAN ↔ Tandem" -o team.yml'))
    .action((name: string, options: ExportOptions) => runExport(context, name, options));

  withStateOptions(
    profile
      .command('import')
      .summary('store a file’s settings, without a sync')
      .description(
        'Stores the settings of a profile file, and its connections, as `tandem sync` would: the next sync or watch works by\nthem. A new profile is a draft until it is synchronized. Refused where another profile takes the same items.',
      )
      .argument('<file>', 'a profile file'),
  )
    .addHelpText('after', examples('tandem profile import team.yml'))
    .action((file: string, options: StateOptions) => runImport(context, file, options));

  profile
    .command('schema')
    .summary('print the JSON schema of profile files')
    .description('For editors: completion, and errors as one types.')
    .addHelpText('after', examples('tandem profile schema > profile.schema.json'))
    .action(() => context.terminal.print(profileJsonSchemaText().trimEnd()));

  withStateOptions(
    profile
      .command('delete')
      .summary('forget a stored profile')
      .description(
        'Forgets the settings of a profile. Items stay as they are on both sides, and so do the pairs: another profile of\nthe two projects makes no item twice.',
      )
      .argument('<profile>', 'the name of the profile'),
  ).action((name: string, options: StateOptions) => runDelete(context, name, options));
}

/** The address of the schema for a file there: a path to this installation's copy, which editors take relative to the file. */
export function schemaAddress(file: string): string {
  const schema = join(import.meta.dirname, '../../../docs/profile.schema.json');
  return relative(dirname(resolve(file)), schema)
    .split(sep)
    .join('/');
}

/** Variables need not be set: what stands in their place says nothing of the form. */
async function settingsIn(file: string): Promise<ProfileSettings> {
  const parsed = parseProfile(await readText(file), (name) => name);
  if (parsed.kind === 'invalid') throw invalid(file, parsed.problems);
  return settingsOf(parsed.content);
}

async function runValidate({ terminal, exit }: CommandContext, files: readonly string[], options: CommonOptions) {
  const results: { readonly file: string; readonly ok: boolean; readonly problems: readonly FileProblem[] }[] = [];
  for (const file of files) {
    const parsed = parseProfile(await readText(file), (name) => name);
    results.push({ file, ok: parsed.kind === 'parsed', problems: parsed.kind === 'invalid' ? parsed.problems : [] });
  }
  const ok = results.every((result) => result.ok);
  if (options.json) terminal.json({ ok, files: results });
  else {
    for (const { file, problems } of results) {
      if (problems.length === 0) terminal.print(`${file}: ${terminal.paint('green', 'ok')}`);
      for (const problem of problems) for (const line of problemLines(problem, file)) terminal.print(line);
    }
  }
  exit(ok ? exitCodes.fine : exitCodes.usage);
}

async function runDiff(context: CommandContext, file: string, other: string | undefined, options: StateOptions) {
  const { terminal, exit } = context;
  const after = await settingsIn(file);
  const before = other !== undefined && (await isFile(other)) ? await settingsIn(other) : null;
  const known = before ?? (await oneStored(context, other ?? file, options, ({ record }) => record.settings));
  const found = differences(known, after);
  if (options.json) {
    const values = found.map(({ path, before: was = null, after: is = null }) => ({ path, before: was, after: is }));
    terminal.json({ ok: found.length === 0, differences: values });
  } else if (found.length === 0) terminal.print('No difference.');
  else for (const line of differenceLines(found)) terminal.print(line);
  exit(found.length === 0 ? exitCodes.fine : exitCodes.failed);
}

const isFile = (path: string): Promise<boolean> =>
  readText(path).then(
    () => true,
    () => false,
  );

interface ExportOptions extends StateOptions {
  readonly output?: string;
}

async function runExport(context: CommandContext, name: string, options: ExportOptions) {
  const { terminal, exit } = context;
  const { output } = options;
  const stored = await oneStored(context, name, options, ({ record, jiraUrl, azureUrl }) => ({
    settings: record.settings,
    sites: { jira: jiraUrl, azure: azureUrl },
  }));
  const yaml = profileYaml(stored.settings, stored.sites, schemaAddress(output ?? 'profile.yml'));
  if (output !== undefined) await writeFile(output, yaml);
  if (options.json) terminal.json({ ok: true, profile: stored.settings.name, file: output ?? null, yaml });
  else terminal.print(output === undefined ? yaml.trimEnd() : `Wrote ${output}.`);
  exit(exitCodes.fine);
}

async function runImport(context: CommandContext, path: string, options: StateOptions) {
  const { terminal, env, exit } = context;
  const settings = settingsFor(options, env);
  const file = await readProfileFile(path, { env, allowedOrigins: settings.allowedOrigins });
  const saved = await withState(context, options, settings, async (service) =>
    saveWorkspace(await openWorkspace(service, file)),
  );
  const { name } = saved.profile.settings;
  if (options.json) {
    terminal.json({
      ok: true,
      profile: name,
      status: saved.profile.status,
      revision: saved.profile.revision,
      changes: saved.changes,
    });
  } else {
    terminal.print(`Stored "${name}" (${saved.profile.status}, revision ${saved.profile.revision}).`);
    for (const change of saved.changes) terminal.print(`  ${change}`);
  }
  exit(exitCodes.fine);
}

async function runDelete(context: CommandContext, name: string, options: StateOptions) {
  const { terminal, exit } = context;
  const deleted = await oneStored(context, name, options, async ({ scope, record }, service) => {
    await deleteProfile(service, scope, record);
    return record.settings.name;
  });
  if (options.json) terminal.json({ ok: true, profile: deleted });
  else terminal.print(`Forgot "${deleted}". Items and pairs stay.`);
  exit(exitCodes.fine);
}

/** Runs `work` on the one stored profile of this name. Throws Failure when there is none, or several. */
async function oneStored<T>(
  context: CommandContext,
  name: string,
  options: StateOptions,
  work: (profile: StoredProfile, service: Parameters<typeof deleteProfile>[0]) => T | Promise<T>,
): Promise<T> {
  const settings = settingsFor(options, context.env);
  const remedy = '`tandem profile import` or `tandem sync` stores one.';
  if (!(await hasState(settings))) {
    throw new Failure('No profile was ever stored in this data folder.', {
      code: 'unknown-profile',
      exit: exitCodes.usage,
      remedy,
    });
  }
  return withState(context, options, settings, async (service) => {
    const [found, second] = await storedProfiles(service, name);
    if (found === undefined || second !== undefined) {
      throw new Failure(`Several sites have a profile "${name}".`, {
        code: 'ambiguous-profile',
        exit: exitCodes.usage,
      });
    }
    return work(found, service);
  });
}
