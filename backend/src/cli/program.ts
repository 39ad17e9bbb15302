// Puts the commands together and turns how they end into exit codes. tandem.ts starts it.

import { Command, CommanderError } from 'commander';
import { SyncFailure } from '../sync/errors.ts';
import { redactTokens } from '../telemetry/redact.ts';
import { addAdopt } from './adopt.ts';
import { addCheck } from './check.ts';
import type { CommandContext } from './common.ts';
import { addConvert } from './convert.ts';
import { addErase } from './erase.ts';
import { addErrors } from './errors.ts';
import { addExplain } from './explain.ts';
import { exitCodes, Failure, failureOf, problemLines } from './failure.ts';
import { addInit } from './init.ts';
import { addPeople } from './people.ts';
import { addPlan } from './plan.ts';
import { addProfile } from './profile.ts';
import { addStatus } from './status.ts';
import { addSupport } from './support.ts';
import { addSync } from './sync.ts';
import { createTerminal, type Terminal } from './terminal.ts';
import { addUndo } from './undo.ts';

const epilogue = `
Environment:
  JIRA_URL, JIRA_EMAIL, JIRA_API_TOKEN     used where the profile file has no such value
  AZURE_DEVOPS_URL, AZURE_DEVOPS_PAT       the same for Azure DevOps (also AZURE_DEVOPS_ORG_URL)
  TANDEM_DATA_DIR, DATABASE_URL            where state is kept: a folder, or a PostgreSQL server
  TANDEM_ALLOWED_ORIGINS                   addresses beside the two services' own, such as http://127.0.0.1:8082
  NO_COLOR                                 no colour

Exit codes:
  0  fine
  1  something failed, or items have errors
  2  wrong arguments, or a profile file that can't be used
  3  a site can't be reached, refuses the credentials, or lacks a permission
  4  the profile stopped itself (the mass-change brake): a person has to decide

Start with:
  $ tandem init
  $ tandem check profile.yml
  $ tandem plan profile.yml
  $ tandem sync profile.yml --watch`;

function createProgram(context: CommandContext): Command {
  const program = new Command('tandem')
    .description('Keeps a Jira Cloud project and an Azure DevOps project the same, both ways.')
    .exitOverride()
    .showHelpAfterError('(add --help for how it is used)')
    .configureHelp({ showGlobalOptions: false })
    .addHelpText('after', epilogue);
  addInit(program, context);
  addCheck(program, context);
  addPlan(program, context);
  addSync(program, context);
  addAdopt(program, context);
  addUndo(program, context);
  addStatus(program, context);
  addErrors(program, context);
  addExplain(program, context);
  addPeople(program, context);
  addConvert(program, context);
  addProfile(program, context);
  addErase(program, context);
  addSupport(program, context);
  return program;
}

/** The exit code. Never throws. */
export async function main(args: readonly string[]): Promise<number> {
  const terminal = createTerminal();
  let code: number = exitCodes.fine;
  const context: CommandContext = {
    terminal,
    env: process.env,
    exit: (wanted) => {
      code = wanted;
    },
  };
  try {
    await createProgram(context).parseAsync([...args], { from: 'user' });
  } catch (error) {
    terminal.progress(null);
    code = tell(terminal, error, args);
  }
  await terminal.flushed();
  return code;
}

/** Says how a command ended; the same as JSON where that was asked for. */
function tell(terminal: Terminal, error: unknown, args: readonly string[]): number {
  const json = args.includes('--json');
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) return exitCodes.fine;
    // Help without a command is shown by itself; all else was said on standard error.
    if (json) terminal.json({ ok: false, error: { code: 'usage', message: error.message } });
    return exitCodes.usage;
  }
  const failure = error instanceof SyncFailure ? failureOf(error.error, error) : error;
  if (failure instanceof Failure) {
    const { code, exit, remedy, file, problems } = failure.details;
    terminal.note(`${terminal.paintNote('red', 'tandem:')} ${failure.message}`);
    for (const problem of problems ?? []) for (const line of problemLines(problem, file)) terminal.note(`  ${line}`);
    if (remedy) terminal.note(`  ${remedy}`);
    if (json) {
      terminal.json({
        ok: false,
        error: { code, message: failure.message, remedy: remedy ?? null, problems: problems ?? [] },
      });
    }
    return exit;
  }
  const message = redactTokens(error instanceof Error ? error.message : String(error));
  terminal.note(`${terminal.paintNote('red', 'tandem:')} ${message}`);
  if (args.includes('--verbose') && error instanceof Error) terminal.note(redactTokens(error.stack ?? ''));
  if (json) terminal.json({ ok: false, error: { code: 'internal', message } });
  return exitCodes.failed;
}
