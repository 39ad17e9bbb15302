// The initial sync of `tandem sync`: what its options ask for, and how it begins or goes on.

import { InvalidArgumentError } from 'commander';
import { everythingUnpaired, isUnderWay, sameOptions, stopInitialSync } from '../reconcile/initial-sync.ts';
import type { InitialSyncOptions, Scope } from '../reconcile/ports.ts';
import { beginInitialSync, continueInitialSync } from '../routes/profile-lifecycle.ts';
import type { Service } from '../service.ts';
import { isDay } from '../sync/date-range.ts';
import { type LinkFields, linkFieldProblems } from '../sync/link-fields.ts';
import type { Schemas } from '../sync/profile-problems.ts';
import { exitCodes, Failure } from './failure.ts';
import type { ProfileFile } from './profile-file.ts';

export interface InitialRunOptions {
  readonly all?: boolean;
  readonly from?: string;
  readonly to?: string;
  readonly linkBy?: LinkFields;
}

export function day(text: string): string {
  if (!isDay(text)) throw new InvalidArgumentError('A day is needed, as in 2026-03-31.');
  return text;
}

/** `customfield_10050=Custom.LegacyId` */
export function linkFields(text: string): LinkFields {
  const [jira = '', azure = '', ...more] = text.split('=').map((part) => part.trim());
  if (jira === '' || azure === '' || more.length > 0) {
    throw new InvalidArgumentError('Two fields are needed, as in customfield_10050=Custom.LegacyId.');
  }
  return { jira, azure };
}

/** Null when nothing special is asked for. Throws Failure for days in the wrong order. */
export function askedRun({ all = false, from, to, linkBy }: InitialRunOptions): InitialSyncOptions | null {
  if (from !== undefined && to !== undefined && from > to) {
    throw new Failure(`--from ${from} is after --to ${to}.`, {
      code: 'usage',
      exit: exitCodes.usage,
      remedy: 'Give the first day to --from and the last one to --to.',
    });
  }
  if (!all && from === undefined && to === undefined && linkBy === undefined) return null;
  return {
    mode: all ? 're-sync' : 'unpaired',
    linkBy: linkBy ?? null,
    range: from === undefined && to === undefined ? null : { from: from ?? null, to: to ?? null },
  };
}

/** Throws Failure that names the fields which can't be linked by. */
export function requireLinkFields(
  { settings }: Pick<ProfileFile, 'settings'>,
  catalogs: Schemas,
  linkBy: LinkFields | undefined,
): void {
  const [first] = linkBy === undefined ? [] : linkFieldProblems(linkBy, settings, catalogs);
  if (!first) return;
  throw new Failure(`--link-by: ${first.problem}`, {
    code: 'unknown-field',
    exit: exitCodes.usage,
    remedy: first.remedy,
  });
}

/**
 * Begins what is asked for, or goes on with what is under way; one that was asked for otherwise gives way. False when nothing is
 * asked for and an initial sync is through.
 */
export async function beginRun(
  service: Service,
  scope: Scope,
  profileId: string,
  asked: InitialSyncOptions | null,
): Promise<boolean> {
  const present = await service.state.getInitialSync(scope, profileId);
  if (asked === null && present?.status === 'done') return false;
  if (present && isUnderWay(present)) {
    if (asked !== null && !sameOptions(present.options, asked)) await stopInitialSync(service.deps, scope, profileId);
    else await continueInitialSync(service, scope, profileId);
  }
  await beginInitialSync(service, scope, profileId, asked ?? everythingUnpaired);
  return true;
}
