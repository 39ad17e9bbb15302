// How a command ends when it can't do its work: an exit code that scripts can tell apart, words for a person, and the
// places that are wrong. Not the errors of single items: those are results.

import type { FileProblem } from '../profile-file/parse.ts';
import { describeError, type SyncError } from '../sync/errors.ts';

/** Listed in the help text, for scripts. */
export const exitCodes = {
  fine: 0,
  /** Something failed, or items have errors. */
  failed: 1,
  /** Wrong arguments, or a profile file that can't be used. */
  usage: 2,
  /** A site can't be reached, refuses the credentials, or lacks a permission. */
  connection: 3,
  /** The profile stopped itself, by the mass-change brake for example: a person has to decide. */
  stopped: 4,
} as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

export interface FailureDetails {
  /** For scripts: `profile-invalid`, or the code of a SyncError. */
  readonly code: string;
  readonly exit: Exclude<ExitCode, 0>;
  readonly remedy?: string;
  readonly file?: string;
  readonly problems?: readonly FileProblem[];
}

/** Ends the command. Its message never holds a secret. */
export class Failure extends Error {
  readonly details: FailureDetails;
  constructor(message: string, details: FailureDetails, options?: ErrorOptions) {
    super(message, options);
    this.name = 'Failure';
    this.details = details;
  }
}

/** What a service answered, as the end of the command. */
export function failureOf(error: SyncError, cause?: unknown): Failure {
  const { cause: why, remedy } = describeError(error);
  const detail = error.detail === undefined ? '' : ` ${error.detail}`;
  const exit = error.level === 'profile' ? exitCodes.stopped : exitCodes.connection;
  return new Failure(`${why}${detail}`, { code: error.code, exit, remedy }, { cause });
}

const where = ({ line, column, path }: FileProblem, file: string | undefined): string => {
  const place = line === undefined ? (file ?? '') : `${file ?? 'line '}${file ? ':' : ''}${line}:${column ?? 1}`;
  return [place, path].filter((part) => part !== '').join('  ');
};

/** `profile.yml:12:5  fields.2.azure` and, beneath it, what is wrong and what would be right. */
export const problemLines = (problem: FileProblem, file?: string): readonly string[] => {
  const head = where(problem, file);
  const text = `${problem.level}: ${problem.problem} ${problem.remedy}`.trim();
  return head === '' ? [text] : [head, `  ${text}`];
};
