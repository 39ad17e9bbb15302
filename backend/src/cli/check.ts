// `tandem check`: whether the profile file can work against the two sites as they are now. Writes nothing anywhere.

import type { Command } from 'commander';
import type { FileProblem } from '../profile-file/parse.ts';
import type { ConnectionCheck } from '../reconcile/ports.ts';
import { describeError, SyncFailure } from '../sync/errors.ts';
import { type BySide, sides } from '../sync/model.ts';
import { validateProfile } from '../sync/validate-profile.ts';
import { type CommandContext, examples, type StateOptions, settingsFor, withStateOptions } from './common.ts';
import { exitCodes, problemLines } from './failure.ts';
import { type ProfileFile, readProfileFile } from './profile-file.ts';
import { type Credentials, isUsable, openSites, type Sites, sideNames } from './sites.ts';
import type { Terminal } from './terminal.ts';
import { hasState, openWorkspace, requireSecrets, withState } from './workspace.ts';

export function addCheck(program: Command, context: CommandContext): void {
  withStateOptions(
    program
      .command('check')
      .summary('hold a profile against both sites')
      .description(
        'Connects to both sites, asks for each permission by name, and holds the mapping against the live schemas.\nWrites nothing. Exits 2 when the mapping has errors, 3 when a site can’t be worked with.',
      )
      .argument('<profile>', 'the profile file'),
  )
    .addHelpText('after', examples('tandem check profile.yml', 'tandem check profile.yml --json'))
    .action((path: string, options: StateOptions) => runCheck(context, path, options));
}

async function runCheck(context: CommandContext, path: string, options: StateOptions): Promise<void> {
  const { terminal, env } = context;
  const settings = settingsFor(options, env);
  const file = await readProfileFile(path, { env, allowedOrigins: settings.allowedOrigins });
  const credentials = await credentialsOf(context, options, file);
  const sites = openSites(credentials, file.settings, settings.allowedOrigins);
  try {
    const checks = await sites.check();
    const usable = sides.every((side) => isUsable(checks[side]));
    const mapping = usable ? await checkMapping(sites, file) : null;
    const errors = mapping?.problems.filter(({ level }) => level === 'error').length ?? 0;
    if (options.json) terminal.json(checkJson(file, checks, mapping, usable && errors === 0));
    else print(terminal, file, checks, mapping);
    context.exit(!usable ? exitCodes.connection : errors > 0 ? exitCodes.usage : exitCodes.fine);
  } finally {
    await sites.close();
  }
}

/** From the file and the environment, else what `tandem init` kept. */
export async function credentialsOf(
  context: CommandContext,
  options: StateOptions,
  file: ProfileFile,
): Promise<Credentials> {
  const { token } = file.jira;
  const { pat } = file.azure;
  const settings = settingsFor(options, context.env);
  if ((token !== null && pat !== null) || !(await hasState(settings))) return requireSecrets(file, token, pat);
  return withState(context, options, settings, async (service) => (await openWorkspace(service, file)).credentials);
}

interface MappingCheck {
  readonly problems: readonly FileProblem[];
  /** Items in the profile's scope, as far as the first page tells. */
  readonly items: BySide<{ readonly count: number; readonly more: boolean } | null>;
}

async function checkMapping(sites: Sites, file: ProfileFile): Promise<MappingCheck> {
  const catalogs = await sites.catalogs();
  const problems: FileProblem[] = validateProfile(file.settings, catalogs).map((problem) => ({
    ...problem,
    ...file.locate(problem.path),
  }));
  const items: { jira: MappingCheck['items']['jira']; azure: MappingCheck['items']['azure'] } = {
    jira: null,
    azure: null,
  };
  for (const side of sides) {
    try {
      const page = await sites.side(side).reader.inventory();
      items[side] = { count: page.ids.length, more: page.next !== undefined };
    } catch (error) {
      if (!(error instanceof SyncFailure)) throw error;
      const path = file.settings[side].filter === undefined ? `${side}.project` : `${side}.filter`;
      const { cause, remedy } = describeError(error.error);
      const problem = `${sideNames[side]} refuses to list the items. ${error.error.detail ?? cause}`;
      problems.push({ path, level: 'error', problem, remedy, ...file.locate(path) });
    }
  }
  return { problems, items };
}

function checkJson(file: ProfileFile, checks: BySide<ConnectionCheck>, mapping: MappingCheck | null, ok: boolean) {
  const side = (of: 'jira' | 'azure') => {
    const { reachable, authenticated, account, permissions, error } = checks[of];
    return {
      url: file[of].url,
      project: file.settings[of].project,
      reachable,
      authenticated,
      account: account?.name ?? null,
      permissions: permissions.map(({ name, granted, optional }) => ({ name, granted, optional: optional ?? false })),
      problem: error ? { code: error.code, ...describeError(error), detail: error.detail ?? null } : null,
      items: mapping?.items[of] ?? null,
    };
  };
  return {
    ok,
    file: file.path,
    profile: file.settings.name,
    jira: side('jira'),
    azure: side('azure'),
    mapping: {
      checked: mapping !== null,
      types: file.settings.types.length,
      fields: file.settings.fields.length,
      problems: mapping?.problems ?? [],
    },
  };
}

function print(terminal: Terminal, file: ProfileFile, checks: BySide<ConnectionCheck>, mapping: MappingCheck | null) {
  for (const side of sides) {
    const check = checks[side];
    const items = mapping?.items[side];
    const scope = items ? `, ${items.count}${items.more ? ' or more' : ''} items in scope` : '';
    terminal.print(
      terminal.paint('bold', `${sideNames[side]}  ${file[side].url}  ${file.settings[side].project}${scope}`),
    );
    if (check.authenticated) {
      terminal.print(
        `  ${terminal.paint('green', 'ok')}       signed in as ${check.account?.name ?? 'an account without a name'}`,
      );
    }
    for (const { name, granted, optional } of check.permissions) {
      const state = granted
        ? terminal.paint('green', 'ok     ')
        : optional
          ? terminal.paint('yellow', 'without')
          : terminal.paint('red', 'missing');
      terminal.print(`  ${state}  ${name}${!granted && optional ? ' (optional)' : ''}`);
    }
    const { error } = check;
    if (error && !isUsable(check)) {
      const { cause, remedy } = describeError(error);
      terminal.print(
        `  ${terminal.paint('red', 'error')}    ${cause}${error.detail ? ` ${error.detail}` : ''} ${remedy}`,
      );
    }
  }
  if (mapping === null) {
    terminal.print('The mapping was not checked: that needs both sites.');
    return;
  }
  const { types, fields } = file.settings;
  terminal.print(terminal.paint('bold', `Mapping  ${types.length} types, ${fields.length} fields`));
  for (const problem of mapping.problems) {
    const [head = '', ...rest] = problemLines(problem, file.path);
    terminal.print(`  ${terminal.paint(problem.level === 'error' ? 'red' : 'yellow', head)}`);
    for (const line of rest) terminal.print(`  ${line}`);
  }
  const count = (level: FileProblem['level']) => mapping.problems.filter((problem) => problem.level === level).length;
  const [errors, warnings] = [count('error'), count('warning')];
  terminal.print(
    errors === 0
      ? `  ${terminal.paint('green', 'ok')}       ${warnings} warnings`
      : `  ${errors} errors, ${warnings} warnings`,
  );
}
