// What every command shares: the options that all of them have, and what they get to work with.

import { resolve } from 'node:path';
import type { Command } from 'commander';
import envPaths from 'env-paths';
import { readSettings, type Settings, SettingsError } from '../settings.ts';
import { exitCodes, Failure } from './failure.ts';
import type { Terminal } from './terminal.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

export interface CommandContext {
  readonly terminal: Terminal;
  readonly env: Environment;
  /** Sets the exit code of a command that did its work and found something. */
  readonly exit: (code: number) => void;
}

export interface CommonOptions {
  readonly json?: boolean;
}

export interface StateOptions extends CommonOptions {
  readonly data?: string;
  readonly verbose?: boolean;
}

export const withCommonOptions = (command: Command): Command =>
  command.option('--json', 'print one JSON document on standard output; all else goes to standard error');

/** For commands that use what Tandem keeps on this machine. */
export const withStateOptions = (command: Command): Command =>
  withCommonOptions(command)
    .option('--data <dir>', "where Tandem keeps its state (default: TANDEM_DATA_DIR, else the user's data folder)")
    .option('--verbose', 'log what the engine does to standard error');

export const examples = (...lines: readonly string[]): string =>
  ['', 'Examples:', ...lines.map((line) => `  $ ${line}`)].join('\n');

/** `--data`, else TANDEM_DATA_DIR, else `tandem` in the user's data folder (XDG_DATA_HOME on Linux). */
export const dataFolder = (options: Pick<StateOptions, 'data'>, env: Environment): string =>
  resolve(options.data || env.TANDEM_DATA_DIR || envPaths('tandem', { suffix: '' }).data);

/** Of the process, with the data folder of the command line. Throws Failure. */
export function settingsFor(options: StateOptions, env: Environment): Settings {
  try {
    return readSettings({ ...env, TANDEM_DATA_DIR: dataFolder(options, env) });
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    throw new Failure(error.message, { code: 'settings', exit: exitCodes.usage }, { cause: error });
  }
}
